"""What waits on the intercession ladder: approvals, letters, and the answers of authorities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from primum.cases.models import Intercession, Letter, LetterReading, LetterText
from primum.core import intercession as core
from primum.people import mission
from primum.people.sight import Viewer, require

__all__ = ["LADDER_DESK", "Waiting", "on_the_ladder"]

LADDER_DESK: Mapping[str, tuple[str, ...]] = {
    "authorities": (
        *("approve_rung", "write_letter", "answer_rung"),
        *("read_letter", "rewrite_letter", "send_letter"),
    )
}
"""One more list of My desk: what goes to authorities, and what they owe an answer to."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits, field by field as My desk lists it."""

    kind: str
    record: UUID
    case: UUID
    case_kind: str
    title: str
    post: UUID
    due: datetime
    seal: UUID
    absent: frozenset[UUID] = frozenset()


def on_the_ladder(viewer: Viewer) -> tuple[Waiting, ...]:
    """Everything that waits, of what this viewer may see."""
    require(viewer)
    return (*_approvals(), *_unwritten(), *_answers(), *_letters())


def _approvals() -> Iterator[Waiting]:
    rows = Intercession.objects.filter(state=Intercession.State.WAITING)
    for row in rows.select_related("by", "party"):
        post = mission.post_with(core.LADDER[core.Rung(row.rung)].desk).id
        due = row.at + _days("intercession_approve_days")
        yield _of_step(row, "approve_rung", post, due, frozenset({row.by.person_id}))


def _standing() -> list[Intercession]:
    """Approved steps that nothing has gone on from: what is owed of others is over."""
    rows = list(
        Intercession.objects.filter(state=Intercession.State.APPROVED).select_related("by", "party")
    )
    passed = {row.supersedes_id for row in rows}
    return [row for row in rows if row.id not in passed]


def _unwritten() -> Iterator[Waiting]:
    """A step that owes its letter, and has none that anybody has begun."""
    begun = set(Letter.objects.values_list("intercession", flat=True))
    for row in _standing():
        if core.LADDER[core.Rung(row.rung)].needs_letter and row.id not in begun and row.judged:
            due = row.judged + _days("letter_days")
            yield _of_step(row, "write_letter", row.by.post_id, due)


def _answers() -> Iterator[Waiting]:
    """The authorities' time runs by the day that their letter names, else by the step's own."""
    named = _named()
    for row in _standing():
        due = named.get(row.id) or row.deadline
        if due is not None and not row.answer:
            yield _of_step(row, "answer_rung", row.by.post_id, due)


def _named() -> dict[UUID, datetime]:
    """Step -> the end of the day that the last letter sent about it names."""
    rows = (
        LetterText.objects.filter(letter__state=Letter.State.SENT, deadline__isnull=False)
        .order_by("letter__sent_at", "number")
        .values_list("letter__intercession", "deadline")
    )
    return {step: _end(day) for step, day in rows if step and day}


def _letters() -> Iterator[Waiting]:
    """Read what waits, write anew what was sent back, send what passed once its day has come."""
    rows = Letter.objects.exclude(state=Letter.State.SENT).select_related("by", "party")
    for row in rows:
        post, absent = row.by.post_id, frozenset[UUID]()
        due = row.state_since + _days("letter_days")
        if row.state == Letter.State.WAITING:
            due = row.state_since + _days("letter_read_days")
            post, absent = _reader(row)
        if row.state == Letter.State.PASSED:
            reading = LetterReading.objects.filter(text__letter=row).order_by("-at").first()
            if reading and reading.not_before:
                due = max(due, datetime.combine(reading.not_before, time(), UTC))
        kind = {"waiting": "read_letter", "sent_back": "rewrite_letter", "passed": "send_letter"}
        yield Waiting(
            kind=kind[row.state],
            record=row.id,
            case=row.party_id,
            case_kind="letter",
            title=row.party.name,
            post=post,
            due=due,
            seal=row.seal_id,
            absent=absent,
        )


def _reader(row: Letter) -> tuple[UUID, frozenset[UUID]]:
    """Who reads it: the post that advises; where that wrote it, the post that assesses."""
    writers = list(LetterText.objects.filter(letter=row).values_list("by__post", "by__person"))
    posts = {post for post, _person in writers}
    first, second = mission.post_with("advises").id, mission.post_with("assesses").id
    return (second if first in posts else first), frozenset(person for _post, person in writers)


def _of_step(
    row: Intercession,
    kind: str,
    post: UUID,
    due: datetime,
    absent: frozenset[UUID] = frozenset(),
) -> Waiting:
    return Waiting(
        kind=kind,
        record=row.id,
        case=row.party_id,
        case_kind="intercession",
        title=row.party.name,
        post=post,
        due=due,
        seal=row.seal_id,
        absent=absent,
    )


def _days(name: str) -> timedelta:
    return timedelta(days=core.days(name, mission.current().clocks))


def _end(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)
