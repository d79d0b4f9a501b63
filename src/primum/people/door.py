"""At the door: which posts a person holds now, and the viewer that makes them.

The only reads without a viewer, since they are what makes one. They show a person their own posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from primum.core.vocabulary import Actor
from primum.people.models import Holding, Post
from primum.people.sight import Viewer

RECENT = timedelta(days=90)


def held(person: UUID, now: datetime) -> list[Post]:
    """The posts a person holds or covers now, substantive ones first."""
    holdings = (
        Holding.objects.filter(_current(now), person=person)
        .select_related("post")
        .order_by("acting", "post__code")
    )
    return [holding.post for holding in holdings]


def viewer(person: UUID, now: datetime, post: UUID | None = None) -> Viewer | None:
    """The person acting in `post` (or in their first post); None when they hold none now."""
    posts = held(person, now)
    chosen = next((held for held in posts if held.id == post), posts[0] if posts else None)
    return None if chosen is None else viewer_in(chosen, person)


def viewer_in(post: Post, person: UUID) -> Viewer:
    return Viewer(
        person=person,
        post=post.id,
        duties=frozenset(post.duties),
        sees_to=post.sees_to,
        organisation=post.organisation_id,
        process_only=post.process_only,
    )


def viewer_of_post(code: str, now: datetime) -> Viewer:
    """Whoever holds the post of this code now, acting in it: for stories told by the program."""
    post = Post.objects.get(code=code)
    person = Holding.objects.filter(_current(now), post=post).values_list("person", flat=True)
    return viewer_in(post, person[0])


def title(post: UUID) -> Mapping[str, str]:
    """A post's title in several languages. Titles are open to all."""
    titles: Mapping[str, str] = Post.objects.values_list("titles", flat=True).get(id=post)
    return titles


def clock() -> Viewer:
    """The system post that runs clocks. It has no person: nobody can sign in as it."""
    return viewer_in(Post.objects.get(clock=True), UUID(int=0))


def actor(viewer: Viewer, now: datetime) -> Actor:
    """What authority asks of a viewer: duties, and every post held in the last 90 days."""
    recent = Holding.objects.filter(
        Q(ends=None) | Q(ends__gt=now - RECENT), person=viewer.person, starts__lte=now
    ).values_list("post_id", flat=True)
    return Actor(viewer.person, viewer.post, viewer.duties, frozenset(recent))


def _current(now: datetime) -> Q:
    return Q(starts__lte=now) & (Q(ends=None) | Q(ends__gt=now))
