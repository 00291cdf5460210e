"""What the certificate of a plan's bound proves, in words."""

from math import ceil

from planning.plan.summary import Certified
from planning.report.formats import number, percent
from planning.report.i18n import say


def certified_words(certified: Certified, solver_gap: float, lang: str) -> list[str]:
    """The gap that the certificate proves and the solver's own, a sentence each; or why there is no certificate."""
    if certified.bound_cny is None or certified.gap is None:
        return [say(f"page.footer.unproven.{certified.absent}", lang)]
    bound = say("terms.money.yuan", lang, figure=number(ceil(certified.bound_cny), lang))
    proven = say("page.footer.proven", lang, bound=bound, gap=percent(certified.gap, lang, 3))
    return [proven, say("page.footer.searched", lang, gap=percent(solver_gap, lang, 3))]
