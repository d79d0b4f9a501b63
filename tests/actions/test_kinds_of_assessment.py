"""Exempt lines, emergencies, the force as a whole, clocks and seal floors of a protocol."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from primum.actions.assess import Beside, assess
from primum.actions.assess_party import assess_party
from primum.actions.base import Refused
from primum.actions.deliver import NewDelivery, record_delivery
from primum.actions.propose import Emergency, NewActivity, NewLine, propose
from primum.actions.publish_protocol import install_protocol
from primum.cases import facts
from primum.cases.models import Assessment, Delivery, Line
from primum.cases.queries.due import due_items
from primum.core.protocol import AnswerError
from primum.people import door
from primum.people.sight import viewing
from primum.protocols import load, text_of
from tests.builders import CAREFUL, SHORT, Case, party, proposed, published, tie
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BECAUSE = "The law of war, and nothing else."


def claimed(unit: UUID, kind: str, what: str) -> NewLine:
    return NewLine(unit, kind, what, exempt="rights_training", exempt_because=BECAUSE)


def asked(lines: list[NewLine], **more: object) -> UUID:
    wish = NewActivity(
        title="A course",
        why="So that prisoners live.",
        starts=NOW.date(),
        ends=NOW.date(),
        lines=lines,
        protocols=[published()],
        **more,  # type: ignore[arg-type]
    )
    return propose(by=viewer("nadia"), now=NOW, activity=wish)


class TestExempt:
    def test_a_line_agreed_exempt_is_not_weighed(self) -> None:
        """Claimed with a reason by the proposer, agreed by the assessor, whose name stands."""
        unit = party()
        key = asked(
            [
                claimed(unit, "training_advisory", "Law of war"),
                NewLine(unit, "logistical_ops", "Fuel"),
            ]
        )
        with viewing(viewer("tomas")):
            course = Line.objects.get(activity=key, what="Law of war").id
        fuel = {**CAREFUL, "support_kind": ["logistical_ops"]}
        with pytest.raises(AnswerError):
            assess(by=viewer("tomas"), now=NOW, activity=key, answers=fuel)
        assess(
            by=viewer("tomas"), now=NOW, activity=key, answers=fuel, beside=Beside(exempt=[course])
        )
        with viewing(viewer("tomas")):
            made = Assessment.objects.get(activity=key)
        assert (made.exempt, made.by.person_id) == ([course], viewer("tomas").person)

    @pytest.mark.parametrize("kind", ["infrastructure", "financial", "joint_operation"])
    def test_a_building_is_support_whatever_it_is_called(self, kind: str) -> None:
        key = asked([claimed(party(), kind, "A cell block")])
        with viewing(viewer("tomas")):
            line = Line.objects.get(activity=key).id
        with pytest.raises(AnswerError, match="not exempt"):
            assess(
                by=viewer("tomas"),
                now=NOW,
                activity=key,
                answers={**CAREFUL, "support_kind": [kind]},
                beside=Beside(exempt=[line]),
            )

    def test_what_nobody_claimed_is_not_agreed(self) -> None:
        key = asked([NewLine(party(), "training_advisory", "Driving")])
        with viewing(viewer("tomas")):
            line = Line.objects.get(activity=key).id
        with pytest.raises(AnswerError, match="not exempt"):
            assess(
                by=viewer("tomas"),
                now=NOW,
                activity=key,
                answers=CAREFUL,
                beside=Beside(exempt=[line]),
            )

    @pytest.mark.parametrize(("exempt", "why"), [("charity", "Because."), ("standards", " ")])
    def test_a_claim_names_its_exemption_and_its_reason(self, exempt: str, why: str) -> None:
        line = NewLine(party(), "training_advisory", "Law", exempt=exempt, exempt_because=why)
        with pytest.raises(Refused):
            asked([line])


class TestEmergency:
    def case(self, hours: float = 6) -> Case:
        unit = party()
        began = Emergency(NOW - hours * HOUR, "Wounded at the bridge; the deputy was telephoned.")
        key = asked([NewLine(unit, "logistical_ops", "Ambulance fuel")], emergency=began)
        with viewing(viewer("nadia")):
            return Case(key, unit, Line.objects.get(activity=key).id)

    def breach(self, case: Case, hours: float, by: str = "nadia") -> str:
        """What a delivery so many hours after NOW is recorded as."""
        key = record_delivery(
            by=viewer(by),
            now=NOW + 200 * HOUR,
            activity=case.activity,
            delivery=NewDelivery(case.line, "20 litres"),
            happened=NOW + hours * HOUR,
        )
        with viewing(viewer("nadia")):
            return Delivery.objects.get(id=key).breach

    def test_what_could_not_wait_is_no_breach_for_three_days(self) -> None:
        case = self.case()
        assert self.breach(case, 1) == ""
        assert self.breach(case, 65) == ""
        assert self.breach(case, 67) == "before_decision"
        assert self.breach(case, -7) == "before_decision"

    def test_once_assessed_it_waits_for_its_decision(self) -> None:
        """An emergency never passes what an assessment found (SETTLED 40)."""
        case = self.case()
        answers = {**CAREFUL, "support_kind": ["logistical_ops"]}
        assess(by=viewer("tomas"), now=NOW + HOUR, activity=case.activity, answers=answers)
        assert self.breach(case, 0.5) == ""
        assert self.breach(case, 2) == "before_decision"

    @pytest.mark.parametrize("by", ["nadia", "tomas"])
    def test_assessing_again_covers_nothing_more(self, by: str) -> None:
        """The first assessment ended it, to whoever records it: a second one moves no end."""
        case = self.case()
        answers = {**CAREFUL, "support_kind": ["logistical_ops"]}
        for hours in (1, 20):
            now = NOW + hours * HOUR
            assess(by=viewer("tomas"), now=now, activity=case.activity, answers=answers)
        assert self.breach(case, 0.5, by) == ""
        assert self.breach(case, 2, by) == self.breach(case, 19, by) == "before_decision"

    def test_its_assessment_is_due_72_hours_after_it_began(self) -> None:
        case = self.case(hours=20)
        with viewing(viewer("tomas")):
            items = due_items(viewer("tomas"), NOW)
        due = next(item.due for item in items if item.case == case.activity)
        assert due == NOW + 52 * HOUR

    def test_it_lies_in_the_past_and_says_why(self) -> None:
        with pytest.raises(Refused, match="future"):
            self.case(hours=-1)
        with pytest.raises(Refused):
            asked([NewLine(party(), "logistical_ops", "Fuel")], emergency=Emergency(NOW, " "))


class TestWholeForce:
    def installed(self) -> UUID:
        return install_protocol(
            by=door.clock(), now=NOW, text=text_of("force-baseline"), filename="force.yaml"
        )

    def answers(self) -> dict[str, object]:
        """Nothing is known, and each question says why: a baseline may begin so."""
        rules = load("force-baseline")
        return {q.id: {"unknown": "Not looked at yet."} for q in rules.questions}

    def facts(self, unit: UUID, name: str, days: float = 1) -> object:
        with viewing(viewer(name)):
            return facts.party_facts(viewer(name), {unit}, NOW + days * DAY).get("force.baseline")

    def test_units_stand_on_the_assessment_of_their_force(self) -> None:
        force, unit = party("Sarrat police", "force"), party()
        tie(force, unit)
        assert self.facts(unit, "tomas") == "none"
        assess_party(
            by=viewer("tomas"),
            now=NOW,
            party=force,
            version=self.installed(),
            answers=self.answers(),
        )
        assert self.facts(unit, "tomas") == "current"
        assert self.facts(unit, "tomas", days=400) == "stale"
        assert self.facts(unit, "nadia") == "none", "to those outside its seal there is none"

    def test_a_request_keeps_what_it_stood_on(self) -> None:
        case = proposed()
        force = party("Sarrat police", "force")
        tie(force, case.party)
        whole = assess_party(
            by=viewer("tomas"),
            now=NOW,
            party=force,
            version=self.installed(),
            answers=self.answers(),
        )
        assess(by=viewer("tomas"), now=NOW + DAY, activity=case.activity, answers=CAREFUL)
        with viewing(viewer("tomas")):
            assert Assessment.objects.get(activity=case.activity).stands_on_id == whole

    @pytest.mark.parametrize("name", ["nadia", "jonas", "grace", "samir"])
    def test_who_may_not(self, name: str) -> None:
        with pytest.raises(Refused, match="another post"):
            assess_party(
                by=viewer(name),
                now=NOW,
                party=party("Sarrat police", "force"),
                version=self.installed(),
                answers=self.answers(),
            )

    def test_every_question_is_answered_or_reasoned(self) -> None:
        with pytest.raises(AnswerError):
            assess_party(
                by=viewer("tomas"),
                now=NOW,
                party=party("Sarrat police", "force"),
                version=self.installed(),
                answers={},
            )


def with_floor(level: int) -> UUID:
    text = SHORT.replace("protocol: short-course", "protocol: narrow-course", 1)
    return install_protocol(
        by=door.clock(), now=NOW, text=f"{text}seal_floor: {level}\n", filename="narrow.yaml"
    )


def test_a_kind_of_activity_may_ask_for_a_narrower_seal() -> None:
    wish = {
        "title": "A course",
        "why": "Because.",
        "starts": NOW.date(),
        "ends": NOW.date(),
        "lines": [NewLine(party(), "training_advisory", "A course")],
    }
    low = NewActivity(protocols=[with_floor(2)], **wish)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="level 2 or higher"):
        propose(by=viewer("nadia"), now=NOW, activity=low)


def test_a_protocols_own_clock_is_the_shorter_word() -> None:
    text = SHORT.replace("protocol: short-course", "protocol: quick-course", 1)
    quick = install_protocol(
        by=door.clock(), now=NOW, text=f"{text}clocks: {{assess: 12h}}\n", filename="quick.yaml"
    )
    wish = NewActivity(
        title="A quick course",
        why="Because.",
        starts=NOW.date(),
        ends=NOW.date(),
        lines=[NewLine(party(), "training_advisory", "A course")],
        protocols=[quick],
    )
    key = propose(by=viewer("nadia"), now=NOW, activity=wish)
    with viewing(viewer("tomas")):
        due = next(item.due for item in due_items(viewer("tomas"), NOW) if item.case == key)
    assert due == NOW + 12 * HOUR
