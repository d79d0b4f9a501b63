"""What was found of a force as a whole, for the page of a party that stands below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.cases import facts
from primum.cases.baseline import baseline_of
from primum.cases.queries.answered import Shown, names_in, shown_answers
from primum.people.sight import Viewer, require

__all__ = ["Whole", "whole"]


@dataclass(frozen=True, slots=True)
class Whole:
    """The newest shared assessment above a party, as far as one viewer may read it."""

    party: UUID
    name: str
    at: datetime
    post: UUID
    level: str
    fresh: bool
    answers: tuple[tuple[Mapping[str, str], Shown], ...]


def whole(viewer: Viewer, party: UUID, now: datetime) -> Whole | None:
    require(viewer)
    found = baseline_of(viewer, [party], now)
    if found is None or found.assessment.party is None:
        return None
    row = found.assessment
    rules = facts.protocol_of(row.protocol)
    return Whole(
        party=row.party.id if row.party else party,
        name=row.party.name if row.party else "",
        at=row.at,
        post=row.by.post_id,
        level=found.level,
        fresh=found.fresh,
        answers=shown_answers(viewer, rules, row.answers, names_in(viewer, rules, row.answers)),
    )
