"""A finished plan with its derived numbers again, from plan.json and the tables alone."""

from dataclasses import replace

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.errors import Fault, Refused
from planning.judge import gather
from planning.optimise.problem import problem
from planning.plan.certified import recertified
from planning.plan.judged import columns, passed, plain
from planning.plan.make import simple_rules, summary_of
from planning.plan.plan import Plan
from planning.plan.risks import risks
from planning.plan.scenarios import choice_of
from planning.plan.summary import Summary
from planning.policy import checked


def retold(book: Book, plan: Plan, certificate: str | None = None) -> Summary:
    """The summary of a finished plan, judged once more; `certificate` = the text of its certificate.json. Nothing is solved.

    What only solving tells is left out: reasons, frontier, near-equal plans, what knowing better is worth, what whole guests
    cost, whether ties were settled. PolicyError where the plan's policy is none; Refused where the second judge does not pass
    the plan or the certificate, or the plan names what the book does not know.
    """
    rules = checked(plan.policy)
    offered = offer(book, rules)
    problem_, facts = problem(offered, rules), gather(columns(book), plan.policy)
    verdict = passed(plan, facts)
    try:
        choice = choice_of(problem_, plan)
    except KeyError as error:
        raise Refused(Fault("plan_of_other_data", values={"folder": plan.id})) from error
    compared = simple_rules(offered, problem_, plan, facts)
    summary = summary_of(book, (offered, problem_), (choice, None), (plan, verdict, compared))
    return replace(summary, risks=risks(offered, problem_, choice), certified=recertified(certificate, plain(plan), facts, verdict))
