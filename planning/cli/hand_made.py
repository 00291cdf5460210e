"""The command score: what a plan made by hand is worth."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from planning.book.contracts import PLAN_TABLES
from planning.cli.app import Against, Cells, Data, Languages, app, echo, languages
from planning.errors import Fault, Infeasible
from planning.plan.plan import Totals
from planning.plan.score import Scored
from planning.report.cards.wording import place
from planning.report.formats import NONE, number, percent
from planning.report.i18n import say, sentence
from planning.run import params
from planning.run.told import amount_words, rule_words, sentences

SHOWN = 30  # rules broken that are listed


@app.command(name="score")
def judge_by_hand(
    file: Annotated[Path, typer.Argument(help="手工计划：.xlsx、.csv、目录或 plan.json · the plan: .xlsx, .csv, folder or plan.json")],
    data: Data = None,
    plan: Against = None,
    lang: Languages = "zh",
) -> None:
    """给计划打分 · Score any plan on the optimum's yardstick."""
    from planning.run.scoring import score_file

    first = languages(lang)[0]
    folder = params.data_folder(data or "sample", Path.cwd())
    scored, hand = score_file(file, folder, plan)
    for note in hand.notes:
        echo(sentence(note, first))
    console = Console()
    console.print(_figures(scored, first))
    if scored.breaches:
        console.print(_broken(scored, first))
    for line in _sentences(scored, first):
        echo(line)


def _figures(scored: Scored, lang: str) -> Cells:
    """Value, costs and contribution added, beside the best plan's."""
    table = Cells()
    for name in ("figure", "this_plan", *(("best_plan", "difference") if scored.best else ())):
        table.add_column(say(f"cli.score.{name}", lang), justify="left" if name == "figure" else "right")
    own, best = _told(scored.totals), _told(scored.best.totals) if scored.best else {}
    for name, amount in own.items():
        beside = [number(best[name], lang), number(amount - best[name], lang)] if best else []
        table.add_row(say(f"cli.score.{name}", lang), number(amount, lang), *beside)
    return table


def _told(totals: Totals) -> dict[str, float]:
    return {
        "value": totals.value_cny,
        "event_cost": totals.event_cny,
        "concession_cost": totals.concession_cny,
        "added": totals.uplift_cny + totals.gain_cny,
    }


def _broken(scored: Scored, lang: str) -> Cells:
    table = Cells(show_lines=False)
    for name in ("rule", "where", "amount"):
        table.add_column(say(f"cli.score.{name}", lang), overflow="fold")
    for one in scored.breaches[:SHOWN]:
        table_of = next(iter(one.where), "")
        where = one.where[2:] if table_of == "sessions" else one.where[1:] if table_of in PLAN_TABLES else one.where
        amount = NONE if one.unit == "rows" else amount_words(one.amount, one.unit, lang)
        table.add_row(rule_words(one.rule, one.number, lang), place(where, scored.names, lang), amount)
    return table


def _sentences(scored: Scored, lang: str) -> list[str]:
    counts = {"sessions": scored.sessions, "guests": scored.guests, "granted": scored.granted}
    lines = [say("cli.score.counted", lang, **{name: number(count, lang) for name, count in counts.items()})]
    if scored.seating in ("best", "filled"):
        lines.append(say(f"cli.score.seated_{scored.seating}", lang))
    if scored.levels_assumed:
        lines.append(say("cli.score.levels_assumed", lang, n=scored.levels_assumed))
    if len(scored.breaches) > SHOWN:
        lines.append(sentence(Fault("and_more", count=len(scored.breaches) - SHOWN), lang))
    lines.append(say("cli.score.breaks" if scored.breaches else "cli.score.keeps", lang, n=len(scored.breaches) or scored.places))
    return [*lines, *_distance(scored, lang)]


def _distance(scored: Scored, lang: str) -> list[str]:
    best, behind, most = scored.best, scored.behind_cny, scored.at_most_behind_cny
    if best is None or behind is None or most is None:
        return [say("cli.score.no_best", lang), *sentences(Infeasible(scored.why), lang)]
    lines = [say(f"cli.score.source_{best.source}", lang)]
    share = percent(abs(behind) / max(abs(best.totals.value_cny), 1.0), lang, 2)
    if abs(behind) < 0.5:
        lines.append(say("cli.score.equal", lang))
    elif behind > 0:
        lines.append(say("cli.score.behind", lang, amount=number(behind, lang), share=share))
    else:
        lines.append(say("cli.score.ahead_broken" if scored.breaches else "cli.score.ahead", lang, amount=number(-behind, lang), share=share))
    if most >= 0:
        lines.append(say("cli.score.at_most", lang, bound=number(best.bound_cny, lang), amount=number(most, lang)))
    return lines
