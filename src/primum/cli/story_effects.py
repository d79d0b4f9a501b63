"""Who could be helped or hurt in the demonstration's cases: invented, like everything there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from primum.actions.weigh_effects import Expected, NewWeighing, Struck, weigh_effects
from primum.cases.queries import effects
from primum.core.effects import DO_NOTHING
from primum.people import door
from primum.people.sight import viewing

ABUSE, GOOD = "abuse_with_our_means", "safer_streets"
NOT_HERE = "Nothing in this request leads there: no arms, no operation, one small post."

HARM = Expected(
    ABUSE,
    how="custody",
    horizon="weeks",
    likelihood="unlikely",
    seriousness="serious",
    reversible="hard",
    feeds=("the two forces in one post",),
)
FOLLOWS = Expected(
    "follows",
    parent=ABUSE,
    who="Families of those who were held",
    what="Stop telling anybody what happens at the post",
    how="reprisal",
    horizon="months",
    likelihood="unlikely",
    seriousness="serious",
    reversible="hard",
)
HELP = Expected(
    GOOD, horizon="months", likelihood="possible", helps=("the market women’s committee",)
)
NOTHING = Expected(
    "nothing",
    option=DO_NOTHING,
    who="People who are arrested in Kodwel",
    what="Nobody knows that they are held, nor for how long",
    how="absence",
    horizon="soon",
    likelihood="likely",
    seriousness="serious",
    reversible="hard",
)


def weigh(activity: UUID, now: datetime, look_after: int | None = None) -> None:
    """Tomas confirms what could happen, what good it does and what follows from doing nothing.

    `look_after`: in how many days somebody looks for the first sign of abuse.
    """
    officer = door.viewer_of_post("due-diligence-officer", now)
    with viewing(officer):
        page = effects.effects_page(officer, activity, now)
    named = {code.rpartition(".")[2]: code for code in page.asked} if page else {}
    look_on = (now + timedelta(days=look_after)).date() if look_after else None
    wish = NewWeighing(
        tuple(_expected(named, look_on)),
        tuple(Struck(NOT_HERE, pathway=named[c]) for c in named if c not in (ABUSE, GOOD)),
    )
    weigh_effects(by=officer, now=now, activity=activity, weighing=wish)


def _expected(named: dict[str, str], look_on: date | None) -> Iterator[Expected]:
    yield replace(HARM, pathway=named[ABUSE], look_on=look_on)
    yield from (FOLLOWS, replace(HELP, pathway=named[GOOD]), NOTHING)
