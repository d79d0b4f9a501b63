"""The intercession ladder: where a party stands, one step more, a second person's word."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.intercede import (
    NewRung,
    answer_intercession,
    approve_intercession,
)
from primum.actions.intercede import intercede as do_intercede
from primum.cases.queries import ladder
from primum.core import intercession as core
from primum.people import mission
from primum.people import queries as people
from primum.register import queries
from primum.web import formats, words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Kept,
    Trouble,
    a_choice,
    a_day,
    a_key,
    done,
    end_of,
    kept,
    once,
    page,
    posted,
    there,
    troubles,
)


@dataclass(frozen=True, slots=True)
class PartyLadder:
    """What a party's page shows of it."""

    matters: tuple[ladder.Matter, ...]
    open: tuple[ladder.Step, ...]
    writes: tuple[str, ...]
    """The steps that this post may write."""
    may_letter: bool
    may_stop: bool

    def __bool__(self) -> bool:
        return bool(self.matters or self.open or self.writes)


def ladder_of(request: PageRequest, shown: queries.PartyPage) -> PartyLadder:
    viewer = request.viewer
    return PartyLadder(
        matters=ladder.matters(viewer, shown.id, request.now),
        open=ladder.open_steps(viewer, shown.id),
        writes=_writes(request, shown),
        may_letter=bool(core.WRITES & viewer.duties),
        may_stop="suspends" in viewer.duties,
    )


def intercede(request: PageRequest, key: UUID) -> HttpResponse:
    """Write one step: which, why this one, on what it rests, until when they may answer."""
    viewer, now = request.viewer, request.now
    shown = there(queries.party_page(viewer, key))
    there(_writes(request, shown) or None)
    trouble = Trouble()
    matters = ladder.matters(viewer, key, now)
    after = a_key(posted(request, "after") or request.GET.get("after", ""))
    matter = next((each for each in matters if each.head.id == after), None)
    if request.method == "POST":
        step = _step(request, key, trouble)
        if not trouble:
            with troubles(trouble):
                made = do_intercede(by=viewer, now=now, step=step)
                says = _("Written. It stands once a second person has approved it.")
                return done(request, says, "intercession", made)
    form = kept(request) if request.method == "POST" else _fresh(request, matter)
    return page(
        request,
        "intercede.html",
        trouble,
        p=shown,
        matter=matter,
        form=form,
        chosen=request.POST.getlist("report"),
        rungs=[
            (code, words.word(code)) for code in _next(matter) if code in _writes(request, shown)
        ],
        scopes=[(scope.value, words.word(f"scope_{scope}")) for scope in core.Scope],
        reports=ladder.reports_about(viewer, key),
        decisions=_offered(ladder.decisions_about(viewer, key)),
    )


def intercession(request: PageRequest, key: UUID) -> HttpResponse:
    """One step: read it, approve it or send it back, record what they answered."""
    shown = there(ladder.step_page(request.viewer, key, request.now))
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            says = _do(request, key, trouble)
            if says:
                return done(request, says, "intercession", key)
    return page(
        request,
        "intercession.html",
        trouble,
        s=shown,
        form=kept(request),
        answers=[(code, words.word(f"answer_{code}")) for code in core.ANSWERS],
        titles=people.titles(request.viewer),
    )


def _do(request: PageRequest, key: UUID, trouble: Trouble) -> str:
    by, now, said = request.viewer, request.now, posted(request, "words")
    if posted(request, "do") == "answer":
        on = a_day(posted(request, "on"), trouble, "on")
        if trouble:
            return ""
        answer = posted(request, "answer")
        answer_intercession(by=by, now=now, intercession=key, answer=answer, words=said, on=on)
        return _("Recorded. Where it is not enough, the next step follows from the party’s page.")
    verdict = posted(request, "verdict")
    if verdict not in ("approve", "back"):
        trouble.add("verdict", _("Choose one."))
        return ""
    approves = verdict == "approve"
    approve_intercession(by=by, now=now, intercession=key, approves=approves, words=said)
    return _("It stands. Its letter can go.") if approves else _("Sent back, with your words.")


def _writes(request: PageRequest, shown: queries.PartyPage) -> tuple[str, ...]:
    """The steps that this post may write about this party; a person is nobody to answer."""
    if shown.kind == "person":
        return ()
    duties = request.viewer.duties
    return tuple(rule.rung.value for rule in core.LADDER.values() if rule.authors & duties)


def _next(matter: ladder.Matter | None) -> tuple[str, ...]:
    return matter.next if matter else tuple(rung.value for rung in core.next_rungs(None))


def _offered(found: tuple[ladder.Named, ...]) -> list[tuple[str, str]]:
    """Decisions to choose from: none of them, or one by its kind, day and case."""
    said = [
        (str(each.id), f"{words.word(each.kind)}, {formats.day(each.at)}: {each.title}")
        for each in found
    ]
    return [("", "–"), *said] if said else []


def _fresh(request: PageRequest, matter: ladder.Matter | None) -> Kept:
    """What the form starts from: the matter's own scope, and the usual time to answer."""
    asked = request.GET.get("rung", "")
    due = core.answer_due(core.Rung.INTERCEDED, request.now, mission.current().clocks)
    return Kept(
        rung=asked if asked in _next(matter) else "",
        scope=matter.head.scope if matter else "",
        scope_words=matter.head.scope_words if matter else "",
        deadline=due.date().isoformat() if due else "",
        after=str(matter.head.id) if matter else "",
    )


def _step(request: PageRequest, party: UUID, trouble: Trouble) -> NewRung:
    reports = [a_choice(each, trouble, "report") for each in request.POST.getlist("report")]
    return NewRung(
        party=party,
        rung=posted(request, "rung"),
        scope=posted(request, "scope"),
        scope_words=posted(request, "scope_words"),
        threshold=posted(request, "threshold"),
        relied_on=posted(request, "relied_on"),
        reports=tuple(each for each in reports if each),
        after=a_choice(posted(request, "after"), trouble, "after"),
        deadline=end_of(a_day(posted(request, "deadline"), trouble, "deadline")),
        decision=a_choice(posted(request, "decision"), trouble, "decision"),
        relied_seal=mission.raised_seal() if "raise" in request.POST else "",
        key=once(request),
    )
