"""Recover an account after a lost phone: no second factor any more, and a password made here."""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator

from primum.actions.base import NotThere, acting, log
from primum.people import door, mission
from primum.people.models import Person, Token

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter or digit that is read as another, since it is read out and typed."""


def recover_account(*, by: None, now: datetime, username: str) -> str:
    """Return a new password for `username`; their sessions end, as the old password signed them,
    and so do their tokens.

    Nobody in post may do this, hence `by=None`: the operator at the machine does, and the ledger
    says that it was done.
    """
    password = new_password()
    with acting(door.clock()):
        person = Person.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise NotThere
        Authenticator.objects.filter(user=person).delete()
        Token.objects.filter(holding__person=person, revoked=None).update(revoked=now)
        person.set_password(password)
        person.save(update_fields=["password"])
        seal = mission.default_seal("register")
        log(("person", person.id), "recover", person, now, words="", seal=seal)
    return password


def new_password() -> str:
    """A password that can be read out and typed: 20 characters, some 99 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
