"""The second judge: recomputes every rule and the value of a plan from the tables, in exact numbers, with none of the optimiser's code.

tables, policy → gather → Facts;  plan, Facts → judge → Verdict
"""

from planning.judge.checks import Check
from planning.judge.facts import Facts, gather
from planning.judge.rules import RULES
from planning.judge.verdict import Verdict, judge

__all__ = ["RULES", "Check", "Facts", "Verdict", "gather", "judge"]
