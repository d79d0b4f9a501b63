"""Propose a protocol: the steward writes a text; a second post puts it in force or does not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import acting, digest, holding, log, needs, refuse, salt
from primum.cases.models import ProtocolVersion
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people import door, mission
from primum.people.sight import Viewer
from primum.protocols import bundle, parse


def propose_protocol(*, by: Viewer, now: datetime, text: str, filename: str, why: str) -> UUID:
    """Check a text for every mistake and flaw, and keep it as a version that is not in force.

    Raises ProtocolError with all that is wrong. The same text twice is the same version.
    """
    whole = bundle(text, filename)
    read = parse(whole, filename, mission.authority_table(), thorough=True)
    with acting(by):
        who = holding(by, now, Verb.PROPOSE)
        if not authority.may_with_protocols(door.actor(by, now), "propose"):
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        known = ProtocolVersion.objects.filter(digest=read.version).first()
        if known is not None:
            return known.id
        made = ProtocolVersion(
            id=uuid4(),
            name=read.id,
            digest=read.version,
            text=whole,
            proposed=now,
            proposed_by=who,
            why=needs(why, Verb.PROPOSE),
            salt=salt(),
        )
        made.save(force_insert=True)
        words = digest(made.salt, read.version, made.why)
        seal = mission.default_seal("register")
        log(("protocol", made.id), "propose_protocol", made, now, words=words, seal=seal)
        return made.id
