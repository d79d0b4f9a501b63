"""Who holds which post, and whose work falls to whom. Posts and their holders are open to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from primum.core import authority
from primum.people.chairs import chairs, current
from primum.people.models import Holding, Organisation, Person, Post, Token
from primum.people.sight import Viewer, require

__all__ = [
    "PostLine",
    "Seat",
    "Seated",
    "Titles",
    "TokenLine",
    "answers_for",
    "holder_of",
    "overseen",
    "people",
    "post_lines",
    "seat_of",
    "seats",
    "titles",
    "tokens_of",
]


Titles = Mapping[UUID, Mapping[str, str]]
"""The title of each post, in several languages."""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post, its title in several languages, its holder now and who stands above it."""

    id: UUID
    code: str
    title: Mapping[str, str]
    organisation: Mapping[str, str]
    duties: tuple[str, ...]
    holder: str
    acting: tuple[str, ...]
    supervisor: UUID | None
    languages_needed: tuple[str, ...]
    languages_held: tuple[str, ...]
    organisation_id: UUID

    @property
    def vacant(self) -> bool:
        return not self.holder and not self.acting


@dataclass(frozen=True, slots=True)
class Seat:
    """A post in its organisation and component, and how many people sit in it."""

    post: UUID
    title: Mapping[str, str]
    organisation: UUID
    organisation_name: Mapping[str, str]
    component: UUID
    component_name: Mapping[str, str]
    holders: int


@dataclass(frozen=True, slots=True)
class Seated:
    """Whose work it is now: the post, where it fell if nobody sits there, and who does it."""

    post: UUID
    falls_to: UUID | None
    """Another post, while nobody sits in this one."""
    names: tuple[str, ...]


def seat_of(viewer: Viewer, post: UUID, now: datetime) -> Seated:
    """Who does the work of a post today."""
    require(viewer)
    seats = chairs(now)
    answers = seats.falls_to(post)
    there = Person.objects.filter(id__in=seats.answering(post)).order_by("name")
    return Seated(
        post=post,
        falls_to=answers if answers != post else None,
        names=tuple(there.values_list("name", flat=True)),
    )


def post_lines(viewer: Viewer, now: datetime) -> tuple[PostLine, ...]:
    """Every post of the mission with its holder now, in order of organisation and code."""
    require(viewer)
    seated: dict[UUID, list[Holding]] = {}
    for holding in Holding.objects.filter(current(now)).select_related("person"):
        seated.setdefault(holding.post_id, []).append(holding)
    posts = Post.objects.filter(clock=False).select_related("organisation")
    return tuple(
        _line(post, seated.get(post.id, []))
        for post in posts.order_by("organisation__code", "code")
    )


def seats(viewer: Viewer, now: datetime) -> tuple[Seat, ...]:
    """Every post with its component: the organisation next below the root of its tree."""
    require(viewer)
    every = {row.id: row for row in Organisation.objects.all()}
    seated = [row.post_id for row in Holding.objects.filter(current(now))]
    found = []
    for post in Post.objects.filter(clock=False).order_by("organisation__code", "code"):
        own = above = every[post.organisation_id]
        while above.parent_id and every[above.parent_id].parent_id:
            above = every[above.parent_id]
        holders = seated.count(post.id)
        found.append(Seat(post.id, post.titles, own.id, own.names, above.id, above.names, holders))
    return tuple(found)


def titles(viewer: Viewer) -> Mapping[UUID, Mapping[str, str]]:
    """The title of every post, for pages that show many."""
    require(viewer)
    return dict(Post.objects.values_list("id", "titles"))


def people(viewer: Viewer) -> tuple[tuple[UUID, str], ...]:
    """Everybody with an account, for the post that seats them."""
    require(viewer)
    rows = Person.objects.filter(is_active=True).order_by("name")
    return tuple(rows.values_list("id", "name"))


def holder_of(viewer: Viewer, post: UUID, now: datetime) -> UUID | None:
    """The person who holds a post now, else who covers it."""
    require(viewer)
    rows = Holding.objects.filter(current(now), post=post).order_by("acting", "starts")
    return rows.values_list("person", flat=True).first()


def answers_for(viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """The posts whose work lands on this viewer's desk.

    Their own, and every vacant post below them with no seated supervisor in between: work never
    waits for an empty chair (law 9).
    """
    require(viewer)
    return chairs(now).falling_on(viewer.post) | {viewer.post}


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as its owner reads of it: never its secret."""

    id: UUID
    name: str
    post: UUID
    made: datetime
    ends: datetime
    last_used: date | None


def tokens_of(viewer: Viewer, now: datetime) -> tuple[TokenLine, ...]:
    """This person's tokens that are alive, in whatever post they were made, newest first."""
    require(viewer)
    rows = Token.objects.filter(revoked=None, ends__gt=now, holding__person=viewer.person)
    alive = rows.exclude(holding__ends__lte=now).order_by("-made", "id")
    columns = ("id", "name", "holding__post_id", "made", "ends", "last_used")
    return tuple(TokenLine(*row) for row in alive.values_list(*columns))


def overseen(viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """The posts whose plan, queue and hand-over this viewer may open.

    Their own and those whose work falls to them, those right below, and all of them for whoever
    seats people.
    """
    require(viewer)
    posts = Post.objects.filter(clock=False)
    if not authority.READS_HANDOVERS & viewer.duties:
        posts = posts.filter(supervisor=viewer.post)
    return frozenset(posts.values_list("id", flat=True)) | answers_for(viewer, now)


def _line(post: Post, seated: list[Holding]) -> PostLine:
    holder = next((holding.person for holding in seated if not holding.acting), None)
    return PostLine(
        id=post.id,
        code=post.code,
        title=post.titles,
        organisation=post.organisation.names,
        duties=tuple(post.duties),
        holder=holder.name if holder else "",
        acting=tuple(holding.person.name for holding in seated if holding.acting),
        supervisor=post.supervisor_id,
        languages_needed=tuple(post.languages_needed),
        languages_held=tuple(
            sorted({language for holding in seated for language in holding.person.languages})
        ),
        organisation_id=post.organisation_id,
    )
