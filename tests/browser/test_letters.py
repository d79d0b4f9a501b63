"""The ladder and its letters in a real browser: axe finds nothing, on a phone and at a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import builders
from tests.browser.conftest import DESK, PHONE, SCREENS, Visit
from tests.browser.test_every_page import faults
from tests.builders_ladder import TIMED, answered, letter, read, standing, step
from tests.builders_sealed import report
from tests.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_on_the_ladder(visit: Visit) -> None:
    """A matter with its history, every form of it, and a letter in each hand."""
    party = builders.party()
    first = standing(party, "concern", now=NOW - timedelta(days=30))
    answered(first, now=NOW - timedelta(days=20))
    rests = (report(party),)
    second = standing(
        party, "formal_notice", after=first, now=NOW - timedelta(days=2), reports=rests
    )
    waits, passed = letter(second), read(letter(second), reading=TIMED)
    last = step(party, "final_notice", after=second)
    SCREENS.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    for name, who, address in (
        ("party", "tomas", f"/parties/{party}/"),
        ("intercede", "tomas", f"/parties/{party}/intercede/?after={second}"),
        ("step", "tomas", f"/intercessions/{second}/"),
        ("approve", "samir", f"/intercessions/{last}/"),
        ("letter-read", "aminata", f"/letters/{waits}/"),
        ("letter-send", "tomas", f"/letters/{passed}/"),
        ("letter-new", "tomas", f"/parties/{party}/letter/?about={second}"),
        ("letters", "tomas", "/letters/"),
        ("desk", "tomas", "/"),
    ):
        for width in (PHONE, DESK):
            page = visit(who, address, width=width)
            page.screenshot(path=SCREENS / f"ladder-{name}-{width}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                wrong.append(f"{name} {width}: wider than the screen")
            wrong += [f"{name} {width}: {fault}" for fault in faults(page)]
    assert wrong == []
