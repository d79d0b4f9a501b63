"""Who had a hand in a case: nobody judges what they proposed, or assessed, or advised on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from primum.cases.models import Activity, Entry
from primum.core import authority
from primum.core.vocabulary import Actor, Verb
from primum.people import door
from primum.people.chairs import chairs

OWNER_ACTS = (Verb.PROPOSE, Verb.DELIVER, Verb.FINISH)
"""What is done as the owner of a case, in one's own post or in place of an empty one."""

JUDGING = frozenset({Verb.ASSESS, Verb.ADVISE, Verb.DECIDE, Verb.RESUME, Verb.CLOSE_EARLY})


def owners(rows: Collection[Activity], now: datetime) -> Mapping[UUID, frozenset[UUID]]:
    """By activity, the people whose own case it is, those who answer for an empty post included."""
    return standing_in(rows, proposers(rows, now), now)


def standing_in(
    rows: Collection[Activity], found: Mapping[UUID, frozenset[UUID]], now: datetime
) -> Mapping[UUID, frozenset[UUID]]:
    """The proposers found, and those who sit where the work of the owner's post is done today."""
    seats = chairs(now)
    return {row.id: found[row.id] | seats.answering(row.owner_id) for row in rows}


def proposers(rows: Collection[Activity], now: datetime) -> Mapping[UUID, frozenset[UUID]]:
    """By activity, whoever proposed it, held the post that did in the last 90 days, or acted as its
    owner at any time: the ledger knows them by person, whatever post they act in today.
    """
    lately = door.recently_in({row.owner_id for row in rows}, now)
    found = {row.id: {row.proposed_by.person_id, *lately[row.owner_id]} for row in rows}
    acts = Entry.objects.filter(case__in=found, verb__in=OWNER_ACTS)
    for case, person in acts.values_list("case", "person"):
        found[case].add(person)
    return {case: frozenset(people) for case, people in found.items()}


def is_own_case(actor: Actor, row: Activity, now: datetime) -> bool:
    """Whether this actor would judge in a matter of their own (SETTLED 14)."""
    return (
        authority.is_own_case(actor, row.proposed_by.person_id, row.owner_id)
        or actor.person in owners([row], now)[row.id]
    )


def barred(
    verb: Verb, owners: frozenset[UUID], assessor: UUID | None, advisers: frozenset[UUID]
) -> frozenset[UUID]:
    """The people who may not do this to a case; what only they could do passes up past them."""
    judged = frozenset({assessor} if assessor else ())
    return {
        Verb.ASSESS: owners,
        Verb.ADVISE: owners | judged,
        Verb.DECIDE: owners | judged | advisers,
        Verb.RESUME: owners,
        Verb.CLOSE_EARLY: owners,
    }.get(verb, frozenset())
