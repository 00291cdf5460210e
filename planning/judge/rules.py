"""The roll of all rules the second judge goes through, in the order they are told."""

from collections.abc import Callable, Iterator

from planning.judge.answer import Answer
from planning.judge.checks import Line
from planning.judge.facts import Facts
from planning.judge.rules_budgets import (
    branch_cap,
    branch_floor,
    partner_within_cap,
    spend_phased,
    tier_cap,
    tier_floor,
    within_concession_budget,
    within_event_budget,
)
from planning.judge.rules_concessions import concession_bearable, ladder_rises_with_tier, one_level
from planning.judge.rules_conduct import gift_within_cap_per_guest, no_reward_for_deposits
from planning.judge.rules_contact import visits_kept
from planning.judge.rules_events import (
    club_every_month,
    enough_guests,
    gifts_within_cap,
    guests_fit_the_room,
    must_hold,
    not_too_often,
    once_is_enough,
    sessions_within_the_year,
)  # fmt: skip
from planning.judge.rules_frozen import frozen
from planning.judge.rules_plan import (
    no_row_twice,
    only_eligible_clients,
    only_offered_levels,
    only_open_months,
    policy_is_the_plans,
    rows_are_known,
    segments_say_who_counts,
    solve_is_told_truly,
    steps_say_what_they_cost,
    totals_add_up,
    whole_numbers,
)  # fmt: skip

UNNUMBERED = ""  # rules of good form have no number in the model

Rule = Callable[[Facts, Answer], Iterator[Line]]

RULES: tuple[tuple[str, Rule], ...] = (
    ("E1", guests_fit_the_room),
    ("E2", enough_guests),
    ("E3", once_is_enough),
    ("E4", not_too_often),
    ("E5", sessions_within_the_year),
    ("E6", club_every_month),
    ("E7", must_hold),
    ("E8", gifts_within_cap),
    ("K1", one_level),
    ("K2", ladder_rises_with_tier),
    ("K3", concession_bearable),
    ("B1", within_event_budget),
    ("B2", within_concession_budget),
    ("B3", spend_phased),
    ("B4", tier_floor),
    ("B4", tier_cap),
    ("B5", branch_floor),
    ("B6", branch_cap),
    ("B7", partner_within_cap),
    ("N1", visits_kept),
    ("R1", frozen),
    ("L1", no_reward_for_deposits),
    ("L2", gift_within_cap_per_guest),
    (UNNUMBERED, rows_are_known),
    (UNNUMBERED, whole_numbers),
    (UNNUMBERED, no_row_twice),
    (UNNUMBERED, only_eligible_clients),
    (UNNUMBERED, only_open_months),
    (UNNUMBERED, only_offered_levels),
    (UNNUMBERED, steps_say_what_they_cost),
    (UNNUMBERED, segments_say_who_counts),
    (UNNUMBERED, totals_add_up),
    (UNNUMBERED, solve_is_told_truly),
    (UNNUMBERED, policy_is_the_plans),
)
