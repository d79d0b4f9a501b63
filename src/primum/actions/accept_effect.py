"""Accept an effect: the decider's own words on a serious harm that no commitment meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from primum.actions.base import (
    NotThere,
    Refused,
    acting,
    activity_of,
    ask_for,
    digest,
    holding,
    log,
    narrower,
    needs,
    part_seal,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases import effects as asked_about
from primum.cases import facts
from primum.cases.models import Accepted, Activity, Assessment, Effect
from primum.core import authority, effects
from primum.core.vocabulary import Because, Refusal, Verb
from primum.people.models import Holding
from primum.people.sight import Viewer

UNWEIGHED = Because(
    "effects_not_weighed",
    "The protocol names ways in which this could do harm, and not all of them were confirmed or"
    " struck. The post that assesses does that first.",
)
UNREAD = Because(
    "effects_not_read",
    "The list of effects names no harm, or no good. A second person reads it before a yes.",
)
UNMET = Because(
    "effects_unmet",
    "A serious harm is neither met by a commitment that is asked for nor accepted in words."
    " Ask for the commitment, accept it, or ask the post that assessed.",
)


@once(Accepted)
def accept_effect(*, by: Viewer, now: datetime, effect: UUID, words: str, key: Key = None) -> UUID:
    """Accept one serious harm in one's own words, as a post that may decide the case."""
    with acting(by):
        row = Effect.objects.filter(id=effect).first()
        if row is None:
            raise NotThere
        activity = activity_of(row.activity_id)
        _may_decide(by, now, activity)
        if row.state not in Effect.LIVE or not _weighs(row):
            raise refuse(Verb.DECIDE, "not_to_accept", "This needs no acceptance.")
        made = _accept(row, holding(by, now, Verb.DECIDE), now, words)
        made.id = own_key(by.person, key)
        made.save(force_insert=True)
        said = digest(made.salt, made.words)
        case = ("activity", activity.id)
        log(case, "accept_effect", made, now, words=said, seal=made.seal_id)
        return made.id


def answer_for_effects(
    activity: Activity,
    assessment: Assessment,
    who: Holding,
    now: datetime,
    wish: tuple[tuple[str, ...] | None, Mapping[UUID, str]],
) -> None:
    """Before a yes: keep what is accepted with it, then refuse what it still does not answer for.

    `wish`: the codes of the commitments asked for (None: all that are proposed), and effect -> the
    words in which it is accepted.
    """
    conditions, accepts = wish
    _keep_accepted(activity, who, now, accepts)
    rules = facts.protocol_of(assessment.protocol)
    asked = asked_about.proposed(rules, assessment.answers)
    wanted = asked if conditions is None else asked & set(conditions)
    reasons = tuple(_reasons(asked_about.gate(activity.id, wanted)))
    if reasons:
        raise Refused(Refusal(Verb.DECIDE, reasons))


def _reasons(gate: asked_about.Gate) -> Iterator[Because]:
    if gate.unweighed:
        yield UNWEIGHED
    if gate.unread:
        yield UNREAD
    if gate.unmet:
        yield UNMET


def _keep_accepted(
    activity: Activity, who: Holding, now: datetime, accepts: Mapping[UUID, str]
) -> None:
    """Of those that this decider sees; what they typed for another is not there."""
    rows = Effect.objects.filter(activity=activity, id__in=accepts, state__in=Effect.LIVE)
    for row in rows.order_by("at", "id"):
        if accepts[row.id].strip() and _weighs(row):
            _accept(row, who, now, accepts[row.id]).save(force_insert=True)


def _accept(row: Effect, who: Holding, now: datetime, words: str) -> Accepted:
    return Accepted(
        seal_id=narrower(part_seal(row.activity, "decider"), row.seal_id),
        activity=row.activity,
        effect=row,
        by=who,
        at=now,
        words=needs(words, Verb.DECIDE),
        salt=salt(),
    )


def _weighs(row: Effect) -> bool:
    return effects.must_be_met(
        good=row.good,
        seriousness=row.seriousness,
        likelihood=row.likelihood,
        option=row.option,
    )


def _may_decide(by: Viewer, now: datetime, activity: Activity) -> None:
    ask = ask_for(Verb.DECIDE, by, now, activity)
    if not authority.may(ask.by, Verb.DECIDE, facts.stakes_now(by, activity, now)):
        raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
    if by.person in facts.barred(activity, Verb.DECIDE, now):
        raise refuse(
            Verb.DECIDE,
            "own_case",
            "Your post or you yourself proposed this, now or in the last 90 days."
            " Somebody else decides on it.",
        )
