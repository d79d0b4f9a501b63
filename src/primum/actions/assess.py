"""Assess: answer the protocol's questions for the mission, and keep the Ruling that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
from primum.cases import facts
from primum.cases.models import Assessment, Line, Ruling
from primum.cases.sizes import splits
from primum.core import protocol
from primum.core import vocabulary as v
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


def _ruling(by: Viewer, now: datetime, assessment: UUID) -> v.Ruling:
    row = Assessment.objects.select_related("protocol").get(id=assessment)
    return facts.ruling_for(by, row, now)


@again(Assessment, "", _ruling)
def assess(
    *,
    by: Viewer,
    now: datetime,
    activity: UUID,
    answers: Mapping[str, object],
    key: Key = None,
) -> v.Ruling:
    """Write an assessment, superseding the last one; returns the Ruling as `by` may see it.

    The stakes follow from it: they are computed, never chosen.
    """
    with acting(by):
        row = activity_of(activity)
        who = holding(by, now, Verb.ASSESS)
        version = facts.governing(activity)[0]
        _check(activity, facts.protocol_of(version), answers)
        former = facts.latest_assessment(activity)
        made = Assessment(
            id=own_key(by.person, key),
            seal_id=part_seal(row, "assessment"),
            activity=row,
            protocol=version,
            answers=dict(answers),
            by=who,
            at=now,
            supersedes=former,
            salt=salt(),
        )
        ruling = facts.ruling_for(by, made, now)
        stakes = facts.computed_stakes(by, activity, ruling, now)
        case = facts.case_state(by, row, now)
        ask = ask_for(Verb.ASSESS, by, now, row)
        made.stakes = stakes.word
        made.split = splits(by, activity, now)
        move(row, case, ask)
        made.save(force_insert=True)
        keep_ruling(by, made, ruling, now, "assessor_ruling")
        words = digest(made.salt, protocol.canonical(dict(answers)))
        log(("activity", activity), Verb.ASSESS, made, now, words=words, seal=row.seal_id)
        return ruling


def _check(activity: UUID, rules: protocol.Protocol, answers: Mapping[str, object]) -> None:
    """Every required question answered or reasoned about, and nothing that the lines deny."""
    given = protocol.read_answers(rules, answers)
    mistakes = [
        protocol.AnswerMistake(name, "required", "answer it, or say why it is not known")
        for name in protocol.completeness(rules, given).missing
    ]
    lines = Line.objects.filter(activity=activity)
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
