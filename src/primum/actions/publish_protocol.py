"""Publish a protocol: its text becomes a version that never changes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import acting, log
from primum.cases.models import ProtocolVersion
from primum.people import mission
from primum.people.sight import Viewer
from primum.protocols import bundle, parse


def publish_protocol(*, by: Viewer, now: datetime, text: str, filename: str) -> UUID:
    """Check the text and keep it as a version; the same text twice is the same version."""
    text = bundle(text, filename)
    read = parse(text, filename)
    digest = read.version
    with acting(by):
        known = ProtocolVersion.objects.filter(digest=digest).first()
        if known is not None:
            return known.id
        made = ProtocolVersion(id=uuid4(), name=read.id, digest=digest, text=text, published=now)
        made.save(force_insert=True)
        seal = mission.default_seal("register")
        log(("protocol", made.id), "publish", made, now, words=digest, seal=seal)
        return made.id
