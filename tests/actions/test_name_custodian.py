"""In whose hands a building is: one party a day, corrected and never rewritten."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from primum.actions.base import NotThere, Refused
from primum.people import door
from primum.people.sight import viewing
from primum.register.models import Custodian, Party
from tests import builders
from tests.builders import party, refused
from tests.builders_places import (
    FEBRUARY,
    JANUARY,
    MARCH,
    POST,
    custodian,
    place,
    sealed_party,
    sealed_place,
)
from tests.cast import NAMES, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def rows(name: str = "tomas") -> list[Custodian]:
    with viewing(viewer(name)):
        return list(Custodian.objects.order_by("starts", "at", "id"))


def standing() -> list[tuple[date, date | None]]:
    with viewing(door.clock()):
        found = Custodian.objects.filter(Custodian.STANDS).order_by("starts")
        return list(found.values_list("starts", "ends"))


class TestNaming:
    def test_who_has_it_since_when_and_who_says_so(self) -> None:
        """One row, one line in the place's log."""
        unit = party()
        key = custodian(unit)
        (row,) = rows()
        assert (row.id, row.party_id, row.starts, row.ends) == (key, unit, JANUARY, None)
        assert row.source == "Letter of the prefect (invented)."
        assert builders.lines(place(POST)) == ["name_custodian"]

    @pytest.mark.parametrize("name", NAMES)
    def test_who_may(self, name: str) -> None:
        """Posts that assess or verify, and nobody else."""
        unit = party()
        if name in ("tomas", "grace"):
            custodian(unit, by=name)
            return
        with refused("not_your_move"):
            custodian(unit, by=name)
        assert rows() == []

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"starts": None}, "no_first_day"),
            ({"ends": JANUARY - DAY}, "days_reversed"),
            ({"source": "  "}, "no_proof"),
        ],
    )
    def test_what_is_missing_is_named(self, more: dict[str, Any], code: str) -> None:
        """No custody without a first day, without a source, or that ends before it starts."""
        unit = party()
        with refused(code):
            custodian(unit, **{"starts": JANUARY, **more})
        assert rows() == []

    def test_a_party_that_is_not_there(self) -> None:
        """No party, no custody."""
        with refused("no_party"):
            custodian(uuid4())

    def test_sent_twice_it_is_one(self) -> None:
        """The second sending finds the first, and does not overlap with itself."""
        unit, key = party(), uuid4()
        assert custodian(unit, key=key) == custodian(unit, key=key)
        assert len(rows()) == 1


class TestOverlaps:
    def test_one_party_a_day(self) -> None:
        """Whoever has it still is named in the refusal, and what to do about it."""
        custodian(party("First company"))
        second = party("Second company")
        with refused("custodian_overlaps") as reasons:
            custodian(second, MARCH)
        assert "First company" in str(reasons[0])
        assert "give it a last day" in str(reasons[0])
        assert len(rows()) == 1

    @pytest.mark.parametrize(
        ("starts", "ends", "fits"),
        [
            (date(2025, 12, 1), date(2025, 12, 31), True),
            (date(2025, 12, 1), JANUARY, False),
            (date(2026, 1, 31), None, False),
            (FEBRUARY, None, True),
            (date(2025, 1, 1), None, False),
            (date(2026, 1, 10), date(2026, 1, 11), False),
        ],
    )
    def test_the_last_day_belongs_to_whoever_leaves(
        self, starts: date, ends: date | None, fits: bool
    ) -> None:
        """From 1 to 31 January both days are theirs; the next has it from 1 February on."""
        custodian(party("First company"), JANUARY, ends=date(2026, 1, 31))
        second = party("Second company")
        if fits:
            custodian(second, starts, ends=ends)
            assert len(standing()) == 2
            return
        with refused("custodian_overlaps"):
            custodian(second, starts, ends=ends)
        assert len(standing()) == 1

    def test_other_places_do_not_matter(self) -> None:
        """One party may have two buildings, and two buildings two parties."""
        unit = party()
        custodian(unit)
        custodian(unit, place=place("kodwel"))
        custodian(party("Another"), place=sealed_place("open"))
        assert len(standing()) == 3

    def test_the_database_refuses_by_itself(self) -> None:
        """Past the action too: the exclusion is a constraint of the table."""
        custodian(party())
        with viewing(viewer("tomas")):
            row = Custodian.objects.get()
            row.id = uuid4()
            with (
                pytest.raises(IntegrityError, match="one_custodian_at_a_time"),
                transaction.atomic(),
            ):
                row.save(force_insert=True)

    def test_the_database_refuses_days_the_wrong_way_round(self) -> None:
        """A range of no days would overlap with nothing."""
        custodian(party())
        with viewing(viewer("tomas")):
            row = Custodian.objects.get()
            row.id, row.starts, row.ends = uuid4(), FEBRUARY, JANUARY
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save(force_insert=True)


