"""Pages are light: satellite links pay by the byte."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from primum.cases.models import ProtocolVersion
from primum.people.models import Person
from primum.people.sight import viewing
from tests.builders import PROTOCOL, decided, proposed
from tests.cast import viewer
from tests.stories.answers import CAREFUL

HEADERS = 700
"""What a response's own headers weigh, generously."""
FIRST, LATER = 60_000, 25_000


@pytest.fixture(autouse=True)
def clock(settings: Any) -> None:
    settings.CLOCK = "tests.web.moment.now"


def weight(client: Client, address: str) -> int:
    response: Any = client.get(address, headers={"accept-encoding": "gzip"})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200, address
    return len(body) + HEADERS


@pytest.mark.django_db
def test_the_first_view_with_all_its_files_is_under_60_kb() -> None:
    """Page, style, both scripts and icon together, as they travel."""
    client = Client()
    page = client.get("/sign-in/").content.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(files) == 4
    assert sum(weight(client, address) for address in {"/sign-in/", *files}) < FIRST


@pytest.mark.django_db
def test_later_views_are_under_25_kb() -> None:
    """With the files already kept, a page is its own bytes alone; the heaviest ones too."""
    case, asked = decided(CAREFUL), proposed()
    with viewing(viewer("tomas")):
        policy = ProtocolVersion.objects.get(name=PROTOCOL).id
    client = Client()
    client.force_login(Person.objects.get(username="tomas"))
    for address in (
        f"/protocols/{policy}/",
        f"/activities/{asked.activity}/assess/",
        "/",
        "/parties/",
        f"/activities/{case.activity}/",
        f"/parties/{case.party}/",
        "/protocols/",
        "/posts/",
    ):
        assert weight(client, address) < LATER, address


def test_the_style_is_one_file_under_20_kb(client: Client) -> None:
    """One stylesheet, unsqueezed."""
    from django.contrib.staticfiles import finders  # noqa: PLC0415

    with open(str(finders.find("primum.css")), "rb") as file:  # noqa: PTH123
        assert len(file.read()) < 20_000


def test_the_script_of_our_own_is_under_3_kb() -> None:
    """One small script; whatever it does can be done without it."""
    from django.contrib.staticfiles import finders  # noqa: PLC0415

    with open(str(finders.find("keys.js")), "rb") as file:  # noqa: PTH123
        assert len(file.read()) < 3_000


@pytest.mark.django_db
def test_a_file_that_is_referred_to_is_kept_for_a_year(client: Client) -> None:
    """Its address carries a digest, so it may be."""
    page = client.get("/sign-in/").content.decode()
    style = re.search(r'href="(/static/primum\.css\?v=[0-9a-f]{12})"', page)
    assert style is not None
    kept: Any = client.get(style[1])
    assert "max-age=31536000" in kept.headers["Cache-Control"]
