"""Reads of those who oversee: the leadership, its meetings, the audit, and the work of posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from primum.actions.base import NotThere
from primum.api import gates
from primum.api.operations import Read
from primum.cases.counts import BY_CODE
from primum.cases.queries import audit as counting
from primum.cases.queries import late, memory, plan, work
from primum.cases.queries import leadership as leading
from primum.cases.queries import meetings as held
from primum.cases.queries import samples as drawn
from primum.core.vocabulary import Text
from primum.people import queries as people
from primum.people.sight import Viewer


@dataclass(frozen=True, slots=True)
class Dated:
    """A record to ask for, and when it was made."""

    id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditDays:
    """The cases in question are those asked for on these days, in UTC, first and last included."""

    since: date | None = None
    until: date | None = None

    @property
    def period(self) -> counting.Period:
        since = datetime.combine(self.since, time(), UTC) if self.since else None
        until = datetime.combine(self.until, time(), UTC) if self.until else None
        return counting.Period(since, until + timedelta(days=1) if until else None)


@dataclass(frozen=True, slots=True)
class AuditCount:
    """One honest count: what is counted, and what it leaves out."""

    code: str
    section: str
    title: str
    rest: str
    """What those are that it looked at and did not count."""
    by: str
    """engine: every case at component level; sight: what this post reads."""
    cell: counting.Cell
    left: int
    """How many it looked at and did not count."""
    seen: counting.Cell
    """The part of it that this post may open."""
    held_back: bool
    """True where the whole is not told: what is hidden of it is little."""
    seconds: int | None
    """The median, of a count that has one."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Every count, and some of them by the component that asked."""

    counts: tuple[AuditCount, ...]
    components: tuple[tuple[Text, Mapping[str, counting.Cell]], ...]


@dataclass(frozen=True, slots=True)
class CountPage:
    """One count with its parts by component, organisation and post."""

    count: AuditCount
    parts: Mapping[str, tuple[counting.Group, ...]]


def leadership_today(viewer: Viewer, now: datetime) -> leading.Leadership:
    """What the leadership reads in the morning, with its numbers."""
    return leading.leadership(viewer, now)


def leadership_late(viewer: Viewer, now: datetime) -> tuple[late.LateItem, ...]:
    """What came to the leadership because it is late, and waits still."""
    return late.escalated(viewer, now)


def meetings(viewer: Viewer, _now: datetime) -> tuple[Dated, ...]:
    """The newest minutes of the leadership's meetings."""
    return tuple(Dated(*each) for each in held.meetings(viewer))


def agenda(
    viewer: Viewer, now: datetime, *, supersedes: UUID | None = None
) -> tuple[held.AgendaItem, ...]:
    """What the next meeting has to speak of, the hardest first; for those who minute.

    With `supersedes`: what those minutes spoke of, to be written anew.
    """
    if supersedes is None:
        return held.agenda(viewer, now)
    former = held.minutes(viewer, supersedes)
    if former is None:
        raise NotThere
    return held.former_agenda(viewer, former, now)


def minutes(viewer: Viewer, _now: datetime, meeting: UUID) -> held.Minutes | None:
    """One meeting as it was minuted, as far as this post may read it."""
    return held.minutes(viewer, meeting)


def audit(viewer: Viewer, now: datetime, *, days: AuditDays) -> AuditPage:
    """Every count of the audit, over the cases asked for from one day to another."""
    found = counting.audit(viewer, days.period, now)
    return AuditPage(tuple(_count(each) for each in found.figures.values()), found.components)


def audit_count(viewer: Viewer, now: datetime, *, code: str, days: AuditDays) -> CountPage | None:
    """One count with its parts, by the code it has in the audit."""
    found = counting.figure(viewer, code, days.period, now)
    return found and CountPage(_count(found[0]), found[1])


def audit_list(
    viewer: Viewer,
    now: datetime,
    after: str,
    *,
    code: str,
    part: str = "counted",
    days: AuditDays,
) -> Sequence[counting.ListLine]:
    """The rows behind a count that this post may open; `part` is `counted` or `rest`."""
    if code not in BY_CODE:
        raise NotThere
    return counting.audit_list(viewer, (code, part != "rest"), days.period, now, after)


def _count(found: counting.Figure) -> AuditCount:
    return AuditCount(
        code=found.code,
        section=found.section,
        title=str(found.title),
        rest=str(found.rest),
        by=found.by,
        cell=found.cell,
        left=found.cell.rest,
        seen=found.seen,
        held_back=found.held_back,
        seconds=found.seconds,
    )


def samples(viewer: Viewer, _now: datetime) -> tuple[Dated, ...]:
    """The newest samples of cases drawn by chance."""
    return tuple(Dated(*each) for each in drawn.samples(viewer))


def sample(viewer: Viewer, _now: datetime, sample: UUID) -> drawn.SamplePage | None:
    """One sample: its cases that this post sees, to judge whether the right kind was chosen."""
    return drawn.sample(viewer, sample)


def month_plan(
    viewer: Viewer, now: datetime, *, post: UUID | None = None, month: date | None = None
) -> plan.MonthPlan | None:
    """What a post is to look at in a month, place by place: one's own of today, unless asked.

    `month` is any day of it.
    """
    return plan.month_plan(viewer, post or viewer.post, month or now.date(), now)


def posts(viewer: Viewer, now: datetime) -> tuple[people.PostLine, ...]:
    """Every post of the mission, who holds it, and which stands above it."""
    return people.post_lines(viewer, now)


def queue(viewer: Viewer, now: datetime, post: UUID) -> work.Queue | None:
    """What waits for a post, how long it takes, and what would be left."""
    return work.queue_of(viewer, post, now)


def handover(viewer: Viewer, now: datetime, post: UUID) -> memory.Pack | None:
    """What a post knows and whoever comes next must."""
    return memory.pack_of(viewer, post, now)


OVERSIGHT: Final[tuple[Read, ...]] = (
    Read("leadership", leadership_today, gates.leads),
    Read("leadership/late", leadership_late, gates.leads),
    Read("meetings", meetings, gates.leads),
    Read("meetings/agenda", agenda, gates.minutes_meetings),
    Read("meetings/{meeting}", minutes, gates.leads),
    Read("audit", audit, gates.audits),
    Read("audit/count", audit_count, gates.audits),
    Read("audit/list", audit_list, gates.audits),
    Read("samples", samples, gates.audits),
    Read("samples/{sample}", sample, gates.audits),
    Read("plan", month_plan),
    Read("posts", posts),
    Read("posts/{post}/queue", queue),
    Read("posts/{post}/handover", handover),
)
