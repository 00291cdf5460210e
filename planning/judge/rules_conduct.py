"""Rules of law and conduct on events, L1 and L2. Whom officials' gifts, risk level and consent keep out is not eligible at all."""

from collections.abc import Iterator

from planning.judge.answer import Answer
from planning.judge.checks import Line, none_of
from planning.judge.conduct import GIFT_CAP, NO_REWARD
from planning.judge.facts import Facts


def no_reward_for_deposits(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(L1)  e gives nothing for a deposit and no cash back      for every slot (e,h,m) with sessions or guests"""
    yield from _none_held(facts, answer, NO_REWARD)


def gift_within_cap_per_guest(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(L2)  gift[e] ≤ gift_cny_guest      for every slot (e,h,m) with sessions or guests"""
    yield from _none_held(facts, answer, GIFT_CAP)


def _none_held(facts: Facts, answer: Answer, rule: str) -> Iterator[Line]:
    held = (slot for slot in answer.slots if answer.sessions.get(slot) or answer.guests.get(slot))
    yield from none_of("sessions", ((facts.events[code].level, host, code, str(month)) for code, host, month in held if rule in facts.events[code].forbidden))
