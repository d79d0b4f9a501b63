"""Undo an import: what it brought is out of view, what it took away is back, twice is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection

from primum.actions.answer_match import answer_match
from primum.actions.base import NotThere
from primum.actions.enter_party import NewParty, NewTie, enter_party, enter_tie
from primum.actions.propose import NewLine
from primum.actions.undo_import import Undone, undo_import
from primum.cases.models import Report
from primum.exchange.register import Unit
from primum.exchange.us_training import Trainings
from primum.people import door
from primum.people.sight import viewing
from primum.register import models, queries
from tests.actions.test_import_register import (
    NEWER,
    SARRAT,
    TRAINED,
    Stopped,
    TestStopped,
    content,
    counts,
    in_view,
    matches,
    newer,
    register,
    renamed,
    take,
    take_trainings,
    training,
    trainings,
    unit,
    without,
)
from tests.builders import (
    DAY,
    contingent,
    everything,
    lines,
    party,
    proposed,
    refused,
    unchanged,
)
from tests.builders_sealed import report
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

LATER = NOW + 3 * DAY


def undo(batch: UUID, now: datetime = LATER) -> Undone:
    return undo_import(by=door.clock(), now=now, batch=batch)


def test_undo() -> None:
    """Nothing of it is in view, on pages neither; every row and the ledger's lines stay."""
    before = content()
    done = take(register(3))
    undone = undo(done.batch)
    assert (undone.removed, undone.restored, undone.kept) == (done.total, 0, ())
    assert content() == before == [[], [], [], []]
    with viewing(viewer("nadia")):
        assert queries.find(viewer("nadia"), "Régiment") == ()
        assert queries.party_page(viewer("nadia"), unit("u1").id) is None
        assert queries.network(viewer("nadia")).units == ()
    with viewing(door.clock()):
        assert models.Party.every.count() == 6
        assert models.ImportBatch.objects.get().undone == LATER
    assert lines(done.batch) == ["import", "import_batch", "import_undo"]


@pytest.mark.parametrize("name", NAMES)
def test_who_may_not(name: str) -> None:
    """No post: the clock alone, at the server."""
    done = take(register(2))
    with refused("not_your_move"):
        undo_import(by=viewer(name), now=LATER, batch=done.batch)


def test_not_there() -> None:
    with pytest.raises(NotThere):
        undo(uuid4())


def test_twice_is_once() -> None:
    """The second time nothing is written at all, and it says so."""
    done = take(register(3))
    assert undo(done.batch).changed
    before = everything()
    again = undo(done.batch, LATER + DAY)
    assert not again.changed
    unchanged(before)
    assert lines(done.batch) == ["import", "import_batch", "import_undo"]


def test_read_again_it_is_the_same_register() -> None:
    """The same file after that is an import of its own; its units are the ones they were."""
    first = take(register(3))
    said, key = content(), unit("u1").id
    undo(first.batch)
    again = take(register(3), now=LATER)
    assert again.fresh and again.batch != first.batch
    assert again.counts == {"written": again.total}
    assert content() == said and unit("u1").id == key


def test_of_a_newer_copy() -> None:
    """What it changed, added and took away is as it was before it."""
    take(register(4))
    said = content()
    done = newer(renamed(without(register(5), "u3"), "u1", name="Garde", aliases=("GDK",)))
    assert content() != said
    undone = undo(done.batch)
    assert (undone.removed, undone.restored) == (6, 4)
    assert content() == said
    with viewing(viewer("nadia")):
        assert not queries.find(viewer("nadia"), "Garde")
        assert not queries.find(viewer("nadia"), "GDK")
        assert queries.find(viewer("nadia"), "1 RGT")
    # And forth again.
    newer(renamed(without(register(5), "u3"), "u1", name="Garde"), NEWER, 9)
    assert unit("u1").name == "Garde"


def test_not_under_a_newer_copy() -> None:
    """The newer one rests on it: first that, then this."""
    first = take(register(3))
    second = newer(register(4))
    with refused("newer_import") as reasons:
        undo(first.batch)
    assert str(second.batch) in str(reasons[0])
    undo(second.batch)
    undo(first.batch)
    assert content() == [[], [], [], []]


