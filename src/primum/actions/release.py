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
        ask = ask_for(Verb.DECIDE, by, now, activity)
        if not authority.may(ask.by, Verb.DECIDE, facts.stakes_of(activity.id)):
            raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
        if authority.is_own_case(ask.by, activity.proposed_by.person_id, activity.owner_id):
            raise refuse(Verb.DECIDE, "own_case", "Nobody releases what their own post owes.")
        said = needs(words, Verb.DECIDE)
        hit = type(row).objects.filter(id=owed, state__in=("open", "could_not_check"))
        changes: dict[str, object] = {"state": "released"}
        changes |= {"released_by": by.post} if isinstance(row, Look) else {"answered": now}
        if hit.update(**changes) != 1:
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
