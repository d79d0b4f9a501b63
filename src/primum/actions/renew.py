"""Renew: ask to go on beyond the approval's end, and say what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
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
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import facts
from primum.cases.models import Renewal
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer

ASKED = ("people", "commander", "place", "use", "harm")
"""What may have changed since: who takes part, who commands, where, for what, whom it hurt."""


@once(Renewal)
def renew(
    *, by: Viewer, now: datetime, activity: UUID, changed: Mapping[str, str], key: Key = None
) -> UUID:
    """Ask for a renewal. The approval keeps its end; a review is assessed and decided on."""
    with acting(by):
        row = activity_of(activity)
        said = {name: changed.get(name, "").strip() for name in ASKED}
        if not all(said.values()):
            raise refuse(
                Verb.RENEW,
                "not_said",
                "Say for each what has changed since. “Nothing” is an answer too.",
            )
        move(row, facts.case_state(by, row, now), ask_for(Verb.RENEW, by, now, row))
        made = Renewal(
            id=own_key(by.person, key),
            seal_id=row.seal_id,
            activity=row,
            changed=said,
            by=holding(by, now, Verb.RENEW),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        words = digest(made.salt, *said.values())
        log(("activity", activity), Verb.RENEW, made, now, words=words, seal=row.seal_id)
        return made.id
