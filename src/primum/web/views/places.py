"""Places: the list, one over the years, what a building is for and in whose hands it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from primum.actions.enter_facility import NewFacility, enter_facility
from primum.actions.name_custodian import NewCustodian, name_custodian
from primum.cases.queries import activity as one
from primum.cases.queries import lists, looks, places
from primum.core import authority
from primum.people import queries as people
from primum.register import queries
from primum.web import words
from primum.web.formats import said
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Kept,
    Trouble,
    a_choice,
    a_day,
    a_key,
    a_number,
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

KNOWN = ("yes", "no", "unknown")
SHOWN = 20
"""How many lines of each list stand on the page; the rest is one click away."""


def place_list(request: PageRequest) -> HttpResponse:
    q, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    found = queries.find_places(request.viewer, q, kind, request.GET.get("after", ""))
    lines, more = one_page(found)
    return page(
        request,
        "places.html",
        lines=lines,
        more=more,
        q=q,
        kind=kind,
        kinds=queries.place_kinds(request.viewer),
    )


def place_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it."""
    viewer, q, kind = request.viewer, request.GET.get("q", "").strip(), request.GET.get("kind", "")

    def rows() -> Iterator[Sequence[object]]:
        for line in every_page(lambda after: queries.find_places(viewer, q, kind, after)):
            yield (said(line.names), line.kind, said(line.inside))

    return csv_of(viewer, "places", ("name", "kind", "inside"), rows)


def place(request: PageRequest, key: UUID) -> HttpResponse:
    viewer = request.viewer
    shown = there(queries.place_page(viewer, key))
    trouble = Trouble()
    asked = request.GET.get("on", "").strip()
    on = a_day(asked, trouble, "on") or request.now.date()
    held = queries.custodians(viewer, key)
    building = queries.facility_of(viewer, key)
    return page(
        request,
        "place.html",
        trouble,
        p=shown,
        on=asked,
        day=on,
        building=building,
        built=_built(request, building),
        looker=_looker(request, building),
        custodians=held,
        custodian=next((each for each in held if each.on(on)), None),
        may_look=looks.may_look(viewer),
        may_write=bool(authority.KEEPS_FACILITIES & viewer.duties),
        history=places.years_of(viewer, key, request.now, _year(request)),
        whole=request.GET.get("all", ""),
        shown=SHOWN,
        timeline=one.entries(viewer, key),
        titles=people.titles(viewer),
    )


def _year(request: PageRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdecimal() and len(before) == 4 else None


def _built(request: PageRequest, building: queries.FacilityLine | None) -> tuple[UUID, str] | None:
    """The activity that built it, for those who may know of that."""
    if building is None or building.built_under is None:
        return None
    title = lists.activity_title(request.viewer, building.built_under)
    return None if title is None else (building.built_under, title)


def _looker(request: PageRequest, building: queries.FacilityLine | None) -> people.Seated | None:
    return people.seat_of(request.viewer, building.looker, request.now) if building else None


def facility(request: PageRequest, key: UUID) -> HttpResponse:
    """Write down what a building is for; what was written before is kept beside it."""
    viewer = request.viewer
    shown = there(queries.place_page(viewer, key))
    there(authority.KEEPS_FACILITIES & viewer.duties or None)
    trouble = Trouble()
    building = queries.facility_of(viewer, key)
    form = kept(request) if request.method == "POST" else _as_typed(building)
    if request.method == "POST":
        wish = _wish(request, key, trouble)
        if not trouble:
            with troubles(trouble):
                enter_facility(by=viewer, now=request.now, facility=wish)
                return done(request, _("Written down."), "place", key)
    return page(
        request,
        "facility.html",
        trouble,
        p=shown,
        form=form,
        seen=building.id if building else "",
        posts=[(line.id, said(line.title)) for line in people.post_lines(viewer, request.now)],
        built=places.activities_at(viewer, key),
        known=[(code, words.word(code)) for code in KNOWN],
    )


def _wish(request: PageRequest, place: UUID, trouble: Trouble) -> NewFacility:
    return NewFacility(
        place=place,
        looker=a_choice(posted(request, "looker"), trouble, "looker"),
        forbidden_uses=_one_a_line(posted(request, "forbidden_uses")),
        agreed_uses=_one_a_line(posted(request, "agreed_uses")),
        built_under=a_choice(posted(request, "built_under"), trouble, "built_under"),
        handed_over=a_day(posted(request, "handed_over"), trouble, "handed_over"),
        capacity=a_number(posted(request, "capacity"), trouble, "capacity"),
        holding_hours=a_number(posted(request, "holding_hours"), trouble, "holding_hours"),
        any_time=posted(request, "any_time") or "unknown",
        private_talks=posted(request, "private_talks") or "unknown",
        access_words=posted(request, "access_words"),
        seen=a_key(posted(request, "seen")),
        key=once(request),
    )


def _one_a_line(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _as_typed(building: queries.FacilityLine | None) -> Kept:
    """The form as it would have been filled in to say what stands today."""
    if building is None:
        return Kept()
    plain = {
        "looker": building.looker,
        "built_under": building.built_under,
        "handed_over": building.handed_over,
        "capacity": building.capacity,
        "holding_hours": building.holding_hours,
        "any_time": building.any_time,
        "private_talks": building.private_talks,
        "access_words": building.access_words,
        "agreed_uses": "\n".join(building.agreed_uses),
        "forbidden_uses": "\n".join(building.forbidden_uses),
    }
    return Kept((name, "" if value is None else str(value)) for name, value in plain.items())


def custodian(request: PageRequest, key: UUID) -> HttpResponse:
    """First the party, then from when to when and who says so."""
    viewer = request.viewer
    shown = there(queries.place_page(viewer, key))
    there(authority.KEEPS_FACILITIES & viewer.duties or None)
    former = _former(request, key)
    party = former.party if former else a_key(request.GET.get("party", ""))
    about = queries.party_page(viewer, party) if party else None
    if about is None:
        q = request.GET.get("q", "").strip()
        found = queries.find(viewer, q)[: queries.PAGE] if q else ()
        return page(request, "custodian_party.html", p=shown, q=q, found=found)
    trouble = Trouble()
    if request.method == "POST":
        starts = a_day(posted(request, "starts"), trouble, "starts")
        ends = a_day(posted(request, "ends"), trouble, "ends")
        if not trouble:
            with troubles(trouble):
                name_custodian(
                    by=viewer,
                    now=request.now,
                    custodian=NewCustodian(
                        place=key,
                        party=about.id,
                        starts=starts,
                        ends=ends,
                        source=posted(request, "source"),
                        corrects=former.id if former else None,
                        key=once(request),
                    ),
                )
                return done(request, _("Written down."), "place", key)
    form = kept(request) if request.method == "POST" else _custody(former)
    return page(request, "custodian.html", trouble, p=shown, about=about, former=former, form=form)


def _former(request: PageRequest, place: UUID) -> queries.CustodianLine | None:
    wanted = a_key(request.GET.get("corrects", ""))
    if wanted is None:
        return None
    held = queries.custodians(request.viewer, place)
    return there(next((each for each in held if each.id == wanted), None))


def _custody(former: queries.CustodianLine | None) -> Kept:
    def plain(day: date | None) -> str:
        return day.isoformat() if day else ""

    if former is None:
        return Kept()
    return Kept(starts=plain(former.starts), ends=plain(former.ends), source=former.source)
