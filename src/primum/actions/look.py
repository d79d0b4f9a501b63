"""Look: record what was seen. A look refused at the gate is not a look made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from primum.actions.base import (
    NotThere,
    acting,
    digest,
    holding,
    log,
    needs,
    refresh_lease,
    refuse,
)
from primum.cases import facts
from primum.cases.models import Look
from primum.core import protocol
from primum.core.vocabulary import Verb
from primum.people import queries
from primum.people.sight import Viewer

MADE = ("nothing_grave", "grave")
NOT_MADE = ("refused", "could_not")
METHODS = ("visit", "phone", "partner", "community", "joint")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look brought: its result, how it was made, answers to its questions, words."""

    result: str
    method: str
    answers: Mapping[str, object] = field(default_factory=dict)
    words: str = ""


def look(*, by: Viewer, now: datetime, look: UUID, seen: Seen) -> bool:
    """Record a look; True when it counts as made. Renewing the lease is for made looks alone."""
    with acting(by):
        row = Look.objects.select_related("activity").filter(id=look).first()
        if row is None:
            raise NotThere
        if row.post_id not in queries.answers_for(by, now):
            raise refuse(Verb.LOOK, "not_your_move", "This look is due from another post.")
        who = holding(by, now, Verb.LOOK)
        _check(row, seen)
        made = seen.result in MADE
        attempt = {"at": now.isoformat(), "result": seen.result, "method": seen.method}
        changes: dict[str, object] = {"attempts": [*row.attempts, attempt]}
        if made:
            changes |= {
                "state": Look.State.MADE,
                "made": now,
                "made_by": who,
                "method": seen.method,
                "result": seen.result,
                "answers": dict(seen.answers),
                "words": seen.words.strip(),
            }
        elif seen.words.strip():
            changes["words"] = f"{row.words}\n{seen.words.strip()}".strip()
        hit = Look.objects.filter(id=look, state=Look.State.OPEN).update(**changes)
        if hit != 1:
            raise refuse(Verb.LOOK, "look_made", "This look has been made or released.")
        refresh_lease(row.activity_id, now)
        words = digest(row.salt, seen.result, protocol.canonical(dict(seen.answers)), seen.words)
        verb = "look" if made else "look_refused"
        case = ("activity", row.activity_id)
        log(case, verb, row, now, words=words, seal=row.activity.seal_id)
        return made


def _check(row: Look, seen: Seen) -> None:
    if seen.result not in MADE + NOT_MADE:
        raise refuse(Verb.LOOK, "no_result", "Say how it went: nothing grave, grave, refused…")
    if seen.method not in METHODS:
        raise refuse(Verb.LOOK, "no_method", "Say how the look was made: visit, phone, partner…")
    if seen.result != "nothing_grave":
        needs(seen.words, Verb.LOOK, "words")
    asked = {name: seen.answers[name] for name in row.asks if name in seen.answers}
    if set(asked) != set(seen.answers):
        raise refuse(Verb.LOOK, "other_question", "An answer belongs to no question of this look.")
    for version in facts.governing(row.activity_id):
        rules = facts.protocol_of(version)
        if all(name in rules.by_id for name in row.asks):
            protocol.read_answers(rules, asked)
