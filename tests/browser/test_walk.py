"""The whole walk in a browser, without JavaScript: request, decision, looks, lapse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from primum.actions.tick import tick
from primum.people import door
from tests.browser.conftest import PHONE, Clock, Visit
from tests.builders import party, published
from tests.stories.answers import WATCHFUL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "Fuel and radios for the Kodwel detachment"


def answer(page: Page, answers: dict[str, object]) -> None:
    """Fill the protocol's questions as a hand would."""
    for name, value in answers.items():
        field = page.locator(f"[name='q-{name}']")
        if field.first.get_attribute("type") in ("radio", "checkbox"):
            for word in value if isinstance(value, list) else [value]:
                page.check(f"[name='q-{name}'][value='{word}']")
        else:
            field.fill(str(value))


def propose(page: Page) -> str:
    page.goto("/activities/new/?q=Kodwel")
    page.click("main ul.plain a")
    page.fill("#title", TITLE)
    page.fill("#why", "Patrols cannot call for help after dark.")
    page.fill("#starts", Clock.now.date().isoformat())
    page.fill("#ends", "2026-12-31")
    page.fill("#what-0", "Radio sets")
    page.fill("#value-0", "7,200")
    page.select_option("#kind-0", "logistical_ops")
    page.click("text=Add another line")
    expect(page.locator("#title")).to_have_value(TITLE)
    page.fill("#what-1", "Fuel")
    page.select_option("#kind-1", "logistical_ops")
    page.click("main form[method=post] button:has-text('Propose')")
    expect(page.locator("h1")).to_contain_text(TITLE)
    return page.url


def foresee(page: Page, address: str) -> None:
    """Confirm the first pathway, strike the others, and say what good it should do."""
    page.goto(f"{address}effects/")
    named = [str(each.get_attribute("name")) for each in page.locator("[value=strike]").all()]
    first, *others = (name.removesuffix("-does") for name in named)
    page.check(f"[name='{first}-does'][value=confirm]")
    harm = {"how": "custody", "horizon": "weeks", "likelihood": "unlikely"}
    for name, value in (harm | {"seriousness": "serious", "reversible": "hard"}).items():
        page.select_option(f"[name='{first}-{name}']", value)
    for code in others:
        page.check(f"[name='{code}-does'][value=strike]")
        page.fill(f"[name='{code}-why']", "Not with six radio sets.")
    page.fill("[name=good-who]", "People on the road after dark")
    page.fill("[name=good-what]", "Are escorted")
    page.select_option("[name=good-horizon]", "weeks")
    page.select_option("[name=good-likelihood]", "possible")
    page.click("button:has-text('Keep what is answered')")
    expect(page.locator("main")).to_contain_text("Everything is answered.")


def test_a_request_walks_from_proposal_to_lapse_without_javascript(visit: Visit) -> None:
    """Four of the cast do it all by forms alone; nobody looks, and it lapses."""
    party()
    published()
    nadia = visit("nadia", scripts=False)
    address = propose(nadia)
    expect(nadia.locator("main")).not_to_contain_text("recommendation")

    tomas = visit("tomas", address, scripts=False)
    tomas.click("main a:has-text('Assess')")
    answer(tomas, WATCHFUL)
    tomas.click("button:has-text('Record the assessment')")
    expect(tomas.locator("main")).to_contain_text("recommendation:")
    foresee(tomas, address)

    aminata = visit("aminata", address, scripts=False)
    aminata.click("main a:has-text('Advise')")
    aminata.check("[name=position][value=support_with_conditions]")
    aminata.fill("#words", "Only with a room that locks.")
    aminata.click("button:has-text('Record the advice')")

    samir = visit("samir", address, scripts=False, width=PHONE)
    samir.click("main a:has-text('Decide')")
    samir.check("[name=choice][value=go_with_conditions]")
    samir.fill("#words", "The radios protect those they escort.")
    samir.fill("#told", "Approved with conditions.")
    samir.fill("#until", "2026-05-15")
    samir.click("button:has-text('Record the decision')")
    expect(samir.locator("main")).to_contain_text("The approval counts until")

    nadia.goto(address)
    expect(nadia.locator("main")).not_to_contain_text("Approved with conditions.")
    aminata.goto("/")
    aminata.click("a[href^='/told/']")
    expect(aminata.locator("blockquote")).to_contain_text("Approved with conditions.")
    aminata.check("[name=verdict][value=pass]")
    aminata.click("button:has-text('Record it')")

    nadia.goto(address)
    expect(nadia.locator("main")).to_contain_text("Approved with conditions.")
    expect(nadia.locator("main")).not_to_contain_text("The radios protect")
    nadia.click("main a:has-text('Deliver')")
    nadia.fill("#what", "6 radio sets")
    nadia.click("main button:has-text('Record')")
    expect(nadia.locator("[role=alert]")).to_contain_text("Commitments due before delivery")
    expect(nadia.locator("#what")).to_have_value("6 radio sets")

    nadia.fill("#happened", "2026-03-02T08:00")
    nadia.click("main button:has-text('Record')")
    expect(nadia.locator("main")).to_contain_text("breach")

    Clock.move(days=100)
    tick(by=door.clock(), now=Clock.now)
    nadia.goto(address)
    expect(nadia.locator("main")).to_contain_text("lapsed")
    nadia.click("summary:has-text('Close')")
    nadia.locator("form[action$='move/close/'] button").click()
    expect(nadia.locator("[role=alert]")).to_contain_text("Looks not made yet")


def test_the_first_page_of_a_stranger_says_where_to_turn(visit: Visit) -> None:
    """Somebody who holds no post sees one page, and it is not an empty one."""
    page = visit("stranger")
    expect(page.locator("main")).to_contain_text("You hold no post today")


def test_a_form_error_is_named_linked_and_keeps_every_keystroke(visit: Visit) -> None:
    """The summary links to the field; what was typed is still there."""
    unit = party()
    published()
    page = visit("nadia", f"/activities/new/?party={unit}")
    page.fill("#why", "Because.")
    page.fill("#value-0", "many")
    page.click("main form[method=post] button:has-text('Propose')")
    alert = page.locator("[role=alert]")
    expect(alert).to_contain_text("Give it a title.")
    expect(alert).to_contain_text("“many” is not a whole number.")
    alert.locator("a[href='#value-0']").click()
    expect(page.locator("#value-0")).to_be_focused()
    expect(page.locator("#why")).to_have_value("Because.")


def test_a_list_narrows_while_one_types_and_its_address_can_be_sent(visit: Visit) -> None:
    """htmx swaps the results alone; the address follows, and gives the same list."""
    for name in ("Alpha company", "Bravo company"):
        party(name)
    page = visit("tomas", "/parties/")
    page.locator("#q").press_sequentially("bravo")
    expect(page.locator("#results")).not_to_contain_text("Alpha company")
    expect(page.locator("#results")).to_contain_text("Bravo company")
    assert "q=bravo" in page.url
    page.reload()
    expect(page.locator("#results")).not_to_contain_text("Alpha company")


def test_the_keyboard_alone_reaches_the_content(visit: Visit) -> None:
    """The first Tab offers to skip the navigation, and the focus is seen."""
    page = visit("tomas", "/parties/")
    page.keyboard.press("Tab")
    focused: Any = page.evaluate("document.activeElement.className")
    assert focused == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
