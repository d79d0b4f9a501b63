"""The ladder by which the mission raises grave violations with those who answer for a party.

Concern, intercession, formal notice, final notice, suspension; then resumption or withdrawal. One
row a rung: who writes it, who approves it, what it follows, which letter goes and how long the
authorities have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from primum.core.vocabulary import Because


class Rung(StrEnum):
    """Where one matter with a party stands."""

    CONCERN = "concern"
    INTERCEDED = "interceded"
    FORMAL_NOTICE = "formal_notice"
    FINAL_NOTICE = "final_notice"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"


class Scope(StrEnum):
    """What a rung is about. A suspension of one operation leaves the others alone."""

    UNIT = "unit"
    COMMANDER = "commander"
    OPERATION = "operation"
    SUPPORT_TYPE = "support_type"
    ALL = "all"


NAMED: Final = frozenset({Scope.COMMANDER, Scope.OPERATION, Scope.SUPPORT_TYPE})
"""Scopes that must say which."""

ANSWERS: Final = ("acted", "promised", "acknowledged", "rejected")
"""What the authorities answered. Steps count where their proof was seen."""

CLOCKS: Final[Mapping[str, int]] = {
    "authorities_answer_days": 14,
    "intercession_approve_days": 3,
    "letter_days": 3,
    "letter_read_days": 2,
}
"""Where a mission says nothing. The time of the authorities, as cases had it: fourteen days between
the first letter and the final one (two battalions, February 2013), two weeks (two generals, January
2015), about three weeks (2010)."""

WRITES: Final = frozenset({"assesses", "advises"})
"""Duties whose posts write rungs and letters: they know what is on record."""
LEADS: Final = "decides_leadership"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rung: who writes it, who approves it, what it may follow, and what goes with it."""

    rung: Rung
    authors: frozenset[str]
    approvers: frozenset[str]
    desk: str
    """The duty on whose desk the approval lands."""
    follows: frozenset[Rung]
    begins: bool
    """Whether a matter may begin with it."""
    letter: str
    """The kind of letter that goes with it."""
    needs_letter: bool
    clock: str = ""
    """The mission's clock for the authorities' answer; empty: none is awaited."""
    decision: str = ""
    """The kind of Decision that it rests on; empty: none."""


_ALL = frozenset(Rung)
_FROM_ABOVE = frozenset({"decides_high", LEADS})
_TIME = "authorities_answer_days"

LADDER: Final[Mapping[Rung, Rule]] = {
    row.rung: row
    for row in (
        # May be raised in a meeting: a letter is usual, not owed.
        Rule(
            Rung.CONCERN,
            WRITES | {"protection_officer"},
            WRITES | {"suspends"} | _FROM_ABOVE,
            "advises",
            frozenset({Rung.RESUMED}),
            True,
            "concern",
            False,
            _TIME,
        ),
        Rule(
            Rung.INTERCEDED,
            WRITES,
            _FROM_ABOVE | {"suspends"},
            "decides_high",
            frozenset({Rung.CONCERN, Rung.RESUMED}),
            True,
            "concern",
            True,
            _TIME,
        ),
        Rule(
            Rung.FORMAL_NOTICE,
            WRITES,
            _FROM_ABOVE,
            "decides_high",
            frozenset({Rung.CONCERN, Rung.INTERCEDED, Rung.RESUMED}),
            True,
            "formal_notice",
            True,
            _TIME,
        ),
        Rule(
            Rung.FINAL_NOTICE,
            WRITES,
            frozenset({LEADS}),
            LEADS,
            frozenset({Rung.CONCERN, Rung.INTERCEDED, Rung.FORMAL_NOTICE, Rung.RESUMED}),
            True,
            "final_notice",
            True,
            _TIME,
        ),
        # Stopping harm is never waited for: it may follow anything, or come first.
        Rule(
            Rung.SUSPENDED,
            WRITES,
            _FROM_ABOVE,
            "decides_high",
            _ALL - {Rung.SUSPENDED, Rung.WITHDRAWN},
            True,
            "suspension",
            True,
            decision="suspend",
        ),
        Rule(
            Rung.RESUMED,
            WRITES,
            _FROM_ABOVE,
            "decides_high",
            frozenset({Rung.SUSPENDED}),
            False,
            "resumption",
            True,
            decision="resume",
        ),
        Rule(
            Rung.WITHDRAWN,
            WRITES,
            _FROM_ABOVE,
            "decides_high",
            frozenset({Rung.SUSPENDED}),
            False,
            "withdrawal",
            True,
            decision="withdraw",
        ),
    )
}

