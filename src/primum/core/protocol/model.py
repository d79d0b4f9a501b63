"""A protocol as frozen values: the mission's policy for one kind of activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from primum.core.protocol.expression import Expression, names_in
from primum.core.protocol.values import CELLS, Domain, Kind
from primum.core.vocabulary import Level, Stakes, Text


class Section(StrEnum):
    """The six questions every activity raises, in their order."""

    BRINGS = "brings"
    HARM = "harm"
    DO = "do"
    DECIDE = "decide"
    HAPPENED = "happened"
    ANSWER = "answer"

    @property
    def before(self) -> bool:
        """Whether it is asked before the decision; the other two are asked at looks."""
        return self not in (Section.HAPPENED, Section.ANSWER)


class Phase(StrEnum):
    """When a commitment is owed: before delivery starts, while it runs, or after it."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Proof(StrEnum):
    """What shows that a commitment is kept."""

    NOTE = "note"
    DOCUMENT = "document"
    PHOTO = "photo"
    VISIT = "visit"
    THING = "thing"
    """Something that stands on site, such as a room that locks: seen there, never photographed."""


class Method(StrEnum):
    """How a look is made."""

    VISIT = "visit"
    PHONE = "phone"
    PARTNER = "partner"
    COMMUNITY = "community"
    JOINT = "joint"


class Independence(StrEnum):
    """Who saw what a look tells, beside those who are judged by it."""

    OWN = "own"
    JOINT_WITH_JUDGED = "joint_with_judged"
    PARTNER = "partner"
    COMMUNITY = "community"
    JUDGED_ALONE = "judged_alone"
    """Nobody else: what they say of themselves is no look."""


SEEN_BY: Final[Mapping[Proof, frozenset[Method]]] = {
    Proof.VISIT: frozenset({Method.VISIT, Method.JOINT}),
    Proof.THING: frozenset({Method.VISIT, Method.JOINT}),
}
"""Proof -> the ways in which alone it can be seen. What is not here is seen from anywhere."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression and the words it was read from."""

    source: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Option:
    """One word a choice may be answered with, and how it is shown."""

    id: str
    label: Text


CELL: Final = Domain(Kind.NUMBER, counted=True)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the protocol asks. `domain` says which answers it takes."""

    id: str
    section: Section
    ask: Text
    domain: Domain
    options: tuple[Option, ...] = ()
    help: Text | None = None
    when: Condition | None = None
    """Asked unless this is false, or waits for an answer that is not asked for itself.

    Names questions above it only, never facts.
    """
    required: bool = False
    changeable: bool = False
    """Whether the world could be made to answer it otherwise: another commander, a locked room."""
    material: bool = False
    """Whether a changed answer asks for a new assessment once a Ruling was seen."""
    worse: str = ""
    """`more` or `less`: which direction of a number or day no rule may take for the better one."""
    read_by: frozenset[str] = frozenset()
    """Duties that read the answer, where no rule does."""
    library: str = ""
    """The shared library it was taken from."""
    cites: str = ""
    wording_to_check: bool = False

    @property
    def kind(self) -> Kind:
        return self.domain.kind

    @property
    def names(self) -> Mapping[str, Domain]:
        """What rules may call it: its own name, or one name for each cell of a count."""
        if self.kind is Kind.PEOPLE:
            return {f"{self.id}.{cell}": CELL for cell in CELLS}
        return {self.id: self.domain}


@dataclass(frozen=True, slots=True)
class Rule:
    """When the condition holds, the risk is at least `level`, for the reason it says."""

    id: str
    when: Condition
    level: Level
    says: Text
    cites: str
    audience: frozenset[str] = frozenset()
    asks_first: bool = False
    """Where it holds, too little is known to go ahead: the recommendation is `not_yet`."""
    wording_to_check: bool = False


@dataclass(frozen=True, slots=True)
class StopSpec:
    """A rule nobody below `passable_by` may pass; None means nobody at all."""

    rule: str
    passable_by: Stakes | None
    says: Text
    needs_waiver: bool = False
    """Whether going past it also rests on a waiver: reasoned, dated, tied to an undertaking."""

    @property
    def passable_word(self) -> str:
        return "nobody" if self.passable_by is None else self.passable_by.word


@dataclass(frozen=True, slots=True)
class EffectOffer:
    """A harm or help the protocol suggests looking for: who (a group, never a name) and what."""

    id: str
    who: Text
    what: Text
    order: int
    signpost: Text | None = None
    good: bool = False
    """Help rather than harm."""


@dataclass(frozen=True, slots=True)
class CommitmentOffer:
    """Something the protocol proposes to ask for; offered unless `when` is certainly false."""

    id: str
    text: Text
    phase: Phase
    by: str
    """A duty, or `owner` (of the activity), `recipient` or `authorities`."""
    proof: Proof
    verifier: str
    to: str = "mission"
    """Whom it is owed to: the `mission`, the `people` there, or one of those who may owe."""
    test: Text | None = None
    """How one can tell that it is kept, so that two people who look say the same."""
    meets: frozenset[str] = frozenset()
    """Rules that no longer count once it is kept: how far the risk is expected to fall."""
    due_days: int | None = None
    """Days after the start; None: before delivery, throughout, or at the end, as the phase says."""
    every_days: int | None = None
    when: Condition | None = None
    cites: str = ""
    wording_to_check: bool = False


@dataclass(frozen=True, slots=True)
class LookPlan:
    """Dated looks by one duty, each with its own questions; made unless `when` is surely false."""

    id: str
    title: Text
    by: str
    after_days: tuple[int, ...]
    """Every day it falls due, counted from the start, repeats written out."""
    grace_days: int
    methods: tuple[Method, ...]
    asks: tuple[str, ...]
    may: frozenset[str] = frozenset()
    """Further duties that may make it; it stays due from `by`."""
    unannounced: bool = False
    when: Condition | None = None
    cites: str = ""
    wording_to_check: bool = False
    from_delivery: bool = False
    """Whether its days are counted from the first delivery (a hand-over), not from the yes."""
    again: Condition | None = None
    """What a look may find that asks for one more of its kind, `again_days` after it."""
    again_days: int = 0


@dataclass(frozen=True, slots=True)
class GraveRule:
    """What answers make a look grave, whatever the looker calls it."""

    id: str
    when: Condition
    """Names questions asked at looks only."""
    says: Text
    cites: str = ""
    wording_to_check: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a report of harm is to be followed from the party it names to live support."""

    up: int
    """Superiors, in steps."""
    down: int
    confidence: str
    """The least sure report that is followed: `heard`, `plausible` or `reasonable_grounds`."""
    weaker_days: int
    """Weaker paths gather into one review in so many days."""


