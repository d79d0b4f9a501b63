"""Weigh effects: confirm, strike and add who could be helped or hurt; the proposer may suggest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db.models import F, Value

from primum.actions.base import (
    NotThere,
    acting,
    activity_of,
    ask_for,
    chosen_seal,
    digest,
    holding,
    log,
    narrower,
    needs,
    own_case,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import effects as asked_about
from primum.cases.models import Activity, Commitment, Effect, EffectReport, Report, Weighing
from primum.core import authority, effects
from primum.core.protocol import AnswerError, AnswerMistake
from primum.core.screening import fold
from primum.core.vocabulary import Stage, Stakes, Verb
from primum.people.models import Holding
from primum.people.sight import Viewer
from primum.register.models import Party

OVER = (Stage.CLOSED, Stage.WITHDRAWN, Stage.NOT_DONE)


@dataclass(frozen=True, slots=True)
class Expected:
    """One effect as somebody confirms, adds or suggests it.

    `at` names it within the form, for mistakes and for those that follow from it.
    """

    at: str
    pathway: str = ""
    suggestion: UUID | None = None
    parent: UUID | str | None = None
    """The effect it follows from: one that is there, or the `at` of one before it."""
    option: str = effects.AS_PROPOSED
    good: bool = False
    group: str = ""
    who: str = ""
    how: str = ""
    what: str = ""
    horizon: str = ""
    likelihood: str = ""
    seriousness: str = ""
    reversible: str = ""
    signpost: str = ""
    look_on: date | None = None
    feeds: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    met_by: str = ""
    reports: tuple[UUID, ...] = ()
    seal: str = ""
    """A seal's code when fewer should read it than read the assessment."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A pathway, a suggestion or an effect that does not belong here, and why."""

    why: str
    pathway: str = ""
    suggestion: UUID | None = None
    effect: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewWeighing:
    """One sitting: what is confirmed or added, what is struck, which commitment meets what."""

    expected: tuple[Expected, ...] = ()
    struck: tuple[Struck, ...] = ()
    met: Mapping[UUID, str] = field(default_factory=dict)
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Weighing, "weighing")
def weigh_effects(*, by: Viewer, now: datetime, activity: UUID, weighing: NewWeighing) -> UUID:
    """Write what is confirmed, struck and added, all or nothing, by the post that assesses."""
    with acting(by):
        row = activity_of(activity)
        ask = ask_for(Verb.ASSESS, by, now, row)
        if not authority.may(ask.by, Verb.ASSESS, Stakes.LEADERSHIP):
            raise refuse(Verb.ASSESS, "not_your_move", "This step belongs to another post.")
        if own_case(ask, row):
            raise refuse(
                Verb.ASSESS, "own_effects", "This is your own case. Suggest; others weigh it."
            )
        _open(row)
        if not (weighing.expected or weighing.struck or weighing.met):
            raise refuse(Verb.ASSESS, "nothing_weighed", "Confirm, strike or add at least one.")
        who = holding(by, now, Verb.ASSESS)
        made = Weighing(
            id=own_key(by.person, weighing.key),
            seal_id=_seal(row, ""),
            activity=row,
            by=who,
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        said = [*_expect(row, made, who, weighing.expected), *_strike(row, made, who, weighing)]
        _meet(row, weighing.met)
        words = digest(made.salt, *said, *map(str, weighing.met.items()))
        log(("activity", activity), "weigh_effects", made, now, words=words, seal=row.seal_id)
        return made.id


@once(Effect, "effect")
def suggest_effect(*, by: Viewer, now: datetime, activity: UUID, effect: Suggested) -> UUID:
    """Suggest an effect as the owner of the case; whoever assesses it confirms or strikes it."""
    with acting(by):
        row = activity_of(activity)
        if "owner" not in ask_for(Verb.PROPOSE, by, now, row).roles:
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        _open(row)
        _no_person("suggest", effect.who)
        made = Effect(
            id=own_key(by.person, effect.key),
            seal_id=row.seal_id,
            activity=row,
            good=effect.good,
            who=needs(effect.who, Verb.PROPOSE, "what"),
            what=needs(effect.what, Verb.PROPOSE, "what"),
            state=Effect.State.SUGGESTED,
            by=holding(by, now, Verb.PROPOSE),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        words = digest(made.salt, made.who, made.what)
        log(("activity", activity), "suggest_effect", made, now, words=words, seal=row.seal_id)
        return made.id


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the proposer sees coming: for whom, what, and whether it is good."""

    who: str
    what: str
    good: bool = False
    key: Key = None


def _open(row: Activity) -> None:
    if row.stage in OVER:
        raise refuse(
            Verb.ASSESS,
            "wrong_stage",
            "This step is not possible now: the activity is “%(stage)s”.",
            stage=row.stage,
        )


def _seal(row: Activity, code: str) -> UUID:
    """The assessment's seal, or one that fewer read; never wider than the activity's own."""
    return narrower(chosen_seal(Verb.ASSESS, "assessment", code), row.seal_id)


def _expect(
    row: Activity, weighing: Weighing, who: Holding, expected: tuple[Expected, ...]
) -> Iterator[str]:
    """Write them, parents before what follows from them; yields the words that were written."""
    check = _Check(row)
    check.all(expected)
    made: dict[str, Effect] = {}
    for number, one in enumerate(expected):
        parent = _parent(row, one, made)
        offer = check.pathways.get(one.pathway)
        order = parent.order + 1 if parent else (offer.order if offer else 1)
        if order > effects.MOST_ORDER:
            raise refuse(
                Verb.ASSESS,
                "too_deep",
                "Nobody foresees further than the third order. End the chain there, or begin"
                " another one.",
            )
        written = _write(row, weighing, who, one)
        written.good = offer.good if offer else one.good
        written.parent, written.order, written.number = parent, order, number
        if one.suggestion is not None:
            _take_up(row, written, one.suggestion)
        written.save(force_insert=True)
        _rest_on(written, who, one.reports, weighing.at)
        made[one.at] = written
        yield f"{written.id} {written.who} {written.what} {written.signpost}"


def _write(row: Activity, weighing: Weighing, who: Holding, one: Expected) -> Effect:
    return Effect(
        id=uuid4(),
        seal_id=_seal(row, one.seal),
        activity=row,
        weighing=weighing,
        option=one.option.strip() or effects.AS_PROPOSED,
        good=one.good,
        group=one.group,
        who=one.who.strip(),
        how=one.how,
        what=one.what.strip(),
        horizon=one.horizon,
        likelihood=one.likelihood,
        seriousness=one.seriousness,
        reversible=one.reversible,
        signpost=one.signpost.strip(),
        look_on=one.look_on,
        feeds=[word.strip() for word in one.feeds if word.strip()],
        helps=[word.strip() for word in one.helps if word.strip()],
        pathway=one.pathway,
        met_by=one.met_by,
        state=Effect.State.EXPECTED,
        by=who,
        at=weighing.at,
        salt=salt(),
    )


def _parent(row: Activity, one: Expected, made: Mapping[str, Effect]) -> Effect | None:
    if one.parent is None:
        return None
    if isinstance(one.parent, str) and one.parent in made:
        return made[one.parent]
    there = Effect.objects.filter(activity=row, state__in=Effect.LIVE)
    found = there.filter(id=one.parent).first() if isinstance(one.parent, UUID) else None
    if found is None:
        raise refuse(
            Verb.ASSESS, "no_parent", "What this follows from is not confirmed. Confirm it first."
        )
    return found


def _take_up(row: Activity, written: Effect, suggestion: UUID) -> None:
    """The proposer's words, copied: their own row stays as they wrote it."""
    rows = Effect.objects.filter(activity=row, state=Effect.State.SUGGESTED)
    found = rows.filter(id=suggestion, taken_up=None).first()
    if found is None:
        raise _answered()
    written.suggestion, written.good = found, found.good
    written.who, written.what = written.who or found.who, written.what or found.what


def _rest_on(effect: Effect, who: Holding, reports: tuple[UUID, ...], at: datetime) -> None:
    found = Report.objects.filter(id__in=reports).count()
    if found != len(set(reports)):
        raise NotThere
    for report in dict.fromkeys(reports):
        EffectReport(
            id=uuid4(),
            seal_id=effect.seal_id,
            activity_id=effect.activity_id,
            effect=effect,
            report_id=report,
            kind=EffectReport.Kind.GROUND,
            by=who,
            at=at,
        ).save(force_insert=True)


def _strike(row: Activity, made: Weighing, who: Holding, weighing: NewWeighing) -> Iterator[str]:
    """A pathway or suggestion that is struck leaves a row too: it was asked and answered."""
    known = asked_about.pathways(row.id)
    for number, each in enumerate(weighing.struck, len(weighing.expected)):
        why = needs(each.why, Verb.ASSESS)
        if each.effect is not None:
            rows = Effect.objects.filter(id=each.effect, activity=row, state__in=Effect.LIVE)
            if rows.update(state=Effect.State.STRUCK, struck_why=why) != 1:
                raise _answered()
            yield f"{each.effect} {why}"
            continue
        if each.suggestion is None and each.pathway not in known:
            raise NotThere
        offer = known.get(each.pathway)
        written = _write(row, made, who, Expected(each.pathway, pathway=each.pathway))
        written.order, written.number = offer.order if offer else 1, number
        written.good = bool(offer and offer.good)
        written.state, written.struck_why = Effect.State.STRUCK, why
        if each.suggestion is not None:
            _take_up(row, written, each.suggestion)
        written.save(force_insert=True)
        yield f"{written.id} {why}"


def _meet(row: Activity, met: Mapping[UUID, str]) -> None:
    known = _codes(row)
    for key, code in met.items():
        if code and code not in known:
            raise NotThere
        rows = Effect.objects.filter(id=key, activity=row, state__in=Effect.LIVE)
        if rows.update(met_by=code) != 1:
            raise _answered()


def _codes(row: Activity) -> frozenset[str]:
    """The codes a commitment may be named by: what can be asked for, and what is there."""
    there = Commitment.objects.filter(activity=row).values_list("code", flat=True)
    return frozenset(asked_about.commitments(row.id)) | frozenset(there)


def _answered() -> Exception:
    return refuse(
        Verb.ASSESS,
        "effect_answered",
        "Somebody confirmed or struck one of these meanwhile. Open the page again.",
    )


def _no_person(at: str, who: str) -> None:
    """A group, never a name: who is in the register as a person is not named as one hurt."""
    said = f" {fold(who)} "
    people = Party.objects.filter(kind="person").exclude(folded="")
    named = people.annotate(said=Value(said)).filter(said__contains=F("folded"))
    if any(f" {name} " in said for name in named.values_list("folded", flat=True)[:50]):
        raise AnswerError((AnswerMistake(f"{at}-who", "names_person", "say which group"),))


class _Check:
    """Every mistake of a form at once, each at its field."""

    def __init__(self, row: Activity) -> None:
        self.row = row
        self.pathways = asked_about.pathways(row.id)
        self.groups = asked_about.groups(row.id)
        self.codes = _codes(row)

    def all(self, expected: tuple[Expected, ...]) -> None:
        mistakes = tuple(mistake for one in expected for mistake in self.one(one))
        if mistakes:
            raise AnswerError(mistakes)
        for one in expected:
            _no_person(one.at, one.who)
            if one.pathway and one.seal:
                # Left open to some and settled for others, a yes would tell that it is there.
                raise refuse(
                    Verb.ASSESS,
                    "pathway_sealed",
                    "The protocol asks this of all who judge. Answer it as far as they may know,"
                    " and add apart what fewer may read.",
                )
        answered = Effect.objects.filter(
            activity=self.row,
            pathway__in=[one.pathway for one in expected if one.pathway],
            state__in=Effect.LIVE,
        )
        if answered.exists():
            raise _answered()

    def one(self, one: Expected) -> Iterator[AnswerMistake]:
        said = bool(one.pathway or one.suggestion)
        if one.pathway and one.pathway not in self.pathways:
            raise NotThere
        good = self.pathways[one.pathway].good if one.pathway else one.good
        for name, given, choices in (
            ("how", one.how, effects.MECHANISMS),
            ("horizon", one.horizon, effects.HORIZONS),
            ("likelihood", one.likelihood, effects.LIKELIHOODS),
            ("seriousness", one.seriousness, effects.SERIOUSNESS),
            ("reversible", one.reversible, effects.REVERSIBLE),
            ("group", one.group, (*self.groups, "")),
            ("met_by", one.met_by, (*self.codes, "")),
        ):
            # A benefit is not asked how serious it is, nor what could undo it.
            optional = good and name in ("how", "seriousness", "reversible")
            if not given and not optional and "" not in choices:
                yield AnswerMistake(f"{one.at}-{name}", "required", "choose one")
            elif given and given not in choices:
                yield AnswerMistake(f"{one.at}-{name}", "not_an_option", "choose one of these")
        if not (said or one.who.strip() or one.group):
            yield AnswerMistake(f"{one.at}-who", "required", "say which group")
        if not (said or one.what.strip()):
            yield AnswerMistake(f"{one.at}-what", "required", "say what could happen")
