"""primum story thirty-eight: the numbers an auditor once found, and that none of them closes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from primum.actions.base import Refused
from primum.actions.finish import close
from primum.actions.tick import tick
from primum.cases.models import Activity
from primum.cases.queries.audit import Cell, Period, audit, audit_list
from primum.cli import main, thirty_eight
from primum.people import door
from primum.people.sight import viewing
from primum.site import clock
from tests import builders
from tests.cast import viewer


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_outside_a_demonstration_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Invented people do not get into a mission."""
    assert main(["story", "thirty-eight"]) == 1
    assert "Only a demonstration is told stories" in capsys.readouterr().err
    assert not thirty_eight.is_told()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_three_of_thirty_eight(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Told by the command; counted by page and command alike; closing any of 35 is refused."""
    builders.published()
    monkeypatch.setenv("PRIMUM_DEMO_HOME", str(tmp_path))
    assert main(["story", "thirty-eight"]) == 0
    assert main(["story", "thirty-eight"]) == 1
    assert "has been told here" in capsys.readouterr().err
    _counts()
    _none_closes()
    _labelled()
    assert main(["audit"]) == 0
    said = capsys.readouterr().out
    assert (
        "Looked after at least once, of the cases with a look that fell due: 3 of 38, 8 %" in said
    )
    assert "    35 never looked after" in said
    assert "    UNISAR Force: 3 of 38, 8 %" in said
    assert main(["audit", "--json"]) == 0
    found = {each["code"]: each for each in json.loads(capsys.readouterr().out)["counts"]}
    assert found["looked_after"]["percent"] == 8


def _counts() -> None:
    lena, now = viewer("lena", clock.now()), clock.now()
    with viewing(lena):
        found = audit(lena, Period(), now).figures
        assert found["looked_after"].cell == Cell(3, 38)
        assert found["go_with_conditions"].cell == Cell(38, 38)
        assert found["looks_made"].cell.hits == 3
        assert found["looks_made"].cell.whole > 100
        assert found["lapsed"].cell == Cell(19, 38)
        assert found["breaches"].cell == Cell(0, 38)
        assert len(audit_list(lena, ("looked_after", False), Period(), now)) == 35
    samir = viewer("samir", now)
    with viewing(samir):
        same = audit(samir, Period(), now).figures["same_reasons"].cell
        assert same == Cell(36, 38)


def _none_closes() -> None:
    """For each of the thirty-five the reasons say what was never looked at."""
    now = clock.now()
    lena, eva = viewer("lena", now), viewer("eva", now)
    with viewing(lena):
        rows = audit_list(lena, ("looked_after", False), Period(), now)
    reasons: Counter[str] = Counter()
    for row in rows:
        with pytest.raises(Refused) as caught:
            close(by=eva, now=now, activity=row.case)
        codes = {reason.code for reason in caught.value.refusal.reasons}
        assert "looks_open" in codes
        reasons.update(codes)
    assert reasons["looks_open"] == 35
    # Running the clock again changes nothing, and closes nothing.
    tick(by=door.clock(), now=now)
    with viewing(lena):
        assert not Activity.objects.filter(stage="closed").exists()


def _labelled() -> None:
    """Each case is marked as invented, lies in Ostrel, and touches no party of the Kodwel story."""
    with viewing(door.clock()):
        rows = list(Activity.objects.select_related("place"))
        assert len(rows) == 38
        assert all(row.invented and row.title.startswith("Ostrel") for row in rows)
        assert {row.place.names["en"] for row in rows if row.place} == {"Ostrel"}
