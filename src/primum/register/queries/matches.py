"""Matches: “are these two the same?”, asked once for each printed name and unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from primum.core.screening import fold
from primum.people.sight import Viewer, require
from primum.register.models import Match, PublishedSupport
from primum.register.paging import page_of
from primum.register.queries.parties import too_short

__all__ = ["MatchLine", "match_page", "matches"]


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A question: are these two the same?"""

    id: UUID
    recipient: str
    dataset: str
    party: UUID
    party_name: str
    state: str
    rows: int


def matches(viewer: Viewer, state: str = "proposed") -> tuple[MatchLine, ...]:
    """Every match in a state, with how many published rows each would link."""
    require(viewer)
    return _lines(list(_asked(state).order_by("recipient", "id")))


def match_page(
    viewer: Viewer, state: str = "proposed", words: str = "", after: str = ""
) -> tuple[MatchLine, ...]:
    """The same page by page, narrowed to words of either name; one more means a next page."""
    require(viewer)
    if too_short(words):
        return ()
    rows = _asked(state)
    folded = fold(words, loose=True)
    if folded:
        printed = _printed().filter(folded__contains=folded)
        rows = rows.filter(Q(party__folded__contains=folded) | Exists(printed))
    return _lines(page_of(rows, ("recipient", "id"), after))


def _asked(state: str) -> QuerySet[Match]:
    """Matches of a party in view. Of a name that nobody prints any more, nothing is asked."""
    rows = Match.objects.filter(state=state, party__gone=None).select_related("party")
    return rows.filter(Exists(_printed())) if state == Match.State.PROPOSED else rows


def _printed() -> QuerySet[PublishedSupport]:
    return PublishedSupport.objects.filter(
        dataset=OuterRef("dataset"), recipient=OuterRef("recipient")
    )


def _lines(rows: Sequence[Match]) -> tuple[MatchLine, ...]:
    printed = PublishedSupport.objects.filter(recipient__in={row.recipient for row in rows})
    counted = printed.values_list("dataset", "recipient").annotate(rows=Count("id"))
    counts = {(dataset, recipient): count for dataset, recipient, count in counted}
    return tuple(
        MatchLine(
            row.id,
            row.recipient,
            row.dataset,
            row.party_id,
            row.party.name,
            row.state,
            counts.get((row.dataset, row.recipient), 0),
        )
        for row in rows
    )
