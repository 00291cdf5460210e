"""The model itself: its letters, what it makes as large as it can, every rule as the optimiser and as the second judge state it, solver and tie rule."""

from planning.plan.record import Formula, ModelRecord
from planning.report.cards.card import Card
from planning.report.cards.record.words import both, formula
from planning.report.cards.section import Block, folded, section, table
from planning.report.formats import NONE, number, percent
from planning.report.html import Table, described
from planning.report.i18n import say, words


def model(record: ModelRecord, lang: str = "zh") -> Card:
    """Letters, objective, rules, solver and ties."""
    return both("model", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    limits = [one for one in record.formulas if one.number and one.judged]
    form = [one for one in record.formulas if not one.number and one.judged]
    helping = [one for one in record.formulas if not one.judged]
    blocks = [
        table(_letters(record, lang)),
        table(_worth(record, lang)),
        table(_rules(record, limits, lang)),
        folded(say("record.rules.helping", lang, n=len(helping)), _helping(helping, lang)),
        folded(say("record.rules.form", lang, n=len(form)), _form(record, form, lang)),
        Block("list", tuple(_solving(record, lang)), say("record.solving.title", lang)),
    ]
    finding = say("record.model.finding", lang, n=len(limits), form=number(len(form), lang))
    return section("model", lang, finding, say("record.model.lead", lang), blocks)


def _letters(record: ModelRecord, lang: str) -> Table:
    heads = [say(f"record.letters.{name}", lang) for name in ("symbol", "meaning", "code")]
    rows = [[one.symbol, say(f"record.letter.{_key(one.symbol)}", lang), one.variable] for one in record.letters]
    return Table(say("record.letters.caption", lang), say("record.letters.note", lang), heads, rows, left=frozenset({0, 1, 2}), wide=True)


def _key(symbol: str) -> str:
    """A symbol as its words are kept: by its first letter."""
    return {"η": "eta"}.get(symbol[0], symbol[0])


def _worth(record: ModelRecord, lang: str) -> Table:
    heads = [say(f"record.worth.{name}", lang) for name in ("part", "formula")]
    rows = [[say(f"record.worth_of.{code}", lang), formula(text)] for code, text in record.worth]
    return Table(
        say("record.worth.caption", lang),
        say(f"record.worth.{record.summary.plan.policy['value']['objective']}", lang),
        heads,
        rows,
        left=frozenset({0, 1}),
        wide=True,
    )


def _rules(record: ModelRecord, limits: list[Formula], lang: str) -> Table:
    heads = [say(f"record.rules.{name}", lang) for name in ("rule", "year", "judged", "places")]
    rows = [[_named(one, lang), _stated(one.year), _stated(one.judged), number(record.places.get(one.code, 0), lang)] for one in limits]
    return Table(say("record.rules.caption", lang), say("record.rules.note", lang), heads, rows, left=frozenset({0, 1, 2}), wide=True)


def _helping(helping: list[Formula], lang: str) -> Table:
    heads = [say(f"record.rules.{name}", lang) for name in ("rule", "year")]
    rows = [[_named(one, lang), _stated(one.year)] for one in helping]
    return Table(say("record.rules.helping_caption", lang), say("record.rules.helping_note", lang), heads, rows, left=frozenset({0, 1}), wide=True)


def _form(record: ModelRecord, form: list[Formula], lang: str) -> Table:
    heads = [say(f"record.rules.{name}", lang) for name in ("rule", "judged", "places")]
    rows = [[say(f"rules.{one.code}", lang), _stated(one.judged), number(record.places.get(one.code, 0), lang)] for one in form]
    return Table(say("record.rules.form_caption", lang), "", heads, rows, left=frozenset({0, 1}), wide=True)


def _named(one: Formula, lang: str) -> str:
    """Number and name of a rule, and what it says."""
    known = f"rules.means.{one.code}" in words()
    meaning = say(f"rules.means.{one.code}" if known else f"record.rule_means.{one.code}", lang)
    return described(f"{one.number} {say(f'rules.{one.code}', lang)}".strip(), meaning)


def _stated(text: str) -> str:
    return formula(text) if text else NONE


def _solving(record: ModelRecord, lang: str) -> list[str]:
    plan = record.summary.plan
    asked = plan.policy["solver"]
    told = {
        "solver": plan.solve.solver,
        "gap": percent(plan.solve.gap, lang, 3),
        "asked": percent(asked["gap"], lang, 3),
        "seconds": number(plan.solve.seconds, lang, 1),
    }
    limits = {"limit": number(asked["seconds"], lang), "threads": number(asked["threads"], lang), "seed": str(asked["seed"])}
    return [
        say(f"page.footer.{plan.solve.status}", lang, **told),
        say("record.solving.limits", lang, **limits),
        *(say(f"record.solving.{code}", lang) for code in ("year", "whole", "ties")),
    ]
