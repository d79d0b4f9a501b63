"""Effects: confirm, strike and add, block by block; suggest; read a second time; export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from primum.actions.second_read_effects import second_read_effects
from primum.actions.weigh_effects import (
    Expected,
    NewWeighing,
    Struck,
    Suggested,
    suggest_effect,
    weigh_effects,
)
from primum.cases.queries import activity as one
from primum.cases.queries import effects as query
from primum.core import effects
from primum.people import mission, queries
from primum.web import formats, words
from primum.web.middleware import PageRequest
from primum.web.views.common import (
    Trouble,
    a_day,
    a_key,
    csv_of,
    done,
    kept,
    once,
    page,
    post_only,
    posted,
    there,
    troubles,
)

NEW = ("good", "harm", "next", "nothing", "other")
"""The blocks that add: a benefit, a harm, what follows from one, doing nothing, another way."""


def weigh(request: PageRequest, key: UUID) -> HttpResponse:
    """One block a pathway, nothing ticked before; what is left blank waits for another day."""
    shown = _page(request, key)
    there(shown.may_weigh or shown.may_suggest or None)
    trouble = Trouble()
    if request.method == "POST":
        with troubles(trouble):
            if shown.may_weigh:
                wish = _weighing(request, shown, trouble)
                if not trouble:
                    weigh_effects(by=request.viewer, now=request.now, activity=key, weighing=wish)
                    return _kept(request, key)
            else:
                return _suggest(request, key)
    return page(
        request,
        "effects.html",
        trouble,
        a=there(one.activity_page(request.viewer, key, request.now)).head,
        e=shown,
        form=kept(request),
        chosen=request.POST.getlist,
        under=a_key(request.GET.get("under", "")),
        choices=choices,
        new=NEW,
        titles=queries.titles(request.viewer),
    )


def _kept(request: PageRequest, key: UUID) -> HttpResponse:
    """Back to the case; or here again, while a pathway or a serious harm has no answer."""
    left = _page(request, key)
    open_ = left.unanswered or not all(line.answered_for for line in left.serious)
    return done(
        request,
        _("Kept. The page shows what is left.") if open_ else _("Kept. Everything is answered."),
        "effects" if open_ else "activity",
        key,
    )


def _suggest(request: PageRequest, key: UUID) -> HttpResponse:
    suggest_effect(
        by=request.viewer,
        now=request.now,
        activity=key,
        effect=Suggested(
            posted(request, "suggest-who"),
            posted(request, "suggest-what"),
            good=posted(request, "suggest-kind") == "good",
            key=once(request),
        ),
    )
    return done(request, _("Suggested. The post that assesses answers it."), "activity", key)


@post_only
def read(request: PageRequest, key: UUID) -> HttpResponse:
    """The second reader says whether the list is whole."""
    shown = _page(request, key)
    reading = there(shown.reading)
    trouble = Trouble()
    with troubles(trouble):
        second_read_effects(
            by=request.viewer,
            now=request.now,
            weighing=a_key(posted(request, "weighing")) or reading.weighing,
            finds=posted(request, "finds"),
            words=posted(request, "words"),
        )
        return done(request, _("Read, and kept with your words."), "activity", key)
    return page(request, "refused.html", trouble, back=key)


def export(request: PageRequest, key: UUID) -> HttpResponseBase:
    """The effects of one activity as a table, parents first, as far as one may read them."""
    shown = _page(request, key)

    def rows() -> Iterator[Sequence[object]]:
        for line in (*shown.every, *shown.struck, *shown.surprises):
            yield (
                line.order,
                line.option,
                "good" if line.good else "bad",
                formats.said(line.who),
                formats.said(line.what),
                line.how,
                line.horizon,
                line.likelihood,
                len(line.grounds) or "opinion",
                line.seriousness,
                line.reversible,
                formats.said(line.signpost),
                line.look_on,
                line.state,
                line.met_by or ("accepted" if line.accepted else ""),
                line.struck_why,
            )

    return csv_of(request.viewer, "effects", HEADER, rows)


HEADER = (
    *("order", "way", "good or bad", "who", "what", "how", "when", "likelihood"),
    *("reports it rests on", "seriousness", "reversible", "first sign", "look on", "state"),
    *("met by", "why struck"),
)


def _page(request: PageRequest, key: UUID) -> query.EffectsPage:
    return there(query.effects_page(request.viewer, key, request.now))


def choices(name: str) -> list[tuple[str, str]]:
    """The codes of one field with their words; nothing chosen to begin with."""
    prefix, codes = {
        "how": ("how_", effects.MECHANISMS),
        "horizon": ("", effects.HORIZONS),
        "likelihood": ("", effects.LIKELIHOODS),
        "seriousness": ("seriousness_", effects.SERIOUSNESS),
        "reversible": ("reversible_", effects.REVERSIBLE),
    }[name]
    return [("", "–"), *((code, words.word(f"{prefix}{code}")) for code in codes)]


def _weighing(request: PageRequest, shown: query.EffectsPage, trouble: Trouble) -> NewWeighing:
    expected: list[Expected] = []
    struck: list[Struck] = []
    for code in shown.unanswered:
        match posted(request, f"{code}-does"):
            case "confirm":
                expected.append(_expected(request, code, trouble, pathway=code))
            case "strike":
                struck.append(Struck(posted(request, f"{code}-why"), pathway=code))
    for line in shown.suggestions:
        match posted(request, f"{line.id}-does"):
            case "confirm":
                weighed = _expected(request, str(line.id), trouble, suggestion=line.id)
                expected.append(replace(weighed, good=line.good))
            case "strike":
                struck.append(Struck(posted(request, f"{line.id}-why"), suggestion=line.id))
    expected += [each for name in NEW for each in _added(request, name, trouble)]
    for line in shown.every:
        if posted(request, f"{line.id}-does") == "strike":
            struck.append(Struck(posted(request, f"{line.id}-why"), effect=line.id))
    return NewWeighing(tuple(expected), tuple(struck), _met(request, shown), once(request))


def _met(request: PageRequest, shown: query.EffectsPage) -> Mapping[UUID, str]:
    """What meets a serious harm, where that was chosen anew."""
    found = {}
    for line in shown.serious:
        name = f"{line.id}-met_by"
        if name in request.POST and posted(request, name) != line.met_by:
            found[line.id] = posted(request, name)
    return found


def _added(request: PageRequest, name: str, trouble: Trouble) -> Iterator[Expected]:
    """A block of those that add, if anything was typed into it."""
    if not (posted(request, f"{name}-who") or posted(request, f"{name}-what")):
        return
    option = {"nothing": effects.DO_NOTHING, "other": posted(request, f"{name}-option")}
    yield replace(
        _expected(request, name, trouble),
        option=option.get(name) or effects.AS_PROPOSED,
        good=name == "good" or posted(request, f"{name}-kind") == "good",
        parent=_parent(posted(request, f"{name}-parent")),
    )


def _parent(text: str) -> UUID | str | None:
    """The effect it follows from: one that is there, or a pathway confirmed in this form."""
    return a_key(text) or text or None


def _expected(
    request: PageRequest,
    at: str,
    trouble: Trouble,
    *,
    pathway: str = "",
    suggestion: UUID | None = None,
) -> Expected:
    def said(name: str) -> str:
        return posted(request, f"{at}-{name}")

    reports = (a_key(word) for word in request.POST.getlist(f"{at}-reports"))
    sealed = mission.current().default_seals["assessor_ruling"] if said("sealed") else ""
    return Expected(
        at=at,
        pathway=pathway,
        suggestion=suggestion,
        group=said("group"),
        who=said("who"),
        how=said("how"),
        what=said("what"),
        horizon=said("horizon"),
        likelihood=said("likelihood"),
        seriousness=said("seriousness"),
        reversible=said("reversible"),
        signpost=said("signpost"),
        look_on=a_day(said("look_on"), trouble, f"q-{at}-look_on"),
        feeds=_several(said("feeds")),
        helps=_several(said("helps")),
        reports=tuple(report for report in reports if report),
        seal=sealed,
    )


def _several(text: str) -> tuple[str, ...]:
    """Words with commas between them."""
    return tuple(word.strip() for word in text.replace("،", ",").split(",") if word.strip())


def accepted(request: PageRequest) -> Mapping[UUID, str]:
    """The serious harms that a decision accepts, each in its own words."""
    return _by_key(request, "accept-")


def signs_of(request: PageRequest) -> Mapping[UUID, str]:
    """What a look answers to each signpost on it."""
    return _by_key(request, "sign-")


def _by_key(request: PageRequest, prefix: str) -> dict[UUID, str]:
    found = {name.removeprefix(prefix): name for name in request.POST if name.startswith(prefix)}
    given = {key: posted(request, name) for text, name in found.items() if (key := a_key(text))}
    return {key: words for key, words in given.items() if words}
