"""Parties: search, what is known of one and how sure, its chain of command on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from markupsafe import Markup

from primum.actions.enter_party import ENTERS, NewParty, enter_party
from primum.cases.queries import activity as one
from primum.cases.queries import lists, looks, promises, stops, wholes
from primum.cases.queries.found import found_of
from primum.cases.queries.party import GIVEN, support_of
from primum.core.command import Chain
from primum.exchange.chain_svg import Drawing, Words, draw_chain
from primum.people import queries as people
from primum.register import queries
from primum.web import words
from primum.web.middleware import PageRequest
from primum.web.views import stopping
from primum.web.views.common import (
    Trouble,
    a_day,
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
from primum.web.views.ladder import ladder_of

KINDS = ("unit", "force", "authority", "person", "group", "own_component")
SHOWN = 10
"""How many lines of each of its lists a party's page shows; the rest is one click away."""


def party_list(request: PageRequest) -> HttpResponse:
    q, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    found = queries.find(request.viewer, q, kind, request.GET.get("after", ""))
    lines, more = one_page(found)
    return page(
        request,
        "parties.html",
        lines=lines,
        more=more,
        q=q,
        kind=kind,
        kinds=KINDS,
        may_enter=bool(ENTERS & request.viewer.duties),
    )


def party_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it."""
    viewer, q, kind = request.viewer, request.GET.get("q", "").strip(), request.GET.get("kind", "")

    def rows() -> Iterator[Sequence[object]]:
        for line in every_page(lambda after: queries.find(viewer, q, kind, after)):
            yield (line.name, line.kind, line.country, line.publisher)

    return csv_of(viewer, "parties", ("name", "kind", "country", "published by"), rows)


def party(request: PageRequest, key: UUID) -> HttpResponse:
    viewer = request.viewer
    shown = there(queries.party_page(viewer, key))
    trouble = Trouble()
    asked = request.GET.get("on", "").strip()
    on = a_day(asked, trouble, "on")
    chain, names, posted_here = queries.chain_of(viewer, key, on)
    published = queries.SupportFilter(party=key)
    return page(
        request,
        "party.html",
        trouble,
        p=shown,
        on=asked,
        chain=chain,
        names=names,
        drawing=_drawing(chain, names),
        commanders=posted_here,
        shown=SHOWN,
        postings=queries.postings(viewer, key),
        given=support_of(viewer, key, SHOWN, request.now),
        found=found_of(viewer, key, request.now),
        may_suspend=stopping.may_suspend(request),
        party_stops=stops.stops_of_party(viewer, key),
        standings=GIVEN,
        whole=wholes.whole(viewer, key, request.now),
        promises=promises.of_party(viewer, key, request.now, SHOWN),
        may_assess=_may_assess(request, shown),
        may_look=looks.may_look(request.viewer),
        reports=lists.reports_of(viewer, key),
        reports_all=lists.report_count(viewer, key),
        support=queries.support(viewer, published),
        support_all=queries.support_count(viewer, published),
        sets=queries.support_sets(viewer),
        sources=queries.party_sources(viewer, key),
        timeline=one.entries(viewer, key),
        titles=people.titles(viewer),
        ladder=ladder_of(request, shown),
    )


def _may_assess(request: PageRequest, shown: queries.PartyPage) -> bool:
    """Whether to offer the shared assessment: of forces and authorities, to posts that assess."""
    return "assesses" in request.viewer.duties and shown.kind in ("force", "authority", "group")


def new(request: PageRequest) -> HttpResponse:
    """Enter a party that no register holds: for the posts that assess and advise."""
    there(ENTERS & request.viewer.duties or None)
    trouble = Trouble()
    if request.method == "POST":
        names = tuple(name.strip() for name in posted(request, "names").split(";") if name.strip())
        with troubles(trouble):
            key = enter_party(
                by=request.viewer,
                now=request.now,
                party=NewParty(
                    name=posted(request, "name"),
                    kind=posted(request, "kind"),
                    names=names,
                    country=posted(request, "country"),
                    invented="invented" in request.POST,
                    key=once(request),
                ),
            )
            return done(request, _("The party is in the register."), "party", key)
    return page(
        request,
        "party_new.html",
        trouble,
        form=kept(request),
        kinds=[(kind, words.word(kind)) for kind in KINDS],
    )


def _drawing(chain: Chain, names: Mapping[str, str]) -> Markup:
    if len(chain.nodes) <= 1:
        return Markup("")
    how = Drawing(
        words=Words(
            title=_("Chain of command of {unit}"),
            on_day=_("On {day}."),
            all_time=_("Every tie ever cited; not all held at one time."),
            counts=_("Superiors: {above}. Subordinates: {below}."),
            unsettled=_("Ties that no source settles for that day: {count}."),
            not_drawn=_("Units not drawn: {count}."),
            possible=_("possible"),
            more=_("and {count} more"),
        ),
        href=lambda node: reverse("party", args=[node]),
        right_to_left=get_language_bidi(),
    )
    return Markup(draw_chain(chain, names, how))  # noqa: S704 - the writer escapes every name
