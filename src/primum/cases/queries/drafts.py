"""What this viewer has typed and not yet sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases.models import Draft
from primum.people.sight import Viewer, require

__all__ = ["Kept", "draft"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form half filled in, when it was kept, and what a Ruling was first shown for."""

    form: Mapping[str, Sequence[str]]
    at: datetime
    shown: Mapping[str, object] | None


def draft(viewer: Viewer, purpose: str, about: UUID) -> Kept | None:
    """The viewer's own draft of one form."""
    require(viewer)
    row = Draft.objects.filter(
        person=viewer.person, post=viewer.post, purpose=purpose, about=about
    ).first()
    return Kept(row.form, row.at, row.shown) if row else None
