"""One visit serves every look at the same facility: whose eyes, which result, how it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from primum.actions import seen as seeing
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.look import Seen, look
from primum.actions.stop import suspend
from primum.cases.models import Look
from primum.cases.queries import looks as pages
from primum.cases.queries.due import due_items
from primum.core.protocol import AnswerError
from primum.people import door
from primum.people.models import Organisation
from primum.people.sight import viewing
from primum.register.models import Party, Place
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    Case,
    advised,
    decided,
    everything,
    lines,
    looks,
    met,
    on_short,
    party,
    post,
    refused,
    row,
    saw,
    unchanged,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

DUE = NOW + 30 * DAY
WORDS = "The register was kept."


def visit(
    cases: list[tuple[Case, int]], now: datetime = DUE, name: str = "grace", **changed: object
) -> bool:
    """The first look is visited; the others are made by the same visit."""
    (first, number), *others = cases
    own = looks(first)[number]
    also = tuple(looks(case)[which].id for case, which in others)
    rows = [own, *(looks(case)[which] for case, which in others)]
    answers = {name: value for each in rows for name, value in saw(each).answers.items()}
    seen = replace(Seen("nothing_grave", "visit", answers, WORDS, also=also), **changed)  # type: ignore[arg-type]
    return look(by=viewer(name, now), now=now, look=own.id, seen=seen)


def two() -> tuple[Case, Case]:
    """Two requests of two parties for the same police post, both approved on the same day."""
    return decided(CAREFUL), decided(CAREFUL)


def waits(now: datetime, kind: str) -> list[UUID]:
    with viewing(door.clock()):
        return [item.case for item in due_items(door.clock(), now) if item.kind == kind]


# What is looked at -------------------------------------------------------------------------------


def test_a_look_is_at_the_place_of_its_activity() -> None:
    case = decided(CAREFUL)
    with viewing(viewer("grace")):
        place = Place.objects.get(code="kodwel-police-post").id
    assert {(each.place_id, each.party_id) for each in looks(case)} == {(place, None)}
    assert all(each.protocol_id for each in looks(case))


def test_else_at_the_party_of_its_line() -> None:
    case = advised(CAREFUL, place=None)
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
    assert {(each.place_id, each.party_id) for each in looks(case)} == {(None, case.party)}


# One visit ---------------------------------------------------------------------------------------


def test_one_visit_serves_both() -> None:
    """Both are made, each case has its line, and both leases go on."""
    one, other = two()
    met(one), met(other)
    before = [row(case).lease_end for case in (one, other)]
    assert visit([(one, 0), (other, 0)])
    first, second = looks(one)[0], looks(other)[0]
    assert (first.state, second.state) == ("made", "made")
    assert (first.same_visit_id, second.same_visit_id) == (None, first.id)
    assert (second.made, second.words, second.independence) == (DUE, WORDS, "own")
    assert lines(one.activity).count("look") == lines(other.activity).count("look") == 1
    for case, end in zip((one, other), before, strict=True):
        now = row(case).lease_end
        assert end is not None and now is not None and now > end


def test_two_looks_of_one_case_are_one_line() -> None:
    """One entry for each case touched, whatever number of its looks were served."""
    case = decided(BUILDING)
    assert visit([(case, 0), (case, 1)], NOW + 60 * DAY)
    assert [each.state for each in looks(case)[:3]] == ["made", "made", "open"]
    assert lines(case.activity).count("look") == 1


def test_each_keeps_what_it_asks_itself() -> None:
    """The union is asked once; an answer lies with every look that asks for it, and no other."""
    one, other = decided(CAREFUL), on_short()
    assert visit([(one, 0), (other, 0)])
    first, second = looks(one)[0], looks(other)[0]
    assert set(second.answers) == {"suffered"}
    assert "suffered" not in first.answers and set(first.answers) <= set(first.asks)


def test_what_only_the_other_asks_must_be_answered_too() -> None:
    """A look that is ticked is a look: its own required questions are named as missing."""
    one, other = on_short(), decided(CAREFUL)
    before = everything()
    with pytest.raises(AnswerError) as caught:
        visit([(one, 0), (other, 0)], answers={"suffered": "no"})
    assert {each.question for each in caught.value.mistakes} == {
        "used_as_agreed",
        "access_given",
        "anyone_suffered",
    }
    unchanged(before)


def test_turned_away_for_one_is_turned_away_for_all() -> None:
    """The gate was shut for every look that the visit was to serve."""
    one, other = two()
    shut: dict[str, Any] = {"result": "refused", "words": "The gate stayed shut.", "answers": {}}
    assert not visit([(one, 0), (other, 0)], **shut)
    for case in (one, other):
        kept = looks(case)[0]
        assert (kept.state, [each["result"] for each in kept.attempts]) == ("open", ["refused"])
        assert lines(case.activity)[-1] == "look_refused"


def test_sent_twice_it_is_one_visit() -> None:
    one, other = two()
    key = UUID(int=7)
    assert visit([(one, 0), (other, 0)], key=key)
    assert visit([(one, 0)], key=key)
    assert len(looks(other)[0].attempts) == 1


def test_grave_for_one_is_grave_for_all() -> None:
    """Each case has its decider, and each of them must say what follows; once a case."""
    one, other = two()
    assert visit([(one, 0), (other, 0)], result="grave", words="A man was beaten.")
    assert sorted(waits(DUE, "decide_grave")) == sorted([one.activity, other.activity])


class TestNot:
    def test_elsewhere(self) -> None:
        """One cannot be in two places at once."""
        here, there = decided(CAREFUL), advised(CAREFUL, place=None)
        decide(by=viewer("samir"), now=NOW, activity=there.activity, decision=yes())
        with refused("elsewhere"):
            visit([(here, 0), (there, 0)])

    def test_too_early(self) -> None:
        """The look of a distant day is not made along with today's."""
        one, other = two()
        with refused("too_early"):
            visit([(one, 0), (other, 2)])

    def test_somebody_elses(self) -> None:
        """A look that is due from another post, and that no duty of this one covers."""
        one, other = two()
        with viewing(door.clock()):
            key = looks(one)[0].id
        with refused("not_your_move"):
            look(by=viewer("aminata", DUE), now=DUE, look=key, seen=saw(looks(one)[0]))
        assert looks(other)[0].state == "open"

    def test_made_already(self) -> None:
        one, other = two()
        visit([(other, 0)])
        with refused("look_made"):
            visit([(one, 0), (other, 0)])

    def test_not_there(self) -> None:
        """A key of nothing, or of something sealed, among the ticked ones."""
        one, _other = two()
        own = looks(one)[0]
        for key in (UUID(int=3), own.activity_id):
            assert key is not None
            with pytest.raises(NotThere):
                seen = replace(saw(own), also=(key,))
                look(by=viewer("grace", DUE), now=DUE, look=own.id, seen=seen)


