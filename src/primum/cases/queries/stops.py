"""Suspensions that stand, and what one would stop: as far as the viewer may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from primum.cases import facts
from primum.cases.models import Activity, Commitment, Delivery, Lift, Line, Stop
from primum.core import protocol
from primum.core.vocabulary import Stage, Text
from primum.people.sight import Viewer, require
from primum.register.models import Party

__all__ = [
    "Option",
    "Preview",
    "PreviewLine",
    "Standing",
    "StoppedLine",
    "options_of_activity",
    "options_of_party",
    "preview",
    "stopped_lines",
    "stops_of_party",
]

GOES_ON = (Stage.PROPOSED, Stage.ASSESSED, Stage.DECIDED, Stage.UNDER_WAY, Stage.SUSPENDED)
"""Where something may yet be delivered, approved today or not."""
MOST = 500
"""Lines a preview looks at; a mission that supports more units than that prints a list instead."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One suspension, for those who may read who made it and why."""

    id: UUID
    scope: str
    party: str
    since: datetime
    post: UUID
    words: str
    lifts_when: str
    review_by: datetime | None
    lifted: datetime | None
    put_right: str
    evidence: str
    advised_by: str


@dataclass(frozen=True, slots=True)
class StoppedLine:
    """A line on which deliveries are suspended; `standing` for those who may read it."""

    line: UUID
    what: str
    scope: str
    since: datetime
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Option:
    """One scope that may be chosen: `scope:key`, what it is called, how many lines it stops."""

    value: str
    scope: str
    name: str
    lines: int


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A line that would stop."""

    id: UUID
    activity: UUID
    title: str
    stage: str
    objective: str
    owner: UUID
    what: str
    party_name: str
    value_usd: int
    people: int
    until: datetime | None
    delivered: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a suspension would stop, of what this viewer may see, and what could be done instead."""

    lines: tuple[PreviewLine, ...]
    others: tuple[PreviewLine, ...]
    """Lines of the same activities that go on."""
    instead: tuple[Text, ...]
    """Conditions that the protocol offers for such a case and nobody asked for."""

    @property
    def people(self) -> int:
        return sum(line.people for line in self.lines)

    @property
    def value_usd(self) -> int:
        return sum(line.value_usd for line in self.lines)

    @property
    def activities(self) -> Mapping[UUID, str]:
        return {line.activity: line.title for line in self.lines}

    @property
    def objectives(self) -> tuple[str, ...]:
        return tuple(sorted({line.objective for line in self.lines if line.objective}))

    @property
    def owners(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(line.owner for line in self.lines))

    @property
    def coming(self) -> tuple[PreviewLine, ...]:
        """Approved today: what could be delivered from now on."""
        going = (Stage.DECIDED, Stage.UNDER_WAY)
        return tuple(line for line in self.lines if line.stage in going and line.until)


Reach = Mapping[UUID, Mapping[UUID, frozenset[str]]]
"""Party -> what a stop may name to cover it -> in which ways: unit, all, commander."""


