"""Import: in batches that go on where they stopped; twice is once; matches are questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from primum.actions.answer_match import answer_match
from primum.actions.base import Refused
from primum.actions.enter_party import NewTie, enter_tie
from primum.actions.import_register import (
    BATCH,
    WHOLE,
    Imported,
    import_register,
    import_trainings,
)
from primum.actions.propose import NewLine
from primum.core.command import Open, Posting, Span, Tie, parse_date
from primum.core.screening import fold
from primum.exchange.register import Dataset, Person, Register, Source, Unit
from primum.exchange.us_training import Training, Trainings
from primum.people import door
from primum.people.sight import viewing
from primum.register import models, queries
from tests.builders import DAY, lines, party, proposed, refused
from tests.builders_sealed import report
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

SARRAT = Dataset(
    key="sarrat_units",
    title="Units of Sarrat (invented)",
    publisher="Nobody",
    licence="CC0",
    snapshot="2026-03-01",
    country="SR",
    attribution="Nobody: units of Sarrat, invented.",
)
TRAINED = Dataset(
    key="sarrat_trainings",
    title="Trainings (invented)",
    publisher="Nobody",
    licence="CC0",
    snapshot="2026-03-01",
    country="",
    attribution="Nobody: trainings, invented.",
)
TABLES = (
    models.ImportBatch,
    models.Party,
    models.Claim,
    models.PartyName,
    models.Source,
    models.Tie,
    models.PublishedSupport,
    models.Match,
)


class Stopped(Exception):
    """Somebody pulled the plug."""


SPAN = Span(parse_date("2024-05"), parse_date("2025"), Open.YES, first_is_start=True)


def register(units: int, *more: Tie) -> Register:
    """So many units under the first of them, each with an alias, an officer, and its source."""
    every = range(units)
    return Register(
        dataset=SARRAT,
        units=tuple(Unit(f"u{n}", f"{n}e Régiment", (f"{n} RGT",), ("Army",)) for n in every),
        persons=tuple(Person(f"p{n}", f"Officer {n}", (f"Ofr {n}",)) for n in every),
        sources=tuple(Source(f"s{n}", f"Gazette {n}") for n in every),
        ties=(*(line_of_command(n) for n in every[1:]), *more),
        postings=tuple(posting(n) for n in every),
        problems=(),
    )


def line_of_command(n: int) -> Tie:
    return Tie("u0", f"u{n}", SPAN, "Command", (f"s{n}",), "High", f"t{n}")


def posting(n: int) -> Posting:
    return Posting(
        id=f"h{n}",
        person=f"p{n}",
        unit=f"u{n}",
        role="Commander",
        title="Colonel",
        span=SPAN,
        source_ids=(f"s{n}",),
        confidence="Low",
    )


def training(line: int, recipient: str, **more: object) -> Training:
    fields: dict[str, object] = {
        "line": line,
        "fiscal_year": "2019-2020",
        "country": "Sarrat",
        "iso3": "SRR",
        "program": "IMET",
        "course_title": "Rule of law",
        "recipient_unit": recipient,
        "delivery_unit": "",
        "location": "",
        "quantity": 3,
        "cost_usd": Decimal("1200.50"),
        "start_text": "1/5/2019",
        "start": date(2019, 1, 5),
        "end_text": "May 2019",
        "end": None,
        "report_page": "",
        "source_file": "",
    }
    return Training(**{**fields, **more})  # type: ignore[arg-type]


def trainings(*recipients: str) -> Trainings:
    rows = tuple(training(n, recipient) for n, recipient in enumerate(recipients, 2))
    return Trainings(TRAINED, rows, ())


def take(
    found: Register, digest: str = "a" * 64, stop_after: int | None = None, now: datetime = NOW
) -> Imported:
    def progress(done: int, _total: int) -> None:
        if stop_after is not None and done >= stop_after:
            raise Stopped

    return import_register(
        by=door.clock(), now=now, register=found, digest=digest, progress=progress
    )


def take_trainings(found: Trainings, digest: str = "b" * 64, now: datetime = NOW) -> Imported:
    return import_trainings(by=door.clock(), now=now, trainings=found, digest=digest)


def counts() -> Mapping[str, int]:
    with viewing(door.clock()):
        return {model.__name__: model.objects.count() for model in TABLES}


def content() -> list[object]:
    """Everything imported by its published ids, without keys of our own."""
    with viewing(door.clock()):
        parties = models.Party.objects.values_list("external_id", "kind", "name", "folded")
        ties = models.Tie.objects.values_list(
            "external_id", "upper__external_id", "lower__external_id", "kind", "role", "title",
            "rank", "first_cited", "last_cited", "open_ended", "confidence",
        )  # fmt: skip
        names = models.PartyName.objects.values_list("party__external_id", "name")
        sources = models.Source.objects.values_list("external_id", "title")
        return [sorted(rows) for rows in (parties, ties, names, sources)]


def matches() -> set[tuple[str, str, str]]:
    with viewing(door.clock()):
        return set(models.Match.objects.values_list("recipient", "party__name", "state"))


def test_import() -> None:
    """Units, people, sources, lines of command and postings are there, as published."""
    done = take(register(3))
    assert (done.total, done.problems, done.fresh) == (3 + 3 + 3 + 2 + 3, 0, True)
    with viewing(viewer("ines")):
        unit = models.Party.objects.get(external_id="u1")
        assert (unit.name, unit.folded) == ("1e Régiment", fold("1e Régiment", loose=True))
        assert (unit.country, unit.classification) == ("SR", ["Army"])
        assert unit.invented is False
        tie = models.Tie.objects.get(external_id="t1")
        assert (tie.first_cited, tie.last_cited, tie.open_ended) == ("2024-05", "2025", "Y")
        assert tie.sources == [models.Source.objects.get(external_id="s1").id]
    assert lines(done.batch) == ["import", "import_batch"]


@pytest.mark.parametrize("name", ["nadia", "ines", "lena", "tomas", "aminata"])
def test_who_may_not(name: str) -> None:
    """No post writes the register that support is weighed by: only the clock, at the server."""
    with refused("not_your_move"):
        import_register(by=viewer(name), now=NOW, register=register(2), digest="c" * 64)
    with refused("not_your_move"):
        import_trainings(by=viewer(name), now=NOW, trainings=trainings("A"), digest="c" * 64)


def test_the_same_file_twice() -> None:
    """The second time nothing is written at all, and it says so."""
    first = take(register(3))
    before, ledger = counts(), lines(first.batch)
    again = take(register(3))
    assert (again.fresh, again.batch) == (False, first.batch)
    assert (counts(), lines(first.batch)) == (before, ledger)


def test_the_same_content_in_another_file() -> None:
    """A newer copy with the same rows adds a batch and no row."""
    take(register(3))
    before, said = counts(), content()
    take(register(3), digest="d" * 64)
    assert counts() == {**before, "ImportBatch": 2}
    assert content() == said


def test_a_longer_copy_adds_what_is_new() -> None:
    """What was there stays; the new units, people and ties come."""
    take(register(2))
    take(register(4), digest="d" * 64)
    with viewing(door.clock()):
        assert models.Party.objects.filter(kind="unit").count() == 4
        assert models.Tie.objects.filter(kind="commands").count() == 3


class TestStopped:
    """A register of a thousand records and more, stopped between two batches."""

    UNITS = 250

    def test_goes_on_where_it_stopped(self) -> None:
        """Stopped twice and gone on: the same rows as one that was never stopped."""
        whole = register(self.UNITS)
        total = len(list(whole.records()))
        assert total >= WHOLE and total > 2 * BATCH
        for _ in range(2):
            with pytest.raises(Stopped):
                take(whole, stop_after=0)
        with viewing(door.clock()):
            row = models.ImportBatch.objects.get()
            assert (row.done, row.ended) == (2 * BATCH, None)
        done = take(whole)
        assert done.fresh
        stopped = (counts(), content())
        with viewing(door.clock()):
            row = models.ImportBatch.objects.get()
            assert (row.done, row.ended) == (total, NOW)
        assert lines(done.batch) == ["import", *["import_batch"] * 3]
        assert stopped == self.never_stopped(whole)

    def never_stopped(self, whole: Register) -> tuple[Mapping[str, int], list[object]]:
        """The same register read at once, under another publisher, beside the first."""
        before = counts()
        other = replace(whole, dataset=replace(SARRAT, key="other", publisher="Somebody"))
        take(other)
        after = counts()
        with viewing(door.clock()), connection.cursor() as cursor:
            # Take the first away from sight by its publisher alone.
            cursor.execute("SELECT count(*) FROM register_party WHERE publisher = 'Somebody'")
            assert cursor.fetchone()[0] == 2 * self.UNITS
            ties = models.Tie.objects.filter(publisher="Somebody").values_list(
                "external_id", "upper__external_id", "lower__external_id", "kind", "role", "title",
                "rank", "first_cited", "last_cited", "open_ended", "confidence",
            )  # fmt: skip
            parties = models.Party.objects.filter(publisher="Somebody").values_list(
                "external_id", "kind", "name", "folded"
            )
            names = models.PartyName.objects.filter(party__publisher="Somebody").values_list(
                "party__external_id", "name"
            )
            sources = models.Source.objects.filter(publisher="Somebody").values_list(
                "external_id", "title"
            )
            said: list[object] = [sorted(rows) for rows in (parties, ties, names, sources)]
        return {name: after[name] - before[name] for name in after}, said

    def test_what_is_committed_stays(self) -> None:
        """Each batch is there by itself: what is done need not be done again."""
        with pytest.raises(Stopped):
            take(register(self.UNITS), stop_after=0)
        with viewing(door.clock()):
            assert models.Party.objects.count() == BATCH


class TestWhole:
    """Under a thousand records: all or nothing (SETTLED 18)."""

    BAD = Tie("nobody", "u1", SPAN, id="bad")

    def test_nothing_of_a_file_that_breaks(self) -> None:
        """The last tie points at nobody: not one unit is left behind, and it can be tried again."""
        with pytest.raises(KeyError):
            take(register(100, self.BAD))
        assert counts() == {**dict.fromkeys(counts(), 0), "ImportBatch": 1}
        with viewing(door.clock()):
            assert models.ImportBatch.objects.get().done == 0
        done = take(register(100))
        assert done.fresh
        with viewing(door.clock()):
            assert models.Party.objects.count() == 200

    def test_stopped_after_its_one_batch_it_is_done(self) -> None:
        """There is one batch; the plug pulled after it changes nothing."""
        with pytest.raises(Stopped):
            take(register(100), stop_after=0)
        assert take(register(100)).fresh is False

    def test_an_empty_file(self) -> None:
        """Nothing in it is nothing done."""
        done = take(register(0))
        assert done.total == 0
        assert counts()["Party"] == 0


class TestTrainings:
    def test_as_printed(self) -> None:
        """What was printed is kept: a day as a day, what is not one as its text."""
        done = take_trainings(trainings("SPLA HQ", "SPLA HQ"))
        assert (done.total, done.fresh) == (2, True)
        with viewing(viewer("ines")):
            rows = models.PublishedSupport.objects.order_by("row")
            assert [each.row for each in rows] == [2, 3]
            assert {(each.recipient, each.starts, each.ends) for each in rows} == {
                ("SPLA HQ", "2019-01-05", "May 2019")
            }

    def test_twice(self) -> None:
        """The same file twice changes nothing, questions included."""
        take(register(2))
        take_trainings(trainings("1e Régiment", "2e Régiment"))
        before = counts()
        assert take_trainings(trainings("1e Régiment", "2e Régiment")).fresh is False
        assert counts() == before


class TestMatches:
    """SETTLED 2 and 7: proposed for exactly equal folded names only, and never a fact."""

    def names(self, *names: str) -> None:
        units = tuple(Unit(f"x{n}", name) for n, name in enumerate(names))
        take(Register(SARRAT, units, (), (), (), (), ()))

    @pytest.mark.parametrize(
        "printed",
        ["1e Régiment", "1E RÉGIMENT", "  1e  régiment ", "1e Re\u0301giment"],
    )
    def test_the_same_name(self, printed: str) -> None:
        """Case, spaces and ways of typing an accent do not make another name."""
        self.names("1e Régiment")
        take_trainings(trainings(printed))
        assert matches() == {(printed, "1e Régiment", "proposed")}

    def test_one_apostrophe_is_the_other(self) -> None:
        """’ and ' are one."""
        self.names("Garde de l’État")
        take_trainings(trainings("Garde de l'État"))
        assert len(matches()) == 1

    @pytest.mark.parametrize(
        "printed",
        ["1e Regiment", "1e Régiment, HQ", "1er Régiment", "1e. Régiment", "Régiment", "1e", ""],
    )
    def test_nothing_like_it(self, printed: str) -> None:
        """Almost the same is not the same: no accent, no part, no abbreviation is guessed at."""
        self.names("1e Régiment")
        take_trainings(trainings(printed))
        assert matches() == set()

    def test_no_alias_and_no_person(self) -> None:
        """Other names of a unit, and people, are not proposed."""
        take(register(2))
        take_trainings(trainings("1 RGT", "Officer 1"))
        assert matches() == set()

    def test_two_units_of_one_name(self) -> None:
        """Each is a question of its own: which of the two, only a person can say."""
        self.names("1e Régiment", "1e Régiment")
        take_trainings(trainings("1e Régiment"))
        with viewing(door.clock()):
            assert models.Match.objects.count() == 2

    def test_one_answer_serves_every_row(self) -> None:
        """Printed on ten rows, it is asked once."""
        self.names("1e Régiment")
        take_trainings(trainings(*["1e Régiment"] * 10))
        assert len(matches()) == 1

    def test_an_answer_stays_answered(self) -> None:
        """A no is not asked again by the next copy of the file."""
        self.names("1e Régiment")
        take_trainings(trainings("1e Régiment"))
        with viewing(door.clock()):
            key: UUID = models.Match.objects.get().id
        answer_match(by=viewer("tomas"), now=NOW + DAY, match=key, same=False)
        take_trainings(trainings("1e Régiment"), digest="e" * 64)
        assert matches() == {("1e Régiment", "1e Régiment", "refused")}

    def test_names_that_differ_in_an_accent(self) -> None:
        """Two units and two strings, equal in pairs: two questions, not one."""
        self.names("1e Régiment", "1e Regiment")
        take_trainings(trainings("1e Régiment", "1e Regiment"))
        assert {(printed, name) for printed, name, _ in matches()} == {
            ("1e Régiment", "1e Régiment"),
            ("1e Regiment", "1e Regiment"),
        }

    def test_every_way_of_printing_it_is_asked(self) -> None:
        """A question is about a printed string; each string that is the same name is asked."""
        self.names("1e Régiment")
        take_trainings(trainings("1e Régiment", "1E RÉGIMENT", "1e  Régiment"))
        assert len(matches()) == 3


