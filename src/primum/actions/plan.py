"""What follows a go: the looks and commitments of the protocol, as dated rows with a post each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from secrets import randbelow

from primum.actions.base import part_seal, salt
from primum.cases import facts
from primum.cases.models import Activity, Assessment, Commitment, Look
from primum.core import protocol
from primum.core.protocol import CommitmentOffer, LookPlan, Phase
from primum.people import mission
from primum.people.models import Post


def plan_follow_up(
    activity: Activity, assessment: Assessment, now: datetime, conditions: tuple[str, ...] | None
) -> None:
    """Write the rows. `conditions` None asks for everything the protocol proposes.

    Looks that an earlier approval of the same activity planned and that are still open stay.
    """
    rules = facts.protocol_of(assessment.protocol)
    answers = protocol.read_answers(rules, assessment.answers)
    # Without facts on purpose: that a look or commitment exists is never sealed, so it must not
    # depend on what only some may know. An offer whose condition names a fact is made.
    proposed = protocol.plan(rules, answers)
    for look in proposed.looks:
        _write_looks(activity, look, now)
    for offer in proposed.commitments:
        if conditions is None or offer.id in conditions:
            _write_commitments(activity, offer, now)


def _write_looks(activity: Activity, plan: LookPlan, now: datetime) -> None:
    post = mission.post_with(plan.by)
    seal = part_seal(activity, "look")
    if Look.objects.filter(
        activity=activity, plan=plan.id, state=Look.State.OPEN, due__gt=now
    ).exists():
        return
    for days in plan.after_days:
        due, grace_days = _some_day(activity, plan, now + timedelta(days=days))
        Look(
            seal_id=seal,
            activity=activity,
            plan=plan.id,
            due=due,
            grace_days=grace_days,
            post=post,
            unannounced=plan.unannounced,
            asks=list(plan.asks),
            salt=salt(),
        ).save(force_insert=True)


def _some_day(activity: Activity, plan: LookPlan, due: datetime) -> tuple[datetime, int]:
    """The day a look is due and its grace; an unannounced one is due on some day of its grace.

    The protocol is open to all, so the day it names could be computed. What is left of the grace
    is shorter by as much: the approval ends as if nothing had moved. A look within the approval
    stays within it, one within the watch within that.
    """
    if not plan.unannounced:
        return due, plan.grace_days
    last = due + timedelta(days=plan.grace_days)
    ends = (end for end in (activity.approved_until, activity.watch_until) if end and due <= end)
    later = randbelow((min(last, next(ends, last)) - due).days + 1)
    return due + timedelta(days=later), plan.grace_days - later


def _write_commitments(activity: Activity, offer: CommitmentOffer, now: datetime) -> None:
    verifier = _verifier(offer.verifier)
    # What the requester, the recipient or the authorities owe is told to them. What our own posts
    # owe may tell what was found, so only its existence is known.
    told = offer.by in ("owner", "recipient", "authorities")
    seal = activity.seal_id if told else part_seal(activity, "look")
    if _renewed(activity, offer, now):
        return
    for due in _dues(activity, offer, now):
        Commitment(
            seal_id=seal,
            activity=activity,
            code=offer.id,
            text=dict(offer.text),
            owed_by=offer.by,
            timing=offer.phase.value,
            due=due,
            proof=offer.proof.value,
            verifier=verifier,
            salt=salt(),
        ).save(force_insert=True)


def _renewed(activity: Activity, offer: CommitmentOffer, now: datetime) -> bool:
    """A commitment of an earlier approval that is still open is owed anew, not twice."""
    still = (Commitment.State.OPEN, Commitment.State.COULD_NOT_CHECK)
    rows = Commitment.objects.filter(activity=activity, code=offer.id, state__in=still)
    due = next(_dues(activity, offer, now), None)
    return due is not None and rows.update(due=due) > 0


def _dues(activity: Activity, offer: CommitmentOffer, now: datetime) -> Iterator[datetime]:
    until = activity.approved_until or now
    if offer.every_days:
        due = now + timedelta(days=offer.due_days or offer.every_days)
        while due <= until:
            yield due
            due += timedelta(days=offer.every_days)
    elif offer.due_days is not None:
        yield now + timedelta(days=offer.due_days)
    else:
        yield until if offer.phase is not Phase.AFTER else activity.watch_until or until


def _verifier(duty: str) -> Post:
    return mission.post_with(duty)