class TestCorrecting:
    def test_a_correction_stands_in_the_place_of_the_former(self) -> None:
        """The former stays as it was written and takes no day any more."""
        unit = party()
        first = custodian(unit)
        second = custodian(unit, ends=date(2026, 1, 31), corrects=first)
        third = custodian(party("Second company"), FEBRUARY)
        assert standing() == [(JANUARY, date(2026, 1, 31)), (FEBRUARY, None)]
        by_key = {row.id: row for row in rows()}
        assert set(by_key) == {first, second, third}
        assert by_key[first].corrected_by_id == second and by_key[first].ends is None
        assert builders.lines(place(POST)) == ["name_custodian"] * 3

    def test_a_row_is_corrected_once(self) -> None:
        """The second who corrects the same row reads the first correction."""
        unit = party()
        first = custodian(unit)
        custodian(unit, corrects=first, ends=MARCH)
        with refused("corrected"):
            custodian(unit, corrects=first, ends=FEBRUARY, by="grace")
        assert standing() == [(JANUARY, MARCH)]

    def test_a_correction_may_not_overlap_a_third(self) -> None:
        """Nothing is lost when it does: the former stands on."""
        unit = party()
        first = custodian(unit, ends=date(2026, 1, 31))
        custodian(party("Second company"), FEBRUARY)
        with refused("custodian_overlaps"):
            custodian(unit, corrects=first, ends=MARCH)
        assert standing() == [(JANUARY, date(2026, 1, 31)), (FEBRUARY, None)]

    def test_a_row_of_another_place_is_not_there(self) -> None:
        """Nobody corrects one building's custody with another's."""
        unit = party()
        first = custodian(unit, place=place("kodwel"))
        for key in (first, uuid4()):
            with pytest.raises(NotThere):
                custodian(unit, corrects=key)

    def test_nothing_else_of_a_row_is_changed(self) -> None:
        """No role of the server moves a day or names another party."""
        custodian(party())
        with viewing(viewer("tomas")):
            for column in ("starts", "ends", "source", "party_id", "place_id", "seal_id"):
                with pytest.raises(DatabaseError), transaction.atomic():
                    Custodian.objects.update(**{column: None})


class TestSight:
    def test_a_hidden_place_is_not_there(self) -> None:
        """A sealed place and one of nowhere read alike."""
        unit = party()
        for key in (sealed_place("vault"), uuid4()):
            with pytest.raises(NotThere):
                custodian(unit, place=key)

    def test_a_party_that_fewer_know_is_not_named(self) -> None:
        """Else whoever sees the place alone were refused a day that looks free."""
        secret = sealed_party("protection")
        with refused("party_sealed"):
            custodian(secret)
        assert rows() == []
        custodian(secret, place=sealed_place("protection"))
        assert len(rows()) == 1 and not rows("nadia")

    def test_a_party_one_may_not_see_reads_like_none(self) -> None:
        """A party sealed from the writer and one that is not there: the same words."""
        hidden = sealed_party("secretariat")
        said = []
        for key in (hidden, uuid4()):
            with pytest.raises(Refused) as caught:
                custodian(key)
            said.append(str(caught.value))
        assert said[0] == said[1]

    def test_a_refusal_names_nobody_hidden(self) -> None:
        """Whoever sees the place sees each party that has it: the refusal tells nothing new."""
        unit = party("First company")
        custodian(unit)
        for name in NAMES:
            seen = rows(name)
            with viewing(viewer(name)):
                known = set(Party.objects.values_list("id", flat=True))
            assert [row.party_id for row in seen] == [unit] and unit in known

    def test_an_import_leaves_it_in_the_register(self) -> None:
        """A party that has one of our buildings is in our records: no import takes it away."""
        from django.db import connection  # noqa: PLC0415

        unit, other = party(), party("Another")
        custodian(unit)
        with viewing(door.clock()), connection.cursor() as cursor:
            cursor.execute("SELECT parties_in_cases(%s::uuid[])", [[unit, other]])
            assert cursor.fetchone() == ([unit],)
