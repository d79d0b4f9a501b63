"""Assess a party: the shared baseline of a force, which requests then stand on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from primum.actions.assess import keep_ruling
from primum.actions.base import NotThere, acting, digest, holding, log, refuse, salt
from primum.actions.once import Key, once, own_key
from primum.cases import facts
from primum.cases.models import Assessment, ProtocolVersion
from primum.core import authority, protocol
from primum.core.vocabulary import Stakes, Verb
from primum.people import door, mission
from primum.people.sight import Viewer
from primum.register.models import Party


@once(Assessment)
def assess_party(
    *,
    by: Viewer,
    now: datetime,
    party: UUID,
    version: UUID,
    answers: Mapping[str, object],
    key: Key = None,
) -> UUID:
    """Write a baseline, superseding the last one of the same party. Nobody decides on it."""
    with acting(by):
        row = Party.objects.filter(id=party).first()
        text = ProtocolVersion.objects.filter(id=version).first()
        if row is None or text is None:
            raise NotThere
        if not authority.may(door.actor(by, now), Verb.ASSESS, Stakes.LEADERSHIP):
            raise refuse(Verb.ASSESS, "not_your_move", "This step belongs to another post.")
        _check(facts.protocol_of(text), answers)
        baselines = Assessment.objects.filter(party=row, kind=Assessment.Kind.BASELINE)
        made = Assessment(
            id=own_key(by.person, key),
            seal_id=mission.default_seal("assessment"),
            party=row,
            kind=Assessment.Kind.BASELINE,
            protocol=text,
            answers=dict(answers),
            by=holding(by, now, Verb.ASSESS),
            at=now,
            supersedes=baselines.order_by("-at").first(),
            salt=salt(),
        )
        made.save(force_insert=True)
        # Read by everybody who may read the assessment: requests stand on its level.
        keep_ruling(by, made, facts.ruling_for(by, made, now), now, "assessment")
        words = digest(made.salt, protocol.canonical(dict(answers)))
        log(("party", party), "assess_party", made, now, words=words, seal=made.seal_id)
        return made.id


def _check(rules: protocol.Protocol, answers: Mapping[str, object]) -> None:
    if rules.about != "party":
        raise refuse(Verb.ASSESS, "no_protocol", "Choose a protocol that is about a party.")
    missing = protocol.completeness(rules, protocol.read_answers(rules, answers)).missing
    if missing:
        says = "answer it, or say why it is not known"
        raise protocol.AnswerError(
            tuple(protocol.AnswerMistake(name, "required", says) for name in missing)
        )
