"""Enter a party or a tie by hand: the due diligence officer's additions to the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import acting, digest, log, needs, refuse, salt, withhold_again
from primum.actions.note_changes import note_changes
from primum.actions.once import Key, once, own_key
from primum.core.command import DateError, parse_date
from primum.core.screening import fold
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.models import Organisation
from primum.people.sight import Viewer
from primum.register.models import Party, PartyName, Tie

OPEN_ENDED = ("Y", "N", "E")
"""Whether a tie holds after its last cited day: possibly, nobody knows, no."""
ENTERS = frozenset({"assesses", "advises", "clock"})


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party as a person writes it down. `organisation` links an own component to its posts."""

    name: str
    kind: str
    names: tuple[str, ...] = ()
    country: str = ""
    organisation: str = ""
    contributor_state: str = ""
    invented: bool = False
    key: Key = None
    """Sent twice under one key, it makes one record."""


@dataclass(frozen=True, slots=True)
class NewTie:
    """A dated relation between two parties, with partial dates as text (2026, 2026-03)."""

    upper: UUID
    lower: UUID
    kind: str
    role: str = ""
    rank: str = ""
    first: str = ""
    last: str = ""
    open: str = "Y"


@once(Party, "party")
def enter_party(*, by: Viewer, now: datetime, party: NewParty) -> UUID:
    """Write a party under the register's seal; returns its key."""
    with acting(by):
        _may(by)
        name = needs(party.name, Verb.PROPOSE, "name")
        if party.kind not in Party.Kind.values:
            raise refuse(Verb.PROPOSE, "no_kind", "Choose what kind of party this is.")
        seal = mission.default_seal("register")
        own = Organisation.objects.filter(code=party.organisation).first()
        row = Party(
            id=own_key(by.person, party.key),
            seal_id=seal,
            kind=party.kind,
            name=name,
            folded=fold(name, loose=True),
            country=party.country.strip(),
            organisation=own,
            contributor_state=party.contributor_state,
            invented=party.invented,
            salt=salt(),
        )
        row.save(force_insert=True)
        for other in party.names:
            PartyName(
                id=uuid4(), seal_id=seal, party=row, name=other, folded=fold(other, loose=True)
            ).save(force_insert=True)
        log(("party", row.id), "enter", row, now, words=digest(row.salt, name), seal=seal)
        return row.id


def enter_tie(*, by: Viewer, now: datetime, tie: NewTie) -> UUID:
    """Write a relation: who commands whom, who holds which post, from when to when."""
    with acting(by):
        _may(by)
        if tie.kind not in Tie.Kind.values:
            raise refuse(Verb.PROPOSE, "no_kind", "Choose what kind of relation this is.")
        if tie.upper == tie.lower:
            raise refuse(Verb.PROPOSE, "self_tie", "A party cannot stand above itself.")
        if tie.open not in OPEN_ENDED:
            raise refuse(
                Verb.PROPOSE, "no_open", "Say whether it goes on: Y, N, or E where it has ended."
            )
        if Party.objects.filter(id__in=(tie.upper, tie.lower)).count() != 2:
            raise refuse(Verb.PROPOSE, "no_party", "One of the parties is not in the register.")
        seal = mission.default_seal("register")
        row = Tie(
            id=uuid4(),
            seal_id=seal,
            kind=tie.kind,
            upper_id=tie.upper,
            lower_id=tie.lower,
            role=tie.role,
            rank=tie.rank,
            first_cited=_dated(tie.first),
            last_cited=_dated(tie.last),
            first_is_start=bool(tie.first),
            open_ended=tie.open,
            salt=salt(),
        )
        row.save(force_insert=True)
        withhold_again()
        words = digest(row.salt, tie.kind, tie.role)
        log(("party", tie.lower), "enter_tie", row, now, words=words, seal=seal)
        note_changes(now)
        return row.id


def _may(by: Viewer) -> None:
    if not ENTERS & by.duties:
        raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")


def _dated(text: str) -> str:
    try:
        found = parse_date(text)
    except DateError as error:
        raise refuse(
            Verb.PROPOSE, "date", "This date cannot be read: %(why)s", why=error
        ) from error
    return found.iso if found else ""
