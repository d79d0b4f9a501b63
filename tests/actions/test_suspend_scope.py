"""Suspend a line, a unit, an officer's units, a force: it stops deliveries and moves no stage."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from primum.actions.advise import advise
from primum.actions.assess import Beside, assess
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.enter_party import NewTie, enter_tie
from primum.actions.propose import NewLine
from primum.actions.stop import NewStop, Righted, lift, suspend_scope, withdraw
from primum.cases import standing
from primum.cases.models import Ground, Lift, Line, Stop
from primum.cases.queries.activity import entries
from primum.core.vocabulary import Stopped
from primum.people import mission
from primum.people.sight import viewing
from primum.register.models import Tie
from tests.builders import (
    CAREFUL,
    DAY,
    INSTANT,
    Case,
    decided,
    decisions,
    delivered,
    held,
    lines,
    party,
    proposed,
    reasoned,
    refused,
    stage,
    tie,
    told,
    under_way,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

WORDS = "Prisoners were beaten in the yard (invented)."
RIGHTED = Righted("The officer was moved and charged.", "Order 12, seen on 20 March.")


def stop(name: str = "jonas", now: datetime = NOW + DAY, **more: object) -> UUID:
    wish = NewStop(**{"words": WORDS, **more})  # type: ignore[arg-type]
    return suspend_scope(by=viewer(name, now), now=now, stop=wish)


def start(key: UUID, name: str = "samir", now: datetime = NOW + 5 * DAY) -> UUID:
    return lift(by=viewer(name, now), now=now, stop=key, righted=RIGHTED)


def give(case: Case, days: float = 2, line: UUID | None = None) -> UUID:
    now = NOW + days * DAY
    wish = NewDelivery(line or case.line, "Pens")
    return deliver(by=viewer("nadia", now), now=now, activity=case.activity, delivery=wish)


def breach(case: Case, days: float = 2, line: UUID | None = None, later: float = 30) -> str:
    """What a delivery on that day is recorded as, long after."""
    now = NOW + later * DAY
    wish = NewDelivery(line or case.line, "Pens")
    key = record_delivery(
        by=viewer("nadia"),
        now=now,
        activity=case.activity,
        delivery=wish,
        happened=NOW + days * DAY,
    )
    return delivered(key).breach


def two_lines() -> tuple[Case, UUID, UUID]:
    """A case under way for two units, the key of the second one's line and of its party."""
    unit, other = party(), party("Kodwel River Post")
    course = NewLine(unit, "training_advisory", "Course on custody", "36 places", 9000, 36)
    pens = NewLine(other, "training_advisory", "Stationery", "2 boxes", 300, 4)
    case = decided(CAREFUL, lines=(course, pens))
    with viewing(viewer("nadia")):
        found = {row.party_id: row.id for row in Line.objects.filter(activity=case.activity)}
    return Case(case.activity, unit, found[unit]), found[other], other


def commander(of: UUID, name: str = "Imre Talvane", **more: str) -> UUID:
    officer = party(name, "person")
    posted(officer, of, **more)
    return officer


def posted(officer: UUID, unit: UUID, **more: str) -> None:
    wish = NewTie(officer, unit, "holds_post", "Commander", **{"first": "2026-01", **more})
    enter_tie(by=viewer("tomas"), now=NOW, tie=wish)


