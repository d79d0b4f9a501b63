"""What every action stands on: the viewing block, refusals, digests and the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Model

from primum.cases import facts, hands
from primum.cases.models import Activity, Decision
from primum.core.lifecycle import Ask, CaseState, advance
from primum.core.vocabulary import (
    Because,
    EndLease,
    OpenLease,
    Refusal,
    Step,
    Verb,
)
from primum.people import door, mission, queries
from primum.people.models import Holding, fresh_salt
from primum.people.sight import Viewer, viewing


class Refused(Exception):
    """A move that may not be made. Nothing was changed; `refusal` holds every reason."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(" ".join(str(reason) for reason in refusal.reasons))


class NotThere(Exception):
    """What you may not see does not exist."""


def refuse(verb: Verb, code: str, says: str, **values: object) -> Refused:
    return Refused(Refusal(verb, (Because(code, says, values),)))


@contextmanager
def acting(by: Viewer) -> Iterator[None]:
    """One transaction, seen through the eyes of the post that acts."""
    with viewing(by):
        yield


def holding(by: Viewer, now: datetime, verb: Verb) -> Holding:
    """The holding under which somebody acts; a post that has run out acts no more."""
    found = (
        Holding.objects.filter(person=by.person, post=by.post, starts__lte=now)
        .exclude(ends__lte=now)
        .first()
    )
    if found is None:
        raise refuse(verb, "post_ended", "You no longer hold this post.")
    return found


def salt() -> str:
    return fresh_salt()


def digest(salted_with: str, *words: object) -> str:
    """A digest of words for the ledger: useless to guess from once row and salt are erased."""
    said = json.dumps([str(word) for word in words], ensure_ascii=False)
    return hashlib.sha256(f"{salted_with}{said}".encode()).hexdigest()


def log(
    case: tuple[str, UUID],
    verb: str,
    record: Model,
    now: datetime,
    *,
    words: str,
    seal: UUID,
) -> None:
    """Append one line to a case's chain. Who acted comes from the viewer's own signed token."""
    kind, key = case
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_append(%s, %s, %s, %s, %s, %s, %s, %s)",
            [key, kind, verb, record._meta.model_name, record.pk, now, words, seal],
        )


def in_order(cases: Iterable[UUID]) -> list[UUID]:
    """Each once, in the order of their keys: two writers of the same chains wait for each other.

    In two orders, one of them would be killed as a deadlock.
    """
    return sorted(set(cases))


def activity_of(key: UUID) -> Activity:
    """The activity, if this viewer may see it."""
    found = Activity.objects.select_related("proposed_by").filter(id=key).first()
    if found is None:
        raise NotThere
    return found


def move(activity: Activity, case: CaseState, ask: Ask, **fields: object) -> Step:
    """Ask the table, then move the stage with one conditional update that must hit one row."""
    outcome = advance(case, ask)
    if isinstance(outcome, Refusal):
        raise Refused(outcome)
    changes = {"stage": outcome.after, **_applied(outcome), **fields}
    if outcome.after != outcome.before or ask.verb in (Verb.ASSESS, Verb.DECIDE):
        changes["stage_since"] = ask.now
    hit = Activity.objects.filter(
        id=activity.id, stage=outcome.before, stage_since=activity.stage_since
    ).update(**changes)
    if hit != 1:
        raise _overtaken(activity.id, ask.verb)
    for name, value in changes.items():
        setattr(activity, name, value)
    for effect in outcome.effects:
        if isinstance(effect, EndLease):
            gos = Decision.objects.filter(activity=activity.id, kind=Verb.DECIDE)
            gos.filter(approved_until__isnull=False, lease_ended=None).update(lease_ended=effect.at)
    return outcome


def _applied(step: Step) -> dict[str, object]:
    """The columns that a step's effects set; other effects are the action's own to make."""
    fields: dict[str, object] = {}
    for effect in step.effects:
        match effect:
            case OpenLease(until, watch_until):
                fields |= {
                    "approved_until": until,
                    "lease_end": until,
                    "watch_until": watch_until,
                }
            case EndLease(at):
                fields["lease_end"] = at
    if step.verb is Verb.SUSPEND:
        fields["decided_stage"] = step.before
    return fields


