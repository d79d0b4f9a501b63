"""primum import: complete, resumable after kill -9, the same file twice changes nothing."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from primum.cli import main
from primum.cli.importing import digest_of
from primum.cli.rehearsal import DATA, TRAININGS
from primum.exchange.sfm import MALI as MALI_SET
from tests.cli.commands import as_owner, on_clone, primum, starting, until
from tests.conftest import _clone
from tests.exchange.facts import (
    CHAIN_EDGES,
    CHAIN_NODES,
    REGIMENT,
    relation,
    write_relations,
)
from tests.exchange.test_graphml import parse

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TABLES = (
    *("party", "claim", "partyname", "source", "tie"),
    *("publishedsupport", "match", "importbatch"),
)
MALI, NIGERIA = DATA / "sfm_mali_units", DATA / "sfm_nigeria"
TABLE = MALI / "mali_units_relations_20210625.tsv"
MALI_IS = MALI_SET.attribution


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


def test_the_register_of_the_database_has_chains(capsys: Captured) -> None:
    assert main(["import", "sfm", str(MALI)]) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("primum_web",)
    capsys.readouterr()
    assert main(["chain", "--register", "db", "no such unit"]) == 1
    assert "not among the 401 units" in capsys.readouterr().err


def printed(capsys: Captured, *words: str) -> str:
    capsys.readouterr()
    assert main(["chain", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("unit", ["32 Régiment d'Infanterie Motorisée", REGIMENT])
def test_a_chain_of_the_database_is_that_of_the_folder(unit: str, capsys: Captured) -> None:
    """By name and by its publisher's id: the same nodes and edges, in the same ids and words."""
    assert main(["import", "sfm", str(MALI)]) == 0
    graphs = [
        parse(printed(capsys, unit, "--graphml", "--register", name))
        for name in ("sfm_mali_units", "db")
    ]
    assert graphs[0] == graphs[1]
    nodes, edges = graphs[0]
    assert nodes == CHAIN_NODES
    assert {(a[:8], b[:8]): label for a, b, label in edges} == CHAIN_EDGES
    told = [
        in_order(printed(capsys, unit, "--json", "--on", "2018-07-12", "--register", name))
        for name in ("sfm_mali_units", "db")
    ]
    assert told[0] == told[1]
    assert MALI_IS in printed(capsys, unit, "--register", "db")


def in_order(text: str) -> dict[str, object]:
    """What `--json` tells, its lists in one order, without what only a file has to look at."""
    told: dict[str, object] = json.loads(text)
    del told["problems"]
    return {
        key: sorted(json.dumps(each, sort_keys=True) for each in value)
        if isinstance(value, list)
        else value
        for key, value in told.items()
    }


def test_postings_of_the_database_are_those_of_the_folder(capsys: Captured) -> None:
    """Who was in command, with rank, confidence and the publisher's own ids of the sources."""
    assert main(["import", "sfm", str(NIGERIA)]) == 0
    words = ("1 Mechanised Division", "--on", "2014-01-01", "--json")
    text = printed(capsys, *words, "--register", "db")
    assert json.loads(text)["commanders"][0]["sources"]
    assert in_order(text) == in_order(printed(capsys, *words, "--register", "sfm_nigeria"))


# A newer copy, and taking an import back.


def copy_of_mali(folder: Path, *changes: tuple[str, str]) -> Path:
    """The shipped table in a folder of the same name, with some words changed."""
    text = TABLE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "sfm_mali_units" / "mali_units_relations_20230101.tsv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


RENAMED = ("324 Compagnie d’Infanterie Motorisée", "324e Compagnie motorisée")


def batch_of(out: str) -> str:
    found = re.search(r"primum import undo (\S+)", out)
    assert found is not None
    return found[1]


def test_a_newer_copy_says_what_it_changed(tmp_path: Path, capsys: Captured) -> None:
    """It is known by its folder; nothing is doubled, and the count is of what was written."""
    assert main(["import", "sfm", str(MALI)]) == 0
    before = counts()
    copy = copy_of_mali(tmp_path, RENAMED)
    assert main(["import", "sfm", str(copy)]) == 0
    out = capsys.readouterr().out
    assert "401 units, 398 ties. 1 changed, 798 unchanged. Undo: primum import undo" in out
    assert counts()["party"] == before["party"]
    for name in RENAMED:  # by its new name, and still by the former one
        assert RENAMED[1] in printed(capsys, name, "--register", "db")
    # The very same copy once more, and the first one, change nothing and say so.
    for path in (copy, MALI):
        assert main(["import", "sfm", str(path)]) == 0
        assert "imported before; nothing was changed" in capsys.readouterr().out
    assert "A newer copy is in view since" in out_of(capsys, "import", "sfm", str(MALI))


