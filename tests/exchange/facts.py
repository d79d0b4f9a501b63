"""What the Security Force Monitor itself expects of its Mali table, and how to write such tables.

The chain is that of expected_324_command_chain_raw.graphml in the publisher's repository.
"""

from __future__ import annotations

import csv
from pathlib import Path

import primum
from primum.exchange.sfm_mali import COLUMNS

DEMO = Path(primum.__file__).parent / "demo" / "data"

REGIMENT = "aaeb6dc4-9011-42a5-b392-262ea5faff59"
REGIMENT_NAME = "32 Régiment d’Infanterie Motorisée"

CHAIN_NODES = {
    "1a64b83d-7767-4c6d-9474-6ee4ada1a8d8": "Comité National pour le Salut du Peuple",
    "4fac1035-4181-4b84-bb0b-dc08d840d631": "Président de la République",
    "6efcd74d-32a0-4b93-99e6-0f5af657370b": "Ministère de la Défense et des Anciens Combattants",
    "7b6dd432-6a19-4e5b-9c9b-ddd26ce21915": "Forces Armées Maliennes",
    "e2de48e7-59e7-4a1d-922e-2859d3c77151": "Armée de Terre",
    "cd3fb3e8-355c-47c4-a47d-9e1ee1cabfc9": "3 Région Militaire",
    REGIMENT: REGIMENT_NAME,
    "45bb4fae-5f2d-4790-b512-955d43cfb9a6": "324 Compagnie d’Infanterie Motorisée",
}

CHAIN_EDGES = {
    ("1a64b83d", "6efcd74d"): "2020-08-18 (Y) to 2020-09-01 (Y)",
    ("4fac1035", "6efcd74d"): "2010-05- (N) to 2020-08-18 (E)",
    ("6efcd74d", "7b6dd432"): "2010-05- (N) to 2017- (Y)",
    ("7b6dd432", "e2de48e7"): "2010-05- (N) to 2018-02- (Y)",
    ("e2de48e7", "cd3fb3e8"): "2009-03-04 (N) to 2018-07-12 (Y)",
    ("cd3fb3e8", "aaeb6dc4"): "2016-08-31 (N) to 2018-07-12 (Y)",
    ("aaeb6dc4", "45bb4fae"): "2020-12-19 (N) to None (N)",
}
"""Ends by the first eight characters of their ids."""

PARENTS_ONLY = {
    "Mission multidimensionnelle intégrée des Nations Unies pour la stabilisation au Mali",
    "African-led International Support Mission in Mali",
    "Defence and Security Committee",
}

SHORT = dict(
    zip(
        (
            *("id", "name", "classification", "relation", "parent_id", "parent"),
            *("kind", "first", "start", "last", "open"),
        ),
        COLUMNS,
        strict=True,
    )
)


def relation(key: str, above: str = "", /, **more: str) -> dict[str, str]:
    """One row of a table of relations, by short column names."""
    row = {"id": key, "name": f"Unit {key}", "classification": "Army;Military"}
    if above:
        row |= {"relation": "child", "parent_id": above, "parent": f"Unit {above}"}
        row |= {"kind": "Command", "first": "2014-01-01", "start": "N", "open": "Y"}
    return {SHORT[column]: value for column, value in (row | more).items()}


def write_table(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_relations(folder: Path, *rows: dict[str, str]) -> Path:
    return write_table(folder / "relations.tsv", COLUMNS, list(rows))
