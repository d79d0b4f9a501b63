"""Weigh effects: confirm, strike, add; all or nothing; the proposer suggests and learns nothing."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from primum.actions.base import NotThere, Refused
from primum.actions.weigh_effects import (
    Expected,
    NewWeighing,
    Struck,
    Suggested,
    suggest_effect,
    weigh_effects,
)
from primum.cases.models import Effect, EffectReport, Weighing
from primum.core import effects
from primum.core.protocol import AnswerError
from primum.people import door, mission
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    GOOD,
    HARM,
    Case,
    assessed,
    everything,
    held,
    lines,
    refused,
    unchanged,
)
from tests.builders_sealed import raised, report, undone
from tests.cast import NOW, viewer
from tests.effects import BEATEN, SILENT, everything_struck, live, page, rows, unweighed, weigh

pytestmark = pytest.mark.django_db
ABUSE = "support-to-security-forces.abuse_with_our_means"
SAFER = "support-to-security-forces.safer_streets"


def sitting(case: Case, wish: NewWeighing, name: str = "tomas") -> None:
    weigh_effects(by=viewer(name), now=NOW, activity=case.activity, weighing=wish)


def mistakes(error: AnswerError) -> set[tuple[str, str]]:
    return {(each.question, each.code) for each in error.mistakes}


def test_weigh() -> None:
    """Confirmed, struck and added in one sitting, with one line in the ledger."""
    case = unweighed()
    struck = tuple(each for each in everything_struck(case.activity) if each.pathway != ABUSE)
    sitting(case, NewWeighing((replace(HARM, at=ABUSE, pathway=ABUSE), BEATEN, GOOD), struck))
    assert lines(case.activity) == ["propose", "weigh_effects"]
    found = page(case)
    assert not found.unanswered and len(found.struck) == len(found.asked) - 1
    assert [line.state for line in found.harms] == ["expected", "expected"]
    assert [line.who for line in found.benefits] == [GOOD.who]
    confirmed = next(line for line in found.harms if line.id not in {live(case)[BEATEN.what].id})
    assert confirmed.what == found.asked[ABUSE].what, "the protocol's own words, in its languages"


def test_nothing_is_ticked_before() -> None:
    """What nobody answered stays unanswered; answering a part keeps the rest open."""
    case = unweighed()
    assert len(page(case).unanswered) == len(page(case).asked) > 10
    sitting(case, NewWeighing(struck=(Struck("No cells here.", pathway=ABUSE),)))
    assert ABUSE not in page(case).unanswered
    assert len(page(case).unanswered) == len(page(case).asked) - 1


def test_a_good_pathway_is_a_good() -> None:
    """The protocol says which of its pathways is help; no form can make harm of it."""
    case = unweighed()
    sitting(
        case, NewWeighing((replace(GOOD, at=SAFER, pathway=SAFER, who="", what="", good=False),))
    )
    (line,) = page(case).benefits
    assert line.good and line.what == page(case).asked[SAFER].what


def test_what_follows() -> None:
    """“Then what would people do?” three times, and no further."""
    case = unweighed()
    second = replace(SILENT, parent="beaten")
    third = replace(SILENT, at="third", parent="silent", what="Take up arms")
    weigh(case, BEATEN, second, third, GOOD)
    (root,) = page(case).harms
    (child,) = root.children
    (last,) = child.children
    assert [root.order, child.order, last.order] == [1, 2, 3]
    with refused("too_deep"):
        weigh(case, replace(SILENT, parent=last.id), whole=False)
    weigh(case, replace(SILENT, at="more", what="Leave", parent=root.id), whole=False)
    assert sorted(str(each.what) for each in page(case).harms[0].children) == ["Leave", SILENT.what]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(min_value=-1, max_value=6), min_size=1, max_size=7))
def test_no_tree_is_deeper_than_three(parents: list[int]) -> None:
    """Whatever hangs on what: it is written whole with each order one below its parent, or not."""
    depth: list[int] = []
    wish = []
    for number, above in enumerate(parents):
        parent = above if 0 <= above < number else -1
        depth.append(1 if parent < 0 else depth[parent] + 1)
        wish.append(
            replace(SILENT, at=f"e{number}", what=f"e{number}",
                    parent=f"e{parent}" if parent >= 0 else None)
        )  # fmt: skip
    with undone():
        case = unweighed()
        try:
            weigh(case, *wish)
        except Refused as error:
            assert [why.code for why in error.refusal.reasons] == ["too_deep"]
            assert max(depth) > effects.MOST_ORDER
            assert rows(case) == []
            return
        assert max(depth) <= effects.MOST_ORDER
        found = live(case)
        assert [found[f"e{n}"].order for n in range(len(depth))] == depth
        for row in found.values():
            assert row.order == (row.parent.order + 1 if row.parent else 1)


def test_all_or_nothing() -> None:
    """One wrong field, and nothing of the sitting is kept; every mistake is named at its field."""
    case = unweighed()
    before = everything()
    wrong = replace(BEATEN, how="", likelihood="maybe", who="", what=" ", group="martians")
    with pytest.raises(AnswerError) as caught:
        weigh(case, GOOD, wrong)
    assert mistakes(caught.value) == {
        ("beaten-how", "required"),
        ("beaten-likelihood", "not_an_option"),
        ("beaten-group", "not_an_option"),
        ("beaten-what", "required"),
    }
    unchanged(before)


def test_who_is_a_group_never_a_name() -> None:
    """A person of the register is refused as the one who is hurt; a group at risk has no words."""
    from tests.builders import party  # noqa: PLC0415

    case = unweighed()
    party("Imre Talvane", "person")
    with pytest.raises(AnswerError) as caught:
        weigh(case, replace(BEATEN, who="The men of imre TALVANE"))
    assert mistakes(caught.value) == {("beaten-who", "names_person")}
    weigh(case, replace(BEATEN, who="", group="critics"))
    assert page(case).harms[0].who == page(case).groups["critics"]
    assert "nobody_worse" not in page(case).groups


def test_a_benefit_is_not_asked_how_serious_it_is() -> None:
    """Less is asked of a good; a harm is asked everything."""
    case = unweighed()
    with pytest.raises(AnswerError) as caught:
        weigh(case, Expected("bare", who="Traders", what="Pay less"))
    asked = {name for name, _ in mistakes(caught.value)}
    assert asked == {f"bare-{name}" for name in
                     ("how", "horizon", "likelihood", "seriousness", "reversible")}  # fmt: skip
    weigh(case, GOOD)


def test_an_opinion_and_what_it_rests_on() -> None:
    """Without a report it is an opinion; with one, too, to those who may not see the report."""
    case = unweighed()
    told = report(case.party)
    weigh(case, replace(BEATEN, reports=(told,)), GOOD)
    assert page(case).harms[0].grounds == (told,)
    assert page(case, "helena").harms[0].grounds == (), "the report is sealed from her"
    with pytest.raises(NotThere):
        weigh(case, replace(BEATEN, reports=(uuid4(),)), whole=False)


def test_strike_what_stands() -> None:
    """An effect is struck with a reason, once; nothing is ever deleted."""
    case = unweighed()
    weigh(case, BEATEN, GOOD)
    key = live(case)[BEATEN.what].id
    with refused("no_reasons"):
        sitting(case, NewWeighing(struck=(Struck("  ", effect=key),)))
    sitting(case, NewWeighing(struck=(Struck("The cells were closed.", effect=key),)))
    assert not page(case).harms
    assert "The cells were closed." in {line.struck_why for line in page(case).struck}
    with refused("effect_answered"):
        sitting(case, NewWeighing(struck=(Struck("Again.", effect=key),)))


def test_confirmed_twice() -> None:
    """Two officers at once: the second is told that it was answered. A struck one may come back."""
    case = unweighed()
    one = replace(HARM, at=ABUSE, pathway=ABUSE)
    sitting(case, NewWeighing((one,)))
    with refused("effect_answered"):
        sitting(case, NewWeighing((one,)))
    (line,) = page(case).harms
    sitting(case, NewWeighing(struck=(Struck("No.", effect=line.id),)))
    sitting(case, NewWeighing((one,)))
    assert len(page(case).harms) == 1


def test_sent_twice_it_is_one_sitting() -> None:
    """The same key again makes nothing new."""
    case = unweighed()
    wish = NewWeighing((BEATEN,), key=uuid4())
    made = [
        weigh_effects(by=viewer("tomas"), now=NOW, activity=case.activity, weighing=wish)
        for _ in range(2)
    ]
    assert made[0] == made[1] and len(rows(case)) == 1


@pytest.mark.parametrize("name", ["aminata", "grace", "samir", "lena", "karim"])
def test_who_may_not(name: str) -> None:
    """Only the post that assesses weighs."""
    case = unweighed()
    with refused("not_your_move"):
        sitting(case, NewWeighing((GOOD,)), name)


def test_nobody_weighs_their_own_case() -> None:
    """Who held the proposing post in the last ninety days does not."""
    case = unweighed()
    held("tomas", "police-training-officer", NOW, acting=True)
    with refused("own_effects"):
        sitting(case, NewWeighing((GOOD,)))


def test_an_empty_sitting_is_none() -> None:
    case = unweighed()
    with refused("nothing_weighed"):
        sitting(case, NewWeighing())


def test_what_is_not_there() -> None:
    """A pathway of no protocol, a commitment nobody offers, a case one may not see."""
    case = unweighed()
    for wish in (
        NewWeighing((replace(BEATEN, pathway="other.code"),)),
        NewWeighing(struck=(Struck("No.", pathway="other.code"),)),
    ):
        with pytest.raises(NotThere):
            sitting(case, wish)
    with pytest.raises(NotThere):
        sitting(Case(uuid4(), case.party, case.line), NewWeighing((GOOD,)))
    with refused("no_parent"):
        weigh(case, replace(SILENT, parent=uuid4()), whole=False)


def test_what_meets_it() -> None:
    """A commitment is chosen for an effect that stands, by its code."""
    case = unweighed()
    weigh(case, BEATEN, GOOD)
    key = live(case)[BEATEN.what].id
    sitting(case, NewWeighing(met={key: "access_any_time"}))
    assert page(case).serious[0].met_by == "access_any_time"
    with pytest.raises(NotThere):
        sitting(case, NewWeighing(met={key: "a_code_of_nothing"}))


class TestSuggesting:
    def suggest(self, case: Case, name: str = "nadia", **more: object) -> None:
        wish = {"who": "Women at the market", "what": "Pay twice"} | more
        suggest_effect(
            by=viewer(name),
            now=NOW,
            activity=case.activity,
            effect=Suggested(**wish),  # type: ignore[arg-type]
        )

    def test_the_proposer_suggests(self) -> None:
        """It counts as nothing until the assessing post takes it up or strikes it."""
        case = unweighed()
        self.suggest(case)
        (line,) = page(case).suggestions
        assert (line.state, page(case).harms) == ("suggested", ())
        sitting(case, NewWeighing((replace(HARM, at="s", suggestion=line.id),)))
        assert page(case).suggestions == ()
        assert page(case).harms[0].what == "Pay twice"
        with refused("effect_answered"):
            sitting(case, NewWeighing(struck=(Struck("No.", suggestion=line.id),)))

    def test_what_was_made_of_it_is_not_theirs_to_know(self) -> None:
        """To the proposer the suggestion looks the same: open, taken up or struck (law 6)."""
        told = []
        for answer in ("none", "confirm", "strike"):
            with undone():
                case = unweighed()
                self.suggest(case)
                (line,) = page(case).suggestions
                if answer == "confirm":
                    sitting(case, NewWeighing((replace(HARM, at="s", suggestion=line.id),)))
                elif answer == "strike":
                    sitting(case, NewWeighing(struck=(Struck("No.", suggestion=line.id),)))
                shown = page(case, "nadia")
                told.append([(each.who, each.what, each.state) for each in shown.suggestions])
                assert not (shown.shown or shown.every or shown.struck or shown.reading)
        assert told[0] == told[1] == told[2] == [("Women at the market", "Pay twice", "suggested")]

    @pytest.mark.parametrize("name", ["tomas", "samir", "ines"])
    def test_only_the_owner_does(self, name: str) -> None:
        case = unweighed()
        with refused("not_your_move"):
            self.suggest(case, name)

    def test_it_says_something(self) -> None:
        case = unweighed()
        with refused("no_what"):
            self.suggest(case, what=" ")


def test_a_closed_case_is_not_weighed() -> None:
    """What is over is over."""
    from primum.actions.stop import withdraw  # noqa: PLC0415

    case = assessed(CAREFUL)
    withdraw(by=viewer("samir"), now=NOW, activity=case.activity, words="No longer asked.")
    with refused("wrong_stage"):
        sitting(case, NewWeighing((GOOD,)))


def test_it_goes_along_when_the_case_is_sealed_higher() -> None:
    """Raised with its activity: effects, their reports and signs are no wider than the case."""
    case = unweighed()
    told = report(case.party)
    weigh(case, replace(BEATEN, reports=(told,)), GOOD)
    assert raised("activity", case.activity, "secretariat")
    wanted = mission.seal_named("secretariat")
    for model in (Effect, EffectReport, Weighing):
        with viewing(door.clock()):
            found = model._default_manager.filter(activity=case.activity)
            assert {row.seal_id for row in found} == {wanted}, model
        with viewing(viewer("tomas")):
            assert not model._default_manager.filter(activity=case.activity).exists()


def test_a_pathway_is_answered_for_all_who_judge() -> None:
    """Sealed from the decider, it would look open while a yes goes: that would tell of it."""
    case = unweighed()
    with refused("pathway_sealed"):
        sitting(case, NewWeighing((replace(HARM, at=ABUSE, pathway=ABUSE, seal="assessors"),)))


def test_orders_are_kept_by_the_database_too() -> None:
    """A fourth order is refused by PostgreSQL itself."""
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    case = unweighed()
    weigh(case, BEATEN)
    row = live(case)[BEATEN.what]
    row.id, row.order = uuid4(), 4
    with viewing(door.clock()), pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with viewing(door.clock()):
        assert not Effect.objects.filter(order__gt=3).exists()