NEWER = "f" * 64


def newer(found: Register, digest: str = NEWER, days: int = 1) -> Imported:
    return take(found, digest, now=NOW + days * DAY)


def unit(external: str) -> models.Party:
    with viewing(door.clock()):
        return models.Party.every.get(external_id=external)


def in_view(external: str) -> bool:
    with viewing(door.clock()):
        return models.Party.objects.filter(external_id=external).exists()


def without(found: Register, *external: str) -> Register:
    """The same register as a copy that has these units, and what hangs on them, no more."""
    return replace(
        found,
        units=tuple(each for each in found.units if each.id not in external),
        ties=tuple(each for each in found.ties if each.subordinate not in external),
        postings=tuple(each for each in found.postings if each.unit not in external),
    )


def renamed(found: Register, external: str, **changes: object) -> Register:
    units = tuple(
        replace(each, **changes) if each.id == external else each  # type: ignore[arg-type]
        for each in found.units
    )
    return replace(found, units=units)


class TestNewerCopy:
    """Another file of the same set: it supersedes, doubles nothing, and counts what it wrote."""

    def test_the_counts_are_of_what_was_written(self) -> None:
        """New, changed, the same and gone: each counted once, all of them together the file."""
        first = take(register(4))
        assert first.counts == {"written": first.total}
        again = renamed(without(register(5), "u3"), "u1", name="1er Régiment")
        done = newer(again)
        assert done.counts == {"written": 5, "changed": 1, "unchanged": done.total - 6, "gone": 3}
        with viewing(door.clock()):
            batch = models.ImportBatch.objects.get(id=done.batch)
            assert (batch.counts, batch.ended) == (done.counts, NOW + DAY)

    def test_a_renamed_unit_is_the_same_unit(self) -> None:
        """Its key stays, with all that names it; it is found under either name."""
        take(register(3))
        before = unit("u1")
        newer(renamed(register(3), "u1", name="Garde de Kodwel", classification=("Guard",)))
        after = unit("u1")
        assert after.id == before.id
        assert (after.name, after.folded) == ("Garde de Kodwel", "garde de kodwel")
        assert after.classification == ["Guard"]
        with viewing(viewer("nadia")):
            for words in ("Garde de Kodwel", "1e Régiment", "1 RGT"):
                assert [line.id for line in queries.find(viewer("nadia"), words)] == [after.id]

    def test_an_alias_that_is_withdrawn_is_none_any_more(self) -> None:
        """A name that the publisher took back does not find the unit; its former name does."""
        take(register(3))
        newer(renamed(register(3), "u1", aliases=("1st Regiment",)))
        with viewing(viewer("nadia")):
            assert not queries.find(viewer("nadia"), "1 RGT")
            assert queries.find(viewer("nadia"), "1st Regiment")

    def test_a_corrected_tie_supersedes(self) -> None:
        """The old statement is out of view and not rewritten; the new one is in view."""
        take(register(3))
        found = register(3)
        ties = tuple(
            replace(each, confidence="Low") if each.id == "t1" else each for each in found.ties
        )
        done = newer(replace(found, ties=ties))
        assert done.counts["changed"] == 1
        with viewing(door.clock()):
            rows = models.Tie.every.filter(external_id="t1").order_by("batch__started")
            said = [(row.confidence, row.gone_id) for row in rows]
            assert said == [("High", done.batch), ("Low", None)]
            assert models.Tie.objects.get(external_id="t1").confidence == "Low"

    def test_a_source_with_a_better_title(self) -> None:
        """Ties that cite it are unchanged and show the title of today."""
        take(register(2))
        found = register(2)
        sources = tuple(replace(each, title=f"{each.title}, corrected") for each in found.sources)
        done = newer(replace(found, sources=sources))
        assert done.counts == {"changed": 2, "unchanged": done.total - 2}
        key = unit("u1").id
        with viewing(viewer("nadia")):
            titles = [each.title for each in queries.party_sources(viewer("nadia"), key)]
        assert titles == ["Gazette 1, corrected"]

    def test_what_is_gone_is_out_of_view_and_comes_back_as_itself(self) -> None:
        """A unit that one copy leaves out and the next has again keeps its key."""
        take(register(4))
        before = unit("u3")
        newer(without(register(4), "u3"))
        assert not in_view("u3")
        newer(register(4), "e" * 64, days=2)
        assert in_view("u3") and unit("u3").id == before.id

    def test_a_confirmed_match_stays_what_it_is(self) -> None:
        """A copy that renames the unit does not undo what a person said."""
        take(register(3))
        take_trainings(trainings("1e Régiment"))
        with viewing(door.clock()):
            key = models.Match.objects.get().id
        answer_match(by=viewer("tomas"), now=NOW, match=key, same=True)
        newer(renamed(register(3), "u1", name="Garde de Kodwel"))
        assert matches() == {("1e Régiment", "Garde de Kodwel", "confirmed")}

    def test_units_that_come_after_the_trainings_are_asked_about(self) -> None:
        """The order of two imports makes no difference to what is asked."""
        take_trainings(trainings("1e Régiment"))
        assert matches() == set()
        take(register(2))
        assert matches() == {("1e Régiment", "1e Régiment", "proposed")}

    def test_another_register_is_no_newer_copy(self) -> None:
        """It has less than half of the units: nothing is taken away, and it says why."""
        take(register(10))
        other = replace(register(2), units=(Unit("u0", "0e Régiment"), Unit("z", "Z")), ties=())
        other = replace(other, postings=(), persons=(), sources=())
        with refused("other_register") as reasons:
            newer(other)
        assert "1 of the 10 units" in str(reasons[0])

    def test_nobodys_register_is_not_imported(self) -> None:
        """Without a publisher no row could be known again."""
        with refused("no_publisher"):
            take(replace(register(2), dataset=replace(SARRAT, publisher="", recognised=False)))

    def test_a_set_that_only_its_units_tell(self) -> None:
        """A publisher's file that no folder names: the set with which it shares half its units."""
        told = replace(SARRAT, key="sarrat_form", recognised=False)
        first = take(replace(register(4), dataset=told))
        second = newer(replace(without(register(6), "u1"), dataset=told))
        with viewing(door.clock()):
            sets = models.ImportBatch.objects.order_by("started").values_list("dataset", flat=True)
            assert len(set(sets)) == 1 and sets[0].startswith("sarrat_form-")
        assert second.counts["gone"] == 3
        assert first.batch != second.batch
        apart = replace(register(1), units=(Unit("z", "Z"),), postings=(), dataset=told)
        assert "gone" not in newer(apart, "9" * 64, days=2).counts

    def test_an_older_copy_does_not_go_on_over_a_newer_one(self) -> None:
        """Stopped halfway, and a newer copy came in between: it says so and writes nothing."""
        whole = register(TestStopped.UNITS)
        with pytest.raises(Stopped):
            take(whole, stop_after=0)
        done = newer(whole)
        with refused("newer_import") as reasons:
            take(whole, now=NOW + 2 * DAY)
        assert str(done.batch) in str(reasons[0])

    def test_a_newer_copy_that_is_stopped_goes_on_to_the_same_end(self) -> None:
        """Its counts go on too; nothing is doubled and nothing is gone before all of it is read."""
        whole = register(TestStopped.UNITS)
        copy = renamed(without(whole, "u7", "u249"), "u248", name="Garde")
        take(whole)
        with pytest.raises(Stopped):
            take(copy, NEWER, stop_after=0, now=NOW + DAY)
        assert in_view("u7")
        done = newer(copy)
        assert done.counts == {"changed": 1, "unchanged": done.total - 1, "gone": 6}
        assert not in_view("u7") and not in_view("u249")
        assert counts()["Party"] == 2 * TestStopped.UNITS - 2

    def test_two_at_once_write_nothing_twice(self) -> None:
        """The second of two that import the same file is told to wait."""
        whole = register(TestStopped.UNITS)

        def meanwhile(done: int, _total: int) -> None:
            if done == BATCH:
                take(whole)

        with pytest.raises(Refused, match="Somebody else imports"):
            import_register(
                by=door.clock(), now=NOW, register=whole, digest="a" * 64, progress=meanwhile
            )
        assert counts()["Party"] == 2 * TestStopped.UNITS


