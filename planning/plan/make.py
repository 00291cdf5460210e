"""The main job: from a bank's book and policy to a plan that is solved, placed, judged and compared."""

from collections.abc import Callable
from dataclasses import replace

from planning.book.book import Book
from planning.catalogue.offer import Offer, offer
from planning.judge import Facts, Verdict, gather, judge
from planning.optimise.placement import settle_ties
from planning.optimise.problem import Problem, problem
from planning.optimise.year import Year, vast
from planning.plan import baselines, groups, lines
from planning.plan.alternatives import alternatives
from planning.plan.certified import certify
from planning.plan.compose import Choice, compose
from planning.plan.curves import response_curves
from planning.plan.explained import explained
from planning.plan.frontier import frontier_through
from planning.plan.greedy import greedy_by_return
from planning.plan.judged import columns, passed, plain
from planning.plan.last_year import last_year
from planning.plan.plan import Plan, Solve
from planning.plan.relaxed import planned
from planning.plan.risks import knowing_better, risks
from planning.plan.ruling import rule_lines
from planning.plan.summary import BaselineLine, Summary
from planning.plan.waterfall import waterfall
from planning.policy import Policy

Progress = Callable[[str, dict[str, float]], None]
UNSOLVED = Solve("feasible", "", 0.0, 0.0, 0.0, 0.0)


def make_plan(book: Book, policy: Policy, plan_id: str, progress: Progress, explaining: bool = False, relax: bool = False) -> Summary:
    """Solve the year, place it in months, have it judged, and score the simple rules beside it.

    Raises Infeasible (with what is impossible by itself, before solving, or with the rules in conflict), NotSolved, or Refused
    when the second judge does not pass the plan.
    `explaining` adds the bound's certificate, reasons, frontier, near-equal plans and risks, for which the year is solved again a
    few dozen times; a vast year only twice, without frontier and near-equal plans. With `relax` rules that conflict are relaxed as
    little as can be, and the plan says so. `progress` is told the stages: reading, solving (with the gap), placing, easing (rules
    that conflict), judging, scoring, explaining, frontier, varying, doubting.
    """
    progress("reading", {})
    offered = offer(book, policy)
    problem_, relaxed, found = planned(problem(offered, policy), relax, progress)
    year, placed, ties_settled = settle_ties(problem_, found)
    choice = Choice(placed, year.levels)
    told = year.outcome
    solve = Solve(told.status, told.solver, told.objective, told.bound, told.gap, round(told.seconds, 3))  # type: ignore[arg-type]
    plan = replace(compose(problem_, choice, (plan_id, book.data_hash), solve), relaxed=relaxed)
    progress("judging", {})
    facts = gather(columns(book), plan.policy)
    verdict = passed(plan, facts)
    certified = certify(plan, problem_, facts, verdict) if explaining else None
    progress("scoring", {})
    compared = simple_rules(offered, problem_, plan, facts)
    known = {"risks": risks(offered, problem_, choice), "certified": certified, "ties_settled": ties_settled}
    summary = replace(summary_of(book, (offered, problem_), (choice, year.rounding_loss_cny), (plan, verdict, compared)), **known)  # type: ignore[arg-type]
    return _with_reasons(summary, (offered, problem_, facts), (year, choice), progress) if explaining else summary


def _with_reasons(summary: Summary, given: tuple[Offer, Problem, Facts], found: tuple[Year, Choice], progress: Progress) -> Summary:
    (offered, problem_, facts), (year, choice) = given, found
    reasons = explained(offered, problem_, year, lambda: progress("explaining", {}))
    if vast(problem_):
        return replace(summary, explained=reasons)
    progress("frontier", {})
    last = (summary.last_year_event_cny, summary.last_year_concession_cny)
    curve = frontier_through(problem_, found, None if None in last else last)  # type: ignore[arg-type]
    progress("varying", {})
    others = alternatives((offered, problem_, facts), (summary.plan, choice))
    known = None if summary.risks is None else knowing_better(summary.risks, problem_, found, lambda: progress("doubting", {}))
    return replace(summary, explained=reasons, frontier=curve, alternatives=tuple(one.line for one in others), risks=known)


def simple_rules(offered: Offer, problem_: Problem, plan: Plan, facts: Facts) -> tuple[BaselineLine, ...]:
    """The plan and what simple rules would do, on the same yardstick."""
    before, unplaced = last_year(problem_, offered.past)
    rules = {
        **({"last_year": before} if offered.past else {}),
        "greedy_by_return": greedy_by_return(problem_),
        "equal_split": baselines.equal_split(problem_),
        "by_assets": baselines.by_assets(problem_, offered.assets_cny),
        "nothing": baselines.nothing(problem_),
    }
    scored = {"this_plan": plan, **{code: compose(problem_, choice, (plan.id, plan.data_hash), UNSOLVED) for code, choice in rules.items()}}
    lines = (_baseline(code, other, facts) for code, other in scored.items())
    return tuple(replace(line, unplaced=unplaced) if line.code == "last_year" else line for line in lines)


def _baseline(code: str, plan: Plan, facts: Facts) -> BaselineLine:
    broken: dict[str, int] = {}
    for check in judge(plain(plan), facts).checks:
        if check.broken and check.number:
            broken[check.rule] = broken.get(check.rule, 0) + 1
    totals = plan.totals
    return BaselineLine(code, totals.value_cny, totals.event_cny, totals.concession_cny, totals.uplift_cny + totals.gain_cny, tuple(sorted(broken.items())))


def summary_of(book: Book, given: tuple[Offer, Problem], found: tuple[Choice, float | None], judged: tuple[Plan, Verdict, tuple[BaselineLine, ...]]) -> Summary:
    """A plan with its derived numbers. `found` = the choice, and what whole guests cost against mean guests, where that is known."""
    (offered, problem_), (choice, rounding_loss_cny), (plan, verdict, compared) = given, found, judged
    parts = groups.parts(problem_, choice)
    event_budget, concession_budget = lines.budget_lines(offered, problem_, (plan.totals.event_cny, plan.totals.concession_cny))
    return Summary(
        plan=plan,
        bank_names=book.names,
        sample=book.sample,
        clients=offered.clients,
        approachable=offered.approachable,
        segmented=sum(segment.clients for segment in problem_.segments),
        reached_clients=sum(min(part.guests, part.clients * (1 - problem_.policy.evaluation.holdout_share)) for part in parts.values()),
        base_contribution_cny=offered.base_contribution_cny,
        last_year_event_cny=offered.last_year.get("event"),
        last_year_concession_cny=offered.last_year.get("concession"),
        event_budget=event_budget,
        concession_budget=concession_budget,
        tiers=groups.tier_lines(offered, problem_, parts),
        regions=groups.region_lines(offered, problem_, parts),
        branches=groups.branch_lines(offered, problem_, parts),
        sessions=lines.session_lines(offered, problem_, choice),
        quarters=lines.quarter_lines(problem_, choice),
        ladder=lines.ladder_lines(offered, problem_, choice),
        baselines=compared,
        rules=rule_lines(verdict, offered),
        left_out=lines.left_out(offered, problem_, choice),
        blocked=lines.blocked_lines(offered, problem_),
        hours=lines.hours_lines(offered, problem_, choice),
        origins=lines.origins(book),
        rounding_loss_cny=rounding_loss_cny,
        locked_sessions=sum(problem_.locked.values()),
        locked_levels=len(problem_.locked_levels),
        verified_rules=len(verdict.checks),
        versions=lines.versions(),
        waterfall=waterfall(problem_, offered.past, choice),
        curves=response_curves(offered, problem_, choice),
    )
