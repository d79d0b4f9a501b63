"""Where looks are made: the one place that says which looks belong to which place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.cases import facts
from primum.cases.models import Activity, Look, ProtocolVersion
from primum.core.vocabulary import Text
from primum.register.models import Place

PLACE = "activity__place"
"""From a look to the place it is made at."""


def looks_at(places: Collection[UUID]) -> QuerySet[Look]:
    """The looks at these places, as far as the viewer of the block may know their content."""
    return Look.objects.filter(Q(**{f"{PLACE}__in": places})).select_related("activity", PLACE)


def place_of(look: Look) -> Place | None:
    """Where one look is made."""
    return look.activity.place


def look_titles(activities: Collection[UUID]) -> Mapping[tuple[UUID, str], Text]:
    """What each planned look of these activities is called, by activity and plan."""
    through = Activity.protocols.through.objects.filter(activity__in=activities)
    pairs = list(through.values_list("activity_id", "protocol_id"))
    versions = ProtocolVersion.objects.in_bulk({protocol for _activity, protocol in pairs})
    return {
        (activity, plan.id): plan.title
        for activity, protocol in pairs
        for plan in facts.protocol_of(versions[protocol]).looks
    }
