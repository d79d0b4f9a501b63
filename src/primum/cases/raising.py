"""Cases that go one step of stakes higher than was computed: by lot, or because somebody asked.

Which of the two stands nowhere that a decider reads, so that being raised tells nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from primum.cases.models import Raised
from primum.core.vocabulary import Stage, Stakes

OPEN_STAGES = (Stage.PROPOSED, Stage.ASSESSED)
"""Where a case still waits for its decision."""


def raised(activities: Collection[UUID]) -> frozenset[UUID]:
    """Which of these cases are raised, for those who may read their assessments."""
    rows = Raised.objects.filter(activity__in=activities)
    return frozenset(rows.values_list("activity", flat=True))


def one_step_up(stakes: Stakes) -> Stakes:
    return Stakes(min(stakes + 1, Stakes.LEADERSHIP))
