"""Letters to authorities: the list, writing one, the second reading, sending, downloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from primum.actions import letters as acts
from primum.actions.keep_draft import drop_draft, keep_draft
from primum.cases.queries import drafts, ladder
from primum.cases.queries import letters as queries
from primum.core import intercession, letters
from primum.exchange.documents import DOCX, PDF, letter_docx, letter_pdf, scope_in
from primum.exchange.documents.templates import KINDS, filled, template
from primum.people import mission
from primum.people import queries as people
from primum.register import queries as register
from primum.web import words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Kept,
    Trouble,
    a_day,
    a_key,
    csv_of,
    done,
    every_page,
    kept,
    once,
    one_page,
    page,
    posted,
    there,
    troubles,
)
from primum.web.views.sheet import NO_POWERS

PURPOSE = "letter"
STATES = ("waiting", "sent_back", "passed", "sent")
YES_NO: Mapping[str, bool] = {"yes": True, "no": False}


def letter_list(request: PageRequest) -> HttpResponse:
    wanted = _wanted(request)
    found = queries.letters(request.viewer, wanted, request.GET.get("after", ""))
    lines, more = one_page(found)
    return page(
        request,
        "letters.html",
        lines=lines,
        more=more,
        wanted=wanted,
        narrowed=wanted != queries.LetterFilter(),
        kinds=[(kind, words.word(f"letter_{kind}")) for kind in KINDS],
        states=[(state, words.word(f"letter_state_{state}")) for state in STATES],
    )


def letter_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it."""
    viewer, wanted = request.viewer, _wanted(request)

    def rows() -> Iterator[Sequence[object]]:
        for line in every_page(lambda after: queries.letters(viewer, wanted, after)):
            yield (
                *(line.reference, line.kind, line.party_name, line.addressee, line.subject),
                *(line.language, line.state, line.sent_on, line.channel),
                *(line.deadline, line.answer),
            )

    header = ("reference", "kind", "party", "addressee", "subject", "language", "state")
    return csv_of(
        viewer, "letters", (*header, "sent on", "channel", "answer asked by", "answer"), rows
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """Whom a new letter is to, which step it is about, and what was typed of it before."""

    party: register.PartyPage
    step: ladder.StepPage | None
    draft: drafts.Kept | None

    @property
    def about(self) -> UUID:
        return self.step.step.id if self.step else self.party.id

    @property
    def kind(self) -> str:
        return self.step.letter if self.step else acts.POLICY


def new(request: PageRequest, key: UUID) -> HttpResponse:
    """Word a letter, from its template. What is typed is kept as a draft until it is handed on."""
    desk = _desk(request, key)
    trouble = Trouble()
    form, posting = kept(request), request.method == "POST"
    if posting:
        with troubles(trouble):
            answer = _take(request, desk, trouble)
            if answer is not None:
                return answer
    else:
        form = _fresh(request, desk)
    return page(
        request,
        "letter_new.html",
        trouble,
        p=desk.party,
        step=desk.step,
        kind=desk.kind,
        check=template(desk.kind).check,
        form=form,
        draft_at=desk.draft.at if desk.draft and not posting else None,
        languages_of=letters.LANGUAGES,
    )


def _desk(request: PageRequest, key: UUID) -> Desk:
    viewer, now = request.viewer, request.now
    shown = there(register.party_page(viewer, key))
    there(intercession.WRITES & viewer.duties or None)
    about = a_key(request.GET.get("about", ""))
    step = there(ladder.step_page(viewer, about, now)) if about else None
    there(step is None or (step.party == key and step.may_write) or None)
    return Desk(shown, step, drafts.draft(viewer, PURPOSE, about or key))


def _take(request: PageRequest, desk: Desk, trouble: Trouble) -> HttpResponse | None:
    viewer, now = request.viewer, request.now
    if "keep" in request.POST:
        typed = {name: [posted(request, name)] for name in request.POST}
        keep_draft(by=viewer, now=now, purpose=PURPOSE, about=desk.about, form=typed)
        return done(request, _("Kept as a draft, for you alone."), "desk")
    wording = _wording(request, trouble)
    if trouble:
        return None
    letter = acts.NewLetter(
        party=desk.party.id,
        language=posted(request, "language"),
        wording=wording,
        intercession=desk.step.step.id if desk.step else None,
        key=once(request),
    )
    made = acts.write_letter(by=viewer, now=now, letter=letter)
    drop_draft(by=viewer, now=now, purpose=PURPOSE, about=desk.about)
    return done(request, _("Written. A second post reads it before it goes."), "letter", made)


def letter(request: PageRequest, key: UUID) -> HttpResponse:
    """One letter: read it, answer for those who spoke, word it anew, record that it went."""
    shown = there(queries.letter_page(request.viewer, key, request.now))
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            says = DO.get(posted(request, "do"), _unknown)(request, key, trouble)
            if says:
                return done(request, says, "letter", key)
    form = kept(request)
    if posted(request, "do") != "rewrite":
        form = Kept({**_worded(shown.text), **form})
    return page(
        request,
        "letter.html",
        trouble,
        l=shown,
        form=form,
        check=template(shown.line.kind).check,
        channels=[(code, words.word(f"channel_{code}")) for code in letters.CHANNELS],
        titles=people.titles(request.viewer),
    )


def as_pdf(request: PageRequest, key: UUID) -> HttpResponse:
    return _download(request, key, PDF)


def as_docx(request: PageRequest, key: UUID) -> HttpResponse:
    return _download(request, key, DOCX)


def _download(request: PageRequest, key: UUID, kind: str) -> HttpResponse:
    """The letter as it went, or else its draft, marked as one: to save, never to show here."""
    content = queries.sent_file(request.viewer, key, kind)
    name = "letter"
    if content is None:
        paper = there(queries.draft_paper(request.viewer, key))
        content = letter_pdf(paper) if kind == PDF else letter_docx(paper)
        name = "letter-draft"
    response = HttpResponse(content, content_type=kind)
    end = "pdf" if kind == PDF else "docx"
    response["Content-Disposition"] = f'attachment; filename="{name}.{end}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NO_POWERS
    return response


def _check(request: PageRequest, key: UUID, trouble: Trouble) -> str:
    not_before = a_day(posted(request, "not_before"), trouble, "not_before")
    if trouble:
        return ""
    reading = letters.Reading(
        words_tell=YES_NO.get(posted(request, "words_tell")),
        words_why=posted(request, "words_why"),
        timing_tells=YES_NO.get(posted(request, "timing_tells")),
        timing_why=posted(request, "timing_why"),
        not_before=not_before,
    )
    passed = acts.check_letter(by=request.viewer, now=request.now, letter=key, reading=reading)
    return _("It may be sent.") if passed else _("Sent back, with what to change.")


def _rewrite(request: PageRequest, key: UUID, trouble: Trouble) -> str:
    wording = _wording(request, trouble)
    if trouble:
        return ""
    acts.rewrite_letter(by=request.viewer, now=request.now, letter=key, wording=wording)
    return _("Written anew. It is read once more before it goes.")


def _send(request: PageRequest, key: UUID, trouble: Trouble) -> str:
    sent_on = a_day(posted(request, "sent_on"), trouble, "sent_on")
    if sent_on is None and not trouble:
        trouble.add("sent_on", _("Say on which day it was sent."))
    if sent_on is None or trouble:
        return ""
    acts.send_letter(
        by=request.viewer,
        now=request.now,
        letter=key,
        channel=posted(request, "channel"),
        sent_on=sent_on,
    )
    return _("Recorded. The letter is kept as it went.")


def _unknown(_request: PageRequest, _key: UUID, trouble: Trouble) -> str:
    trouble.add("", _("Choose one."))
    return ""


DO = {"read": _check, "rewrite": _rewrite, "send": _send}


def _wanted(request: PageRequest) -> queries.LetterFilter:
    return queries.LetterFilter(
        words=request.GET.get("q", "").strip(),
        kind=request.GET.get("kind", ""),
        state=request.GET.get("state", ""),
        party=a_key(request.GET.get("party", "")),
    )


def _wording(request: PageRequest, trouble: Trouble) -> acts.Wording:
    return acts.Wording(
        addressee=posted(request, "addressee"),
        reference=posted(request, "reference"),
        deadline=a_day(posted(request, "deadline"), trouble, "deadline"),
        words={part: posted(request, part) for part in letters.PARTS},
    )


def _worded(text: queries.TextLine) -> dict[str, str]:
    return {
        **text.words,
        "addressee": text.addressee,
        "reference": text.reference,
        "deadline": text.deadline.isoformat() if text.deadline else "",
    }


def _fresh(request: PageRequest, desk: Desk) -> Kept:
    """What the form starts from: the draft; in another language the template of that language."""
    typed = {name: values[0] for name, values in desk.draft.form.items()} if desk.draft else {}
    usual = (get_language() or "en")[:2]
    asked = request.GET.get("language", "") or typed.get("language", usual)
    language = asked if asked in letters.LANGUAGES else letters.LANGUAGES[0]
    if typed.get("language") == language:
        return Kept(typed)
    step = desk.step.step if desk.step else None
    scope = scope_in(language, step.scope, step.scope_words) if step else ""
    parts = filled(desk.kind, language, {"party": desk.party.name, "scope": scope})
    return Kept({"deadline": _usual(step, request.now), **typed, **parts, "language": language})


def _usual(step: ladder.Step | None, now: datetime) -> str:
    """The day an answer is asked for by: the step's, or their time to act from today on."""
    if step is None or not step.deadline:
        return ""
    clocks = mission.current().clocks
    days = intercession.days("authorities_answer_days", clocks)
    return max(step.deadline, now + timedelta(days=days)).date().isoformat()