def stopped_lines(viewer: Viewer, key: UUID, now: datetime) -> tuple[StoppedLine, ...]:
    """The stopped lines of an activity: that they are, to all who see them; why, to few."""
    require(viewer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT line, stop, scope, since FROM stops_on(%s, %s)", [key, now])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[3], str(row[0])))
    what = dict(Line.objects.filter(activity=key).values_list("id", "what"))
    known = {each.id: each for each in _standing(Stop.objects.filter(id__in=[r[1] for r in rows]))}
    return tuple(
        StoppedLine(line, what[line], scope, since, known.get(stop))
        for line, stop, scope, since in rows
        if line in what
    )


def stops_of_party(viewer: Viewer, party: UUID) -> tuple[Standing, ...]:
    """Every suspension that names this party, newest first, for those who may read them."""
    require(viewer)
    return _standing(Stop.objects.filter(party=party).order_by("-started", "id"))


def _standing(rows: Iterable[Stop]) -> tuple[Standing, ...]:
    found = list(rows)
    lifts = {row.stop_id: row for row in Lift.objects.filter(stop__in=found)}
    names = dict(Party.objects.filter(id__in=[r.party_id for r in found]).values_list("id", "name"))
    return tuple(_one(row, lifts.get(row.id), names) for row in found)


def _one(row: Stop, ended: Lift | None, names: Mapping[UUID, str]) -> Standing:
    return Standing(
        id=row.id,
        scope=row.scope,
        party=names.get(row.party_id, "") if row.party_id else "",
        since=row.started,
        post=row.post_id,
        words=row.words,
        lifts_when=row.lifts_when,
        review_by=row.review_by,
        lifted=ended.at if ended else None,
        put_right=ended.put_right if ended else "",
        evidence=ended.evidence if ended else "",
        advised_by=ended.advised_by if ended else "",
    )


def options_of_activity(viewer: Viewer, key: UUID, now: datetime) -> tuple[Option, ...]:
    """What can be suspended from an activity: itself, its lines, units, their officers, forces."""
    require(viewer)
    every, reach = _every(now)
    own = [line for line in every if line.activity_id == key]
    found = [Option(f"operation:{key}", "operation", "", len(own))]
    found += [Option(f"line:{line.id}", "line", line.what, 1) for line in own]
    parties = {line.party_id for line in own}
    named = {
        (how, reached)
        for party in parties
        for reached, ways in reach.get(party, {}).items()
        for how in ways
    }
    wanted = {("unit", party) for party in parties} | {
        (how, reached) for how, reached in named if how in ("commander", "all")
    }
    return (*found, *_parties(wanted, every, reach))


def options_of_party(viewer: Viewer, party: UUID, now: datetime) -> tuple[Option, ...]:
    """What can be suspended of a party: an officer with all they command; a unit, or all of it."""
    require(viewer)
    kind = Party.objects.filter(id=party).values_list("kind", flat=True).first()
    if kind is None:
        return ()
    every, reach = _every(now)
    scopes = ("commander",) if kind == Party.Kind.PERSON else ("unit", "all")
    return _parties({(scope, party) for scope in scopes}, every, reach)


def _parties(
    wanted: Collection[tuple[str, UUID]], every: Sequence[Line], reach: Reach
) -> tuple[Option, ...]:
    names = dict(Party.objects.filter(id__in={key for _, key in wanted}).values_list("id", "name"))
    order = ("unit", "commander", "all")
    found = [
        Option(
            f"{scope}:{key}",
            scope,
            names[key],
            sum(_covers(scope, key, line, reach) for line in every),
        )
        for scope, key in wanted
        if key in names
    ]
    return tuple(sorted(found, key=lambda o: (order.index(o.scope), o.name, o.value)))


def preview(viewer: Viewer, scope: str, key: UUID, now: datetime) -> Preview:
    """What a suspension of this scope would stop. Sealed lines and ties are neither shown nor
    counted; what it really stops the engine knows."""
    require(viewer)
    every, reach = _every(now)
    covered = [line for line in every if _stops(scope, key, line, reach)]
    touched = {line.activity_id for line in covered}
    rest = [line for line in every if line.activity_id in touched and line not in covered]
    given: dict[UUID, int] = {}
    for line in Delivery.objects.filter(line__in=covered).values_list("line", flat=True):
        given[line] = given.get(line, 0) + 1
    return Preview(
        lines=tuple(_shown(line, given) for line in covered),
        others=tuple(_shown(line, {}) for line in rest),
        instead=_instead(touched),
    )


def _every(now: datetime) -> tuple[Sequence[Line], Reach]:
    """The lines that go on and that this viewer sees, and what would reach their parties today."""
    rows = Line.objects.filter(activity__stage__in=GOES_ON).select_related("activity", "party")
    every = list(rows.order_by("activity__title", "activity_id", "number")[:MOST])
    return every, _reach({line.party_id for line in every}, now.date())


def _reach(parties: Collection[UUID], day: date) -> Reach:
    found: dict[UUID, dict[UUID, frozenset[str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stop_reach(%s::uuid[], %s)", [list(parties), day])
        for party, reached, how in cursor.fetchall():
            ways = found.setdefault(party, {})
            ways[reached] = ways.get(reached, frozenset()) | {how}
    return found


def _stops(scope: str, key: UUID, line: Line, reach: Reach) -> bool:
    if scope == "operation":
        return line.activity_id == key
    return line.id == key if scope == "line" else _covers(scope, key, line, reach)


def _covers(scope: str, party: UUID, line: Line, reach: Reach) -> bool:
    """As the engine decides it: by that scope, or by the party itself under any of its names."""
    ways = reach.get(line.party_id, {}).get(party, frozenset())
    return scope in ways or "unit" in ways


def _shown(line: Line, given: Mapping[UUID, int]) -> PreviewLine:
    of: Activity = line.activity
    return PreviewLine(
        id=line.id,
        activity=of.id,
        title=of.title,
        stage=of.stage,
        objective=of.mandate_objective,
        owner=of.owner_id,
        what=line.what,
        party_name=line.party.name,
        value_usd=line.value_usd,
        people=line.people,
        until=of.lease_end,
        delivered=given.get(line.id, 0),
    )


def _instead(activities: Collection[UUID]) -> tuple[Text, ...]:
    """What the protocol offers for the answers given and nobody asked for; by the assessment."""
    found: dict[str, Text] = {}
    for key in activities:
        assessment = facts.latest_assessment(key)
        if assessment is None:
            continue
        rules = facts.protocol_of(assessment.protocol)
        offers = protocol.plan(rules, protocol.read_answers(rules, assessment.answers)).commitments
        asked = set(Commitment.objects.filter(activity=key).values_list("code", flat=True))
        found |= {offer.id: offer.text for offer in offers if offer.id not in asked}
    return tuple(found.values())