class TestLine:
    def test_one_line_stops_and_the_other_goes_on(self) -> None:
        """The delivery on it is refused, naming how widely and since when; the stage stays."""
        case, other, _unit = two_lines()
        stop(scope="line", activity=case.activity, line=case.line)
        with refused("stopped") as reasons:
            give(case)
        assert reasons[0].values == {"scope": "scope_line", "since": NOW + DAY}
        give(case, line=other)
        assert stage(case) == "under_way"

    def test_what_is_given_all_the_same_is_a_breach(self) -> None:
        """Law 1: the fact is recorded, by its own moment, and the other line's is none."""
        case, other, _unit = two_lines()
        stop(scope="line", activity=case.activity, line=case.line)
        assert breach(case) == "suspended"
        assert breach(case, 1) == "suspended"
        assert breach(case, 0.9) == ""
        assert breach(case, line=other) == ""

    def test_it_is_a_decision_of_the_case(self) -> None:
        """With its reasons apart, what is told waiting to be read, and one line in the ledger."""
        case = under_way()
        key = stop(
            scope="line",
            activity=case.activity,
            line=case.line,
            told="The course is stopped for now.",
            lifts_when="The officer is charged.",
            review_by=NOW + 20 * DAY,
        )
        made = decisions(case)[-1]
        assert (made.kind, made.review_by) == ("stop", NOW + 20 * DAY)
        assert told(case, "samir")[-1] == ("waiting", "The course is stopped for now.")
        assert lines(case.activity)[-1] == "stop"
        with viewing(viewer("jonas")):
            assert Ground.objects.get(decision=made).words == WORDS
            row = Stop.objects.get(id=key)
            assert (row.decision_id, row.lifts_when) == (made.id, "The officer is charged.")

    def test_a_line_of_another_case_is_not_there(self) -> None:
        """Nor is a line that does not exist."""
        case, other = under_way(), under_way()
        for line in (other.line, uuid4(), None):
            with pytest.raises(NotThere):
                stop(scope="line", activity=case.activity, line=line)

    def test_what_is_over_has_no_line_to_stop(self) -> None:
        """Withdrawn, nothing more is delivered."""
        case = under_way()
        withdraw(by=viewer("samir"), now=NOW, activity=case.activity, words="Enough.")
        with refused("nothing_to_stop"):
            stop(scope="line", activity=case.activity, line=case.line)

    def test_before_it_is_approved(self) -> None:
        """Stopping harm is never waited for: approved later, the line is stopped all the same."""
        case = proposed()
        stop(scope="line", activity=case.activity, line=case.line)
        with viewing(viewer("nadia")):
            found = standing.stopped(case.activity, NOW + 2 * DAY)
        assert found == (Stopped(case.line, "line", NOW + DAY),)


class TestUnit:
    def test_every_case_of_the_unit(self) -> None:
        """From the page of a party: it stops on cases that the one who stops need not name."""
        case, other, unit = two_lines()
        stop(scope="unit", party=unit)
        with refused("stopped") as reasons:
            give(case, line=other)
        assert reasons[0].values["scope"] == "scope_unit"
        give(case)
        assert breach(case, line=other) == "suspended"

    def test_under_its_new_name(self) -> None:
        """C6: renamed or merged, it is the unit that was stopped; its sister is not."""
        case, other, unit = two_lines()
        old = party("Kodwel Old Post")
        tie(old, unit, "renamed_to")
        stop(scope="unit", party=old)
        with refused("stopped"):
            give(case, line=other)
        assert breach(case, line=other) == "suspended"
        assert breach(case) == ""

    def test_under_its_old_name(self) -> None:
        """Stopped under the new name, an old request in the former one is stopped too."""
        case, other, unit = two_lines()
        new = party("Kodwel New Post")
        tie(unit, new, "renamed_to")
        stop(scope="unit", party=new)
        with refused("stopped"):
            give(case, line=other)

    def test_a_sister_that_split_off_is_another_unit(self) -> None:
        """One became two: stopping the one is not stopping the other."""
        case, other, unit = two_lines()
        old, sister = party("Kodwel Old Post"), party("Kodwel Hill Post")
        tie(old, unit, "renamed_to")
        tie(old, sister, "renamed_to")
        stop(scope="unit", party=sister)
        give(case, line=other)

    def test_what_merged_is_what_it_became(self) -> None:
        """Two became one: whoever was stopped, the one they are is stopped."""
        case, other, unit = two_lines()
        new, former = party("Kodwel Joint Post"), party("Kodwel Hill Post")
        tie(unit, new, "renamed_to")
        tie(former, new, "renamed_to")
        stop(scope="unit", party=former)
        with refused("stopped"):
            give(case, line=other)

    def test_a_unit_above_is_not_the_unit(self) -> None:
        """A unit by itself: those under it are stopped with “all”."""
        case, other, unit = two_lines()
        above = party("Kodwel District")
        tie(above, unit)
        stop(scope="unit", party=above)
        give(case, line=other)
        stop(scope="all", party=above, now=NOW + 3 * DAY)
        with refused("stopped"):
            give(case, 4, other)


