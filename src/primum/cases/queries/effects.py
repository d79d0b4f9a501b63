"""Effects of an activity as a tree: who could be helped or hurt, and then what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from primum.cases import effects as asked_about
from primum.cases import hands
from primum.cases.models import (
    Accepted,
    Activity,
    Commitment,
    Effect,
    EffectReport,
    Report,
    Sign,
    Weighing,
)
from primum.core import authority
from primum.core.effects import AS_PROPOSED, DO_NOTHING, MOST_ORDER, must_be_met, one_sided
from primum.core.protocol import EffectOffer
from primum.core.vocabulary import Stage, Stakes, Text, Verb
from primum.people import door, queries
from primum.people.sight import Viewer, require

__all__ = [
    "EffectLine",
    "EffectsPage",
    "SecondReading",
    "SignLine",
    "effects_page",
    "look_signs",
    "waits_for_reading",
]

OVER = (Stage.CLOSED, Stage.WITHDRAWN, Stage.NOT_DONE)


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One effect, and what follows from it."""

    id: UUID
    order: int
    option: str
    good: bool
    who: Text | str
    how: str
    what: Text | str
    horizon: str
    likelihood: str
    seriousness: str
    reversible: str
    signpost: Text | str
    look_on: date | None
    feeds: tuple[str, ...]
    helps: tuple[str, ...]
    state: str
    """suggested, expected, watching, seen, not_seen, could_not_tell, struck or surprise, as far
    as this viewer may read what a look said."""
    struck_why: str
    post: UUID
    grounds: tuple[UUID, ...]
    """The reports its likelihood rests on, of those this viewer sees; none is an opinion."""
    matches: tuple[UUID, ...]
    """Reports of harm in which it came true."""
    must_be_met: bool
    met_by: str
    met: Text | str
    accepted: str
    """The decider's words, where it was accepted."""
    children: tuple[EffectLine, ...]

    @property
    def live(self) -> bool:
        return self.state not in ("suggested", "struck", "surprise")

    @property
    def answered_for(self) -> bool:
        return bool(self.met_by or self.accepted)


@dataclass(frozen=True, slots=True)
class SecondReading:
    """Whether the list is one-sided, who read it a second time, and what they found."""

    weighing: UUID
    post: UUID
    finds: str
    words: str
    needed: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class EffectsPage:
    """All of it, as far as this viewer may know; to the proposer what is asked, not what is found.

    Trees by way: as proposed (good and bad apart), doing nothing, and others.
    """

    activity: UUID
    asked: Mapping[str, EffectOffer]
    unanswered: Mapping[str, EffectOffer]
    groups: Mapping[str, Text]
    commitments: Mapping[str, Text]
    suggestions: tuple[EffectLine, ...]
    benefits: tuple[EffectLine, ...]
    harms: tuple[EffectLine, ...]
    nothing: tuple[EffectLine, ...]
    others: Mapping[str, tuple[EffectLine, ...]]
    struck: tuple[EffectLine, ...]
    surprises: tuple[EffectLine, ...]
    reports: tuple[tuple[UUID, datetime], ...]
    """Reports about its parties that this viewer sees: what a likelihood may rest on."""
    reading: SecondReading | None
    shown: bool
    """False to whose own case it is, and to who may not read the assessment."""
    may_weigh: bool
    may_suggest: bool

    @property
    def roots(self) -> Mapping[str, Text]:
        """Pathways not answered yet that something may follow from."""
        return {code: o.what for code, o in self.unanswered.items() if o.order < MOST_ORDER}

    @property
    def every(self) -> tuple[EffectLine, ...]:
        """Each live effect, parents first."""
        trees = (*self.harms, *self.benefits, *self.nothing)
        trees += tuple(line for lines in self.others.values() for line in lines)
        return tuple(each for line in trees for each in _flat(line))

    @property
    def serious(self) -> tuple[EffectLine, ...]:
        """What a yes has to answer for."""
        return tuple(line for line in self.every if line.must_be_met)


@dataclass(frozen=True, slots=True)
class SignLine:
    """One signpost as a look asks about it."""

    id: UUID
    who: Text | str
    what: Text | str
    signpost: Text | str
    answer: str


