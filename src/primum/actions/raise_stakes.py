"""Raise the stakes of a case: by the human-rights post with the widest seal, or by lot.

Both leave the very same row. Why stands under the seal of the post that asked for it.
"""

from __future__ import annotations

from datetime import datetime
from secrets import randbelow
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    acting,
    activity_of,
    digest,
    holding,
    log,
    needs,
    part_seal,
    refuse,
    salt,
)
from primum.cases.models import Activity, Note, Raised
from primum.cases.raising import OPEN_STAGES
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer

WHOLE = 100


def raise_stakes(*, by: Viewer, now: datetime, activity: UUID, words: str) -> None:
    """Send a case one step higher, for a reason that nobody below this post's seal reads.

    Asked twice, or after the lot fell on it, it stays one step: only the reason is added.
    """
    with acting(by):
        row = activity_of(activity)
        if "widest_seal" not in by.duties:
            raise NotThere
        if row.stage not in OPEN_STAGES:
            raise refuse(Verb.ADVISE, "decided", "This has been decided. Advise to suspend it.")
        said = needs(words, Verb.ADVISE)
        keep_raised(row)
        note = Note(
            id=uuid4(),
            seal_id=mission.default_seal("full_ruling"),
            case=row.id,
            kind="raise_stakes",
            text=said,
            by=holding(by, now, Verb.ADVISE),
            at=now,
            salt=salt(),
        )
        note.save(force_insert=True)
        words = digest(note.salt, said)
        log(("activity", row.id), "raise_stakes", note, now, words=words, seal=note.seal_id)


def draw_lot(row: Activity) -> None:
    """For a stated share of cases, at the first assessment: asking again draws no second lot."""
    if randbelow(WHOLE) < mission.current().raised_share:
        keep_raised(row)


def keep_raised(row: Activity) -> None:
    if not Raised.objects.filter(activity=row).exists():
        seal = part_seal(row, "assessment")
        Raised(id=uuid4(), seal_id=seal, activity=row).save(force_insert=True)
