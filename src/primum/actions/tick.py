"""Tick: announce what has run out. Stateless: run twice, killed halfway, it does the same once.

A lease is dead at its end whether or not anybody ticks; this only says so and tells the posts.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from primum.actions.base import NotThere, Refused, acting
from primum.actions.finish import lapse
from primum.cases.models import Activity, Reminder, Tick
from primum.cases.queries.due import DueItem, due_items
from primum.core.vocabulary import Stage
from primum.people import mission
from primum.people.models import Post
from primum.people.sight import Viewer

logger = logging.getLogger(__name__)
RUNNING = (Stage.DECIDED, Stage.UNDER_WAY, Stage.SUSPENDED)
DRAFTS_KEPT = timedelta(days=60)
"""What was typed and never sent is forgotten then: it says more than anybody decided to say."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one run of the clock did: for the operator's log, kept in no table."""

    lapsed: int
    reminded: int


def tick(*, by: Viewer, now: datetime) -> Round:
    """Record lapses, remind and escalate, keep a checkpoint; returns what this run did."""
    lapsed = sum(_lapse(by, now, key) for key in _run_out(by, now))
    with acting(by):
        reminded = _remind(by, now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger_checkpoint(%s)", [now])
            cursor.execute("SELECT forget_drafts(%s)", [now - DRAFTS_KEPT])
        Tick(id=uuid4(), at=now).save(force_insert=True)
    return Round(lapsed, reminded)


def _run_out(by: Viewer, now: datetime) -> list[UUID]:
    with acting(by):
        rows = Activity.objects.filter(stage__in=RUNNING, lease_end__lte=now)
        return list(rows.values_list("id", flat=True))


def _lapse(by: Viewer, now: datetime, activity: UUID) -> bool:
    """One lapse, one transaction: a case that cannot be moved must not hold up the others."""
    try:
        lapse(by=by, now=now, activity=activity)
    except (Refused, NotThere):
        logger.warning("not lapsed: %s", activity)
        return False
    return True


def _remind(by: Viewer, now: datetime) -> int:
    """Tell the post, then its supervisor's post, then the leadership; each once."""
    clocks = mission.current().clocks
    after = (
        timedelta(clocks["remind_after_days"]),
        timedelta(clocks["escalate_after_days"]),
        timedelta(clocks["leadership_after_days"]),
    )
    supervisors = dict(Post.objects.values_list("id", "supervisor_id"))
    leadership = mission.post_with("decides_leadership").id
    wanted = [
        _reminder(item, step, now, (supervisors, leadership))
        for item in due_items(by, now)
        for step, days in enumerate(after)
        if item.due + days <= now
    ]
    before = Reminder.objects.count()
    Reminder.objects.bulk_create(wanted, ignore_conflicts=True)
    return Reminder.objects.count() - before


def _reminder(
    item: DueItem, step: int, now: datetime, chain: tuple[Mapping[UUID, UUID | None], UUID]
) -> Reminder:
    supervisors, leadership = chain
    post = (item.post, supervisors.get(item.post) or leadership, leadership)[step]
    return Reminder(
        id=uuid4(),
        seal_id=item.seal,
        case=item.case,
        about=item.record,
        what=item.kind,
        step=step,
        due=item.due,
        post_id=post,
        at=now,
    )
