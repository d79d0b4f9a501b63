"""What the others read: where a Ruling on less differs from that of the widest-sealed post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from primum.cases import facts
from primum.cases.models import Activity, Assessment, Report
from primum.cases.queries.activity import is_own_case
from primum.core import vocabulary as v
from primum.people import door
from primum.people.models import Post
from primum.people.sight import Viewer, require, viewing

__all__ = ["OthersRead", "read_by_others"]

WIDEST = "widest_seal"


@dataclass(frozen=True, slots=True)
class OthersRead:
    """The Ruling on what another post may see, where it is another one than the viewer's."""

    post: UUID
    decides: bool
    ruling: v.Ruling


def read_by_others(viewer: Viewer, key: UUID, now: datetime) -> tuple[OthersRead, ...]:
    """What those who assess and decide are shown, where the viewer's own Ruling says otherwise.

    Told to the widest-sealed human-rights post alone: to anybody else a difference would tell that
    something is sealed from somebody (law 6). Nor is it told of a post that sees something which
    this viewer does not, whatever its seal says of others. Empty for an own case, and while nobody
    has assessed.
    """
    require(viewer)
    row = Activity.objects.filter(id=key).first()
    if row is None or WIDEST not in viewer.duties or is_own_case(viewer, row, now):
        return ()
    assessment = facts.latest_assessment(key)
    if assessment is None:
        return ()
    own = facts.ruling_for(viewer, assessment, now)
    sight = _sight()
    found = _others(viewer, row, assessment, now)
    return tuple(each for each, seen in found if seen <= sight and _says(each.ruling) != _says(own))


def _sight() -> frozenset[UUID]:
    """What the viewer of this block sees: seals, and reports, which are withheld besides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT visible_seals()")
        (seals,) = cursor.fetchone() or ([],)
    return frozenset(seals or ()) | frozenset(Report.objects.values_list("id", flat=True))


def _says(ruling: v.Ruling) -> tuple[object, ...]:
    """What a reader acts on: the interval, the recommendation, and which stops stand."""
    stops = frozenset((stop.rule, stop.certain) for stop in ruling.hard_stops)
    return ruling.lowest, ruling.highest, ruling.recommendation, stops


def _others(
    viewer: Viewer, row: Activity, assessment: Assessment, now: datetime
) -> Iterator[tuple[OthersRead, frozenset[UUID]]]:
    decider = facts.decider_post(facts.stakes_now(viewer, row, now))
    posts = {decider.id: True} | {assessment.by.post_id: assessment.by.post_id == decider.id}
    for post in Post.objects.filter(id__in=posts).exclude(id=viewer.post).order_by("code"):
        reader = door.sitting_in(post, now)
        if reader is None:
            continue
        with viewing(reader):
            # The assessment itself may be sealed from the one who decides: then they read nothing.
            seen = Assessment.objects.select_related("protocol").filter(id=assessment.id).first()
            if seen is not None:
                ruling = facts.ruling_for(reader, seen, now)
                yield OthersRead(post.id, posts[post.id], ruling), _sight()
