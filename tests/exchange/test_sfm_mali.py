"""The Monitor's table of units and relations: the shipped one, and broken ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from primum.core.command import Holding, Open, chain, parse_date
from primum.exchange.register import Register
from primum.exchange.sfm import MALI, Form, detect, read, read_mali_units
from primum.exchange.tables import ExchangeError
from tests.exchange.facts import (
    CHAIN_EDGES,
    CHAIN_NODES,
    DEMO,
    PARENTS_ONLY,
    REGIMENT,
    relation,
    write_relations,
)

FILE = DEMO / "sfm_mali_units" / "mali_units_relations_20210625.tsv"


@pytest.fixture(scope="module")
def mali() -> Register:
    return read_mali_units(FILE)


def problems(register: Register) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in register.problems]


def test_it_works(mali: Register) -> None:
    assert (len(mali.units), len(mali.ties)) == (401, 398)
    assert mali.problems == ()
    assert mali.dataset is MALI


def test_parents_without_a_row_are_known_only_by_name(mali: Register) -> None:
    unlisted = {unit.name: unit for unit in mali.units if not unit.listed}

    assert set(unlisted) == PARENTS_ONLY
    assert all(not unit.classification for unit in unlisted.values())


def test_every_tie_has_both_its_units(mali: Register) -> None:
    known = {unit.id for unit in mali.units}

    assert {tie.superior for tie in mali.ties} | {tie.subordinate for tie in mali.ties} <= known


def test_ids_are_unique(mali: Register) -> None:
    assert len({unit.id for unit in mali.units}) == len(mali.units)
    assert len({tie.id for tie in mali.ties}) == len(mali.ties)


def test_the_chain_is_the_one_the_publisher_expects(mali: Register) -> None:
    names = {unit.id: unit.name for unit in mali.units}

    found = chain(mali.ties, REGIMENT)

    assert {node.id: names[node.id] for node in found.nodes} == CHAIN_NODES
    ends = {(edge.tie.superior[:8], edge.tie.subordinate[:8]) for edge in found.edges}
    assert ends == set(CHAIN_EDGES)


def test_the_president_stops_standing_above_the_ministry_when_he_falls(mali: Register) -> None:
    """Two parents of different times: one ended on 18 August 2020, the other began that day."""
    president, committee = (
        "4fac1035-4181-4b84-bb0b-dc08d840d631",
        ("1a64b83d-7767-4c6d-9474-6ee4ada1a8d8"),
    )

    def above(on: date) -> dict[str, Holding | None]:
        return {node.id: node.holding for node in chain(mali.ties, REGIMENT, on).superiors}

    assert president in above(date(2020, 8, 17)) and committee not in above(date(2020, 8, 17))
    assert {president, committee} <= set(above(date(2020, 8, 18)))
    assert president not in above(date(2020, 8, 19)) and committee in above(date(2020, 8, 19))


def test_a_company_first_cited_later_is_unknown_before(mali: Register) -> None:
    company = "45bb4fae-5f2d-4790-b512-955d43cfb9a6"

    found = chain(mali.ties, REGIMENT, date(2018, 7, 12))

    assert company not in {node.id for node in found.nodes}
    assert [tie.subordinate for tie in found.unknown] == [company]


def test_doubled_quotation_marks_are_one(mali: Register) -> None:
    assert '1 Groupement Tactique Interarmés "Waraba"' in {unit.name for unit in mali.units}


def test_placeholders_say_so(mali: Register) -> None:
    unknown = [unit for unit in mali.units if unit.placeholder]

    assert len(unknown) == 14
    assert all("nknown" in unit.name for unit in unknown)


def test_dates_keep_the_publishers_text(mali: Register) -> None:
    texts = {tie.span.first.text for tie in mali.ties if tie.span.first}

    assert {"1963-04-", "2010-05", "2010-05-", "2008"} <= texts


def test_records_come_in_one_order_that_can_be_resumed(mali: Register) -> None:
    records = list(mali.records())

    assert records == list(read(FILE).records())
    assert records[:401] == list(mali.units)


# A table of somebody else's.


def test_two_rows_are_two_parents(tmp_path: Path) -> None:
    found = read(write_relations(tmp_path, relation("a", "x"), relation("a", "y")))

    assert [unit.id for unit in found.units] == ["a", "x", "y"]
    assert [tie.superior for tie in found.ties] == ["x", "y"]
    assert found.units[0].classification == ("Army", "Military")


def test_what_a_tie_keeps(tmp_path: Path) -> None:
    row = relation("a", "x", first="2010-05-", start="Y", last="2018", open="E")

    (tie,) = read(write_relations(tmp_path, row)).ties

    assert (tie.kind, tie.confidence, tie.source_ids) == ("Command", "", ())
    assert (tie.span.first, tie.span.last) == (parse_date("2010-05"), parse_date("2018"))
    assert (tie.span.open, tie.span.first_is_start) == (Open.ENDED, True)
    assert tie.id == "a|x|Command|2010-05|2018|E"


def test_ties_that_differ_only_in_their_start_flag_get_ids_of_their_own(tmp_path: Path) -> None:
    found = read(write_relations(tmp_path, relation("a", "x"), relation("a", "x", start="Y")))

    assert [tie.id[-2:] for tie in found.ties] == ["|Y", "#2"]


def test_another_table_is_not_shown_as_the_monitors(tmp_path: Path) -> None:
    found = read(write_relations(tmp_path, relation("a")))

    assert found.dataset.publisher == "" and found.dataset is not MALI
    assert "not stated" in found.dataset.attribution


def test_a_changed_copy_is_not_shown_as_the_monitors(tmp_path: Path) -> None:
    path = tmp_path / FILE.name
    path.write_bytes(FILE.read_bytes().replace(b"1 Bataillon Burkinab", b"2 Bataillon Burkinab"))

    assert read(path).dataset is not MALI


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (relation("b", "x", first="0003-01-01"), "the year 3 is not between 1800 and 2100"),
        (relation("b", "x", last="9999-12-31"), "the year 9999 is not between 1800 and 2100"),
        (relation("b", "x", first="2014-13-"), "there is no month 13"),
        (relation("b", "x", open="maybe"), "“maybe”, not Y, N, E or blank"),
        (relation("b", "x", start="E"), "“E”, not Y, N or blank"),
        (relation("b", "b"), "the unit is given as its own parent"),
        (relation("b", "x", relation="member"), "“member” is not a line of command"),
        (relation("b", "x", parent_id=""), "“unit:related_unit_id:admin” is blank"),
        (relation("b", "x", parent=""), "“unit:related_unit” is blank"),
    ],
)
def test_a_bad_tie_is_left_out_and_its_unit_kept(
    tmp_path: Path, row: dict[str, str], message: str
) -> None:
    found = read(write_relations(tmp_path, relation("a", "x"), row, relation("c", "x")))

    assert {unit.id for unit in found.units} == {"a", "b", "c", "x"}
    assert [tie.subordinate for tie in found.ties] == ["a", "c"]
    assert len(found.problems) == 1
    assert found.problems[0].line == 3 and message in found.problems[0].message
    assert "The unit was read, its tie was left out" in found.problems[0].remedy


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (relation("", "x"), "“unit:id:admin” is blank"),
        (relation("b", "x", name=""), "“unit:name” is blank"),
        (relation("b" * 500, "x"), "is longer than 300 characters"),
        (relation("a", "y", name="Another name"), "the id of “Unit a” is also given to"),
        (relation("a", "x"), "the row repeats line 2"),
    ],
)
def test_a_bad_row_is_left_out(tmp_path: Path, row: dict[str, str], message: str) -> None:
    found = read(write_relations(tmp_path, relation("a", "x"), row, relation("c", "x")))

    assert [unit.id for unit in found.units] == ["a", "c", "x"]
    assert len(found.problems) == 1
    assert found.problems[0].line == 3 and message in found.problems[0].message


def test_units_in_a_circle_are_kept_and_told(tmp_path: Path) -> None:
    rows = (relation("x"), relation("a", "b"), relation("b", "a"), relation("c", "a"))

    found = read(write_relations(tmp_path, *rows))

    assert len(found.ties) == 3
    assert problems(found) == [(3, "2 units stand above each other in a circle (a, b)")]


def test_dates_that_contradict_are_kept_and_told(tmp_path: Path) -> None:
    row = relation("a", "x", first="2013-05-17", last="2006-03-27")

    found = read(write_relations(tmp_path, row))

    assert len(found.ties) == 1
    assert problems(found) == [
        (2, "last cited (2006-03-27) before it was first cited (2013-05-17)")
    ]


def test_a_header_and_no_rows_is_an_empty_register(tmp_path: Path) -> None:
    found = read(write_relations(tmp_path))

    assert found.units == () and len(found.problems) == 1


# Which form is it?


def test_a_file_and_its_folder_are_the_same_register() -> None:
    assert detect(FILE) == (Form.RELATIONS, FILE)
    assert detect(FILE.parent) == (Form.RELATIONS, FILE)


def test_a_folder_of_nothing_we_know_says_what_we_know(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "empty.csv").touch()

    with pytest.raises(ExchangeError, match="holds no register that we can read") as caught:
        detect(tmp_path)
    assert "unit:id:admin" in caught.value.remedy and "units.csv" in caught.value.remedy


def test_a_folder_of_two_tables_asks_which(tmp_path: Path) -> None:
    write_relations(tmp_path / "one", relation("a")).rename(tmp_path / "one.tsv")
    write_relations(tmp_path / "two", relation("b")).rename(tmp_path / "two.tsv")

    with pytest.raises(ExchangeError, match="holds several tables of relations"):
        detect(tmp_path)


def test_a_wrong_file_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    latin = tmp_path / "latin.tsv"
    latin.write_bytes(FILE.read_bytes().decode().encode("cp1252", "replace"))

    with pytest.raises(ExchangeError, match=r"latin.tsv, line 2: the text is not UTF-8"):
        read(latin)
    with pytest.raises(ExchangeError, match="there is no such file"):
        read(tmp_path / "none.tsv")
