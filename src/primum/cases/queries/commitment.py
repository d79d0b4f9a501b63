"""One commitment with everything that was answered, for the post that verifies it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases.models import Commitment
from primum.core.vocabulary import Text
from primum.people import queries as people
from primum.people.sight import Viewer, require

__all__ = ["AnswerLine", "CommitmentPage", "commitment_page"]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer: when, what, by which post, how it was checked or why not, in which words."""

    at: datetime
    answer: str
    post: UUID
    how: str
    words: str


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """What is owed, how one can tell, and what was answered so far."""

    id: UUID
    activity: UUID
    title: str
    text: Text
    test: Text
    owed_by: str
    owed_to: str
    timing: str
    due: datetime
    every_days: int | None
    proof: str
    verifier: UUID
    state: str
    answers: tuple[AnswerLine, ...]
    waits_for_me: bool


def commitment_page(
    viewer: Viewer, activity: UUID, key: UUID, now: datetime
) -> CommitmentPage | None:
    """The commitment of this activity, or None when there is none for this viewer."""
    require(viewer)
    rows = Commitment.objects.filter(id=key, activity=activity).select_related("activity")
    row = rows.first()
    if row is None:
        return None
    mine = row.verifier_id in people.answers_for(viewer, now)
    return CommitmentPage(
        id=row.id,
        activity=row.activity_id,
        title=row.activity.title,
        text=row.text,
        test=row.test,
        owed_by=row.owed_by,
        owed_to=row.owed_to,
        timing=row.timing,
        due=row.due,
        every_days=row.every_days,
        proof=row.proof,
        verifier=row.verifier_id,
        state=row.state,
        answers=tuple(
            AnswerLine(
                datetime.fromisoformat(each["at"]),
                each["answer"],
                UUID(each["post"]),
                each.get("how", ""),
                each["words"],
            )
            for each in row.answers
        ),
        waits_for_me=mine and (row.still_owed or row.may_yet_be_met),
    )