DECISIONS: Final = frozenset(row.decision for row in LADDER.values() if row.decision)
"""Kinds of Decision that a step may tell the authorities of."""

STANDING: Final = ("none", "concern", "interceded", "formal_notice", "final_notice", "suspended")
"""What rules of protocols read as `party.intercession`, least grave first."""
LATELY: Final = timedelta(days=2 * 365)
"""How long a rung counts for the stakes and for rules."""
RAISED: Final = _ALL - {Rung.CONCERN}
"""Rungs that make a party one “interceded with or suspended” (stakes). A concern is less."""


@dataclass(frozen=True, slots=True)
class Move:
    """A rung somebody wants to write: after which one, in whose duties, with what said."""

    rung: Rung
    before: Rung | None
    duties: frozenset[str]
    threshold: str
    relied_on: str
    scope: Scope
    scope_words: str
    now: datetime
    deadline: datetime | None = None
    decision: str = ""


def objections(move: Move) -> tuple[Because, ...]:
    """Every reason against writing this rung; none means that it may wait for its approval."""
    rule = LADDER[move.rung]
    found: list[Because] = []
    if not rule.authors & move.duties:
        found.append(Because("not_your_move", "This step belongs to another post."))
    if move.before is None and not rule.begins:
        found.append(
            Because("not_first", "Nothing was suspended here. This step comes after that.")
        )
    if move.before is not None and move.before not in rule.follows:
        found.append(
            Because(
                "out_of_order",
                "This step does not follow the last one. The ladder only goes up, until support"
                " is resumed.",
            )
        )
    if not move.threshold.strip():
        found.append(Because("no_threshold", "Say what makes it this step, and not the one below."))
    if not move.relied_on.strip():
        found.append(Because("no_information", "Say which information this rests on."))
    if move.scope in NAMED and not move.scope_words.strip():
        found.append(Because("no_scope", "Say which commander, operation or kind of support."))
    if move.deadline is not None and move.deadline <= move.now:
        found.append(Because("past_deadline", "The day for their answer lies in the past."))
    if move.decision != rule.decision:
        found.append(NO_DECISION if rule.decision else NO_PLACE)
    return tuple(found)


NO_DECISION: Final = Because(
    "no_decision",
    "Name the decision that this step tells them of: support is stopped, resumed or withdrawn"
    " before they are told.",
)
NO_PLACE: Final = Because("decision_elsewhere", "No decision belongs to this step.")


def objections_to_approving(
    rung: Rung, climbed: frozenset[Rung], duties: frozenset[str], *, own: bool, reason: str
) -> tuple[Because, ...]:
    """Every reason against approving a rung, for somebody with these duties.

    `climbed` are the rungs that this matter has been on; `reason` is the leadership's own for a
    final notice that no formal one came before.
    """
    rule = LADDER[rung]
    found: list[Because] = []
    if not rule.approvers & duties:
        found.append(Because("not_your_move", "This step belongs to another post."))
    if own:
        found.append(Because("own_step", "You wrote this. A second person approves it."))
    if skips_formal(rung, climbed) and not (LEADS in duties and reason.strip()):
        found.append(
            Because(
                "formal_first",
                "A final notice follows a formal one. The leadership may pass over it, in words.",
            )
        )
    return tuple(found)


def skips_formal(rung: Rung, climbed: frozenset[Rung]) -> bool:
    """Whether this would be a final notice without a formal one before it."""
    return rung is Rung.FINAL_NOTICE and Rung.FORMAL_NOTICE not in climbed


def next_rungs(before: Rung | None) -> tuple[Rung, ...]:
    """What may come next in a matter, lowest first; with None, what a matter may begin with."""
    return tuple(
        rule.rung
        for rule in LADDER.values()
        if (rule.begins if before is None else before in rule.follows)
    )


def answer_due(rung: Rung, since: datetime, clocks: Mapping[str, int]) -> datetime | None:
    """When the authorities' time to act runs out, by the mission's clock."""
    name = LADDER[rung].clock
    return since + timedelta(days=days(name, clocks)) if name else None


def days(name: str, clocks: Mapping[str, int]) -> int:
    """One clock of the ladder, as the mission sets it or as it is usual."""
    return clocks.get(name, CLOCKS[name])


def standing(heads: Iterable[Rung]) -> str:
    """The gravest of the matters open with a party. What was withdrawn counts as suspended."""
    found = [
        Rung.SUSPENDED if rung is Rung.WITHDRAWN else rung
        for rung in heads
        if rung is not Rung.RESUMED
    ]
    return max((rung.value for rung in found), key=STANDING.index, default="none")
