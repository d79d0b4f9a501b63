"""Finish and close: delivered is not the end, and nothing closes unlooked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import acting, activity_of, ask_for, holding, log, move, needs
from primum.actions.decided import Said, write_decision
from primum.actions.once import Key, once
from primum.cases import facts
from primum.cases.models import Decision
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


def finish(*, by: Viewer, now: datetime, activity: UUID) -> None:
    """Nothing more is delivered. The approval ends; watching goes on until its day."""
    _move(Verb.FINISH, by, now, activity)


def close(*, by: Viewer, now: datetime, activity: UUID) -> None:
    """Close the file: every look made or released, every commitment and breach answered."""
    _move(Verb.CLOSE, by, now, activity)


@once(Decision)
def close_early(*, by: Viewer, now: datetime, activity: UUID, words: str, key: Key = None) -> UUID:
    """Close before the watch ends: decided, with reasons, counted; never with looks open."""
    with acting(by):
        row = activity_of(activity)
        needs(words, Verb.CLOSE_EARLY)
        move(row, facts.case_state(by, row, now), ask_for(Verb.CLOSE_EARLY, by, now, row))
        said = Said(words, key=key)
        return write_decision(by, now, row, (Verb.CLOSE_EARLY, "close_early"), said).id


def lapse(*, by: Viewer, now: datetime, activity: UUID) -> None:
    """Record that an approval has run out. Only the clock does; it has been dead since its end."""
    _move(Verb.LAPSE, by, now, activity)


def _move(verb: Verb, by: Viewer, now: datetime, activity: UUID) -> None:
    with acting(by):
        row = activity_of(activity)
        if verb is not Verb.LAPSE:  # the clock holds no post: nobody sits in it
            holding(by, now, verb)
        move(row, facts.case_state(by, row, now), ask_for(verb, by, now, row))
        log(("activity", activity), verb, row, now, words="", seal=row.seal_id)
