"""Write a decision on an activity with its reasons and what is told. Part of the verbs that decide.

Called inside their transaction, once the table of moves has let them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.actions.base import digest, holding, log, needs, part_seal, salt
from primum.actions.once import Key, own_key
from primum.actions.told import keep_told
from primum.cases.models import Activity, Decision, Ground
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


@dataclass(frozen=True, slots=True)
class Said:
    """The reasons, for those who decide; what the requester is told; the key it was sent under."""

    words: str
    told: str = ""
    key: Key = None
    review_by: datetime | None = None
    seal: UUID | None = None
    """Where fewer than those who see the activity may know that it was decided, and by whom."""


def write_decision(
    by: Viewer, now: datetime, row: Activity, did: tuple[Verb, str], said: Said
) -> Decision:
    """One decision, its ground, and its line in the activity's chain. `did`: the verb, the kind."""
    verb, kind = did
    words = needs(said.words, verb)
    seal = said.seal or row.seal_id
    made = Decision(
        id=own_key(by.person, said.key),
        seal_id=seal,
        activity=row,
        kind=kind,
        post_id=by.post,
        by=holding(by, now, verb),
        at=now,
        review_by=said.review_by,
        salt=salt(),
    )
    made.save(force_insert=True)
    reasons = said.seal or part_seal(row, "decider")
    Ground(seal_id=reasons, decision=made, words=words, salt=salt()).save(force_insert=True)
    keep_told(made, "requester", said.told, made.by, now, reasons)
    told = said.told.strip()
    log(
        ("activity", row.id),
        kind,
        made,
        now,
        words=digest(made.salt, words, told),
        seal=seal,
    )
    return made
