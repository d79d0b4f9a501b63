"""The pages of promises in a real browser: axe finds nothing, and nothing is wider than a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.conftest import DESK, PHONE, SCREENS, Visit
from tests.browser.test_every_page import faults
from tests.builders import BUILDING, commitments, decided
from tests.builders_promises import finding, step, undertaking, waiver
from tests.builders_sealed import report
from tests.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages() -> list[tuple[str, str, str]]:
    """(name, who, address), with something to show on each."""
    case = decided(BUILDING)
    about = finding(case.party)
    step(about, case.party, "charged", evidenced=False)
    step(about, case.party, "investigated", day=(NOW - timedelta(days=20)).date())
    report(case.party)
    promised = undertaking(case.party, days=6)
    undertaking(case.party, days=12, text="The captain commands no unit any more.", by="samir")
    waiver(promised, days=9, activity=case.activity, line=case.line)
    room = next(each for each in commitments(case) if each.code == "records_room_locked")
    return [
        ("promises-desk", "tomas", "/"),
        ("promises-party", "tomas", f"/parties/{case.party}/"),
        ("promises-report", "tomas", f"/reports/{about}/"),
        ("promises-step", "tomas", f"/reports/{about}/steps/{case.party}/"),
        ("promises-list", "tomas", "/undertakings/"),
        ("promises-new", "tomas", f"/parties/{case.party}/undertakings/new/"),
        ("promises-answer", "tomas", f"/undertakings/{promised}/"),
        ("promises-waive", "samir", f"/undertakings/{promised}/"),
        ("promises-activity", "tomas", f"/activities/{case.activity}/"),
        ("promises-check", "tomas", f"/activities/{case.activity}/commitments/{room.id}/"),
    ]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_axe_finds_nothing_and_a_phone_holds_it(visit: Visit, lang: str) -> None:
    wrong: list[str] = []
    SCREENS.mkdir(parents=True, exist_ok=True)
    opened = {}
    for name, who, address in pages():
        for width in (PHONE, DESK):
            if (who, width) not in opened:
                opened[who, width] = visit(who, address, width=width, lang=lang)
            page = opened[who, width]
            page.goto(address)
            page.screenshot(path=SCREENS / f"{name}-{lang}-{width}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                wrong.append(f"{name} {width}: wider than the screen")
            wrong += [f"{name} {width}: {fault}" for fault in faults(page)]
    assert wrong == []
