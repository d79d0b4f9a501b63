"""Signposts: the first signs of an effect, put on looks by a yes and answered when one is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from primum.actions.base import narrower, part_seal, refuse, salt
from primum.cases import effects as asked_about
from primum.cases import facts, looking
from primum.cases.models import Activity, Effect, Look, Sign
from primum.core import effects
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.models import Holding

NEAR: Final = timedelta(days=30)
"""How far from its day a signpost is looked for when somebody goes anyway."""
LOOKS_FIRST: Final = ("field_monitor", "verifies", "assesses")
"""Who goes where no look of the protocol comes near, if they may read the effect."""


def plan_signposts(activity: Activity, now: datetime) -> None:
    """Put each signpost on the nearest look of a post that may read its effect, or plan a look.

    Part of what follows a yes, through the clock's eyes. An effect that fewer may read than the
    assessment gets no look of its own: that one exists is told to everybody.
    """
    usual = part_seal(activity, "assessment")
    rows = Effect.objects.filter(
        activity=activity, state__in=Effect.LIVE, option=effects.AS_PROPOSED, look_on__isnull=False
    )
    pathways = asked_about.pathways(activity.id)
    waits = Q(answer="", look__state=Look.State.OPEN) | Q(answer__in=("seen", "not_seen"))
    known = Sign.objects.filter(waits, effect=OuterRef("id"))
    for row in rows.filter(~Exists(known)).order_by("at", "id"):
        offer = pathways.get(row.pathway)
        if not (row.signpost or (offer and offer.signpost)):
            continue
        readers = _readers(row.seal_id)
        sealed = row.seal_id != usual
        look = _nearest(activity, row, readers, None if sealed else NEAR)
        if look is None and not sealed:
            look = _own_look(activity, row, readers, now)
        if look is not None:
            Sign(
                id=uuid4(),
                seal_id=narrower(look.seal_id, row.seal_id),
                activity=activity,
                effect=row,
                look=look,
            ).save(force_insert=True)
            Effect.objects.filter(id=row.id).update(state=Effect.State.WATCHING)


def keep_signs(look: Look, who: Holding, now: datetime, signs: Mapping[UUID, str]) -> None:
    """What a look that was made answers to each signpost its looker is asked about.

    A first sign of harm asks for a decision, as a broken promise does.
    """
    asked = {row.id: row for row in Sign.objects.filter(look=look, answer="")}
    if set(signs) - set(asked):
        raise refuse(Verb.LOOK, "other_question", "An answer belongs to no question of this look.")
    if any(signs.get(key) not in effects.SIGNS for key in asked):
        raise refuse(
            Verb.LOOK, "signs_open", "Say of each sign: seen, not seen, or could not tell."
        )
    for key, answer in signs.items():
        Sign.objects.filter(id=key, answer="").update(answer=answer, at=now, by=who)
    seen = [key for key, answer in signs.items() if answer == "seen"]
    if Effect.objects.filter(signs__in=seen, good=False).exists():
        due = now + timedelta(days=mission.clock_days("broken_decision_days"))
        Look.objects.filter(id=look.id, decision_due=None).update(
            decision_due=due, decision_asked=now
        )


def _nearest(
    activity: Activity, effect: Effect, readers: frozenset[UUID], within: timedelta | None
) -> Look | None:
    day = _end_of_day(effect)
    rows = Look.objects.filter(activity=activity, state=Look.State.OPEN, post__in=readers)
    found = min(rows.order_by("due", "id"), key=lambda row: abs(row.due - day), default=None)
    if found is None or (within is not None and abs(found.due - day) > within):
        return None
    return found


def _own_look(
    activity: Activity, effect: Effect, readers: frozenset[UUID], now: datetime
) -> Look | None:
    rules = [facts.protocol_of(version) for version in facts.governing(activity.id)]
    duties = [plan.by for each in rules for plan in each.looks] + list(LOOKS_FIRST)
    holders = (mission.holders_of(duty) for duty in dict.fromkeys(duties))
    post = next((post for posts in holders for post in posts if post in readers), None)
    if post is None:
        return None
    made = Look(
        id=uuid4(),
        seal_id=part_seal(activity, "look"),
        activity=activity,
        place_id=activity.place_id,
        party_id=looking.party_at(activity),
        plan=asked_about.SIGNPOST,
        due=max(_end_of_day(effect), now + timedelta(days=1)),
        grace_days=asked_about.SIGNPOST_LOOK.grace_days,
        post_id=post,
        asks=[],
        salt=salt(),
    )
    made.save(force_insert=True)
    return made


def _end_of_day(effect: Effect) -> datetime:
    return datetime.combine(effect.look_on or effect.at.date(), time(23, 59, 59), UTC)


def _readers(seal: UUID) -> frozenset[UUID]:
    """Every post that may read under a seal: to one that may not, no question is put."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal_readers(%s)", [seal])
        row = cursor.fetchone()
    return frozenset(row[0]) if row else frozenset()
