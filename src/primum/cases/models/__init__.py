"""The rows of the loop, one noun (with its parts) a file."""

from primum.cases.models.activity import (
    Activity,
    Commitment,
    Delivery,
    Governing,
    Line,
    Look,
    Reading,
)
from primum.cases.models.draft import Draft
from primum.cases.models.effects import (
    Accepted,
    Effect,
    EffectReport,
    Sign,
    Surprise,
    Weighing,
)
from primum.cases.models.intercession import (
    Intercession,
    Letter,
    LetterReading,
    LetterText,
    Relied,
    ReliedReport,
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
from primum.cases.models.memory import Handover, HandoverRead
from primum.cases.models.oversight import Meeting, MeetingItem, Raised, Sample
from primum.cases.models.promises import AuthorityStep, Undertaking, Waiver
from primum.cases.models.protocol import ProtocolVersion, Publication
from primum.cases.models.report import File, Note, Report, ReportParty
from primum.cases.models.stop import Lift, Renewal, Stop
from primum.cases.models.told import Allegation, Told

__all__ = [
    "Accepted",
    "Activity",
    "Advice",
    "Allegation",
    "Assessment",
    "AuthorityStep",
    "Chain",
    "Checkpoint",
    "CheckpointHead",
    "Commitment",
    "Decision",
    "Delivery",
    "Draft",
    "Effect",
    "EffectReport",
    "Entry",
    "EntrySight",
    "File",
    "Governing",
    "Ground",
    "Handover",
    "HandoverRead",
    "Intercession",
    "Letter",
    "LetterReading",
    "LetterText",
    "Lift",
    "Line",
    "Look",
    "Meeting",
    "MeetingItem",
    "Note",
    "ProtocolVersion",
    "Publication",
    "Raised",
    "Reading",
    "Relied",
    "ReliedReport",
    "Reminder",
    "Renewal",
    "Report",
    "ReportParty",
    "Ruling",
    "Sample",
    "Sign",
    "Stop",
    "Surprise",
    "Tick",
    "Told",
    "Undertaking",
    "Waiver",
    "Weighing",
]
