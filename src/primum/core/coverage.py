"""Whether an approval covered what was delivered, at the moment it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

Period = tuple[datetime, datetime | None]
"""From, and until (excluded); None is still running."""


def breach(
    happened: datetime,
    leases: Sequence[Period],
    suspensions: Sequence[Period],
    unmet: Sequence[Period],
    emergency: Period | None = None,
) -> str:
    """Why no approval covers a delivery made at `happened`; empty when one does.

    A delivery is a fact and is always recorded, perhaps long after: what counts is which approvals
    and suspensions there were at its own moment, and what was then promised and not yet met. An
    emergency covers what is done from its beginning until somebody has assessed it, or should have;
    never what is suspended.
    """
    if any(_within(happened, period) for period in suspensions):
        return "suspended"
    if emergency is not None and _within(happened, emergency):
        return ""
    if all(happened < start for start, _ in leases):
        return "before_decision"
    if not any(_within(happened, period) for period in leases):
        return "after_end"
    return "before_commitments" if any(_within(happened, period) for period in unmet) else ""


def suspensions(stops: Sequence[datetime], ends: Sequence[datetime]) -> list[Period]:
    """From each stop to what ended it: a resumption, a withdrawal, the end of its approval.

    After that end there is no approval to suspend, and a later one starts free. Of things that
    happened at one instant, those come first that then made sense.
    """
    found: list[Period] = []
    since: datetime | None = None
    for moment in sorted({*stops, *ends}):
        begun, ended = stops.count(moment), ends.count(moment)
        while begun if since is None else ended:
            if since is None:
                since, begun = moment, begun - 1
            else:
                found.append((since, moment))
                since, ended = None, ended - 1
    return found if since is None else [*found, (since, None)]


def _within(moment: datetime, period: Period) -> bool:
    start, end = period
    return start <= moment and (end is None or moment < end)
