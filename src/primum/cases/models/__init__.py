"""The rows of the loop, one noun (with its parts) a file."""

from primum.cases.models.activity import (
    Activity,
    Commitment,
    Delivery,
    Governing,
    Line,
    Look,
    ProtocolVersion,
)
from primum.cases.models.judgement import Advice, Assessment, Decision, Ground, Ruling
from primum.cases.models.ledger import (
    Chain,
    Checkpoint,
    CheckpointHead,
    Entry,
    EntrySight,
    Reminder,
    Tick,
)
from primum.cases.models.report import File, Note, Report, ReportParty

__all__ = [
    "Activity",
    "Advice",
    "Assessment",
    "Chain",
    "Checkpoint",
    "CheckpointHead",
    "Commitment",
    "Decision",
    "Delivery",
    "Entry",
    "EntrySight",
    "File",
    "Governing",
    "Ground",
    "Line",
    "Look",
    "Note",
    "ProtocolVersion",
    "Reminder",
    "Report",
    "ReportParty",
    "Ruling",
    "Tick",
]
