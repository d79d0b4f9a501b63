"""The nouns the whole house speaks, as frozen values.

Nothing here decides anything. Rules live in `protocol`, `authority` and `lifecycle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

Text = Mapping[str, str]
"""One sentence in several languages: language code -> words. English is always there."""


class Level(IntEnum):
    """How grave the risk is before conditions, lowest first (the level ladder)."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    BARRED = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Recommendation(StrEnum):
    """What a Ruling recommends. A named post decides."""

    GO = "go"
    GO_WITH_CONDITIONS = "go_with_conditions"
    NOT_YET = "not_yet"
    NO = "no"


class Choice(StrEnum):
    """What a deciding post may choose."""

    GO = "go"
    GO_WITH_CONDITIONS = "go_with_conditions"
    IN_PART = "in_part"
    NOT_NOW = "not_now"
    NO = "no"


GOES = frozenset({Choice.GO, Choice.GO_WITH_CONDITIONS, Choice.IN_PART})
"""What lets deliveries begin; in part, on the lines that were not left out."""


class Stakes(IntEnum):
    """How high a decision must go. Computed, never chosen."""

    ORDINARY = 0
    HIGH = 1
    LEADERSHIP = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class Stage(StrEnum):
    """Where an activity stands."""

    PROPOSED = "proposed"
    ASSESSED = "assessed"
    DECIDED = "decided"
    UNDER_WAY = "under_way"
    DONE = "done"
    WATCHED = "watched"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    NOT_DONE = "not_done"


class Verb(StrEnum):
    """What a post may do to an activity."""

    PROPOSE = "propose"
    ASSESS = "assess"
    ADVISE = "advise"
    DECIDE = "decide"
    DELIVER = "deliver"
    LOOK = "look"
    ANSWER = "answer"
    FINISH = "finish"
    RENEW = "renew"
    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    CLOSE = "close"
    CLOSE_EARLY = "close_early"
    REOPEN = "reopen"
    DISOWN = "disown"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: a person in a post. Posts own the work; people hold posts."""

    person: UUID
    post: UUID
    duties: frozenset[str]
    recent_posts: frozenset[UUID] = frozenset()
    """Every post the person held or covered in the last 90 days, and the empty ones below."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence a Ruling rests on, with the rule it comes from."""

    rule: str
    level: Level
    says: Text
    cites: str
    audience: frozenset[str] = frozenset()
    certain: bool = True
    """False when the rule's outcome is still unknown and could yet raise the level."""


@dataclass(frozen=True, slots=True)
class HardStop:
    """A rule nobody below `passable_by` may pass; "nobody" means never."""

    rule: str
    passable_by: str
    says: Text
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the protocol says of a set of answers: an interval on the level ladder.

    `lowest` and `highest` bound every outcome the open questions could still bring.
    """

    protocol: str
    version: str
    semantics: int
    lowest: Level
    highest: Level
    recommendation: Recommendation
    reasons: tuple[Reason, ...]
    hard_stops: tuple[HardStop, ...]
    open_questions: tuple[str, ...]
    expected: tuple[Level, Level]
    """The same interval if every proposed commitment is kept; never above the first."""
    commitments: tuple[str, ...]
    """What the protocol proposes to ask for, by its own names."""
    advises: tuple[str, ...]
    decides: Mapping[str, tuple[str, ...]]
    """Stakes, in a word -> the duties that may decide there. The stakes are computed apart."""
    snapshot: Mapping[str, object]
    """The answers and facts weighed, by name: all that is needed to weigh again."""

    @property
    def settled(self) -> bool:
        return self.lowest == self.highest


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """When something owed falls due; of what comes unannounced the month alone."""

    at: datetime
    month_only: bool = False

    def __str__(self) -> str:
        return f"{self.at:%B %Y}" if self.month_only else f"{self.at.day} {self.at:%B %Y}"


@dataclass(frozen=True, slots=True)
class Stopped:
    """That deliveries on a line are suspended: how widely, since when. Never by whom or why."""

    line: UUID
    scope: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """That who commands a line's unit, or the unit itself, has changed since it was checked."""

    line: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Because:
    """Why a move is refused: a code for tests, an English sentence to translate, its values."""

    code: str
    says: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.says % {
            name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
            for name, value in self.values.items()
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """A move that may not be made, with every reason. Nothing was changed."""

    verb: Verb
    reasons: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A move that may be made: the stage after it and what else must happen, as data."""

    verb: Verb
    before: Stage
    after: Stage
    effects: tuple[StepEffect, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenLease:
    """Let the activity go ahead until `until`, and watch it until `watch_until`."""

    until: datetime
    watch_until: datetime


@dataclass(frozen=True, slots=True)
class EndLease:
    """No authorisation counts after `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class PlanLooks:
    """Create the looks and commitments the protocol asks for."""

    start: datetime


@dataclass(frozen=True, slots=True)
class OpenBreach:
    """Record that something happened outside an approval, to be answered by `answer_by`."""

    why: str
    answer_by: datetime


StepEffect = OpenLease | EndLease | PlanLooks | OpenBreach
