"""Protocols: what is in force, what is proposed, and how each text differs from the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases import facts
from primum.cases.models import ProtocolVersion, Publication, Ruling
from primum.core import authority, protocol
from primum.core.vocabulary import Because
from primum.people import door
from primum.people.sight import Viewer, require

__all__ = [
    "Document",
    "Published",
    "Version",
    "cases_of",
    "document",
    "protocols",
    "version",
    "waiting",
]


Case = tuple[UUID, str, datetime]
"""An activity, its title, and when it was assessed."""
MOST_RULINGS = 2_000


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a protocol, and when it came into force if it did."""

    id: UUID
    name: str
    digest: str
    text: str
    proposed: datetime
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """That a version came into force, by whom, and what it loosened."""

    at: datetime
    post: UUID | None
    """None for a text that ships with Primum."""
    words: str
    loosens: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A version as a document: itself, its neighbours, and who put it in force."""

    version: Version
    in_force: bool
    ships: bool
    proposed_by: UUID | None
    why: str
    publications: tuple[Published, ...]
    against: Version | None
    """The version it is compared with: the one in force, or the one before it."""
    differences: tuple[Because, ...]
    others: tuple[Version, ...]


def protocols(viewer: Viewer) -> tuple[Version, ...]:
    """The version of each protocol that is in force, by name."""
    require(viewer)
    rows = Publication.objects.select_related("version").order_by("version__name", "-at")
    return tuple(_version(row.version, row.at) for row in rows.distinct("version__name"))


def waiting(viewer: Viewer) -> tuple[Version, ...]:
    """Versions that were proposed after the one in force and have never been published."""
    require(viewer)
    rows = ProtocolVersion.objects.filter(publications=None).order_by("name", "-proposed")
    return tuple(_version(row, None) for row in rows)


def version(viewer: Viewer, key: UUID) -> Version | None:
    require(viewer)
    row = ProtocolVersion.objects.filter(id=key).first()
    if row is None:
        return None
    newest = row.publications.order_by("-at").first()
    return _version(row, newest.at if newest else None)


def document(viewer: Viewer, key: UUID) -> Document | None:
    """The version with what changed since the text before it."""
    shown = version(viewer, key)
    if shown is None:
        return None
    row = ProtocolVersion.objects.select_related("proposed_by").get(id=key)
    others = tuple(each for each in _versions(row.name) if each.id != key)
    current = next((each for each in protocols(viewer) if each.name == row.name), None)
    against = _before(shown, current, others)
    return Document(
        version=shown,
        in_force=current is not None and current.id == key,
        ships=row.proposed_by_id is None,
        proposed_by=row.proposed_by.post_id if row.proposed_by else None,
        why=row.why,
        publications=_publications(row),
        against=against,
        differences=protocol.differences(facts.protocol_of(against), facts.protocol_of(shown))
        if against
        else (),
        others=others,
    )


def cases_of(viewer: Viewer, key: UUID, now: datetime) -> Mapping[str, Sequence[Case]]:
    """Rule -> the cases in which it held, among the rulings this viewer may read, newest first.

    Never a case that the viewer's own post or person proposed (law 6).
    """
    require(viewer)
    actor = door.actor(viewer, now)
    rows = Ruling.objects.filter(assessment__protocol=key).order_by("-at")
    found: dict[str, dict[UUID, Case]] = {}
    for row in rows.select_related("assessment__activity__proposed_by")[:MOST_RULINGS]:
        activity = row.assessment.activity
        if activity is None or authority.is_own_case(
            actor, activity.proposed_by.person_id, activity.owner_id
        ):
            continue
        for reason in json.loads(row.text)["reasons"]:
            if reason["certain"]:
                cases = found.setdefault(reason["rule"], {})
                cases.setdefault(activity.id, (activity.id, activity.title, row.at))
    return {rule: tuple(cases.values()) for rule, cases in found.items()}


def _before(shown: Version, current: Version | None, others: tuple[Version, ...]) -> Version | None:
    if shown.published is None:
        return current
    earlier = [each for each in others if each.published and each.published < shown.published]
    return max(earlier, key=lambda each: each.published or each.proposed, default=None)


def _versions(name: str) -> tuple[Version, ...]:
    rows = ProtocolVersion.objects.filter(name=name).order_by("-proposed", "id")
    newest: Mapping[UUID, datetime] = {
        row.version_id: row.at
        for row in Publication.objects.filter(version__name=name).order_by("at")
    }
    return tuple(_version(row, newest.get(row.id)) for row in rows)


def _publications(row: ProtocolVersion) -> tuple[Published, ...]:
    return tuple(
        Published(
            at=each.at,
            post=each.by.post_id if each.by else None,
            words=each.words,
            loosens=tuple(Because(**because) for because in each.loosens),
        )
        for each in row.publications.select_related("by").order_by("-at")
    )


def _version(row: ProtocolVersion, published: datetime | None) -> Version:
    return Version(row.id, row.name, row.digest, row.text, row.proposed, published)
