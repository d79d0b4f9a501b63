"""Propose: first the party, then what it would get, then the protocol's questions.

A proposer is told how far the answers go and which papers are wanted, never what they mean (law 6).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from primum.actions.keep_draft import drop_draft, keep_draft
from primum.actions.propose import EXEMPTIONS, Emergency, NewActivity, NewLine, propose
from primum.cases import facts
from primum.cases.queries import drafts, policy
from primum.core import protocol
from primum.register import queries as register
from primum.web import answers, formats, words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Kept,
    Trouble,
    a_choice,
    a_day,
    a_key,
    a_number,
    done,
    once,
    page,
    posted,
    there,
    troubles,
)

PURPOSE = "propose"
MOST_LINES = 12
ALSO = ("quantity", "value", "people", "lethal")
"""What makes a line of a form besides its words: none of it is passed over."""
OTHER = "other"
"""The kind of a line where the protocol knows no kinds of support."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is proposed about whom under which protocol, and where its draft is kept."""

    parties: Sequence[register.PartyPage]
    versions: Sequence[tuple[policy.Version, protocol.Protocol]]
    version: policy.Version
    rules: protocol.Protocol
    draft_key: UUID

    @property
    def questions(self) -> list[protocol.Question]:
        return [question for question in self.rules.questions if question.section.before]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds of line as the protocol names them, else one for all."""
        asked = self.rules.by_id.get("support_kind")
        if asked is None:
            return [(OTHER, words.word(OTHER))]
        return [(option.id, formats.said(option.label)) for option in asked.options]


def new(request: PageRequest) -> HttpResponse:
    """The form; kept as it is typed, and taken up where it was left."""
    form = _form(request)
    if form is None:
        return _choose_party(request)
    viewer, trouble = request.viewer, Trouble()
    draft = drafts.draft(viewer, PURPOSE, form.draft_key)
    sent = answers.form_of(request.POST.lists())
    if "forget" in sent:
        drop_draft(by=viewer, now=request.now, purpose=PURPOSE, about=form.draft_key)
        sent, draft = {}, None
    elif "save" in sent:
        _keep(request, form, sent)
        return done(request, _("Kept. Only you see it, until you propose it."), "desk")
    elif sent and not {"more", "find"} & set(sent):
        key = _propose(request, form, sent, trouble)
        if key is not None:
            says = _("Proposed. The due diligence officer will assess it.")
            return done(request, says, "activity", key)
    typed = sent or (draft.form if draft else {})
    return page(
        request,
        "new_activity.html",
        trouble,
        **_shown(request, form, typed),
        draft_at=draft.at if draft and not sent else None,
    )


def beside(request: PageRequest) -> HttpResponse:
    """Keep what is typed, and say how far it is."""
    there(request.method == "POST" or None)
    form = there(_form(request))
    sent = answers.form_of(request.POST.lists())
    _keep(request, form, sent)
    context = _so_far(form, answers.read(sent, form.questions)) | {"kept_at": request.now}
    return render(request, "so_far.html", context)


def _form(request: PageRequest) -> Form | None:
    """What the address asks for; None while it names no party."""
    viewer = request.viewer
    keys = [key for text in request.GET.getlist("party") if (key := a_key(text))]
    parties = [shown for key in keys if (shown := register.party_page(viewer, key))]
    every = [(row, facts.protocol_of(row)) for row in policy.protocols(viewer)]
    versions = [(row, rules) for row, rules in every if rules.about == "activity"]
    if not parties or not versions:
        return None
    chosen = a_key(request.GET.get("protocol", ""))
    first = next((pair for pair in versions if pair[1].by_id.get("support_kind")), versions[0])
    version, rules = next((pair for pair in versions if pair[0].id == chosen), first)
    about = uuid5(version.id, " ".join(sorted(str(party.id) for party in parties)))
    return Form(parties, versions, version, rules, about)


def _choose_party(request: PageRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    found = register.find(request.viewer, search) if search else ()
    keys = request.GET.getlist("party")
    return page(request, "new_party.html", q=search, found=found[: register.PAGE], keys=keys)


def _propose(request: PageRequest, form: Form, sent: answers.Form, trouble: Trouble) -> UUID | None:
    given = answers.read(sent, form.questions)
    kinds = [kind for kind, _label in form.kinds]
    wish = _wish(request, (form.version.id, kinds), given, _line_count(request), trouble)
    if wish is None:
        return None
    with troubles(trouble):
        key = propose(by=request.viewer, now=request.now, activity=wish)
        drop_draft(by=request.viewer, now=request.now, purpose=PURPOSE, about=form.draft_key)
        return key
    return None


def _keep(request: PageRequest, form: Form, sent: answers.Form) -> None:
    keep_draft(by=request.viewer, now=request.now, purpose=PURPOSE, about=form.draft_key, form=sent)


def _shown(request: PageRequest, form: Form, typed: answers.Form) -> dict[str, object]:
    given = answers.read(typed, form.questions)
    found = {party.id: party.name for party in form.parties}
    for question in form.questions:
        search = "".join(typed.get(f"q-{question.id}-find", ())).strip()
        if question.kind is protocol.Kind.PARTY:
            found |= register.names_of(request.viewer, typed.get(f"q-{question.id}", ()))
            if search:
                found |= {row.id: row.name for row in register.find(request.viewer, search)[:10]}
    asked_for = QueryDict(mutable=True)
    asked_for.setlist("party", [str(party.id) for party in form.parties])
    asked_for["protocol"] = str(form.version.id)
    exemptions = [("", "–"), *((code, words.word(f"exempt_{code}")) for code in EXEMPTIONS)]
    return {
        "parties": form.parties,
        "party_choices": sorted(found.items(), key=lambda pair: pair[1]),
        "version": form.version,
        "versions": [(row.id, rules.title) for row, rules in form.versions],
        "asked_for": asked_for.urlencode(),
        "given": given,
        "count": min(_count(typed) + ("more" in typed), MOST_LINES),
        "form": Kept((name, values[-1]) for name, values in typed.items() if values),
        "kinds": form.kinds,
        "exemptions": exemptions,
        "places": register.places(request.viewer),
        "kept_at": None,
    } | _so_far(form, given)


def _so_far(form: Form, given: Mapping[str, object]) -> dict[str, object]:
    known = protocol.read_what_can_be(form.rules, given)
    return {
        "rules": form.rules,
        "questions": form.questions,
        "completeness": protocol.completeness(form.rules, known),
    }


def _count(typed: answers.Form) -> int:
    return int(a_number("".join(typed.get("lines", ("1",))), Trouble(), "") or 1)


def _line_count(request: PageRequest) -> int:
    return min(int(a_number(posted(request, "lines"), Trouble(), "") or 1), MOST_LINES)


def _emergency(request: PageRequest, trouble: Trouble) -> Emergency | None:
    since = posted(request, "emergency_since")
    if not since:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        says = _("“%(text)s” is not a moment. Write it as 2026-03-31 14:05.") % {"text": since[:40]}
        trouble.add("emergency_since", says)
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Emergency(zoned, posted(request, "emergency_why"))


def _wish(
    request: PageRequest,
    protocol: tuple[UUID, Collection[str]],
    given: dict[str, object],
    count: int,
    trouble: Trouble,
) -> NewActivity | None:
    version, kinds = protocol
    place = a_choice(posted(request, "place"), trouble, "place")
    starts = a_day(posted(request, "starts"), trouble, "starts")
    ends = a_day(posted(request, "ends"), trouble, "ends")
    for name, value, says in (
        ("title", posted(request, "title"), _("Give it a title.")),
        ("why", posted(request, "why"), _("Say why the mission would do this.")),
        ("starts", starts or trouble.of("starts"), _("Say when it would start.")),
        ("ends", ends or trouble.of("ends"), _("Say when it would end.")),
    ):
        if not value:
            trouble.add(name, says)
    emergency = _emergency(request, trouble)
    new_lines = [line for at in range(count) if (line := _line(request, at, kinds, trouble))]
    if trouble or starts is None or ends is None:
        return None
    return NewActivity(
        title=posted(request, "title"),
        why=posted(request, "why"),
        mandate_objective=posted(request, "mandate_objective"),
        place=place,
        starts=starts,
        ends=ends,
        lines=new_lines,
        protocols=[version],
        answers=given,
        emergency=emergency,
        invented="invented" in request.POST,
        key=once(request),
    )


def _line(
    request: PageRequest, at: int, kinds: Collection[str], trouble: Trouble
) -> NewLine | None:
    what, party = posted(request, f"what-{at}"), a_key(posted(request, f"party-{at}"))
    value = a_number(posted(request, f"value-{at}"), trouble, f"value-{at}")
    people = a_number(posted(request, f"people-{at}"), trouble, f"people-{at}")
    if not what:
        if at == 0 or any(posted(request, f"{name}-{at}") for name in ALSO):
            trouble.add(f"what-{at}", _("Say what would be brought."))
        return None
    kind = posted(request, f"kind-{at}")
    if party is None or kind not in kinds:
        trouble.add(f"what-{at}", _("Choose the kind of support and the party of each line."))
        return None
    return NewLine(
        party=party,
        kind=kind,
        what=what,
        quantity=posted(request, f"quantity-{at}"),
        value_usd=value or 0,
        people=people or 0,
        lethal=f"lethal-{at}" in request.POST,
        exempt=posted(request, f"exempt-{at}"),
        exempt_because=posted(request, f"exempt_because-{at}"),
    )
