"""How sign-in behaves: accounts are made by the mission, never by visitors."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from primum.people.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Person, password: str) -> None:
        # The whole row, as allauth would save it, the web role may not write.
        user.set_password(password)
        user.save(update_fields=["password"])
