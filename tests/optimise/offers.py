"""Very small offers and policies for hypothesis: drawn number by number, so that what fails shrinks to what matters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from planning.book.segments import Segment
from planning.catalogue.concessions import Cell, Step
from planning.catalogue.events import EventType
from planning.catalogue.offer import Offer, Partner
from planning.policy import Policy
from tests.optimise.books import policy

TIERS, FAMILIES, KIND = ("gold", "private"), ("health", "knowledge"), "personal"
Draw = Callable[[st.SearchStrategy[Any]], Any]


def whole(least: int, most: int, unit: float = 1.0) -> st.SearchStrategy[float]:
    """A multiple of `unit`."""
    return st.integers(least, most).map(lambda count: count * unit)


@st.composite
def offers(draw: Draw) -> Offer:
    """One or two branches, two tiers, one or two events, one concession."""
    branches = {"b0": "r0"} | ({"b1": draw(st.sampled_from(["r0", "r1"]))} if draw(st.booleans()) else {})
    segments = tuple(Segment(b, r, t, KIND, draw(st.integers(1, 5)), draw(whole(-1, 20, 5_000.0))) for b, r in branches.items() for t in TIERS)
    events = tuple(_event(draw, i) for i in range(draw(st.integers(1, 2))))
    contribution = sum(max(segment.contribution_cny, 0.0) for segment in segments)
    return Offer(
        clients=sum(segment.clients for segment in segments),
        approachable=sum(segment.clients for segment in segments),
        base_contribution_cny=contribution,
        tiers=TIERS,
        tier_names={tier: (tier, tier) for tier in TIERS},
        branches=branches,
        branch_names={branch: (branch, branch) for branch in branches},
        region_names={region: (region, region) for region in branches.values()},
        segments=segments,
        events=events,
        eligible={(segment.key, event.event): draw(st.integers(0, segment.clients)) for segment in segments for event in events},
        responses={(tier, KIND, family): (draw(whole(1, 8, 0.05)), draw(whole(1, 6, 0.2))) for tier in TIERS for family in FAMILIES},
        cells=_cells(draw, segments),
        hours=dict.fromkeys(branches, draw(st.sampled_from([40.0, 200.0, 2_000.0]))),
        visit_hours={"private": 12.0},
        partners=(Partner("p0", draw(whole(0, 10, 200.0)), {"health": 1.0}),),
        blocks=(),
        assets_cny={segment.key: 1e6 for segment in segments},
        last_year={},
    )


def _event(draw: Draw, i: int) -> EventType:
    least = draw(st.integers(1, 2))
    months = tuple(sorted(draw(st.sets(st.integers(1, 12), min_size=1, max_size=6))))
    return EventType(
        f"e{i}", draw(st.sampled_from(FAMILIES)), ("活动", "Event"), draw(st.sampled_from(["branch", "region", "centre"])), draw(whole(0, 20, 50.0)),
        draw(whole(0, 10, 50.0)), least, least + draw(st.integers(0, 6)), months, 0, draw(st.integers(1, 3)), draw(whole(1, 2)),
        draw(st.sampled_from([0.0, 80.0])), draw(st.sampled_from([0.0, 0.3])), draw(st.sampled_from([0.5, 1.0, 2.0])), 4.0, 0.5, 2,
    )  # fmt: skip


def _cells(draw: Draw, segments: tuple[Segment, ...]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for region, tier in sorted({(segment.region, segment.tier) for segment in segments}):
        own = [segment for segment in segments if (segment.region, segment.tier) == (region, tier)]
        clients = sum(segment.clients for segment in own)
        shares = {segment.branch: segment.clients / clients for segment in own}
        gains = [(draw(whole(0, 40, 100 / 3)), draw(whole(1, 30, 100 / 3))) for _ in range(draw(st.integers(0, 2)))]
        steps = (
            Step("fee_waiver", 0, 0.0),
            *(Step("fee_waiver", level, level / 10, gain, cost, branch_shares=shares) for level, (gain, cost) in enumerate(gains, 1)),
        )
        cells.append(Cell(region, tier, KIND, max(sum(segment.contribution_cny for segment in own), 0.0), {"fee_waiver": steps}))
    return tuple(cells)


RULES: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "phasing": st.fixed_dictionaries({"q2": st.tuples(whole(0, 3, 0.1), whole(3, 10, 0.1)).map(list)}),
    "floors": st.one_of(
        st.fixed_dictionaries({"tier": st.fixed_dictionaries({"gold": whole(1, 6, 0.1)})}), st.fixed_dictionaries({"branch_cny_per_client": whole(1, 6, 20.0)})
    ),
    "caps": st.one_of(
        st.fixed_dictionaries({"tier": st.fixed_dictionaries({"private": whole(2, 9, 0.1)})}),
        st.fixed_dictionaries({"branch_share": whole(5, 9, 0.1)}),
        st.fixed_dictionaries({"gift_cny_client_year": whole(0, 2, 80.0)}),
        st.fixed_dictionaries({"concession_share_of_contribution": whole(0, 5, 0.05)}),
        st.fixed_dictionaries({"attendances_client_month": st.sampled_from([0.25, 0.5, 1.0])}),
    ),
    "calendar": st.fixed_dictionaries({"must_hold": whole(1, 12).map(lambda month: [{"event": "e0", "month": int(month)}])}),
}
BUDGETS = st.fixed_dictionaries({"event_cny": whole(0, 40, 200.0), "concession_cny": whole(0, 20, 200.0), "transfer_share": st.sampled_from([0.0, 0.3])})


def further_rule() -> st.SearchStrategy[dict[str, Any]]:
    """One rule, as a section of the policy."""
    return st.sampled_from(sorted(RULES)).flatmap(lambda section: RULES[section].map(lambda fields: {section: fields}))


@st.composite
def settings_of(draw: Draw) -> dict[str, Any]:
    """Budgets, objective, contact rule and now and then a rule."""
    rule = draw(st.one_of(st.just({}), st.just({}), further_rule()))
    return {
        "budget": draw(BUDGETS) | {"event_ratio": 1.0, "concession_ratio": 1.0},
        "value": {"objective": draw(st.sampled_from(["net", "gross"]))},
        "contact": {"rule": draw(st.sampled_from(["required", "target"]))},
        "solver": {"gap": 1e-3},
        **rule,
    }


def joined(sections: Mapping[str, Any], more: Mapping[str, Any]) -> Policy:
    """The policy of the first sections with the fields of the second in their place."""
    return policy(**{name: {**sections.get(name, {}), **more.get(name, {})} for name in {*sections, *more}})


def times(offer: Offer, by: float) -> Offer:
    """The same bank with every price and every contribution `by` times as large."""
    return replace(
        offer,
        base_contribution_cny=offer.base_contribution_cny * by,
        segments=tuple(replace(segment, contribution_cny=segment.contribution_cny * by) for segment in offer.segments),
        events=tuple(
            replace(event, fixed_cost_cny=event.fixed_cost_cny * by, guest_cost_cny=event.guest_cost_cny * by, gift_cny=event.gift_cny * by)
            for event in offer.events
        ),
        cells=tuple(_dearer(cell, by) for cell in offer.cells),
        partners=tuple(replace(partner, cap_cny=partner.cap_cny * by) for partner in offer.partners),
    )


def _dearer(cell: Cell, by: float) -> Cell:
    steps = {kind: tuple(replace(step, gain_cny=step.gain_cny * by, cost_cny=step.cost_cny * by) for step in own) for kind, own in cell.steps.items()}
    return replace(cell, contribution_cny=cell.contribution_cny * by, steps=steps)
