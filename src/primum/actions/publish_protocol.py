"""Publish a protocol: a second post puts it in force; a loosened stop needs the leadership."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid4

from primum import protocols
from primum.actions.base import NotThere, acting, digest, holding, log, needs, refuse, salt
from primum.cases import facts
from primum.cases.models import ProtocolVersion, Publication
from primum.core import authority, protocol
from primum.core.vocabulary import Because, Verb
from primum.people import door, mission
from primum.people.models import Holding
from primum.people.sight import Viewer


def publish_protocol(*, by: Viewer, now: datetime, version: UUID, words: str) -> UUID:
    """Put a proposed version in force, by another person and post than proposed it.

    Where it loosens a hard stop of the text that ships, only the leadership may, and their words
    stand on its page.
    """
    with acting(by):
        row = ProtocolVersion.objects.select_related("proposed_by").filter(id=version).first()
        if row is None:
            raise NotThere
        who = holding(by, now, Verb.DECIDE)
        _another_post(by, row, now)
        if _in_force(row.name) == row.id:
            raise refuse(Verb.DECIDE, "in_force", "This version is in force already.")
        loosens = _stops_loosened(row)
        what = "loosen" if loosens else "publish"
        if not authority.may_with_protocols(door.actor(by, now), what):
            raise _not_yours(loosens)
        made = _publication(row, who, now, needs(words, Verb.DECIDE), loosens)
        said = digest(made.salt, row.digest, made.words)
        seal = mission.default_seal("register")
        log(("protocol", row.id), "publish", made, now, words=said, seal=seal)
        return made.id


def install_protocol(*, by: Viewer, now: datetime, text: str, filename: str) -> UUID:
    """Keep a text that ships, and put it in force unless the mission has published one of its own.

    Only the program itself does this, when a mission is founded or Primum is upgraded.
    """
    whole = protocols.bundle(text, filename)
    read = _checked(whole, filename)
    with acting(by):
        if "clock" not in by.duties:
            raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
        known = ProtocolVersion.objects.filter(digest=read.version).first()
        row = known or _shipped(read, whole, now)
        own = Publication.objects.filter(version__name=read.id).order_by("-at").first()
        if own is None or (own.by_id is None and own.version_id != row.id):
            made = _publication(row, None, now, "", ())
            said = digest(made.salt, row.digest)
            seal = mission.default_seal("register")
            log(("protocol", row.id), "publish", made, now, words=said, seal=seal)
        return row.id


@lru_cache(maxsize=16)
def _checked(text: str, filename: str) -> protocol.Protocol:
    """A text that ships, read by this mission's authority; it is the same at every start."""
    return protocols.parse(text, filename, mission.authority_table())


def _in_force(name: str) -> UUID | None:
    """The version of a protocol that was published last."""
    newest = Publication.objects.filter(version__name=name).order_by("-at").first()
    return newest.version_id if newest else None


def _stops_loosened(row: ProtocolVersion) -> tuple[Because, ...]:
    """What this version loosens of the shipped text that the version in force does not yet."""
    if row.name not in protocols.available():
        return ()
    shipped = protocols.load(row.name)
    now_in_force = _in_force(row.name)
    current = ProtocolVersion.objects.filter(id=now_in_force).first() if now_in_force else None
    before = protocol.loosened(shipped, facts.protocol_of(current)) if current else ()
    found = protocol.loosened(shipped, facts.protocol_of(row))
    return tuple(each for each in found if each not in before)


def _another_post(by: Viewer, row: ProtocolVersion, now: datetime) -> None:
    proposer = row.proposed_by
    if proposer and authority.is_own_case(
        door.actor(by, now), proposer.person_id, proposer.post_id
    ):
        raise refuse(
            Verb.DECIDE,
            "own_protocol",
            "Your post or you yourself proposed this text. A second post puts it in force.",
        )


def _not_yours(loosens: tuple[Because, ...]) -> Exception:
    if loosens:
        return refuse(
            Verb.DECIDE,
            "loosens_stop",
            "This text loosens a hard stop. Only the head of mission may put it in force.",
        )
    return refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")


def _shipped(read: protocol.Protocol, text: str, now: datetime) -> ProtocolVersion:
    row = ProtocolVersion(
        id=uuid4(), name=read.id, digest=read.version, text=text, proposed=now, salt=salt()
    )
    row.save(force_insert=True)
    return row


def _publication(
    row: ProtocolVersion,
    who: Holding | None,
    now: datetime,
    words: str,
    loosens: tuple[Because, ...],
) -> Publication:
    made = Publication(
        id=uuid4(),
        version=row,
        at=now,
        by=who,
        words=words,
        loosens=[_plain(because) for because in loosens],
        salt=salt(),
    )
    made.save(force_insert=True)
    return made


def _plain(because: Because) -> Mapping[str, object]:
    values = {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in because.values.items()
    }
    return {"code": because.code, "says": because.says, "values": values}
