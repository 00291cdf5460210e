"""The second judge: recomputes every rule and the value of a plan from the tables, in exact numbers, with none of the optimiser's code.

tables, policy → gather → Facts;  plan, Facts → judge → Verdict;  prices on limits, Facts → bound → Bound of every plan
"""

from planning.judge.bound import Bound, bound
from planning.judge.certificate import read_certificate, uncertifiable
from planning.judge.checks import Check
from planning.judge.facts import Facts, gather
from planning.judge.happened import happened
from planning.judge.record import differing_figures
from planning.judge.rules import RULES
from planning.judge.verdict import Verdict, judge

__all__ = ["RULES", "Bound", "Check", "Facts", "Verdict", "bound", "differing_figures", "gather", "happened", "judge", "read_certificate", "uncertifiable"]
