"""A meeting under a tree, on a telephone: one card, six taps, under two minutes by the model."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from primum.actions.publish_protocol import install_protocol
from primum.people import door
from primum.protocols.reader import text_of
from tests.browser.conftest import PHONE, Visit
from tests.browser.keystrokes import Hand
from tests.builders import party, published
from tests.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEETING = "community-meeting"
CALM = {
    "meeting_place": "their_place",
    "arranged_by": "community",
    "seen_by": "neighbours",
    "safe_way_out": "yes",
    "reprisal_risk": "none_seen",
    "way_to_reach": "agreed",
}


def opened(visit: Visit, *, meeting: bool) -> Page:
    unit, key = party("People of Kodwel market", "community"), published()
    if meeting:
        key = install_protocol(
            by=door.clock(), now=NOW, text=text_of(MEETING), filename=f"{MEETING}.yaml"
        )
    return visit("nadia", f"/activities/new/?party={unit}&protocol={key}", width=PHONE)


def pick(hand: Hand, field: str) -> None:
    """A day, counted as a field with its eight digits; a picker takes fewer touches."""
    hand.page.fill(field, "2026-03-02")
    hand.tally.fields += 1
    hand.tally.characters += len("02032026")


def test_a_card_stands_whole_and_takes_six_taps(visit: Visit) -> None:
    """Every question is on the screen from the start; nothing has to be stepped through."""
    page = opened(visit, meeting=True)
    questions = page.locator(".ask-one")
    assert questions.count() == 8
    for at in range(8):
        expect(questions.nth(at)).to_be_visible()
    expect(page.locator(".steps")).to_have_count(0)
    hand = Hand(page)
    for name, value in CALM.items():
        hand.choose(f"q-{name}", value)
    assert (hand.tally.taps, hand.tally.fields) == (6, 0)
    assert hand.tally.seconds < 30


def test_the_whole_proposal_takes_less_than_two_minutes(visit: Visit) -> None:
    page = opened(visit, meeting=True)
    hand = Hand(page)
    hand.write("#title", "Market women")
    hand.write("#why", "They asked to meet.")
    for name in ("#starts", "#ends"):
        pick(hand, name)
    hand.write("#what-0", "Our time")
    for name, value in CALM.items():
        hand.choose(f"q-{name}", value)
    hand.tap("button[name=send]")
    expect(page.locator("h1")).to_contain_text("Market women")
    assert hand.tally.interactions <= 12 and hand.tally.minutes < 2, str(hand.tally)


def test_another_form_shows_one_question_at_a_time(visit: Visit) -> None:
    page = opened(visit, meeting=False)
    expect(page.locator(".steps")).to_be_visible()
    assert page.locator(".ask-one:visible").count() == 1
