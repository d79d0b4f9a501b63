"""Recover an account after a lost phone: by the operator at the machine, and logged."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from primum.actions.base import NotThere
from primum.actions.recover_account import ALPHABET, recover_account
from primum.people.models import Holding, Person
from tests.builders import everything, lines, unchanged
from tests.cast import NOW
from tests.template import PASSWORD

pytestmark = pytest.mark.django_db


def person(name: str = "nadia") -> Person:
    return Person.objects.get(username=name)


def test_recover() -> None:
    """A new password that works, the old one that does not, and a line in the ledger."""
    password = recover_account(by=None, now=NOW, username="nadia")
    assert person().check_password(password)
    assert not person().check_password(PASSWORD)
    assert lines(person().id) == ["recover"]


@pytest.mark.parametrize("name", ["nobody", "", "NADIA", "nadia "])
def test_nobody_else(name: str) -> None:
    """An account that is not there, to the letter, is not recovered and nothing is changed."""
    before = everything()
    with pytest.raises(NotThere):
        recover_account(by=None, now=NOW, username=name)
    unchanged(before)


def test_not_a_closed_account() -> None:
    """Who has left does not come back this way."""
    left = Person.objects.create_user("left", PASSWORD, name="Left", is_active=False)
    with pytest.raises(NotThere):
        recover_account(by=None, now=NOW, username="left")
    left.refresh_from_db()
    assert left.check_password(PASSWORD)


def test_the_lost_phone_counts_no_more() -> None:
    """The second factor of this account goes, of this one alone."""
    for name in ("nadia", "tomas"):
        Authenticator.objects.create(user=person(name), type=Authenticator.Type.TOTP, data={})
    recover_account(by=None, now=NOW, username="nadia")
    assert [each.user_id for each in Authenticator.objects.all()] == [person("tomas").id]


def test_open_sessions_end() -> None:
    """Sessions are signed with the password's hash; after the change they are worth nothing."""
    before = person().get_session_auth_hash()
    recover_account(by=None, now=NOW, username="nadia")
    assert person().get_session_auth_hash() != before


def test_a_password_that_can_be_read_out() -> None:
    """Four groups of five without look-alikes, never the same twice."""
    made = {recover_account(by=None, now=NOW, username="nadia") for _ in range(2)}
    assert len(made) == 2
    for password in made:
        groups = password.split("-")
        assert [len(group) for group in groups] == [5, 5, 5, 5]
        assert set("".join(groups)) <= set(ALPHABET)


def test_it_gives_no_post() -> None:
    """An account is not an office: what somebody holds stays as it was."""
    held = list(Holding.objects.values_list("id", "ends"))
    recover_account(by=None, now=NOW, username="stranger")
    assert list(Holding.objects.values_list("id", "ends")) == held
