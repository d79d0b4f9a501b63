"""The shared assessment of a whole force, which single requests stand on."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from primum.cases.models import Assessment, Ruling
from primum.people.sight import Viewer, require
from primum.register import queries as register

FRESH = timedelta(days=365)
"""A baseline is reviewed once a year, or when the force changes."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The newest baseline above some parties, as far as one viewer may read it."""

    assessment: Assessment
    level: str
    fresh: bool


def baseline_of(viewer: Viewer, parties: Collection[UUID], now: datetime) -> Baseline | None:
    """The newest baseline of these parties or of anything that commands them."""
    require(viewer)
    above = {*parties, *register.superiors(viewer, parties)}
    row = (
        Assessment.objects.filter(party__in=above, kind=Assessment.Kind.BASELINE)
        .select_related("protocol", "by", "party")
        .order_by("-at")
        .first()
    )
    if row is None:
        return None
    ruling = Ruling.objects.filter(assessment=row).order_by("at").first()
    level = str(json.loads(ruling.text)["highest"]) if ruling else ""
    return Baseline(row, level, now < row.at + FRESH)
