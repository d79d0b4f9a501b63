"""Deliver: refused unless an approval covers it. What has happened is recorded all the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from primum.actions.base import (
    NotThere,
    acting,
    activity_of,
    ask_for,
    digest,
    holding,
    log,
    move,
    needs,
    refresh_lease,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.actions.plan import plan_from_delivery
from primum.cases import clocks, facts, standing
from primum.cases.models import Activity, Decision, Delivery, Line
from primum.core import coverage
from primum.core.vocabulary import GOES, Verb
from primum.people import mission, queries
from primum.people.sight import Viewer


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """What is given on a line. `happened` lies in the past for a record, is now for a delivery."""

    line: UUID
    what: str
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Delivery, "delivery")
def deliver(*, by: Viewer, now: datetime, activity: UUID, delivery: NewDelivery) -> UUID:
    """Authorise and record a delivery now. Refused without a live lease: see record_delivery."""
    with acting(by):
        row = activity_of(activity)
        ask = replace(ask_for(Verb.DELIVER, by, now, row), line=delivery.line)
        move(row, facts.case_state(by, row, now), ask)
        return _write(by, row, delivery, now, now, Verb.DELIVER)


@once(Delivery, "delivery")
def record_delivery(
    *, by: Viewer, now: datetime, activity: UUID, delivery: NewDelivery, happened: datetime
) -> UUID:
    """Record what has already been given, approved or not. A fact is never refused.

    Without an approval that covers it, it is a breach with a clock of its own.
    """
    with acting(by):
        row = activity_of(activity)
        if happened > now:
            raise refuse(
                Verb.DELIVER, "future", "This lies in the future. Record it once it has happened."
            )
        # A record is anybody's. To deliver is an act of the owner, whose own case it then is.
        return _write(by, row, delivery, happened, now, "record")


def answer_breach(*, by: Viewer, now: datetime, delivery: UUID, words: str) -> None:
    """Say what was done about a breach; the post it waits for answers, in its own words."""
    with acting(by):
        row = Delivery.objects.select_related("activity").filter(id=delivery).first()
        if row is None:
            raise NotThere
        if row.answer_post_id not in queries.answers_for(by, now):
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        said = needs(words, Verb.ANSWER)
        hit = Delivery.objects.filter(id=delivery, answered__isnull=True).update(
            answered=now, answer=said
        )
        if hit != 1:
            raise refuse(Verb.ANSWER, "answered", "This breach has been answered.")
        case = ("activity", row.activity_id)
        log(case, "answer_breach", row, now, words=digest(row.salt, said), seal=row.seal_id)


def _write(
    by: Viewer, row: Activity, delivery: NewDelivery, happened: datetime, now: datetime, verb: str
) -> UUID:
    line = Line.objects.filter(id=delivery.line, activity=row).first()
    if line is None:
        raise NotThere
    breach, exposure = _judged(row, line.id, happened, now)
    made = Delivery(
        id=own_key(by.person, delivery.key),
        seal_id=row.seal_id,
        activity=row,
        line=line,
        happened=happened,
        what=needs(delivery.what, Verb.DELIVER, "what"),
        recorded_by=holding(by, now, Verb.DELIVER),
        recorded=now,
        breach=breach,
        exposure=exposure,
        answer_by=now + timedelta(days=mission.clock_days("breach_answer_days"))
        if breach
        else None,
        answer_post_id=_answerer(row.id) if breach else None,
        salt=salt(),
    )
    made.save(force_insert=True)
    plan_from_delivery(row, now)
    refresh_lease(row.id, now)
    did = "record_breach" if breach else verb
    words = digest(made.salt, made.what, happened.isoformat(), breach, exposure)
    log(("activity", row.id), did, made, now, words=words, seal=row.seal_id)
    return made.id


def _judged(row: Activity, line: UUID, happened: datetime, now: datetime) -> tuple[str, str]:
    """Why it is a breach, and what it exposes where it is none; both by its own moment."""
    leases = _leases(row)
    stops = [(stop.since, None) for stop in standing.stopped(row.id, happened) if stop.line == line]
    suspensions = [*_suspensions(row.id, leases), *stops]
    unmet = facts.unmet_before(row.id)
    breach = coverage.breach(happened, leases, suspensions, unmet, _emergency(row))
    if not breach and line in standing.left_out([row.id], happened):
        breach = "left_out"
    if breach:
        return breach, ""
    how = standing.command_at(line, happened, now)
    changed = "command_changed"
    return changed if how == "breach" else "", changed if how == "exposure" else ""


def _emergency(activity: Activity) -> coverage.Period | None:
    """From when people acted to save lives until it was assessed, or was to be (SETTLED 15)."""
    since = activity.emergency_since
    if since is None:
        return None
    # Whoever records it may not see the assessment: when there was one, the engine says.
    found = facts.first_assessed(activity.id, since)
    until = since + timedelta(hours=clocks.hours(activity.id, "emergency_assess"))
    return since, min(found, until) if found else until


def _gos(activity: UUID) -> QuerySet[Decision]:
    return Decision.objects.filter(activity=activity, kind=Verb.DECIDE, choice__in=GOES).order_by(
        "at"
    )


def _leases(activity: Activity) -> list[coverage.Period]:
    """Every approval there was, with the end it really had."""
    return [(go.at, go.lease_ended or activity.lease_end) for go in _gos(activity.id)]


def _suspensions(activity: UUID, leases: list[coverage.Period]) -> list[coverage.Period]:
    made = Decision.objects.filter(activity=activity)
    stops = made.filter(kind=Verb.SUSPEND).values_list("at", flat=True)
    ends = made.filter(kind__in=(Verb.RESUME, Verb.WITHDRAW)).values_list("at", flat=True)
    lapsed = [end for _, end in leases if end is not None]
    return coverage.suspensions(list(stops), [*ends, *lapsed])


def _answerer(activity: UUID) -> UUID:
    """Whoever approved answers for what went beyond it; where nobody did, the leadership."""
    approved = _gos(activity).filter(Decision.STANDS).last()
    return approved.post_id if approved else mission.post_with("decides_leadership").id
