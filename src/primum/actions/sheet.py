"""Decisions on behalf: a leader signs on paper, another post records it, the leader confirms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    acting,
    digest,
    holding,
    log,
    needs,
    part_seal,
    refuse,
)
from primum.cases.models import Activity, Decision, File
from primum.core.vocabulary import Actor, Verb
from primum.people import door, queries
from primum.people.models import Holding, Post
from primum.people.sight import Viewer

LARGEST = 5 * 1024 * 1024
MAGIC = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """The signed decision sheet of a post whose holder does not sign in."""

    post: UUID
    name: str
    content: bytes


def leader(by: Viewer, sheet: SignedSheet, now: datetime) -> Actor:
    """The leader in whose place the decision is recorded: their post's authority, their person."""
    if "records_on_behalf" not in by.duties:
        raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
    media_type(sheet)
    held = queries.holder_of(by, sheet.post, now)
    if held is None:
        raise refuse(Verb.DECIDE, "vacant", "Nobody holds the post that signed.")
    post = Post.objects.get(id=sheet.post)
    return door.actor(door.viewer_in(post, held), now)


def media_type(sheet: SignedSheet) -> str:
    """What kind of file it is, by its first bytes; never by its name."""
    if len(sheet.content) > LARGEST:
        raise refuse(Verb.DECIDE, "sheet_large", "The sheet is larger than 5 MB. Scan it smaller.")
    for start, kind in MAGIC.items():
        if sheet.content.startswith(start):
            return kind
    raise refuse(
        Verb.DECIDE, "sheet_kind", "Attach the signed sheet as PDF, JPEG or PNG. Nothing was kept."
    )


def keep_sheet(
    by: Viewer, activity: Activity, who: Holding, sheet: SignedSheet, now: datetime
) -> None:
    """Keep the signed sheet with the case, under the deciders' seal."""
    kept = File(
        id=uuid4(),
        seal_id=part_seal(activity, "decider"),
        case=activity.id,
        name=needs(sheet.name, Verb.DECIDE, "name")[:200],
        media_type=media_type(sheet),
        content=sheet.content,
        digest=hashlib.sha256(sheet.content).hexdigest(),
        by=who,
        at=now,
    )
    kept.save(force_insert=True)


def confirm_decision(*, by: Viewer, now: datetime, decision: UUID) -> None:
    """The leader confirms what was recorded in their name."""
    with acting(by):
        row = Decision.objects.select_related("activity").filter(id=decision).first()
        if row is None:
            raise NotThere
        if row.post_id != by.post:
            raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
        hit = Decision.objects.filter(
            id=decision, confirm_by__isnull=False, confirmed__isnull=True
        ).update(confirmed=now, confirmed_by=holding(by, now, Verb.DECIDE))
        if hit != 1:
            raise refuse(Verb.DECIDE, "confirmed", "This decision needs no confirmation.")
        words = digest(row.salt, "confirmed")
        case = ("activity", row.activity_id)
        log(case, "confirm", row, now, words=words, seal=row.activity.seal_id)
