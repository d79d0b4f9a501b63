"""Everything that waits for a post, in one list: My desk shows it, the clock reminds of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from primum.cases import clocks, facts, hands
from primum.cases.models import (
    Activity,
    Assessment,
    Commitment,
    Decision,
    Delivery,
    Look,
    Report,
)
from primum.cases.queries.due_letters import LADDER_DESK, on_the_ladder
from primum.cases.queries.promised import promised
from primum.cases.queries.reviewing import reviews
from primum.cases.raising import one_step_up, raised
from primum.core.vocabulary import Stage, Stakes, Verb
from primum.people import mission
from primum.people.chairs import Chairs, chairs
from primum.people.sight import Viewer, require

__all__ = ["DESK", "LATER", "DueItem", "desk", "due_items", "on_desk"]

DESK: Mapping[str, tuple[str, ...]] = {
    "decide": (
        *("decide", "decide_broken", "decide_grave", "decide_refused"),
        *("confirm", "unconfirmed", "waiver_over"),
    ),
    "advise": ("assess", "review", "advise", "assess_report"),
    "do": ("reopened", "verify", "answer_breach", "undertaking"),
    "look": ("look",),
    **LADDER_DESK,
}
"""The four short lists of My desk, and what each holds."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that waits: what, about which case, for which post, until when.

    `absent` are people who may not do it, since it is about their own: it passes up past them.
    """

    kind: str
    record: UUID
    case: UUID
    case_kind: str
    title: str
    post: UUID
    due: datetime
    seal: UUID
    absent: frozenset[UUID] = frozenset()
    signer: UUID | None = None
    """The one person who can do it, whatever post they act in."""

    def overdue(self, now: datetime) -> bool:
        return self.due < now


Asks = TypeVar("Asks", Commitment, Look)
LATER = timedelta(days=60)
"""Looks and checks that fall due after this are not on today's desk."""


def desk(viewer: Viewer, now: datetime) -> Mapping[str, tuple[DueItem, ...]]:
    """What waits for this viewer, vacant posts below included, in order of due date."""
    return on_desk(viewer, due_items(viewer, now), now)


def on_desk(
    viewer: Viewer, every: Collection[DueItem], now: datetime
) -> Mapping[str, tuple[DueItem, ...]]:
    """Of what is due, what waits for this viewer."""
    require(viewer)
    seats = chairs(now)
    near = now + LATER
    items = [
        _as_read(viewer, item)
        for item in every
        if item.due <= near and _lands_with(viewer, item, seats)
    ]
    return {
        name: tuple(item for item in items if item.kind in kinds) for name, kinds in DESK.items()
    }


def _as_read(viewer: Viewer, item: DueItem) -> DueItem:
    """What only its signer can confirm still stands on the desk of the post it was decided for."""
    if item.signer in (None, viewer.person):
        return item
    return replace(item, kind="unconfirmed")


def _lands_with(viewer: Viewer, item: DueItem, seats: Chairs) -> bool:
    """Whether it is this viewer's to do; where nobody is left who may, to see to somebody who may.

    Nothing open is on no desk: who leads, or else seats people, can fill a chair.
    """
    if item.signer == viewer.person:
        return True
    able = seats.falls_to(item.post, item.absent)
    if able is None:
        return seats.falls_to(item.post) == viewer.post
    return able == viewer.post and viewer.person not in item.absent


def due_items(viewer: Viewer, now: datetime) -> tuple[DueItem, ...]:
    """Every open thing this viewer may see, whoever it waits for, soonest first."""
    require(viewer)
    found = [
        *_judgements(viewer, now),
        *reviews(viewer, now, _of),
        *_confirmations(),
        *broken(now),
        *grave(now),
        *_looks(),
        *_readings(),
        *_commitments(),
        *_breaches(),
        *_reports(),
        *(DueItem(*each) for each in promised(viewer, now)),
        *(DueItem(**asdict(each)) for each in on_the_ladder(viewer)),
    ]
    return tuple(sorted(found, key=lambda item: (item.due, str(item.record))))


