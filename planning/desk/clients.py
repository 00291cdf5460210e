"""The client book at the desk, from the case to the recount."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from planning.book.alerts import read_alert_settings
from planning.book.former import Former, former_folder, read_former
from planning.desk.case import Case, Shown, hand_over, tell, worded
from planning.plan.client_book import ClientBook, recounted
from planning.plan.client_book import client_book as figures
from planning.report.cards import Card
from planning.report.cards import book as cards
from planning.report.formats import day, number
from planning.report.i18n import pick, say
from planning.run import channel, params


@dataclass(frozen=True, repr=False)
class Clients(Shown):
    """The client book in figures, and the case it answers."""

    case: Case
    figures: ClientBook

    def told(self) -> str:
        """The book in a sentence."""
        lang, tiered = self.case.lang, sum(group.clients for group in self.figures.groups if group.tier)
        counts = {"clients": number(self.figures.clients, lang), "tiered": number(tiered, lang)}
        named = {"plan": self.case.plan_id, "bank": pick(self.figures.bank_names, lang), "date": day(self.figures.data_date, lang)}
        return say("desk.clients", lang, **named, **counts)


@dataclass(frozen=True, repr=False)
class Recounted(Shown):
    """The second judge's word on a client book."""

    lang: str
    places: int

    def told(self) -> str:
        """How much was counted again, in a sentence."""
        return say("desk.recounted", self.lang, n=self.places)


def client_book(case: Case) -> Clients:
    """Every figure of the client book; compared with the former book where there is one.

    The former book is the folder the case's `before` names, else the folder `before` of the data. DataFaults and PolicyError name
    what is wrong in it or in the rules of the event pool.
    """
    with worded(case.lang):
        tell("reading", {})
        former = _former(case)
        tell("counting", {})
        return Clients(case, figures(case.book, case.policy, case.plan_id, former, read_alert_settings(case.folder)))


def glance(clients: Clients) -> Card:
    """The book in a sentence, four numbers and what needs attention."""
    return cards.headline(clients.figures, clients.case.lang)


def contribution(clients: Clients) -> Card:
    """Where contribution comes from, in parts that add up to the fen."""
    return cards.contribution(clients.figures, clients.case.lang)


def standards(clients: Clients) -> Card:
    """Three tier standards side by side, and the fifth that brings most."""
    return cards.standards(clients.figures, clients.case.lang)


def moves(clients: Clients) -> Card:
    """Who moved between tiers since the former book."""
    return cards.moves(clients.figures, clients.case.lang)


def groups(clients: Clients) -> Card:
    """Tiers and kinds with what they bring, and what sets each group apart."""
    return cards.groups(clients.figures, clients.case.lang)


def products(clients: Clients) -> Card:
    """Products held, gaps and blocks, and what clients say."""
    return cards.products(clients.figures, clients.case.lang)


def alerts(clients: Clients) -> Card:
    """Alerts of the event pool by rule, in numbers."""
    return cards.alerts(clients.figures, clients.case.lang)


def sources(clients: Clients) -> Card:
    """Where the figures come from and how complete the data are."""
    return cards.sources(clients.figures, clients.case.lang)


def recount(clients: Clients) -> Recounted:
    """Have the second judge count the groups again and hand the book over: the last cell of the notebook.

    Writes client_book.json into `save_to` where that is set. Refused names the group that differs.
    """
    case, found = clients.case, clients.figures
    with worded(case.lang):
        tell("judging", {})
        places = recounted(case.book, case.policy)
        made = {"id": case.plan_id, "data_date": found.data_date.isoformat(), "data_hash": found.data_hash, "policy": dict(found.policy)}
        files = {channel.CLIENTS: json.dumps(made, ensure_ascii=False, indent=1) + "\n"}
        hand_over(case.save_to, files, {"verdict": {"passed": True, "places": places}, "tables": dict(case.book.hashes)})
        return Recounted(case.lang, places)


def _former(case: Case) -> Former | None:
    folder = params.former_folder(case.before, Path.cwd(), case.folder) if case.before else former_folder(case.folder)
    return None if folder is None else read_former(folder, case.policy, environment=os.environ)