# Whose eyes --------------------------------------------------------------------------------------


def test_the_method_says_whose_eyes() -> None:
    case = decided(CAREFUL)
    assert visit([(case, 0)], method="joint", independence="joint_with_judged")
    assert looks(case)[0].independence == "joint_with_judged"


def test_a_trusted_partner_is_told_as_one() -> None:
    case = decided(CAREFUL)
    assert visit([(case, 1)], NOW + 180 * DAY, method="partner")
    kept = looks(case)[1]
    assert (kept.method, kept.independence) == ("partner", "partner")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"independence": "judged_alone"}, "judged_alone"),
        ({"independence": "community"}, "other_eyes"),
    ],
)
def test_who_is_judged_is_never_alone(changed: dict[str, Any], code: str) -> None:
    case = decided(CAREFUL)
    with refused(code):
        visit([(case, 0)], **changed)


def test_what_they_say_of_themselves_is_kept_as_an_attempt() -> None:
    """A fact is never refused: it is recorded as a look that could not be made."""
    case = decided(CAREFUL)
    said = "The commander says by telephone that all is well."
    assert not visit([(case, 0)], result="could_not", words=said, independence="judged_alone")
    assert looks(case)[0].words == said


class TestJudged:
    """A post of the organisation that is judged, or lent by its state, is no witness."""

    def of(self, **more: object) -> Case:
        case = decided(CAREFUL)
        with viewing(door.clock()):
            line = Party(
                seal_id=row(case).seal_id,
                kind="own_component",
                name="Own",
                folded="own",
                invented=True,
                **more,
            )
            line.save(force_insert=True)
        from primum.cases.models import Line  # noqa: PLC0415

        with viewing(door.clock()):
            Line(
                seal_id=row(case).seal_id,
                activity_id=case.activity,
                party=line,
                kind="financial",
                what="More",
            ).save(force_insert=True)
        return case

    @pytest.mark.parametrize("code", ["human-rights", "unisar"])
    def test_own_organisation(self, code: str) -> None:
        """Grace is of Human Rights, and of the mission above it."""
        case = self.of(organisation=Organisation.objects.get(code=code))
        with refused("judged_party"):
            visit([(case, 0)])

    def test_an_organisation_beside(self) -> None:
        case = self.of(organisation=Organisation.objects.get(code="norland-contingent"))
        assert visit([(case, 0)])

    def test_what_they_tried_is_still_recorded(self) -> None:
        case = self.of(organisation=Organisation.objects.get(code="human-rights"))
        assert not visit([(case, 0)], result="refused", words="Turned away.")


