"""The template of a plan made by hand: its sheets in one language, empty or filled from a plan, with every valid code beside them."""

from collections.abc import Iterator, Sequence

from planning.book.book import Book
from planning.book.contracts import PLAN_TABLES, Contract
from planning.book.parts import WHOLE
from planning.book.rows import rows
from planning.catalogue.offer import Offer
from planning.plan.lines import CENTRE_NAMES
from planning.plan.plan import Plan
from planning.policy.sections import Frozen
from planning.report.cards.wording import part
from planning.report.i18n import pick, say
from planning.report.sheet import Cell, Sheet

GUIDE = "guide"
HOW = ("sessions", "attendances", "ladder", "locked", "codes", "score")


def template(book: Book, offer: Offer, plan: Plan | None, lang: str) -> tuple[Sheet, ...]:
    """Sheets for sessions, attendances and ladder, and a guide. Without a plan the ladder lists every cell at level 0."""
    parts = sorted({*(segment.part for segment in offer.segments), *(row.part for row in (plan.attendances if plan else ()))} - {WHOLE})
    frozen = Frozen.model_validate(plan.policy.get("frozen", {})) if plan else Frozen()
    filled: dict[str, list[tuple[Cell, ...]]] = {
        "sessions": _sessions(plan, frozen, lang),
        "attendances": [(r.branch, r.tier, r.kind, r.host, r.event, r.month, round(r.attendances), r.part) for r in plan.attendances] if plan else [],
        "ladder": _ladder(offer, plan, frozen, lang),
    }
    left_out = frozenset() if parts else frozenset({"part"})
    sheets = (_sheet(contract, filled[name], lang, left_out) for name, contract in PLAN_TABLES.items())
    return (*sheets, _guide((book, offer), parts, lang))


def _sheet(contract: Contract, filled: Sequence[tuple[Cell, ...]], lang: str, left_out: frozenset[str]) -> Sheet:
    places = [place for place, column in enumerate(contract.columns) if column.name not in left_out]
    columns = [contract.columns[place] for place in places]
    texts = tuple(place for place, column in enumerate(columns) if column.type == "text")
    rows_ = tuple(tuple(row[place] for place in places) for row in filled)
    return Sheet(contract.name, tuple(pick((column.zh, column.en), lang) for column in columns), rows_, texts)


def _sessions(plan: Plan | None, frozen: Frozen, lang: str) -> list[tuple[Cell, ...]]:
    locked = {(line.host, line.event, line.month) for line in frozen.sessions}
    rows_ = plan.sessions if plan else ()
    return [(row.host, row.event, row.month, row.sessions, _yes((row.host, row.event, row.month) in locked, lang)) for row in rows_]


def _ladder(offer: Offer, plan: Plan | None, frozen: Frozen, lang: str) -> list[tuple[Cell, ...]]:
    locked = {(line.region, line.tier, line.kind, line.concession) for line in frozen.ladder}
    if plan:
        levels = {(row.region, row.tier, row.kind, row.concession): row.level for row in plan.ladder}
    else:
        levels = {(*cell.key, concession): 0 for cell in offer.cells for concession in cell.steps}
    return [(*where, level, _yes(where in locked, lang)) for where, level in sorted(levels.items())]


def _yes(locked: bool, lang: str) -> str:
    return say("terms.yes" if locked else "terms.no", lang)


def _guide(bank: tuple[Book, Offer], parts: Sequence[str], lang: str) -> Sheet:
    how: list[tuple[Cell, ...]] = [(say(f"cli.guide.{name}", lang),) for name in HOW]
    named_parts = ((say("cli.guide.part", lang), code, part(code, lang), "") for code in parts)
    heads = tuple(say(f"cli.guide.column_{name}", lang) for name in ("kind", "code", "name", "note"))
    return Sheet(GUIDE, (say("cli.guide.title", lang),), (*how, ("",), heads, *_codes(*bank, lang), *named_parts))


def _codes(book: Book, offer: Offer, lang: str) -> Iterator[tuple[Cell, ...]]:
    """(what, code, name, note) of every code a plan may name."""
    hosts = (("region", offer.region_names), ("branch", offer.branch_names), ("centre", {"centre": CENTRE_NAMES}))
    for level, names in hosts:
        yield from ((say(f"cli.guide.{level}", lang), code, pick(pair, lang), "") for code, pair in names.items())
    for event in offer.events:
        note = say(
            "cli.guide.event_note", lang, level=say(f"cli.guide.{event.host_level}", lang), months=_listed(event.own_months),
            least=str(event.min_guests), most=str(event.max_guests), sessions=str(event.max_sessions),
        )  # fmt: skip
        yield say("cli.guide.event", lang), event.event, pick(event.names, lang), note
    for tier in offer.tiers:
        yield say("cli.guide.tier", lang), tier, pick(offer.tier_names[tier], lang), ""
    for kind in sorted({cell.kind for cell in offer.cells}):
        yield say("cli.guide.client_kind", lang), kind, say(f"terms.named_code.{kind}", lang), ""
    for concession, levels in _levels(book).items():
        yield say("cli.guide.concession", lang), concession, say(f"terms.concession.{concession}", lang), say("cli.guide.levels", lang, levels=levels)


def _levels(book: Book) -> dict[str, str]:
    depths: dict[str, list[str]] = {}
    for row in rows(book.tables["concessions"].sort_values(["concession", "level"])):
        depths.setdefault(row.concession, []).append(f"{int(row.level)} = {row.depth:g}")
    return {concession: ", ".join(own) for concession, own in depths.items()}


def _listed(months: Sequence[int]) -> str:
    return ", ".join(str(month) for month in months)
