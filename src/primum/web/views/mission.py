"""The mission's own pages: leadership, protocols, posts, and one's account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from primum.actions.posts import seat as do_seat
from primum.actions.posts import vacate as do_vacate
from primum.cases.queries import late
from primum.cases.queries import leadership as leading
from primum.cases.queries.audit import may_audit
from primum.core.screening import fold
from primum.people import door, queries
from primum.register.queries import too_short
from primum.web.formats import said
from primum.web.jinja import shows_leadership
from primum.web.middleware import POST_IN_SESSION, PageRequest
from primum.web.views.common import (
    Kept,
    Trouble,
    a_day,
    a_key,
    csv_of,
    done,
    end_of,
    kept,
    page,
    post_only,
    posted,
    there,
    troubles,
)


def leadership(request: PageRequest) -> HttpResponse:
    there(shows_leadership(request.viewer) or None)
    return page(
        request,
        "leadership.html",
        l=leading.leadership(request.viewer, request.now),
        late=late.escalated(request.viewer, request.now),
        audits=may_audit(request.viewer),
        titles=queries.titles(request.viewer),
    )


def posts(request: PageRequest) -> HttpResponse:
    return _posts(request, Trouble())


@post_only
def seat(request: PageRequest, key: UUID) -> HttpResponse:
    trouble = Trouble()
    ends = end_of(a_day(posted(request, "ends"), trouble, f"ends-{key}"))
    person = there(a_key(posted(request, "person")))
    if not trouble:
        with troubles(trouble):
            do_seat(
                by=request.viewer,
                now=request.now,
                person=person,
                post=key,
                ends=ends,
                acting_cover="acting" in request.POST,
            )
            return done(request, _("Seated."), "posts")
    return _posts(request, trouble, key)


@post_only
def vacate(request: PageRequest, key: UUID) -> HttpResponse:
    trouble = Trouble()
    with troubles(trouble):
        do_vacate(by=request.viewer, now=request.now, post=key)
        says = _("The post is vacant. Its open work lies with the post above until it is filled.")
        return done(request, says, "posts")
    return _posts(request, trouble)


def post_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included."""
    viewer, lines = request.viewer, _lines(request)
    titles = queries.titles(viewer)

    def rows() -> Iterator[Sequence[object]]:
        for line in lines:
            holder = "; ".join(filter(None, (line.holder, *line.acting)))
            above = said(titles[line.supervisor]) if line.supervisor else ""
            yield (said(line.title), said(line.organisation), holder, above)

    header = ("post", "organisation", "held by", "post above")
    return csv_of(viewer, "posts", header, rows)


def _lines(request: PageRequest) -> Sequence[queries.PostLine]:
    """The posts whose title or holder has the words, of one organisation, or the vacant ones."""
    q = request.GET.get("q", "").strip()
    if too_short(q):
        return ()
    organisation, vacant = request.GET.get("organisation", ""), "vacant" in request.GET
    return [
        line
        for line in queries.post_lines(request.viewer, request.now)
        if fold(q, loose=True) in _folded(line)
        and organisation in ("", str(line.organisation_id))
        and (line.vacant or not vacant)
    ]


def _folded(line: queries.PostLine) -> str:
    return fold(" ".join((*line.title.values(), line.holder, *line.acting)), loose=True)


def _posts(request: PageRequest, trouble: Trouble, changed: UUID | None = None) -> HttpResponse:
    viewer = request.viewer
    staffs = "staffs_posts" in viewer.duties
    q = request.GET.get("q", "").strip()
    every = queries.post_lines(viewer, request.now)
    return page(
        request,
        "posts.html",
        trouble,
        typed=defaultdict(Kept, {changed: kept(request)} if changed else {}),
        lines=_lines(request),
        organisations={line.organisation_id: line.organisation for line in every},
        q=q,
        organisation=request.GET.get("organisation", ""),
        vacant="vacant" in request.GET,
        shown_as=request.GET.urlencode(),
        people=queries.people(viewer) if staffs else (),
        staffs=staffs,
        overseen=queries.overseen(viewer, request.now),
        titles=queries.titles(viewer),
    )


def account(request: PageRequest) -> HttpResponse:
    """One's account: the posts one holds, the second factor. Reached without a post too."""
    held = door.held(UUID(str(request.user.pk)), request.now)
    return page(request, "account/account.html", held=held)


@post_only
def act_as(request: PageRequest) -> HttpResponse:
    """Choose the post to act in, among those one holds."""
    wanted = a_key(posted(request, "post"))
    if wanted in {post.id for post in door.held(UUID(str(request.user.pk)), request.now)}:
        request.session[POST_IN_SESSION] = str(wanted)
    return HttpResponseRedirect(reverse("account"))
