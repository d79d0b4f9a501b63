"""Enter a facility: what a building is for, what it must not be used for, and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

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
from primum.cases.models import Activity
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.models import Post
from primum.people.sight import Viewer
from primum.register.models import Facility, Place


@dataclass(frozen=True, slots=True)
class NewFacility:
    """What is known of a building; `looker` is the post that looks at it for as long as it stands.

    `seen` is the row that the writer had before them; none for the first.
    """

    place: UUID
    looker: UUID | None
    forbidden_uses: tuple[str, ...] = ()
    agreed_uses: tuple[str, ...] = ()
    built_under: UUID | None = None
    handed_over: date | None = None
    capacity: int | None = None
    holding_hours: int | None = None
    any_time: str = Facility.Known.UNKNOWN
    private_talks: str = Facility.Known.UNKNOWN
    access_words: str = ""
    seen: UUID | None = None
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Facility, "facility")
def enter_facility(*, by: Viewer, now: datetime, facility: NewFacility) -> UUID:
    """Write a building down, or anew: what was written before stays and counts no more."""
    with acting(by):
        who = holding(by, now, Verb.PROPOSE)
        if not authority.KEEPS_FACILITIES & by.duties:
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        place = place_of(facility.place)
        looker = _check(facility)
        former = Facility.objects.filter(Facility.STANDS, place=place).first()
        if (former.id if former else None) != facility.seen:
            raise _overtaken()
        made = Facility(
            id=own_key(by.person, facility.key),
            seal_id=seal_of(place),
            place=place,
            built_under=_built_under(facility, former),
            handed_over=facility.handed_over,
            agreed_uses=list(facility.agreed_uses),
            forbidden_uses=list(facility.forbidden_uses),
            capacity=facility.capacity,
            holding_hours=facility.holding_hours,
            any_time=facility.any_time,
            private_talks=facility.private_talks,
            access_words=facility.access_words.strip(),
            looker=looker,
            by=who,
            at=now,
            supersedes=former,
            salt=salt(),
        )
        _written(made)
        words = digest(
            made.salt, *made.agreed_uses, *made.forbidden_uses, made.looker_id, made.access_words
        )
        case = ("place", place.id)
        log(case, "enter_facility", made, now, words=words, seal=made.seal_id)
        return made.id


def place_of(key: UUID) -> Place:
    """The place, if this viewer may see it."""
    found = Place.objects.filter(id=key).first()
    if found is None:
        raise NotThere
    return found


def seal_of(place: Place) -> UUID:
    """What is said of a place lies under the register's seal, or the place's where that is less.

    So whoever sees a place sees all there is of it, and no second writer meets a row unseen.
    """
    return narrower(mission.default_seal("register"), place.seal_id)


def _check(wish: NewFacility) -> Post:
    """Refuse what is missing; returns the post that looks."""
    looker = Post.objects.filter(pk=wish.looker, clock=False).first() if wish.looker else None
    if looker is None:
        raise refuse(
            Verb.PROPOSE,
            "no_looker",
            "Name the post that looks at this building, also after its builder has left.",
        )
    if not wish.forbidden_uses:
        raise refuse(
            Verb.PROPOSE, "no_forbidden", "Say what the building must not be used for, one a line."
        )
    if wish.built_under and not Activity.objects.filter(id=wish.built_under).exists():
        raise refuse(Verb.PROPOSE, "no_activity", "This activity is not there. Choose again.")
    for said in (wish.any_time, wish.private_talks):
        if said not in Facility.Known.values:
            raise refuse(
                Verb.PROPOSE, "no_access", "Say what is agreed on access: yes, no or not known."
            )
    needs("".join(wish.forbidden_uses), Verb.PROPOSE, "what")
    return looker


def _built_under(wish: NewFacility, former: Facility | None) -> UUID | None:
    """What its writer cannot see is not struck by them: they were never shown it."""
    if wish.built_under or former is None or former.built_under is None:
        return wish.built_under
    known = Activity.objects.filter(id=former.built_under).exists()
    return None if known else former.built_under


def _written(made: Facility) -> None:
    """Of two who wrote at the same time, the second reads what the first wrote."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if Facility.objects.filter(place=made.place_id).exclude(id=made.id).exists():
            raise _overtaken() from error
        raise


def _overtaken() -> Exception:
    return refuse(
        Verb.PROPOSE,
        "overtaken_facility",
        "Somebody wrote about this building while you were writing. Open the page again; copy"
        " your words first.",
    )
