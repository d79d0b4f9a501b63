"""Read effects a second time: a list without a harm, or with nothing else, is read by another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import (
    NotThere,
    acting,
    ask_for,
    digest,
    holding,
    log,
    needs,
    own_case,
    refuse,
)
from primum.cases.models import Weighing
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer


def second_read_effects(
    *, by: Viewer, now: datetime, weighing: UUID, finds: str, words: str
) -> None:
    """Say that the list is whole, or what it missed: then it is weighed again.

    By a person who weighed nothing of it, whatever post they act in.
    """
    with acting(by):
        row = Weighing.objects.select_related("activity", "by").filter(id=weighing).first()
        if row is None:
            raise NotThere
        ask = ask_for(Verb.ADVISE, by, now, row.activity)
        if not ask.by.duties & authority.READS_EFFECTS:
            raise refuse(Verb.ADVISE, "not_your_move", "This step belongs to another post.")
        weighed = Weighing.objects.filter(activity=row.activity, by__person=by.person)
        if weighed.exists() or own_case(ask, row.activity):
            raise refuse(
                Verb.ADVISE, "own_weighing", "You had a hand in this list. Somebody else reads it."
            )
        if finds not in Weighing.Finds.values:
            raise refuse(Verb.ADVISE, "no_finding", "Say whether the list is whole.")
        said = needs(words, Verb.ADVISE)
        newer = Weighing.objects.filter(activity=row.activity, at__gt=row.at).exists()
        rows = Weighing.objects.filter(id=weighing, read_at=None)
        changes = {
            "read_at": now,
            "read_by": holding(by, now, Verb.ADVISE),
            "read_finds": finds,
            "read_words": said,
        }
        if newer or rows.update(**changes) != 1:
            raise refuse(
                Verb.ADVISE,
                "read_already",
                "It has been read, or weighed anew, meanwhile. Open the page again.",
            )
        # That a second reader was needed tells what the list looks like: it lies under its seal.
        words = digest(row.salt, finds, said)
        case = ("activity", row.activity_id)
        log(case, "second_read_effects", row, now, words=words, seal=row.seal_id)