def effects_page(viewer: Viewer, key: UUID, now: datetime) -> EffectsPage | None:
    """The effects of one activity, or None when there is no such activity for this viewer."""
    require(viewer)
    row = Activity.objects.select_related("proposed_by").filter(id=key).first()
    if row is None:
        return None
    actor = door.actor(viewer, now)
    own = hands.is_own_case(actor, row, now)
    told = _told(row)
    suggested = Effect.objects.filter(activity=row, state=Effect.State.SUGGESTED)
    rows = [] if own else _rows(row)
    open_ = row.stage not in OVER
    assesses = authority.may(actor, Verb.ASSESS, Stakes.LEADERSHIP)
    weighing = None if own else _latest(row)
    trees = told.trees(rows)
    by_way = _by_way(trees)
    proposed = by_way.pop(AS_PROPOSED, ())
    answered = {each.pathway for each in rows}
    taken = {each.suggestion_id for each in rows}
    return EffectsPage(
        activity=key,
        asked=told.pathways,
        unanswered={code: o for code, o in told.pathways.items() if code not in answered},
        groups=told.groups,
        commitments=told.texts,
        suggestions=tuple(
            told.line(each, ()) for each in suggested.order_by("at", "id") if each.id not in taken
        ),
        benefits=tuple(line for line in proposed if line.good),
        harms=tuple(line for line in proposed if not line.good),
        nothing=by_way.pop(DO_NOTHING, ()),
        others=by_way,
        struck=_in_state(told, rows, Effect.State.STRUCK),
        surprises=_in_state(told, rows, Effect.State.SURPRISE),
        reports=() if own else _reports(row),
        reading=_reading(viewer, actor.duties, weighing, rows) if weighing else None,
        shown=not own and (weighing is not None or assesses or "assesses" in viewer.duties),
        may_weigh=open_ and assesses and not own,
        may_suggest=open_ and row.owner_id in queries.answers_for(viewer, now),
    )


def look_signs(viewer: Viewer, look: UUID) -> tuple[SignLine, ...]:
    """The signposts this looker is asked about at a look, and what was answered."""
    require(viewer)
    rows = list(Sign.objects.filter(look=look).select_related("effect__activity"))
    if not rows:
        return ()
    told = _told(rows[0].effect.activity)
    return tuple(
        SignLine(
            row.id,
            told.who(row.effect),
            told.what(row.effect),
            told.signpost(row.effect),
            row.answer,
        )
        for row in sorted(rows, key=lambda row: (row.effect.at, row.effect.number))
    )


def waits_for_reading(viewer: Viewer, now: datetime) -> tuple[tuple[UUID, str], ...]:
    """Cases whose one-sided list of effects this viewer could read a second time: key and title."""
    require(viewer)
    if not door.actor(viewer, now).duties & authority.READS_EFFECTS:
        return ()
    live = Effect.objects.filter(
        activity=OuterRef("activity"),
        state__in=Effect.LIVE,
        option=AS_PROPOSED,
        seal=OuterRef("seal"),
    )
    of_case = Weighing.objects.filter(activity=OuterRef("activity"))
    rows = Weighing.objects.filter(
        ~(Exists(live.filter(good=True)) & Exists(live.filter(good=False))),
        ~Exists(of_case.filter(by__person=viewer.person)),
        ~Exists(of_case.filter(at__gt=OuterRef("at"))),
        read_at=None,
        activity__stage__in=(Stage.PROPOSED, Stage.ASSESSED),
    )
    cases = [row.activity for row in rows.select_related("activity__proposed_by").order_by("at")]
    owners = hands.owners(cases, now)
    return tuple((case.id, case.title) for case in cases if viewer.person not in owners[case.id])


def _rows(row: Activity) -> list[Effect]:
    rows = Effect.objects.filter(activity=row).exclude(state=Effect.State.SUGGESTED)
    return list(rows.select_related("by").order_by("at", "number", "id"))


def _flat(line: EffectLine) -> Iterable[EffectLine]:
    yield line
    for child in line.children:
        yield from _flat(child)


def _by_way(trees: Iterable[EffectLine]) -> dict[str, tuple[EffectLine, ...]]:
    found: dict[str, tuple[EffectLine, ...]] = {}
    for line in trees:
        found[line.option] = (*found.get(line.option, ()), line)
    return found


def _in_state(told: _Told, rows: Iterable[Effect], state: str) -> tuple[EffectLine, ...]:
    return tuple(told.line(row, ()) for row in rows if row.state == state)


def _latest(row: Activity) -> Weighing | None:
    return (
        Weighing.objects.filter(activity=row)
        .select_related("by", "read_by")
        .order_by("-at", "id")
        .first()
    )


def _reports(row: Activity) -> tuple[tuple[UUID, datetime], ...]:
    parties = row.lines.values("party")
    rows = Report.objects.filter(named__party__in=parties).order_by("-heard", "id").distinct()
    return tuple(rows.values_list("id", "heard")[:20])


