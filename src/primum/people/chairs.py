"""Who sits where at one moment, and to whom the work of an empty chair falls (law 9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from primum.core.authority import PASSES_UP
from primum.people.models import Holding, Post

TOP = ("decides_leadership", "staffs_posts", "leadership")
"""Where work goes that no supervisor's post is left for: who leads, else who seats people.

Both gone at once, it is the rest of the leadership: somebody must be able to seat the next one.
"""
Absent = Collection[UUID]
"""People who count as away: they may not do this very piece of work (it is about their own)."""


@dataclass(frozen=True, slots=True)
class Chairs:
    """Every post but the clock's: whose it is now, what it does, which post stands above it."""

    above: Mapping[UUID, UUID | None]
    seated: Mapping[UUID, frozenset[UUID]]
    duties: Mapping[UUID, frozenset[str]]

    def falls_to(self, post: UUID, absent: Absent = ()) -> UUID | None:
        """The post that answers for `post`: itself, else the next seated one above it.

        Above the top of the tree it is whoever leads, else whoever seats people, else the rest of
        the leadership: nothing open is nobody's while one of them sits.
        """
        if post not in self.above:
            return None
        found = self._up(post, absent)
        return found or next((top for top in self._tops() if self._sits(top, absent)), None)

    def answering(self, post: UUID) -> frozenset[UUID]:
        """The people who sit where the work of this post is done."""
        found = self.falls_to(post)
        return self.seated[found] if found else frozenset()

    def falling_on(self, post: UUID, absent: Absent = ()) -> frozenset[UUID]:
        """The posts whose work falls to this one, itself left out."""
        return frozenset(
            other for other in self.above if other != post and self.falls_to(other, absent) == post
        )

    def passed_on(self, post: UUID, absent: Absent = ()) -> frozenset[str]:
        """The duties that come to this post with that work. Deciding comes from below alone."""
        return frozenset(
            duty
            for other in self.falling_on(post, absent)
            for duty in self.duties[other] & PASSES_UP
            if not duty.startswith("decides_") or self._up(other, absent) == post
        )

    def held_by(self, person: UUID) -> frozenset[UUID]:
        return frozenset(post for post, people in self.seated.items() if person in people)

    def _up(self, post: UUID, absent: Absent) -> UUID | None:
        here: UUID | None = post
        passed: set[UUID] = set()
        while here is not None and here not in passed:
            if self._sits(here, absent):
                return here
            passed.add(here)
            here = self.above[here]
        return None

    def _tops(self) -> list[UUID]:
        return [post for duty in TOP for post in self.duties if duty in self.duties[post]]

    def _sits(self, post: UUID, absent: Absent) -> bool:
        return any(person not in absent for person in self.seated.get(post, ()))


def chairs(now: datetime) -> Chairs:
    """As of `now`, acting cover included. Posts and who holds them are open to all."""
    seated: dict[UUID, set[UUID]] = {}
    for post, person in Holding.objects.filter(current(now)).values_list("post", "person"):
        seated.setdefault(post, set()).add(person)
    posts = Post.objects.filter(clock=False).order_by("code")
    rows = list(posts.values_list("id", "supervisor", "duties"))
    return Chairs(
        above={post: supervisor for post, supervisor, _ in rows},
        seated={post: frozenset(people) for post, people in seated.items()},
        duties={post: frozenset(duties) for post, _, duties in rows},
    )


def current(now: datetime) -> Q:
    """Holdings that have begun and not ended."""
    return Q(starts__lte=now) & (Q(ends=None) | Q(ends__gt=now))
