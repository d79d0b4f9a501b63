"""Letters to authorities: written, read by a second post, sent, kept as they went."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection

from primum.actions.base import NotThere, Refused, acting, digest, holding, log, refuse, salt
from primum.actions.once import Key, once, own_key
from primum.cases.models import File, Intercession, Letter, LetterReading, LetterText
from primum.cases.papers import written
from primum.core import authority
from primum.core import letters as core
from primum.core.intercession import LADDER, LEADS, WRITES, Rung
from primum.core.vocabulary import Because, Refusal, Verb
from primum.exchange.documents import DOCX, PDF, letter_docx, letter_paper, letter_pdf
from primum.people import door, mission
from primum.people.models import Holding
from primum.people.sight import Viewer
from primum.register.models import Party

SEAL, POLICY = "decider", "policy"
SENDS = WRITES | {"records_on_behalf", "leadership"}
"""Duties whose posts may say that a letter has gone, beside the post that wrote it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody writes: for which office, by which reference and day, in which words."""

    addressee: str
    reference: str
    words: Mapping[str, str]
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to those who answer for a party: about one step, or else about the policy."""

    party: UUID
    language: str
    wording: Wording
    intercession: UUID | None = None
    key: Key = None


@once(Letter, "letter")
def write_letter(*, by: Viewer, now: datetime, letter: NewLetter) -> UUID:
    """Write a letter for a second post to read. Nothing goes yet."""
    with acting(by):
        who = holding(by, now, Verb.ADVISE)
        _writes(by, now)
        about = _about(letter)
        if letter.language not in core.LANGUAGES:
            raise refuse(Verb.ADVISE, "no_language", "Choose the language of the letter.")
        made = Letter(
            id=own_key(by.person, letter.key),
            seal_id=about.seal_id if about else mission.default_seal(SEAL),
            party_id=letter.party,
            intercession=about,
            kind=LADDER[Rung(about.rung)].letter if about else POLICY,
            language=letter.language,
            signatory=mission.post_with(LEADS),
            by=who,
            at=now,
            state_since=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT withhold_letter(%s)", [made.id])
        said = _word(made, letter.wording, who, now, 1)
        log(("party", letter.party), "write_letter", made, now, words=said, seal=made.seal_id)
        return made.id


def rewrite_letter(*, by: Viewer, now: datetime, letter: UUID, wording: Wording) -> None:
    """Word it anew, until it is sent. Whatever was answered before, it is read again."""
    with acting(by):
        row, text = _letter(letter)
        if row.by.post_id != by.post:
            _writes(by, now)
        if row.state == Letter.State.SENT:
            raise refuse(Verb.ADVISE, "sent", "This letter has gone. Its words stay as they are.")
        said = _word(row, wording, holding(by, now, Verb.ADVISE), now, text.number + 1)
        _to(row, Letter.State.WAITING, now)
        log(("party", row.party_id), "rewrite_letter", row, now, words=said, seal=row.seal_id)


def check_letter(*, by: Viewer, now: datetime, letter: UUID, reading: core.Reading) -> bool:
    """Answer whether they could work out who spoke; whether it passes. Never by its writers."""
    with acting(by):
        row, text = _letter(letter)
        if row.state != Letter.State.WAITING:
            raise refuse(Verb.ADVISE, "answered", "Somebody has answered this already.")
        _reads(row, by, now)
        _refuse(core.unanswered(reading, now.date()))
        passed = core.passes(reading)
        made = LetterReading(
            id=uuid4(),
            seal_id=row.seal_id,
            text=text,
            words_tell=bool(reading.words_tell),
            words_why=reading.words_why.strip(),
            timing_tells=bool(reading.timing_tells),
            timing_why=reading.timing_why.strip(),
            not_before=reading.not_before if reading.timing_tells else None,
            passes=passed,
            by=holding(by, now, Verb.ADVISE),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        _to(row, Letter.State.PASSED if passed else Letter.State.SENT_BACK, now)
        said = digest(
            made.salt,
            *(made.words_tell, made.words_why, made.timing_tells, made.timing_why),
            made.not_before,
        )
        verb = "pass_letter" if passed else "send_back_letter"
        log(("party", row.party_id), verb, row, now, words=said, seal=row.seal_id)
        return passed


def send_letter(*, by: Viewer, now: datetime, letter: UUID, channel: str, sent_on: date) -> None:
    """Record that it went, when and how, and keep it as it went. It is never changed again."""
    with acting(by):
        row, text = _letter(letter)
        if row.by.post_id != by.post and not SENDS & by.duties:
            raise refuse(Verb.ADVISE, "not_your_move", "This step belongs to another post.")
        if row.state == Letter.State.SENT:
            raise refuse(Verb.ADVISE, "sent", "This letter has gone. Its words stay as they are.")
        if channel not in core.CHANNELS:
            raise refuse(Verb.ADVISE, "no_channel", "Say how it was sent.")
        reading = LetterReading.objects.filter(text=text).first()
        step = row.intercession
        _refuse(
            core.objections_to_sending(
                passed=row.state == Letter.State.PASSED,
                approved=step is None or step.state == Intercession.State.APPROVED,
                not_before=reading.not_before if reading else None,
                sent_on=sent_on,
                today=now.date(),
            )
        )
        who = holding(by, now, Verb.ADVISE)
        kept = _keep(row, text, sent_on, who, now)
        Letter.objects.filter(id=row.id).update(
            sent_on=sent_on, sent_at=now, sent_by=who, channel=channel
        )
        _to(row, Letter.State.SENT, now)
        said = digest(row.salt, channel, sent_on, *kept)
        log(("party", row.party_id), "send_letter", row, now, words=said, seal=row.seal_id)


def _about(letter: NewLetter) -> Intercession | None:
    if not Party.objects.filter(id=letter.party).exists():
        raise NotThere
    if letter.intercession is None:
        return None
    row = Intercession.objects.filter(id=letter.intercession, party=letter.party).first()
    if row is None:
        raise NotThere
    if row.state == Intercession.State.SENT_BACK:
        raise refuse(Verb.ADVISE, "step_sent_back", "This step was sent back. Write it anew first.")
    return row


def _reads(row: Letter, by: Viewer, now: datetime) -> None:
    """A second post: none that worded it, at any time, and no cover of theirs."""
    actor = door.actor(by, now)
    if not authority.READS_WORDS & actor.duties:
        raise refuse(Verb.ADVISE, "not_your_move", "This step belongs to another post.")
    for each in LetterText.objects.filter(letter=row).select_related("by"):
        if authority.is_own_case(actor, each.by.person_id, each.by.post_id):
            raise refuse(
                Verb.ADVISE, "own_words", "You wrote this. A second post reads it before it goes."
            )


def _writes(by: Viewer, now: datetime) -> None:
    if not WRITES & door.actor(by, now).duties:
        raise refuse(Verb.ADVISE, "not_your_move", "This step belongs to another post.")


def _word(row: Letter, wording: Wording, who: Holding, now: datetime, number: int) -> str:
    """Keep one wording of a letter; returns its digest."""
    _refuse(core.missing(wording.words, wording.addressee, wording.reference))
    if wording.deadline is not None and wording.deadline <= now.date():
        raise refuse(Verb.ADVISE, "past_deadline", "The day for their answer lies in the past.")
    step = row.intercession
    if step is not None and LADDER[Rung(step.rung)].clock and wording.deadline is None:
        raise refuse(Verb.ADVISE, "no_deadline", "Name the day by which an answer is asked for.")
    words = {part: wording.words.get(part, "").strip() for part in core.PARTS}
    made = LetterText(
        id=uuid4(),
        seal_id=row.seal_id,
        letter=row,
        number=number,
        addressee=wording.addressee.strip(),
        reference=wording.reference.strip(),
        deadline=wording.deadline,
        words=words,
        by=who,
        at=now,
        salt=salt(),
    )
    made.save(force_insert=True)
    said = [words[part] for part in core.PARTS]
    return digest(made.salt, made.addressee, made.reference, made.deadline, *said)


def _letter(key: UUID) -> tuple[Letter, LetterText]:
    """A letter and its newest words, held until we are done."""
    row = (
        Letter.objects.select_related("by", "intercession", "signatory", "party")
        .select_for_update(of=("self",))
        .filter(id=key)
        .first()
    )
    if row is None:
        raise NotThere
    return row, LetterText.objects.filter(letter=row).order_by("-number")[0]


def _to(row: Letter, state: Letter.State, now: datetime) -> None:
    Letter.objects.filter(id=row.id).update(state=state, state_since=now)


def _keep(
    row: Letter, text: LetterText, sent_on: date, who: Holding, now: datetime
) -> Iterable[str]:
    """The letter as it went, in both forms, under its own seal; returns their digests."""
    final = letter_paper(written(row, text), sent_on)
    for end, kind, content in (
        ("pdf", PDF, letter_pdf(final)),
        ("docx", DOCX, letter_docx(final)),
    ):
        kept = File(
            id=uuid4(),
            seal_id=row.seal_id,
            case=row.id,
            name=f"letter.{end}",
            media_type=kind,
            content=content,
            digest=hashlib.sha256(content).hexdigest(),
            by=who,
            at=now,
        )
        kept.save(force_insert=True)
        yield kept.digest


def _refuse(found: Iterable[Because]) -> None:
    reasons = tuple(found)
    if reasons:
        raise Refused(Refusal(Verb.ADVISE, reasons))
