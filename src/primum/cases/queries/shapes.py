"""What the activity page is made of, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from primum.cases.queries.answered import Edit, Shown
from primum.cases.queries.raised import RaisedLine
from primum.core import protocol
from primum.core import vocabulary as v

__all__ = [
    "ActivityPage",
    "AdviceLine",
    "CommitmentLine",
    "DecisionLine",
    "DeliveryLine",
    "EntryLine",
    "Head",
    "LineLine",
    "LookLine",
    "OfferedLook",
    "OwedThere",
    "Pulse",
    "ReadingLine",
    "WhatIsThere",
]


@dataclass(frozen=True, slots=True)
class LineLine:
    """What is given to whom."""

    id: UUID
    party: UUID
    party_name: str
    kind: str
    what: str
    quantity: str
    value_usd: int
    people: int
    lethal: bool
    exempt: str
    exempt_because: str
    agreed: bool
    """Whether the assessor agreed that the policy does not cover it; told with the assessment."""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """What was given, and whether an approval covered it."""

    id: UUID
    line: UUID
    happened: datetime
    what: str
    breach: str
    answer_by: datetime | None
    answered: datetime | None
    answer: str
    waits_for_me: bool
    exposure: str = ""


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """What a second reader said of a look."""

    at: datetime
    post: UUID
    verdict: str
    words: str


@dataclass(frozen=True, slots=True)
class LookLine:
    """A look this viewer may read, with what it found."""

    id: UUID
    title: Mapping[str, str]
    due: datetime
    state: str
    post: UUID
    made: datetime | None
    method: str
    result: str
    words: str
    attempts: tuple[Mapping[str, str], ...]
    answers: tuple[tuple[Mapping[str, str], Shown], ...]
    waits_for_me: bool
    independence: str = ""
    same_visit: UUID | None = None
    """The look whose visit served this one too; a second reader reads that one."""
    month_only: bool = False
    """Told to who asked for the activity and to whom it judges: the month, never the day."""
    read_due: datetime | None = None
    may_read: bool = False
    readings: tuple[ReadingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """Something owed, with its answer."""

    id: UUID
    text: Mapping[str, str]
    owed_by: str
    timing: str
    due: datetime
    proof: str
    verifier: UUID
    state: str
    words: str
    decision_due: datetime | None
    """Only while the decision is still owed."""
    waits_for_me: bool
    releasable: bool
    """Still owed, or broken where it would bar every later delivery."""
    owed_to: str
    test: v.Text
    every_days: int | None
    how: str
    """How the last answer was come by, or why none could be."""


@dataclass(frozen=True, slots=True)
class AdviceLine:
    post: UUID
    at: datetime
    position: str
    words: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What was chosen, and, for those who may read them, the reasons."""

    id: UUID
    kind: str
    choice: str
    post: UUID
    at: datetime
    told: str
    until: datetime | None
    review_by: datetime | None
    left_out: tuple[UUID, ...]
    """Lines that a decision in part does not let go."""
    confirm_by: datetime | None
    confirmed: datetime | None
    words: str
    against: bool
    against_words: str
    same_words: int
    """How many earlier decisions of this post gave the very same reasons."""
    recommended: str
    told_recipient: str
    signed: str
    """Whose signature the recorded sheet bears; empty for a decision signed in."""
    recorded_by: UUID
    sheet: bool
    """The sheet is kept, and this viewer may read it."""
    mine: bool
    """This viewer signed, in person, and has not yet said whether they decided it."""
    struck: bool
    """Its signer did not decide it."""


@dataclass(frozen=True, slots=True)
class WhatIsThere:
    """What is looked at: a place, or a party."""

    place: UUID | None
    party: UUID | None
    names: Mapping[str, str]
    """Of the place."""
    name: str
    """Of the party."""


@dataclass(frozen=True, slots=True)
class OfferedLook:
    """Another open look at the same place or party, which the same visit can serve."""

    id: UUID
    title: Mapping[str, str]
    activity: UUID
    activity_title: str
    due: datetime
    asks: tuple[str, ...]
    more: tuple[protocol.Question, ...]
    """What it asks beside the questions that stand above it already."""


@dataclass(frozen=True, slots=True)
class OwedThere:
    """A commitment that waits there for the post that verifies it."""

    id: UUID
    text: Mapping[str, str]
    activity: UUID
    activity_title: str
    due: datetime
    verifier: UUID
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """That a look or commitment exists and where it stands; never what it says."""

    kind: str
    due: datetime
    unannounced: bool
    state: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of the ledger, as a page may show it: no number, no hash."""

    id: UUID
    at: datetime
    post: UUID
    verb: str
    record_kind: str


@dataclass(frozen=True, slots=True)
class Head:
    """What an activity is, where it stands and until when it may."""

    id: UUID
    title: str
    why: str
    mandate_objective: str
    place: Mapping[str, str] | None
    starts: date
    ends: date
    owner: UUID
    stage: v.Stage
    lease_end: datetime | None
    watch_until: datetime | None
    invented: bool
    emergency_since: datetime | None
    emergency_why: str
    place_key: UUID | None = None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Everything the Activity page shows."""

    head: Head
    lease_live: bool
    stakes: str
    """Empty without the assessment: how high a case goes tells what was found (law 6)."""
    split: bool
    """Told with the assessment: beside others to the same parties it passes an ordinary limit."""
    decider: UUID | None
    protocols: tuple[tuple[UUID, Mapping[str, str]], ...]
    completeness: protocol.Completeness
    proposed_answers: tuple[tuple[Mapping[str, str], Shown], ...]
    assessed_answers: tuple[tuple[Mapping[str, str], Shown], ...]
    edits: tuple[Edit, ...]
    """Answers changed after a Ruling was shown, or since the assessment before."""
    ruling: v.Ruling | None
    """The Ruling on what this viewer may see; None for the proposer and those outside the seal."""
    open_questions: tuple[Mapping[str, str], ...]
    lines: tuple[LineLine, ...]
    deliveries: tuple[DeliveryLine, ...]
    pulse: tuple[Pulse, ...]
    looks: tuple[LookLine, ...]
    commitments: tuple[CommitmentLine, ...]
    advices: tuple[AdviceLine, ...]
    advice_given: bool
    decisions: tuple[DecisionLine, ...]
    timeline: tuple[EntryLine, ...]
    raised: RaisedLine | None
    """Told with the assessment: whether it goes a step higher. None to whose own case it is."""
    unanswered: bool
    """A broken commitment or a grave look still waits for its decision."""
    may_release: bool
    may_deliver: bool
    """At any stage: what has happened is recorded even where nothing may be delivered."""
    moves: tuple[v.Verb, ...]
    """What this viewer could try next at this stage; the action decides."""
