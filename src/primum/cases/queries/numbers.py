"""The leadership's numbers: at most twelve, each with what it leaves out and the list behind it.

Those whose data no part of the program keeps yet (how fast an alert is answered, who was told back,
trust) are not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from primum.cases.queries.audit import (
    Cell,
    Figure,
    Group,
    Period,
    chosen,
    groups,
    may_audit,
)
from primum.people.queries import PostLine
from primum.people.sight import Viewer, require

__all__ = ["Number", "beside", "drawn", "numbers", "queues"]

TWELVE: Final = (
    *("asked_before", "changed_by_asking", "go_with_conditions", "refused", "hours_to_decide"),
    *("looked_after", "broken_answered", "harm_answered"),
)
BESIDE: Final = ("looks_overdue", "breaches", "lapsed", "releases", "unconfirmed", "disowned")
MOST_QUEUES: Final = 5


@dataclass(frozen=True, slots=True)
class Number:
    """One number: of what, what is left out, who counted, and the code of its list if any."""

    code: str
    title: object
    rest: object
    cell: Cell
    hours: float | None = None
    median: bool = False
    sight: bool = False


def drawn(viewer: Viewer, now: datetime) -> Mapping[str, Figure]:
    """The counts behind the numbers, for those who read the audit; nothing for others."""
    require(viewer)
    if not may_audit(viewer):
        return {}
    return chosen(viewer, (*TWELVE, *BESIDE, "waiting"), Period(), now)


def numbers(
    viewer: Viewer,
    figures: Mapping[str, Figure],
    orphaned: int,
    waiting: int,
    posts: Sequence[PostLine],
) -> tuple[Number, ...]:
    """Those of the twelve whose data exist."""
    require(viewer)
    needy = [post for post in posts if post.languages_needed]
    spoken = sum(set(post.languages_needed) <= set(post.languages_held) for post in needy)
    return (
        *(_number(figures[code]) for code in TWELVE if code in figures),
        Number(
            "orphaned",
            _("Open things of vacant posts"),
            _("lie with a post that somebody holds"),
            Cell(orphaned, waiting),
            sight=True,
        ),
        Number(
            "languages",
            _("Posts whose holder speaks the language the post needs"),
            _("do not"),
            Cell(spoken, len(needy)),
        ),
    )


def beside(viewer: Viewer, figures: Mapping[str, Figure]) -> tuple[Number, ...]:
    """What went wrong, as plain counts."""
    require(viewer)
    return tuple(_number(figures[code]) for code in BESIDE if code in figures)


def queues(viewer: Viewer, figures: Mapping[str, Figure], now: datetime) -> tuple[Group, ...]:
    """What waits for each post, the longest queue a head first."""
    require(viewer)
    if "waiting" not in figures:
        return ()
    found = [each for each in groups(viewer, figures["waiting"], "post", now) if each.id]
    found.sort(key=lambda each: -each.cell.whole / max(each.holders, 1))
    return tuple(found[:MOST_QUEUES])


def _number(figure: Figure) -> Number:
    return Number(
        code=figure.code,
        title=figure.title,
        rest=figure.rest,
        cell=figure.cell,
        hours=figure.hours,
        median=figure.median,
        sight=figure.by == "sight" or figure.held_back,
    )
