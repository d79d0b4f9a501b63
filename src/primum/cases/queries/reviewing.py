"""What is judged once more while its approval runs: a renewal asked for, a change of command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from primum.cases import clocks, facts, hands, standing
from primum.cases.models import Activity, Line, Renewal
from primum.core.guards import REVIEWED_AT, STOPPABLE
from primum.core.vocabulary import Stage, Verb
from primum.people import mission
from primum.people.sight import Viewer, require

if TYPE_CHECKING:
    from primum.cases.queries.due import DueItem

__all__ = ["Asked", "ReopenedLine", "asked_renewal", "old_answers", "reopened_lines", "reviews"]


@dataclass(frozen=True, slots=True)
class ReopenedLine:
    """A line whose commander or unit is another than the one that was decided on."""

    what: str
    changed: datetime
    assessed: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A renewal that nobody has decided on, and what those who ask say has changed."""

    at: datetime
    changed: tuple[tuple[str, str], ...]


Item = Callable[[Activity, str, UUID, datetime], "DueItem"]
"""How a waiting thing is written down: about which activity, what, for which post, until when."""


def reopened_lines(viewer: Viewer, key: UUID, now: datetime) -> tuple[ReopenedLine, ...]:
    """The lines of an activity whose check is reopened. Who commands, the register says."""
    require(viewer)
    stage = Activity.objects.filter(id=key).values_list("stage", flat=True).first()
    if stage not in STOPPABLE:
        return ()
    what = dict(Line.objects.filter(activity=key).values_list("id", "what"))
    found = standing.reopened([key], now).get(key, ())
    return tuple(
        ReopenedLine(what[each.line], each.changed, each.assessed)
        for each in found
        if each.line in what
    )


def old_answers(viewer: Viewer, key: UUID) -> Mapping[str, object] | None:
    """In a review, when the answers it starts from were given, and to which questions."""
    require(viewer)
    stage = Activity.objects.filter(id=key).values_list("stage", flat=True).first()
    former = facts.latest_assessment(key) if stage in STOPPABLE else None
    return {"at": former.at, "names": frozenset(former.answers)} if former else None


def asked_renewal(viewer: Viewer, key: UUID) -> Asked | None:
    """The renewal that waits, if one does."""
    require(viewer)
    row = Renewal.objects.filter(activity=key).order_by("-at").first()
    decided = standing.last_decided(key)
    if row is None or (decided is not None and decided >= row.at):
        return None
    order = ("people", "commander", "place", "use", "harm")
    return Asked(row.at, tuple((name, row.changed[name]) for name in order if name in row.changed))


def reviews(viewer: Viewer, now: datetime, item: Item) -> Iterator[DueItem]:
    """Who must do what next: the assessor reviews, the secretariat advises, somebody decides.

    Under another commander the owner is told too: nothing is delivered meanwhile.
    """
    require(viewer)
    rows = Activity.objects.filter(stage__in=REVIEWED_AT).select_related("proposed_by")
    going = {row.id: row for row in rows.order_by("stage_since")}
    live = [key for key, row in going.items() if row.stage in STOPPABLE]
    changed = standing.reopened(live, now) if live else {}
    asked = _asked(list(going))
    waiting = [row for key, row in going.items() if key in changed or key in asked]
    judged = facts.judged([row.id for row in waiting])
    proposers = hands.proposers(waiting, now)
    owners = hands.standing_in(waiting, proposers, now)
    for row in waiting:
        lines = changed.get(row.id, ())
        own = [asked[row.id]] if row.id in asked else []
        since = min([*(each.learned for each in lines), *own])
        if lines:
            yield item(row, "reopened", row.owner_id, since)
        found, decided = judged.get(row.id), standing.last_decided(row.id)
        if found is None or decided is None or found.at <= decided:
            due = since + timedelta(hours=clocks.hours(row.id, "assess"))
            post = mission.post_with("assesses").id
            yield replace(item(row, "review", post, due), absent=owners[row.id])
        elif row.stage != Stage.SUSPENDED:
            hand = (owners[row.id], proposers[row.id])
            yield from _judging(viewer, row, found, hand, item)


def _asked(keys: list[UUID]) -> Mapping[UUID, datetime]:
    """By activity, when a renewal was asked for that nobody has decided on."""
    found: dict[UUID, datetime] = {}
    for row in Renewal.objects.filter(activity__in=keys).order_by("at"):
        decided = standing.last_decided(row.activity_id)
        if decided is None or row.at > decided:
            found[row.activity_id] = row.at
    return found


def _judging(
    viewer: Viewer,
    row: Activity,
    found: facts.Judged,
    own: tuple[frozenset[UUID], frozenset[UUID]],
    item: Item,
) -> Iterator[DueItem]:
    """`own`: whose own case it is, those who stand in included; and those who proposed it."""
    owners, proposers = own
    advisers = frozenset(found.advisers)
    if not found.advised:
        post = mission.post_with("advises").id
        due = found.at + timedelta(hours=clocks.hours(row.id, "advise"))
        absent = hands.barred(Verb.ADVISE, owners, found.assessor, advisers)
        yield replace(item(row, "advise", post, due), absent=absent)
    # Whose decision it is tells the stakes: those who read the assessment know them, others do not.
    assessment = facts.latest_assessment(row.id)
    if assessment is None or assessment.id != found.assessment or viewer.person in proposers:
        return
    due = found.at + timedelta(hours=clocks.hours(row.id, "decide"))
    decider = facts.decider_post(facts.stakes_of(row.id)).id
    absent = hands.barred(Verb.DECIDE, owners, found.assessor, advisers)
    seal = mission.default_seal("assessment")
    yield replace(item(row, "decide", decider, due), absent=absent, seal=seal)
