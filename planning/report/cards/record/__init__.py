"""The parts of the model record's page."""

from planning.report.cards.record.assumptions import assumptions
from planning.report.cards.record.checklist import checklist
from planning.report.cards.record.data import data
from planning.report.cards.record.headline import headline
from planning.report.cards.record.model import model
from planning.report.cards.record.monitoring import monitoring
from planning.report.cards.record.outcomes import outcomes
from planning.report.cards.record.purpose import purpose
from planning.report.cards.record.validation import validation

__all__ = ["assumptions", "checklist", "data", "headline", "model", "monitoring", "outcomes", "purpose", "validation"]
