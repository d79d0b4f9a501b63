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
    refuse,
    salt,
)
from primum.cases import facts
from primum.cases.models import Assessment, Ruling
from primum.core import protocol
from primum.core import vocabulary as v
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer


def assess(*, by: Viewer, now: datetime, activity: UUID, answers: Mapping[str, object]) -> v.Ruling:
    """Write an assessment, superseding the last one; returns the Ruling as `by` may see it.

    The stakes follow from it: they are computed, never chosen.
    """
    with acting(by):
        row = activity_of(activity)
        who = holding(by, now, Verb.ASSESS)
        version = facts.governing(activity)[0]
        protocol.read_answers(facts.protocol_of(version), answers)
        former = facts.latest_assessment(activity)
        made = Assessment(
            id=uuid4(),
            seal_id=mission.default_seal("assessment"),
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
        case = facts.case_state(by, row)
        ask = ask_for(Verb.ASSESS, by, now, row)
        made.stakes = stakes.word
        move(row, case, ask)
        made.save(force_insert=True)
        keep_ruling(by, made, ruling, now, "assessment")
        words = digest(made.salt, protocol.canonical(dict(answers)))
        log(("activity", activity), Verb.ASSESS, made, now, words=words, seal=row.seal_id)
        return ruling


def keep_ruling(
    by: Viewer, assessment: Assessment, ruling: v.Ruling, now: datetime, seal: str
) -> Ruling:
    """Store a Ruling as shown to one post, under the seal of its readers."""
    if ruling.version != assessment.protocol.digest:
        raise refuse(Verb.ASSESS, "other_version", "The protocol changed. Open the form again.")
    kept = Ruling(
        id=uuid4(),
        seal_id=mission.default_seal(seal),
        assessment=assessment,
        post_id=by.post,
        at=now,
        text=protocol.canonical(protocol.ruling_to_json(ruling)),
        salt=salt(),
    )
    kept.save(force_insert=True)
    return kept
