"""Answer an undertaking of the authorities: kept, partly kept, broken, or lapsed unanswered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.actions.base import NotThere, acting, digest, holding, log, needs, refuse
from primum.cases.models import Undertaking
from primum.core import promises
from primum.core.vocabulary import Verb
from primum.people import queries
from primum.people.sight import Viewer

FORMER: dict[str, tuple[str, ...]] = {
    "kept": ("open", "partly_kept", "broken", "lapsed"),
    "partly_kept": ("open", "broken", "lapsed"),
    "broken": ("open", "kept", "partly_kept", "lapsed"),
    "lapsed": ("open",),
}
"""Answer -> what it may follow: late is better than never, and what was kept may be broken."""


def answer_undertaking(
    *, by: Viewer, now: datetime, undertaking: UUID, answer: str, words: str
) -> None:
    """Write the answer and how one knows. What superseded it does not replace it.

    Broken or lapsed, no waiver rests on it any more, whatever becomes of it later.
    """
    with acting(by):
        row = Undertaking.objects.filter(id=undertaking).first()
        if row is None:
            raise NotThere
        if row.verifier_id not in queries.answers_for(by, now):
            raise refuse(Verb.ANSWER, "not_your_move", "Another post verifies this.")
        if answer not in promises.UNDERTAKING:
            raise refuse(
                Verb.ANSWER, "no_answer", "Choose: kept, partly kept, broken, or nothing came."
            )
        said = needs(words, Verb.ANSWER, "proof")
        if answer == Undertaking.State.LAPSED and now < row.due:
            raise refuse(Verb.ANSWER, "not_due", "Its day has not come. It cannot have lapsed yet.")
        changes: dict[str, object] = {
            "state": answer,
            "answered": now,
            "answered_by": holding(by, now, Verb.ANSWER),
            "answers": row.with_answer(now, answer, by.post, said),
        }
        if answer in promises.FAILED:
            changes["failed"] = now
        rows = Undertaking.objects.filter(
            id=undertaking, state__in=FORMER[answer], answered=row.answered
        )
        if rows.update(**changes) != 1:
            raise refuse(Verb.ANSWER, "answered", "This undertaking has been answered.")
        case = ("party", row.party_id)
        words = digest(row.salt, answer, said)
        log(case, "answer_undertaking", row, now, words=words, seal=row.seal_id)
