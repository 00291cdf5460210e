"""The model record: a published plan as whoever answers for model risk asks about it."""

from planning.plan.record.backtest import Backtest, FamilyLine, Side
from planning.plan.record.evidence import Range
from planning.plan.record.formulas import Formula, Letter
from planning.plan.record.realised import Arm, Booked, Trial
from planning.plan.record.record import Files, ModelRecord, Realised, figures, model_record
from planning.plan.record.runs import Register, Run, Version
from planning.plan.record.standing import LINES, Standing, standings

__all__ = [
    "LINES", "Arm", "Backtest", "Booked", "FamilyLine", "Files", "Formula", "Letter", "ModelRecord", "Range", "Realised", "Register", "Run", "Side", "Standing",
    "Trial", "Version", "figures", "model_record", "standings",
]  # fmt: skip
