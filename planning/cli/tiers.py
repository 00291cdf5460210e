"""The command tiers: the three standards side by side, migration, and proposed thresholds."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console

from planning.book.buffer import record
from planning.book.intake import read_book
from planning.book.migration import Migration, since_last
from planning.book.names import region_names, tier_names
from planning.book.proposals import Proposal, propose, proposed_rows, wanted_shares
from planning.book.segments import classify
from planning.book.three_ways import ThreeWays, three_ways
from planning.book.tiers import NO_TIER, in_force, rank_order
from planning.cli.app import Cells, Data, Languages, app, languages, tell
from planning.errors import Fault, PolicyError
from planning.policy import read
from planning.report.formats import NONE, number, percent
from planning.report.i18n import pick, say
from planning.run import params

Named = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Words:
    """What tiers and regions are called, in one language."""

    lang: str
    tiers: Named
    regions: Named

    def tier(self, code: str) -> str:
        return say("cli.tiers.no_tier", self.lang) if code == NO_TIER else pick(self.tiers.get(code, (code, code)), self.lang)

    def region(self, code: str) -> str:
        return pick(self.regions[code], self.lang)

    def standard(self, code: str) -> str:
        return say(f"cli.tiers.standard.{code}", self.lang)


@app.command(name="tiers")
def show_tiers(
    data: Data = None,
    proposal: Annotated[bool, typer.Option("--propose", help="建议各区域的门槛 · propose thresholds for every region")] = False,
    share: Annotated[str, typer.Option("--share", help="目标占比，如 gold=0.5,private=0.02 · shares of clients to reach a tier or a higher one")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="写出建议的 tiers 表（CSV） · write the proposal as rows of tiers")] = None,
    keep: Annotated[
        Path | None, typer.Option("--record", help="写出每位客户的层级记录，供下期使用（CSV） · write each client's tier for the next book")
    ] = None,
    lang: Languages = "zh",
) -> None:
    """客户分层 · Three tier standards side by side, migration, and thresholds to propose."""
    first = languages(lang)[0]
    folder = params.data_folder(data or "sample", Path.cwd())
    rules = read(folder / "policy.toml")
    for option, given in (("--share", share), ("--out", out)):
        if given and not proposal:
            raise PolicyError(Fault("option_needs_propose", values={"option": option}))
    book = read_book(folder, rules, os.environ)
    standing = in_force(book.tables["tiers"], rules.data_date)
    words = Words(first, tier_names(standing), region_names(book.tables["branches"].sort_values("branch")))
    console = Console()
    if proposal:
        wanted = wanted_shares(book, rules) | shares_asked(share, rank_order(standing))
        proposals = propose(book, rules, falling(wanted, rank_order(standing)))
        console.print(_proposed(proposals, words))
        if out is not None:
            _write(out, proposed_rows(proposals, book, rules), first)
    else:
        ways = three_ways(book, rules)
        classified = classify(book, rules)
        _show(console, ways, since_last(classified, ways.order), words)
    if keep is not None:
        _write(keep, record(classify(book, rules), rules.data_date), first)


def shares_asked(text: str, known: Sequence[str]) -> dict[str, float]:
    """The shares after --share. PolicyError for a tier that is not in force, or a share that is none."""
    asked: dict[str, float] = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        tier, _, value = (piece.strip() for piece in part.partition("="))
        try:
            asked[tier] = float(value)
        except ValueError as error:
            raise PolicyError(Fault("tier_share_malformed", values={"value": part})) from error
        if not 0 <= asked[tier] <= 1:
            raise PolicyError(Fault("tier_share_malformed", values={"value": part}))
        if tier not in known:
            raise PolicyError(Fault("tier_share_unknown", values={"tier": tier, "known": ", ".join(known)}))
    return asked


def falling(shares: Mapping[str, float], order: Sequence[str]) -> dict[str, float]:
    """The shares by rank. PolicyError where a higher tier is to have more clients than a lower one."""
    ranked = [tier for tier in order if tier in shares]
    for lower, higher in pairwise(ranked):
        if shares[higher] > shares[lower]:
            raise PolicyError(Fault("shares_not_falling", "policy", "--share", values={"lower": lower, "higher": higher}))
    return {tier: shares[tier] for tier in ranked}


def _show(console: Console, ways: ThreeWays, moves: Migration | None, words: Words) -> None:
    lang = words.lang
    console.print(_three(ways, words))
    console.print(_spread(ways, words))
    if not ways.standing("national").available:
        tell("cli.tiers.no_national", lang)
    for one in ways.comparisons:
        (up, up_money), (down, down_money) = one.higher, one.lower
        figures = {"up": up, "up_money": up_money, "down": down, "down_money": down_money, "difference": one.difference_cny}
        told = {name: number(figure, lang) for name, figure in figures.items()}
        tell("cli.tiers.moved", lang, standard=words.standard(one.standard), other=words.standard(one.other), **told)
    pool, gini = ways.concentration.pool, ways.concentration.gini
    if pool.share_of_contribution is not None and gini is not None:
        told = {"share": percent(pool.share_of_clients, lang, 0), "part": percent(pool.share_of_contribution, lang), "gini": number(gini, lang, 2)}
        tell("cli.tiers.pool", lang, clients=number(pool.clients, lang), **told)
    if ways.in_buffer[0]:
        tell("cli.tiers.in_buffer", lang, n=ways.in_buffer[0], money=number(ways.in_buffer[1], lang))
    if moves is None:
        tell("cli.tiers.no_record", lang)
        return
    console.print(_migration(moves, words))
    flows = {"up": moves.upgraded, "down": moves.downgraded, "stay": moves.stayed}
    told = {name: number(flow.clients, lang) for name, flow in flows.items()}
    money = {f"{name}_money": number(flows[name].contribution_now_cny, lang) for name in ("up", "down")}
    tell("cli.tiers.migrated", lang, **told, **money)


def _three(ways: ThreeWays, words: Words) -> Cells:
    table = Cells(title=say("cli.tiers.three_title", words.lang))
    table.add_column(say("cli.tiers.tier", words.lang))
    for standing in ways.standings:
        table.add_column(say("cli.tiers.clients_by", words.lang, standard=words.standard(standing.standard)), justify="right")
        table.add_column(say("cli.tiers.contribution_by", words.lang), justify="right")
    for tier in (*reversed(ways.order), NO_TIER):
        cells = []
        for standing in ways.standings:
            own = [one for one in standing.counts if one.tier == tier]
            figures = (sum(one.clients for one in own), sum(one.contribution_cny for one in own))
            cells += [number(figure, words.lang) if standing.available else NONE for figure in figures]
        table.add_row(words.tier(tier), *cells)
    return table


def _spread(ways: ThreeWays, words: Words) -> Cells:
    table = Cells(title=say("cli.tiers.shares_title", words.lang))
    table.add_column(say("cli.tiers.region", words.lang))
    for standing in ways.standings:
        table.add_column(words.standard(standing.standard), justify="right")
    for place, region in enumerate(ways.regions):
        last = place == len(ways.regions) - 1
        shares = [standing.regions[place].share() if standing.available else None for standing in ways.standings]
        table.add_row(words.region(region), *(NONE if one is None else percent(one, words.lang) for one in shares), end_section=last)
    for rank in reversed(range(len(ways.order))):
        ends = [" – ".join(percent(one, words.lang) for one in standing.spread(rank)) if standing.available else NONE for standing in ways.standings]
        table.add_row(say("cli.tiers.spread", words.lang, tier=words.tier(ways.order[rank])), *ends)
    return table


def _migration(moves: Migration, words: Words) -> Cells:
    table = Cells(title=say("cli.tiers.migration_title", words.lang))
    table.add_column(say("cli.tiers.before", words.lang))
    known = moves.order[:-1]
    for now in reversed(known):
        table.add_column(words.tier(now), justify="right")
    for before in reversed(known):
        table.add_row(words.tier(before), *(number(moves.cell(before, now).clients, words.lang) for now in reversed(known)))
    return table


def _proposed(proposals: Sequence[Proposal], words: Words) -> Cells:
    table = Cells(title=say("cli.tiers.proposed_title", words.lang))
    for name in ("region", "tier", "now", "share_now", "wanted", "proposed", "share_then"):
        table.add_column(say(f"cli.tiers.{name}", words.lang), justify="left" if name in ("region", "tier") else "right")
    for one in proposals:
        amounts = [NONE if amount is None else number(amount, words.lang) for amount in (one.now_cny, one.least_cny)]
        now, wanted, then = (percent(share, words.lang) for share in (one.share_now, one.wanted, one.share_then))
        table.add_row(words.region(one.region), words.tier(one.tier), amounts[0], now, wanted, amounts[1], then)
    return table


def _write(file: Path, rows: pd.DataFrame, lang: str) -> None:
    """DataFaults for a file that is there, or would stand beside a published plan: these rows name clients."""
    from planning.run.exporting import write_new

    write_new({file: rows.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")})
    tell("cli.tiers.written", lang, file=str(file), n=len(rows))
