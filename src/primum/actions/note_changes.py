"""What was delivered under another commander or unit, noted once the register learns of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from primum.actions.base import log
from primum.cases.models import Delivery
from primum.people import door, mission
from primum.people.sight import viewing


def note_changes(now: datetime) -> None:
    """Tell apart what was an exposure and what a breach. Part of entering and importing ties.

    Deliveries are found whoever enters the tie, so this looks through the clock's eyes; nothing of
    it is handed back.
    """
    answer_by = now + timedelta(days=mission.clock_days("breach_answer_days"))
    with viewing(door.clock()), connection.cursor() as cursor:
        leads = mission.post_with("decides_leadership").id
        cursor.execute("SELECT * FROM note_command_changes(%s, %s, %s)", [now, answer_by, leads])
        # Each case's chain in the order of their keys: two writers wait for each other.
        noted = sorted(cursor.fetchall(), key=lambda row: (str(row[0]), str(row[1])))
        for activity, delivery, how, seal in noted:
            did = "record_breach" if how == "breach" else "expose"
            log(("activity", activity), did, Delivery(id=delivery), now, words="", seal=seal)
