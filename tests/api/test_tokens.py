"""Tokens: who may make one, what opens with it, and everything that ends it."""

from __future__ import annotations

import hashlib
import hmac
import io
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from primum.actions.base import NotThere
from primum.actions.posts import seat, vacate
from primum.actions.recover_account import recover_account
from primum.actions.tokens import MOST_TOKENS, make_token, revoke_token
from primum.people import door, queries, tokens
from primum.people.models import Person, Post, Sent, Token
from primum.people.sight import viewing
from primum.site.logs import Terse
from tests import builders
from tests.api.world import api_of, sent, token_of, with_token
from tests.builders_sealed import client_of, moved_to, newcomer, seated
from tests.cast import NOW, viewer
from tests.template import PASSWORD

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def opens(token: str) -> bool:
    status = with_token(token).get("/api/me").status_code
    assert status in (200, 401)
    return status == 200


def key_in(token: str) -> UUID:
    return UUID(token.split("_")[1])


def kept(name: str, token: str) -> Token:
    with viewing(viewer(name)):
        return Token.objects.get(id=key_in(token))


class TestOpening:
    def test_it_acts_as_its_maker_in_that_post(self) -> None:
        """The control: the viewer is the one of the pages."""
        nadia = viewer("nadia")
        found = api_of(nadia).get("/api/me").json()
        assert (found["person"], found["post"]) == (str(nadia.person), str(nadia.post))
        assert found["duties"] == sorted(nadia.duties)

    def test_in_another_post_it_is_another_token(self) -> None:
        """Made while covering a post, it acts in that post and in no other."""
        nadia = Person.objects.get(username="nadia")
        cover = seated(nadia, "agency-officer", acting=True)
        assert api_of(cover).get("/api/me").json()["post"] == str(cover.post)
        assert api_of("nadia").get("/api/me").json()["post"] == str(viewer("nadia").post)

    def test_a_day_of_use_is_noted_and_no_more(self) -> None:
        token = token_of(viewer("nadia"))
        assert kept("nadia", token).last_used is None
        assert opens(token)
        assert kept("nadia", token).last_used == NOW.date()

    def test_in_whatever_case_the_scheme_is_written(self) -> None:
        token = token_of(viewer("nadia"))
        for scheme in ("Bearer", "bearer", "BEARER"):
            answer = Client(headers={"Authorization": f"{scheme} {token}"}).get("/api/me")
            assert answer.status_code == 200

    @pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
    def test_in_no_other_scheme(self, scheme: str) -> None:
        token = token_of(viewer("nadia"))
        answer = Client(headers={"Authorization": f"{scheme} {token}"}).get("/api/me")
        assert answer.status_code == 401

    def test_not_in_the_address_nor_in_a_cookie(self) -> None:
        token, client = token_of(viewer("nadia")), Client()
        client.cookies["token"] = token
        assert client.get("/api/me", {"token": token, "access_token": token}).status_code == 401

    def test_a_session_opens_nothing_here(self) -> None:
        """Signed in on the pages, a browser is nobody to the API: no site can act through it."""
        client = client_of(viewer("samir"))
        assert client.get("/").status_code == 200
        assert client.get("/api/me").status_code == 401
        activity = builders.decided(builders.CAREFUL).activity
        for each in (client, Client(enforce_csrf_checks=True)):
            answer = sent(each, f"/api/activities/{activity}/suspend", {"words": "x"})
            assert answer.status_code == 401

    def test_the_api_sets_no_cookie(self) -> None:
        answer = api_of("nadia").get("/api/desk")
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]


