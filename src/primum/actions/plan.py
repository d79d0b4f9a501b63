"""What follows a go: the looks and commitments of the protocol, as dated rows with a post each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from secrets import randbelow

from django.db.models import Case, F, Max, Value, When

from primum.actions.base import part_seal, salt
from primum.actions.signposts import plan_signposts
from primum.cases import facts
from primum.cases.models import Activity, Assessment, Commitment, Look
from primum.core import protocol
from primum.core.protocol import CommitmentOffer, LookPlan, Phase
from primum.people import door, mission
from primum.people.sight import viewing

NOT_MET = (Commitment.State.BROKEN, Commitment.State.PARTLY)


def plan_follow_up(
    activity: Activity, assessment: Assessment, now: datetime, conditions: tuple[str, ...] | None
) -> None:
    """Write the rows. `conditions` None asks for everything the protocol proposes.

    What an earlier approval left open is owed on, and not twice. It must be found whoever decides
    or records the decision, so this is done through the clock's eyes; nothing of it is handed back.
    """
    rules = facts.protocol_of(assessment.protocol)
    answers = protocol.read_answers(rules, assessment.answers)
    # Without facts on purpose: that a look or commitment exists is never sealed, so it must not
    # depend on what only some may know. An offer whose condition names a fact is made.
    proposed = protocol.plan(rules, answers)
    with viewing(door.clock()):
        for look in proposed.looks:
            _write_looks(activity, look, now)
        for offer in proposed.commitments:
            if conditions is None or offer.id in conditions:
                _write_commitments(activity, offer, now)
        _owe_on(activity, now)
        plan_signposts(activity, now)


def _write_looks(activity: Activity, plan: LookPlan, now: datetime) -> None:
    """The looks of one plan, but for those that an earlier approval has still open.

    They reach as far beyond this approval as the first ones did beyond theirs.
    """
    post = mission.post_with(plan.by)
    seal = part_seal(activity, "look")
    still = Look.objects.filter(activity=activity, plan=plan.id, state=Look.State.OPEN)
    last = still.aggregate(last=Max("due"))["last"]
    for days in plan.after_days:
        due, grace_days = _some_day(activity, plan, now + timedelta(days=days))
        if last is not None and due <= last:
            continue
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
    verifier = mission.post_with(offer.verifier)
    # What the requester, the recipient or the authorities owe is told to them. What our own posts
    # owe may tell what was found, so only its existence is known.
    told = offer.by in ("owner", "recipient", "authorities")
    seal = activity.seal_id if told else part_seal(activity, "look")
    if not offer.every_days and _renewed(activity, offer, now):
        return
    last = _last_open(activity, offer)
    for due in _dues(activity, offer, now):
        if offer.every_days and last is not None and due <= last:
            continue
        Commitment(
            seal_id=seal,
            activity=activity,
            code=offer.id,
            text=dict(offer.text),
            owed_by=offer.by,
            timing=offer.phase.value,
            due=due,
            owed_since=now,
            proof=offer.proof.value,
            verifier=verifier,
            salt=salt(),
        ).save(force_insert=True)


def _renewed(activity: Activity, offer: CommitmentOffer, now: datetime) -> bool:
    """A commitment of an earlier approval that is still open is owed anew, not twice.

    So is one before delivery that was broken or half kept: the promise is made again, and what
    was answered the first time stays on record.
    """
    due = next(_dues(activity, offer, now), None)
    if due is None:
        return False
    again = Commitment.STILL_OWED | Commitment.MAY_YET_BE_MET
    state = Case(
        When(state__in=NOT_MET, then=Value(Commitment.State.OPEN.value)), default=F("state")
    )
    rows = Commitment.objects.filter(again, activity=activity, code=offer.id)
    return rows.update(due=due, state=state) > 0


def _last_open(activity: Activity, offer: CommitmentOffer) -> datetime | None:
    """Repeated promises are like looks: those that are open stay, and later ones follow them."""
    rows = Commitment.objects.filter(activity=activity, code=offer.id)
    still = rows.filter(Commitment.STILL_OWED)
    last: datetime | None = still.aggregate(last=Max("due"))["last"]
    return last


def _owe_on(activity: Activity, now: datetime) -> None:
    """What was promised before delivery and is unmet is not dropped by not being asked for again.

    Its old day would end the new lease at once: it is owed as long as the lease lasts, or released.
    """
    unmet = Commitment.STILL_OWED | Commitment.MAY_YET_BE_MET
    rows = Commitment.objects.filter(unmet, activity=activity, timing=Phase.BEFORE.value)
    rows.filter(due__lte=now).update(due=activity.approved_until or now)


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
