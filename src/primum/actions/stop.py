"""Stop and start again: suspend, resume, withdraw. Each is a Decision with reasons.

A suspension covers a line, a unit, all that an officer commands, one activity, or a whole force.
Only that of an activity moves its stage; the others stop deliveries and leave the rest as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    acting,
    activity_of,
    ask_for,
    chosen_seal,
    digest,
    holding,
    log,
    move,
    narrower,
    needs,
    own_case,
    part_seal,
    refuse,
    salt,
)
from primum.actions.decided import Said, write_decision
from primum.actions.once import Key, once, own_key
from primum.cases import facts
from primum.cases.models import Activity, Decision, Lift, Line, Stop
from primum.core import authority
from primum.core.vocabulary import Stage, Stakes, Verb
from primum.people import door
from primum.people.sight import Viewer
from primum.register.models import Party

OF_PARTY = (Stop.Scope.UNIT, Stop.Scope.COMMANDER, Stop.Scope.ALL)
OVER = (Stage.CLOSED, Stage.NOT_DONE, Stage.WITHDRAWN, Stage.DONE, Stage.WATCHED)
"""Where nothing more is delivered, so that no line of it is left to stop."""


@dataclass(frozen=True, slots=True)
class NewStop:
    """What is suspended, why, and what would lift it. `words` stay with those who decide.

    `activity` is where it was decided from: whose own, for a line or an operation; else it may be
    blank. `line` names the line, `party` the unit, the officer in command or the force.
    """

    scope: str
    words: str
    activity: UUID | None = None
    line: UUID | None = None
    party: UUID | None = None
    told: str = ""
    lifts_when: str = ""
    review_by: datetime | None = None
    seal: str = ""
    """A seal's code, to let fewer read who stopped it and why. That it is stopped is told."""
    key: Key = None


@dataclass(frozen=True, slots=True)
class Righted:
    """What was put right, how one knows, who advised. Resuming has a record of its own."""

    put_right: str
    evidence: str
    advised_by: str = ""
    told: str = ""
    key: Key = None


@once(Decision)
def suspend(
    *,
    by: Viewer,
    now: datetime,
    activity: UUID,
    words: str,
    told: str = "",
    key: Key = None,
) -> UUID:
    """Stop every authorisation at once. What is delivered all the same is a breach."""
    with acting(by):
        wish = NewStop("operation", words, activity, told=told)
        made = _of_activity(by, now, activity_of(activity), replace(wish, key=key))
        return made.id


@once(Stop, "stop")
def suspend_scope(*, by: Viewer, now: datetime, stop: NewStop) -> UUID:
    """Suspend a line, a unit, a commander, an operation or all of a force; returns the stop."""
    with acting(by):
        if not authority.may(door.actor(by, now), Verb.SUSPEND, Stakes.LEADERSHIP):
            raise refuse(Verb.SUSPEND, "not_your_move", "This step belongs to another post.")
        needs(stop.words, Verb.SUSPEND)
        row = activity_of(stop.activity) if stop.activity else None
        made = _stop(by, now, row, stop)
        if row is not None:
            did = "suspend" if stop.scope == Stop.Scope.OPERATION else "stop"
            if did == "suspend":
                move(row, facts.case_state(by, row, now), ask_for(Verb.SUSPEND, by, now, row))
            seal = made.seal_id if stop.seal and did == "stop" else None
            said = Said(stop.words, stop.told, review_by=stop.review_by, seal=seal)
            made.decision = write_decision(by, now, row, (Verb.SUSPEND, did), said)
        made.save(force_insert=True)
        if made.party_id:
            said_digest = digest(made.salt, made.scope, made.words, made.lifts_when)
            log(("party", made.party_id), "stop", made, now, words=said_digest, seal=made.seal_id)
        return made.id


def _of_activity(by: Viewer, now: datetime, row: Activity, stop: NewStop) -> Decision:
    """A whole activity suspended from its own page: the decision is what is returned."""
    needs(stop.words, Verb.SUSPEND)
    move(row, facts.case_state(by, row, now), ask_for(Verb.SUSPEND, by, now, row))
    said = Said(stop.words, stop.told, stop.key)
    made = write_decision(by, now, row, (Verb.SUSPEND, "suspend"), said)
    kept = _stop(by, now, row, replace(stop, key=None))
    kept.decision = made
    kept.save(force_insert=True)
    return made


def _stop(by: Viewer, now: datetime, row: Activity | None, stop: NewStop) -> Stop:
    """The row, checked and not yet written."""
    if stop.scope not in Stop.Scope.values or (row is None and stop.scope not in OF_PARTY):
        raise refuse(Verb.SUSPEND, "no_scope", "Say what is suspended: choose one.")
    seal = chosen_seal(Verb.SUSPEND, "decider", stop.seal)
    made = Stop(
        id=own_key(by.person, stop.key) if stop.key else uuid4(),
        seal_id=narrower(seal, part_seal(row, "decider")) if row else seal,
        scope=stop.scope,
        post_id=by.post,
        by=holding(by, now, Verb.SUSPEND),
        started=now,
        words=stop.words.strip(),
        lifts_when=stop.lifts_when.strip(),
        review_by=stop.review_by,
        salt=salt(),
    )
    if stop.scope in OF_PARTY:
        made.party_id = _party(stop)
    elif row is not None:
        made.activity = row
        made.line_id = _line(row, stop) if stop.scope == Stop.Scope.LINE else None
    return made