class TestEnding:
    def test_a_vacated_post_ends_it_at_once(self) -> None:
        """People leave at an hour's notice; their programs leave with them."""
        token = token_of(viewer("nadia"))
        assert opens(token)
        vacate(by=viewer("bruno"), now=NOW, post=viewer("nadia").post)
        assert not opens(token)

    def test_seated_again_the_old_token_stays_dead(self) -> None:
        nadia = viewer("nadia")
        token = token_of(nadia)
        vacate(by=viewer("bruno"), now=NOW, post=nadia.post)
        seat(by=viewer("bruno"), now=NOW, person=nadia.person, post=nadia.post)
        assert not opens(token)
        assert opens(token_of(nadia))

    def test_it_ends_by_its_own_day(self) -> None:
        token = token_of(viewer("nadia"), days=7)
        with moved_to(NOW + 7 * DAY - builders.INSTANT):
            assert opens(token)
        with moved_to(NOW + 7 * DAY):
            assert not opens(token)

    def test_it_does_not_outlast_the_holding(self) -> None:
        """Cover for a week makes no token for a month."""
        post = Post.objects.get(code="agency-officer").id
        until, person = NOW + 7 * DAY, viewer("nadia").person
        by = viewer("bruno")
        seat(by=by, now=NOW, person=person, post=post, ends=until, acting_cover=True)
        cover = door.viewer(person, NOW, post)
        assert cover is not None
        token = token_of(cover)
        assert kept("nadia", token).ends == until
        with moved_to(until):
            assert not opens(token)

    def test_revoked_it_is_dead(self) -> None:
        token = token_of(viewer("nadia"))
        revoke_token(by=viewer("nadia"), now=NOW, token=key_in(token))
        assert not opens(token)
        with builders.refused("token_revoked"):
            revoke_token(by=viewer("nadia"), now=NOW, token=key_in(token))

    def test_a_recovered_account_has_none_left(self) -> None:
        """Whoever lost a telephone may have lost what was on it."""
        mine, other = token_of(viewer("nadia")), token_of(viewer("tomas"))
        recover_account(by=None, now=NOW, username="nadia")
        assert not opens(mine)
        assert opens(other)

    def test_nobody_revokes_another_persons(self) -> None:
        token = token_of(viewer("nadia"))
        for name in ("tomas", "bruno", "samir"):
            with pytest.raises(NotThere):
                revoke_token(by=viewer(name), now=NOW, token=key_in(token))
        assert opens(token)


class TestSecret:
    def test_what_is_kept_opens_nothing(self) -> None:
        """Who reads the table has digests of 256 random bits."""
        token = token_of(viewer("nadia"))
        secret = token.split("_", 2)[2]
        row = kept("nadia", token)
        assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
        with connection.cursor() as cursor, viewing(viewer("nadia")):
            cursor.execute("SELECT t::text FROM people_token t")
            assert all(secret not in text for (text,) in cursor.fetchall())
        assert not opens(tokens.written(row.id, row.digest))

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_another_mark_key_or_secret_opens_nothing(self, part: int) -> None:
        parts = token_of(viewer("nadia")).split("_", 2)
        parts[part] = ["other", uuid4().hex, "x" * 43][part]
        assert not opens("_".join(parts))

    @pytest.mark.parametrize("odd", ["", "_", "__", "primum", "primum_1_2", "x" * 9000, "é_ß_☃"])
    def test_what_is_no_token_is_no_error(self, odd: str) -> None:
        assert tokens.viewer_by(odd, NOW) is None

    def test_secrets_are_compared_in_constant_time_whether_there_is_a_token_or_not(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One comparison of two digests of equal length for every token that is shown."""
        compared: list[tuple[int, int]] = []

        def compare(one: str, other: str) -> bool:
            compared.append((len(one), len(other)))
            return hmac.compare_digest(one, other)

        token = token_of(viewer("nadia"))
        monkeypatch.setattr(tokens, "hmac", type("H", (), {"compare_digest": compare}))
        for each in (token, token[:-1], tokens.written(uuid4(), "x"), "nonsense", ""):
            tokens.viewer_by(each, NOW)
        assert compared == [(64, 64)] * 5

    def test_no_token_gets_into_a_log(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Refused, not there, malformed, broken: no line holds a token or a word that was sent."""
        out = io.StringIO()
        handler = logging.StreamHandler(out)
        handler.setFormatter(Terse())
        logger = logging.getLogger()
        logger.addHandler(handler)
        token = token_of(viewer("nadia"))
        try:
            client = with_token(token)
            client.get("/api/nowhere")
            client.post("/api/activities", "{", content_type="application/json")
            sent(client, f"/api/activities/{uuid4()}/suspend", {"words": "sealed words"})
            with_token(token + "x").get("/api/me")
            monkeypatch.setattr(queries, "post_lines", _breaks)
            assert client.get("/api/posts").status_code == 500
        finally:
            logger.removeHandler(handler)
        text = out.getvalue()
        assert "A request to the API failed." in text
        assert "RuntimeError at" in text
        assert token.split("_", 2)[2] not in text
        assert token.split("_")[1] not in text
        assert "sealed words" not in text


def _breaks(*_given: object) -> object:
    raise RuntimeError("sealed words")


class TestMaking:
    @pytest.mark.parametrize("days", [0, 91, 3650])
    def test_ninety_days_at_most(self, days: int) -> None:
        with builders.refused("token_days"):
            make_token(by=viewer("nadia"), now=NOW, name="x", days=days)
        assert make_token(by=viewer("nadia"), now=NOW, name="x", days=90)

    def test_it_has_a_name(self) -> None:
        with builders.refused("no_name"):
            make_token(by=viewer("nadia"), now=NOW, name=" ", days=1)

    def test_no_more_than_can_be_watched(self) -> None:
        for _each in range(MOST_TOKENS):
            token = token_of(viewer("nadia"))
        with builders.refused("many_tokens"):
            token_of(viewer("nadia"))
        revoke_token(by=viewer("nadia"), now=NOW, token=key_in(token))
        assert opens(token_of(viewer("nadia")))

    def test_it_stands_in_the_ledger_of_the_post(self) -> None:
        post = viewer("nadia").post
        token = token_of(viewer("nadia"))
        revoke_token(by=viewer("nadia"), now=NOW, token=key_in(token))
        assert builders.lines(post)[-2:] == ["make_token", "revoke_token"]

    def test_the_operator_of_another_post_sees_none_of_it(self) -> None:
        """One's tokens are one's own, for the database too."""
        token = token_of(viewer("nadia"))
        for name in ("tomas", "samir", "bruno", "lena"):
            with viewing(viewer(name)):
                assert not Token.objects.filter(id=key_in(token)).exists()
                assert queries.tokens_of(viewer(name), NOW) == ()

    def test_no_statement_makes_one_for_somebody_else(self) -> None:
        """Slipped into Nadia's query, an INSERT for Samir's holding is refused."""
        holding = Person.objects.get(username="samir").holdings.all()[0].id
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            viewing(viewer("nadia")),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO people_token (id, holding_id, name, digest, made, ends, salt)"
                " VALUES (%s, %s, 'x', 'x', now(), now(), '')",
                [uuid4(), holding],
            )

    def test_what_a_program_sent_is_its_persons_alone(self) -> None:
        with viewing(viewer("nadia")):
            Sent(id=uuid4(), person=viewer("nadia").person, digest="x", at=NOW).save(
                force_insert=True
            )
            assert Sent.objects.count() == 1
        with viewing(viewer("samir")):
            assert Sent.objects.count() == 0