class TestAll:
    def test_every_unit_under_a_force(self) -> None:
        """Two levels down, and under a former name of the force."""
        case, other, unit = two_lines()
        district, force, old = party("District"), party("SNPS", "force"), party("NPS", "force")
        tie(district, unit)
        tie(force, district)
        tie(old, force, "renamed_to")
        stop(scope="all", party=old)
        with refused("stopped") as reasons:
            give(case, line=other)
        assert reasons[0].values["scope"] == "scope_all"
        give(case)

    def test_who_left_the_force_is_not_under_it(self) -> None:
        """The register says until when: on the day of the delivery it counts."""
        case, other, unit = two_lines()
        force = party("SNPS", "force")
        wish = NewTie(force, unit, "commands", first="2025", last="2026-03-10", open="E")
        enter_tie(by=viewer("tomas"), now=NOW, tie=wish)
        stop(scope="all", party=force)
        assert breach(case, 8, other) == "suspended"
        assert breach(case, 9, other) == ""


class TestCommander:
    """An officer is stopped with every unit they command on the day, by the register."""

    def test_their_unit_is_stopped(self) -> None:
        case, other, unit = two_lines()
        officer = commander(unit)
        stop(scope="commander", party=officer)
        with refused("stopped") as reasons:
            give(case, line=other)
        assert reasons[0].values["scope"] == "scope_commander"
        assert breach(case, line=other) == "suspended"
        assert breach(case) == ""

    def test_what_lies_under_their_unit_too(self) -> None:
        case, other, unit = two_lines()
        district = party("District")
        tie(district, unit)
        stop(scope="commander", party=commander(district))
        with refused("stopped"):
            give(case, line=other)

    def test_it_follows_the_officer(self) -> None:
        """Gone from one unit to another: from that day the one is free and the other stopped."""
        case, other, unit = two_lines()
        officer = commander(unit)
        stop(scope="commander", party=officer)
        posted(officer, unit, last="2026-03-10", open="E")
        posted(officer, case.party, first="2026-03-11")
        assert breach(case, 8, other) == "suspended"
        assert breach(case, 8) == ""
        with viewing(viewer("nadia")):
            now = standing.stopped(case.activity, NOW + 10 * DAY)
        assert now == (Stopped(case.line, "commander", NOW + DAY),)

    def test_another_post_commands_nothing(self) -> None:
        """A deputy, a signals officer: their units are not theirs to stop with."""
        case, other, unit = two_lines()
        officer = party("Osk Derrin", "person")
        wish = NewTie(officer, unit, "holds_post", "Signals officer", first="2026")
        enter_tie(by=viewer("tomas"), now=NOW, tie=wish)
        stop(scope="commander", party=officer)
        give(case, line=other)

    def test_unknown_is_not_no(self) -> None:
        """Law 4: last cited two years ago, and nobody says that they left: still stopped."""
        case, other, unit = two_lines()
        stop(scope="commander", party=commander(unit, first="2023", last="2024", open="N"))
        with refused("stopped"):
            give(case, line=other)


class TestScopes:
    @pytest.mark.parametrize("scope", ["unit", "all"])
    def test_an_officer_is_no_unit(self, scope: str) -> None:
        officer = party("Imre Talvane", "person")
        with refused("other_scope"):
            stop(scope=scope, party=officer)

    def test_a_unit_is_no_officer(self) -> None:
        unit = party()
        with refused("other_scope"):
            stop(scope="commander", party=unit)

    @pytest.mark.parametrize("scope", ["unit", "commander", "all"])
    @pytest.mark.parametrize("key", [None, uuid4()])
    def test_a_party_that_is_not_there(self, scope: str, key: UUID | None) -> None:
        with refused("no_party_chosen"):
            stop(scope=scope, party=key)

    @pytest.mark.parametrize("scope", ["line", "operation", "galaxy", ""])
    def test_a_scope_is_chosen(self, scope: str) -> None:
        unit = party()
        with refused("no_scope"):
            stop(scope=scope, party=unit)

    def test_an_operation_keeps_its_stage(self) -> None:
        """The whole activity from the same page: suspended, as with the button."""
        case = under_way()
        stop(scope="operation", activity=case.activity, lifts_when="A new order.")
        assert stage(case) == "suspended"
        assert decisions(case)[-1].kind == "suspend"
        with viewing(viewer("jonas")):
            assert Stop.objects.get(activity=case.activity).lifts_when == "A new order."

    @pytest.mark.parametrize("name", ["jonas", "helena", "samir"])
    def test_who_may(self, name: str) -> None:
        """Stopping harm is never waited for: each of them stops all of a force."""
        stop(name, scope="all", party=party("SNPS", "force"))

    @pytest.mark.parametrize(
        "name", ["nadia", "tomas", "aminata", "grace", "bruno", "ines", "eva", "lena"]
    )
    def test_who_may_not(self, name: str) -> None:
        unit = party()
        with refused("not_your_move"):
            stop(name, scope="unit", party=unit)

    def test_reasons_are_owed(self) -> None:
        unit = party()
        with refused("no_reasons"):
            stop(scope="unit", party=unit, words=" ")

    def test_sent_twice_it_is_one(self) -> None:
        key, unit = uuid4(), party()
        one = stop(scope="unit", party=unit, key=key)
        assert stop(scope="unit", party=unit, key=key) == one
        with viewing(viewer("jonas")):
            assert Stop.objects.count() == 1

    def test_the_database_holds_one_thing_a_stop(self) -> None:
        """A row that names a line and a party, or neither, is refused by PostgreSQL."""
        case = under_way()
        key = stop(scope="line", activity=case.activity, line=case.line)
        with viewing(viewer("jonas")):
            row = Stop.objects.get(id=key)
        for changes in ({"party_id": case.party}, {"line_id": None}, {"scope": "unit"}):
            made = Stop.objects.model(
                **{
                    **{f.attname: getattr(row, f.attname) for f in Stop._meta.concrete_fields},
                    "id": uuid4(),
                    **changes,
                }
            )
            with pytest.raises(IntegrityError), viewing(viewer("jonas")), transaction.atomic():
                made.save(force_insert=True)


