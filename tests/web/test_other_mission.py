"""A mission of other names: no page asks for a seal, a post or a duty of the invented one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from primum.actions.found_mission import found_mission
from primum.cases.models import Report
from primum.people import mission
from primum.people.sight import viewing
from primum.protocols import mission as folder
from tests import builders
from tests.builders_sealed import client_of, report
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def other(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The invented mission with one seal of another name, in its folder and its database."""
    home = copytree(folder.folder_of("unisar"), tmp_path / "other")
    text = (home / "mission.yaml").read_text(encoding="utf-8")
    (home / "mission.yaml").write_text(
        text.replace("code: secretariat,", "code: chief-alone,").replace(
            "full_ruling: secretariat", "full_ruling: chief-alone"
        ),
        encoding="utf-8",
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE people_seal SET code = 'chief-alone' WHERE code = 'secretariat'")
    settings.MISSION, settings.CLOCK = str(home), "tests.web.moment.now"
    mission.current.cache_clear()
    found_mission(by=None, now=NOW, mission=mission.current())
    yield
    mission.current.cache_clear()


def readers(**wanted: object) -> list[str]:
    """Who of those that read reports of harm sees this one."""
    found = []
    for name in ("tomas", "aminata"):
        with viewing(viewer(name)):
            if Report.objects.filter(**wanted).exists():
                found.append(name)
    return found


def _client(name: str) -> Client:
    return client_of(viewer(name))


def test_a_seal_is_raised_to_the_one_the_folder_names() -> None:
    """Raising goes where full rulings lie: to the one post that may know most."""
    key = report(builders.party())
    assert readers(id=key) == ["tomas", "aminata"]
    assert _client("tomas").post(f"/reports/{key}/raise/").status_code == 302
    assert readers(id=key) == ["aminata"]


def test_a_report_filed_as_raised_goes_there_too() -> None:
    """The tick-box of the form names no seal of its own."""
    party = builders.party()
    form = {"what": "Heard (invented).", "confidence": "heard", "raise": "yes"}
    assert _client("tomas").post(f"/reports/new/?party={party}", form).status_code == 302
    assert readers(named__party=party) == ["aminata"]
