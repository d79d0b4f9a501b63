"""Looks: one to make, what the same visit serves, and what was seen at those that were made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from primum.cases import looking
from primum.cases.models import Activity, Commitment, Look
from primum.cases.queries.answered import shown_answers
from primum.cases.queries.shapes import LookLine, OfferedLook, OwedThere, ReadingLine, WhatIsThere
from primum.core import authority, protocol
from primum.people import door
from primum.people.sight import Viewer, require
from primum.register.models import Party, Place

__all__ = ["LookForm", "extra_page", "look_lines", "look_page", "may_look"]

MOST_SHOWN = 20
"""Commitments listed beside a look; more is a page of its own."""


@dataclass(frozen=True, slots=True)
class LookForm:
    """A look with the questions the protocol asks at it, and what the same visit serves beside."""

    id: UUID | None
    """None for a look that nobody planned."""
    activity: UUID | None
    activity_title: str
    title: Mapping[str, str]
    due: datetime
    month_only: bool
    state: str
    questions: tuple[protocol.Question, ...]
    methods: tuple[str, ...]
    there: WhatIsThere
    offers: tuple[OfferedLook, ...]
    owed: tuple[OwedThere, ...]
    may_make: bool
    grave: tuple[Mapping[str, str], ...]
    """What makes it grave by the protocol, whatever the looker calls it."""
    share: int
    """Of a hundred quiet looks, how many a second post reads."""


def look_page(viewer: Viewer, key: UUID, now: datetime) -> LookForm | None:
    """A look with its questions, the ways it may be made, and what else waits there."""
    require(viewer)
    rows = Look.objects.select_related("activity__proposed_by", "protocol", "place", "party")
    row = rows.filter(Look.IN_SIGHT, id=key).first()
    return None if row is None else _form(viewer, row, now)


def extra_page(
    viewer: Viewer, place: UUID | None, party: UUID | None, now: datetime
) -> LookForm | None:
    """The form of a look that nobody planned; None where there is nothing, or no duty to look."""
    require(viewer)
    if not authority.LOOKS & viewer.duties or (place is None) == (party is None):
        return None
    seen = (
        Place.objects.filter(id=place).exists()
        if place
        else Party.objects.filter(id__in=[party]).exists()
    )
    return _form(viewer, looking.unplanned(place, party, viewer.post, now), now) if seen else None


def _form(viewer: Viewer, row: Look, now: datetime) -> LookForm:
    rules, plan = looking.rules_of(row), looking.plan_of(row)
    questions = tuple(rules.by_id[name] for name in row.asks) if rules else ()
    hidden = looking.hides_day(viewer, row, now)
    offers = _offers(viewer, row, questions, now)
    return LookForm(
        id=None if row.plan == looking.UNPLANNED else row.id,
        activity=row.activity_id,
        activity_title=row.activity.title if row.activity else "",
        title=plan.title if plan and row.plan != looking.UNPLANNED else {},
        due=looking.month_of(row.due) if hidden else row.due,
        month_only=hidden,
        state=row.state,
        questions=questions,
        methods=tuple(m.value for m in (plan.methods if plan else protocol.Method)),
        there=what_is_there(row),
        offers=offers,
        owed=_owed(viewer, row, now),
        may_make=looking.may_make(viewer, row, now),
        grave=_grave(rules, row),
        share=looking.second_read_share(),
    )


def _grave(rules: protocol.Protocol | None, row: Look) -> tuple[Mapping[str, str], ...]:
    """Those rules that this look's own questions can meet."""
    if rules is None:
        return ()
    asked = {name for ask in row.asks for name in rules.by_id[ask].names}
    return tuple(
        rule.says for rule in rules.grave if protocol.names_in(rule.when.expression) & asked
    )


def may_look(viewer: Viewer) -> bool:
    """Whether this viewer may record a look that nobody planned."""
    require(viewer)
    return bool(authority.LOOKS & viewer.duties)


def what_is_there(row: Look) -> WhatIsThere:
    """The place or the party, as far as this viewer may know it."""
    if row.place is not None:
        return WhatIsThere(row.place_id, None, row.place.names, "")
    return WhatIsThere(None, row.party_id, {}, row.party.name if row.party else "")


