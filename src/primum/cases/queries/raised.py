"""Whether a case goes one step higher than computed, and why, as far as a viewer may know."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from primum.cases.models import Activity, Note
from primum.cases.raising import OPEN_STAGES, raised
from primum.people.sight import Viewer, require

__all__ = ["RaisedLine", "raised_line"]


@dataclass(frozen=True, slots=True)
class RaisedLine:
    """That it was raised, whether this viewer may raise it, and the reasons this viewer reads."""

    raised: bool
    may_raise: bool
    reasons: tuple[str, ...]


def raised_line(viewer: Viewer, key: UUID) -> RaisedLine:
    """For the page of a case. To the proposer and all outside the seal there is nothing."""
    require(viewer)
    open_stage = Activity.objects.filter(id=key, stage__in=OPEN_STAGES).exists()
    notes = Note.objects.filter(case=key, kind="raise_stakes").order_by("at")
    return RaisedLine(
        raised=key in raised([key]),
        may_raise=open_stage and "widest_seal" in viewer.duties,
        reasons=tuple(notes.values_list("text", flat=True)),
    )
