"""Promises: how they are checked, what the authorities did about a finding, what a waiver rests on.

The vocabularies are short on purpose: what is counted must mean the same to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from primum.core.protocol import SEEN_BY, Method, Proof

HOW: Final = (*(method.value for method in Method), "papers")
"""The ways of checking a promise: those of a look, or by reading what was sent."""
COULD_NOT: Final = ("access_refused", "not_safe", "nobody_free", "nothing_shown", "too_early")
"""Why a promise could not be checked."""
REFUSED: Final = "access_refused"
REFUSALS: Final = 2
"""So many times refused, somebody decides what follows."""

UNDERTAKING: Final = ("kept", "partly_kept", "broken", "lapsed")
"""How an undertaking of the authorities is answered; lapsed: its day passed and nothing came."""
FAILED: Final = ("broken", "lapsed")
WAIVED: Final = ("hard_stop", "officer", "unit")
"""What a waiver is about: a hard stop, an officer in command, or the unit itself."""

STEPS: Final = (
    "investigated",
    "charged",
    "tried",
    "convicted",
    "acquitted",
    "removed_from_post",
    "compensated",
    "nothing",
)
"""What the authorities may have done about a finding."""
EFFECTIVE: Final = frozenset({"tried", "convicted", "removed_from_post"})
"""Steps that hold somebody to account. An inquiry or a charge may yet lead nowhere."""
NOTHING: Final = "nothing"
LADDER: Final = ("none", "some", "effective")
NO_FINDING: Final = "no_finding"


def shows(proof: str, how: str) -> bool:
    """Whether what was promised can be seen in this way: a room that locks takes a visit."""
    ways = SEEN_BY.get(Proof(proof)) if proof in list(Proof) else None
    return ways is None or how in {way.value for way in ways}


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that the authorities are said to have done, and whether there is evidence of it."""

    kind: str
    on: date
    evidenced: bool

    @property
    def counts(self) -> bool:
        """A step that is only claimed does not count (SETTLED 37), nor does having done nothing."""
        return self.evidenced and self.kind != NOTHING


@dataclass(frozen=True, slots=True)
class Finding:
    """One grave allegation: since when it stands, and what was done about it."""

    since: date
    done: Sequence[Done] = ()

    @property
    def answered(self) -> str:
        """none, some or effective."""
        counted = {each.kind for each in self.done if each.counts}
        return LADDER[bool(counted) + bool(counted & EFFECTIVE)]

    def idle_months(self, today: date) -> int:
        """Whole months since the last step, or since it stands; none once it is effective.

        Whoever commands by then: the duty to act passes to a successor (SETTLED 44).
        """
        if self.answered == LADDER[-1]:
            return 0
        last = max([self.since, *(each.on for each in self.done if each.counts)])
        return max(_months(last, today), 0)


def accountability(findings: Iterable[Finding]) -> str:
    """Where least was done: one conviction does not answer for another killing."""
    answers = [finding.answered for finding in findings]
    return min(answers, key=LADDER.index) if answers else NO_FINDING


def idle_months(findings: Iterable[Finding], today: date) -> int:
    return max((finding.idle_months(today) for finding in findings), default=0)


def stands(
    given: datetime, until: datetime, ended: datetime | None, failed: datetime | None, now: datetime
) -> bool:
    """Whether a waiver still counts: not over, not ended, and its undertaking not failed since."""
    return now < until and ended is None and (failed is None or failed < given)


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
