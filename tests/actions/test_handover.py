"""A page for whoever comes next, and that they read it: behind a wall of its own."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from primum.actions.posts import vacate
from primum.actions.read_handover import read_handover
from primum.actions.write_handover import MOST, write_handover
from primum.cases.models import Handover, HandoverRead
from primum.people import door
from primum.people.models import Holding
from primum.people.sight import Viewer, viewing
from tests import builders
from tests.builders import post, refused
from tests.builders_sealed import newcomer
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONITOR = "field-monitor-kodwel"


def written(by: str = "grace", words: str = "Ask the night guard, never the desk.") -> UUID:
    return write_handover(by=viewer(by), now=NOW, words=words)


def seen(who: Viewer) -> tuple[int, int]:
    """How many hand-overs, and how many readings of one, this viewer finds in the tables."""
    with viewing(who):
        return Handover.objects.count(), HandoverRead.objects.count()


class TestWriting:
    def test_whoever_sits_there_writes(self) -> None:
        """One row for one's own post, one line in the post's log, with a digest and no words."""
        key = written()
        with viewing(viewer("grace")):
            row = Handover.objects.get(id=key)
            assert (row.post_id, row.words) == (
                post(MONITOR),
                "Ask the night guard, never the desk.",
            )
        assert builders.lines(post(MONITOR))[-1:] == ["write_handover"]

    def test_a_second_one_supersedes_the_first(self) -> None:
        """Nothing is edited: the first stays, the newest counts."""
        first, second = written(), written(words="The guard has left.")
        with viewing(viewer("grace")):
            assert Handover.objects.get(newer=None).id == second
            assert Handover.objects.get(id=second).supersedes_id == first

    @pytest.mark.parametrize(
        ("words", "code"), [("  ", "no_what"), ("x" * (MOST + 1), "handover_too_long")]
    )
    def test_one_page_and_not_none(self, words: str, code: str) -> None:
        """An empty page is none, and a book is read by nobody."""
        with refused(code):
            written(words=words)

    def test_a_whole_page_fits(self) -> None:
        """The control: the most that is said to fit fits."""
        assert written(words="x" * MOST)

    def test_sent_twice_it_is_one(self) -> None:
        """A double click makes one page."""
        key = uuid4()
        made = [write_handover(by=viewer("grace"), now=NOW, words="W.", key=key) for _ in (1, 2)]
        assert made[0] == made[1]
        assert seen(viewer("grace")) == (1, 0)

    def test_whose_post_has_ended_writes_nothing(self) -> None:
        """Written before one leaves, not after: the post is somebody else's then."""
        grace = viewer("grace")
        vacate(by=viewer("bruno"), now=NOW, post=post(MONITOR))
        with refused("post_ended"):
            write_handover(by=grace, now=NOW + DAY, words="Too late.")


class TestReading:
    def test_a_newcomer_reads_it_once(self) -> None:
        """Recorded with the moment and the holding; twice is once."""
        written()
        vacate(by=viewer("bruno"), now=NOW, post=post(MONITOR))
        who = newcomer(MONITOR, now=NOW + DAY)
        first = read_handover(by=who, now=NOW + DAY)
        assert read_handover(by=who, now=NOW + 2 * DAY) == first
        with viewing(who):
            row = HandoverRead.objects.get()
            assert (row.id, row.at, row.post_id) == (first, NOW + DAY, post(MONITOR))
            assert row.by.person_id == who.person
        assert builders.lines(post(MONITOR)).count("read_handover") == 1

    def test_whose_post_has_ended_reads_nothing(self) -> None:
        """A post that has run out acts no more."""
        grace = viewer("grace")
        vacate(by=viewer("bruno"), now=NOW, post=post(MONITOR))
        with refused("post_ended"):
            read_handover(by=grace, now=NOW + DAY)


OPENS = {"grace", "tomas", "bruno"}
"""Of the monitor's post: who sits in it, the officer right above it, who seats people."""


class TestTheWall:
    @pytest.mark.parametrize("name", NAMES)
    def test_three_posts_read_it(self, name: str) -> None:
        """The holder, the post above, whoever seats people: nobody else, whatever they may see."""
        written()
        read_handover(by=viewer("grace"), now=NOW)
        assert seen(viewer(name)) == ((1, 1) if name in OPENS else (0, 0))

    def test_where_nobody_sits_above_it_goes_further_up(self) -> None:
        """The officer's post empty, the chief above reads what lands on her desk."""
        written()
        assert seen(viewer("aminata")) == (0, 0)
        vacate(by=viewer("bruno"), now=NOW, post=post("due-diligence-officer"))
        assert seen(viewer("aminata")) == (1, 0)
        assert seen(viewer("helena")) == (0, 0)

    @pytest.mark.parametrize("table", ["cases_handover", "cases_handoverread"])
    def test_nobody_writes_for_another_post(self, table: str) -> None:
        """No statement slipped into somebody's query speaks in the name of another post."""
        with viewing(viewer("tomas")):
            for name in ("grace", "bruno"):
                holding = Holding.objects.get(person=viewer(name).person)
                for key in (viewer(name).post, viewer("tomas").post):
                    with pytest.raises(DatabaseError), transaction.atomic():
                        insert(table, key, holding.id)

    @pytest.mark.parametrize("table", ["cases_handover", "cases_handoverread"])
    def test_the_control_one_writes_for_ones_own(self, table: str) -> None:
        """The same statement for one's own post passes."""
        with viewing(viewer("tomas")):
            holding = Holding.objects.get(person=viewer("tomas").person)
            insert(table, holding.post_id, holding.id)

    @pytest.mark.parametrize("table", ["cases_handover", "cases_handoverread"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
    def test_nothing_is_edited_or_taken_back(self, table: str, statement: str) -> None:
        """Not by its writer either."""
        written()
        with (
            viewing(viewer("grace")),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError),
            transaction.atomic(),
        ):
            cursor.execute(statement.format(table))

    @pytest.mark.parametrize("model", [Handover, HandoverRead])
    def test_nobody_reads_it_without_a_viewer(self, model: type[Handover]) -> None:
        """The wall stands on the tables themselves."""
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.count()

    def test_the_clock_sees_all_of_them(self) -> None:
        """The control: they are there."""
        written()
        assert seen(door.clock()) == (1, 0)


def insert(table: str, key: UUID, holding: UUID) -> None:
    words = ("words, salt, ", "'Mine.', '', ") if table == "cases_handover" else ("", "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, post_id, {words[0]}by_id, at)"
            f" VALUES (gen_random_uuid(), %s, {words[1]}%s, %s)",
            [key, holding, NOW],
        )
