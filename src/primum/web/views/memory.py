"""Memory: the hand-over of a post, and what became of activities like this one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from primum.actions.read_handover import read_handover
from primum.actions.write_handover import MOST, write_handover
from primum.cases.queries import lists, memory, precedents
from primum.exchange.documents import Part
from primum.people import queries
from primum.web import formats, words
from primum.web.formats import said
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    done,
    kept,
    once,
    one_page,
    page,
    posted,
    there,
    troubles,
)
from primum.web.views.planning import paper_of


def handover(request: PageRequest, key: UUID) -> HttpResponse:
    """Everything the post knows; its holder writes the page and says that they have read it."""
    viewer = request.viewer
    pack = there(memory.pack_of(viewer, key, request.now))
    trouble = Trouble()
    if request.method == "POST":
        there(pack.mine or None)
        with troubles(trouble):
            if "read" in request.POST:
                read_handover(by=viewer, now=request.now)
                return done(request, _("Noted that you have read it."), "handover", key)
            said_now = posted(request, "words")
            write_handover(by=viewer, now=request.now, words=said_now, key=once(request))
            return done(request, _("Your page is kept."), "handover", key)
    return page(
        request,
        "handover.html",
        trouble,
        pack=pack,
        form=kept(request),
        most=MOST,
        titles=queries.titles(viewer),
    )


def handover_paper(request: PageRequest, key: UUID) -> HttpResponse:
    """The same as PDF, for whoever reads it on the way."""
    pack = there(memory.pack_of(request.viewer, key, request.now))
    titles = queries.titles(request.viewer)
    none = _("None that you may see.")
    page_said = [] if pack.page is None else [(pack.page.words, _signed(pack.page))]
    return paper_of(
        request,
        "handover",
        _("Hand-over: %(post)s") % {"post": said(titles[key])},
        [_("It names what its reader may see. Keep it as you would keep that.")],
        [
            Part(_("The page of whoever left"), page_said, _("Nobody has written it.")),
            Part(
                _("Open commitments"),
                [(said(owed.text), _owed(owed)) for owed in pack.owed],
                none,
                boxes=True,
            ),
            Part(
                _("Coming looks"),
                [(said(look.says), f"{look.title} · {_due(look)}") for look in pack.coming],
                none,
                boxes=True,
            ),
            Part(
                _("Decisions of the last year"),
                [
                    (f"{each.title}: {words.word(each.choice)}", _chosen(each))
                    for each in pack.decisions
                ],
                none,
            ),
            Part(_("Fragile contacts, by pseudonym"), [(name, "") for name in pack.contacts], none),
            Part(_("Places"), [(said(names), "") for _key, names in pack.places], none),
        ],
    )


def _signed(page_written: memory.Page) -> str:
    return f"{page_written.name}, {formats.moment(page_written.at)}"


def _owed(owed: memory.Owed) -> str:
    return f"{owed.title} · {formats.moment(owed.due)} · {words.word(owed.state)}"


def _due(look: memory.Coming) -> str:
    return formats.month(look.due) if look.month_only else formats.moment(look.due)


def _chosen(each: memory.Chosen) -> str:
    return " · ".join(filter(None, (formats.moment(each.at), each.words)))


def similar_list(request: PageRequest, key: UUID) -> HttpResponse:
    """Every past activity like this one, page by page."""
    viewer = request.viewer
    title = there(lists.activity_title(viewer, key))
    found = precedents.similar(viewer, key, request.now, request.GET.get("after", ""))
    lines, more = one_page(found)
    return page(request, "similar.html", key=key, title=title, lines=lines, more=more)
