"""Propose an activity: what the mission would bring, to whom, where, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from primum.actions.base import (
    acting,
    chosen_seal,
    digest,
    holding,
    log,
    needs,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import facts
from primum.cases.models import Activity, Governing, Line, ProtocolVersion
from primum.core import authority
from primum.core.protocol import Protocol, read_answers
from primum.core.vocabulary import Stage, Stakes, Verb
from primum.people import door, mission
from primum.people.sight import Viewer
from primum.register.models import Party, Place

EXEMPTIONS = ("rights_training", "standards", "engagement", "mediation", "evacuation")
"""What the policy does not cover: training on rights and the law of war, norms and compliance,
engagement and relief, mediation, the evacuation of wounded."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """One part decided on its own: a support item for one party."""

    party: UUID
    kind: str
    what: str
    quantity: str = ""
    value_usd: int = 0
    people: int = 0
    lethal: bool = False
    exempt: str = ""
    """Why it is held exempt from the policy; counts once an assessor has agreed."""
    exempt_because: str = ""


@dataclass(frozen=True, slots=True)
class Emergency:
    """Lives were at stake: people began to act at `since`, and write it down afterwards."""

    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class NewActivity:
    """What a proposer writes down before anybody weighs it."""

    title: str
    why: str
    starts: date
    ends: date
    lines: Sequence[NewLine]
    protocols: Sequence[UUID]
    mandate_objective: str = ""
    place: UUID | None = None
    invented: bool = False
    answers: dict[str, object] = field(default_factory=dict)
    emergency: Emergency | None = None
    seal: str = ""
    """A seal's code to raise the activity above its default."""
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Activity, "activity")
def propose(*, by: Viewer, now: datetime, activity: NewActivity) -> UUID:
    """Write the proposal with its lines and the proposer's answers; returns its key."""
    with acting(by):
        who = holding(by, now, Verb.PROPOSE)
        if not authority.may(door.actor(by, now), Verb.PROPOSE, Stakes.LEADERSHIP):
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        _check(activity)
        seal = chosen_seal(Verb.PROPOSE, "activity", activity.seal)
        _check_floor(activity, seal)
        row = Activity(
            id=own_key(by.person, activity.key),
            seal_id=seal,
            title=needs(activity.title, Verb.PROPOSE, "title"),
            why=needs(activity.why, Verb.PROPOSE),
            mandate_objective=activity.mandate_objective.strip(),
            place_id=activity.place,
            starts=activity.starts,
            ends=activity.ends,
            owner_id=by.post,
            proposed_by=who,
            stage=Stage.PROPOSED,
            stage_since=now,
            answers=_answers(activity),
            emergency_since=activity.emergency.since if activity.emergency else None,
            emergency_why=_emergency_words(activity, now),
            invented=activity.invented,
            salt=salt(),
        )
        row.save(force_insert=True)
        _write_parts(row, activity)
        words = digest(row.salt, activity.title, activity.why, activity.answers)
        log(("activity", row.id), Verb.PROPOSE, row, now, words=words, seal=seal)
        return row.id


def _check(activity: NewActivity) -> None:
    if activity.ends < activity.starts:
        raise refuse(
            Verb.PROPOSE, "ends_before_start", "The last day lies before the first. Check both."
        )
    if not activity.lines:
        raise refuse(
            Verb.PROPOSE, "no_lines", "Say what would be brought, and to whom: at least one line."
        )
    known = Party.objects.filter(id__in={line.party for line in activity.lines}).count()
    if known != len({line.party for line in activity.lines}):
        raise refuse(Verb.PROPOSE, "no_party", "One of the parties is not in the register.")
    if activity.place and not Place.objects.filter(id=activity.place).exists():
        raise refuse(Verb.PROPOSE, "no_place", "This place is not in the register.")
    chosen = _rules(activity)
    if not chosen or len(chosen) != len(set(activity.protocols)):
        raise refuse(Verb.PROPOSE, "no_protocol", "Choose a published protocol.")
    if len(chosen) > 1:
        # Weighed by one alone, the others would govern in name only.
        raise refuse(Verb.PROPOSE, "one_protocol", "Choose one protocol: one weighs a case.")
    _check_kinds(activity, chosen)


def _check_kinds(activity: NewActivity, chosen: Sequence[Protocol]) -> None:
    """The kind of each line is an option of a chosen protocol, where one asks: stakes hang on it.

    A kind that no rule knows would be no heavy one, whatever it is called.
    """
    asked = [rules.by_id["support_kind"] for rules in chosen if "support_kind" in rules.by_id]
    kinds = {option.id for question in asked for option in question.options}
    if asked and not {line.kind for line in activity.lines} <= kinds:
        raise refuse(
            Verb.PROPOSE, "no_kind", "Choose the kind of support among those the protocol knows."
        )


def _rules(activity: NewActivity) -> list[Protocol]:
    rows = ProtocolVersion.objects.filter(id__in=activity.protocols)
    return [facts.protocol_of(version) for version in rows.order_by("name", "id")]


def _answers(activity: NewActivity) -> dict[str, object]:
    """The proposer's answers; what the protocol does not ask would be kept and never read."""
    for rules in _rules(activity):
        read_answers(rules, activity.answers)
    return activity.answers


def _write_parts(row: Activity, activity: NewActivity) -> None:
    for version in activity.protocols:
        Governing(seal_id=row.seal_id, activity=row, protocol_id=version).save(force_insert=True)
    for number, line in enumerate(activity.lines, start=1):
        Line(
            number=number,
            seal_id=row.seal_id,
            activity=row,
            party_id=line.party,
            kind=line.kind,
            what=needs(line.what, Verb.PROPOSE, "what"),
            quantity=line.quantity,
            value_usd=line.value_usd,
            people=line.people,
            lethal=line.lethal,
            exempt=line.exempt,
            exempt_because=_exempt_words(line),
        ).save(force_insert=True)


def _check_floor(activity: NewActivity, seal: UUID) -> None:
    """A kind of activity may ask that fewer may read it than the usual seal lets."""
    floor = max((rules.seal_floor for rules in _rules(activity)), default=0)
    if mission.level_of(seal) < floor:
        raise refuse(
            Verb.PROPOSE,
            "below_floor",
            "The protocol asks for a seal of level %(floor)s or higher. Choose a narrower one.",
            floor=floor,
        )


def _emergency_words(activity: NewActivity, now: datetime) -> str:
    if activity.emergency is None:
        return ""
    if activity.emergency.since > now:
        raise refuse(
            Verb.PROPOSE, "future", "This lies in the future. Record it once it has happened."
        )
    return needs(activity.emergency.why, Verb.PROPOSE)


def _exempt_words(line: NewLine) -> str:
    """Whoever holds a line exempt names the exemption and says why."""
    if not line.exempt:
        return ""
    if line.exempt not in EXEMPTIONS:
        raise refuse(Verb.PROPOSE, "no_exemption", "Choose why the policy does not cover it.")
    return needs(line.exempt_because, Verb.PROPOSE)
