"""Release one look or one commitment from being owed: a reasoned Decision each, never in bulk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import (
    NotThere,
    acting,
    ask_for,
    digest,
    holding,
    log,
    needs,
    own_case,
    part_seal,
    refresh_lease,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import facts
from primum.cases.models import Activity, Commitment, Decision, Ground, Look
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


@once(Decision)
def release(*, by: Viewer, now: datetime, owed: UUID, words: str, key: Key = None) -> UUID:
    """Release the look or commitment `owed`. Only a post that may decide the case releases."""
    with acting(by):
        row = _owed(owed)
        activity = row.activity
        if activity is None:  # a look nobody planned is owed by no case that could let go of it
            raise NotThere
        ask = ask_for(Verb.DECIDE, by, now, activity)
        if not authority.may(ask.by, Verb.DECIDE, facts.stakes_of(activity.id)):
            raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
        if own_case(ask, activity):
            raise refuse(Verb.DECIDE, "own_case", "Nobody releases what their own post owes.")
        said = needs(words, Verb.DECIDE)
        if _let_go(row, by, now) != 1:
            raise refuse(Verb.DECIDE, "answered", "This is no longer owed.")
        made = _write(by, activity, said, now, key)
        refresh_lease(activity.id, now)
        log(
            ("activity", activity.id),
            "release",
            row,
            now,
            words=digest(made.salt, said),
            seal=activity.seal_id,
        )
        return made.id


def _owed(key: UUID) -> Look | Commitment:
    for model in (Look, Commitment):
        row = model.objects.select_related("activity__proposed_by").filter(id=key).first()
        if row is not None:
            return row
    raise NotThere


def _let_go(row: Look | Commitment, by: Viewer, now: datetime) -> int:
    """How many rows were still owed: one, or none. Why is kept with the decision alone."""
    if isinstance(row, Look):
        looks = Look.objects.filter(id=row.id, state=Look.State.OPEN)
        return looks.update(state=Look.State.RELEASED, released_by=by.post)
    owed = Commitment.STILL_OWED | Commitment.MAY_YET_BE_MET
    return Commitment.objects.filter(owed, id=row.id, answered=row.answered).update(
        state=Commitment.State.RELEASED,
        answered=now,
        answers=row.with_answer(now, Commitment.State.RELEASED, by.post),
    )


def _write(by: Viewer, activity: Activity, words: str, now: datetime, key: Key) -> Decision:
    made = Decision(
        id=own_key(by.person, key),
        seal_id=activity.seal_id,
        activity=activity,
        kind="release",
        post_id=by.post,
        by=holding(by, now, Verb.DECIDE),
        at=now,
        salt=salt(),
    )
    made.save(force_insert=True)
    Ground(seal_id=part_seal(activity, "decider"), decision=made, words=words, salt=salt()).save(
        force_insert=True
    )
    return made
