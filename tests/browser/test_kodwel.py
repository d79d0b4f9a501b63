"""Kodwel in a browser: turned away, three children, a promise broken, one line suspended.

How it was asked for, judged and brought is told in tests/stories/test_kodwel_whole.py; from the
first look on, each of the cast does by forms what is theirs, the monitor on a telephone without
script.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SCREENS, Clock, Visit
from tests.builders import commitments, saw, stage
from tests.stories.test_kodwel_whole import (
    BEST,
    LINES,
    PROMISE,
    THREE,
    TURNED_AWAY,
    Story,
    ask,
    bring,
    custody_look,
    foresee,
    judge,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "No fuel for those who hold children with adults."
FUEL = LINES[2]


def told() -> Story:
    """Asked, foreseen, judged and brought: what the browser goes on from."""
    story = ask(BEST)
    for chapter in (foresee, judge, bring):
        chapter(story)
    return story


def look_at(page: Page, story: Story, result: str, words: str) -> None:
    page.goto(f"/looks/{custody_look(story).id}/")
    page.check(f"[name=result][value={result}]")
    page.fill("#words", words)


def fill(page: Page, answers: Mapping[str, object]) -> None:
    """The questions of the look, as a finger answers them."""
    for name, value in answers.items():
        if isinstance(value, Mapping):
            for cell, count in value.items():
                page.fill(f"[name='q-{name}-{cell}']", str(count))
            continue
        field = page.locator(f"[name='q-{name}']").first
        if field.get_attribute("type") in ("radio", "checkbox"):
            for word in value if isinstance(value, list) else [value]:
                page.check(f"[name='q-{name}'][value='{word}']")
        else:
            field.fill(str(value))


def turned_away(grace: Page, story: Story) -> None:
    """A refusal is recorded as one, and the look is still owed."""
    Clock.move(days=30)
    look_at(grace, story, "refused", TURNED_AWAY)
    grace.click("button:has-text('Record the look')")
    expect(grace.locator("main")).to_contain_text("recorded")
    assert custody_look(story).state == "open"


def three_children(grace: Page, story: Story) -> None:
    """Called quiet, it comes back with what was typed: three children make it grave."""
    Clock.move(days=5)
    found = dict(saw(custody_look(story)).answers)
    counts = found["held_now"]
    assert isinstance(counts, Mapping)
    found |= {"children_with_adults": "yes", "held_now": {**counts, "boys": 3}}
    look_at(grace, story, "nothing_grave", THREE)
    fill(grace, found)
    for sign in grace.locator("[name^=sign-][value=seen]").all():
        sign.check()
    grace.click("button:has-text('Record the look')")
    expect(grace.locator("[role=alert]")).to_be_visible()
    expect(grace.locator("#words")).to_have_value(THREE)
    grace.check("[name=result][value=grave]")
    grace.click("button:has-text('Record the look')")
    expect(grace.locator("main")).to_contain_text("The look is recorded.")
    assert custody_look(story).result == "grave"


def promise_broken(tomas: Page, story: Story) -> None:
    """The second reader finds it enough to rely on; the promise is answered: broken."""
    Clock.move(days=1)
    tomas.goto("/")
    tomas.click(f"main a[href*='/looks/{custody_look(story).id}/']")
    expect(tomas.locator("blockquote")).to_contain_text("Three children")
    tomas.check("[name=verdict][value=adequate]")
    tomas.fill("#words", "She counted, and spoke with the duty officer.")
    tomas.click("button:has-text('Record it')")
    owed = next(each for each in commitments(story.case) if each.code == PROMISE)
    tomas.goto(f"/activities/{story.key}/commitments/{owed.id}/")
    tomas.check("[name=answer][value=broken]")
    tomas.select_option("[name=how]", "visit")
    tomas.fill("#words", "Three children were held with adults.")
    tomas.click("button:has-text('Record the answer')")
    tomas.goto(f"/activities/{story.key}/")
    expect(tomas.locator("main")).to_contain_text("broken")


def one_line_suspended(samir: Page, story: Story) -> None:
    """What would stop is shown before anybody signs: the fuel, and not the course."""
    Clock.move(days=1)
    samir.goto("/leadership/")
    expect(samir.locator("main")).to_contain_text("Kodwel police post")
    samir.goto(f"/activities/{story.key}/")
    samir.click("main a:has-text('Suspend a line')")
    scope = samir.locator(f"label:has([value='line:{story.lines[FUEL]}'])")
    scope.locator("a:has-text('what would stop')").click()
    shown = samir.locator("[aria-labelledby=what-stops]")
    expect(shown).to_contain_text("Fuel for joint patrols")
    expect(shown).to_contain_text("These lines of the same activities go on")
    samir.screenshot(path=SCREENS / "kodwel-what-stops-390.png", full_page=True)
    samir.fill("#words", WHY)
    samir.fill("#lifts_when", "Children are held apart, and we are let in.")
    samir.click("button:has-text('Suspend now')")
    expect(samir.locator("main")).to_contain_text("suspended since")
    assert stage(story.case) == "under_way"


def refused_to_who_delivers(nadia: Page, story: Story) -> None:
    """She learns that it is stopped and since when, never why; her words are kept."""
    nadia.goto(f"/activities/{story.key}/deliver/")
    nadia.select_option("[name=line]", str(story.lines[FUEL]))
    nadia.fill("#what", "Second 400 litres")
    nadia.click("main button:has-text('Record')")
    expect(nadia.locator("[role=alert]")).to_contain_text("Deliveries on this line are suspended")
    expect(nadia.locator("#what")).to_have_value("Second 400 litres")
    nadia.goto(f"/activities/{story.key}/")
    for words in (WHY, THREE):
        expect(nadia.locator("main")).not_to_contain_text(words)


def all_on_one_page(tomas: Page, story: Story) -> None:
    """Support in all, the stop, and what was found: the party's page holds it."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    tomas.goto(f"/parties/{story.case.party}/")
    for words in ("54,600 USD", "Course on arrest and custody", THREE, "suspended since", "broken"):
        expect(tomas.locator("main")).to_contain_text(words)
    tomas.screenshot(path=SCREENS / "kodwel-party-1200.png", full_page=True)


def test_kodwel_from_the_first_look_on(visit: Visit) -> None:
    story = told()
    grace = visit("grace", width=PHONE, scripts=False)
    turned_away(grace, story)
    three_children(grace, story)
    tomas = visit("tomas")
    promise_broken(tomas, story)
    SCREENS.mkdir(parents=True, exist_ok=True)
    one_line_suspended(visit("samir", width=PHONE), story)
    refused_to_who_delivers(visit("nadia"), story)
    all_on_one_page(tomas, story)
