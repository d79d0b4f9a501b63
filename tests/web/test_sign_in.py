"""Signing in: password, second factor, the lost telephone, and one answer for everybody outside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from primum.people.models import Person
from tests.template import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings: Any) -> None:
    settings.CLOCK = "tests.web.moment.now"
    cache.clear()  # wrong guesses of another test slow nobody down here


def code_for(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def sign_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in/", {"login": name, "password": password})


def with_app(client: Client) -> None:
    """Set up an authenticator app through the pages."""
    sign_in(client, "nadia")
    asked = client.get("/account/second-factor/app/")
    assert asked.headers["Location"].startswith("/account/confirm/")
    client.post(asked.headers["Location"], {"password": PASSWORD})
    page = client.get("/account/second-factor/app/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())
    assert secret is not None
    done = client.post("/account/second-factor/app/", {"code": code_for(secret[1])})
    assert done.status_code == 302


def test_it_works(client: Client) -> None:
    """Name and password open My desk."""
    assert sign_in(client, "nadia").headers["Location"] == "/"
    assert "Nadia Brun" in client.get("/").content.decode()


def test_a_wrong_password_says_so_without_saying_which_half_is_wrong(client: Client) -> None:
    """An unknown name and a wrong password read the same."""
    answers = [sign_in(client, "nadia", "wrong"), sign_in(client, "nobody-here", "wrong")]
    stops = [re.findall(r'role="alert">(.*?)</div>', a.content.decode(), re.S) for a in answers]
    assert stops[0] == stops[1] != []


def test_guessing_is_slowed_down(client: Client) -> None:
    """After five wrong passwords for one name the right one has to wait as well."""
    for _ in range(5):
        sign_in(client, "nadia", "wrong")
    assert sign_in(client, "nadia").status_code == 200
    assert client.get("/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    """Accounts are made by the mission: no address offers one."""
    assert client.get("/accounts/signup/").headers["Location"] == "/sign-in/"
    assert client.get("/sign-up/").headers["Location"] == "/sign-in/"


def test_passwords_are_kept_with_argon2() -> None:
    """A stolen table is slow to guess from."""
    assert Person.objects.get(username="nadia").password.startswith("argon2$argon2id$")


def test_a_second_factor_is_asked_for_once_it_is_set_up(client: Client) -> None:
    """The password alone no longer opens anything; the app's code does."""
    with_app(client)
    client.logout()
    assert sign_in(client, "nadia").headers["Location"] == "/sign-in/second-factor/"
    assert client.get("/").headers["Location"] == "/sign-in/"
    wrong = client.post("/sign-in/second-factor/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get("/").headers["Location"] == "/sign-in/"


def test_a_recovery_code_replaces_a_lost_telephone(client: Client) -> None:
    """Each printed code works once."""
    with_app(client)
    page = client.get("/account/second-factor/codes/").content.decode()
    codes = re.findall(r"<li><code>([^<]+)</code></li>", page)
    assert len(codes) == 10
    client.logout()
    sign_in(client, "nadia")
    done = client.post("/sign-in/second-factor/", {"code": codes[0]})
    assert done.headers["Location"] == "/"
    client.logout()
    sign_in(client, "nadia")
    assert client.post("/sign-in/second-factor/", {"code": codes[0]}).status_code == 200


def test_a_mission_may_require_the_second_factor(client: Client, settings: Any) -> None:
    """Without one, every page leads to setting it up, and that page answers."""
    settings.REQUIRE_TOTP = True
    sign_in(client, "nadia")
    assert client.get("/activities/").headers["Location"] == "/account/second-factor/"
    assert client.get("/account/second-factor/").status_code == 200
    assert client.get("/account/second-factor/app/", follow=True).status_code == 200


def test_everybody_outside_gets_one_answer(client: Client) -> None:
    """Existing or not, an address tells an anonymous visitor nothing."""
    answers = [client.get(path) for path in ("/", "/activities/", "/no/such/", "/leadership/")]
    assert len({(a.status_code, a.headers["Location"], a.content) for a in answers}) == 1


def test_one_acts_in_one_post_at_a_time(client: Client) -> None:
    """Somebody who covers a second post chooses in which of the two they act."""
    from primum.actions.posts import seat  # noqa: PLC0415
    from primum.people.models import Post  # noqa: PLC0415
    from tests.cast import NOW, viewer  # noqa: PLC0415

    jonas = Person.objects.get(username="jonas")
    other = Post.objects.get(code="deputy-head-of-mission")
    seat(by=viewer("bruno"), now=NOW, person=jonas.id, post=other.id, acting_cover=True)
    sign_in(client, "jonas")
    assert "Deputy head of mission" in client.get("/account/").content.decode()
    client.post("/account/act-as/", {"post": str(other.id)})
    assert "Jonas Weil · Deputy head of mission" in client.get("/").content.decode()
    client.post("/account/act-as/", {"post": str(Post.objects.get(code="head-of-mission").id)})
    assert "Jonas Weil · Deputy head of mission" in client.get("/").content.decode()
