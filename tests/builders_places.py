"""Places, buildings and who has them, for tests of what the mission keeps about each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from primum.actions.enter_facility import NewFacility, enter_facility
from primum.actions.name_custodian import NewCustodian, name_custodian
from primum.people import door, mission
from primum.people.sight import viewing
from primum.register.models import Party, Place
from tests import builders
from tests.cast import NOW, viewer

POST = "kodwel-police-post"
FORBIDDEN = ("Questioning at night", "Holding children")
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def place(code: str = POST) -> UUID:
    with viewing(door.clock()):
        return Place.objects.get(code=code).id


def sealed_place(seal: str, name: str = "Sealed house", inside: UUID | None = None) -> UUID:
    """A building that only the readers of this seal know of."""
    row = Place(
        id=uuid4(),
        seal_id=mission.seal_named(seal),
        code=f"house-{uuid4()}",
        names={"en": name},
        kind="facility",
        inside_id=inside,
    )
    row.save(force_insert=True)
    return row.id


def sealed_party(seal: str, name: str = "Sealed company") -> UUID:
    """A unit that only the readers of this seal know of."""
    row = Party(
        id=uuid4(),
        seal_id=mission.seal_named(seal),
        kind="unit",
        name=name,
        folded=name.lower(),
        invented=True,
    )
    row.save(force_insert=True)
    return row.id


def facility(by: str = "tomas", now: datetime = NOW, **more: Any) -> UUID:
    """The police post as Tomas writes it down: Grace's post looks at it."""
    fields: dict[str, object] = {
        "place": place(),
        "looker": builders.post("field-monitor-kodwel"),
        "forbidden_uses": FORBIDDEN,
    }
    wish = NewFacility(**{**fields, **more})
    return enter_facility(by=viewer(by), now=now, facility=wish)


def custodian(party: UUID, starts: date | None = JANUARY, by: str = "tomas", **more: Any) -> UUID:
    """Who has the police post from this day on, as a letter says."""
    fields: dict[str, object] = {
        "place": place(),
        "party": party,
        "starts": starts,
        "source": "Letter of the prefect (invented).",
    }
    wish = NewCustodian(**{**fields, **more})
    return name_custodian(by=viewer(by), now=NOW, custodian=wish)
