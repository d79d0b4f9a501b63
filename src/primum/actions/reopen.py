"""Reopen what is over: it is proposed again, or waits for a decision again, with its history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import acting, activity_of, ask_for, move, needs
from primum.actions.decided import Said, write_decision
from primum.actions.once import Key, once
from primum.cases import facts
from primum.cases.models import Decision
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


@once(Decision)
def reopen(*, by: Viewer, now: datetime, activity: UUID, words: str, key: Key = None) -> UUID:
    """Take up again what was closed, withdrawn, refused or has lapsed. It opens no approval."""
    with acting(by):
        row = activity_of(activity)
        needs(words, Verb.REOPEN)
        move(row, facts.case_state(by, row, now), ask_for(Verb.REOPEN, by, now, row))
        return write_decision(by, now, row, (Verb.REOPEN, "reopen"), Said(words, key=key)).id
