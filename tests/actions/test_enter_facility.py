"""A building is written down, anew when something changes, and somebody always looks at it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from primum.actions.base import NotThere
from primum.actions.enter_facility import NewFacility, enter_facility
from primum.people import door, mission
from primum.people.sight import viewing
from primum.register.models import Facility, Place
from tests import builders
from tests.builders import post, refused
from tests.builders_places import POST, facility, place, sealed_place
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
KEEPERS = frozenset({"tomas", "grace"})


def rows(name: str = "tomas") -> list[Facility]:
    with viewing(viewer(name)):
        return list(Facility.objects.order_by("at", "id"))


class TestEntering:
    def test_what_is_written_down_is_kept(self) -> None:
        """Uses, limits, access and the post that looks, with a line in the place's log."""
        case = builders.proposed()
        key = facility(
            built_under=case.activity,
            handed_over=date(2026, 2, 1),
            agreed_uses=("Offices", "Custody for a day"),
            capacity=12,
            holding_hours=48,
            any_time="yes",
            private_talks="no",
            access_words="Exchange of letters of 3 January (invented).",
        )
        (row,) = rows()
        assert row.id == key
        assert row.forbidden_uses == ["Questioning at night", "Holding children"]
        assert (row.built_under, row.capacity, row.holding_hours) == (case.activity, 12, 48)
        assert (row.any_time, row.private_talks) == ("yes", "no")
        assert row.looker_id == post("field-monitor-kodwel")
        assert builders.lines(place(POST)) == ["enter_facility"]

    @pytest.mark.parametrize("name", NAMES)
    def test_who_may(self, name: str) -> None:
        """Posts that assess or verify, and nobody else."""
        if name in KEEPERS:
            facility(by=name)
            return
        with refused("not_your_move"):
            facility(by=name)
        assert rows() == []

    def test_somebody_whose_post_has_ended_writes_nothing(self) -> None:
        """A page left open for a night is no longer a post."""
        tomas = viewer("tomas")
        builders.emptied("due-diligence-officer")
        with refused("post_ended"):
            enter_facility(by=tomas, now=NOW, facility=wish())

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"looker": None}, "no_looker"),
            ({"looker": uuid4()}, "no_looker"),
            ({"forbidden_uses": ()}, "no_forbidden"),
            ({"built_under": uuid4()}, "no_activity"),
            ({"any_time": "perhaps"}, "no_access"),
            ({"private_talks": ""}, "no_access"),
        ],
    )
    def test_what_is_missing_is_named(self, more: dict[str, Any], code: str) -> None:
        """No building without a looker, nor without a word on what it must not become."""
        with refused(code):
            facility(**more)
        assert rows() == []

    def test_the_clock_is_no_looker(self) -> None:
        """A post that nobody ever holds looks at nothing."""
        with refused("no_looker"):
            facility(looker=door.clock().post)

    def test_sent_twice_it_is_one(self) -> None:
        """A double click, a lost answer: one record, the same key."""
        key = uuid4()
        assert facility(key=key) == facility(key=key)
        assert len(rows()) == 1
        assert builders.lines(place(POST)) == ["enter_facility"]

    def test_an_activity_one_may_not_see_is_none(self) -> None:
        """A sealed activity and one that is not there are refused in the same words."""
        from tests.builders_sealed import asked  # noqa: PLC0415

        said = []
        for key in (asked(seal="vault"), uuid4()):
            with refused("no_activity") as reasons:
                facility(built_under=key)
            said.append(str(reasons[0]))
        assert said[0] == said[1]


class TestAnew:
    def test_a_second_row_supersedes_the_first(self) -> None:
        """The first stays as it was written; one stands."""
        first = facility()
        second = facility(seen=first, capacity=20)
        with viewing(viewer("tomas")):
            standing = Facility.objects.get(Facility.STANDS)
            assert standing.id == second and standing.supersedes_id == first
            assert Facility.objects.get(id=first).capacity is None
        assert builders.lines(place(POST)) == ["enter_facility"] * 2

    def test_of_two_who_write_at_the_same_time_one_reads_first(self) -> None:
        """Whoever did not see the newest row is told so, and nothing is lost."""
        first = facility()
        facility(seen=first)
        for seen in (first, None):
            with refused("overtaken_facility"):
                facility(seen=seen, by="grace")
        assert len(rows()) == 2

    def test_the_database_keeps_one_first_row_a_place(self) -> None:
        """Past the action too: a second first row is refused."""
        facility()
        with viewing(viewer("tomas")):
            row = Facility.objects.get()
            row.id = uuid4()
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save(force_insert=True)

    def test_nothing_written_is_changed(self) -> None:
        """No role of the server changes a row of it."""
        facility()
        with viewing(viewer("tomas")), pytest.raises(DatabaseError), transaction.atomic():
            Facility.objects.update(capacity=1)


class TestSight:
    def test_a_place_one_may_not_see_is_not_there(self) -> None:
        """A hidden place and one of nowhere: the same answer, and nothing is written."""
        hidden = sealed_place("vault")
        for key in (hidden, uuid4()):
            with pytest.raises(NotThere):
                facility(key=None, place=key)
        assert builders.lines(hidden) == []

    def test_it_lies_under_the_places_seal_where_fewer_read_that(self) -> None:
        """A building whose place is known to few is known to the same few."""
        hidden = sealed_place("protection")
        facility(place=hidden)
        seen = {name for name in NAMES if rows(name)}
        assert seen == {"tomas", "aminata", "ruth", "peter"}
        with viewing(viewer("tomas")):
            assert Facility.objects.get().seal_id == mission.seal_named("protection")

    def test_of_an_open_place_everybody_knows(self) -> None:
        """Where nothing is sealed the forbidden uses are for all to read: many eyes watch them."""
        facility()
        assert {name for name in NAMES if rows(name)} == set(NAMES)

    def test_nobody_reads_it_without_a_viewer(self) -> None:
        """The wall stands on the table itself."""
        facility()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM register_facility")


def wish(**more: object) -> NewFacility:
    fields: dict[str, object] = {
        "place": place(POST),
        "looker": post("field-monitor-kodwel"),
        "forbidden_uses": ("Questioning at night",),
    }
    return NewFacility(**{**fields, **more})  # type: ignore[arg-type]


def test_uses_of_spaces_alone_are_none() -> None:
    """A blank line is no word."""
    with refused("no_what"):
        enter_facility(by=viewer("tomas"), now=NOW, facility=wish(forbidden_uses=("  ", "")))


def test_the_place_is_a_place_of_the_mission() -> None:
    """The control: the sample place is the police post of the mission folder."""
    with viewing(viewer("nadia")):
        assert Place.objects.get(id=place(POST)).kind == "facility"