def out_of(capsys: Captured, *words: str) -> str:
    capsys.readouterr()
    assert main([*words]) == 0
    return capsys.readouterr().out


def test_a_copy_that_is_cut_short_is_no_newer_copy(tmp_path: Path, capsys: Captured) -> None:
    assert main(["import", "sfm", str(MALI)]) == 0
    before = counts()
    lines = TABLE.read_text(encoding="utf-8").splitlines(keepends=True)
    path = copy_of_mali(tmp_path)
    path.write_text("".join(lines[:150]), encoding="utf-8")
    assert main(["import", "sfm", str(path)]) == 1
    err = capsys.readouterr().err
    assert "of the 401 units that were imported" in err and "Nothing was changed" in err
    assert counts() == before


def test_whose_register_it_is_must_be_told_where_the_files_do_not(
    tmp_path: Path, capsys: Captured
) -> None:
    """A table in the Monitor's form in anybody's folder is not shown as the Monitor's."""
    path = write_relations(tmp_path, relation("a", "x"), relation("b", "x"))
    assert main(["import", "sfm", str(path)]) == 1
    assert "--publisher NAME" in capsys.readouterr().err
    assert counts().total() == 0
    named = ("import", "sfm", str(path), "--publisher", "Ministry of Kodwel")
    assert "3 units, 2 ties. 5 written" in out_of(capsys, *named)
    assert "Ministry of Kodwel: relations.tsv" in printed(capsys, "Unit a", "--register", "db")
    # A copy of it elsewhere is known by the units it shares.
    elsewhere = write_relations(
        tmp_path / "new", relation("a", "x"), relation("b", "x", name="Unit b, renamed")
    )
    again = ("import", "sfm", str(elsewhere), "--publisher", "Ministry of Kodwel")
    assert "1 changed, 4 unchanged" in out_of(capsys, *again)
    # Another register of the same publisher is one of its own: it takes nothing away.
    other = write_relations(tmp_path / "other", relation("p", "q"))
    third = ("import", "sfm", str(other), "--publisher", "Ministry of Kodwel")
    assert "2 units, 1 ties. 3 written. Undo" in out_of(capsys, *third)
    assert counts()["party"] == 5


def test_nobody_else_publishes_the_very_files_of_the_monitor(capsys: Captured) -> None:
    assert main(["import", "sfm", str(MALI), "--publisher", "Somebody"]) == 1
    assert "Leave --publisher out" in capsys.readouterr().err
    assert counts().total() == 0


def test_list_and_undo(capsys: Captured) -> None:
    """The list names each import; undone it is out of view, the ledger keeps its lines."""
    assert "Nothing has been imported" in out_of(capsys, "import", "list")
    batch = batch_of(out_of(capsys, "import", "sfm", str(MALI)))
    listed = out_of(capsys, "import", "list")
    assert batch in listed and "799 written." in listed
    assert "Undone: Defence" in (undone := out_of(capsys, "import", "undo", batch))
    assert "799 out of view, 0 of earlier copies back" in undone
    assert "undone on" in out_of(capsys, "import", "list")
    assert main(["chain", "--register", "db", REGIMENT]) == 1
    assert "not among the 0 units" in capsys.readouterr().err
    assert "Nothing to undo" in out_of(capsys, "import", "undo", batch)
    assert main(["ledger", "verify"]) == 0
    # Read again, it is the same register under the same keys.
    parties = counts()["party"]
    assert "799 written" in out_of(capsys, "import", "sfm", str(MALI))
    assert counts()["party"] == parties


def test_an_undone_copy_gives_back_what_it_changed(tmp_path: Path, capsys: Captured) -> None:
    """The older import cannot be undone under it; the newer one can, and nothing is left of it."""
    first = batch_of(out_of(capsys, "import", "sfm", str(MALI)))
    before = printed(capsys, REGIMENT, "--register", "db", "--json")
    second = batch_of(out_of(capsys, "import", "sfm", str(copy_of_mali(tmp_path, RENAMED))))
    assert printed(capsys, REGIMENT, "--register", "db", "--json") != before
    assert main(["import", "undo", first]) == 1
    err = capsys.readouterr().err
    assert "Undo that import first" in err and second in err
    assert "1 out of view, 1 of earlier copies back" in out_of(capsys, "import", "undo", second)
    assert printed(capsys, REGIMENT, "--register", "db", "--json") == before


@pytest.mark.parametrize("batch", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_import_that_is_not_there(batch: str, capsys: Captured) -> None:
    assert main(["import", "undo", batch]) == 1
    assert "primum import list" in capsys.readouterr().err