class TestPage:
    """The account page: freshly signed in, once shown, listed without secret."""

    def confirmed(self, name: str) -> Client:
        client = Client()
        client.force_login(Person.objects.get(username=name), _SIGN_IN)
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert answer.status_code == 302
        return client

    def test_made_on_the_page_it_opens(self) -> None:
        client = self.confirmed("nadia")
        page = client.post(reverse("tokens"), {"name": "Field office sheet", "days": "30"})
        token = _in(page)
        assert opens(token)
        again = client.get(reverse("tokens")).content.decode()
        assert "Field office sheet" in again
        assert token.split("_", 2)[2] not in again
        assert kept("nadia", token).digest not in again

    def test_without_a_fresh_sign_in_none_is_made(self) -> None:
        """An open screen makes no token: the password is asked for again."""
        client = client_of(viewer("nadia"))
        page = client.get(reverse("tokens"))
        assert page.status_code == 200
        assert 'name="days"' not in page.content.decode()
        answer = client.post(reverse("tokens"), {"name": "x", "days": "30"})
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
        with viewing(viewer("nadia")):
            assert not Token.objects.exists()

    def test_revoked_on_the_page_it_is_dead(self) -> None:
        client, token = client_of(viewer("nadia")), token_of(viewer("nadia"))
        answer = client.post(reverse("revoke_token", args=[key_in(token)]))
        assert answer.status_code == 302
        assert not opens(token)

    def test_a_wrong_number_of_days_is_said_at_the_field(self) -> None:
        page = self.confirmed("nadia").post(reverse("tokens"), {"name": "x", "days": "many"})
        assert page.status_code == 422
        assert "is not a whole number" in page.content.decode()

    def test_a_newcomer_without_tokens_is_told_so(self) -> None:
        page = client_of(newcomer("police-chief-of-staff")).get(reverse("tokens"))
        assert "You have no tokens." in page.content.decode()


_SIGN_IN = settings.AUTHENTICATION_BACKENDS[0]


def _in(page: Any) -> str:
    text = page.content.decode()
    return str(text.split('<code dir="ltr">')[1].split("</code>")[0])
