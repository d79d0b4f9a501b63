"""Activities: the list, the page of six questions, and the proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from primum.actions.propose import NewActivity, NewLine, propose
from primum.cases import facts
from primum.cases.queries import activity as one
from primum.cases.queries import lists, policy
from primum.cases.queries.shapes import ActivityPage
from primum.core.protocol import plan, read_answers
from primum.core.vocabulary import Stage, Verb
from primum.people import queries
from primum.register import queries as register
from primum.web import answers, steps, words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_choice,
    a_day,
    a_key,
    a_number,
    csv_of,
    done,
    kept,
    once,
    page,
    posted,
    there,
    troubles,
)

KINDS = (
    "training_advisory",
    "authority_support",
    "financial",
    "logistical_ops",
    "operational",
    "joint_operation",
    "infrastructure",
)
MOST_LINES = 12
ALSO = ("quantity", "value", "people", "lethal")
"""What makes a line of a form besides its words: none of it is passed over."""


def activity_list(request: PageRequest) -> HttpResponse:
    wanted = _wanted(request)
    found = lists.activities(request.viewer, wanted, request.GET.get("after", ""))
    more = found[lists.PAGE - 1].cursor if len(found) > lists.PAGE else ""
    return page(
        request,
        "activities.html",
        lines=found[: lists.PAGE],
        more=more,
        wanted=wanted,
        stages=list(Stage),
        titles=queries.titles(request.viewer),
    )


def _wanted(request: PageRequest) -> lists.Filter:
    return lists.Filter(
        words=request.GET.get("q", "").strip(),
        stage=request.GET.get("stage", ""),
        party=a_key(request.GET.get("party", "")),
    )


def activity_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it."""
    viewer, wanted = request.viewer, _wanted(request)

    def rows() -> Iterator[Sequence[object]]:
        after = ""
        while True:
            found = lists.activities(viewer, wanted, after)
            for line in found[: lists.PAGE]:
                parties = "; ".join(line.parties)
                yield (
                    line.title,
                    line.stage,
                    line.stage_since.isoformat(),
                    parties,
                    line.value_usd,
                )
            if len(found) <= lists.PAGE:
                return
            after = found[lists.PAGE - 1].cursor

    header = ("title", "stage", "since (UTC)", "parties", "value (USD)")
    return csv_of(viewer, "activities", header, rows)


def activity(request: PageRequest, key: UUID) -> HttpResponse:
    shown = there(one.activity_page(request.viewer, key, request.now))
    return page(
        request,
        "activity.html",
        a=shown,
        then=_then(request, shown),
        states=steps.line_states(shown),
        titles=queries.titles(request.viewer),
    )


def _then(request: PageRequest, shown: ActivityPage) -> Mapping[str, str]:
    """What each next step brings; what a yes opens, for those who may say it."""
    then = dict(steps.consequences(shown, request.now))
    if Verb.DECIDE in shown.moves:
        rules, given = there(one.assessment_form(request.viewer, shown.head.id))
        then["decide"] = steps.opening(rules, plan(rules, read_answers(rules, given)), request.now)
    return then


def new(request: PageRequest) -> HttpResponse:
    """Propose: first the party, then what it would get, then the protocol's questions."""
    viewer = request.viewer
    keys = [key for text in request.GET.getlist("party") if (key := a_key(text))]
    parties = [shown for key in keys if (shown := register.party_page(viewer, key))]
    versions = policy.protocols(viewer)
    if not parties or not versions:
        search = request.GET.get("q", "").strip()
        found = register.find(viewer, search) if search else ()
        return page(request, "new_party.html", q=search, found=found[: register.PAGE], keys=keys)
    chosen = a_key(request.GET.get("protocol", ""))
    version = next((row for row in versions if row.id == chosen), versions[0])
    rules = facts.protocol_of(version)
    trouble = Trouble()
    asked = [question for question in rules.questions if question.section.before]
    given = answers.read(answers.form_of(request.POST.lists()), asked)
    count = _line_count(request)
    if request.method == "POST" and "more" not in request.POST:
        wish = _wish(request, [version.id], given, count, trouble)
        if wish is not None:
            with troubles(trouble):
                key = propose(by=viewer, now=request.now, activity=wish)
                says = _("Proposed. The due diligence officer will assess it.")
                return done(request, says, "activity", key)
    return page(
        request,
        "new_activity.html",
        trouble,
        parties=parties,
        rules=rules,
        version=version,
        versions=[(row.id, facts.protocol_of(row).title) for row in versions],
        questions=asked,
        given=given,
        count=count,
        form=kept(request),
        kinds=[(kind, words.word(kind)) for kind in KINDS],
        places=register.places(viewer),
    )


def _line_count(request: PageRequest) -> int:
    count = int(a_number(posted(request, "lines"), Trouble(), "") or 1)
    return min(count + ("more" in request.POST), MOST_LINES)


def _wish(
    request: PageRequest,
    protocols: list[UUID],
    given: dict[str, object],
    count: int,
    trouble: Trouble,
) -> NewActivity | None:
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
    new_lines = [line for at in range(count) if (line := _line(request, at, trouble))]
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
        protocols=protocols,
        answers=given,
        invented="invented" in request.POST,
        key=once(request),
    )


def _line(request: PageRequest, at: int, trouble: Trouble) -> NewLine | None:
    what, party = posted(request, f"what-{at}"), a_key(posted(request, f"party-{at}"))
    value = a_number(posted(request, f"value-{at}"), trouble, f"value-{at}")
    people = a_number(posted(request, f"people-{at}"), trouble, f"people-{at}")
    if not what:
        if at == 0 or any(posted(request, f"{name}-{at}") for name in ALSO):
            trouble.add(f"what-{at}", _("Say what would be brought."))
        return None
    kind = posted(request, f"kind-{at}")
    if party is None or kind not in KINDS:
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
    )
