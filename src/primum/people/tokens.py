"""Tokens: what a program shows at the door, and the viewer that it makes.

A token is the key of its row and a secret of 256 bits. PostgreSQL hands out the digest of a token
that is alive; whether the secret fits is compared here, in the same time for every token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import connection

from primum.people import door
from primum.people.models import Token
from primum.people.sight import Viewer, viewing

MARK: Final = "primum"
"""How a token begins: a scanner that finds one in a file knows whose door it opens."""
MOST_DAYS: Final = 90
NONE: Final = hashlib.sha256(b"of no token").hexdigest()
"""What is compared where there is no such token."""


def written(key: UUID, secret: str) -> str:
    """The token as it is shown once, and sent with every request."""
    return f"{MARK}_{key.hex}_{secret}"


def fresh_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    # No salt and no slow hash: nobody guesses 256 random bits.
    return hashlib.sha256(secret.encode()).hexdigest()


def viewer_by(token: str, now: datetime) -> Viewer | None:
    """Whoever this token lets in now; None for every token that is not alive, whatever ails it."""
    key, secret = _parts(token)
    kept, person, post, used = _alive(key, now)
    if not hmac.compare_digest(kept, digest(secret)) or person is None:
        return None
    viewer = door.viewer(person, now, post)
    if viewer is None or viewer.post != post:
        return None
    if used != now.date():
        with viewing(viewer):
            Token.objects.filter(id=key).update(last_used=now.date())
    return viewer


def _parts(token: str) -> tuple[UUID, str]:
    mark, _, rest = token.partition("_")
    key, _, secret = rest.partition("_")
    try:
        return (UUID(key) if mark == MARK else uuid4()), secret
    except ValueError:
        return uuid4(), secret


def _alive(key: UUID, now: datetime) -> tuple[str, UUID | None, UUID | None, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, person, post, used FROM token_alive(%s, %s)", [key, now])
        row = cursor.fetchone()
    return row or (NONE, None, None, None)
