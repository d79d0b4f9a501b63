"""Where parties stand on the intercession ladder, as far as a viewer may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from primum.cases.models import Intercession
from primum.core.intercession import LATELY, RAISED, Rung, standing
from primum.people.sight import Viewer, require


def standing_of(viewer: Viewer, parties: Collection[UUID], now: datetime) -> str:
    """The gravest step that stands with these parties, of the last two years."""
    require(viewer)
    rows = Intercession.objects.filter(
        party__in=parties, state=Intercession.State.APPROVED, judged__lte=now
    )
    return standing(Rung(row.rung) for row in heads(rows) if recent(row, now))


def interceded_lately(viewer: Viewer, parties: Collection[UUID], now: datetime) -> set[UUID]:
    """Which of these parties were interceded with, or worse, in the last two years (SETTLED 38)."""
    require(viewer)
    return set(
        Intercession.objects.filter(
            party__in=parties,
            state=Intercession.State.APPROVED,
            rung__in=RAISED,
            judged__gt=now - LATELY,
            judged__lte=now,
        ).values_list("party", flat=True)
    )


def heads(rows: Iterable[Intercession]) -> list[Intercession]:
    """Of approved rungs the last one of each matter: those that none of the others goes on from."""
    found = list(rows)
    passed = {row.supersedes_id for row in found}
    return [row for row in found if row.id not in passed]


def recent(row: Intercession, now: datetime) -> bool:
    return row.judged is not None and row.judged > now - LATELY


def climbed(row: Intercession, known: Mapping[UUID, Intercession]) -> list[Intercession]:
    """A rung's matter up to it, earliest first, as far as these known rows reach back."""
    found = [row]
    while (before := known.get(found[-1].supersedes_id or row.id)) and before not in found:
        found.append(before)
    return found[::-1]
