"""A made-up study beside the example plan: two scenarios, a frontier, least budgets, methods, an alternative."""

from planning.errors import Fault
from planning.plan.study import Alternative, Change, Difference, Frontier, FrontierPoint, LeastLine, MethodLine, ScenarioLine, Study


def study() -> Study:
    """The whole example."""
    more = ScenarioLine(
        "more", ("增加活动预算", "More for events"), ("event_cny = 7000000",), 16_100_000.0, 16_140_000.0, 6_400_000.0, 5_500_000.0, 28_000_000.0, 4_100.0,
        "optimal", 0.0009, ("within_event_budget", "spend_phased"), 700_000.0, 16_000_000.0, 15_900_000.0,
        (
            Difference("sessions", (("高尔夫教练课", "Golf with a coach"), ("仁和支行", "Renhe branch")), ("golf", "b01"), 4.0, 6.0),
            Difference("ladder", (("East", "East"), ("钻石", "Diamond"), ("personal", "personal")), ("deposit_premium", "East", "diamond", "personal"), 5.0, 15.0),
            Difference("guests", (("钻石", "Diamond"),), ("diamond",), 1_400.0, 1_520.0),
        ),
    )  # fmt: skip
    no_plan = ScenarioLine(
        "none",
        ("每客五千元", "Five thousand a client"),
        ("branch_cny_per_client = 5000",),
        faults=(Fault("plan_busy", values={"plan": "a", "process": "1", "machine": "m", "since": "s"}),),
    )
    points = tuple(
        FrontierPoint(share, 6e6 * share, 6e6 * share, 5.1e6 * share, 5.5e6 * share, 26e6 * share**0.5, 15.3e6 * share**0.5, 15.4e6 * share**0.5)
        for share in (0.6, 0.8, 1.0, 1.2, 1.4)
    )
    changes = (Change("tier", "gold", ("金卡", "Gold"), 2.4e6, 1.9e6), Change("family", "health", ("健康", "Health"), 0.4e6, 0.8e6))
    return Study(
        (more, no_plan),
        Frontier("both", points, 2, 9_900_000.0),
        (LeastLine("reached", 3_000.0, 3_010.0, 4_800.0, True, 3.1e6, 2.2e6, 5.2e6, 9.9e6, 16e6), LeastLine("added", 90e6, 31e6, 31e6, False, 6e6, 6e6, 0.0, 15e6, 31e6)),
        (MethodLine("affordable", 12e6, 5.1e6, 5.6e6, 26e6, 15.3e6), MethodLine("last_year", 9.9e6, 4.8e6, 5.0e6, 24e6, 14.1e6)),
        (Alternative(15_200_000.0, 5_000_000.0, 5_600_000.0, 25_800_000.0, 29, 1_010.0, 0.21, 0.21, changes),),
    )  # fmt: skip
