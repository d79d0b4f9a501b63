"""What the mission gives one party: its own lines, each with where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from primum.cases import standing
from primum.cases.models import Delivery, Line
from primum.core.vocabulary import Stage
from primum.people.sight import Viewer, require

__all__ = ["GIVEN", "GivenLine", "PartySupport", "support_of"]

GIVEN = ("delivered", "approved", "asked", "not_counted")
"""Where a line stands: what is support, what may become support, what never did."""
ASKED = (Stage.PROPOSED, Stage.ASSESSED)
APPROVED = (Stage.DECIDED, Stage.UNDER_WAY, Stage.SUSPENDED)


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One line of an activity that is for this party."""

    activity: UUID
    title: str
    stage: str
    what: str
    quantity: str
    value_usd: int
    invented: bool
    standing: str


@dataclass(frozen=True, slots=True)
class PartySupport:
    """The first lines, and over all of them how much is delivered, approved and asked for."""

    lines: tuple[GivenLine, ...]
    more: int
    totals: Mapping[str, int]
    counts: Mapping[str, int]


def support_of(viewer: Viewer, party: UUID, shown: int, now: datetime) -> PartySupport:
    """This party's own lines in the activities that this viewer may see, newest first."""
    require(viewer)
    delivered = Exists(Delivery.objects.filter(line=OuterRef("id")))
    rows = Line.objects.filter(party=party).annotate(delivered=delivered)
    newest = rows.order_by("-activity__stage_since", "activity_id", "number")
    columns = list(
        newest.values_list(
            *("activity_id", "activity__title", "activity__stage", "what", "quantity"),
            *("value_usd", "activity__invented", "delivered", "id"),
        )
    )
    left = standing.left_out({row[0] for row in columns}, now)
    found = tuple(
        GivenLine(activity, title, stage, what, quantity, value, invented, _standing(stage, state))
        for activity, title, stage, what, quantity, value, invented, given, line in columns
        for state in ("delivered" if given else "left_out" if line in left else "",)
    )
    totals: Counter[str] = Counter()
    for line in found:
        totals[line.standing] += line.value_usd
    return PartySupport(
        lines=found[:shown],
        more=max(len(found) - shown, 0),
        totals=totals,
        counts=Counter(line.standing for line in found),
    )


def _standing(stage: str, state: str) -> str:
    """A delivery is a fact, whatever was decided. Without one, what ended never was support."""
    if state == "delivered":
        return "delivered"
    if stage in ASKED:
        return "asked"
    return "approved" if stage in APPROVED and state != "left_out" else "not_counted"
