"""What did we know, when: a case as of one moment, and apart from it what came after.

From the rows and their dates alone, each as far as this viewer reads it. Nothing is stored for it:
rows that were superseded are all still there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases import facts, hands
from primum.cases.models import (
    Activity,
    Assessment,
    Commitment,
    Decision,
    Delivery,
    Entry,
    Ground,
    Line,
    Look,
    Note,
    Report,
    Ruling,
)
from primum.cases.queries.answered import Shown, names_in, shown_answers
from primum.core import vocabulary as v
from primum.people import door
from primum.people.sight import Viewer, require

__all__ = ["Event", "Known", "known"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was learnt, decided or done, at the moment it was written down."""

    at: datetime
    kind: str
    """propose, assess, a kind of decision, look, look_refused, answer, delivery, report, grade."""
    title: v.Text | str
    code: str = ""
    """The word that goes with it: a choice, a result, a state, a confidence, a breach."""
    words: str = ""
    post: UUID | None = None
    record: UUID | None = None
    since: datetime | None = None
    """Of a report: when it was heard, which may be long before it was written down."""


@dataclass(frozen=True, slots=True)
class Known:
    """A case as of a moment. `missed` are looks that had fallen due by then and were not made."""

    id: UUID
    title: str
    invented: bool
    on: datetime
    proposed: tuple[tuple[v.Text, Shown], ...]
    """What the proposer answered; it is never changed."""
    assessed: tuple[tuple[v.Text, Shown], ...]
    assessed_at: datetime | None
    ruling: v.Ruling | None
    """The newest Ruling kept by then that this viewer may read."""
    ruling_post: UUID | None
    by_then: tuple[Event, ...]
    missed: tuple[Event, ...]
    after: tuple[Event, ...]
    decisions: tuple[datetime, ...]
    """When something was decided: moments worth asking about."""


def known(viewer: Viewer, key: UUID, on: datetime, now: datetime) -> Known | None:
    """The case as it was known at `on`, or None when there is no such case for this viewer."""
    require(viewer)
    row = Activity.objects.select_related("proposed_by").filter(id=key).first()
    if row is None:
        return None
    own = hands.is_own_case(door.actor(viewer, now), row, now)
    kept = None if own else _assessment(key, on)
    ruling = _ruling(kept, on)
    events = sorted(_events(row, own=own), key=lambda event: (event.at, event.kind not in FIRST))
    rules = facts.protocol_of(facts.governing(key)[0])
    names = names_in(viewer, rules, row.answers, kept.answers if kept else {})
    return Known(
        id=row.id,
        title=row.title,
        invented=row.invented,
        on=on,
        proposed=shown_answers(viewer, rules, row.answers, names),
        assessed=shown_answers(viewer, rules, kept.answers, names) if kept else (),
        assessed_at=kept.at if kept else None,
        ruling=facts.stored([ruling])[0] if ruling else None,
        ruling_post=ruling.post_id if ruling else None,
        by_then=tuple(event for event in events if event.at <= on),
        missed=tuple(_missed(row.id, on, _plans(row.id))),
        after=tuple(event for event in events if event.at > on),
        decisions=tuple(event.at for event in events if event.kind in DECIDED),
    )


FIRST = ("propose", "assess")
"""At one and the same moment these come before what rests on them."""
DECIDED = ("decide", "suspend", "resume", "withdraw", "go_on")


def _assessment(key: UUID, on: datetime) -> Assessment | None:
    rows = Assessment.objects.filter(activity=key, at__lte=on).select_related("protocol")
    return rows.order_by("-at").first()


def _ruling(kept: Assessment | None, on: datetime) -> Ruling | None:
    """As it was stored, with the facts of its day; nothing is weighed again."""
    if kept is None:
        return None
    return Ruling.objects.filter(assessment=kept, at__lte=on).order_by("-at").first()


def _events(row: Activity, *, own: bool) -> Iterator[Event]:
    """Everything dated about a case; to the proposer nothing of what was found (law 6)."""
    proposed = Entry.objects.filter(case=row.id, verb="propose").values_list("at", "post")
    yield from (Event(at, "propose", "", post=post) for at, post in proposed)
    if not own:
        for made in Assessment.objects.filter(activity=row).select_related("by"):
            yield Event(made.at, "assess", "", made.kind, "", made.by.post_id)
    yield from _decisions(row.id)
    yield from _looks(row.id, _plans(row.id))
    yield from _answers(row.id)
    for given in Delivery.objects.filter(activity=row):
        yield Event(
            given.recorded, "delivery", given.what, given.breach, record=given.id,
            since=given.happened,
        )  # fmt: skip
    yield from _reports(row.id)


def _decisions(key: UUID) -> Iterator[Event]:
    rows = Decision.objects.filter(activity=key)
    grounds = dict(Ground.objects.filter(decision__in=rows).values_list("decision", "words"))
    for row in rows:
        words = grounds.get(row.id, "")
        yield Event(row.at, row.kind, "", row.choice, words, row.post_id, row.id)


def _plans(key: UUID) -> Mapping[str, v.Text]:
    return {
        plan.id: plan.title
        for version in facts.governing(key)
        for plan in facts.protocol_of(version).looks
    }


def _looks(key: UUID, plans: Mapping[str, v.Text]) -> Iterator[Event]:
    """Those that were made, and each attempt that failed."""
    for row in Look.objects.filter(activity=key):
        title = plans.get(row.plan, row.plan)
        for tried in row.attempts:
            at, result = datetime.fromisoformat(tried["at"]), tried["result"]
            made = row.made is not None and at == row.made
            words = row.words if made else ""
            kind = "look" if made else "look_refused"
            yield Event(at, kind, title, result, words, row.post_id, row.id)


def _missed(key: UUID, on: datetime, plans: Mapping[str, v.Text]) -> Iterator[Event]:
    for row in Look.objects.filter(activity=key, due__lte=on).order_by("due"):
        if row.made is None or row.made > on:
            yield Event(row.due, "look", plans.get(row.plan, row.plan), "", "", row.post_id, row.id)


def _answers(key: UUID) -> Iterator[Event]:
    for row in Commitment.objects.filter(activity=key):
        for said in row.answers:
            at, post = datetime.fromisoformat(said["at"]), UUID(said["post"])
            words = said.get("words", "")
            yield Event(at, "answer", row.text, said["answer"], words, post, row.id)


def _reports(key: UUID) -> Iterator[Event]:
    """What was heard of the case's parties, and how sure somebody said it was, each at its time."""
    parties = Line.objects.filter(activity=key).values("party")
    rows = Report.objects.filter(named__party__in=parties).select_related("by").distinct()
    found = {row.id: row for row in rows}
    for row in found.values():
        yield Event(row.at, "report", row.what, "", "", row.by.post_id, row.id, row.heard)
    grades = Note.objects.filter(case__in=found, kind="grade").select_related("by")
    for note in grades:
        yield Event(note.at, "grade", "", "", note.text, note.by.post_id, note.case)
