"""primum chain: what it prints, what it says when it cannot, and how it ends."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.cli import chain as command
from primum.core.command import Tie
from primum.exchange.register import Unit
from primum.register.queries import Network, NetworkUnit
from tests.exchange.facts import (
    CHAIN_NODES,
    DEMO,
    REGIMENT,
    REGIMENT_NAME,
    relation,
    write_relations,
)
from tests.exchange.test_graphml import parse

Captured = pytest.CaptureFixture[str]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers(required=True))
    args = parser.parse_args(["chain", *words])
    code: int = args.run(args)
    return code


def test_it_works(capsys: Captured) -> None:
    assert run(REGIMENT_NAME) == 0

    out, err = capsys.readouterr()
    assert "Above it (6):" in out and "Below it (1):" in out
    assert all(name in out for name in CHAIN_NODES.values())
    assert "Security Force Monitor" in out and "CC BY 4.0" in out
    assert err == ""


@pytest.mark.parametrize(
    "spelling",
    [
        REGIMENT,
        "32 régiment d'infanterie motorisée",
        "32 RÉGIMENT D`INFANTERIE MOTORISÉE",
        "  32  Régiment d’Infanterie  Motorisée ",
        "32 regiment d'infanterie motorisee",
    ],
)
def test_ways_of_writing_a_unit(spelling: str, capsys: Captured) -> None:
    assert run(spelling) == 0
    assert capsys.readouterr().out.startswith(REGIMENT_NAME)


def test_on_a_day_it_says_what_is_sure(capsys: Captured) -> None:
    assert run(REGIMENT_NAME, "--on", "2018-07-12") == 0

    out = capsys.readouterr().out
    assert f"{REGIMENT_NAME}, on 2018-07-12" in out
    assert "3 Région Militaire: certain" in out
    assert "Forces Armées Maliennes: possible" in out
    assert "No source settles these for that day (1):" in out


def test_json(capsys: Captured) -> None:
    assert run(REGIMENT_NAME, "--on", "2018-07-12", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert told["unit"] == {"id": REGIMENT, "name": REGIMENT_NAME}
    assert told["on"] == "2018-07-12"
    assert {node["generation"] for node in told["nodes"]} == {-5, -4, -3, -2, -1, 0}
    assert {tie["holding"] for tie in told["ties"]} == {"certain", "possible"}
    assert [tie["holding"] for tie in told["not_settled"]] == ["unknown"]
    assert told["attribution"] and told["cut"] is False and told["commanders"] == []


def test_json_keeps_partial_dates_partial(capsys: Captured) -> None:
    run(REGIMENT_NAME, "--json")

    told = json.loads(capsys.readouterr().out)
    dates = {tie["first_cited"] for tie in told["ties"]}
    assert "2010-05" in dates and told["on"] is None


def test_graphml(capsys: Captured) -> None:
    assert run(REGIMENT_NAME, "--graphml") == 0

    nodes, edges = parse(capsys.readouterr().out)
    assert nodes == CHAIN_NODES and len(edges) == 7


def test_svg(capsys: Captured) -> None:
    assert run(REGIMENT_NAME, "--svg") == 0
    assert ElementTree.fromstring(capsys.readouterr().out).tag.endswith("svg")


def test_one_form_at_a_time(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        run(REGIMENT_NAME, "--svg", "--json")
    assert ended.value.code == 2 and "not allowed with" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2018", "is not one day: write YYYY-MM-DD"),
        ("2018-07", "is not one day: write YYYY-MM-DD"),
        ("", "is not one day: write YYYY-MM-DD"),
        ("12/07/2018", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("9999-12-31", "the year 9999 is not between 1800 and 2100"),
        ("2018-13-01", "there is no month 13"),
    ],
)
def test_a_day_must_be_a_day(day: str, why: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        run(REGIMENT_NAME, "--on", day)
    assert ended.value.code == 2 and why in capsys.readouterr().err


# Nobody, and too many.


def test_an_unknown_name_gets_the_closest_three(capsys: Captured) -> None:
    assert run("32 Regiment Infantrie") == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert "is not among the 401 units" in err
    assert "Not found is not the same as does not exist." in err
    assert REGIMENT_NAME in err and err.count("\n  ") == 3


@pytest.mark.parametrize("text", ["", "   ", "…", "zzzzqqqq", "x" * 100_000, "\x1b[2J"])
def test_a_text_like_no_name_is_just_not_found(text: str, capsys: Captured) -> None:
    assert run(text) == 1

    err = capsys.readouterr().err
    assert "Not found is not the same" in err
    assert len(err) < 1_000 and "\x1b" not in err


def test_a_name_of_two_units_lists_both(capsys: Captured) -> None:
    assert run("2 Brigade", "--register", "sfm_nigeria") == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert "may mean 2 units" in err
    assert "nga:unit:2 Amphibious Brigade" in err and "nga:unit:2 Mechanised Division" in err


def test_a_name_of_many_units_lists_twenty(tmp_path: Path, capsys: Captured) -> None:
    rows = [relation(str(number), name="Poste") for number in range(30)]

    assert run("poste", "--register", str(write_relations(tmp_path, *rows))) == 2
    assert "and 10 more" in capsys.readouterr().err


def test_an_id_settles_it(capsys: Captured) -> None:
    assert run("nga:unit:2 Amphibious Brigade", "--register", "sfm_nigeria") == 0
    assert capsys.readouterr().out.startswith("2 Amphibious Brigade")


def test_a_name_goes_before_another_units_other_name_and_says_so(capsys: Captured) -> None:
    units = [Unit("a", "3 Battalion"), Unit("b", "31 Battalion", aliases=("3 battalion",))]

    assert [unit.id for unit in command.find(units, "3 BATTALION")] == ["a"]
    command._warn("3 Battalion", units[0], command.Source(units, []))
    assert "This is also another name of “31 Battalion”." in capsys.readouterr().err


def test_accents_count_until_nothing_is_found() -> None:
    units = [Unit("a", "Régiment"), Unit("b", "Regiment")]

    assert [unit.id for unit in command.find(units, "RÉGIMENT")] == ["a"]
    assert [unit.id for unit in command.find(units, "regiment")] == ["b"]
    assert [unit.id for unit in command.find(units, "Règiment")] == ["a", "b"]


def test_a_large_register_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "COMPARED", 10)
    units = [Unit(str(number), f"Poste {number}") for number in range(50)]
    units.append(Unit("x", "Brigade Kati"))

    assert command.closest(units, "brigade katy") == ["Brigade Kati"]


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_text_finds_or_suggests(text: str, names: list[str]) -> None:
    units = [Unit(f"id {number}", name) for number, name in enumerate(names)]

    assert set(command.find(units, text)) <= set(units)
    assert set(command.closest(units, text)) <= set(names)


# Registers.


def test_commanders_are_told_where_the_register_has_them(capsys: Captured) -> None:
    words = ("1 Mechanised Division", "--register", "sfm_nigeria", "--on", "2014-01-01")

    assert run(*words) == 0
    out, err = capsys.readouterr()
    assert "In command:\n  Major General " in out and "confidence high" in out
    assert "The register has 10 rows to look at" in err

    run(*words, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["problems"] == 10
    assert told["commanders"][0]["rank"] == "Major General"
    assert told["commanders"][0]["sources"]


def test_when_nobody_is_known_the_last_known_is_told(capsys: Captured) -> None:
    run("1 Battalion", "--register", "sfm_nigeria", "--on", "2012-01-01")

    out = capsys.readouterr().out
    assert "none known on 2012-01-01" in out and "last known or nearest: " in out


def test_without_a_day_everyone_who_ever_commanded_is_told(capsys: Captured) -> None:
    run("1 Mechanised Division", "--register", "sfm_nigeria")

    assert capsys.readouterr().out.count("\n  Major General ") > 3


def test_a_register_may_be_a_file_or_a_folder(tmp_path: Path, capsys: Captured) -> None:
    path = write_relations(tmp_path, relation("a", "x"))

    for register in (path, tmp_path):
        assert run("Unit a", "--register", str(register)) == 0
        assert "Publisher not stated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.tsv", None, "there is no such file"),
        ("empty.tsv", b"", "the file is empty"),
        ("other.csv", b"a,b\n1,2\n", "columns are missing"),
        ("latin.tsv", b"\xe9\n", "not UTF-8"),
    ],
)
def test_a_register_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: Captured, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    assert run("anything", "--register", str(path)) == 2
    out, err = capsys.readouterr()
    assert out == "" and says in err and err.count("\n") == 1


def test_names_cannot_write_to_the_terminal(tmp_path: Path, capsys: Captured) -> None:
    rows = [relation("a", "x", name="Bad\u202ename"), relation("b", "x", name="Bad\u202ename")]

    run("bad\u202ename", "--register", str(write_relations(tmp_path, *rows)))
    assert "\u202e" not in capsys.readouterr().err


def test_the_sets_that_ship_are_offered() -> None:
    assert command.shipped() == ["sfm_mali_units", "sfm_nigeria"]
    assert {path.name for path in DEMO.iterdir() if path.name.startswith("sfm")} == set(
        command.shipped()
    )


def test_the_database_is_asked_only_when_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    module = ModuleType("primum.cli.register_db")
    units = (
        NetworkUnit("a", "key-a", "Army", (), "Somebody: units."),
        NetworkUnit("b", "key-b", "Brigade", (), "Somebody: units."),
        NetworkUnit("c", "key-c", "Coast guard", (), "Nobody: boats."),
    )
    held = Network(units, (Tie("a", "b"),), (), {})
    module.from_database = lambda: held  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "primum.cli.register_db", module)

    for text in ("brigade", "b", "key-b"):
        assert run(text, "--register", "db") == 0
        out = capsys.readouterr().out
        assert "  Army: no dates" in out
        assert out.count("Somebody: units.") == 1 and "Nobody" not in out
