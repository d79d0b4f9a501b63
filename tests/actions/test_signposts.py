"""First signs of harm: put on looks by a yes, answered when one is made, seen as its look is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from primum.actions.decide import decide
from primum.actions.go_on import go_on
from primum.actions.look import Seen, look
from primum.actions.release import release
from primum.actions.signposts import plan_signposts
from primum.cases.models import Effect, Look, Sign
from primum.cases.queries.due import desk
from primum.cases.queries.effects import look_signs
from primum.cases.queries.looks import look_page
from primum.core.effects import DO_NOTHING
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    GOOD,
    Case,
    advised,
    looks,
    refused,
    row,
    saw,
    yes,
)
from tests.cast import NOW, viewer
from tests.effects import BEATEN, SILENT, in_days, live, page, ready, rows, signs, weigh

pytestmark = pytest.mark.django_db

SIGNED = replace(BEATEN, seriousness="slight", look_on=in_days(32).date())
FAR = replace(SIGNED, at="far", what="Far from any look", look_on=in_days(130).date())


def approved(*expected: object, answers: dict[str, object] = CAREFUL) -> Case:
    case = ready(answers, *(*expected, GOOD))  # type: ignore[arg-type]
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
    return case


def make(
    key: UUID, signs: dict[UUID, str], now: datetime, name: str = "grace", **more: object
) -> bool:
    with viewing(door.clock()):
        found = Look.objects.get(id=key)
    seen = replace(saw(found), signs=signs, **more)  # type: ignore[arg-type]
    return look(by=viewer(name, now), now=now, look=key, seen=seen)


def state(case: Case, name: str = "tomas") -> str:
    return page(case, name).harms[0].state


class TestPlanned:
    def test_on_the_nearest_look(self) -> None:
        """Somebody goes on day 30 anyway: the question goes along, no look is added."""
        plain = len(looks(approved(replace(SIGNED, look_on=None))))
        case = approved(SIGNED)
        assert len(looks(case)) == plain
        (sign,) = signs(case)
        assert sign.look.due == min(looks(case), key=lambda each: each.due).due
        assert state(case) == "watching"

    def test_a_look_of_its_own(self) -> None:
        """Where nobody goes within a month of its day, somebody goes for it."""
        case = approved(FAR)
        (sign,) = signs(case)
        assert sign.look.plan == "signpost"
        assert sign.look.due.date() == FAR.look_on
        with viewing(viewer("grace")):
            form = look_page(viewer("grace"), sign.look.id, NOW)
        assert form is not None and form.title["en"] == "Look for the first signs of harm"

    @pytest.mark.parametrize(
        "change",
        [{"look_on": None}, {"signpost": ""}, {"option": DO_NOTHING}],
        ids=["no day", "no sign", "doing nothing"],
    )
    def test_what_is_not_looked_for(self, change: dict[str, object]) -> None:
        case = approved(SILENT, replace(SIGNED, **change))  # type: ignore[arg-type]
        assert signs(case) == []

    def test_the_day_is_not_past(self) -> None:
        """A day that has gone by is looked for soon."""
        case = approved(replace(SIGNED, look_on=date(2025, 1, 1)))
        (sign,) = signs(case)
        assert sign.look.due > NOW

    def test_a_no_plans_nothing(self) -> None:
        from primum.actions.decide import NewDecision  # noqa: PLC0415
        from primum.core.vocabulary import Choice  # noqa: PLC0415

        case = ready(CAREFUL, SIGNED, GOOD)
        no = NewDecision(Choice.NO, "No.", "No.")
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=no)
        assert signs(case) == []

    def test_the_protocols_own_sign(self) -> None:
        """A pathway brings its signpost in every language; only the day is chosen."""
        code = "support-to-security-forces.abuse_with_our_means"
        case = advised(CAREFUL, weighing=False)
        weigh(case, GOOD, whole=True)
        struck = replace(SIGNED, at=code, pathway=code, signpost="", who="", what="")
        weigh(case, struck, whole=False)
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
        (sign,) = signs(case)
        with viewing(viewer("grace")):
            (asked,) = look_signs(viewer("grace"), sign.look_id)
        assert asked.signpost["fr"]  # type: ignore[index]

    def test_not_twice(self) -> None:
        """A second approval does not ask again what waits, nor what was told."""
        case = approved(SIGNED)
        (sign,) = signs(case)
        make(sign.look_id, {sign.id: "not_seen"}, in_days(31))
        with viewing(door.clock()):
            plan_signposts(row(case), in_days(31))
        assert len(signs(case)) == 1

    def test_again_where_it_could_not_be_told(self) -> None:
        """Could not tell is no answer: the next approval asks again."""
        case = approved(SIGNED)
        (sign,) = signs(case)
        make(sign.look_id, {sign.id: "could_not_tell"}, in_days(31))
        with viewing(door.clock()):
            plan_signposts(row(case), in_days(31))
        assert len(signs(case)) == 2


class TestAnswered:
    @pytest.mark.parametrize("answer", ["seen", "not_seen", "could_not_tell"])
    def test_the_state_follows(self, answer: str) -> None:
        case = approved(SIGNED)
        (sign,) = signs(case)
        assert make(sign.look_id, {sign.id: answer}, in_days(31))
        assert state(case) == answer
        with viewing(door.clock()):
            kept = Sign.objects.get(id=sign.id)
            assert (kept.answer, kept.at) == (answer, in_days(31))

    def test_every_sign_is_answered(self) -> None:
        """A made look leaves no sign open; and answers none that is not on it."""
        case = approved(SIGNED)
        (sign,) = signs(case)
        for given in ({}, {sign.id: ""}, {sign.id: "perhaps"}):
            with refused("signs_open"):
                make(sign.look_id, given, in_days(31))
        with refused("other_question"):
            make(sign.look_id, {sign.id: "seen", uuid4(): "seen"}, in_days(31))

    def test_a_look_that_was_not_made_answers_nothing(self) -> None:
        """Refused at the gate: the sign is still looked for."""
        case = approved(SIGNED)
        (sign,) = signs(case)
        turned = Seen("refused", "visit", {}, "Turned away.")
        assert not look(by=viewer("grace"), now=in_days(31), look=sign.look_id, seen=turned)
        assert state(case) == "watching"

    def test_a_sign_of_harm_asks_for_a_decision(self) -> None:
        """In ten days, like a broken promise, though the look itself found nothing grave."""
        case = approved(SIGNED)
        (sign,) = signs(case)
        now = in_days(31)
        make(sign.look_id, {sign.id: "seen"}, now)
        with viewing(viewer("helena", now)):
            items = [
                i for i in desk(viewer("helena", now), now)["decide"] if i.case == case.activity
            ]
        assert [(item.kind, item.due) for item in items] == [("decide_grave", now + 10 * DAY)]
        go_on(
            by=viewer("helena", now), now=now + DAY, activity=case.activity, words="Suspended it."
        )
        with viewing(viewer("helena", now)):
            left = desk(viewer("helena", now), now + DAY)["decide"]
        assert case.activity not in {item.case for item in left}

    @pytest.mark.parametrize("answer", ["not_seen", "could_not_tell"])
    def test_nothing_seen_asks_for_none(self, answer: str) -> None:
        case = approved(SIGNED)
        (sign,) = signs(case)
        make(sign.look_id, {sign.id: answer}, in_days(31))
        with viewing(door.clock()):
            assert Look.objects.get(id=sign.look_id).decision_due is None

    def test_nor_does_a_good_that_came_true(self) -> None:
        good = replace(
            GOOD, at="seen", what="Are written down", signpost="A register", look_on=SIGNED.look_on
        )
        case = approved(SILENT, good)
        (sign,) = signs(case)
        make(sign.look_id, {sign.id: "seen"}, in_days(31))
        with viewing(door.clock()):
            assert Look.objects.get(id=sign.look_id).decision_due is None

    def test_a_released_look_leaves_it_unlooked(self) -> None:
        """Nobody looked: the effect stays as it was, being watched for."""
        case = approved(SIGNED)
        (sign,) = signs(case)
        release(by=viewer("samir"), now=in_days(5), owed=sign.look_id, words="No road.")
        assert state(case) == "watching"


class TestSight:
    def test_what_a_look_saw_is_seen_as_the_look_is(self) -> None:
        """The chief of staff reads the assessment and no looks: to him nothing has changed."""
        told = []
        case = approved(SIGNED)
        told.append(state(case, "bruno"))
        (sign,) = signs(case)
        make(sign.look_id, {sign.id: "seen"}, in_days(31))
        told.append(state(case, "bruno"))
        assert told == ["watching", "watching"]
        assert state(case, "jonas") == "seen"

    def test_a_sealed_effect_is_put_on_no_look_of_its_own(self) -> None:
        """An extra look would tell everybody that something sealed was foreseen."""
        plain = [each.due for each in looks(approved(SILENT, answers=BUILDING))]
        for effect in (SIGNED, FAR):
            case = approved(SILENT, replace(effect, seal="secretariat"), answers=BUILDING)
            assert [each.due for each in looks(case)] == plain
            assert signs(case) == []

    def test_one_that_cannot_read_it_is_not_asked(self) -> None:
        """A sign never goes to a post that may not read what it is a sign of."""
        case = approved(SILENT, replace(SIGNED, seal="assessors"))
        assert signs(case) == []
        with viewing(door.clock()):
            kept = Effect.objects.get(activity=case.activity, what=SIGNED.what)
        assert kept.state == "expected"
        assert SIGNED.what in {each.what for each in rows(case)}
        assert SIGNED.what in live(case)
