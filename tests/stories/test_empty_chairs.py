"""People leave at an hour's notice: whoever is gone, the case lands on one desk and goes on there.

Random chairs are emptied at random moments. What stands on a desk can be done there, by one who
has not yet judged the case, or the desk is that of whoever can seat somebody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.db import transaction

from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.base import Refused
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, deliver
from primum.actions.posts import seat, vacate
from primum.cases import facts
from primum.cases.models import Advice, Assessment, Decision
from primum.cases.queries.due import desk, due_items
from primum.people import door, queries
from primum.people.models import Person
from primum.people.sight import Viewer, viewing
from tests.builders import CAREFUL, DAY, UNVISITED, Case, on_record, proposed, stage, yes
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

LEAVE = (
    *("police-training-officer", "due-diligence-officer", "chief-due-diligence"),
    *("head-of-office-kodwel", "deputy-head-of-mission", "head-of-mission", "chief-of-staff"),
)
NEXT = {"assess": "assessed", "advise": "assessed", "decide": "decided"}
NOT_THEY = {
    *("not_your_move", "own_case", "assessor", "own_assessment", "adviser"),
    "hard_stop_leadership",
}
WALKS = 16


def sitting(now: datetime) -> Iterator[Viewer]:
    """Everybody of the cast who holds a post, in it."""
    for person in Person.objects.order_by("username"):
        found = door.viewer(person.id, now)
        if found is not None:
            yield found


def landed(case: Case, now: datetime) -> dict[str, list[Viewer]]:
    """What the case waits for, and on whose desks it stands."""
    with viewing(door.clock()):
        found: dict[str, list[Viewer]] = {
            item.kind: [] for item in due_items(door.clock(), now) if item.case == case.activity
        }
    for by in sitting(now):
        with viewing(by):
            for items in desk(by, now).values():
                for item in items:
                    if item.case == case.activity:
                        found[item.kind].append(by)
    return found


def do(kind: str, case: Case, by: Viewer, now: datetime, answers: dict[str, object]) -> None:
    match kind:
        case "assess":
            assess(by=by, now=now, activity=case.activity, answers=answers)
        case "advise":
            given = {"position": "support", "words": "Small, and it lets us look inside."}
            advise(by=by, now=now, activity=case.activity, **given)
        case _:
            decide(by=by, now=now, activity=case.activity, decision=yes(now))


def judges(case: Case) -> list[UUID]:
    """Everybody who assessed, advised or decided, in turn."""
    with viewing(door.clock()):
        return [
            *Assessment.objects.filter(activity=case.activity).values_list("by__person", flat=True),
            *Advice.objects.filter(activity=case.activity).values_list("by__person", flat=True),
            *Decision.objects.filter(activity=case.activity).values_list("by__person", flat=True),
        ]


def test_it_goes_on() -> None:
    """From the proposal to the first delivery, each step by another person than the others."""
    reached = []
    for seed in range(WALKS):
        with transaction.atomic():
            reached.append(walk(random.Random(seed)))
            transaction.set_rollback(True)
    # The test of the test: as many chairs are filled as a mission needs.
    assert sum(steps == len(NEXT) for steps in reached) > WALKS // 2, reached


def walk(draw: random.Random) -> int:
    """One case, from which up to four posts leave on the way; how many steps were made."""
    case = proposed()
    if draw.random() < 0.5:
        on_record(case)
    answers = draw.choice((CAREFUL, UNVISITED))
    leaving = draw.sample(LEAVE, draw.randint(1, 4))
    steps = 0
    for day, kind in enumerate(NEXT):
        if not goes_on(kind, case, leaving[day :: len(NEXT)], NOW + (day + 1) * DAY, answers):
            break
        steps += 1
    people = judges(case)
    assert len(people) == len(set(people)) == steps, "somebody judged twice"
    assert Person.objects.get(username="nadia").id not in people
    if steps == len(NEXT):
        owner_delivers(case, NOW + 9 * DAY)
    return steps


def goes_on(
    kind: str, case: Case, leaving: list[str], now: datetime, answers: dict[str, object]
) -> bool:
    """Some leave; then whoever it stands with does it. Whether somebody could."""
    for code in leaving:
        empty(code, now)
    by = one_desk(kind, case, now)
    if by is None:
        return False
    try:
        do(kind, case, by, now, answers)
    except Refused as refusal:
        # Nobody is left who may: it lies with one who can fill a chair, and is told why not they.
        codes = {reason.code for reason in refusal.refusal.reasons}
        assert codes <= NOT_THEY, codes
        assert {"staffs_posts", "leadership"} & by.duties
        return False
    assert stage(case) == NEXT[kind]
    return True


def empty(code: str, now: datetime) -> None:
    """Whoever sits there leaves at once."""
    with viewing(door.clock()):
        key = next(line.id for line in queries.post_lines(door.clock(), now) if line.code == code)
    own = next((by for by in sitting(now) if by.post == key), None)
    if own is not None:
        vacate(by=own, now=now, post=key)


def one_desk(kind: str, case: Case, now: datetime) -> Viewer | None:
    """The one person on whose desk it stands: on two it would be done twice, on none never."""
    found = landed(case, now)
    assert kind in found
    posts = {by.post for by in found[kind]}
    assert len(posts) <= 1
    assert found[kind] or not [by for by in leading(now) if sees(by, case)]
    return found[kind][0] if found[kind] else None


def leading(now: datetime) -> list[Viewer]:
    return [by for by in sitting(now) if {"leadership", "staffs_posts"} & by.duties]


def sees(by: Viewer, case: Case) -> bool:
    """Those who lead and staff read assessments; who does not sees no decision waiting."""
    with viewing(by):
        return facts.latest_assessment(case.activity) is not None or stage(case) == "proposed"


def owner_delivers(case: Case, now: datetime) -> None:
    """Somebody answers for the owner's post, and delivers within the approval."""
    with viewing(door.clock()):
        owner = next(
            line.id
            for line in queries.post_lines(door.clock(), now)
            if line.code == "police-training-officer"
        )
    for by in sitting(now):
        with viewing(by):
            mine = owner in queries.answers_for(by, now)
        if mine:
            what = NewDelivery(case.line, "Course held")
            try:
                deliver(by=by, now=now, activity=case.activity, delivery=what)
            except Refused as refusal:
                # What was promised before delivery may still be unmet; the post is the right one.
                codes = [reason.code for reason in refusal.refusal.reasons]
                assert codes == ["before_open"]
            return
    assert not leading(now)


def test_somebody_seats_the_next_one() -> None:
    """Leader and chief of staff gone at once: the deputy decides nothing more than she did, and
    seats the next ones."""
    before = viewer("helena").duties
    for code in ("head-of-mission", "chief-of-staff"):
        empty(code, NOW)
    helena = viewer("helena")
    assert helena.duties - before == {"staffs_posts"}
    with viewing(helena):
        chair = next(
            line.id for line in queries.post_lines(helena, NOW) if line.code == "chief-of-staff"
        )
    stranger = Person.objects.get(username="stranger").id
    seat(by=helena, now=NOW, person=stranger, post=chair)
    assert viewer("helena").duties == before
    assert "staffs_posts" in viewer("stranger").duties