def _offers(
    viewer: Viewer, row: Look, own: Collection[protocol.Question], now: datetime
) -> tuple[OfferedLook, ...]:
    """The other open looks there that this visit can serve: the viewer may make them, by now.

    A question asked under the same name in another way would be answered for both: that look is
    made by itself.
    """
    if row.state != Look.State.OPEN:
        return ()
    here = Look.objects.filter(looking.there(row), Look.IN_SIGHT, state=Look.State.OPEN)
    # One with signposts to look for is made by itself: they are asked on its own form.
    found = here.exclude(id=row.id).exclude(signs__answer="")
    rows = found.select_related("activity__proposed_by", "protocol").order_by("due", "id")
    asked = {question.id: question for question in own}
    offers: list[OfferedLook] = []
    for other in rows:
        rules, plan = looking.rules_of(other), looking.plan_of(other)
        if rules is None or other.activity is None or not _serves(viewer, other, now):
            continue
        wants = [rules.by_id[name] for name in other.asks]
        if any(q.id in asked and asked[q.id].domain != q.domain for q in wants):
            continue
        more = tuple(question for question in wants if question.id not in asked)
        asked |= {question.id: question for question in more}
        offers.append(
            OfferedLook(
                id=other.id,
                title=plan.title if plan else {},
                activity=other.activity.id,
                activity_title=other.activity.title,
                due=other.due,
                asks=tuple(other.asks),
                more=more,
            )
        )
    return tuple(offers)


def _serves(viewer: Viewer, other: Look, now: datetime) -> bool:
    return (
        looking.counts_from(other) <= now
        and looking.may_make(viewer, other, now)
        and not looking.hides_day(viewer, other, now)
        and not looking.is_judged(viewer, [other])
    )


def _owed(viewer: Viewer, row: Look, now: datetime) -> tuple[OwedThere, ...]:
    """What was promised there and waits for the post that verifies it: soonest first."""
    mine = looking.posts_of(viewer, now)
    here = (
        Q(activity__place=row.place_id)
        if row.place_id
        else Q(activity__lines__party=row.party_id, activity__place=None)
    )
    rows = Commitment.objects.filter(Commitment.STILL_OWED, here).select_related("activity")
    found = {each.id: each for each in rows.order_by("due", "id")}
    return tuple(
        OwedThere(
            id=each.id,
            text=each.text,
            activity=each.activity_id,
            activity_title=each.activity.title,
            due=each.due,
            verifier=each.verifier_id,
            waits_for_me=each.verifier_id in mine,
        )
        for each in list(found.values())[:MOST_SHOWN]
    )


def look_lines(
    viewer: Viewer, activity: Activity, mine: frozenset[UUID], now: datetime
) -> tuple[LookLine, ...]:
    """The looks of an activity that this viewer may read, with what was found and who read it."""
    require(viewer)
    rows = Look.objects.filter(activity=activity).select_related("protocol", "made_by")
    found = list(rows.prefetch_related("readings__by").order_by("due", "id"))
    return tuple(_line(viewer, row, mine, now) for row in found)


def _line(viewer: Viewer, row: Look, mine: frozenset[UUID], now: datetime) -> LookLine:
    rules, plan = looking.rules_of(row), looking.plan_of(row)
    hidden = looking.hides_day(viewer, row, now)
    return LookLine(
        row.id,
        plan.title if plan else {"en": row.plan},
        looking.month_of(row.due) if hidden else row.due,
        row.state,
        row.post_id,
        row.made,
        row.method,
        row.result,
        row.words,
        tuple(row.attempts),
        shown_answers(viewer, rules, row.answers) if rules else (),
        row.state == Look.State.OPEN and row.post_id in mine,
        independence=row.independence,
        same_visit=row.same_visit_id,
        month_only=hidden,
        read_due=row.read_due,
        may_read=may_read(viewer, row, now),
        readings=reading_lines(row),
    )


def reading_lines(row: Look) -> tuple[ReadingLine, ...]:
    """What second readers said of a look, the latest first."""
    said: Iterable[ReadingLine] = (
        ReadingLine(each.at, each.by.post_id, each.verdict, each.words)
        for each in row.readings.all()
    )
    return tuple(sorted(said, key=lambda line: line.at, reverse=True))


def may_read(viewer: Viewer, row: Look, now: datetime) -> bool:
    """Whether the look waits for a second reader, and this viewer may be the one."""
    if row.state != Look.State.MADE or row.read_due is None or row.made_by is None:
        return False
    maker = row.made_by.person_id
    # What only its maker could read passes up past them.
    duties = door.actor(viewer, now, {maker}).duties
    reads = maker != viewer.person and bool(authority.READS_LOOKS & duties)
    return reads and not looking.is_judged(viewer, [row])
