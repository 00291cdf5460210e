"""How the plan was checked: the second judge, the certificate, another solver, simple rules, and the files themselves."""

from planning.plan.record import ModelRecord, Run
from planning.plan.summary import BaselineLine
from planning.report.cards.card import Card
from planning.report.cards.certified import certified_words
from planning.report.cards.record.words import both, clock, sentences
from planning.report.cards.section import Block, section, table
from planning.report.formats import NONE, money, number, percent, scale
from planning.report.html import Table
from planning.report.i18n import listing, say

LEAST_CNY = 1.0  # two solvers' values that differ by less are the same


def validation(record: ModelRecord, lang: str = "zh") -> Card:
    """The second judge's verdict, the certificate, and the benchmarks."""
    return both("validation", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    blocks: list[Block] = [Block("list", tuple(_verdict(record, lang)), say("record.validation.verdict", lang)), table(_simple(record, lang))]
    if record.second:
        blocks.append(table(_solvers(record, lang)))
    else:
        blocks.append(Block("words", words=say("record.validation.no_second", lang)))
    blocks.append(Block("list", tuple(say(f"record.validation.{code}", lang) for code in ("program", "not_here")), say("record.validation.testing", lang)))
    finding = say("record.validation.finding", lang, places=number(record.summary.verified_rules, lang), second=_second(record, lang))
    return section("validation", lang, finding, say("record.validation.lead", lang), blocks)


def _second(record: ModelRecord, lang: str) -> str:
    return say("record.validation.with_second" if record.second else "record.validation.without_second", lang)


def _verdict(record: ModelRecord, lang: str) -> list[str]:
    summary = record.summary
    told = [say("page.footer.verified_words", lang, places=number(summary.verified_rules, lang)), say("record.validation.judge", lang)]
    if summary.certified is not None:
        told.append(sentences(certified_words(summary.certified, summary.plan.solve.gap, lang), lang))
    state = "no_run" if record.unchanged is None else "unchanged" if record.unchanged else "altered"
    return [*told, say(f"record.validation.{state}", lang)]


def _simple(record: ModelRecord, lang: str) -> Table:
    lines = record.summary.baselines
    unit = scale([amount for one in lines for amount in (one.value_cny, one.event_cny + one.concession_cny)], lang)
    heads = [say(f"record.simple.{name}", lang) for name in ("plan", "value", "apart", "spend", "broken")]
    own = next(one for one in lines if one.code == "this_plan")
    rows = [
        [
            say(f"terms.baseline_head.{one.code}", lang),
            unit.number(one.value_cny, lang),
            NONE if one is own else unit.number(unit.difference(own.value_cny, one.value_cny)[2], lang),
            unit.number(one.event_cny + one.concession_cny, lang),
            _broken(one, lang),
        ]
        for one in lines
    ]
    return Table(say("record.simple.caption", lang), say("record.simple.note", lang, unit=unit.name(lang)), heads, rows, left=frozenset({0, 4}), wide=True)


def _broken(one: BaselineLine, lang: str) -> str:
    return listing([say(f"rules.{code}", lang) for code, _ in one.broken], lang) if one.broken else say("record.simple.none", lang)


def _solvers(record: ModelRecord, lang: str) -> Table:
    """This plan's solve beside what other solvers found for the same data and policy."""
    solve = record.summary.plan.solve
    heads = [say(f"record.second.{name}", lang) for name in ("solver", "value", "bound", "gap", "run", "result")]
    rows = [[solve.solver, money(solve.objective, lang), money(solve.bound, lang), percent(solve.gap, lang, 3), NONE, NONE]]
    rows += [_solver(record, run, lang) for run in record.second]
    return Table(say("record.second.caption", lang), say("record.second.note", lang), heads, rows, left=frozenset({0, 4, 5}))


def _solver(record: ModelRecord, run: Run, lang: str) -> list[str]:
    own, other = record.summary.plan.solve, run.solve
    agrees = own.objective <= float(other["bound"]) + LEAST_CNY and float(other["objective"]) <= own.bound + LEAST_CNY
    return [
        str(other["solver"]),
        money(float(other["objective"]), lang),
        money(float(other["bound"]), lang),
        percent(float(other["gap"]), lang, 3),
        say("record.second.ran", lang, number=number(run.number, lang), when=clock(run.finished, lang)),
        say(f"record.second.{'agrees' if agrees else 'differs'}", lang),
    ]
