"""Which reports about parties stand, as last weighed, for grave violations."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from primum.cases.models import Allegation
from primum.core.protocol import credibility
from primum.people.sight import Viewer, require


def grave_allegations(viewer: Viewer, parties: Collection[UUID]) -> int:
    """How many reports about these parties stand, as last weighed, for grave violations."""
    require(viewer)
    rows = (
        Allegation.objects.filter(party__in=parties)
        .exclude(report__confidence="refuted")
        .order_by("report", "party", "-at")
        .distinct("report", "party")
    )
    found = (
        row.report_id
        for row in rows
        if credibility.Weighed(row.route, row.standard, row.factors).grave
    )
    return len(set(found))
