"""Signed sheets: who may have signed one, and the one that was kept, under its own seal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases.models import Decision, File
from primum.core.authority import DECIDER
from primum.exchange.documents import kind_of
from primum.people.models import Holding
from primum.people.sight import Viewer, require

__all__ = ["Scan", "Signer", "signed_sheet", "signers"]


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who holds or covers a post that decides: they may have signed."""

    holding: UUID
    post: UUID
    title: Mapping[str, str]
    name: str


@dataclass(frozen=True, slots=True)
class Scan:
    """A kept sheet as it is handed out: its kind is read from its bytes again."""

    content: bytes
    media_type: str
    name: str


def signers(viewer: Viewer, now: datetime) -> tuple[Signer, ...]:
    """Who sits in a deciding post now, holders before those who cover for them."""
    require(viewer)
    rows = (
        Holding.objects.filter(post__duties__overlap=list(DECIDER.values()), starts__lte=now)
        .exclude(ends__lte=now)
        .exclude(person=viewer.person)
        .select_related("post", "person")
        .order_by("post__organisation__code", "post__code", "acting", "starts")
    )
    return tuple(Signer(row.id, row.post_id, row.post.titles, row.person.name) for row in rows)


def signed_sheet(viewer: Viewer, activity: UUID, decision: UUID) -> Scan | None:
    """The sheet of a decision, for those whose post its seal names; None for everybody else."""
    require(viewer)
    bears = Decision.objects.filter(id=decision, activity=activity).values("sheet")
    kept = File.objects.filter(id__in=bears).first()
    if kept is None:
        return None
    content = bytes(kept.content)
    kind = kind_of(content)
    return None if kind is None else Scan(content, kind[0], f"signed-sheet.{kind[1]}")
