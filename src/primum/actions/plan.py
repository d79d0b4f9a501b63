"""What follows a go: the looks and commitments of the protocol, as dated rows with a post each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from secrets import randbelow

from django.db.models import Case, F, Max, Value, When

from primum.actions.base import part_seal, salt
from primum.actions.signposts import plan_signposts
from primum.cases import facts, looking
from primum.cases.models import (
    Activity,
    Assessment,
    Commitment,
    Delivery,
    Look,
    ProtocolVersion,
)
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
        source = assessment.protocol
        for look in proposed.looks:
            if not look.from_delivery:
                _write_looks(activity, look, source, now)
        _from_delivery(activity, source, proposed.looks, now)
        for offer in proposed.commitments:
            if conditions is None or offer.id in conditions:
                _write_commitments(activity, offer, now)
        _owe_on(activity, now)
        plan_signposts(activity, now)


def plan_from_delivery(activity: Activity, now: datetime) -> None:
    """The looks that are counted from the hand-over, once something was handed over.

    They outlive the approval, the project and whoever asked: each is due from a post.
    """
    with viewing(door.clock()):
        assessment = facts.latest_assessment(activity.id)
        if assessment is None:
            return
        rules = facts.protocol_of(assessment.protocol)
        answers = protocol.read_answers(rules, assessment.answers)
        looks = protocol.plan(rules, answers).looks
        _from_delivery(activity, assessment.protocol, looks, now)


def _from_delivery(
    activity: Activity, source: ProtocolVersion, looks: Iterable[LookPlan], now: datetime
) -> None:
    """Counted from the first delivery, and planned once: a renewal is no second hand-over."""
    given = Delivery.objects.filter(activity=activity).order_by("happened")
    start = given.values_list("happened", flat=True).first()
    for plan in looks:
        planned = Look.objects.filter(activity=activity, plan=plan.id).exists()
        if plan.from_delivery and start is not None and not planned:
            _write_looks(activity, plan, source, start, not_before=now)


def plan_again(row: Look, plan: LookPlan, now: datetime) -> None:
    """One more look of this kind, soon, unless one is due by then: what was found asks for it."""
    due = now + timedelta(days=plan.again_days)
    with viewing(door.clock()):
        soon = Look.objects.filter(
            activity=row.activity, plan=plan.id, state=Look.State.OPEN, due__lte=due
        )
        if row.activity is not None and row.protocol is not None and not soon.exists():
            _write_look(row.activity, plan, row.protocol, due)


def _write_looks(
    activity: Activity,
    plan: LookPlan,
    source: ProtocolVersion,
    start: datetime,
    not_before: datetime | None = None,
) -> None:
    """The looks of one plan, but for those that an earlier approval has still open.

    They reach as far beyond this approval as the first ones did beyond theirs. What is told late
    of a delivery makes no look late that nobody could have made.
    """
    still = Look.objects.filter(activity=activity, plan=plan.id, state=Look.State.OPEN)
    last = still.aggregate(last=Max("due"))["last"]
    for days in plan.after_days:
        due = start + timedelta(days=days)
        _write_look(activity, plan, source, max(due, not_before or due), after=last)


def _write_look(
    activity: Activity,
    plan: LookPlan,
    source: ProtocolVersion,
    day: datetime,
    after: datetime | None = None,
) -> None:
    due, grace_days = _some_day(activity, plan, day)
    if after is not None and due <= after:
        return
    Look(
        seal_id=part_seal(activity, "look"),
        activity=activity,
        place_id=activity.place_id,
        party_id=looking.party_at(activity),
        protocol=source,
        plan=plan.id,
        due=due,
        grace_days=grace_days,
        post=mission.post_with(plan.by),
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
            owed_to=offer.to,
            test=dict(offer.test or {}),
            every_days=offer.every_days,
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
