"""Precedents: what became of activities like this one, and in what they are like it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from primum.cases.models import Activity, Decision, Entry, Governing, Line
from primum.core.vocabulary import Stage
from primum.people.sight import Viewer, require
from primum.register.paging import page_of

__all__ = ["SHOWN", "Precedent", "precedents", "similar"]

SHOWN = 5
BEFORE = (Stage.PROPOSED, Stage.ASSESSED)
"""Nothing has come of these yet."""
STOPPED = ("suspend", "lapse", "withdraw")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A past activity, in what it is like the one at hand, and what came of it."""

    id: UUID
    title: str
    stage: str
    starts: date
    invented: bool
    parties: tuple[str, ...]
    """The parties they have in common."""
    same_place: bool
    kinds: tuple[str, ...]
    """The kinds of line they have in common."""
    choice: str
    """What was last chosen."""
    looks_made: int
    looks_due: int
    kept: int
    broken: int
    stopped: tuple[str, ...]
    """Whether it was ever suspended, lapsed or withdrawn."""

    @property
    def likeness(self) -> tuple[bool, bool, int]:
        return bool(self.parties), self.same_place, len(self.kinds)


def precedents(viewer: Viewer, activity: UUID, now: datetime) -> tuple[tuple[Precedent, ...], bool]:
    """The five most alike, and whether there are more: same party first, then place, then kind."""
    require(viewer)
    rows = _alike(activity)
    found = _lines(activity, list(rows.order_by("-stage_since", "id")), now)
    found = sorted(found, key=lambda line: line.likeness, reverse=True)
    return tuple(found[:SHOWN]), len(found) > SHOWN


def similar(
    viewer: Viewer, activity: UUID, now: datetime, after: str = ""
) -> tuple[Precedent, ...]:
    """All of them, newest first; one line more than a page means that there is a next one."""
    require(viewer)
    return tuple(_lines(activity, page_of(_alike(activity), ("-stage_since", "id"), after), now))


def _alike(activity: UUID) -> QuerySet[Activity]:
    """Decided under a protocol of the same name, for the same party, place or kind of line."""
    own = Line.objects.filter(activity=activity)
    names = Governing.objects.filter(activity=activity).values("protocol__name")
    governed = Governing.objects.filter(protocol__name__in=names).values("activity")
    lines = Line.objects.filter(Q(party__in=own.values("party")) | Q(kind__in=own.values("kind")))
    place = Activity.objects.filter(id=activity).values("place")
    like = Q(id__in=lines.values("activity")) | Q(place__in=place)
    rows = Activity.objects.filter(like, id__in=governed).exclude(id=activity)
    return rows.exclude(stage__in=BEFORE)


def _lines(activity: UUID, rows: Collection[Activity], now: datetime) -> list[Precedent]:
    if not rows:
        return []
    here = Activity.objects.get(id=activity)
    own = set(Line.objects.filter(activity=activity).values_list("party", "kind"))
    parties, kinds = {party for party, _kind in own}, {kind for _party, kind in own}
    names: dict[UUID, set[str]] = defaultdict(set)
    common: dict[UUID, set[str]] = defaultdict(set)
    for line in Line.objects.filter(activity__in=rows).select_related("party"):
        if line.party_id in parties:
            names[line.activity_id].add(line.party.name)
        if line.kind in kinds:
            common[line.activity_id].add(line.kind)
    counts, chosen, stopped = _counts(rows, now), _chosen(rows), _stopped(rows)
    return [
        Precedent(
            id=row.id,
            title=row.title,
            stage=row.stage,
            starts=row.starts,
            invented=row.invented,
            parties=tuple(sorted(names[row.id])),
            same_place=here.place_id is not None and row.place_id == here.place_id,
            kinds=tuple(sorted(common[row.id])),
            choice=chosen.get(row.id, ""),
            looks_made=counts[row.id]["look", "made"],
            looks_due=counts[row.id]["look", "due"],
            kept=counts[row.id]["commitment", "kept"],
            broken=counts[row.id]["commitment", "broken"],
            stopped=tuple(verb for verb in STOPPED if verb in stopped[row.id]),
        )
        for row in rows
    ]


PULSES = """
SELECT a.id, p.kind, p.state, p.due <= %s
FROM unnest(%s::uuid[]) AS a(id), LATERAL activity_pulse(a.id, %s) AS p
"""


def _counts(rows: Collection[Activity], now: datetime) -> Mapping[UUID, Counter[tuple[str, str]]]:
    """Looks and commitments by their state: that they exist is known to whoever sees the case.

    A look counts as due once its day has come, or it was made, unless a decision released it.
    """
    with connection.cursor() as cursor:
        cursor.execute(PULSES, [now, [row.id for row in rows], now])
        pulses = cursor.fetchall()
    found: dict[UUID, Counter[tuple[str, str]]] = defaultdict(Counter)
    for activity, kind, state, past in pulses:
        found[activity][kind, state] += 1
        if kind == "look" and state != "released" and (past or state == "made"):
            found[activity]["look", "due"] += 1
    return found


def _chosen(rows: Collection[Activity]) -> Mapping[UUID, str]:
    made = Decision.objects.filter(Decision.STANDS, activity__in=rows).exclude(choice="")
    newest = made.order_by("activity", "-at").distinct("activity")
    return dict(newest.values_list("activity", "choice"))


def _stopped(rows: Collection[Activity]) -> Mapping[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    lines = Entry.objects.filter(case__in=[row.id for row in rows], verb__in=STOPPED)
    for case, verb in lines.values_list("case", "verb"):
        found[case].add(verb)
    return found