def _party(stop: NewStop) -> UUID:
    """The party that is stopped; an officer in command is a person, everything else is not."""
    found = Party.objects.filter(id=stop.party).first() if stop.party else None
    if found is None:
        raise refuse(Verb.SUSPEND, "no_party_chosen", "Choose the unit, officer or force.")
    if (found.kind == Party.Kind.PERSON) != (stop.scope == Stop.Scope.COMMANDER):
        raise refuse(
            Verb.SUSPEND,
            "other_scope",
            "An officer is suspended with all they command; a unit or force by itself.",
        )
    return found.id


def _line(row: Activity, stop: NewStop) -> UUID:
    if row.stage in OVER:
        raise refuse(
            Verb.SUSPEND, "nothing_to_stop", "Nothing more is delivered on this: it is over."
        )
    if not stop.line or not Line.objects.filter(id=stop.line, activity=row).exists():
        raise NotThere
    return stop.line


@once(Decision, "righted")
def resume(*, by: Viewer, now: datetime, activity: UUID, righted: Righted) -> UUID:
    """Let it go on, within the lease that is left; an ended lease needs asking again."""
    with acting(by):
        row = activity_of(activity)
        _check(righted)
        move(row, facts.case_state(by, row, now), ask_for(Verb.RESUME, by, now, row))
        said = Said(righted.put_right, righted.told, righted.key)
        made = write_decision(by, now, row, (Verb.RESUME, "resume"), said)
        open_ones = Stop.objects.filter(activity=row, scope=Stop.Scope.OPERATION, lift=None)
        for stop in open_ones.order_by("started"):
            _lift(by, now, stop, replace(righted, key=None), made)
        return made.id


@once(Lift, "righted")
def lift(*, by: Viewer, now: datetime, stop: UUID, righted: Righted) -> UUID:
    """End the suspension of a line, a unit, a commander or a force; returns the lift."""
    with acting(by):
        rows = Stop.objects.select_related("activity__proposed_by", "decision")
        row = rows.filter(id=stop).first()
        if row is None or row.scope == Stop.Scope.OPERATION:
            raise NotThere
        _check(righted)
        _may_lift(by, now, row)
        if Lift.objects.filter(stop=row).exists():
            raise refuse(Verb.RESUME, "lifted", "This suspension was lifted already.")
        made = None
        if row.activity is not None:
            started = row.decision
            narrow = started is None or started.seal_id != row.activity.seal_id
            seal = row.seal_id if narrow else None
            said = Said(righted.put_right, righted.told, seal=seal)
            made = write_decision(by, now, row.activity, (Verb.RESUME, "lift"), said)
        kept = _lift(by, now, row, righted, made)
        if row.party_id:
            words = digest(kept.salt, kept.put_right, kept.evidence, kept.advised_by)
            log(("party", row.party_id), "lift", kept, now, words=words, seal=row.seal_id)
        return kept.id


def _check(righted: Righted) -> None:
    needs(righted.put_right, Verb.RESUME, "put_right")
    needs(righted.evidence, Verb.RESUME, "proof")


def _may_lift(by: Viewer, now: datetime, stop: Stop) -> None:
    """Starting again follows the stakes: of the case, or the leadership's where a party is stopped.

    Nobody lifts what stops their own case.
    """
    own = stop.activity
    cases = [own] if own else list(_asked_for(stop))
    stakes = facts.stakes_of(own.id) if own else Stakes.LEADERSHIP
    asks = [ask_for(Verb.RESUME, by, now, case) for case in cases]
    actors = [ask.by for ask in asks] or [door.actor(by, now)]
    if not all(authority.may(actor, Verb.RESUME, stakes) for actor in actors):
        raise refuse(Verb.RESUME, "not_your_move", "This step belongs to another post.")
    if any(own_case(ask, case) for ask, case in zip(asks, cases, strict=True)):
        raise refuse(Verb.RESUME, "own_case", "Nobody lifts what stops their own case.")


def _asked_for(stop: Stop) -> list[Activity]:
    """The cases that name the party itself; what lies under it on a day changes by the day."""
    rows = Activity.objects.filter(lines__party=stop.party).select_related("proposed_by")
    return list(rows.exclude(stage__in=OVER).distinct())


def _lift(
    by: Viewer, now: datetime, stop: Stop, righted: Righted, decision: Decision | None
) -> Lift:
    kept = Lift(
        id=own_key(by.person, righted.key) if righted.key else uuid4(),
        seal_id=stop.seal_id,
        stop=stop,
        decision=decision,
        post_id=by.post,
        by=holding(by, now, Verb.RESUME),
        at=now,
        put_right=righted.put_right.strip(),
        evidence=righted.evidence.strip(),
        advised_by=righted.advised_by.strip(),
        salt=salt(),
    )
    kept.save(force_insert=True)
    return kept


@once(Decision)
def withdraw(
    *,
    by: Viewer,
    now: datetime,
    activity: UUID,
    words: str,
    told: str = "",
    key: Key = None,
) -> UUID:
    """End it for good. What was delivered before is still looked at."""
    with acting(by):
        row = activity_of(activity)
        needs(words, Verb.WITHDRAW)
        move(row, facts.case_state(by, row, now), ask_for(Verb.WITHDRAW, by, now, row))
        said = Said(words, told, key)
        return write_decision(by, now, row, (Verb.WITHDRAW, "withdraw"), said).id