def _judgements(viewer: Viewer, now: datetime) -> Iterator[DueItem]:
    """Assess what is proposed, advise on what is assessed, decide what is advised.

    Whose decision it is follows from the stakes, which only those who read the assessment know:
    others are not told that a decision is waiting, or for whom.
    """
    rows = list(
        Activity.objects.filter(stage__in=(Stage.PROPOSED, Stage.ASSESSED))
        .select_related("proposed_by")
        .order_by("stage_since")
    )
    if not rows:
        return
    assesses, advises = mission.post_with("assesses").id, mission.post_with("advises").id
    judged = facts.judged([row.id for row in rows if row.stage == Stage.ASSESSED])
    stakes = _stakes(viewer, judged, now)
    not_now = _reviews([found.assessment for found in judged.values()])
    proposers = hands.proposers(rows, now)
    owners = hands.standing_in(rows, proposers, now)
    judging = mission.default_seal("assessment")
    for row in rows:
        found, own = judged.get(row.id), owners[row.id]
        if found is None:
            due = _assess_by(row)
            yield replace(_of(row, "assess", assesses, due), absent=own)
            continue
        advisers = frozenset(found.advisers)
        if not found.advised:
            absent = hands.barred(Verb.ADVISE, own, found.assessor, advisers)
            due = found.at + timedelta(hours=clocks.hours(row.id, "advise"))
            yield replace(_of(row, "advise", advises, due), absent=absent)
        if row.id in stakes and viewer.person not in proposers[row.id]:
            absent = hands.barred(Verb.DECIDE, own, found.assessor, advisers)
            due = not_now.get(found.assessment) or found.at + timedelta(
                hours=clocks.hours(row.id, "decide")
            )
            decider = facts.decider_post(stakes[row.id]).id
            # Whose decision it is tells the stakes: a reminder of it lies under their seal.
            yield replace(_of(row, "decide", decider, due, seal=judging), absent=absent)


def _assess_by(row: Activity) -> datetime:
    """What began as an emergency is assessed soon after it began, whenever it was written down."""
    if row.emergency_since is not None:
        return row.emergency_since + timedelta(hours=clocks.hours(row.id, "emergency_assess"))
    return row.stage_since + timedelta(hours=clocks.hours(row.id, "assess"))


def _stakes(
    viewer: Viewer, judged: Mapping[UUID, facts.Judged], now: datetime
) -> Mapping[UUID, Stakes]:
    """The stakes of the cases whose assessment this viewer may read, as they add up today."""
    rows = Assessment.objects.filter(id__in=[found.assessment for found in judged.values()])
    known = {key: Stakes[word.upper()] for key, word in rows.values_list("activity", "stakes")}
    higher = raised(known)
    known = {key: one_step_up(found) if key in higher else found for key, found in known.items()}
    sizes = facts.sizes_of(viewer, known, now)
    return {key: max(stakes, facts.by_size(sizes[key])) for key, stakes in known.items()}


