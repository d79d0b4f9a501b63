"""Stop and start again: suspend, resume, withdraw. Each is a Decision with reasons."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import (
    acting,
    activity_of,
    ask_for,
    digest,
    holding,
    log,
    move,
    needs,
    part_seal,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.actions.told import keep_told
from primum.cases import facts
from primum.cases.models import Decision, Ground
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


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
    return _decide(Verb.SUSPEND, by, now, activity, (words, told), key)


@once(Decision)
def resume(
    *,
    by: Viewer,
    now: datetime,
    activity: UUID,
    words: str,
    told: str = "",
    key: Key = None,
) -> UUID:
    """Let it go on, within the lease that is left; an ended lease needs asking again."""
    return _decide(Verb.RESUME, by, now, activity, (words, told), key)


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
    return _decide(Verb.WITHDRAW, by, now, activity, (words, told), key)


def _decide(
    verb: Verb,
    by: Viewer,
    now: datetime,
    activity: UUID,
    words: tuple[str, str],
    key: Key,
) -> UUID:
    with acting(by):
        row = activity_of(activity)
        said, told = needs(words[0], verb), words[1].strip()
        move(row, facts.case_state(by, row, now), ask_for(verb, by, now, row))
        made = Decision(
            id=own_key(by.person, key),
            seal_id=row.seal_id,
            activity=row,
            kind=verb,
            post_id=by.post,
            by=holding(by, now, verb),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        Ground(seal_id=part_seal(row, "decider"), decision=made, words=said, salt=salt()).save(
            force_insert=True
        )
        keep_told(made, "requester", told, made.by, now, part_seal(row, "decider"))
        words_digest = digest(made.salt, said, told)
        log(("activity", activity), verb, made, now, words=words_digest, seal=row.seal_id)
        return made.id
