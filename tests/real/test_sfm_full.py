"""The whole files as their publisher gives them. PRIMUM_REAL_DATA names the folder they are in."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from primum.cli import main
from primum.core.command import chain
from primum.exchange.graphml import write_graphml
from primum.exchange.sfm import MALI, NIGERIA, read
from primum.exchange.us_training import read_trainings
from tests.exchange.facts import CHAIN_EDGES, CHAIN_NODES, DEMO, REGIMENT
from tests.exchange.test_graphml import parse

REAL = os.environ.get("PRIMUM_REAL_DATA", "")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL, reason="PRIMUM_REAL_DATA names no folder of real data"),
]


def folder(name: str) -> Path:
    found = Path(REAL, name)
    if not found.is_dir():
        pytest.skip(f"PRIMUM_REAL_DATA holds no {name}")
    return found


def test_the_chain_equals_the_publishers_own_graph() -> None:
    mali = read(folder("sfm_mali_units"))
    expected = folder("sfm_mali_units") / "expected_324_command_chain_raw.graphml"
    names = {unit.id: unit.name for unit in mali.units}

    found = parse(write_graphml(chain(mali.ties, REGIMENT), names))

    assert found == parse(expected.read_text(encoding="utf-8"))
    assert (len(found[0]), len(found[1])) == (8, 7)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("register", ["sfm_mali_units", "db"])
def test_the_command_prints_the_publishers_own_graph(
    register: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the folder that ships, and from the database it was imported into: 8 nodes, 7 edges."""
    assert main(["import", "sfm", str(DEMO / "sfm_mali_units")]) == 0
    expected = folder("sfm_mali_units") / "expected_324_command_chain_raw.graphml"
    capsys.readouterr()

    unit = "32 Régiment d'Infanterie Motorisée"
    assert main(["chain", unit, "--graphml", "--register", register]) == 0

    found = parse(capsys.readouterr().out)
    assert found == parse(expected.read_text(encoding="utf-8"))
    assert (len(found[0]), len(found[1])) == (8, 7)


def test_our_copy_of_the_facts_is_the_publishers() -> None:
    expected = folder("sfm_mali_units") / "expected_324_command_chain_raw.graphml"

    nodes, edges = parse(expected.read_text(encoding="utf-8"))

    assert nodes == CHAIN_NODES
    assert {(a[:8], b[:8]): label for a, b, label in edges} == CHAIN_EDGES


def test_the_whole_of_mali() -> None:
    mali = read(folder("sfm_mali_units"))

    assert sum(unit.listed for unit in mali.units) == 398
    assert sum(not unit.listed for unit in mali.units) == 3
    assert len(mali.ties) == 398  # 400 rows, two of them the heads of state
    assert max(Counter(tie.subordinate for tie in mali.ties).values()) == 2
    assert mali.problems == () and mali.dataset is MALI


def test_every_unit_of_mali_has_a_chain_that_ends() -> None:
    mali = read(folder("sfm_mali_units"))

    assert all(not chain(mali.ties, unit.id).cut for unit in mali.units)


def test_the_whole_of_nigeria() -> None:
    nigeria = read(folder("sfm_nigeria"))

    assert len(nigeria.units) == 1_058
    assert len(nigeria.persons) == 667
    assert len(nigeria.postings) == 885
    assert len(nigeria.ties) == 1_233 - 7
    assert nigeria.dataset is NIGERIA
    # Seven ties and two sources given twice, three spans that contradict themselves.
    assert len(nigeria.problems) == 12


def test_what_is_shipped_says_the_same_as_the_whole() -> None:
    whole, shipped = read(folder("sfm_nigeria")), read(DEMO / "sfm_nigeria")

    assert set(shipped.sources) == set(whole.sources)
    assert shipped.units == whole.units and shipped.ties == whole.ties
    assert shipped.postings == whole.postings and shipped.persons == whole.persons


def test_the_whole_of_the_training_reports() -> None:
    path = folder("us_foreign_military_training") / "trainings_ssd_mli_cod_caf_nga_1999_2021.csv"

    found = read_trainings(path)

    assert Counter(row.iso3 for row in found.rows) == {
        "NGA": 2_415,
        "MLI": 1_183,
        "COD": 1_030,
        "SSD": 348,
        "CAF": 127,
    }
    assert sum(row.start is None for row in found.rows) == 244
    assert sum(not row.recipient_unit for row in found.rows) == 286


def test_the_shipped_trainings_are_those_of_mali() -> None:
    path = folder("us_foreign_military_training") / "trainings_ssd_mli_cod_caf_nga_1999_2021.csv"
    whole = read_trainings(path, ["MLI"]).rows
    shipped = read_trainings(DEMO / "us_foreign_military_training" / "mli_trainings.csv").rows

    def words(rows: tuple[object, ...]) -> list[str]:
        return [str(row).split(",", 1)[1] for row in rows]  # all but the line number

    assert words(shipped) == words(whole)
