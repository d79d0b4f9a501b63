"""Publish a protocol: its text becomes a version that never changes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import acting, log, refuse
from primum.cases.models import ProtocolVersion
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer
from primum.protocols import parse

PUBLISHES = frozenset({"steward", "clock"})
"""Who writes the mission's policy; the clock where a mission is founded with what ships."""


def publish_protocol(*, by: Viewer, now: datetime, text: str, filename: str) -> UUID:
    """Check the text and keep it as a version; the same text twice is the same version.

    Every duty it names must be one that a post of this mission carries.
    """
    read = parse(text, filename, mission.authority_table())
    digest = hashlib.sha256(text.encode()).hexdigest()
    with acting(by):
        if not PUBLISHES & by.duties:
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        known = ProtocolVersion.objects.filter(digest=digest).first()
        if known is not None:
            return known.id
        made = ProtocolVersion(id=uuid4(), name=read.id, digest=digest, text=text, published=now)
        made.save(force_insert=True)
        seal = mission.default_seal("register")
        log(("protocol", made.id), "publish", made, now, words=digest, seal=seal)
        return made.id
