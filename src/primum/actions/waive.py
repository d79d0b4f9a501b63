"""Waive: the leadership goes past one thing against a party, for a time, upon an undertaking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from primum.actions.base import (
    NotThere,
    acting,
    digest,
    holding,
    log,
    narrower,
    needs,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import hands
from primum.cases.models import Activity, Line, Undertaking, Waiver
from primum.core import promises
from primum.core.vocabulary import Stage, Verb
from primum.people import door, mission
from primum.people.sight import Viewer

WAIVES: Final = "decides_leadership"
OVER: Final = (Stage.CLOSED, Stage.WITHDRAWN, Stage.NOT_DONE)


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """What is waived, why, until when, upon which undertaking."""

    undertaking: UUID
    kind: str
    words: str
    until: datetime
    activity: UUID | None = None
    """The one request it is for; None: whatever is asked for the party."""
    line: UUID | None = None
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Waiver, "waiver")
def waive(*, by: Viewer, now: datetime, waiver: NewWaiver) -> UUID:
    """Write a waiver. It opens nothing by itself: the decision is still to be taken."""
    with acting(by):
        _may(by)
        rests_on = Undertaking.objects.filter(id=waiver.undertaking).first()
        if rests_on is None:
            raise NotThere
        party = rests_on.party_id
        asked = _activities(party, waiver)
        if any(hands.is_own_case(door.actor(by, now), row, now) for row in asked):
            raise refuse(Verb.DECIDE, "own_case", "Nobody waives for what their own post asks for.")
        words = needs(waiver.words, Verb.DECIDE)
        _check(waiver, rests_on, now)
        usual = narrower(mission.default_seal("decider"), rests_on.seal_id)
        made = Waiver(
            id=own_key(by.person, waiver.key),
            seal_id=narrower(usual, asked[0].seal_id) if waiver.activity else usual,
            party_id=party,
            activity_id=waiver.activity,
            line_id=waiver.line,
            kind=waiver.kind,
            words=words,
            undertaking=rests_on,
            until=waiver.until,
            by=holding(by, now, Verb.DECIDE),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        said = digest(made.salt, made.kind, made.until, words)
        log(("party", party), "waive", made, now, words=said, seal=made.seal_id)
        return made.id


def end_waiver(*, by: Viewer, now: datetime, waiver: UUID, words: str) -> None:
    """Take a waiver back, or say what follows now that it is over. It never counts again."""
    with acting(by):
        _may(by)
        row = Waiver.objects.filter(id=waiver).first()
        if row is None:
            raise NotThere
        said = needs(words, Verb.DECIDE)
        ended = Waiver.objects.filter(id=waiver, ended=None)
        who = holding(by, now, Verb.DECIDE)
        if ended.update(ended=now, ended_by=who, ended_words=said) != 1:
            raise refuse(Verb.DECIDE, "answered", "This waiver has been ended.")
        seal = row.seal_id
        log(
            ("party", row.party_id), "end_waiver", row, now, words=digest(row.salt, said), seal=seal
        )


def _may(by: Viewer) -> None:
    if WAIVES not in by.duties:
        raise refuse(Verb.DECIDE, "not_your_move", "Only the leadership waives.")


def _activities(party: UUID, waiver: NewWaiver) -> list[Activity]:
    """The request it is for, or every open one for the party: whose own case it might be."""
    lines = Line.objects.filter(party=party)
    if waiver.line:
        lines = lines.filter(id=waiver.line)
    rows = Activity.objects.filter(id__in=lines.values("activity")).select_related("proposed_by")
    if waiver.activity is None and waiver.line is None:
        return list(rows.exclude(stage__in=OVER))
    found = list(rows.filter(id=waiver.activity)) if waiver.activity else []
    if not found:
        raise NotThere
    return found


def _check(waiver: NewWaiver, rests_on: Undertaking, now: datetime) -> None:
    if waiver.kind not in promises.WAIVED:
        raise refuse(Verb.DECIDE, "no_kind", "Choose what is waived.")
    if rests_on.state in promises.FAILED:
        raise refuse(
            Verb.DECIDE, "undertaking_failed", "The undertaking was not kept. Nothing rests on it."
        )
    if waiver.until <= now:
        raise refuse(Verb.DECIDE, "until_past", "The day it ends has passed.")
    last = rests_on.due + timedelta(days=rests_on.grace_days)
    if waiver.until > last:
        raise refuse(
            Verb.DECIDE,
            "until_after_undertaking",
            "A waiver ends with its undertaking and its grace, on %(last)s at the latest.",
            last=last,
        )