def _reading(
    viewer: Viewer,
    duties: frozenset[str],
    weighing: Weighing,
    rows: Iterable[Effect],
) -> SecondReading:
    # What fewer may read makes no list whole: as the gate has it.
    sides = [
        row.good
        for row in rows
        if row.state in Effect.LIVE
        and row.option == AS_PROPOSED
        and row.seal_id == weighing.seal_id
    ]
    needed = one_sided(sum(sides), len(sides) - sum(sides))
    hand = Weighing.objects.filter(activity=weighing.activity, by__person=viewer.person).exists()
    waits = needed and weighing.read_at is None
    return SecondReading(
        weighing=weighing.id,
        post=weighing.read_by.post_id if weighing.read_by else weighing.by.post_id,
        finds=weighing.read_finds,
        words=weighing.read_words,
        needed=needed,
        mine=waits and not hand and bool(duties & authority.READS_EFFECTS),
    )


def _told(row: Activity) -> _Told:
    links: dict[tuple[UUID, str], tuple[UUID, ...]] = {}
    found = EffectReport.objects.filter(activity=row).order_by("at", "id")
    for effect, kind, report in found.values_list("effect", "kind", "report"):
        links[effect, kind] = (*links.get((effect, kind), ()), report)
    there = Commitment.objects.filter(activity=row).values_list("code", "text")
    accepted = Accepted.objects.filter(activity=row).order_by("at")
    signs = Sign.objects.filter(activity=row).exclude(answer="").order_by("at")
    return _Told(
        pathways=asked_about.pathways(row.id),
        groups=asked_about.groups(row.id),
        texts={**dict(there), **asked_about.commitments(row.id)},
        links=links,
        accepted=dict(accepted.values_list("effect", "words")),
        signs=dict(signs.values_list("effect", "answer")),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What the protocol says for each effect, and what is linked to it, read once a case."""

    pathways: Mapping[str, EffectOffer]
    groups: Mapping[str, Text]
    texts: Mapping[str, Text]
    links: Mapping[tuple[UUID, str], tuple[UUID, ...]]
    accepted: Mapping[UUID, str]
    signs: Mapping[UUID, str]

    def trees(self, rows: Iterable[Effect]) -> tuple[EffectLine, ...]:
        live = [row for row in rows if row.state in Effect.LIVE]
        there = {row.id for row in live}
        below: dict[UUID | None, list[Effect]] = {}
        for row in live:
            above = row.parent_id if row.parent_id in there else None
            below.setdefault(above, []).append(row)

        def grow(row: Effect) -> EffectLine:
            return self.line(row, tuple(grow(child) for child in below.get(row.id, ())))

        return tuple(grow(row) for row in below.get(None, ()))

    def who(self, row: Effect) -> Text | str:
        offer = self.pathways.get(row.pathway)
        return row.who or self.groups.get(row.group) or (offer.who if offer else row.group)

    def what(self, row: Effect) -> Text | str:
        offer = self.pathways.get(row.pathway)
        return row.what or (offer.what if offer else "")

    def signpost(self, row: Effect) -> Text | str:
        offer = self.pathways.get(row.pathway)
        return row.signpost or (offer.signpost if offer and offer.signpost else "")

    def line(self, row: Effect, children: tuple[EffectLine, ...]) -> EffectLine:
        return EffectLine(
            id=row.id,
            order=row.order,
            option=row.option,
            good=row.good,
            who=self.who(row),
            how=row.how,
            what=self.what(row),
            horizon=row.horizon,
            likelihood=row.likelihood,
            seriousness=row.seriousness,
            reversible=row.reversible,
            signpost=self.signpost(row),
            look_on=row.look_on,
            feeds=tuple(row.feeds),
            helps=tuple(row.helps),
            state=self.signs.get(row.id, row.state) if row.state in Effect.LIVE else row.state,
            struck_why=row.struck_why,
            post=row.by.post_id,
            grounds=self.links.get((row.id, EffectReport.Kind.GROUND), ()),
            matches=self.links.get((row.id, EffectReport.Kind.MATCH), ()),
            must_be_met=row.state in Effect.LIVE
            and must_be_met(
                good=row.good,
                seriousness=row.seriousness,
                likelihood=row.likelihood,
                option=row.option,
            ),
            met_by=row.met_by,
            met=self.texts.get(row.met_by, row.met_by),
            accepted=self.accepted.get(row.id, ""),
            children=children,
        )
