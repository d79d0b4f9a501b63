"""What requesters and recipients are told of decisions, and what is to be read before it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from primum.cases.models import Told
from primum.core import authority
from primum.people import door
from primum.people.sight import Viewer, require

__all__ = ["ToldLine", "telling", "to_read", "told_page"]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """Words for somebody outside, and whether they have gone."""

    id: UUID
    activity: UUID
    title: str
    decision: UUID
    audience: str
    words: str
    state: str
    """waiting, passed, sent_back; a row that was answered is left out, but for what passed."""
    post: UUID
    at: datetime
    mine_to_read: bool
    mine_to_write: bool
    remark: str
    """What could give somebody away, where it was sent back."""


def telling(viewer: Viewer, activity: UUID, now: datetime) -> tuple[ToldLine, ...]:
    """Of each decision what is told, as far as it has gone and this viewer may read it."""
    require(viewer)
    rows = Told.objects.filter(decision__activity=activity).order_by("-at", "id")
    return _lines(viewer, rows, now)


def to_read(viewer: Viewer, now: datetime) -> tuple[ToldLine, ...]:
    """What waits for a second reader, and what was sent back to this post: oldest first."""
    require(viewer)
    rows = Told.objects.exclude(state=Told.State.PASSED).order_by("at", "id")
    return tuple(
        line for line in _lines(viewer, rows, now) if line.mine_to_read or line.mine_to_write
    )


def told_page(viewer: Viewer, key: UUID, now: datetime) -> ToldLine | None:
    """One text to read or to write anew, for the post that should."""
    require(viewer)
    found = _lines(viewer, Told.objects.filter(id=key), now)
    return next((line for line in found if line.mine_to_read or line.mine_to_write), None)


def _lines(viewer: Viewer, rows: QuerySet[Told], now: datetime) -> tuple[ToldLine, ...]:
    actor = door.actor(viewer, now)
    listed = list(rows.select_related("decision__activity", "by", "of__by"))
    answered = set(Told.objects.filter(of__in=listed).values_list("of", flat=True))
    lines: list[ToldLine] = []
    for row in listed:
        if row.id in answered and row.state != Told.State.PASSED:
            continue
        back = row.state == Told.State.SENT_BACK
        own = authority.is_own_case(actor, row.by.person_id, row.by.post_id)
        lines.append(
            ToldLine(
                id=row.id,
                activity=row.decision.activity_id,
                title=row.decision.activity.title,
                decision=row.decision_id,
                audience=row.audience,
                words=row.of.words if back and row.of else row.words,
                state=row.state,
                post=row.by.post_id,
                at=row.at,
                mine_to_read=row.state == Told.State.WAITING
                and bool(authority.READS_WORDS & viewer.duties)
                and not own,
                mine_to_write=back and row.of is not None and row.of.by.post_id == viewer.post,
                remark=row.words if back else "",
            )
        )
    return tuple(lines)