def _overtaken(activity: UUID, verb: Verb) -> Refused:
    """Nought rows: it moved, or it is gone from this viewer's sight. Say which post was first."""
    if not Activity.objects.filter(id=activity).exists():
        raise NotThere
    latest = (
        Decision.objects.filter(activity=activity).select_related("post").order_by("-at").first()
    )
    if latest is None:
        return refuse(verb, "moved", "Somebody moved this while you were writing.")
    return refuse(
        verb,
        "overtaken",
        "Somebody decided this while you were writing: %(post)s, at %(at)s.",
        post=latest.post.titles,
        at=latest.at,
    )


def ask_for(verb: Verb, by: Viewer, now: datetime, activity: Activity) -> Ask:
    """The question to the table, with what the actor is to this very activity.

    Whoever may not judge this case counts as away: the duty passes up past them (law 9).
    """
    roles = {"owner"} if activity.owner_id in queries.answers_for(by, now) else set()
    absent = facts.barred(activity, verb, now)
    return Ask(verb=verb, by=door.actor(by, now, absent), now=now, roles=frozenset(roles))


def own_case(ask: Ask, activity: Activity) -> bool:
    """Whether the actor would decide in a matter of their own (SETTLED 14)."""
    return hands.is_own_case(ask.by, activity, ask.now)


def chosen_seal(verb: Verb, kind: str, code: str) -> UUID:
    """The seal a writer names, or the default of the kind: never one that more may read under."""
    usual = mission.default_seal(kind)
    if not code:
        return usual
    levels = {seal["code"]: int(seal["level"]) for seal in mission.current().seals}
    default, wanted = mission.current().default_seals[kind], named_seal(verb, code)
    if levels[code] < levels[default] or narrower(wanted, usual) != wanted:
        raise refuse(
            verb,
            "not_higher",
            "More people may read under that seal than under the usual one. Choose a narrower one.",
        )
    return wanted


def named_seal(verb: Verb, code: str) -> UUID:
    """The seal of this name, which is in the mission folder for all to read."""
    if code not in {seal["code"] for seal in mission.current().seals}:
        raise refuse(verb, "no_seal", "There is no seal of this name. Choose one of the mission's.")
    return mission.seal_named(code)


def refresh_lease(activity: UUID, now: datetime) -> None:
    """Let the engine work out the lease's end anew, from every look and commitment there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_lease(%s, %s)", [activity, now])


def withhold_again() -> None:
    """Who a report is withheld from follows the register: worked out anew when ties change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT withhold_again()")


def part_seal(activity: Activity | None, kind: str) -> UUID:
    """The seal of a new part: its kind's own, or the activity's where fewer may read that."""
    if activity is None:
        return mission.default_seal(kind)
    return narrower(mission.default_seal(kind), activity.seal_id)


def narrower(one: UUID, other: UUID) -> UUID:
    """Of two seals the first, where nobody reads under it who may not read under the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT narrower_seal(%s, %s)", [one, other])
        row = cursor.fetchone()
    return UUID(str(row[0])) if row else other


def needs(words: str, verb: Verb, what: str = "reasons") -> str:
    """Words somebody owes: a decision without reasons is none."""
    trimmed = words.strip()
    if not trimmed:
        raise Refused(Refusal(verb, (MISSING.get(what, MISSING["reasons"]),)))
    return trimmed


MISSING = {
    "reasons": Because("no_reasons", "Say why, in your own words."),
    "title": Because("no_title", "Give it a title."),
    "name": Because("no_name", "Give it a name."),
    "what": Because("no_what", "Say what it is."),
    "words": Because("no_words", "Say in a few words what was seen, or why it could not be."),
    "put_right": Because("no_put_right", "Say what was put right since it was suspended."),
    "proof": Because("no_proof", "Say how you know: what proof you saw."),
}