class TestKept:
    """What a copy has no more stays where something else stands on it, and is named."""

    def gone(self) -> Imported:
        return newer(without(register(6), "u4", "u5"))

    def kept(self, done: Imported) -> None:
        assert done.kept == ("4e Régiment",)
        assert in_view("u4") and not in_view("u5")
        with viewing(viewer("nadia")):
            page = queries.party_page(viewer("nadia"), unit("u4").id)
            assert page is not None and page.unlisted

    @pytest.mark.parametrize("seal", ["", "secretariat", "vault"])
    def test_by_a_report(self, seal: str) -> None:
        """One that even the clock may not read is no exception."""
        take(register(6))
        report(unit("u4").id, seal)
        self.kept(self.gone())

    def test_by_an_activity(self) -> None:
        take(register(6))
        line = NewLine(unit("u4").id, "training_advisory", "Course", "36 places", 9000, 36)
        proposed(lines=(line,))
        self.kept(self.gone())

    def test_by_a_confirmed_match(self) -> None:
        take(register(6))
        take_trainings(trainings("4e Régiment", "5e Régiment"))
        with viewing(door.clock()):
            key = models.Match.objects.get(recipient="4e Régiment").id
        answer_match(by=viewer("tomas"), now=NOW, match=key, same=True)
        self.kept(self.gone())

    def test_by_a_tie_entered_by_hand(self) -> None:
        take(register(6))
        tie = NewTie(party("Kodwel command"), unit("u4").id, "commands")
        enter_tie(by=viewer("tomas"), now=NOW, tie=tie)
        self.kept(self.gone())

    def test_by_another_set_of_the_same_publisher(self) -> None:
        """It states the unit as well, so nothing is lost and nothing has to be kept."""
        take(register(6))
        other = replace(
            register(0), units=(Unit("u4", "4e Régiment"),), dataset=replace(SARRAT, key="other")
        )
        take(other, "1" * 64)
        done = self.gone()
        assert done.kept == () and in_view("u4") and not in_view("u5")


