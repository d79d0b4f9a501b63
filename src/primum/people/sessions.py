"""Sessions that a reader of the database cannot take over.

A row is kept under a digest of the browser's key, and what it holds is signed together with that
key. So who reads the table has no key to send, and who copies somebody's row under a key of their
own has a row that nobody opens.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models.functions import Now


def kept_as(key: str) -> str:
    """What stands in the table for a browser's key: 160 bits, as many as the column holds."""
    return hashlib.sha256(f"primum session {key}".encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's sessions in the database, under digests of their keys."""

    @property
    def key_salt(self) -> str:
        return f"primum.people.sessions.{self.session_key}"

    def create_model_instance(self, data: Any) -> AbstractBaseSession:
        row: AbstractBaseSession = super().create_model_instance(data)
        row.session_key = kept_as(row.session_key)
        return row

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        key = kept_as(self.session_key or "")
        found = self.model.objects.filter(session_key=key, expire_date__gt=Now()).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str | None = None) -> bool:
        return super().exists(kept_as(session_key or ""))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(kept_as(key))