class TestWhatIsTold:
    """Sealed from the deliverer it still stops: that it is stopped is told, not by whom or why."""

    @pytest.mark.parametrize("seal", ["", "secretariat", "vault"])
    def test_sealed_it_stops_all_the_same(self, seal: str) -> None:
        case, other, unit = two_lines()
        stop("samir", scope="unit", party=unit, seal=seal)
        with viewing(viewer("nadia")):
            assert not Stop.objects.exists()
            found = standing.stopped(case.activity, NOW + 2 * DAY)
        assert found == (Stopped(other, "unit", NOW + DAY),)
        with refused("stopped") as reasons:
            give(case, line=other)
        assert "beaten" not in str(reasons[0]) and "Head" not in str(reasons[0])

    def test_no_wider_seal_than_usual(self) -> None:
        """Who stopped it and why is not opened to more than the reasons of any decision."""
        unit = party()
        with refused("not_higher"):
            stop("samir", scope="unit", party=unit, seal="open")

    def test_who_does_not_see_the_case_is_told_nothing(self) -> None:
        """The engine answers for those who see the activity, and for nobody else."""
        case, _other, unit = two_lines()
        stop(scope="unit", party=unit)
        with viewing(viewer("eva")):
            seen = standing.stopped(case.activity, NOW + 2 * DAY)
        assert len(seen) == 1  # she reads requests for support
        sealed = decided(CAREFUL, seal="decider")
        stop(scope="line", activity=sealed.activity, line=sealed.line)
        with viewing(viewer("ines")):
            assert standing.stopped(sealed.activity, NOW + 2 * DAY) == ()

    def test_by_a_tie_that_the_deliverer_does_not_see(self) -> None:
        """The gate counts the whole register; the viewer's own walk ends where their sight does."""
        case, other, unit = two_lines()
        force = party("SNPS", "force")
        Tie(
            id=uuid4(),
            seal_id=mission.seal_named("secretariat"),
            kind="commands",
            upper_id=force,
            lower_id=unit,
        ).save(force_insert=True)
        stop(scope="all", party=force)
        with refused("stopped"):
            give(case, line=other)
        with viewing(viewer("nadia")):
            assert not Tie.objects.filter(upper=force).exists()

    def test_the_ledger_of_the_party_tells_those_who_may_know(self) -> None:
        """The party's page is open to all; its line about the stop is not."""

        unit = party()
        stop(scope="unit", party=unit)
        for name, verbs in (("samir", ["stop"]), ("nadia", []), ("eva", [])):
            with viewing(viewer(name)):
                found = [each.verb for each in entries(viewer(name), unit)]
            assert found == verbs, name


