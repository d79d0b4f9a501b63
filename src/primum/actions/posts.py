"""Seat and vacate: people come and go at an hour's notice, the work stays with the post."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction

from primum.actions.base import NotThere, acting, digest, log, refuse
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.models import Holding, Person, Post
from primum.people.sight import Viewer


def seat(
    *,
    by: Viewer,
    now: datetime,
    person: UUID,
    post: UUID,
    ends: datetime | None = None,
    acting_cover: bool = False,
) -> UUID:
    """Put a person into a post from now, for a time or until vacated; `acting_cover` beside it.

    Who sits there already, in this way and until then, stays as they are.
    """
    with acting(by):
        _may_staff(by)
        row = _post(post)
        if person == by.person:
            raise refuse(
                Verb.PROPOSE, "own_seat", "Nobody seats themselves: that would open any seal."
            )
        if not Person.objects.filter(id=person, is_active=True).exists():
            raise NotThere
        if ends is not None and ends <= now:
            raise refuse(Verb.PROPOSE, "until_past", "The last day must lie in the future.")
        made = Holding(
            id=uuid4(), person_id=person, post=row, starts=now, ends=ends, acting=acting_cover
        )
        if already := _already(made):
            return already.id
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise refuse(
                Verb.PROPOSE,
                "post_held",
                "Somebody holds this post. Vacate it first, or seat them as acting cover.",
            ) from error
        _log(row, "seat", made, now)
        return made.id


def vacate(*, by: Viewer, now: datetime, post: UUID) -> int:
    """End every holding of a post now. Always possible: open work falls to the supervisor's post.

    Returns how many holdings ended.
    """
    with acting(by):
        row = _post(post)
        if by.post != post:
            _may_staff(by)
        ended = 0
        for holding in Holding.objects.filter(post=row, starts__lte=now).exclude(ends__lte=now):
            Holding.objects.filter(id=holding.id).update(ends=now)
            holding.ends = now
            _log(row, "vacate", holding, now)
            ended += 1
        return ended


def _may_staff(by: Viewer) -> None:
    if "staffs_posts" not in by.duties:
        raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")


def _already(wish: Holding) -> Holding | None:
    """The same seat, taken already: sent twice, it is one. Who seats in this post waits in line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(wish.post_id)])
    same = Holding.objects.filter(
        person=wish.person_id, post=wish.post_id, ends=wish.ends, acting=wish.acting
    )
    return same.filter(starts__lte=wish.starts).exclude(ends__lte=wish.starts).first()


def _post(key: UUID) -> Post:
    row = Post.objects.filter(id=key, clock=False).first()
    if row is None:
        raise NotThere
    return row


def _log(post: Post, verb: str, holding: Holding, now: datetime) -> None:
    words = digest(holding.salt, holding.person_id, holding.starts, holding.ends)
    seal = mission.default_seal("register")
    log(("post", post.id), verb, holding, now, words=words, seal=seal)
