"""An extra look: a visit that nobody planned, at a facility or a party. It is a case of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.actions.base import NotThere, acting, narrower, refuse, salt
from primum.actions.once import once, own_key
from primum.actions.seen import Seen, check_there, held, record
from primum.cases import looking
from primum.cases.models import Look
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer
from primum.register.models import Party, Place


@dataclass(frozen=True, slots=True)
class At:
    """What was looked at: a place or a party, one of the two."""

    place: UUID | None = None
    party: UUID | None = None


@once(Look, "seen")
def extra_look(*, by: Viewer, now: datetime, at: At, seen: Seen) -> UUID:
    """Record a look that no activity asked for, and every planned look that the visit serves.

    It is made by a post with a duty to look. One that was turned away is tried again within thirty
    days: it waits on the desk of that post.
    """
    with acting(by):
        seal = _seal_of(at)
        if not authority.LOOKS & by.duties:
            raise refuse(Verb.LOOK, "not_your_move", "This step belongs to another post.")
        row = looking.unplanned(at.place, at.party, by.post, now)
        row.id, row.salt = own_key(by.person, seen.key), salt()
        row.seal_id = narrower(mission.default_seal("look"), seal)
        row.save(force_insert=True)
        first, *others = held(row.id, seen.also)
        check_there(by, now, first, others)
        record(by, now, [first, *others], seen)
        return row.id


def _seal_of(at: At) -> UUID:
    """The seal of what was looked at, where this viewer may see it."""
    found: Place | Party | None = None
    if at.place is not None and at.party is None:
        found = Place.objects.filter(id=at.place).first()
    elif at.party is not None and at.place is None:
        found = Party.objects.filter(id=at.party).first()
    if found is None:
        raise NotThere
    return found.seal_id
