"""Published support: who gave what to whom, as its publisher prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from primum.register import queries
from primum.web.middleware import PageRequest
from primum.web.views.common import a_key, csv_of, every_page, one_page, page

STATES = ("proposed", "confirmed")
HEADER = (
    *("year", "country", "recipient as printed", "course", "programme", "given by", "place"),
    *("people", "cost (USD)", "starts", "ends", "publisher's file", "page"),
    *("state of the match", "unit of the register", "attribution"),
)


def support_list(request: PageRequest) -> HttpResponse:
    viewer, wanted = request.viewer, _wanted(request)
    lines, more = one_page(queries.support(viewer, wanted, request.GET.get("after", "")))
    about = queries.party_page(viewer, wanted.party) if wanted.party else None
    return page(
        request,
        "support.html",
        lines=lines,
        more=more,
        wanted=wanted,
        about=about,
        years=queries.support_years(viewer),
        sets=queries.support_sets(viewer),
        states=STATES,
        shown_as=_address(request),
    )


def support_export(request: PageRequest) -> HttpResponseBase:
    """The list as shown, filters included, every page of it, with whose it is on each row."""
    viewer, wanted = request.viewer, _wanted(request)

    def rows() -> Iterator[Sequence[object]]:
        whose = {each.dataset: each.attribution for each in queries.support_sets(viewer)}
        for row in every_page(lambda after: queries.support(viewer, wanted, after)):
            yield (
                *(row.fiscal_year, row.country, row.recipient, row.course, row.program),
                *(row.provider, row.location, row.quantity, row.cost_usd, row.starts, row.ends),
                *(row.file, row.page),
                "; ".join(dict.fromkeys(match.state for match in row.matches)),
                "; ".join(match.party_name for match in row.matches),
                whose.get(row.dataset, ""),
            )

    return csv_of(viewer, "published-support", HEADER, rows)


def _wanted(request: PageRequest) -> queries.SupportFilter:
    state = request.GET.get("state", "")
    return queries.SupportFilter(
        words=request.GET.get("q", "").strip(),
        year=request.GET.get("year", ""),
        dataset=request.GET.get("set", ""),
        state=state if state in STATES else "",
        party=a_key(request.GET.get("party", "")),
    )


def _address(request: PageRequest) -> str:
    """The filters as the address has them, for the next page and the export."""
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()
