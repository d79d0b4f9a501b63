"""The mission this database is: its folder, read once."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection

from primum.core.protocol import Authority
from primum.people.models import Post
from primum.protocols import mission as folder


@cache
def current() -> folder.Mission:
    return folder.read(settings.MISSION)


@cache
def authority_table() -> Authority:
    """The duties of this mission's posts and what each may decide: protocols are checked by it."""
    return folder.authority_of(current().posts)


def clock_days(name: str) -> int:
    """A clock of mission.yaml, in days (or hours where its name says so)."""
    return current().clocks[name]


SECOND_READ_DAYS = 7


def second_reading() -> tuple[int, timedelta]:
    """How many of a hundred quiet looks a second post reads, and how long it has to read one."""
    found = current()
    days = found.clocks.get("second_read_days", SECOND_READ_DAYS)
    return found.second_read_share, timedelta(days=days)


def default_seal(kind: str) -> UUID:
    """The seal a new record of `kind` lies under, unless its writer raises it."""
    return seal_named(current().default_seals[kind])


def raised_seal() -> str:
    """The seal a report is raised to: that of the one post which may know most."""
    return current().default_seals["full_ruling"]


def level_of(seal: UUID) -> int:
    """A seal's level, by mission.yaml: its writer need not be able to see it."""
    return max(
        (int(s["level"]) for s in current().seals if seal_named(s["code"]) == seal), default=0
    )


def seal_named(code: str) -> UUID:
    """A seal by its name in mission.yaml. Its writer need not be able to see it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal_by_code(%s)", [code])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise LookupError(f"mission.yaml names the seal “{code}”, the database does not know it.")
    return UUID(str(row[0]))


def post_with(duty: str) -> Post:
    """The one post that carries a duty; the first by code when several do."""
    return Post.objects.filter(duties__contains=[duty]).order_by("code")[0]


def holders_of(duty: str) -> tuple[UUID, ...]:
    """Every post that carries a duty, by code."""
    rows = Post.objects.filter(duties__contains=[duty]).order_by("code")
    return tuple(rows.values_list("id", flat=True))
