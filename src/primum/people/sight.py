"""Who is looking: the viewer of a transaction, and the block that sets it.

PostgreSQL decides what a viewer sees (row-level security over seals). It learns who looks from a
token signed here and checked there by `viewer_of()`, so that words slipped into a query cannot
simply name somebody else (SETTLED 24). The token lives as long as the block.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import OperationalError, connection, transaction

TOKEN_SECONDS = 3600
ACCOUNT_SECONDS = 60
BLOCK = 64  # bytes of a SHA-256 block, as HMAC (RFC 2104) needs them
RETRIES = 3
SERIALIZATION, DEADLOCK = "40001", "40P01"
T = TypeVar("T")
_current: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


class NoViewer(Exception):
    """A query ran outside a viewing block, or for somebody else than the block is for."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person acting in a post, and what that post may do and know."""

    person: UUID
    post: UUID
    duties: frozenset[str]
    sees_to: int = 0
    organisation: UUID | None = None
    process_only: bool = False


@contextmanager
def viewing(viewer: Viewer) -> Iterator[None]:
    """One transaction (or savepoint) in which every query sees what `viewer` may see.

    The former viewer is put back on the way out: SET LOCAL in a released savepoint would
    otherwise live on to the end of the outer transaction.
    """
    with transaction.atomic():
        former = _set_token(_token(viewer))
        mark = _current.set(viewer)
        try:
            yield
            _restore(former)
        finally:
            _current.reset(mark)


def seen_by(viewer: Viewer, work: Callable[[], T]) -> T:
    """Do a piece of work as one transaction of this viewer; again, where another was in its way."""
    for attempt in range(RETRIES):
        try:
            with viewing(viewer):
                return work()
        except OperationalError as error:
            if _state(error) not in (SERIALIZATION, DEADLOCK) or attempt == RETRIES - 1:
                raise
            time.sleep(0.02 * (attempt + 1))
    raise AssertionError("The last attempt returns or raises.")


@contextmanager
def own_account(person: UUID) -> Iterator[None]:
    """One transaction in which the password of this person, and of nobody else, may be changed.

    PostgreSQL asks for the signature before it changes one, so that words slipped into a query set
    nobody's password.
    """
    with transaction.atomic():
        said = f"account/{person}/{int(time.time()) + ACCOUNT_SECONDS}"
        former = _set("primum.account", f"{said}/{_signature(said)}")
        yield
        if not connection.needs_rollback:
            _set("primum.account", former)


def require(viewer: Viewer) -> None:
    """Every query calls this first: the block must be open, and for this very viewer."""
    current = _current.get()
    if current is None:
        raise NoViewer("No viewer: open `with viewing(viewer):` around the query.")
    if (current.person, current.post) != (viewer.person, viewer.post):
        raise NoViewer("The viewing block is for somebody else.")


def pads(secret: str) -> tuple[bytes, bytes]:
    """The inner and outer pad of HMAC-SHA-256, so that PostgreSQL can check a token by itself."""
    key = _key(secret).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"primum sight " + secret.encode()).digest()


def _token(viewer: Viewer) -> str:
    # The expiry is real time on purpose: it guards a secret, it is no fact of a case.
    until = int(time.time()) + TOKEN_SECONDS
    said = f"{viewer.person}|{viewer.post}|{until}"
    return f"{said}|{_signature(said)}"


def _signature(said: str) -> str:
    return hmac.new(_key(settings.SECRET_KEY), said.encode(), hashlib.sha256).hexdigest()


def _set_token(token: str) -> str:
    return _set("primum.viewer", token)


def _set(name: str, token: str) -> str:
    """Set a token for the rest of the transaction, return the former one.

    Bound by the server and never written into the statement: the text of a statement is shown to
    every session of the same role (pg_stat_activity), and words slipped into one would read there
    who looks in the next. Django's own cursors write values into the text.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            "WITH former AS MATERIALIZED (SELECT current_setting(%s, true) AS token)"
            " SELECT former.token, set_config(%s, %s, true) FROM former",
            [name, name, token],
        )
        row = cursor.fetchone()
    return (row[0] if row else "") or ""


def _state(error: OperationalError) -> str:
    return getattr(error.__cause__, "sqlstate", "") or ""


def _restore(former: str) -> None:
    # After an error the rollback to the savepoint has already put the former setting back.
    if not connection.needs_rollback:
        _set_token(former)
