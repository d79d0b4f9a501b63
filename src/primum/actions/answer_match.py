"""Answer a proposed match: yes, these two are the same, or no. Only a person does."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import NotThere, acting, digest, log, refuse
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer
from primum.register.models import Match


def answer_match(*, by: Viewer, now: datetime, match: UUID, same: bool) -> None:
    """Say yes or no to a match. It may be answered again: people learn."""
    with acting(by):
        if "confirms_matches" not in by.duties:
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        row = Match.objects.filter(id=match).first()
        if row is None:
            raise NotThere
        state = Match.State.CONFIRMED if same else Match.State.REFUSED
        Match.objects.filter(id=match).update(state=state, decided_by=by.post, decided_at=now)
        words = digest(row.salt, row.recipient, state)
        log(("party", row.party_id), "match", row, now, words=words, seal=row.seal_id)
