"""One key each: / searches, j and k go through a list. Nothing needs them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.builders import decided, party, proposed
from tests.stories.answers import CAREFUL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("Alpha company", "Bravo company", "Charlie company")


def focused(page: Page) -> str:
    found: Any = page.evaluate("document.activeElement.textContent.trim()")
    return str(found)


def test_the_search_is_one_key_away(visit: Visit) -> None:
    """From anywhere on the page; in the field itself the key is a letter like others."""
    page = visit("tomas", "/parties/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("a/b jk")
    expect(page.locator("#q")).to_have_value("a/b jk")


def test_through_a_list_and_into_it(visit: Visit) -> None:
    """j down, k up, both ends hold, arrows go on once one is inside, Enter opens."""
    for name in NAMES:
        party(name)
    page = visit("tomas", "/parties/")
    seen = []
    for key in ("j", "j", "ArrowDown", "j", "k", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(focused(page))
    assert seen == [*NAMES, NAMES[2], NAMES[1], NAMES[0]]
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(NAMES[0])


def test_arrows_scroll_until_one_is_in_the_list(visit: Visit) -> None:
    """Whoever only scrolls is not carried off."""
    party(NAMES[0])
    page = visit("tomas", "/parties/")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.body")


def test_after_the_list_has_narrowed(visit: Visit) -> None:
    """What htmx has put in place of the list is the list."""
    for name in NAMES:
        party(name)
    page = visit("tomas", "/parties/")
    page.keyboard.press("/")
    page.keyboard.type("bravo")
    expect(page.locator("#results")).not_to_contain_text(NAMES[0])
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    # Leaving the field asks once more.
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    assert focused(page) == NAMES[1]


def test_tables_and_the_desk_are_lists_too(visit: Visit) -> None:
    """Activities in their table, and what waits on the desk."""
    decided(CAREFUL)
    proposed()
    page = visit("tomas", "/activities/")
    for _ in range(2):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Training and stationery")
    page.goto("/")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('main ol.plain') !== null")


@pytest.mark.parametrize(("code", "letter"), [("KeyJ", "ت"), ("Slash", "ظ")])
def test_on_an_arabic_keyboard(visit: Visit, code: str, letter: str) -> None:
    """The same key of the board, whatever letter it says."""
    party(NAMES[0])
    page = visit("tomas", "/parties/", lang="ar")
    page.evaluate(
        "([code, key]) => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {code, key, bubbles: true}))",
        [code, letter],
    )
    assert page.evaluate("document.activeElement !== document.body")


def test_it_can_be_turned_off_and_stays_off(visit: Visit) -> None:
    """Who speaks to the machine, or types by other means, is not carried off by a letter."""
    party(NAMES[0])
    page = visit("tomas", "/parties/")
    page.click("#keys button:has-text('Turn them off')")
    page.reload()
    for key in ("/", "j"):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement === document.body")
    page.click("#keys button:has-text('Turn them on')")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_modified_keys_are_the_browsers(visit: Visit) -> None:
    party(NAMES[0])
    page = visit("tomas", "/parties/")
    for key in ("Control+j", "Alt+k"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")


def test_without_the_script_nothing_is_promised(visit: Visit) -> None:
    """The line in the footer speaks of keys only where there are any."""
    page = visit("tomas", "/parties/", scripts=False)
    expect(page.locator("#keys")).to_be_hidden()
