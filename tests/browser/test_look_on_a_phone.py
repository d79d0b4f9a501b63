"""A look with nothing grave on a phone: under forty interactions, under three minutes (SETTLED 35).

The longest look there is, where people are held, is made with a finger on a real browser: one
question at a time with its script, and the whole form without. What counts is what is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from primum import protocols
from primum.core.protocol import Kind, Question
from tests.browser.conftest import PHONE, Clock, Visit
from tests.browser.keystrokes import H, Hand, K, M, P, Tally
from tests.builders import ANSWERS, CAREFUL, Case, decided, looks
from tests.web.test_looks import POLICE_POST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST, LONGEST = 40, 3.0
FOUND: Mapping[str, object] = {
    **ANSWERS,
    "register_seen": "yes",
    "records_locked": "yes",
    "same_commander": "yes",
    "punished_since": "nobody",
    "told_back": "yes",
}
"""What is found where all is well; every question that takes a tap is answered, optional or not."""


def questions(case: Case, number: int = 0) -> list[Question]:
    asks = looks(case)[number].asks
    rules = protocols.load("support-to-security-forces")
    return [rules.by_id[name] for name in asks]


def shown_now(page: Page) -> str:
    """The question on the screen, where one is shown at a time."""
    return page.locator(".ask-one.now").get_attribute("id") or ""


def answer(hand: Hand, question: Question, *, stepping: bool) -> None:
    """One question with one finger. Where it goes on by itself, nothing is tapped to go on."""
    name, page = f"q-{question.id}", hand.page
    value = FOUND.get(question.id)
    if stepping:
        assert shown_now(page) == name
    match question.kind:
        case Kind.YES_NO | Kind.CHOICE:
            hand.choose(name, str(value))
        case Kind.NUMBER:
            hand.think()
            hand.write(f"[name='{name}']", str(value))
        case Kind.PEOPLE:
            hand.think()
            assert isinstance(value, dict)
            for cell, count in value.items():
                hand.write(f"[name='{name}-{cell}']", str(count))
        case _:
            hand.think()
    if stepping and shown_now(page) == name and page.locator(".steps button").nth(1).is_enabled():
        hand.tap(page.locator(".steps button").nth(1))


def made(hand: Hand, case: Case, number: int = 0, *, stepping: bool) -> Tally:
    """The page is open; until it is recorded."""
    asked = questions(case, number)
    hand.choose("result", "nothing_grave")
    for question in asked:
        answer(hand, question, stepping=stepping)
    hand.tap("main form button:has-text('Record the look')")
    expect(hand.page.locator("main")).to_contain_text("The look is recorded.")
    assert looks(case)[number].state == "made"
    return hand.tally


@pytest.mark.parametrize("scripts", [True, False], ids=["one-at-a-time", "without-script"])
@pytest.mark.parametrize("kind", ["where-people-are-held", "first-look"])
def test_under_forty_interactions(
    visit: Visit, kind: str, scripts: bool, record_property: Callable[[str, object], None]
) -> None:
    """The figures stand in the report of the run: they are told as they are counted."""
    case = decided(dict(POLICE_POST if kind == "where-people-are-held" else CAREFUL))
    Clock.move(days=30)
    page = visit("grace", f"/looks/{looks(case)[0].id}/", width=PHONE, scripts=scripts)
    tally = made(Hand(page), case, stepping=scripts)
    record_property("tally", str(tally))
    assert tally.interactions < MOST, tally.steps
    assert tally.minutes < LONGEST, tally


def test_ten_leases_cost_one_tap_each(visit: Visit) -> None:
    """Another look at the same place that asks nothing more is one tap, and no second visit."""
    one, other = decided(CAREFUL), decided(CAREFUL)
    Clock.move(days=30)
    page = visit("grace", f"/looks/{looks(one)[0].id}/", width=PHONE)
    hand = Hand(page)
    box = page.locator(f"[name=also][value='{looks(other)[0].id}']")
    hand.tap(page.locator("label.choice").filter(has=box))
    before = hand.tally.interactions
    made(hand, one, stepping=True)
    assert before == 1
    assert looks(other)[0].state == "made"


def test_questions_of_another_look_show_when_it_is_ticked(visit: Visit) -> None:
    """Nobody scrolls past what they are not asked."""
    one, other = decided(CAREFUL), decided(dict(POLICE_POST))
    Clock.move(days=30)
    page = visit("grace", f"/looks/{looks(one)[0].id}/", width=PHONE)
    more = page.locator("#q-children_with_adults")
    expect(more).to_be_hidden()
    box = page.locator(f"[name=also][value='{looks(other)[0].id}']")
    page.locator("label.choice").filter(has=box).click()
    expect(more).to_be_visible()
    page.screenshot(path="var/screens/look_offers_390.png", full_page=True)


def test_keys_do_not_run_ahead(visit: Visit) -> None:
    """Who chooses with the arrows of a keyboard passes every answer and is not carried off."""
    case = decided(CAREFUL)
    Clock.move(days=30)
    page = visit("grace", f"/looks/{looks(case)[0].id}/", width=PHONE)
    first = shown_now(page)
    page.locator(".ask-one.now input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert shown_now(page) == first


def test_the_model_is_added_up_as_it_is_stated() -> None:
    """Two taps and a field of three characters, after two thoughts."""
    tally = Tally(taps=2, fields=1, characters=3, thoughts=2)
    assert tally.interactions == 3
    assert tally.seconds == pytest.approx(3 * (P + K) + 2 * H + 3 * K + 2 * M)
    assert (K, P, H, M) == (0.28, 1.10, 0.40, 1.35)
