"""Tell: what leaves the circle of those who decide is read by a second post first.

“Could the addressee work out from this who spoke?”, by its words and by its timing. The outcome of
a decision, its conditions and its dates need no such reading and are told at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from primum.actions.base import NotThere, acting, digest, holding, log, needs, refuse, salt
from primum.cases.models import Told
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people import door
from primum.people.sight import Viewer

AUDIENCES: Final = ("requester", "recipient")


def check_told(*, by: Viewer, now: datetime, told: UUID, passes: bool, words: str = "") -> UUID:
    """Pass the words on, or send them back with what could give somebody away.

    Passed, they are written once more under the activity's own seal: from then on its requester
    reads them.
    """
    with acting(by):
        row = Told.objects.select_related("decision__activity", "by").filter(id=told).first()
        if row is None or row.state != Told.State.WAITING:
            raise NotThere
        if not authority.READS_WORDS & by.duties:
            raise refuse(Verb.ADVISE, "not_your_move", "This step belongs to another post.")
        actor = door.actor(by, now)
        if authority.is_own_case(actor, row.by.person_id, row.by.post_id):
            raise refuse(
                Verb.ADVISE, "own_words", "You wrote this. A second post reads it before it goes."
            )
        if Told.objects.filter(of=row).exists():
            raise refuse(Verb.ADVISE, "answered", "Somebody has answered this already.")
        activity = row.decision.activity
        made = Told(
            id=uuid4(),
            seal_id=activity.seal_id if passes else row.seal_id,
            decision=row.decision,
            audience=row.audience,
            words=row.words if passes else needs(words, Verb.ADVISE),
            state=Told.State.PASSED if passes else Told.State.SENT_BACK,
            of=row,
            by=holding(by, now, Verb.ADVISE),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        said = digest(made.salt, made.state, made.audience, made.words)
        verb = "pass_words" if passes else "send_back_words"
        log(("activity", activity.id), verb, made, now, words=said, seal=row.seal_id)
        return made.id


def rewrite_told(*, by: Viewer, now: datetime, told: UUID, words: str) -> UUID:
    """Write anew what was sent back; it is read again."""
    with acting(by):
        sent = Told.objects.select_related("decision", "by").filter(id=told).first()
        if sent is None or sent.state != Told.State.SENT_BACK or sent.of is None:
            raise NotThere
        if sent.of.by.post_id != by.post:
            raise refuse(Verb.ADVISE, "not_your_move", "This step belongs to another post.")
        if Told.objects.filter(of=sent).exists():
            raise refuse(Verb.ADVISE, "answered", "Somebody has answered this already.")
        made = Told(
            id=uuid4(),
            seal_id=sent.seal_id,
            decision=sent.decision,
            audience=sent.audience,
            words=needs(words, Verb.ADVISE, "words"),
            state=Told.State.WAITING,
            of=sent,
            by=holding(by, now, Verb.ADVISE),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        case = ("activity", sent.decision.activity_id)
        said = digest(made.salt, made.audience, made.words)
        log(case, "rewrite_words", made, now, words=said, seal=sent.seal_id)
        return made.id
