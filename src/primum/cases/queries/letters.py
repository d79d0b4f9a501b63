"""Letters to authorities: the list, one letter with all its wordings, and the letter as it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from primum.cases.models import File, Letter, LetterReading, LetterText
from primum.cases.papers import written
from primum.core import authority
from primum.core.intercession import WRITES
from primum.core.letters import PARTS
from primum.exchange.documents import LetterPaper, letter_paper
from primum.people import door
from primum.people.sight import Viewer, require
from primum.register.paging import page_of

__all__ = [
    "LetterFilter",
    "LetterLine",
    "LetterPage",
    "TextLine",
    "draft_paper",
    "letter_page",
    "letters",
    "sent_file",
]


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """What the list is narrowed to; empty means every letter one may see."""

    words: str = ""
    kind: str = ""
    state: str = ""
    party: UUID | None = None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in a list."""

    id: UUID
    kind: str
    language: str
    party: UUID
    party_name: str
    invented: bool
    reference: str
    subject: str
    addressee: str
    state: str
    state_since: datetime
    sent_on: date | None
    channel: str
    deadline: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """One wording, who wrote it, and what its reader answered."""

    addressee: str
    reference: str
    deadline: date | None
    words: Mapping[str, str]
    post: UUID
    at: datetime
    reader: UUID | None
    read_at: datetime | None
    words_tell: bool
    words_why: str
    timing_tells: bool
    timing_why: str
    not_before: date | None
    passes: bool


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter: the wording that would go, the ones before, what this viewer may do."""

    line: LetterLine
    intercession: UUID | None
    text: TextLine
    former: tuple[TextLine, ...]
    paper: LetterPaper
    sent_by: UUID | None
    may_read: bool
    may_rewrite: bool
    may_send: bool
    approved: bool


def letters(viewer: Viewer, wanted: LetterFilter, after: str = "") -> tuple[LetterLine, ...]:
    """Newest first; one line more than a page means that there is a next one."""
    require(viewer)
    rows = _latest(Letter.objects.all())
    if wanted.words:
        rows = rows.filter(
            Q(party__name__icontains=wanted.words)
            | Q(reference__icontains=wanted.words)
            | Q(subject__icontains=wanted.words)
            | Q(addressee__icontains=wanted.words)
        )
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.party:
        rows = rows.filter(party=wanted.party)
    return tuple(_line(row) for row in page_of(rows, ("-at", "id"), after))


def letter_page(viewer: Viewer, key: UUID, now: datetime) -> LetterPage | None:
    """One letter, or None when there is no such letter for this viewer."""
    require(viewer)
    row = _latest(Letter.objects.filter(id=key)).first()
    if row is None:
        return None
    texts = list(LetterText.objects.filter(letter=row).select_related("by").order_by("-number"))
    readings = {
        each.text_id: each
        for each in LetterReading.objects.filter(text__in=texts).select_related("by")
    }
    actor = door.actor(viewer, now)
    own = any(authority.is_own_case(actor, t.by.person_id, t.by.post_id) for t in texts)
    sent = row.state == Letter.State.SENT
    post = row.by.post_id == viewer.post
    return LetterPage(
        line=_line(row),
        intercession=row.intercession_id,
        text=_text(texts[0], readings.get(texts[0].id)),
        former=tuple(_text(each, readings.get(each.id)) for each in texts[1:]),
        paper=letter_paper(written(row, texts[0]), row.sent_on),
        sent_by=row.sent_by.post_id if row.sent_by else None,
        may_read=row.state == Letter.State.WAITING
        and bool(authority.READS_WORDS & actor.duties)
        and not own,
        may_rewrite=not sent and (post or bool(WRITES & actor.duties)),
        may_send=row.state == Letter.State.PASSED
        and (post or bool((WRITES | {"records_on_behalf", "leadership"}) & viewer.duties)),
        approved=row.intercession is None or row.intercession.state == "approved",
    )


def draft_paper(viewer: Viewer, key: UUID) -> LetterPaper | None:
    """What would go, marked as a draft; of a letter that went there is no draft any more."""
    require(viewer)
    row = Letter.objects.select_related("signatory").filter(id=key).first()
    if row is None or row.state == Letter.State.SENT:
        return None
    return letter_paper(written(row, LetterText.objects.filter(letter=row).order_by("-number")[0]))


def sent_file(viewer: Viewer, key: UUID, media_type: str) -> bytes | None:
    """The bytes of a letter as it went."""
    require(viewer)
    if not Letter.objects.filter(id=key, state=Letter.State.SENT).exists():
        return None
    kept = File.objects.filter(case=key, media_type=media_type).first()
    return bytes(kept.content) if kept else None


def _latest(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters with the parts of their newest wording that a list shows."""
    newest = LetterText.objects.filter(letter=OuterRef("id")).order_by("-number")
    return rows.select_related("party", "by", "intercession", "sent_by", "signatory").annotate(
        reference=Subquery(newest.values("reference")[:1]),
        subject=Subquery(newest.values("words__subject")[:1]),
        addressee=Subquery(newest.values("addressee")[:1]),
        deadline=Subquery(newest.values("deadline")[:1]),
    )


def _line(row: Letter) -> LetterLine:
    return LetterLine(
        id=row.id,
        kind=row.kind,
        language=row.language,
        party=row.party_id,
        party_name=row.party.name,
        invented=row.party.invented,
        reference=row.reference,  # type: ignore[attr-defined]
        subject=row.subject,  # type: ignore[attr-defined]
        addressee=row.addressee.splitlines()[0],  # type: ignore[attr-defined]
        state=row.state,
        state_since=row.state_since,
        sent_on=row.sent_on,
        channel=row.channel,
        deadline=row.deadline,  # type: ignore[attr-defined]
        answer=row.intercession.answer if row.intercession else "",
    )


def _text(row: LetterText, reading: LetterReading | None) -> TextLine:
    return TextLine(
        addressee=row.addressee,
        reference=row.reference,
        deadline=row.deadline,
        words={part: row.words.get(part, "") for part in PARTS},
        post=row.by.post_id,
        at=row.at,
        reader=reading.by.post_id if reading else None,
        read_at=reading.at if reading else None,
        words_tell=bool(reading and reading.words_tell),
        words_why=reading.words_why if reading else "",
        timing_tells=bool(reading and reading.timing_tells),
        timing_why=reading.timing_why if reading else "",
        not_before=reading.not_before if reading else None,
        passes=bool(reading and reading.passes),
    )
