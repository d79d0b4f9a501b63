"""Where looks are made: the one place that says which looks belong to which place."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from primum.cases import looking
from primum.cases.models import Look
from primum.core.vocabulary import Text

WITH = ("activity__proposed_by", "place", "protocol")
"""What a line about a look reads beside it."""


def looks_at(places: Collection[UUID]) -> QuerySet[Look]:
    """The looks at these places, as far as the viewer of the block may know their content."""
    return Look.objects.filter(Look.IN_SIGHT, place__in=places).select_related(*WITH)


def says_of(look: Look) -> Text:
    """What a look is called; empty for one that nobody planned."""
    plan = looking.plan_of(look)
    if plan is not None:
        return plan.title
    return {} if look.plan == looking.UNPLANNED else {"en": look.plan}


def case_of(look: Look) -> str:
    """The title of the case it belongs to; empty for one that nobody planned."""
    return look.activity.title if look.activity else ""
