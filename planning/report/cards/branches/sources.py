"""Where a branch's numbers come from: the one solved plan, its data, and the second judge's verdict."""

from planning.plan.branch import Branches
from planning.report.cards.card import Card
from planning.report.cards.footer import origin_rows, provenance
from planning.report.cards.wording import setting
from planning.report.formats import day, number
from planning.report.html import render
from planning.report.i18n import say


def sources(found: Branches, lang: str = "zh") -> Card:
    """The plan the page is taken from, and how to have it again."""
    return Card("footer", _html(found, "zh"), _html(found, "en"), lang)


def _html(found: Branches, lang: str) -> str:
    tables = origin_rows(found.origins, lang)
    return render("footer.j2", lang, facts=facts(found, lang), folds=[(say("page.footer.tables_summary", lang, n=len(tables.rows)), tables)])


def facts(found: Branches, lang: str) -> list[tuple[str, str]]:
    """Name and words of each fact about the plan."""
    plan, value = found.plan, found.plan.policy["value"]
    told = {"n": value["horizon_years"], "kept": setting(value["effect_kept"], "share", lang), "discount": setting(value["discount"], "share", lang)}
    lines = [
        ("plan", say("branches.sources.plan_words", lang, plan=plan.id, hash=found.plan_hash[:12])),
        ("data", say("branches.sources.data_words", lang, date=day(plan.policy["data_date"], lang), hash=plan.data_hash[:12])),
        ("verified", say("page.footer.verified_words", lang, places=number(found.places, lang))),
        ("method", say("page.footer.method_words", lang, **told)),
        ("shares", say("branches.sources.shares_words", lang)),
        *provenance(found, lang),
        ("again", say("branches.sources.again_words", lang, plan=plan.id)),
    ]
    own = ("plan", "shares")
    return [(say(f"branches.sources.{name}" if name in own else f"page.footer.{name}", lang), words) for name, words in lines]
