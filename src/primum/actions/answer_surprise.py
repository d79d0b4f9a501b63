"""Answer a surprise: the protocol asks for it now, asked for it already, or need not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import NotThere, acting, digest, holding, log, needs, refuse
from primum.cases.models import ProtocolVersion, Surprise
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people import door
from primum.people.sight import Viewer


def answer_surprise(
    *,
    by: Viewer,
    now: datetime,
    surprise: UUID,
    answer: str,
    words: str,
    version: UUID | None = None,
) -> None:
    """Say what comes of it for the protocol; a changed one names the text that asks for it."""
    with acting(by):
        row = Surprise.objects.select_related("protocol").filter(id=surprise).first()
        if row is None:
            raise NotThere
        if not authority.may_with_protocols(door.actor(by, now), "propose"):
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        if answer not in Surprise.Answer.values:
            raise refuse(
                Verb.ANSWER,
                "no_answer_to_surprise",
                "Choose: the protocol is changed, it asks already, or it is not general.",
            )
        said = needs(words, Verb.ANSWER)
        text = _text(row, version) if answer == Surprise.Answer.CHANGED else None
        rows = Surprise.objects.filter(id=surprise, answered=None)
        changed = rows.update(
            answer=answer,
            version=text,
            words=said,
            answered=now,
            answered_by=holding(by, now, Verb.ANSWER),
        )
        if changed != 1:
            raise refuse(Verb.ANSWER, "surprise_answered", "This has been answered.")
        words = digest(row.salt, answer, said)
        case = ("protocol", row.protocol_id)
        log(case, "answer_surprise", row, now, words=words, seal=row.seal_id)


def _text(row: Surprise, version: UUID | None) -> ProtocolVersion:
    """The text that asks for it: of the same protocol, and not the one that did not."""
    rows = ProtocolVersion.objects.filter(
        name=row.protocol.name, proposed__gt=row.protocol.proposed
    )
    found = rows.filter(id=version).exclude(id=row.protocol_id).first() if version else None
    if found is None:
        raise refuse(
            Verb.ANSWER, "no_version", "Propose the changed text first, then name it here."
        )
    return found