def test_another_set_is_left_alone() -> None:
    """A later import of another set neither hinders nor suffers."""
    first = take(register(3))
    other = replace(register(2), dataset=replace(SARRAT, key="other", publisher="Somebody"))
    take(other, "1" * 64, now=NOW + DAY)
    undo(first.batch)
    with viewing(door.clock()):
        assert set(models.Party.objects.values_list("publisher", flat=True)) == {"Somebody"}


def test_of_one_that_was_stopped() -> None:
    """What was committed of it goes too; the same file begins anew."""
    whole = register(TestStopped.UNITS)
    with pytest.raises(Stopped):
        take(whole, stop_after=0)
    with viewing(door.clock()):
        batch = models.ImportBatch.objects.get().id
    undo(batch)
    assert content() == [[], [], [], []]
    assert take(whole, now=LATER).counts == {"written": len(list(whole.records()))}


class TestKept:
    """A unit that something else stands on stays in view, and is named."""

    def kept(self, batch: UUID) -> None:
        undone = undo(batch)
        assert undone.kept == ("1e Régiment",)
        assert in_view("u1") and not in_view("u0") and not in_view("u2")
        with viewing(viewer("nadia")):
            page = queries.party_page(viewer("nadia"), unit("u1").id)
            assert page is not None and page.unlisted and page.name == "1e Régiment"
            assert queries.find(viewer("nadia"), "1 RGT")
        # The ties that the import stated are gone all the same: nothing stands on them.
        with viewing(door.clock()):
            assert not models.Tie.objects.filter(dataset=SARRAT.key).exists()
        assert undo(batch).kept == ("1e Régiment",)

    @pytest.mark.parametrize("seal", ["", "support", "secretariat", "vault"])
    def test_by_a_report(self, seal: str) -> None:
        """One that even the clock may not read is no exception."""
        done = take(register(3))
        report(unit("u1").id, seal)
        self.kept(done.batch)

    def test_by_an_activity(self) -> None:
        done = take(register(3))
        line = NewLine(unit("u1").id, "training_advisory", "Course", "36 places", 9000, 36)
        proposed(lines=(line,))
        self.kept(done.batch)

    def test_by_a_tie_entered_by_hand(self) -> None:
        done = take(register(3))
        tie = NewTie(party("Kodwel command"), unit("u1").id, "commands")
        enter_tie(by=viewer("tomas"), now=NOW, tie=tie)
        self.kept(done.batch)
        with viewing(door.clock()):
            assert models.Tie.objects.count() == 1

    def test_by_a_confirmed_match(self) -> None:
        """A proposed and a refused one keep nothing."""
        done = take(register(3))
        take_trainings(trainings("1e Régiment", "2e Régiment", "0e Régiment"))
        for printed, same in (("1e Régiment", True), ("0e Régiment", False)):
            with viewing(door.clock()):
                key = models.Match.objects.get(recipient=printed).id
            answer_match(by=viewer("tomas"), now=NOW, match=key, same=same)
        self.kept(done.batch)
        with viewing(viewer("tomas")):
            asked = queries.matches(viewer("tomas"), "proposed")
        assert asked == ()

    def test_what_a_person_entered(self) -> None:
        """A party of no register is not an import's to take."""
        done = take(register(2))
        made = enter_party(by=viewer("tomas"), now=NOW, party=NewParty("Kodwel guard", "unit"))
        undo(done.batch)
        with viewing(viewer("nadia")):
            page = queries.party_page(viewer("nadia"), made)
        assert page is not None and not page.unlisted

    def test_only_the_clock_is_told_whom_cases_name(self) -> None:
        """The engine's answer tells that a report exists: no post gets it."""
        take(register(2))
        key = unit("u1").id
        report(key, "vault")
        told = {}
        for who in (*map(viewer, NAMES), door.clock()):
            with viewing(who), connection.cursor() as cursor:
                cursor.execute("SELECT parties_in_cases(%s::uuid[])", [[key]])
                told[who.post] = cursor.fetchone()[0]
        assert told.pop(door.clock().post) == [key]
        assert set(map(tuple, told.values())) == {()}


