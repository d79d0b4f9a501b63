"""Publish a protocol: its text becomes a version that never changes."""

from __future__ import annotations

import hashlib

import pytest

from primum.actions.publish_protocol import publish_protocol
from primum.cases.models import ProtocolVersion
from primum.core.protocol import ProtocolError
from primum.people import door
from tests.builders import DAY, SHORT, everything, lines, refused, unchanged
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db


def test_publish() -> None:
    """The text is kept as it is, under its own digest, with a line in its own chain."""
    key = publish_protocol(by=viewer("karim"), now=NOW, text=SHORT, filename="short.yaml")
    kept = ProtocolVersion.objects.get(id=key)
    assert (kept.name, kept.text, kept.published) == ("short-course", SHORT, NOW)
    assert kept.digest == hashlib.sha256(SHORT.encode()).hexdigest()
    assert lines(key) == ["publish"]


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"karim"}))
def test_who_may_not(name: str) -> None:
    """The protocol steward publishes; those who ask, weigh or decide do not write their rules."""
    with refused("not_your_move"):
        publish_protocol(by=viewer(name), now=NOW, text=SHORT, filename="short.yaml")


def test_the_clock_publishes_what_ships() -> None:
    """A mission is founded before anybody holds a post."""
    key = publish_protocol(by=door.clock(), now=NOW, text=SHORT, filename="short.yaml")
    assert lines(key) == ["publish"]


def test_twice_is_once() -> None:
    """The same text is the same version, whoever publishes it again and when."""
    first = publish_protocol(by=viewer("karim"), now=NOW, text=SHORT, filename="short.yaml")
    before = everything()
    again = publish_protocol(by=viewer("karim"), now=NOW + DAY, text=SHORT, filename="other.yaml")
    assert again == first
    unchanged(before)


def test_a_changed_text_is_another_version() -> None:
    """One word is enough; the first stays as it was."""
    changed = SHORT.replace("A short course", "A shorter course")
    first, second = (
        publish_protocol(by=viewer("karim"), now=NOW, text=text, filename="short.yaml")
        for text in (SHORT, changed)
    )
    assert first != second
    assert ProtocolVersion.objects.get(id=first).text == SHORT


@pytest.mark.parametrize(
    "text", ["", "protocol: short-course", SHORT.replace("rules: []", "rules: [{id: x}]"), "]["]
)
def test_a_text_that_cannot_be_read(text: str) -> None:
    """Mistakes are named with their place, and nothing is published."""
    before = everything()
    with pytest.raises(ProtocolError, match=r"short\.yaml"):
        publish_protocol(by=viewer("karim"), now=NOW, text=text, filename="short.yaml")
    unchanged(before)


def test_a_duty_that_nobody_carries() -> None:
    """Law 9: a look by a duty no post of the mission has would be nobody's."""
    wrong = SHORT.replace("by: field_monitor", "by: night_watch")
    with pytest.raises(ProtocolError, match="night_watch"):
        publish_protocol(by=viewer("karim"), now=NOW, text=wrong, filename="short.yaml")


def test_stakes_decided_by_a_post_that_may_not() -> None:
    """A protocol does not lower who decides: the mission's table of moves does not know it."""
    wrong = SHORT.replace("leadership: decides_leadership", "leadership: decides_ordinary")
    with pytest.raises(ProtocolError, match="decides_ordinary"):
        publish_protocol(by=viewer("karim"), now=NOW, text=wrong, filename="short.yaml")
