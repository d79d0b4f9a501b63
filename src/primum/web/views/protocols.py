"""Protocols: the mission's policy as documents, how it changed, how a text comes in force."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from primum.actions.propose_protocol import propose_protocol
from primum.actions.publish_protocol import publish_protocol
from primum.cases import facts
from primum.cases.queries import policy
from primum.core import authority
from primum.core.protocol import ProtocolError
from primum.exchange.documents.paper import PaperWords, paper_form
from primum.people import door, queries
from primum.web import formats, words
from primum.web.middleware import PageRequest
from primum.web.views.common import Trouble, done, page, posted, there, troubles

LARGEST = 1_000_000


def protocols(request: PageRequest) -> HttpResponse:
    """What is in force, and what waits for a second post."""
    return page(
        request,
        "protocols.html",
        rows=[(row, facts.protocol_of(row)) for row in policy.protocols(request.viewer)],
        waiting=[(row, facts.protocol_of(row)) for row in policy.waiting(request.viewer)],
        may_propose=_may(request, "propose"),
    )


def protocol(request: PageRequest, key: UUID) -> HttpResponse:
    """The protocol as a document: open to every post, readable and printable."""
    return _document(request, key, Trouble())


def new(request: PageRequest) -> HttpResponse:
    """Propose a text: pasted or as a file. Every mistake is named with its line."""
    there(_may(request, "propose") or None)
    trouble, mistakes = Trouble(), ""
    text = posted(request, "text")
    upload = request.FILES.get("file")
    if request.method == "POST":
        if upload is not None and not text:
            text = upload.read(LARGEST + 1).decode("utf-8", errors="replace")
        if not text:
            trouble.add("text", _("Paste the text, or choose a file."))
        try:
            with troubles(trouble):
                if not trouble:
                    name = upload.name if upload and upload.name else "protocol.yaml"
                    key = propose_protocol(
                        by=request.viewer,
                        now=request.now,
                        text=text.replace("\r\n", "\n"),
                        filename=name[:80],
                        why=posted(request, "why"),
                    )
                    says = _("Proposed. A second post puts it in force.")
                    return done(request, says, "protocol", key)
        except ProtocolError as error:
            trouble.add("text", _("The text has mistakes. Nothing was kept of it on the server."))
            mistakes = str(error)
    return page(
        request,
        "protocol_new.html",
        trouble,
        text=text,
        why=posted(request, "why"),
        mistakes=mistakes,
    )


def publish(request: PageRequest, key: UUID) -> HttpResponse:
    """Put a version in force, with reasons; by POST alone."""
    trouble = Trouble()
    there(request.method == "POST" or None)
    with troubles(trouble):
        publish_protocol(
            by=request.viewer, now=request.now, version=key, words=posted(request, "words")
        )
        says = _("In force from now on. Open cases keep their version.")
        return done(request, says, "protocol", key)
    return _document(request, key, trouble)


def paper(request: PageRequest, key: UUID) -> HttpResponse:
    """The questions as a form to print and fill in by hand: PDF, in the language of the page."""
    shown = there(policy.version(request.viewer, key))
    rules = facts.protocol_of(shown)
    language = (get_language() or "en").split("-")[0]
    pdf = paper_form(rules, language, _paper_words(shown))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{shown.name}-{language}.pdf"'
    return response


def _paper_words(shown: policy.Version) -> PaperWords:
    version = _("version of %(day)s") % {"day": formats.moment(shown.proposed)}
    return PaperWords(
        lead=_("Answer what you know. Write why where you do not. Then type it in from the top."),
        head=(_("Activity"), _("Place"), _("Name and post"), _("Date and time (UTC)")),
        sections={code: words.section(code) for code in words.SECTIONS},
        yes=words.word("yes").capitalize(),
        no=words.word("no").capitalize(),
        required=_("(must be answered)"),
        unknown=_("I don’t know, because:"),
        rests=_("What this rests on:"),
        depends=_("Asked for some answers to %(numbers)s only."),
        least_most=_("A number, or the least and the most."),
        cells={cell: words.cell(cell) for cell in words.CELLS},
        footer=f"Primum · {shown.name} · {version}",
    )


def _document(request: PageRequest, key: UUID, trouble: Trouble) -> HttpResponse:
    shown = there(policy.document(request.viewer, key))
    return page(
        request,
        "protocol.html",
        trouble,
        d=shown,
        version=shown.version,
        rules=facts.protocol_of(shown.version),
        cases=policy.cases_of(request.viewer, key, request.now),
        titles=queries.titles(request.viewer),
        may_publish=_may(request, "publish") and not shown.in_force,
        reasons=posted(request, "words"),
    )


def _may(request: PageRequest, what: str) -> bool:
    return authority.may_with_protocols(door.actor(request.viewer, request.now), what)
