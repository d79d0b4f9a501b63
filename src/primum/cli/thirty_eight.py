"""Thirty-eight supports with conditions, of which nobody looked after thirty-five.

An audit of a real mission found such numbers. These parties, places and requests are invented, and
told through the same actions as real ones, in a region of their own: Ostrel.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.decide import NewDecision, decide
from primum.actions.deliver import NewDelivery, deliver
from primum.actions.enter_party import NewParty, enter_party
from primum.actions.finish import finish
from primum.actions.look import Seen, look
from primum.actions.propose import NewActivity, NewLine, propose
from primum.cases.queries import activity as one
from primum.cases.queries import policy
from primum.cases.queries.lists import Filter, activities
from primum.cli.story import AS_AGREED, CAREFUL, PROTOCOL, WATCHFUL, Say
from primum.cli.story_effects import weigh
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import Viewer, viewing
from primum.register import queries as register

SUPPORTS = 38
LOOKED_AFTER = (4, 16, 30)
"""Which of them somebody went to see: courses, with a look of plain questions."""
BEGAN, EVERY = timedelta(days=330), timedelta(days=5)
"""How long ago the first was asked for, and how far apart they are."""
TITLE = "Ostrel support"
UNITS = (
    "Ostrel Town Police",
    "Ostrel River Police",
    "Ostrel Road Patrol",
    "Ostrel Prison Guard",
    "Ostrel Market Post",
    "Ostrel Garrison Company",
    "Ostrel Border Company",
    "Ostrel Training Depot",
)
GIFTS = (
    ("training_advisory", "Course on arrest and custody", "30 places", 8000),
    ("logistical_ops", "Radio sets", "4", 4800),
    ("training_advisory", "Course for custody officers", "24 places", 6500),
    ("logistical_ops", "Fuel for patrols", "600 l", 1500),
)
USUAL = "In line with the mandate. The conditions answer the risk."
"""The same words under most of them, as it goes when nobody has time."""


def is_told() -> bool:
    """Whether it has been told here before."""
    by = door.clock()
    with viewing(by):
        return bool(activities(by, Filter(words=f"{TITLE} 1:")))


def tell(now: datetime, say: Say) -> None:
    """Write the thirty-eight, the newest of them long past its looks."""
    officer = _as("due-diligence-officer", now - BEGAN)
    units = [
        enter_party(
            by=officer,
            now=now - BEGAN,
            party=NewParty(name, "unit", country="Sarrat", invented=True),
        )
        for name in UNITS
    ]
    with viewing(officer):
        place = next(key for key, names in register.places(officer) if names["en"] == "Ostrel")
        version = next(row.id for row in policy.protocols(officer) if row.name == PROTOCOL)
    for number in range(SUPPORTS):
        _support(number, units[number % len(units)], (place, version), now - BEGAN + number * EVERY)
    say(f"{SUPPORTS} invented supports written; {len(LOOKED_AFTER)} of them were looked after.")


def _as(post: str, now: datetime) -> Viewer:
    return door.viewer_of_post(post, now)


def _support(number: int, unit: UUID, where: tuple[UUID, UUID], now: datetime) -> None:
    kind, what, quantity, value = GIFTS[number % len(GIFTS)]
    answers = CAREFUL if kind == "training_advisory" else WATCHFUL
    owner = _as("norland-liaison", now)
    key = propose(
        by=owner,
        now=now,
        activity=NewActivity(
            title=f"{TITLE} {number + 1}: {what}",
            why="Asked for by the unit’s commander (invented).",
            mandate_objective="" if number % 9 == 0 else "Protection of civilians (invented)",
            place=where[0],
            starts=now.date(),
            ends=(now + timedelta(days=90)).date(),
            lines=(NewLine(unit, kind, what, quantity, value, 30),),
            protocols=(where[1],),
            answers={"heard": ["authorities"]} if number % 3 else {},
            invented=True,
        ),
    )
    _approve(number, key, answers, now)
    _follow(number, key, owner, now + timedelta(days=4))


def _approve(number: int, key: UUID, answers: dict[str, object], now: datetime) -> None:
    soon, later = now + timedelta(hours=3), now + timedelta(hours=20 + 3 * number)
    weigh(key, soon)
    assess(by=_as("due-diligence-officer", soon), now=soon, activity=key, answers=answers)
    advise(
        by=_as("chief-due-diligence", soon),
        now=soon,
        activity=key,
        position="support_with_conditions",
        words="With conditions, and with somebody who looks.",
    )
    own = "Somebody of ours goes there every month, so it will be seen what comes of it."
    decide(
        by=_as("head-of-mission", later),
        now=later,
        activity=key,
        decision=NewDecision(
            choice=Choice.GO_WITH_CONDITIONS,
            words=own if number in LOOKED_AFTER else USUAL,
            told="Approved until the day shown, on the conditions listed.",
            against_words="The conditions answer the risk.",
            until=later + timedelta(days=80),
        ),
    )


def _follow(number: int, key: UUID, owner: Viewer, now: datetime) -> None:
    """What was promised first is met and the thing given. After that, almost nobody looks."""
    now += timedelta(hours=3 * number)
    officer = _as("due-diligence-officer", now)
    with viewing(officer):
        page = one.activity_page(officer, key, now)
    if page is None:
        return
    posts = {each.post: each for each in (officer, _as("field-monitor-kodwel", now))}
    for owed in page.commitments:
        if owed.timing == "before" and owed.verifier in posts:
            words = "Seen on site, noted in the visit record."
            by = posts[owed.verifier]
            answer_commitment(by=by, now=now, commitment=owed.id, answer="kept", words=words)
    gift = NewDelivery(page.lines[0].id, "Handed over (invented)")
    deliver(by=owner, now=now, activity=key, delivery=gift)
    if number in LOOKED_AFTER:
        seen_on = now + timedelta(days=33)
        seen = Seen("nothing_grave", "visit", AS_AGREED, "Register kept. Nobody held too long.")
        monitor = _as("field-monitor-kodwel", seen_on)
        look(by=monitor, now=seen_on, look=page.looks[0].id, seen=seen)
    if number % 2:
        finish(by=owner, now=now + timedelta(days=40), activity=key)
