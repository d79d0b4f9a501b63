"""Look: record what was seen. A look refused at the gate is not a look made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
from primum.actions.once import Key, own_key, tried
from primum.actions.signposts import keep_signs
from primum.cases import facts
from primum.cases.models import Look
from primum.core import protocol
from primum.core.vocabulary import Verb
from primum.people import mission, queries
from primum.people.sight import Viewer

MADE = ("nothing_grave", "grave")
NOT_MADE = ("refused", "could_not")
EARLY_DAYS = 30
"""How long before its day a look may be made and still count."""
METHODS = ("visit", "phone", "partner", "community", "joint")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look brought: its result, how it was made, answers to its questions, words."""

    result: str
    method: str
    answers: Mapping[str, object] = field(default_factory=dict)
    words: str = ""
    signs: Mapping[UUID, str] = field(default_factory=dict)
    """Signpost on this look -> seen, not_seen or could_not_tell."""
    key: Key = None
    """Sent twice under one key, it is one attempt."""


def look(*, by: Viewer, now: datetime, look: UUID, seen: Seen) -> bool:
    """Record a look; True when it counts as made. Renewing the lease is for made looks alone."""
    with acting(by):
        row = _held(look)
        if (before := tried(row.attempts, by, seen.key)) is not None:
            return before in MADE
        if row.post_id not in queries.answers_for(by, now) and not _may(by, row):
            raise refuse(Verb.LOOK, "not_your_move", "This look is due from another post.")
        who = holding(by, now, Verb.LOOK)
        _check(row, seen, now)
        made = seen.result in MADE
        attempt = {"at": now.isoformat(), "result": seen.result, "method": seen.method}
        attempt |= {"key": str(own_key(by.person, seen.key))} if seen.key else {}
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
                "decision_due": _decision_due(seen, now),
            }
        elif seen.words.strip():
            changes["words"] = f"{row.words}\n{seen.words.strip()}".strip()
        hit = Look.objects.filter(id=look, state=Look.State.OPEN).update(**changes)
        if hit != 1:
            raise refuse(Verb.LOOK, "look_made", "This look has been made or released.")
        if made:
            keep_signs(row, who, now, seen.signs)
        refresh_lease(row.activity_id, now)
        words = digest(row.salt, seen.result, protocol.canonical(dict(seen.answers)), seen.words)
        verb = "look" if made else "look_refused"
        case = ("activity", row.activity_id)
        # An attempt that failed tells when somebody comes: it stays with those who look.
        seal = row.activity.seal_id if made else row.seal_id
        log(case, verb, row, now, words=words, seal=seal)
        return made


def _may(by: Viewer, row: Look) -> bool:
    """Whether the protocol lets this post make the look, though it is due from another."""
    for version in facts.governing(row.activity_id):
        plans = facts.protocol_of(version).looks
        if any(plan.id == row.plan and plan.may & by.duties for plan in plans):
            return True
    return False


def _held(key: UUID) -> Look:
    """The look, held until this attempt is written: of two attempts none overwrites the other."""
    rows = Look.objects.select_for_update(of=("self",)).select_related("activity")
    found = rows.filter(id=key).first()
    if found is None:
        raise NotThere
    return found


def _decision_due(seen: Seen, now: datetime) -> datetime | None:
    """Something grave asks for a decision, as a broken commitment does."""
    days = mission.clock_days("broken_decision_days")
    return now + timedelta(days=days) if seen.result == "grave" else None


def _check(row: Look, seen: Seen, now: datetime) -> None:
    earliest = row.due - timedelta(days=max(row.grace_days, EARLY_DAYS))
    if seen.result in MADE and now < earliest:
        raise refuse(
            Verb.LOOK,
            "too_early",
            "This look is due later and counts from %(day)s on. What was seen now is a report.",
            day=earliest,
        )
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
            _check_protocol(row, seen, rules, protocol.read_answers(rules, asked))


def _check_protocol(
    row: Look, seen: Seen, rules: protocol.Protocol, given: protocol.Answers
) -> None:
    """The plan's own ways of looking, and its required questions: a tick-box is no look."""
    plan = next((each for each in rules.looks if each.id == row.plan), None)
    if plan is not None and seen.method not in [method.value for method in plan.methods]:
        raise refuse(
            Verb.LOOK, "other_method", "The protocol does not accept this way of looking here."
        )
    missing = [
        name
        for name in row.asks
        if rules.by_id[name].required and name not in given.known and name not in given.because
    ]
    if missing and seen.result in MADE:
        raise protocol.AnswerError(
            tuple(
                protocol.AnswerMistake(name, "required", "answer it, or say why it is not known")
                for name in missing
            )
        )
