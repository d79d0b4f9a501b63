"""Go on, because: the decision that answers a broken commitment or a grave look."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import acting, activity_of, ask_for, own_case, refuse
from primum.actions.decided import Said, write_decision
from primum.actions.once import Key, once
from primum.cases import facts
from primum.cases.models import Decision
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
        said = Said(words, told, key)
        return write_decision(by, now, row, (Verb.DECIDE, "go_on"), said).id
