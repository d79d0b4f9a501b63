"""The bridge from ties to the core's dated network, one way."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from primum.core import command
from primum.register.models import Party, Tie

HOPS = 12
"""How far up and down a chain of command is read: deeper than any army."""


def span(row: Tie) -> command.Span:
    """A tie's dates as published, partial ones kept partial."""
    return command.Span(
        first=command.parse_date(row.first_cited),
        last=command.parse_date(row.last_cited),
        open=command.Open(row.open_ended),
        first_is_start=row.first_is_start,
    )


def tie(row: Tie) -> command.Tie:
    return command.Tie(
        superior=str(row.upper_id),
        subordinate=str(row.lower_id),
        span=span(row),
        kind=row.role,
        source_ids=tuple(str(source) for source in row.sources),
        confidence=row.confidence,
        id=str(row.id),
    )


def posting(row: Tie) -> command.Posting:
    return command.Posting(
        id=str(row.id),
        person=str(row.upper_id),
        unit=str(row.lower_id),
        role=row.role,
        title=row.title,
        rank=row.rank,
        span=span(row),
        confidence=row.confidence,
        source_ids=tuple(str(source) for source in row.sources),
    )


def ties_around(unit: UUID) -> list[command.Tie]:
    """Every line of command above and below a unit, read a generation at a time."""
    found: dict[UUID, Tie] = {}
    for near, far in (("lower", "upper"), ("upper", "lower")):
        edge, seen = {unit}, {unit}
        for _ in range(HOPS):
            rows = Tie.objects.filter(Q(**{f"{near}__in": edge}), kind=Tie.Kind.COMMANDS)
            found |= {row.id: row for row in rows}
            edge = {getattr(row, f"{far}_id") for row in rows} - seen
            seen |= edge
            if not edge:
                break
    return [tie(row) for row in found.values()]


def names_of(keys: set[str]) -> dict[str, str]:
    rows = Party.objects.filter(id__in=keys).values_list("id", "name")
    return {str(key): name for key, name in rows}