# Grave by rule -----------------------------------------------------------------------------------


@pytest.mark.parametrize("result", ["nothing_grave", "grave"])
def test_the_protocol_says_what_is_grave(result: str) -> None:
    """The looker cannot call it nothing: the page says why, and nothing is lost."""
    case = decided(CAREFUL)
    answers = {**saw(looks(case)[0]).answers, "anyone_suffered": "yes"}
    if result == "grave":
        assert visit([(case, 0)], result="grave", answers=answers)
        return
    with refused("grave_by_rule") as reasons:
        visit([(case, 0)], answers=answers)
    why: Any = reasons[0].values["why"]
    assert [each["en"] for each in why] == ["Somebody suffered through those we support."]


# Access refused twice ----------------------------------------------------------------------------


SHUT: dict[str, Any] = {"result": "refused", "words": "Turned away at the gate.", "answers": {}}


def test_access_refused_twice_is_a_broken_promise() -> None:
    """The second time somebody must decide what follows, within ten days."""
    case = decided(CAREFUL)
    visit([(case, 0)], NOW + 5 * DAY, **SHUT)
    assert waits(NOW + 5 * DAY, "decide_refused") == []
    visit([(case, 0)], NOW + 6 * DAY, **SHUT)
    now = NOW + 6 * DAY
    assert waits(now, "decide_refused") == [case.activity]
    kept = looks(case)[0]
    assert (kept.state, kept.decision_due) == ("open", now + 10 * DAY)
    suspend(by=viewer("jonas", now), now=now + DAY, activity=case.activity, words="Shut twice.")
    assert waits(now + DAY, "decide_refused") == []


def test_at_two_looks_of_the_same_place() -> None:
    """It is the place that was shut, whichever look was to be made."""
    case = decided(CAREFUL)
    visit([(case, 0)], NOW + 5 * DAY, **SHUT)
    visit([(case, 1)], NOW + 40 * DAY, **SHUT)
    assert waits(NOW + 40 * DAY, "decide_refused") == [case.activity]


def test_two_cases_are_not_added_up() -> None:
    """Each lease has its own promise of access."""
    one, other = two()
    visit([(one, 0)], NOW + 5 * DAY, **SHUT)
    visit([(other, 0)], NOW + 6 * DAY, **SHUT)
    assert waits(NOW + 6 * DAY, "decide_refused") == []


def test_could_not_is_not_refused() -> None:
    """A cut road is nobody's broken promise, and it renews nothing either."""
    case = met(decided(CAREFUL))
    end = row(case).lease_end
    for day in (5, 6, 7):
        visit([(case, 0)], NOW + day * DAY, **{**SHUT, "result": "could_not"})
    assert waits(NOW + 7 * DAY, "decide_refused") == []
    assert row(case).lease_end == end


