"""primum people recover: somebody who lost the phone gets in again, and it is logged."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from primum.cases.models import Entry
from primum.cases.verify import verify
from primum.cli import main
from primum.people import door
from primum.people.models import Person
from primum.people.sight import viewing

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    nadia = Person.objects.get(username="nadia")
    ruth = Person.objects.get(username="ruth")
    for person in (nadia, ruth):
        Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    before = ruth.password
    assert main(["people", "recover", "nadia"]) == 0
    password = capsys.readouterr().out.strip()
    nadia.refresh_from_db()
    ruth.refresh_from_db()
    assert len(password) == 23
    assert nadia.check_password(password)
    assert not nadia.check_password("first do no harm")
    assert list(Authenticator.objects.values_list("user", flat=True)) == [ruth.id]
    assert ruth.password == before


def test_sessions_of_the_account_end() -> None:
    nadia = Person.objects.get(username="nadia")
    browser = Client()
    browser.force_login(nadia, "allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    assert main(["people", "recover", "nadia"]) == 0
    nadia.refresh_from_db()
    assert session["_auth_user_hash"] != nadia.get_session_auth_hash()


def test_it_is_logged() -> None:
    assert main(["people", "recover", "nadia"]) == 0
    nadia = Person.objects.get(username="nadia")
    by = door.clock()
    with viewing(by):
        lines = Entry.objects.filter(case=nadia.id).values_list("case_kind", "verb", "post")
        assert list(lines) == [("person", "recover", by.post)]
    assert verify().whole


def test_an_unknown_account_is_told_and_nothing_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = set(Person.objects.values_list("username", "password"))
    assert main(["people", "recover", "nobody"]) == 1
    said = capsys.readouterr()
    assert "There is no active account “nobody”. Nothing was changed." in said.err
    assert said.out == ""
    assert set(Person.objects.values_list("username", "password")) == before
