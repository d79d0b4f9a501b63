"""Effects in tests: one serious harm, one good, and the pathways of a protocol answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from primum.actions.second_read_effects import second_read_effects
from primum.actions.weigh_effects import Expected, NewWeighing, Struck, weigh_effects
from primum.cases import effects
from primum.cases.models import Effect, Sign
from primum.cases.queries.effects import EffectsPage, effects_page
from primum.people import door
from primum.people.sight import viewing
from tests.builders import GOOD, Case, advised, proposed
from tests.cast import NOW, viewer

BEATEN = Expected(
    "beaten",
    who="People held at the post",
    what="Are beaten with what we taught",
    how="custody",
    horizon="weeks",
    likelihood="likely",
    seriousness="grave",
    reversible="no",
    signpost="Families wait at the gate",
)
"""A serious harm that is likely: a yes has to answer for it."""
SILENT = replace(
    BEATEN,
    at="silent",
    who="Their families",
    what="Tell us nothing any more",
    how="reprisal",
    seriousness="slight",
    signpost="",
)


def everything_struck(case: UUID, name: str = "tomas") -> tuple[Struck, ...]:
    """Every pathway of the protocol, struck."""
    with viewing(viewer(name)):
        return tuple(Struck("Not here.", pathway=code) for code in effects.pathways(case))


def weigh(
    case: Case, *expected: Expected, now: datetime = NOW, by: str = "tomas", whole: bool = True
) -> UUID:
    """Weigh these, with every pathway struck the first time."""
    struck = everything_struck(case.activity, by) if whole else ()
    wish = NewWeighing(expected, struck)
    return weigh_effects(by=viewer(by, now), now=now, activity=case.activity, weighing=wish)


def unweighed(**more: object) -> Case:
    """A proposal whose effects nobody has weighed."""
    return proposed(weighing=False, **more)  # type: ignore[arg-type]


def ready(answers: dict[str, object], *expected: Expected, **more: object) -> Case:
    """Assessed and advised on, with these effects weighed: only the decision is left."""
    case = advised(answers, weighing=False, **more)  # type: ignore[arg-type]
    weigh(case, *(expected or (BEATEN, GOOD)))
    return case


def read(weighing: UUID, by: str = "aminata", finds: str = "agrees", now: datetime = NOW) -> None:
    second_read_effects(
        by=viewer(by, now), now=now, weighing=weighing, finds=finds, words="Read it twice."
    )


def rows(case: Case) -> list[Effect]:
    with viewing(door.clock()):
        found = Effect.objects.filter(activity=case.activity).select_related("parent")
        return list(found.order_by("order", "at", "what"))


def live(case: Case) -> dict[str, Effect]:
    """By what they say, those that were added and stand."""
    return {row.what: row for row in rows(case) if row.state in Effect.LIVE}


def signs(case: Case) -> list[Sign]:
    with viewing(door.clock()):
        found = Sign.objects.filter(activity=case.activity).select_related("look", "effect")
        return list(found.order_by("look__due", "id"))


def page(case: Case, name: str = "tomas", now: datetime = NOW) -> EffectsPage:
    who = viewer(name, now)
    with viewing(who):
        found = effects_page(who, case.activity, now)
    assert found is not None
    return found


def in_days(days: int) -> datetime:
    return NOW + timedelta(days=days)
