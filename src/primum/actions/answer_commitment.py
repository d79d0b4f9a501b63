"""Answer a commitment: kept, partly kept, broken, or could not check, by the post that verifies."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from primum.actions.base import (
    NotThere,
    acting,
    digest,
    holding,
    log,
    needs,
    refresh_lease,
    refuse,
)
from primum.actions.read_look import to_be_read
from primum.cases.models import Commitment
from primum.core import promises
from primum.core.vocabulary import Verb
from primum.people import mission, queries
from primum.people.sight import Viewer

ANSWERS = (
    Commitment.State.KEPT,
    Commitment.State.PARTLY,
    Commitment.State.BROKEN,
    Commitment.State.COULD_NOT_CHECK,
)
MET = (Commitment.State.KEPT, Commitment.State.PARTLY)


def answer_commitment(
    *, by: Viewer, now: datetime, commitment: UUID, answer: str, words: str, how: str = ""
) -> None:
    """Write the answer with its proof in words. A broken one opens a decision with a due date.

    `how` says how it was checked; of what could not be, why not. Refused twice, it is decided on
    like a broken one. Each time of a repeated promise is answered by itself.

    “Could not check” leaves the commitment open for the lease: it renews nothing. What was to come
    before delivery and was broken may still be met: the answer supersedes, the former one stays on
    record, and so does the decision it asked for.
    """
    with acting(by):
        row = _verified_by(by, now, commitment)
        if answer not in ANSWERS:
            raise refuse(Verb.ANSWER, "no_answer", "Choose: kept, partly kept, broken…")
        said = needs(words, Verb.ANSWER, "proof")
        _check_how(row, answer, how)
        changes: dict[str, object] = {
            "state": answer,
            "answered": now,
            "answered_by": holding(by, now, Verb.ANSWER),
            "words": said,
            "answers": row.with_answer(now, answer, by.post, said, how),
        }
        if answer == Commitment.State.BROKEN or _refused_again(row, how):
            days = mission.clock_days("broken_decision_days")
            changes |= {"broken_at": now, "decision_due": now + timedelta(days=days)}
        rows = Commitment.objects.filter(_answerable(answer), id=commitment, answered=row.answered)
        if rows.update(**changes) != 1:
            raise refuse(Verb.ANSWER, "answered", "This commitment has been answered.")
        if answer == Commitment.State.BROKEN:
            to_be_read(row.activity_id, now)
        refresh_lease(row.activity_id, now)
        case = ("activity", row.activity_id)
        words = digest(row.salt, answer, said, *([how] if how else []))
        log(case, Verb.ANSWER, row, now, words=words, seal=row.activity.seal_id)


def _verified_by(by: Viewer, now: datetime, key: UUID) -> Commitment:
    """The commitment, if this post is the one that verifies it."""
    row = Commitment.objects.select_related("activity").filter(id=key).first()
    if row is None:
        raise NotThere
    if row.verifier_id not in queries.answers_for(by, now):
        raise refuse(Verb.ANSWER, "not_your_move", "Another post verifies this.")
    return row


def _check_how(row: Commitment, answer: str, how: str) -> None:
    """A thing on site is seen by going there; a promise nobody could check says why in a word."""
    if answer == Commitment.State.COULD_NOT_CHECK:
        if how not in promises.COULD_NOT:
            raise refuse(Verb.ANSWER, "no_why", "Say why it could not be checked.")
    elif how and how not in promises.HOW:
        raise refuse(Verb.ANSWER, "no_how", "Choose how it was checked.")
    elif answer in MET and not promises.shows(row.proof, how):
        raise refuse(
            Verb.ANSWER,
            "not_seen",
            "This can only be seen by going there. Say that it was a visit, or “could not check”.",
        )


def _refused_again(row: Commitment, how: str) -> bool:
    """Whether the check was refused for the second time, or oftener."""
    before = sum(each.get("how") == promises.REFUSED for each in row.answers)
    return how == promises.REFUSED and before + 1 >= promises.REFUSALS


def _answerable(answer: str) -> Q:
    # What could not be checked may be checked later; a kept promise may still be broken.
    match answer:
        case Commitment.State.BROKEN:
            kept = (Commitment.State.KEPT, Commitment.State.PARTLY)
            return Commitment.STILL_OWED | Q(state__in=kept)
        case Commitment.State.KEPT:
            return Commitment.STILL_OWED | Commitment.MAY_YET_BE_MET
    return Commitment.STILL_OWED
