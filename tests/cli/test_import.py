"""primum import: complete, resumable after kill -9, the same file twice changes nothing."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from primum.cli import main
from primum.cli.importing import digest_of
from primum.cli.rehearsal import DATA, TRAININGS
from tests.cli.commands import as_owner, on_clone, primum, starting, until
from tests.conftest import _clone

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TABLES = ("party", "partyname", "source", "tie", "publishedsupport", "match", "importbatch")
NIGERIA = DATA / "sfm_nigeria"


def counts() -> Counter[str]:
    with as_owner() as owner:
        found = Counter[str]()
        for table in TABLES:
            row = owner.execute(f"SELECT count(*) FROM register_{table}".encode()).fetchone()
            assert row is not None
            found[table] = row[0]
        return found


def imported() -> int:
    with as_owner() as owner:
        row = owner.execute("SELECT coalesce(max(done), 0) FROM register_importbatch").fetchone()
        assert row is not None
        return int(row[0])


def test_it_works_and_the_same_file_again_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = str(DATA / "sfm_mali_units")
    assert main(["import", "sfm", path]) == 0
    said = capsys.readouterr()
    assert "401 units, 398 ties." in said.out
    assert "799 of 799" in said.err
    before = counts()
    assert before["party"] == 401
    assert main(["import", "sfm", path]) == 0
    assert "imported before; nothing was changed" in capsys.readouterr().out
    assert counts() == before


def test_trainings_of_one_country(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "us-training", str(TRAININGS), "--country", "mli"]) == 0
    assert "1,183 rows." in capsys.readouterr().out
    assert counts()["publishedsupport"] == 1183
    assert main(["import", "us-training", str(TRAININGS), "--country", "NGA"]) == 0
    assert "nothing." in capsys.readouterr().out


def test_problems_are_told_by_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = list(csv.reader(TRAININGS.open(encoding="utf-8", newline="")))
    place = rows[0].index("quantity")
    for row in rows[1:26]:
        row[place] = "many"
    path = tmp_path / "trainings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows[:31])
    assert main(["import", "us-training", str(path)]) == 0
    said = capsys.readouterr().err
    assert "  trainings.csv:2: " in said
    assert said.count("trainings.csv:") == 20
    assert "and 5 more rows to look at" in said


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing.csv"
    assert main(["import", "us-training", str(path)]) == 1
    assert "nothing.csv: there is no such file. Check the path." in capsys.readouterr().err
    path.write_text("a,b\n1,2\n")
    assert main(["import", "sfm", str(path)]) == 1
    assert "columns are missing" in capsys.readouterr().err
    assert counts().total() == 0


@pytest.mark.slow
def test_killed_halfway_it_goes_on_to_the_same_end() -> None:
    assert primum("import", "sfm", str(NIGERIA), env=on_clone()).returncode == 0
    whole = counts()
    assert whole["party"] > 1000
    _clone()

    half = starting("import", "sfm", str(NIGERIA), env=on_clone())
    until(lambda: imported() >= 1000)
    half.kill()
    half.communicate(timeout=30)
    assert 1000 <= imported() < 5252
    assert counts() != whole

    again = primum("import", "sfm", str(NIGERIA), env=on_clone())
    assert again.returncode == 0, again.stderr
    assert counts() == whole
    assert main(["ledger", "verify"]) == 0


def test_the_digest_names_files_contents_and_choice(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("same")
    two.write_text("same")
    seen = {digest_of([one]), digest_of([two]), digest_of([one, two]), digest_of([one], "MLI")}
    assert len(seen) == 4
    one.write_text("other")
    assert digest_of([one]) not in seen


def test_the_register_of_the_database_has_chains(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "sfm", str(DATA / "sfm_mali_units")]) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("primum_web",)
    capsys.readouterr()
    assert main(["chain", "--register", "db", "no such unit"]) == 1
    assert "not among the 401 units" in capsys.readouterr().err
