"""At the door: which posts a person holds now, and the viewer that makes them.

The only reads without a viewer, since they are what makes one. They show a person their own posts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from primum.core.vocabulary import Actor
from primum.people.chairs import Absent, chairs, current
from primum.people.models import Holding, Post
from primum.people.sight import Viewer

RECENT = timedelta(days=90)


def held(person: UUID, now: datetime) -> list[Post]:
    """The posts a person holds or covers now, substantive ones first."""
    holdings = (
        Holding.objects.filter(current(now), person=person)
        .select_related("post")
        .order_by("acting", "post__code")
    )
    return [holding.post for holding in holdings]


def viewer(person: UUID, now: datetime, post: UUID | None = None) -> Viewer | None:
    """The person acting in `post` (or in their first post); None when they hold none now."""
    posts = held(person, now)
    chosen = next((held for held in posts if held.id == post), posts[0] if posts else None)
    return None if chosen is None else viewer_in(chosen, person, now)


def viewer_in(post: Post, person: UUID, now: datetime | None = None) -> Viewer:
    """Somebody in a post; at a moment, also with the duties of the empty posts it answers for."""
    passed_on = chairs(now).passed_on(post.id) if now else frozenset()
    return Viewer(
        person=person,
        post=post.id,
        duties=frozenset(post.duties) | passed_on,
        sees_to=post.sees_to,
        organisation=post.organisation_id,
        process_only=post.process_only,
    )


def viewer_of_post(code: str, now: datetime) -> Viewer:
    """Whoever holds the post of this code now, acting in it: for stories told by the program."""
    found = sitting_in(Post.objects.get(code=code), now)
    if found is None:
        raise LookupError(f"nobody holds the post {code}")
    return found


def sitting_in(post: Post, now: datetime) -> Viewer | None:
    """Whoever holds this post now, as they see, else who covers it; None for an empty chair."""
    rows = Holding.objects.filter(current(now), post=post).order_by("acting", "starts")
    person = rows.values_list("person", flat=True).first()
    return viewer_in(post, person, now) if person else None


def viewer_with(duty: str, now: datetime) -> Viewer | None:
    """Whoever holds the first post with this duty now; None while nobody does."""
    rows = Holding.objects.filter(current(now), post__duties__contains=[duty])
    held = rows.select_related("post").order_by("acting", "post__code").first()
    return viewer_in(held.post, held.person_id, now) if held else None


def title(post: UUID) -> Mapping[str, str]:
    """A post's title in several languages. Titles are open to all."""
    titles: Mapping[str, str] = Post.objects.values_list("titles", flat=True).get(id=post)
    return titles


def clock() -> Viewer:
    """The system post that runs clocks. It has no person: nobody can sign in as it."""
    return viewer_in(Post.objects.get(clock=True), UUID(int=0))


def actor(viewer: Viewer, now: datetime, absent: Absent = ()) -> Actor:
    """What authority asks of a viewer: duties, and every post held in the last 90 days.

    An empty post they answer for counts as held: it is acting cover that nobody had to arrange.
    `absent` are people who may not do this very thing; what only they could do passes up too.
    """
    seats = chairs(now)
    recent = Holding.objects.filter(
        Q(ends=None) | Q(ends__gt=now - RECENT), person=viewer.person, starts__lte=now
    ).values_list("post_id", flat=True)
    covered = {empty for post in seats.held_by(viewer.person) for empty in seats.falling_on(post)}
    return Actor(
        viewer.person,
        viewer.post,
        viewer.duties | seats.passed_on(viewer.post, absent),
        frozenset(recent) | covered,
    )


def in_place_of(viewer: Viewer, duty: str, now: datetime, absent: Absent = ()) -> UUID | None:
    """The post whose `duty` this viewer does, where its work falls to theirs; None for their own.

    Of several the one that may know most.
    """
    seats = chairs(now)
    if duty in seats.duties.get(viewer.post, frozenset()):
        return None
    found = [post for post in seats.falling_on(viewer.post, absent) if duty in seats.duties[post]]
    return max(found, key=lambda post: ("widest_seal" in seats.duties[post], post), default=None)


def recently_in(posts: Iterable[UUID], now: datetime) -> Mapping[UUID, frozenset[UUID]]:
    """Who held or covered each of these posts in the last 90 days."""
    found: dict[UUID, set[UUID]] = {post: set() for post in posts}
    rows = Holding.objects.filter(
        Q(ends=None) | Q(ends__gt=now - RECENT), post__in=found, starts__lte=now
    )
    for post, person in rows.values_list("post", "person"):
        found[post].add(person)
    return {post: frozenset(people) for post, people in found.items()}
