"""Go on, because: the decision that answers a broken commitment or a grave look."""

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
    needs,
    own_case,
    part_seal,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.actions.told import keep_told
from primum.cases import facts
from primum.cases.models import Decision, Ground
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


@once(Decision)
def go_on(
    *,
    by: Viewer,
    now: datetime,
    activity: UUID,
    words: str,
    told: str = "",
    key: Key = None,
) -> UUID:
    """Decide that the activity stays as it is in spite of what was found, and say why.

    It moves no stage and opens no lease; it can be made at any stage, also after a lapse.
    """
    with acting(by):
        row = activity_of(activity)
        ask = ask_for(Verb.DECIDE, by, now, row)
        if not authority.may(ask.by, Verb.DECIDE, facts.stakes_of(activity)):
            raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
        if own_case(ask, row):
            raise refuse(Verb.DECIDE, "own_case", "Nobody decides on what their own post proposed.")
        said = needs(words, Verb.DECIDE)
        made = Decision(
            id=own_key(by.person, key),
            seal_id=row.seal_id,
            activity=row,
            kind="go_on",
            post_id=by.post,
            by=holding(by, now, Verb.DECIDE),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        Ground(seal_id=part_seal(row, "decider"), decision=made, words=said, salt=salt()).save(
            force_insert=True
        )
        keep_told(made, "requester", told, made.by, now, part_seal(row, "decider"))
        said_digest = digest(made.salt, said, told)
        log(("activity", activity), "go_on", made, now, words=said_digest, seal=row.seal_id)
        return made.id
