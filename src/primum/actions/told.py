"""What somebody is to be told of a decision, written with it and read by a second post."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import salt
from primum.cases.models import Decision, Told
from primum.people.models import Holding


def keep_told(
    decision: Decision, audience: str, words: str, who: Holding, now: datetime, seal: UUID
) -> None:
    """Write what somebody is to be told, for a second post to read. Called by those who decide."""
    said = words.strip()
    if not said:
        return
    Told(
        id=uuid4(),
        seal_id=seal,
        decision=decision,
        audience=audience,
        words=said,
        state=Told.State.WAITING,
        by=who,
        at=now,
        salt=salt(),
    ).save(force_insert=True)
