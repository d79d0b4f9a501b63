"""The cast: everybody who appears in tests, in the posts that the demonstration gives them."""

from __future__ import annotations

from datetime import UTC, datetime

from primum.people import door
from primum.people.models import Person
from primum.people.sight import Viewer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

NAMES = (
    "nadia",
    "tomas",
    "aminata",
    "ruth",
    "jonas",
    "helena",
    "samir",
    "grace",
    "peter",
    "ines",
    "lena",
    "karim",
    "eva",
    "bruno",
)
"""Everybody who holds a post; the stranger holds none."""


def viewer(name: str, now: datetime = NOW) -> Viewer:
    """One of the cast in their post."""
    found = door.viewer(Person.objects.get(username=name).id, now)
    assert found is not None, f"{name} holds no post"
    return found