def _reviews(assessments: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When somebody said “not now” to an assessment, the day they promised to look again."""
    rows = Decision.objects.filter(
        Decision.STANDS,
        assessment__in=assessments,
        choice="not_now",
        review_by__isnull=False,
    ).order_by("assessment", "-at")
    return {
        row.assessment_id: row.review_by
        for row in rows.distinct("assessment")
        if row.assessment_id and row.review_by
    }


def _of(
    activity: Activity,
    kind: str,
    post: UUID,
    due: datetime,
    record: UUID | None = None,
    seal: UUID | None = None,
) -> DueItem:
    return DueItem(
        kind=kind,
        record=record or activity.id,
        case=activity.id,
        case_kind="activity",
        title=activity.title,
        post=post,
        due=due,
        seal=seal or activity.seal_id,
    )


def _confirmations() -> Iterator[DueItem]:
    rows = Decision.objects.filter(
        Decision.STANDS, confirm_by__isnull=False, confirmed__isnull=True
    )
    for row in rows.select_related("activity", "signed_by"):
        if row.confirm_by is not None and row.signed_by is not None:
            waits = _of(row.activity, "confirm", row.post_id, row.confirm_by, row.id)
            yield replace(waits, signer=row.signed_by.person_id)


def broken(now: datetime, case: UUID | None = None) -> Iterator[DueItem]:
    """A broken commitment asks for a Decision; a later one on the case answers it.

    A release does not: it lets go of one look or commitment, and says nothing of what was broken.
    """
    rows = list(_undecided(Commitment, "broken_at", case))
    owners = hands.owners([row.activity for row in rows], now)
    seal = mission.default_seal("assessment")
    for row in rows:
        post = facts.decider_post(facts.stakes_of(row.activity_id)).id
        if row.decision_due:
            item = _of(row.activity, "decide_broken", post, row.decision_due, row.id, seal)
            yield replace(item, absent=owners[row.activity_id])


def grave(now: datetime, case: UUID | None = None) -> Iterator[DueItem]:
    """Something grave seen at a look, or access refused twice, asks for a Decision in that way."""
    rows = [(row, row.activity) for row in _undecided(Look, "decision_asked", case)]
    owners = hands.owners([activity for _, activity in rows if activity], now)
    for row, activity in rows:
        if row.decision_due and activity:
            post = facts.decider_post(facts.stakes_of(activity.id)).id
            refused = row.attempts[-1:] and row.attempts[-1]["result"] == "refused"
            kind = "decide_refused" if refused else "decide_grave"
            item = _of(activity, kind, post, row.decision_due, row.id, row.seal_id)
            yield replace(item, absent=owners[activity.id])


def _undecided(model: type[Asks], since: str, case: UUID | None) -> QuerySet[Asks]:
    """Rows that ask for a decision and have had none since the moment in their column `since`."""
    answers = Decision.objects.filter(
        Decision.STANDS,
        activity=OuterRef("activity"),
        kind__in=Decision.ANSWERS,
        at__gt=OuterRef(since),
    )
    rows: QuerySet[Asks] = model._default_manager.filter(decision_due__isnull=False)
    own = rows.filter(activity=case) if case else rows
    return own.filter(~Exists(answers)).select_related("activity__proposed_by")


def _looks() -> Iterator[DueItem]:
    rows = Look.objects.filter(Look.IN_SIGHT, state=Look.State.OPEN).select_related("activity")
    for row in rows:
        yield _of_look(row, "look", row.post_id, row.due)


def _readings() -> Iterator[DueItem]:
    """A look that waits for a second reader; never for whoever made it."""
    rows = Look.objects.filter(Look.IN_SIGHT, state=Look.State.MADE, read_due__isnull=False)
    waiting = list(rows.select_related("activity", "made_by"))
    post = mission.post_with("assesses").id if waiting else None
    for row in waiting:
        if row.read_due and row.made_by and post:
            item = _of_look(row, "read_look", post, row.read_due)
            yield replace(item, absent=frozenset({row.made_by.person_id}))


def _of_look(row: Look, kind: str, post: UUID, due: datetime) -> DueItem:
    """Of an activity, else of the place or party that somebody looked at unplanned."""
    if row.activity is not None:
        return _of(row.activity, kind, post, due, row.id, row.seal_id)
    return DueItem(
        kind=kind,
        record=row.id,
        case=row.place_id or row.party_id or row.id,
        case_kind="place" if row.place_id else "party",
        title="",
        post=post,
        due=due,
        seal=row.seal_id,
    )


def _commitments() -> Iterator[DueItem]:
    for row in Commitment.objects.filter(Commitment.STILL_OWED).select_related("activity"):
        yield _of(row.activity, "verify", row.verifier_id, row.due, row.id)


def _breaches() -> Iterator[DueItem]:
    rows = Delivery.objects.filter(answer_by__isnull=False, answered__isnull=True)
    for row in rows.select_related("activity"):
        if row.answer_by and row.answer_post_id:
            yield _of(row.activity, "answer_breach", row.answer_post_id, row.answer_by, row.id)


def _reports() -> Iterator[DueItem]:
    """A report merely heard waits for somebody to say how sure it is."""
    rows = list(Report.objects.filter(confidence=Report.Confidence.HEARD).prefetch_related("named"))
    if not rows:
        return
    post = mission.post_with("assesses").id
    for row in rows:
        named = row.named.all()
        if named:
            yield DueItem(
                kind="assess_report",
                record=row.id,
                case=named[0].party_id,
                case_kind="party",
                title="",
                post=post,
                due=row.assess_by,
                seal=row.seal_id,
            )