class TestTrainings:
    def test_undo(self) -> None:
        """No row of it is listed and nothing is asked about it any more."""
        take(register(2))
        done = take_trainings(trainings("1e Régiment", "A", "A"))
        undone = undo(done.batch)
        assert (undone.removed, undone.kept) == (3, ())
        with viewing(viewer("tomas")):
            assert queries.support(viewer("tomas"), queries.SupportFilter()) == ()
            assert queries.matches(viewer("tomas")) == ()
        assert matches() == {("1e Régiment", "1e Régiment", "proposed")}

    def test_rows_of_a_confirmed_match_stay(self) -> None:
        """What a person said is a unit is not taken from under that answer; it is named."""
        take(register(2))
        done = take_trainings(trainings("1e Régiment", "A", "1e Régiment"))
        with viewing(door.clock()):
            key = models.Match.objects.get().id
        answer_match(by=viewer("tomas"), now=NOW, match=key, same=True)
        undone = undo(done.batch)
        assert (undone.removed, undone.kept) == (1, ("1e Régiment",))
        wanted = queries.SupportFilter(party=unit("u1").id)
        with viewing(viewer("nadia")):
            assert len(queries.support(viewer("nadia"), wanted)) == 2
        # Nothing stands on them once the answer is another: undone again, they go.
        answer_match(by=viewer("tomas"), now=NOW, match=key, same=False)
        assert undo(done.batch).removed == 2
        assert lines(done.batch).count("import_undo") == 2

    def test_of_a_newer_copy(self) -> None:
        """The rows it replaced are back, those of a confirmed match among them, and not doubled."""
        take(register(2))
        take_trainings(trainings("1e Régiment", "B"))
        with viewing(door.clock()):
            key = models.Match.objects.get().id
        answer_match(by=viewer("tomas"), now=NOW, match=key, same=True)
        rows = (training(2, "1e Régiment", quantity=9), training(3, "C"))
        done = take_trainings(Trainings(TRAINED, rows, ()), NEWER, NOW + DAY)
        assert done.counts == {"written": 2, "gone": 2}
        undone = undo(done.batch)
        assert (undone.removed, undone.restored, undone.kept) == (2, 2, ())
        with viewing(viewer("nadia")):
            found = queries.support(viewer("nadia"), queries.SupportFilter())
        assert {(row.recipient, row.quantity) for row in found} == {
            ("1e Régiment", "3"),
            ("B", "3"),
        }

    def test_another_year_is_no_newer_copy(self) -> None:
        first = take_trainings(trainings("A"))
        rows = (training(2, "B", fiscal_year="2020-2021"),)
        take_trainings(Trainings(TRAINED, rows, ()), NEWER, NOW + DAY)
        undo(first.batch)
        with viewing(viewer("nadia")):
            found = queries.support(viewer("nadia"), queries.SupportFilter())
        assert [row.recipient for row in found] == ["B"]


def test_a_tie_that_is_undone_goes_on_withholding() -> None:
    """Undoing an import does not open a report to those the tie placed above the company."""
    company, own = party("Second company"), contingent()
    units = (Unit("u0", "0e Régiment"),)
    done = take(replace(register(1), units=units, postings=(), persons=(), sources=()))
    with viewing(door.clock()):
        batch = models.ImportBatch.objects.get(id=done.batch)
        models.Tie(
            id=uuid4(),
            seal_id=batch.seal_id,
            kind="commands",
            upper_id=own,
            lower_id=company,
            dataset=SARRAT.key,
            external_id="t",
            batch=batch,
        ).save(force_insert=True)
    key, other = report(company, "support"), report(party("Third company"), "support")

    def seen(record: UUID) -> bool:
        with viewing(viewer("eva")):
            return Report.objects.filter(id=record).exists()

    assert not seen(key) and seen(other)
    assert undo(done.batch).removed
    assert not seen(key) and seen(other)


def test_the_lists_of_imports() -> None:
    """Newest first, with what became of each; open to whoever may know of the register."""
    first = take(register(2))
    second = newer(register(3))
    undo(second.batch)
    with viewing(viewer("ines")):
        found = queries.imports(viewer("ines"))
    assert [(line.id, line.undone) for line in found] == [
        (second.batch, LATER),
        (first.batch, None),
    ]
    assert found[1].counts == {"written": first.total} and counts()["ImportBatch"] == 2
