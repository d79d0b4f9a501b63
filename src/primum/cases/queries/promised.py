"""What waits because of a promise: undertakings to be checked, and waivers that are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from primum.cases.models import Undertaking, Waiver
from primum.people import mission
from primum.people.sight import Viewer, require

__all__ = ["promised"]


Waits = tuple[str, UUID, UUID, str, str, UUID, datetime, UUID]
"""Kind, record (the undertaking), case, kind of case, title, post, due, seal: as a `DueItem`."""


def promised(viewer: Viewer, now: datetime) -> tuple[Waits, ...]:
    """Undertakings wait for who verifies them; a waiver that is over for who gave it."""
    require(viewer)
    return (*_undertakings(), *_waivers(now))


def _undertakings() -> Iterator[Waits]:
    for row in Undertaking.objects.filter(state=Undertaking.State.OPEN):
        yield _of(row, "undertaking", row.verifier_id, row.due, row.seal_id)


def _waivers(now: datetime) -> Iterator[Waits]:
    """It counts no more, and nobody has said what follows: due from the moment it was over."""
    rows = Waiver.objects.filter(ended=None).select_related("undertaking")
    over = [row for row in rows if not row.stands(now)]
    leadership = mission.post_with("decides_leadership").id if over else None
    for row in over:
        failed = row.undertaking.failed
        since = min(row.until, failed) if failed and failed >= row.at else row.until
        if leadership:
            yield _of(row.undertaking, "waiver_over", leadership, since, row.seal_id)


def _of(row: Undertaking, kind: str, post: UUID, due: datetime, seal: UUID) -> Waits:
    return kind, row.id, row.party_id, "undertaking", row.text, post, due, seal
