"""A list asks the server once for what is typed, once for what is chosen, and not on leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Visit
from tests.builders import assessed, party, proposed
from tests.stories.answers import CAREFUL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asked(page: Page) -> list[str]:
    """The addresses of the list that this page asks for from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.headers.get("hx-request") == "true":
            found.append(request.url.split("?", 1)[1])

    page.on("request", note)
    return found


def test_what_is_typed_is_asked_for_once(visit: Visit) -> None:
    """Leaving the field asks nothing more: on a satellite link each answer is paid for."""
    for name in ("Alpha company", "Bravo company"):
        party(name)
    page = visit("tomas", "/parties/")
    found = asked(page)
    page.fill("#q", "bravo")
    expect(page.locator("#results")).not_to_contain_text("Alpha company")
    page.keyboard.press("Tab")
    page.wait_for_timeout(800)
    assert found == ["q=bravo&kind="]


def test_what_is_chosen_is_asked_for_at_once(visit: Visit) -> None:
    assessed(CAREFUL)
    proposed(title="A course for Bravo company")
    page = visit("tomas", "/activities/")
    found = asked(page)
    page.select_option("#stage", "assessed")
    expect(page.locator("#results")).not_to_contain_text("Bravo")
    page.wait_for_timeout(800)
    assert found == ["q=&stage=assessed"]


def test_each_choice_of_a_list_with_several(visit: Visit) -> None:
    page = visit("tomas", "/support/")
    found = asked(page)
    with page.expect_response(lambda answer: "state=proposed" in answer.url):
        page.select_option("#state", "proposed")
    page.wait_for_timeout(800)
    assert len(found) == 1
