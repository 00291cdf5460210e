"""A made-up model record small enough to check by eye: the example's plan, five runs, two trials, a year of bookings."""

from dataclasses import replace
from typing import Any

from planning.judge import RULES
from planning.plan.record import Arm, Backtest, Booked, FamilyLine, ModelRecord, Realised, Register, Run, Side, Trial
from planning.plan.record.evidence import Completeness, Evidence, Sourced
from planning.plan.record.runs import second_solver, versions
from tests.report.example import POLICY, changes, summary

HASH = "f" * 64
BEFORE = {**POLICY, "budget": {**POLICY["budget"], "event_cny": 5_500_000.0}}


def run(number: int, exit_: int = 0, solver: str = "HiGHS 1.12", policy: Any = POLICY, **told: Any) -> Run:
    """A registered run; one that failed solved nothing."""
    solve = {"status": "optimal", "solver": solver, "objective": 15_301_000.0, "bound": 15_312_000.0, "gap": 0.0007, "seconds": 3.2}
    known = {"exit": exit_, "finished": f"2026-11-0{number}T09:30:00+08:00", "seconds": {"in_all": 41.5}, "data_hash": HASH, "policy": policy, "versions": {}}
    return Run(number, "annual-2027", {**known, "solve": None if exit_ else solve, **told})


def trial(came: int = 19, clients: int = 94, growth: float = 0.021, first_on: str = "2026-03-11") -> Trial:
    """Clients invited to a salon against 26 who were not."""
    treated, control = Arm(clients, came, 9_400_000.0, growth, 0.006), Arm(26, 0, 2_600_000.0, 0.004, 0.012)
    return Trial("forum", ("宏观经济论坛", "Economic forum"), "2026-H1", first_on, "2026-03-19", treated, control, 0.0051)


def line(families: tuple[str, ...] = ("knowledge",), attended: int = 900, tested: int = 700, measured: float = 2_100_000.0) -> FamilyLine:
    """A family that was to bring 3.4 million, whose guests make 3.1 by the plan's coefficients; 2.4 more than the control group were expected."""
    expected, got = (2_400_000.0, measured) if tested else (0.0, 0.0)
    realised = 3_100_000.0 * (1 + tested / attended * (got / expected - 1)) if tested else 3_100_000.0
    return FamilyLine(families, 1_000, 3_400_000.0, attended, 3_100_000.0, tested, expected, got, realised)


def compared(*lines: FamilyLine, **changed: Any) -> Backtest:
    """A year compared to its end."""
    told = lines or (line(), line(("health",), 300, 0))
    realised = Side(sum(one.realised_cny for one in told), 9_000_000.0, 5_000_000.0, 7_400_000.0)
    sides = {"planned": Side(7_000_000.0, 9_500_000.0, 5_120_000.0, 7_600_000.0), "to_date": Side(6_800_000.0, 9_500_000.0, 5_120_000.0, 7_600_000.0)}
    known = {"through": 12, "over": True, "net": True, **sides, "realised": realised, "error_cny": 210_000.0, "measured_error_cny": 200_000.0, "families": told}
    return Backtest(**{**known, "assumed": (), "outside": 0, "few_outside": False, "few_came": False, "unread": 0, **changed})


def record(**changed: Any) -> ModelRecord:
    """The record, with some of its parts exchanged."""
    plan = replace(summary().plan, data_hash=HASH)
    whole = replace(summary(), plan=plan)
    runs = (run(4), run(3, exit_=3, faults=["conflict"]), run(2), run(1, policy=BEFORE))
    register = Register(runs, (run(5, solver="CBC (PuLP 3.3)"),), 5)
    booked = (Booked("events", 10, 1_200_000.0, 1_170_000.0, "2026-10-28"), Booked("other", 1, 0.0, 9_000.0, "2026-10-01"))
    known = {
        "id": "annual-2027-model-record",
        "summary": whole,
        "plan_hash": "a" * 64,
        "places": {rule.__name__: 12 for _, rule in RULES},
        "evidence": Evidence(
            600, 40, True, (Completeness("age", 598), Completeness("industry", 120)), (Sourced("responses", "judgement", 50, "2026-10-15", "2026-10-20"),)
        ),
        "realised": Realised((), booked, (), (trial(),)),
        "run": {"finished": "2026-11-04T09:30:00+08:00", "files": {"plan.json": "a" * 64}, "data_hash": HASH},
        "unchanged": True,
        "register": register,
        "versions": versions(runs),
        "second": second_solver(register, plan),
        "causes": changes().causes,
    }
    return ModelRecord(**{**known, **changed})
