"""Decisions on behalf: a leader signs on paper, another post records it, the leader confirms.

Three people stand behind one decision: whose post it belongs to, who signed, who recorded. Only
the one who signed, in person, says that it was theirs, or that it was not.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    Refused,
    acting,
    digest,
    holding,
    log,
    move,
    needs,
    part_seal,
    refuse,
    salt,
)
from primum.cases import facts
from primum.cases.models import Activity, Decision, File, Ground
from primum.core import authority
from primum.core.lifecycle import STRUCK_FROM, Ask, CaseState, advance
from primum.core.vocabulary import Actor, Because, Refusal, Stage, Verb
from primum.exchange.documents import LARGEST, kind_of
from primum.people import door
from primum.people.models import Holding
from primum.people.sight import Viewer


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """The signed decision sheet of a post whose holder does not sign in.

    `holding` names who signed where a post has cover beside its holder; else its holder did.
    """

    post: UUID
    name: str
    content: bytes
    holding: UUID | None = None


HANDS = {
    "own_case": Because(
        "own_case",
        "You or your post proposed this, now or in the last 90 days."
        " Somebody else records the decision.",
    ),
    "assessor": Because("assessor", "You assessed this. Somebody else records the decision."),
    "adviser": Because("adviser", "You advised on this. Somebody else records the decision."),
}
"""Why somebody may not decide a case; and why they may not record its decision either."""


def signer(by: Viewer, sheet: SignedSheet, now: datetime) -> Holding:
    """Who signed, in which post: their authority decides, their person confirms."""
    if "records_on_behalf" not in by.duties:
        raise refuse(Verb.DECIDE, "not_your_move", "This step belongs to another post.")
    media_type(sheet)
    rows = Holding.objects.filter(post=sheet.post, starts__lte=now).exclude(ends__lte=now)
    if sheet.holding is not None:
        rows = rows.filter(id=sheet.holding)
    found = rows.select_related("post").order_by("acting", "starts").first()
    if found is None:
        raise refuse(Verb.DECIDE, "vacant", "Nobody holds the post that signed.")
    if found.person_id == by.person:
        raise refuse(
            Verb.DECIDE,
            "own_signature",
            "You signed this yourself. Decide it in that post, or let somebody else record it.",
        )
    return found


def signing(who: Holding, now: datetime) -> Actor:
    """The one who signed, as the table asks for them."""
    return door.actor(door.viewer_in(who.post, who.person_id), now)


def refuse_own_hand(case: CaseState, ask: Ask, by: Viewer, now: datetime) -> None:
    """SETTLED 14 holds for the hand that records as for the one that signs."""
    outcome = advance(case, replace(ask, by=door.actor(by, now)))
    if isinstance(outcome, Refusal):
        reasons = tuple(HANDS[why.code] for why in outcome.reasons if why.code in HANDS)
        if reasons:
            raise Refused(Refusal(Verb.DECIDE, reasons))


def media_type(sheet: SignedSheet) -> str:
    """What kind of file it is, by its first bytes; never by its name."""
    if len(sheet.content) > LARGEST:
        raise refuse(Verb.DECIDE, "sheet_large", "The sheet is larger than 5 MB. Scan it smaller.")
    kind = kind_of(sheet.content)
    if kind is None:
        raise refuse(
            Verb.DECIDE,
            "sheet_kind",
            "Attach the signed sheet as PDF, JPEG or PNG. Nothing was kept.",
        )
    return kind[0]


def keep_sheet(
    by: Viewer, activity: Activity, who: Holding, sheet: SignedSheet, now: datetime
) -> File:
    """Keep the signed sheet with the case, under the deciders' seal."""
    kept = File(
        id=uuid4(),
        seal_id=part_seal(activity, "decider"),
        case=activity.id,
        name=needs(sheet.name, Verb.DECIDE, "name")[:200],
        media_type=media_type(sheet),
        content=sheet.content,
        digest=hashlib.sha256(sheet.content).hexdigest(),
        by=who,
        at=now,
    )
    kept.save(force_insert=True)
    return kept


def confirm_decision(*, by: Viewer, now: datetime, decision: UUID) -> None:
    """The one who signed confirms what was recorded in their name. Nobody does it for them."""
    with acting(by):
        row = _signed(by, decision)
        Decision.objects.filter(id=decision).update(
            confirmed=now, confirmed_by=holding(by, now, Verb.DECIDE)
        )
        words = digest(row.salt, "confirmed")
        case = ("activity", row.activity_id)
        log(case, "confirm", row, now, words=words, seal=row.activity.seal_id)


def disown_decision(*, by: Viewer, now: datetime, decision: UUID, words: str = "") -> UUID:
    """The one who is said to have signed did not decide this: it is struck, and stays on record.

    What it let go ahead ends at once, and the case waits for a decision again. What another
    decision has settled since stays settled.
    """
    with acting(by):
        row = _signed(by, decision)
        activity = row.activity
        latest = activity.decisions.filter(kind=Verb.DECIDE).order_by("-at", "-id").first()
        if latest == row and Stage(activity.stage) in STRUCK_FROM:
            roles = frozenset({authority.SIGNER})
            ask = Ask(Verb.DISOWN, door.actor(by, now), now, roles)
            move(activity, facts.case_state(by, activity, now), ask)
        made = Decision(
            id=uuid4(),
            seal_id=row.seal_id,
            activity=activity,
            kind="disowned",
            post_id=row.post_id,
            by=holding(by, now, Verb.DISOWN),
            at=now,
            supersedes=row,
            salt=salt(),
        )
        made.save(force_insert=True)
        said = words.strip()
        if said:
            seal = part_seal(activity, "decider")
            Ground(seal_id=seal, decision=made, words=said, salt=salt()).save(force_insert=True)
        words_digest = digest(made.salt, "disowned", said)
        case = ("activity", activity.id)
        log(case, Verb.DISOWN, made, now, words=words_digest, seal=row.seal_id)
        return made.id


def _signed(by: Viewer, decision: UUID) -> Decision:
    """A decision that waits for its signer's word, for that very person; held until we are done."""
    row = (
        Decision.objects.select_related("activity__proposed_by", "signed_by", "by")
        .select_for_update(of=("self",))
        .filter(id=decision)
        .first()
    )
    if row is None:
        raise NotThere
    if row.signed_by is None or row.confirmed is not None:
        raise refuse(Verb.DECIDE, "confirmed", "This decision needs no confirmation.")
    if Decision.objects.filter(supersedes=row).exists():
        raise refuse(
            Verb.DECIDE, "disowned", "This decision was struck: its signer did not decide it."
        )
    if by.person == row.by.person_id or by.person != row.signed_by.person_id:
        raise refuse(
            Verb.DECIDE,
            "not_the_signer",
            "Only the person who signed says whether they decided this.",
        )
    return row