CLOCKS: Final = (
    "assess",
    "advise",
    "decide",
    "emergency_record",
    "emergency_assess",
    "review",
    "intercession_answer",
    "final_notice_answer",
)
"""What a protocol may set a time for, in hours. What it leaves out is the mission's."""

Decides = Mapping[Stakes, frozenset[str]]
"""Stakes -> the duties that may decide there. Every stakes has at least one."""


@dataclass(frozen=True)
class Protocol:
    """One version of one protocol. `version` is the digest of the text it was read from."""

    id: str
    version: str
    title: Text
    languages: tuple[str, ...]
    review_needed: bool
    """True while no speaker has checked the translations."""
    layout: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    hard_stops: tuple[StopSpec, ...]
    effects: tuple[EffectOffer, ...]
    commitments: tuple[CommitmentOffer, ...]
    looks: tuple[LookPlan, ...]
    assesses: frozenset[str]
    advises: frozenset[str]
    decides: Decides
    lease_days: int
    watch_days: int
    about: str = "activity"
    """What it assesses: an `activity`, or a `party` that activities then stand on."""
    clocks: Mapping[str, int] = field(default_factory=dict)
    reach: Reach | None = None
    grave: tuple[GraveRule, ...] = ()
    """What makes a look grave."""
    seal_floor: int = 0
    """The level of the widest seal that a case of this kind may lie under."""
    libraries: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def before(self) -> tuple[Question, ...]:
        """The questions asked before the decision."""
        return tuple(question for question in self.questions if question.section.before)

    @cached_property
    def gated(self) -> tuple[Question, ...]:
        """The questions that are not always asked."""
        return tuple(question for question in self.questions if question.when is not None)

    @cached_property
    def names(self) -> Mapping[str, Domain]:
        """Every name of a question that rules may use, in the order asked."""
        return {name: domain for q in self.questions for name, domain in q.names.items()}

    @cached_property
    def question_of(self) -> Mapping[str, str]:
        """The question that a name belongs to."""
        return {name: question.id for question in self.questions for name in question.names}

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What is weighed: when rules hold, and when commitments and looks are proposed."""
        offered = [offer.when for offer in self.commitments] + [look.when for look in self.looks]
        always = tuple(rule.when for rule in self.rules)
        return always + tuple(when for when in offered if when is not None)

    @cached_property
    def weighed(self) -> frozenset[str]:
        """Every name that those conditions mention."""
        return frozenset().union(*(names_in(each.expression) for each in self.conditions))

    @cached_property
    def stops(self) -> Mapping[str, StopSpec]:
        return {stop.rule: stop for stop in self.hard_stops}


@dataclass(frozen=True, slots=True)
class Authority:
    """What a protocol is checked against: the duties a mission has and what each may decide."""

    duties: frozenset[str]
    deciders: Mapping[Stakes, frozenset[str]]
