"""Import: in batches that go on where they stopped; twice is once; matches are questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from primum.actions.import_register import (
    BATCH,
    WHOLE,
    Imported,
    import_register,
    import_trainings,
)
from primum.core.command import Open, Posting, Span, Tie, parse_date
from primum.core.screening import fold
from primum.exchange.register import Dataset, Person, Register, Source, Unit
from primum.exchange.us_training import Training, Trainings
from primum.people import door
from primum.people.sight import viewing
from primum.register import models
from tests.builders import DAY, lines, refused
from tests.cast import NAMES, NOW, viewer

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


def take(found: Register, digest: str = "a" * 64, stop_after: int | None = None) -> Imported:
    def progress(done: int, _total: int) -> None:
        if stop_after is not None and done >= stop_after:
            raise Stopped

    return import_register(
        by=viewer("tomas"), now=NOW, register=found, digest=digest, progress=progress
    )


def take_trainings(found: Trainings, digest: str = "b" * 64) -> Imported:
    return import_trainings(by=viewer("tomas"), now=NOW, trainings=found, digest=digest)


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


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"tomas", "aminata"}))
def test_who_may_not(name: str) -> None:
    """Those who ask for support do not write the register that they are weighed by."""
    with refused("not_your_move"):
        import_register(by=viewer(name), now=NOW, register=register(2), digest="c" * 64)


@pytest.mark.parametrize("name", ["tomas", "aminata"])
def test_who_may(name: str) -> None:
    """The posts that say which entries are the same may bring entries in."""
    done = import_register(by=viewer(name), now=NOW, register=register(2), digest="c" * 64)
    assert done.fresh


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
        from dataclasses import replace  # noqa: PLC0415

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
        from primum.actions.answer_match import answer_match  # noqa: PLC0415

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
