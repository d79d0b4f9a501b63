"""Everything that waits for a post, in one list: My desk shows it, the clock reminds of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from primum.cases import facts
from primum.cases.models import (
    Activity,
    Assessment,
    Commitment,
    Decision,
    Delivery,
    Look,
    Report,
)
from primum.core import authority
from primum.core.vocabulary import Stage, Stakes
from primum.people import door, mission, queries
from primum.people.sight import Viewer, require

__all__ = ["DESK", "LATER", "DueItem", "desk", "due_items"]

DESK: Mapping[str, tuple[str, ...]] = {
    "decide": ("decide", "decide_broken", "decide_grave", "confirm", "unconfirmed"),
    "advise": ("assess", "advise", "assess_report"),
    "do": ("verify", "answer_breach"),
    "look": ("look",),
}
"""The four short lists of My desk, and what each holds."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that waits: what, about which case, for which post, until when."""

    kind: str
    record: UUID
    case: UUID
    case_kind: str
    title: str
    post: UUID
    due: datetime
    seal: UUID
    signer: UUID | None = None
    """The one person who can do it, whatever post they act in."""

    def overdue(self, now: datetime) -> bool:
        return self.due < now


LATER = timedelta(days=60)
"""Looks and checks that fall due after this are not on today's desk."""


def desk(viewer: Viewer, now: datetime) -> Mapping[str, tuple[DueItem, ...]]:
    """What waits for this viewer, vacant posts below included, in order of due date."""
    mine = queries.answers_for(viewer, now)
    near = now + LATER
    items = [
        _as_read(viewer, item)
        for item in due_items(viewer, now)
        if (item.post in mine or item.signer == viewer.person) and item.due <= near
    ]
    return {
        name: tuple(item for item in items if item.kind in kinds) for name, kinds in DESK.items()
    }


def _as_read(viewer: Viewer, item: DueItem) -> DueItem:
    """What only its signer can confirm still stands on the desk of the post it was decided for."""
    if item.signer in (None, viewer.person):
        return item
    return replace(item, kind="unconfirmed")


def due_items(viewer: Viewer, now: datetime) -> tuple[DueItem, ...]:
    """Every open thing this viewer may see, whoever it waits for, soonest first."""
    require(viewer)
    found = [
        *_judgements(viewer, now),
        *_confirmations(),
        *broken(),
        *grave(),
        *_looks(),
        *_commitments(),
        *_breaches(),
        *_reports(),
    ]
    return tuple(sorted(found, key=lambda item: (item.due, str(item.record))))


def _judgements(viewer: Viewer, now: datetime) -> Iterator[DueItem]:
    """Assess what is proposed, advise on what is assessed, decide what is advised.

    Whose decision it is follows from the stakes, which only those who read the assessment know:
    others are not told that a decision is waiting, or for whom.
    """
    clocks = mission.current().clocks
    rows = list(
        Activity.objects.filter(stage__in=(Stage.PROPOSED, Stage.ASSESSED))
        .select_related("proposed_by")
        .order_by("stage_since")
    )
    if not rows:
        return
    assesses, advises = mission.post_with("assesses").id, mission.post_with("advises").id
    judged = facts.judged([row.id for row in rows if row.stage == Stage.ASSESSED])
    stakes = _stakes([found.assessment for found in judged.values()])
    not_now = _reviews([row.id for row in rows])
    actor = door.actor(viewer, now)
    judging = mission.default_seal("assessment")
    for row in rows:
        found = judged.get(row.id)
        if found is None:
            yield _of(row, "assess", assesses, row.stage_since + timedelta(clocks["assess_days"]))
            continue
        if not found.advised:
            yield _of(row, "advise", advises, found.at + timedelta(clocks["advise_days"]))
        own = authority.is_own_case(actor, row.proposed_by.person_id, row.owner_id)
        if found.assessment in stakes and not own:
            decider = facts.decider_post(stakes[found.assessment]).id
            due = not_now.get(row.id) or found.at + timedelta(clocks["decide_days"])
            # Whose decision it is tells the stakes: a reminder of it lies under their seal.
            yield _of(row, "decide", decider, due, seal=judging)


def _stakes(assessments: Collection[UUID]) -> Mapping[UUID, Stakes]:
    """The stakes of those assessments that this viewer may read."""
    rows = Assessment.objects.filter(id__in=assessments).values_list("id", "stakes")
    return {key: Stakes[word.upper()] for key, word in rows}


def _reviews(activities: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When somebody said “not now”, the day they promised to look again."""
    rows = Decision.objects.filter(
        Decision.STANDS, activity__in=activities, choice="not_now", review_by__isnull=False
    ).order_by("activity", "-at")
    return {row.activity_id: row.review_by for row in rows.distinct("activity") if row.review_by}


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


def broken() -> Iterator[DueItem]:
    """A broken commitment asks for a Decision; any later one on the case answers it."""
    rows = Commitment.objects.filter(decision_due__isnull=False).select_related("activity")
    for row in rows:
        later = Decision.objects.filter(
            Decision.STANDS, activity=row.activity_id, at__gt=row.answered
        )
        if row.decision_due and not later.exists():
            post = facts.decider_post(facts.stakes_of(row.activity_id)).id
            seal = mission.default_seal("assessment")
            yield _of(row.activity, "decide_broken", post, row.decision_due, row.id, seal)


def grave() -> Iterator[DueItem]:
    """Something grave seen at a look asks for a Decision; any later one on the case answers it."""
    for row in Look.objects.filter(decision_due__isnull=False).select_related("activity"):
        later = Decision.objects.filter(Decision.STANDS, activity=row.activity_id, at__gt=row.made)
        if row.decision_due and not later.exists():
            post = facts.decider_post(facts.stakes_of(row.activity_id)).id
            yield _of(row.activity, "decide_grave", post, row.decision_due, row.id, row.seal_id)


def _looks() -> Iterator[DueItem]:
    rows = Look.objects.filter(state=Look.State.OPEN).select_related("activity")
    for row in rows:
        yield _of(row.activity, "look", row.post_id, row.due, row.id, row.seal_id)


def _commitments() -> Iterator[DueItem]:
    still = (Commitment.State.OPEN, Commitment.State.COULD_NOT_CHECK)
    for row in Commitment.objects.filter(state__in=still).select_related("activity"):
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
