"""The Monitor's folder of tidy tables: the shipped one, and broken ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from primum.core.command import Holding, Open, Posting, Tie, chain, commanders
from primum.exchange.register import Register, Source
from primum.exchange.sfm import NIGERIA, Form, detect, read, read_nigeria
from primum.exchange.tables import ExchangeError
from tests.exchange.facts import DEMO, write_table

FOLDER = DEMO / "sfm_nigeria"

UNITS = ("unit", "aliases", "classification", "country", "first_cited", "last_cited", "open_ended")
PARENTS = (
    *("unit", "parent", "relation", "confidence", "source_ids"),
    *("first_cited", "first_is_start", "last_cited", "open_ended"),
)
POSTINGS = (
    *("row", "person", "aliases", "unit", "role", "title", "rank", "confidence", "source_ids"),
    *("first_cited", "first_is_start", "last_cited", "last_is_end"),
)
SOURCES = ("source_id", "title", "publication_title", "published_on", "source_url", "archive_url")

Cells = dict[str, str]


@pytest.fixture(scope="module")
def nigeria() -> Register:
    return read_nigeria(FOLDER)


def folder(
    path: Path,
    units: list[Cells] | None = None,
    parents: list[Cells] | None = None,
    postings: list[Cells] | None = None,
    sources: list[Cells] | None = None,
) -> Path:
    """A folder with two units, one tie, one posting and one source, or with what is given."""
    two = [{"unit": "Army", "country": "ng"}, {"unit": "1 Division", "aliases": "1 Div; One Div"}]
    write_table(path / "units.csv", UNITS, two if units is None else units)
    write_table(path / "unit_parents.csv", PARENTS, [TIE] if parents is None else parents)
    write_table(path / "postings.csv", POSTINGS, [POSTING] if postings is None else postings)
    write_table(path / "sources.csv", SOURCES, [SOURCE] if sources is None else sources)
    return path


TIE = {
    "unit": "1 Division",
    "parent": "Army",
    "relation": "Command",
    "first_cited": "2010-05",
    "first_is_start": "N",
    "open_ended": "Y",
    "confidence": "Low",
    "source_ids": "s1",
}
POSTING = {
    "row": "2",
    "person": "A Person",
    "aliases": "A. Person ; Person",
    "unit": "1 Division",
    "role": "Commander",
    "rank": "Major General",
    "first_cited": "2012-01-01",
    "first_is_start": "Y",
    "last_cited": "2013-01-01",
    "last_is_end": "Y",
    "confidence": "Medium",
    "source_ids": "s1",
}
SOURCE = {
    "source_id": "s1",
    "title": "A title",
    "publication_title": "A paper",
    "published_on": "May 2014",
    "source_url": "https://example.org/a",
    "archive_url": "No archive available",
}


def messages(register: Register) -> list[tuple[str, int, str]]:
    return [(each.file, each.line, each.message) for each in register.problems]


def test_it_works(nigeria: Register) -> None:
    assert len(nigeria.units) == 1_058
    assert len(nigeria.persons) == 667
    assert len(nigeria.postings) == 885
    assert len(nigeria.ties) == 1_226  # 1,233 rows, seven of them twice
    assert len(nigeria.sources) == 1_416
    assert nigeria.dataset is NIGERIA


def test_what_the_publisher_should_look_at(nigeria: Register) -> None:
    found = [problem.message for problem in nigeria.problems]

    assert len(found) == 10
    assert sum("repeats" in message for message in found) == 7
    assert sum("before it was first cited" in message for message in found) == 3


def test_everything_points_at_something(nigeria: Register) -> None:
    units = {unit.id for unit in nigeria.units}
    people = {person.id for person in nigeria.persons}
    sources = {source.id for source in nigeria.sources}
    cited = {each for tie in nigeria.ties for each in tie.source_ids}
    cited |= {each for posting in nigeria.postings for each in posting.source_ids}

    assert {tie.superior for tie in nigeria.ties} | {tie.subordinate for tie in nigeria.ties} <= (
        units
    )
    assert {posting.unit for posting in nigeria.postings} <= units
    assert {posting.person for posting in nigeria.postings} <= people
    assert cited == sources


def test_every_claim_has_a_source_and_a_confidence(nigeria: Register) -> None:
    claims: list[Tie | Posting] = [*nigeria.ties, *nigeria.postings]

    assert all(claim.source_ids for claim in claims)
    assert {claim.confidence for claim in claims} == {"Low", "Medium", "High"}


def test_ids_are_made_from_names_and_are_unique(nigeria: Register) -> None:
    ids = [record.id for record in nigeria.records()]

    assert len(set(ids)) == len(ids)
    assert "nga:unit:1 Battalion" in ids and "nga:posting:2" in ids


def test_a_unit_keeps_its_other_names(nigeria: Register) -> None:
    (battalion,) = (unit for unit in nigeria.units if unit.name == "1 Battalion")

    assert battalion.aliases == ("1 Battalion Army", "1st Battalion", "One Battalion")
    assert (battalion.country, battalion.classification) == ("ng", ("Army", "Military"))


def test_who_commanded_a_division_on_a_day(nigeria: Register) -> None:
    found = commanders(nigeria.postings, "nga:unit:1 Mechanised Division", date(2014, 1, 1))

    first = found[0]
    assert (first.posting.rank, first.holding) == ("Major General", Holding.CERTAIN)
    assert first.posting.source_ids


def test_a_station_has_a_chain_on_a_day(nigeria: Register) -> None:
    found = chain(nigeria.ties, "nga:unit:1 Battalion", date(2012, 1, 1))

    assert "nga:unit:1 Brigade" in {node.id for node in found.superiors}


def test_records_come_in_one_order(nigeria: Register) -> None:
    assert list(nigeria.records()) == list(read(FOLDER).records())


def test_a_table_in_the_folder_stands_for_the_folder() -> None:
    assert detect(FOLDER) == (Form.TIDY, FOLDER)
    assert detect(FOLDER / "postings.csv") == (Form.TIDY, FOLDER)


# Folders of somebody else's.


def test_a_small_folder(tmp_path: Path) -> None:
    found = read(folder(tmp_path))

    (posting,) = found.postings
    assert found.problems == ()
    assert [unit.aliases for unit in found.units] == [(), ("1 Div", "One Div")]
    assert found.persons[0].variants == ("A. Person", "Person")
    assert (posting.span.open, posting.span.first_is_start) == (Open.ENDED, True)
    assert (posting.role, posting.rank, posting.confidence) == (
        "Commander",
        "Major General",
        "Medium",
    )


@pytest.mark.parametrize(("flag", "open"), [("Y", Open.ENDED), ("N", Open.NO), ("", Open.UNSTATED)])
def test_a_posting_never_says_that_it_goes_on(tmp_path: Path, flag: str, open: Open) -> None:
    found = read(folder(tmp_path, postings=[{**POSTING, "last_is_end": flag}]))

    assert found.postings[0].span.open is open


def test_name_variants_are_added_once(tmp_path: Path) -> None:
    path = folder(tmp_path)
    rows = [
        {"unit": "1 Division", "variant": "One Div"},
        {"unit": "1 Division", "variant": "First Division"},
        {"unit": "Nobody", "variant": "No One"},
    ]
    write_table(path / "unit_name_variants.csv", ("unit", "variant"), rows)
    people = [{"person": "A Person", "variant": "A P"}, {"person": "Nobody", "variant": "N"}]
    write_table(path / "person_name_variants.csv", ("person", "variant"), people)

    found = read(path)

    assert found.units[1].aliases == ("1 Div", "One Div", "First Division")
    assert found.persons[0].variants == ("A. Person", "Person", "A P")
    assert messages(found) == [
        ("unit_name_variants.csv", 4, "“Nobody” is not in units.csv"),
        ("person_name_variants.csv", 3, "“Nobody” has no posting"),
    ]


def test_sources_keep_the_publishers_date_and_only_web_addresses(tmp_path: Path) -> None:
    (source,) = read(folder(tmp_path)).sources

    assert source == Source(
        id="s1",
        title="A title",
        publication="A paper",
        published_on="May 2014",
        url="https://example.org/a",
        archive_url="",
    )


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "http://", "www.example.org", "http://[x"],
)
def test_nothing_but_a_web_address_passes_as_one(tmp_path: Path, address: str) -> None:
    found = read(folder(tmp_path, sources=[{**SOURCE, "source_url": address}]))

    assert found.sources[0].url == ""


def test_sources_that_nothing_cites_are_not_read(tmp_path: Path) -> None:
    found = read(folder(tmp_path, sources=[SOURCE, {**SOURCE, "source_id": "s2"}]))

    assert [source.id for source in found.sources] == ["s1"]


def test_the_raw_file_of_sources_will_do(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "sources.csv").rename(path / "raw_sources_20190501.csv")

    assert [source.id for source in read(path).sources] == ["s1"]


def test_a_missing_source_and_a_missing_table_are_told(tmp_path: Path) -> None:
    path = folder(tmp_path, sources=[{**SOURCE, "source_id": "s2"}])
    assert ("sources.csv", 0, "the cited source s1 is missing") in messages(read(path))

    (path / "sources.csv").unlink()
    found = read(path)
    assert ("sources.csv", 0, "there is no table of sources") in messages(found)
    assert found.postings[0].source_ids == ("s1",)


@pytest.mark.parametrize(
    ("tie", "message"),
    [
        ({**TIE, "first_cited": "0003"}, "the year 3 is not between"),
        ({**TIE, "last_cited": "9999-12-31"}, "the year 9999 is not between"),
        ({**TIE, "open_ended": "?"}, "“?”, not Y, N, E or blank"),
        ({**TIE, "parent": "1 Division"}, "the unit is given as its own parent"),
        ({**TIE, "parent": ""}, "“parent” is blank"),
        (TIE, "the row repeats line 2"),
    ],
)
def test_a_bad_tie_is_left_out(tmp_path: Path, tie: Cells, message: str) -> None:
    found = read(folder(tmp_path, parents=[TIE, tie]))

    assert len(found.ties) == 1
    assert [(each.file, each.line) for each in found.problems] == [("unit_parents.csv", 3)]
    assert message in found.problems[0].message


@pytest.mark.parametrize(
    ("posting", "message"),
    [
        ({**POSTING, "row": "3", "first_cited": "2012-02-31"}, "there is no day 31"),
        ({**POSTING, "row": "3", "last_is_end": "E"}, "“E”, not Y, N or blank"),
        ({**POSTING, "row": "3", "person": ""}, "“person” is blank"),
        ({**POSTING, "role": "Adjutant"}, "the row number 2 was already given"),
    ],
)
def test_a_bad_posting_is_left_out(tmp_path: Path, posting: Cells, message: str) -> None:
    found = read(folder(tmp_path, postings=[POSTING, posting]))

    assert len(found.postings) == 1
    assert [(each.file, each.line) for each in found.problems] == [("postings.csv", 3)]
    assert message in found.problems[0].message


def test_a_unit_given_twice_is_read_once(tmp_path: Path) -> None:
    units = [{"unit": "Army"}, {"unit": "1 Division"}, {"unit": "Army", "country": "ng"}]

    found = read(folder(tmp_path, units=units))

    assert [unit.name for unit in found.units] == ["Army", "1 Division"]
    assert messages(found) == [("units.csv", 4, "“Army” was already given")]


def test_a_unit_known_only_from_a_tie_or_a_posting_is_kept_and_told(tmp_path: Path) -> None:
    path = folder(tmp_path, units=[{"unit": "1 Division"}])

    found = read(path)

    assert [(unit.name, unit.listed) for unit in found.units] == [
        ("1 Division", True),
        ("Army", False),
    ]
    assert messages(found) == [("unit_parents.csv", 2, "“Army” is not in units.csv")]


@pytest.mark.parametrize("name", ["units.csv", "unit_parents.csv", "postings.csv"])
def test_a_folder_that_lacks_a_table_says_which(tmp_path: Path, name: str) -> None:
    path = folder(tmp_path)
    (path / name).unlink()

    with pytest.raises(ExchangeError, match=f"the folder has no {name}"):
        read_nigeria(path)


def test_a_table_that_lacks_a_column_says_which(tmp_path: Path) -> None:
    path = folder(tmp_path)
    write_table(path / "postings.csv", ("row", "person"), [])

    with pytest.raises(
        ExchangeError, match=r"postings.csv, line 1: columns are missing: “aliases”"
    ):
        read(path)
