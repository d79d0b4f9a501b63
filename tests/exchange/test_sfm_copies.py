"""Whose a table is: the very file, a copy in the set's own folder, anybody's in the same form."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from primum.exchange.sfm import MALI, NIGERIA, read
from primum.exchange.us_training import read_trainings
from tests.exchange.facts import DEMO, relation, write_relations
from tests.exchange.test_sfm_nigeria import POSTING, TIE, folder
from tests.exchange.test_us_training import write

TABLE = DEMO / "sfm_mali_units" / "mali_units_relations_20210625.tsv"


def test_the_very_file_is_the_set_wherever_it_lies(tmp_path: Path) -> None:
    found = read(Path(shutil.copy(TABLE, tmp_path / "anything.tsv")))

    assert found.dataset is MALI


def test_a_changed_copy_in_the_sets_own_folder_is_its_publishers_and_says_so(
    tmp_path: Path,
) -> None:
    path = tmp_path / MALI.key / "mali_units_relations_20230101.tsv"
    path.parent.mkdir()
    path.write_bytes(TABLE.read_bytes().replace(b"1 Bataillon Burkinab", b"2 Bataillon Burkinab"))

    for found in (read(path), read(path.parent)):
        assert (found.dataset.key, found.dataset.publisher) == (MALI.key, MALI.publisher)
        assert found.dataset.recognised and found.dataset.snapshot == ""
        assert "not the copy of 2021-06-25" in found.dataset.attribution
        assert "CC BY 4.0" in found.dataset.attribution


def test_a_folder_of_tidy_tables_is_known_by_its_name(tmp_path: Path) -> None:
    found = read(folder(tmp_path / NIGERIA.key))

    assert (found.dataset.key, found.dataset.publisher) == (NIGERIA.key, NIGERIA.publisher)
    assert "not the copy of" in found.dataset.attribution


def test_in_any_other_folder_it_is_nobodys(tmp_path: Path) -> None:
    for found in (
        read(write_relations(tmp_path, relation("a", "x"))),
        read(folder(tmp_path / "f")),
    ):
        assert found.dataset.publisher == "" and not found.dataset.recognised


LONG = "x" * 41


@pytest.mark.parametrize("column", ["relation", "confidence"])
def test_a_tie_whose_words_are_a_page_is_left_out(tmp_path: Path, column: str) -> None:
    found = read(folder(tmp_path, parents=[TIE, {**TIE, column: LONG, "last_cited": "2014"}]))

    assert len(found.ties) == 1
    assert f"“{column}” is longer than 40 characters" in found.problems[0].message


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ({"unit": "Army", "country": LONG}, "“country” is longer than 40 characters"),
        ({"unit": "x" * 301}, "“unit” is longer than 300 characters"),
        ({"unit": "Army", "aliases": "A;" + "x" * 301}, "“aliases” is longer than 300 characters"),
    ],
)
def test_a_unit_that_no_column_holds_is_left_out(
    tmp_path: Path, units: dict[str, str], message: str
) -> None:
    found = read(folder(tmp_path, units=[{"unit": "1 Division"}, units], parents=[]))

    assert [unit.name for unit in found.units] == ["1 Division"]
    assert message in found.problems[0].message


def test_a_posting_whose_source_is_a_page_is_left_out(tmp_path: Path) -> None:
    found = read(folder(tmp_path, postings=[{**POSTING, "source_ids": "s1;" + "x" * 301}]))

    assert found.postings == ()
    assert "“source_ids” is longer than 300 characters" in found.problems[0].message


@pytest.mark.parametrize(("column", "most"), [("iso3", 3), ("fiscal_year", 20)])
def test_a_training_of_no_country_or_year_is_left_out(
    tmp_path: Path, column: str, most: int
) -> None:
    found = read_trainings(write(tmp_path, {}, {column: "x" * (most + 1)}))

    assert len(found.rows) == 1
    assert found.problems[0].message == f"“{column}” is longer than {most} characters"
