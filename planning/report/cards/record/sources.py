"""What the record is of: the published plan, its check sum and run, the programs, and how to have the page again."""

from markupsafe import Markup

from planning.plan.record import ModelRecord
from planning.report.cards.footer import provenance
from planning.report.cards.record.words import clock
from planning.report.formats import day, number
from planning.report.html import render
from planning.report.i18n import say


def sources(record: ModelRecord, lang: str) -> Markup:
    """Where the record's figures come from: the end of the page."""
    return render("footer.j2", lang, facts=_facts(record, lang), folds=[])


def _facts(record: ModelRecord, lang: str) -> list[tuple[str, str]]:
    summary, plan = record.summary, record.summary.plan
    data = say("page.footer.data_words", lang, date=day(plan.policy["data_date"], lang), hash=plan.data_hash[:12], clients=number(summary.clients, lang))
    ran = say("record.sources.no_run", lang) if record.run is None else say("record.sources.run_words", lang, when=clock(str(record.run["finished"]), lang))
    facts = [
        (say("branches.sources.plan", lang), say("branches.sources.plan_words", lang, plan=plan.id, hash=record.plan_hash[:12])),
        (say("record.sources.run", lang), ran),
        (say("page.footer.data", lang), data),
        (say("page.footer.verified", lang), say("record.sources.counted", lang)),
        (say("record.sources.unsolved", lang), say("record.sources.unsolved_words", lang)),
    ]
    facts += [(say(f"page.footer.{name}", lang), words) for name, words in provenance(summary, lang)]
    return [*facts, (say("page.footer.again", lang), say("record.sources.again_words", lang, plan=plan.id))]