def test_refused_again_after_a_decision_asks_again() -> None:
    case = decided(CAREFUL)
    for day in (5, 6):
        visit([(case, 0)], NOW + day * DAY, **SHUT)
    first = looks(case)[0].decision_due
    visit([(case, 0)], NOW + 7 * DAY, **SHUT)
    assert looks(case)[0].decision_due == first, "the day it must be decided by stands"
    now = NOW + 8 * DAY
    suspend(by=viewer("jonas", now), now=now, activity=case.activity, words="Shut twice.")
    visit([(case, 0)], NOW + 9 * DAY, **SHUT)
    assert waits(NOW + 9 * DAY, "decide_refused") == [case.activity]


# What the page offers ----------------------------------------------------------------------------


def offered(case: Case, number: int = 0, now: datetime = DUE, name: str = "grace") -> list[UUID]:
    who = viewer(name, now)
    with viewing(who):
        shown = pages.look_page(who, looks(case)[number].id, now)
        assert shown is not None
        return [offer.id for offer in shown.offers]


def test_it_offers_what_is_due_there_by_now() -> None:
    """The other case's first look; neither its distant ones nor what is made elsewhere."""
    one, other = two()
    away = advised(CAREFUL, place=None)
    decide(by=viewer("samir"), now=NOW, activity=away.activity, decision=yes())
    assert looks(other)[0].id in offered(one)
    assert looks(away)[0].id not in offered(one)
    early = [each.id for each in looks(other) if each.due > DUE + 31 * DAY]
    assert early and not set(early) & set(offered(one))
    visit([(other, 0)])
    assert looks(other)[0].id not in offered(one)


def test_it_asks_the_union_once() -> None:
    """What stands above is not asked again; what is new stands with its look."""
    one, other = on_short(), decided(CAREFUL)
    who = viewer("grace", DUE)
    with viewing(who):
        shown = pages.look_page(who, looks(one)[0].id, DUE)
        assert shown is not None
        (offer,) = [each for each in shown.offers if each.id == looks(other)[0].id]
    own = {question.id for question in shown.questions}
    more = [question.id for question in offer.more]
    assert len(more) == len(set(more)) and not own & set(more)
    assert set(offer.asks) <= own | set(more)


def test_who_asked_for_it_is_offered_no_unannounced_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a looker's own request looked at here, its day would stay hidden from them."""
    one, other = two()
    mine = viewer("nadia").person

    def own(actor: object, activity: object, _now: datetime) -> bool:
        return getattr(activity, "id", None) == other.activity and bool(mine)

    monkeypatch.setattr("primum.cases.looking.hands.is_own_case", own)
    assert looks(other)[0].id not in offered(one)
    who = viewer("grace", DUE)
    with viewing(who):
        shown = pages.look_page(who, looks(other)[0].id, DUE)
        assert shown is not None and shown.month_only
        assert (shown.due.day, shown.due.hour) == (1, 0)


def test_promises_there_are_listed_beside() -> None:
    """With the post that verifies each; whoever looks is told which are theirs to answer."""
    case = decided(BUILDING)
    who = viewer("tomas", DUE)
    with viewing(who):
        shown = pages.look_page(who, looks(case)[0].id, DUE)
        assert shown is not None
        assert {each.activity for each in shown.owed} == {case.activity}
        assert {each.verifier for each in shown.owed if each.waits_for_me} <= {
            post("due-diligence-officer"),
            post("field-monitor-kodwel"),
        }
        assert any(each.waits_for_me for each in shown.owed)


def test_nothing_is_drawn_before_the_look_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks cannot find out beforehand whether it will be read."""
    asked: list[int] = []

    def drawn(below: int) -> int:
        asked.append(below)
        return below - 1

    monkeypatch.setattr(seeing, "randbelow", drawn)
    one, other = two()
    offered(one)
    assert asked == []
    visit([(one, 0), (other, 0)])
    assert asked == [100], "one visit, one draw"
    assert timedelta(0) < DUE - NOW and party("Another") is not None
    assert looks(one)[0].state == Look.State.MADE
