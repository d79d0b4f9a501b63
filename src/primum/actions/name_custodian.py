"""Name a custodian: in whose hands a facility is, from which day to which, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

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
from primum.actions.enter_facility import place_of, seal_of
from primum.actions.once import Key, once, own_key
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer
from primum.register.models import Custodian, Party


@dataclass(frozen=True, slots=True)
class NewCustodian:
    """Who has it from the first day to the last, both included; no last day while it lasts."""

    place: UUID
    party: UUID
    starts: date | None
    ends: date | None = None
    source: str = ""
    corrects: UUID | None = None
    """The row that this one takes the place of."""
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Custodian, "custodian")
def name_custodian(*, by: Viewer, now: datetime, custodian: NewCustodian) -> UUID:
    """Write it down. No two have one place on one day; a correction says which row it corrects."""
    with acting(by):
        who = holding(by, now, Verb.PROPOSE)
        if not authority.KEEPS_FACILITIES & by.duties:
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        place = place_of(custodian.place)
        party = Party.objects.filter(id=custodian.party).first()
        if party is None:
            raise refuse(Verb.PROPOSE, "no_party", "One of the parties is not in the register.")
        seal = seal_of(place)
        if narrower(seal, party.seal_id) != seal:
            # Else whoever sees the place alone would meet a day that is taken by nobody they know.
            raise refuse(
                Verb.PROPOSE,
                "party_sealed",
                "Fewer people may read of this party than of this place. It cannot be named here.",
            )
        if custodian.starts is None:
            raise refuse(Verb.PROPOSE, "no_first_day", "Say from which day.")
        if custodian.ends is not None and custodian.ends < custodian.starts:
            raise refuse(Verb.PROPOSE, "days_reversed", "The last day lies before the first.")
        made = Custodian(
            id=own_key(by.person, custodian.key),
            seal_id=seal,
            place=place,
            party=party,
            starts=custodian.starts,
            ends=custodian.ends,
            source=needs(custodian.source, Verb.PROPOSE, "proof"),
            by=who,
            at=now,
            salt=salt(),
        )
        _write(made, custodian.corrects)
        words = digest(made.salt, party.id, made.starts, made.ends, made.source)
        log(("place", place.id), "name_custodian", made, now, words=words, seal=seal)
        return made.id


def _write(made: Custodian, corrects: UUID | None) -> None:
    """The former row counts no more, then this one does: the database compares the days."""
    try:
        with transaction.atomic():
            if corrects:
                _correct(made, corrects)
            made.save(force_insert=True)
    except IntegrityError as error:
        other = _other(made, corrects)
        if other is None:
            raise
        raise refuse(
            Verb.PROPOSE,
            "custodian_overlaps",
            "%(party)s has it on some of these days already. Correct that first: give it a last"
            " day.",
            party=other.party.name,
        ) from error


def _correct(made: Custodian, former: UUID) -> None:
    rows = Custodian.objects.filter(id=former, place=made.place_id)
    if not rows.exists():
        raise NotThere
    if rows.filter(Custodian.STANDS).update(corrected_by=made.id) != 1:
        raise refuse(
            Verb.PROPOSE,
            "corrected",
            "Somebody has corrected this one already. Open the page again.",
        )


def _other(made: Custodian, corrects: UUID | None) -> Custodian | None:
    """Whoever has it on one of these days, as the database found."""
    rows = Custodian.objects.filter(Custodian.STANDS, place=made.place_id)
    rows = rows.exclude(id=corrects) if corrects else rows
    rows = rows.filter(Q(ends=None) | Q(ends__gte=made.starts))
    if made.ends is not None:
        rows = rows.filter(starts__lte=made.ends)
    return rows.select_related("party").order_by("starts").first()
