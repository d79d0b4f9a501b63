"""Read a hand-over: that somebody who came into a post knows what went before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from primum.actions.base import acting, holding, log
from primum.cases.models import HandoverRead
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer


def read_handover(*, by: Viewer, now: datetime) -> UUID:
    """Record that one has read what was handed over with one's post. Twice is once."""
    with acting(by):
        who = holding(by, now, Verb.PROPOSE)
        before = HandoverRead.objects.filter(by=who).first()
        if before is not None:
            return before.id
        made = HandoverRead(id=uuid4(), post_id=by.post, by=who, at=now)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            return HandoverRead.objects.get(by=who).id
        seal = mission.default_seal("register")
        log(("post", by.post), "read_handover", made, now, words="", seal=seal)
        return made.id
