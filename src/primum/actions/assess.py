"""Assess: answer the protocol's questions for the mission, and keep the Ruling that follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from primum.actions.base import (
    acting,
    activity_of,
    ask_for,
    digest,
    holding,
    log,
    move,
    part_seal,
    refuse,
    salt,
)
from primum.actions.once import Key, again, own_key
from primum.actions.raise_stakes import draw_lot
from primum.cases import facts, standing
from primum.cases.baseline import baseline_of
from primum.cases.models import Activity, Assessment, Line, ProtocolVersion, Ruling
from primum.cases.sizes import splits
from primum.core import protocol
from primum.core import vocabulary as v
from primum.core.guards import STOPPABLE
from primum.core.vocabulary import Verb
from primum.people.models import Holding
from primum.people.sight import Viewer

NEVER_EXEMPT: Final = frozenset({"infrastructure", "financial", "operational", "joint_operation"})
"""Kinds that the policy's exemptions cannot cover, whatever they are called."""


def _ruling(by: Viewer, now: datetime, assessment: UUID) -> v.Ruling:
    row = Assessment.objects.select_related("protocol").get(id=assessment)
    return facts.ruling_for(by, row, now)


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with the answers: which lines are agreed exempt, what a Ruling was shown for."""

    exempt: Collection[UUID] = ()
    shown: Mapping[str, object] | None = None
    """The answers beside which a Ruling first stood; what was changed since is marked."""
    still: Collection[str] = ()
    """In a review: the questions whose old answer the assessor says is still so."""


@again(Assessment, "", _ruling)
def assess(
    *,
    by: Viewer,
    now: datetime,
    activity: UUID,
    answers: Mapping[str, object],
    beside: Beside = Beside(),
    key: Key = None,
) -> v.Ruling:
    """Write an assessment, superseding the last one; returns the Ruling as `by` may see it.

    The stakes follow from it: they are computed, never chosen.
    """
    with acting(by):
        row = activity_of(activity)
        who = holding(by, now, Verb.ASSESS)
        version = facts.governing(activity)[0]
        rules = facts.protocol_of(version)
        exempt = _agreed(activity, rules, answers, beside.exempt)
        _check(activity, rules, answers, exempt)
        _check_earlier(activity, rules, answers, now)
        if row.stage in STOPPABLE:
            _check_review(activity, rules, answers, beside.still)
        made = _new(row, version, (who, key), now)
        made.answers = dict(answers)
        made.kind = Assessment.Kind.REVIEW if row.stage in STOPPABLE else _kind(answers)
        made.edited, made.exempt = _edited(rules, answers, beside.shown), sorted(exempt)
        made.stands_on = _baseline(by, activity, now)
        ruling = facts.ruling_for(by, made, now)
        made.stakes = facts.computed_stakes(by, activity, ruling, now).word
        made.split = splits(by, activity, now)
        move(row, facts.case_state(by, row, now), ask_for(Verb.ASSESS, by, now, row))
        made.save(force_insert=True)
        if made.supersedes is None:
            draw_lot(row)
        keep_ruling(by, made, ruling, now, "assessor_ruling")
        words = digest(made.salt, protocol.canonical(dict(answers)))
        log(("activity", activity), Verb.ASSESS, made, now, words=words, seal=row.seal_id)
        return ruling


def _new(
    row: Activity, version: ProtocolVersion, hand: tuple[Holding, Key], now: datetime
) -> Assessment:
    """`hand`: who assesses, and the key under which it was sent."""
    return Assessment(
        id=own_key(hand[0].person_id, hand[1]),
        seal_id=part_seal(row, "assessment"),
        activity=row,
        protocol=version,
        by=hand[0],
        at=now,
        supersedes=facts.latest_assessment(row.id),
        salt=salt(),
    )


def _kind(answers: Mapping[str, object]) -> str:
    """The kind of assessment, where the protocol asks for it."""
    said = answers.get("assessment_kind")
    return str(said) if said in Assessment.Kind.values else Assessment.Kind.SPECIFIC


def _edited(
    rules: protocol.Protocol, answers: Mapping[str, object], shown: Mapping[str, object] | None
) -> dict[str, object]:
    """What was answered when a Ruling was first shown, where it is answered otherwise now."""
    if shown is None:
        return {}
    now = protocol.plain_answers(rules, protocol.read_answers(rules, answers))
    return {name: value for name, value in shown.items() if now.get(name) != value}


def _baseline(by: Viewer, activity: UUID, now: datetime) -> Assessment | None:
    parties = Line.objects.filter(activity=activity).values_list("party", flat=True)
    found = baseline_of(by, set(parties), now)
    return found.assessment if found else None


def _agreed(
    activity: UUID,
    rules: protocol.Protocol,
    answers: Mapping[str, object],
    wanted: Collection[UUID],
) -> frozenset[UUID]:
    """The lines agreed to be exempt. Building is support; what is not claimed is not agreed."""
    lines = {line.id: line for line in Line.objects.filter(activity=activity)}
    whole = answers.get("exempt_whole") == "yes"
    exempt = frozenset(lines) if whole else frozenset(wanted) & frozenset(lines)
    for key in exempt:
        if lines[key].kind in NEVER_EXEMPT or not (whole or lines[key].exempt):
            name = "exempt_whole" if "exempt_whole" in rules.by_id else "support_kind"
            raise protocol.AnswerError(
                (protocol.AnswerMistake(name, "not_exempt", "a line here is support, not exempt"),)
            )
    return exempt


def _check(
    activity: UUID,
    rules: protocol.Protocol,
    answers: Mapping[str, object],
    exempt: frozenset[UUID],
) -> None:
    """Every required question answered or reasoned about, and nothing that the lines deny."""
    given = protocol.read_answers(rules, answers)
    mistakes = [
        protocol.AnswerMistake(name, "required", "answer it, or say why it is not known")
        for name in protocol.completeness(rules, given).missing
    ]
    lines = Line.objects.filter(activity=activity).exclude(id__in=exempt)
    kinds = given.known.get("support_kind")
    if isinstance(kinds, frozenset) and not {line.kind for line in lines} <= kinds:
        mistakes.append(
            protocol.AnswerMistake(
                "support_kind", "lines_say_more", "the lines contain a kind that is left out here"
            )
        )
    if given.known.get("lethal") == "no" and any(line.lethal for line in lines):
        mistakes.append(
            protocol.AnswerMistake("lethal", "lines_say_more", "a line contains lethal means")
        )
    if mistakes:
        raise protocol.AnswerError(tuple(mistakes))


def _check_earlier(
    activity: UUID, rules: protocol.Protocol, answers: Mapping[str, object], now: datetime
) -> None:
    """What was refused or suspended under a former name is not left out (C6)."""
    said = protocol.read_answers(rules, answers).known.get("earlier_decisions")
    if not isinstance(said, frozenset):
        return
    parties = set(Line.objects.filter(activity=activity).values_list("party", flat=True))
    if not standing.earlier(parties, activity, now) <= said:
        raise protocol.AnswerError(
            (
                protocol.AnswerMistake(
                    "earlier_decisions", "records_say_more", "it was refused or suspended before"
                ),
            )
        )


def _check_review(
    activity: UUID,
    rules: protocol.Protocol,
    answers: Mapping[str, object],
    still: Collection[str],
) -> None:
    """A review starts from the old answers, and each of them is confirmed or changed."""
    former = facts.latest_assessment(activity)
    old = former.answers if former else {}
    wrong = [
        protocol.AnswerMistake(name, "unconfirmed", "say that it is still so, or change it")
        for name, said in answers.items()
        if name in old and old[name] == said and name not in still
    ]
    if "assessment_kind" in rules.by_id and answers.get("assessment_kind") != "review":
        wrong.append(protocol.AnswerMistake("assessment_kind", "is_review", "this is a review"))
    if wrong:
        raise protocol.AnswerError(tuple(wrong))


def keep_ruling(
    by: Viewer, assessment: Assessment, ruling: v.Ruling, now: datetime, seal: str
) -> Ruling:
    """Store a Ruling as shown to one post, under the seal of its readers."""
    if ruling.version != assessment.protocol.digest:
        raise refuse(Verb.ASSESS, "other_version", "The protocol changed. Open the form again.")
    kept = Ruling(
        id=uuid4(),
        seal_id=part_seal(assessment.activity, seal),
        assessment=assessment,
        post_id=by.post,
        at=now,
        text=protocol.canonical(protocol.ruling_to_json(ruling)),
        salt=salt(),
    )
    kept.save(force_insert=True)
    return kept
