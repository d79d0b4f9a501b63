"""The rows of the loop, one noun (with its parts) a file."""

from primum.cases.models.activity import (
    Activity,
    Commitment,
    Delivery,
    Governing,
    Line,
    Look,
)
from primum.cases.models.draft import Draft
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
from primum.cases.models.memory import Handover, HandoverRead
from primum.cases.models.protocol import ProtocolVersion, Publication
from primum.cases.models.report import File, Note, Report, ReportParty
from primum.cases.models.told import Allegation, Told

__all__ = [
    "Activity",
    "Advice",
    "Allegation",
    "Assessment",
    "Chain",
    "Checkpoint",
    "CheckpointHead",
    "Commitment",
    "Decision",
    "Delivery",
    "Draft",
    "Entry",
    "EntrySight",
    "File",
    "Governing",
    "Ground",
    "Handover",
    "HandoverRead",
    "Line",
    "Look",
    "Note",
    "ProtocolVersion",
    "Publication",
    "Reminder",
    "Report",
    "ReportParty",
    "Ruling",
    "Tick",
    "Told",
]
