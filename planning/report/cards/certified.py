"""What the certificate of a plan's bound proves, in words."""

from planning.plan.summary import Certified
from planning.report.formats import money, percent
from planning.report.i18n import say


def certified_words(certified: Certified | None, solver_gap: float, lang: str) -> list[str]:
    """The gap that the certificate proves and the solver's own, a sentence each; why there is no certificate. Nothing for a mere comparison."""
    if certified is None:
        return []
    if certified.bound_cny is None or certified.gap is None:
        return [say(f"certified.absent.{certified.absent}", lang)]
    gap = percent(certified.gap, lang, 3)
    return [say("certified.proven", lang, bound=money(certified.bound_cny, lang), gap=gap), say("certified.solver", lang, gap=percent(solver_gap, lang, 3))]
