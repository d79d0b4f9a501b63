"""A real Chromium on a real server: screenshots land in var/screens."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.cast import NOW
from tests.template import PASSWORD

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"
PHONE, DESK = 390, 1200


class Clock:
    """The tests' moment; the server's thread asks it at every request."""

    now = NOW

    @classmethod
    def move(cls, **by: int) -> datetime:
        cls.now += timedelta(**by)
        return cls.now


def now() -> datetime:
    return Clock.now


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[type[Clock]]:
    Clock.now = NOW
    settings.CLOCK = "tests.browser.conftest.now"
    yield Clock


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread; Django's guard would take that for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """visit("tomas", "/parties/", width=390, scripts=False) opens a page as one of the cast."""
    contexts: list[BrowserContext] = []

    def open_page(
        who: str = "", path: str = "/", *, width: int = DESK, scripts: bool = True, lang: str = "en"
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale=lang,
            base_url=live_server.url,
        )
        context.set_default_timeout(60_000)  # a busy machine is no fault
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in/")
        if who:
            page.fill("[name=login]", who)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
        if path != "/" or not who:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
