"""What a look is made by: its protocol and plan, who may make it, from when on, of what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from primum.cases import effects, facts, hands
from primum.cases.models import Activity, Line, Look
from primum.core import authority
from primum.core.protocol import LookPlan, Protocol
from primum.people import door, mission, queries
from primum.people.models import Organisation, Post
from primum.people.sight import Viewer, viewing
from primum.register.models import Party

EARLY_DAYS = 30
"""How long before its day a look may be made and still count."""


def rules_of(row: Look) -> Protocol | None:
    """The protocol that a look's questions stand in; none where it asks for words alone."""
    if row.protocol is not None:
        return facts.protocol_of(row.protocol)
    if row.activity_id is None:
        return None
    found = [facts.protocol_of(version) for version in facts.governing(row.activity_id)]
    return next((each for each in found if set(row.asks) <= set(each.by_id)), None)


def plan_of(row: Look) -> LookPlan | None:
    """The plan it was made by; none for a look that nobody planned."""
    if row.plan == effects.SIGNPOST:
        return effects.SIGNPOST_LOOK
    rules = rules_of(row)
    return next((each for each in rules.looks if each.id == row.plan), None) if rules else None


def may_make(viewer: Viewer, row: Look, now: datetime) -> bool:
    """Whether it is due from this viewer, or the protocol lets their duty make it all the same."""
    if row.post_id in queries.answers_for(viewer, now):
        return True
    plan = plan_of(row)
    allowed = {plan.by, *plan.may} if plan else set() if row.activity_id else authority.LOOKS
    return bool(allowed & viewer.duties)


def counts_from(row: Look) -> datetime:
    """The first moment at which this look can be made; what is seen before is a report."""
    return row.due - timedelta(days=max(row.grace_days, EARLY_DAYS))


def there(row: Look) -> Q:
    """The looks at the same facility, or, where there is none, at the same party."""
    return at(row.place_id, row.party_id)


def party_at(activity: Activity) -> UUID | None:
    """Whom a look is at where the activity has no place: the party of its first line."""
    if activity.place_id is not None:
        return None
    lines = Line.objects.filter(activity=activity).order_by("number", "id")
    return lines.values_list("party", flat=True).first()


def at(place: UUID | None, party: UUID | None) -> Q:
    return Q(place=place) if place else Q(party=party, place=None)


def is_judged(viewer: Viewer, rows: Collection[Look]) -> bool:
    """Whether one of these looks judges the viewer's own: their organisation, or their state.

    Whoever belongs to what is judged is no witness of it, whatever they may see of the case.
    """
    with viewing(door.clock()):
        lines = Line.objects.filter(activity__in=[row.activity_id for row in rows])
        named = Q(id__in=lines.values("party")) | Q(id__in=[row.party_id for row in rows])
        parties = list(Party.every.filter(named).values_list("organisation", "contributor_state"))
        own, states = _belongs_to(viewer)
    return any(
        organisation in own or (state and state in states) for organisation, state in parties
    )


def _belongs_to(viewer: Viewer) -> tuple[set[UUID], set[str]]:
    """The viewer's organisation with those above it, and the states that lend them."""
    states = {Post.objects.values_list("contributor_state", flat=True).get(id=viewer.post)}
    own: set[UUID] = set()
    here = viewer.organisation
    while here is not None and here not in own:
        own.add(here)
        found = Organisation.objects.values_list("parent", "contributor_state").get(id=here)
        here = found[0]
        states.add(found[1])
    return own, states


def hides_day(viewer: Viewer, row: Look, now: datetime) -> bool:
    """Whether this viewer is told the month alone: who asked for it, or is judged by it."""
    if not row.unannounced or row.state != Look.State.OPEN or row.activity is None:
        return False
    return hands.is_own_case(door.actor(viewer, now), row.activity, now) or is_judged(viewer, [row])


def month_of(due: datetime) -> datetime:
    return due.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


UNPLANNED = "unplanned"
"""The plan of a look that nobody planned."""


def unplanned(place: UUID | None, party: UUID | None, post: UUID, now: datetime) -> Look:
    """A look that nobody planned, not written yet: it asks what the fullest look there asks.

    As far as the viewer may see. Where none was ever planned it asks for words alone.
    """
    row = Look(
        plan=UNPLANNED,
        place_id=place,
        party_id=party,
        post_id=post,
        due=now + timedelta(days=EARLY_DAYS),
        required=False,
    )
    former = Look.objects.filter(at(place, party)).exclude(protocol=None)
    fullest = max(
        former.select_related("protocol"),
        key=lambda each: (len(each.asks), each.due, str(each.id)),
        default=None,
    )
    if fullest is not None:
        row.protocol, row.asks = fullest.protocol, list(fullest.asks)
    return row


def posts_of(viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """The posts whose work lands on this viewer's desk."""
    return queries.answers_for(viewer, now)


def second_read_share() -> int:
    """Of a hundred quiet looks, how many a second post reads."""
    return mission.second_reading()[0]