class TestExempt:
    def test_the_wounded_are_carried_all_the_same(self) -> None:
        """What the assessor agreed is outside the policy is outside a stop of the unit."""

        unit = party()
        course = NewLine(unit, "training_advisory", "Course", "36 places", 9000, 36)
        flight = NewLine(
            unit,
            "logistical_ops",
            "Flight for the wounded",
            exempt="evacuation",
            exempt_because="Two wounded.",
        )
        case = proposed(lines=(course, flight))
        with viewing(viewer("nadia")):
            found = {row.what: row.id for row in Line.objects.filter(activity=case.activity)}
        exempt = found["Flight for the wounded"]
        assess(
            by=viewer("tomas"),
            now=NOW,
            activity=case.activity,
            answers=reasoned(CAREFUL),
            beside=Beside(exempt=(exempt,)),
        )
        said = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=NOW, activity=case.activity, **said)
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
        stop(scope="unit", party=unit)
        with refused("stopped"):
            give(case, line=found["Course"])
        give(case, line=exempt)
        stop(scope="line", activity=case.activity, line=exempt, now=NOW + 3 * DAY)
        with refused("stopped"):
            give(case, 4, exempt)


class TestLift:
    def test_it_goes_on(self) -> None:
        """Lifted, the line is delivered on; what was given meanwhile stays a breach."""
        case, other, unit = two_lines()
        key = stop(scope="unit", party=unit)
        start(key)
        give(case, 6, other)
        assert breach(case, 5, other) == ""
        assert breach(case, (5 * DAY - INSTANT) / DAY, other) == "suspended"

    def test_its_record(self) -> None:
        """What was put right, the proof, and who lifted it, on the party's own chain."""
        case, _other, unit = two_lines()
        key = stop(scope="unit", party=unit)
        made = start(key)
        with viewing(viewer("jonas")):
            row = Lift.objects.get(stop=key)
            assert row.id == made
            assert row.put_right == RIGHTED.put_right
            assert row.evidence == RIGHTED.evidence
        assert lines(unit)[-2:] == ["stop", "lift"]
        assert stage(case) == "decided"

    def test_of_a_line_it_is_a_decision_of_the_case(self) -> None:
        case = under_way()
        key = stop(scope="line", activity=case.activity, line=case.line)
        start(key)
        assert [each.kind for each in decisions(case)] == ["decide", "stop", "lift"]

    def test_one_stop_lifted_the_other_holds(self) -> None:
        """Two suspensions of one line: both must be lifted."""
        case, other, unit = two_lines()
        first = stop(scope="unit", party=unit)
        stop(scope="line", activity=case.activity, line=other, now=NOW + 2 * DAY)
        start(first)
        with refused("stopped") as reasons:
            give(case, 6, other)
        assert reasons[0].values["scope"] == "scope_line"

    def test_not_twice(self) -> None:
        key = stop(scope="unit", party=party())
        start(key)
        with refused("lifted"):
            start(key, now=NOW + 6 * DAY)

    @pytest.mark.parametrize(
        ("righted", "code"),
        [(Righted("", "Seen."), "no_put_right"), (Righted("Moved.", ""), "no_proof")],
    )
    def test_not_without_its_record(self, righted: Righted, code: str) -> None:
        key = stop(scope="unit", party=party())
        with refused(code):
            lift(by=viewer("samir"), now=NOW + 2 * DAY, stop=key, righted=righted)

    @pytest.mark.parametrize("name", ["jonas", "helena", "tomas", "aminata"])
    def test_a_unit_goes_on_by_the_leadership(self, name: str) -> None:
        """Who stopped a unit does not for that start it again."""
        key = stop(scope="unit", party=party())
        with refused("not_your_move"):
            start(key, name)

    @pytest.mark.parametrize("name", ["nadia", "ines", "eva"])
    def test_what_one_may_not_see_is_not_there(self, name: str) -> None:
        key = stop(scope="unit", party=party())
        with pytest.raises(NotThere):
            start(key, name)

    def test_nobody_lifts_what_stops_their_own_case(self) -> None:
        """Samir covered the chair of the one who asked for it: somebody else lifts."""
        case, _other, unit = two_lines()
        key = stop(scope="unit", party=unit)
        held("samir", "police-training-officer", NOW - 3 * DAY, NOW + timedelta(hours=1))
        with refused("own_case"):
            start(key)
        assert stage(case) == "decided"

    def test_a_suspended_activity_is_resumed_instead(self) -> None:
        """Its stop ends with the resumption, which moves the stage."""
        case = under_way()
        key = stop(scope="operation", activity=case.activity)
        with pytest.raises(NotThere):
            start(key)
