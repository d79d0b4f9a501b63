"""primum audit: the same counts as the page, for a terminal, a program and a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from primum.cases.counts import COUNTS
from primum.cli import main
from tests import builders
from tests.builders_sealed import asked, report

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
NOW = datetime.now(UTC) - timedelta(days=50)
"""The command asks the clock: these cases were asked for fifty days ago."""


@pytest.fixture(autouse=True)
def cases() -> None:
    case = builders.decided(builders.CAREFUL, NOW)
    builders.proposed(NOW)
    asked(seal="secretariat", now=NOW)
    report(case.party, now=NOW)


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a count, and under it what the number leaves out."""
    assert main(["audit"]) == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    at = lines.index("Asked before the first delivery: 2 of 2, 100 %")
    assert lines[at + 1] == "    0 asked after the fact"
    at = lines.index(
        "Looked after at least once, of the cases with a look that fell due: 0 of 1, 0 %"
    )
    assert lines[at + 1] == "    1 never looked after"
    assert "    UNISAR Police: 0 of 1, 0 %" in lines
    assert "    UNISAR Force: 0 of 0" in lines
    harm = "Reports of harm that somebody has assessed: 0 of 0 [what this post reads]"
    assert harm in lines


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    found = {each["code"]: each for each in said["counts"]}
    assert list(found) == [count.code for count in COUNTS]
    looked = found["looked_after"]
    assert (looked["counted"], looked["of"], looked["percent"], looked["rest"]) == (0, 1, 0, 1)
    assert looked["rest_is"] == "never looked after"
    parts = {part["name"]: part["of"] for part in looked["parts"]["component"]}
    assert parts["UNISAR Police"] == 1
    assert parts["UNISAR Force"] == 0
    assert found["gap"]["counted_by"] == "sight"
    assert found["same_reasons"]["held_back"] is True
    assert found["hours_to_decide"]["median_hours"] == 0


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole first, then its parts; what is sealed higher is in no number."""
    assert main(["audit", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    asked_before = [row for row in rows if row["code"] == "asked_before"]
    assert (asked_before[0]["by"], asked_before[0]["of"]) == ("", "2")
    police = [row for row in asked_before if row["group"] == "UNISAR Police"]
    assert [(row["by"], row["counted"]) for row in police] == [
        ("component", "2"),
        ("organisation", "2"),
    ]


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (("--since", f"{NOW:%Y-%m-%d}"), 2),
        (("--until", f"{NOW:%Y-%m-%d}"), 2),
        (("--until", f"{NOW - timedelta(days=1):%Y-%m-%d}"), 0),
        (("--since", f"{NOW + timedelta(days=1):%Y-%m-%d}"), 0),
    ],
)
def test_of_a_period(
    words: tuple[str, str], whole: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "--json", *words]) == 0
    assert json.loads(capsys.readouterr().out)["counts"][0]["of"] == whole


def test_a_day_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--since", "yesterday"])
    assert "“yesterday” is no day" in capsys.readouterr().err


def test_nobody_holds_the_auditors_post(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody counts with more sight in its place."""
    builders.emptied("auditor", at=NOW)
    assert main(["audit"]) == 1
    said = capsys.readouterr()
    assert "Nobody holds the auditor’s post." in said.err
    assert said.out == ""