class TestNewerTrainings:
    """Rows without ids: compared as often as they are printed, year by year."""

    def test_repeated_rows_are_counted(self) -> None:
        """Printed twice and then three times: one is new."""
        take_trainings(trainings("A", "A", "B"))
        done = take_trainings(trainings("A", "A", "B", "A"), NEWER, NOW + DAY)
        assert done.counts == {"written": 1, "unchanged": 3}
        assert counts()["PublishedSupport"] == 4

    def test_a_corrected_row_replaces_the_old_one(self) -> None:
        take_trainings(trainings("A", "B"))
        rows = (training(2, "A"), training(3, "B", cost_usd=Decimal("7")))
        done = take_trainings(Trainings(TRAINED, rows, ()), NEWER, NOW + DAY)
        assert done.counts == {"written": 1, "unchanged": 1, "gone": 1}
        with viewing(door.clock()):
            rows_now = models.PublishedSupport.objects.filter(recipient="B")
            assert [row.cost_usd for row in rows_now] == [Decimal("7")]

    def test_other_years_and_countries_are_left_alone(self) -> None:
        """A file of one more year, or of another country, takes nothing away."""
        take_trainings(trainings("A", "B"))
        rows = (
            training(2, "C", fiscal_year="2020-2021"),
            training(3, "D", iso3="NRL", country="Norland"),
        )
        done = take_trainings(Trainings(TRAINED, rows, ()), NEWER, NOW + DAY)
        assert done.counts == {"written": 2}
        assert counts()["PublishedSupport"] == 4

    def test_an_empty_copy_takes_nothing_away(self) -> None:
        take_trainings(trainings("A", "B"))
        assert take_trainings(trainings(), NEWER, NOW + DAY).counts == {}
        assert counts()["PublishedSupport"] == 2

    def test_a_recipient_of_a_page(self) -> None:
        """Reports print a whole paragraph where a unit should stand; it is kept as printed."""
        words = " ".join(str(n) for n in range(3_000))
        take(replace(register(0), units=(Unit("u0", "0e Régiment"),)))
        take_trainings(trainings(words))
        with viewing(viewer("ines")):
            assert models.PublishedSupport.objects.get().recipient == words

    def test_dates_that_are_none_are_kept_whole(self) -> None:
        """Two days in one cell are shown as printed, none of it cut off."""
        row = training(2, "A", start=None, start_text="11/30/2008 12/5/2008")
        take_trainings(Trainings(TRAINED, (row,), ()))
        with viewing(viewer("ines")):
            assert models.PublishedSupport.objects.get().starts == "11/30/2008 12/5/2008"
