"""Advise: one post's support, support with conditions, or objection, on what it may see."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.assess import keep_ruling
from primum.actions.base import (
    acting,
    activity_of,
    ask_for,
    digest,
    holding,
    log,
    move,
    needs,
    part_seal,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import facts
from primum.cases.models import Advice
from primum.core.vocabulary import Verb
from primum.people import door
from primum.people.sight import Viewer


@once(Advice)
def advise(
    *, by: Viewer, now: datetime, activity: UUID, position: str, words: str, key: Key = None
) -> UUID:
    """Advise on the latest assessment. The full Ruling of the widest-sealed post is kept here."""
    with acting(by):
        row = activity_of(activity)
        who = holding(by, now, Verb.ADVISE)
        if position not in Advice.Position.values:
            raise refuse(Verb.ADVISE, "no_position", "Choose: support, with conditions, object.")
        reasons = needs(words, Verb.ADVISE)
        assessment = facts.latest_assessment(activity)
        if assessment is None:
            raise refuse(Verb.ADVISE, "not_assessed", "There is no assessment yet.")
        move(row, facts.case_state(by, row, now), ask_for(Verb.ADVISE, by, now, row))
        absent = facts.barred(row, Verb.ADVISE, now)
        if Advice.objects.filter(assessment=assessment, post=by.post).exists():
            raise refuse(Verb.ADVISE, "advised", "Your post has advised on this assessment.")
        ruling = facts.ruling_for(by, assessment, now)
        kept = keep_ruling(by, assessment, ruling, now, "full_ruling")
        made = Advice(
            id=own_key(by.person, key),
            seal_id=part_seal(row, "decider"),
            activity=row,
            assessment=assessment,
            ruling=kept,
            post_id=by.post,
            in_place_of_id=door.in_place_of(by, "advises", now, absent),
            by=who,
            at=now,
            position=position,
            words=reasons,
            salt=salt(),
        )
        made.save(force_insert=True)
        words = digest(made.salt, position, reasons)
        log(("activity", activity), Verb.ADVISE, made, now, words=words, seal=row.seal_id)
        return made.id
