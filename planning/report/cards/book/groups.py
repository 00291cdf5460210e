"""The client groups: tiers and kinds with what they bring, and what sets each apart."""

from collections.abc import Sequence

from planning.book.personas import Persona, Trait
from planning.plan.client_book import ClientBook, ClientGroup
from planning.report.cards.book.words import few, groups_unseen, noted, tier
from planning.report.cards.card import Card
from planning.report.cards.section import Block, pictures, section, table
from planning.report.cards.wording import attribute, named, part, ratio
from planning.report.figures.bars import Pair, pairs
from planning.report.formats import NONE, number, percent, scale
from planning.report.html import Picture, Table
from planning.report.i18n import listing, say, words

LIKED = 3  # interests named of each group


def groups(book: ClientBook, lang: str = "zh") -> Card:
    """Tiers, kinds and personas."""
    return Card("groups", _html(book, "zh"), _html(book, "en"), lang)


def _html(book: ClientBook, lang: str) -> str:
    tiers = _tiers(book)
    blocks: list[Block] = [pictures(_picture(book, tiers, lang)), table(_table(book, lang))]
    if book.personas:
        blocks.append(table(_personas(book, lang)))
    by = [say(f"book.by.{name}", lang) for name in book.policy["segments"]["by"] if name not in ("tier", "kind")]
    refined = say("book.groups.refined", lang, by=listing(by, lang)) if by else ""
    return section("groups", lang, _finding(book, tiers, lang), say("book.groups.lead", lang, n=book.segments, refined=refined), blocks)


def _tiers(book: ClientBook) -> list[ClientGroup]:
    """Kinds added up, highest tier first, those without a tier last."""
    codes = list(dict.fromkeys(group.tier for group in book.groups))
    order = [code for code in reversed(codes) if code] + [code for code in codes if not code]
    sums = []
    for code in order:
        own = [group for group in book.groups if group.tier == code]
        sums.append(
            ClientGroup(
                code, "", *(sum(getattr(group, what) for group in own) for what in ("clients", "approachable", "contribution_cny", "assets_cny", "loans_cny"))
            )
        )
    return sums


def _finding(book: ClientBook, tiers: Sequence[ClientGroup], lang: str) -> str:
    hidden = few([one.clients for one in tiers], book.min_cell)
    named_ = [one for place, one in enumerate(tiers) if one.tier and one.clients and place not in hidden]
    whole = sum(one.contribution_cny for one in tiers)
    if not named_ or whole <= 0:
        return say("book.groups.finding_none", lang)
    return _shares("book.groups.finding", named_[0], book, whole, lang)


def _shares(key: str, one: ClientGroup, book: ClientBook, whole: float, lang: str) -> str:
    return say(
        key,
        lang,
        tier=tier(one.tier, book, lang),
        clients=percent(ratio(one.clients, book.clients), lang),
        share=percent(ratio(one.contribution_cny, whole), lang),
    )


def _picture(book: ClientBook, tiers: Sequence[ClientGroup], lang: str) -> Picture:
    whole = sum(one.contribution_cny for one in tiers)
    hidden = few([one.clients for one in tiers], book.min_cell)
    shown = [one for place, one in enumerate(tiers) if one.clients and place not in hidden]
    rows = []
    for one in shown:
        clients, brought = ratio(one.clients, book.clients), ratio(one.contribution_cny, whole)
        rows.append(Pair(tier(one.tier, book, lang), (clients, 0.0), brought, (percent(clients, lang), percent(brought, lang))))
    most = max(shown, key=lambda one: one.contribution_cny, default=tiers[0])
    legend = (say("book.groups.legend_clients", lang), "", say("book.groups.legend_contribution", lang))
    return Picture(_shares("book.groups.figure", most, book, whole, lang), say("book.groups.figure_note", lang), pairs(rows, legend))


def _table(book: ClientBook, lang: str) -> Table:
    unit = scale([amount for group in book.groups for amount in (group.assets_cny, group.contribution_cny)], lang)
    hidden = groups_unseen(book)
    reached = few([group.approachable for group in book.groups], book.min_cell) | few(
        [group.clients - group.approachable for group in book.groups], book.min_cell
    )
    heads = [say("page.column.tier", lang), say("page.column.kind", lang), say("book.kpi.clients", lang), say("book.products.reachable", lang)]
    heads += [say("book.kpi.assets", lang), say("page.column.contribution", lang), say("book.groups.head", lang)]
    rows = []
    for place, group in enumerate(book.groups):
        shown = say("terms.hidden", lang) if place in reached else number(group.approachable, lang)
        figures = [number(group.clients, lang), shown, unit.number(group.assets_cny, lang), unit.number(group.contribution_cny, lang)]
        row = [*figures, number(ratio(group.contribution_cny, group.clients), lang)]
        rows.append([tier(group.tier, book, lang), named(group.kind, lang), *([say("terms.hidden", lang)] * 5 if (group.tier, group.kind) in hidden else row)])
    note = say("book.groups.table_note", lang, unit=unit.name(lang))
    return Table(say("book.groups.table", lang), noted(note, book, lang), heads, rows, left=frozenset({0, 1}))


def _personas(book: ClientBook, lang: str) -> Table:
    apart = any(one.traits for one in book.personas)
    heads = [say(f"book.groups.{name}", lang) for name in ("group", *(["traits"] if apart else []), "interests")]
    rows = [[_group(one, book, lang), *([_traits(one.traits, lang)] if apart else []), _interests(one, lang)] for one in book.personas]
    note = say("book.groups.personas_note" if apart else "book.groups.no_traits", lang)
    return Table(say("book.groups.personas", lang), note, heads, rows, left=frozenset({0, 1, 2}), wide=True)


def _group(one: Persona, book: ClientBook, lang: str) -> str:
    codes = [tier(one.tier, book, lang), named(one.kind, lang), *([part(one.part, lang)] if one.part else [])]
    return " · ".join(codes)


def _traits(traits: Sequence[Trait], lang: str) -> str:
    if not traits:
        return say("book.groups.no_trait", lang)
    told = [
        say(
            "book.groups.trait",
            lang,
            value=attribute(one.attribute, one.value, lang),
            share=percent(one.share, lang, 0),
            book=percent(one.share_of_book, lang, 0),
        )
        for one in traits
    ]
    return say("terms.next_item", lang).join(told)


def _interests(one: Persona, lang: str) -> str:
    told = [say("book.groups.interest", lang, value=liking(like.interest, lang), share=percent(like.share, lang, 0)) for like in one.interests[:LIKED]]
    return say("terms.comma", lang).join(told) or NONE


def liking(code: str, lang: str) -> str:
    """An interest in words; one the bank made up keeps its code."""
    key = f"terms.segment.value.interest.{code}"
    return say(key, lang) if key in words() else code
