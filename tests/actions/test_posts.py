"""Seat and vacate: people come and go at an hour's notice, the work stays with the post."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import NewDecision, decide
from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.go_on import go_on
from primum.actions.posts import seat, vacate
from primum.actions.release import release
from primum.cases import facts
from primum.cases.models import Advice
from primum.cases.queries.due import desk
from primum.cases.queries.leadership import leadership
from primum.core.vocabulary import Choice
from primum.people import door, queries
from primum.people.models import Holding, Person
from primum.people.sight import Viewer, viewing
from tests.builders import (
    CAREFUL,
    DAY,
    GRAVE,
    INSTANT,
    Case,
    advised,
    assessed,
    decided,
    lines,
    looks,
    on_short,
    post,
    proposed,
    refused,
    stage,
    yes,
)
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db


def person(name: str) -> UUID:
    return Person.objects.get(username=name).id


def put(
    name: str, code: str, by: str = "bruno", now: datetime = NOW, ends: datetime | None = None,
    cover: bool = False,
) -> UUID:  # fmt: skip
    return seat(
        by=viewer(by), now=now, person=person(name), post=post(code), ends=ends, acting_cover=cover
    )


def leave(code: str, by: str = "bruno", now: datetime = NOW) -> int:
    return vacate(by=viewer(by), now=now, post=post(code))


def mine(by: Viewer, now: datetime = NOW) -> frozenset[UUID]:
    with viewing(by):
        return queries.answers_for(by, now)


class TestSeat:
    def test_seat(self) -> None:
        """The stranger becomes police chief of staff, from now on, and it is in the ledger."""
        assert door.viewer(person("stranger"), NOW) is None
        put("stranger", "police-chief-of-staff")
        now = door.viewer(person("stranger"), NOW)
        assert now is not None and now.post == post("police-chief-of-staff")
        assert lines(post("police-chief-of-staff")) == ["seat"]

    @pytest.mark.parametrize("name", sorted(set(NAMES) - {"bruno"}))
    def test_only_who_staffs_posts(self, name: str) -> None:
        """No other post seats anybody, the leadership neither."""
        with refused("not_your_move"):
            put("stranger", "police-chief-of-staff", by=name)

    def test_nobody_seats_themselves(self) -> None:
        """Who staffs posts would open any seal to themselves."""
        with refused("own_seat"):
            put("bruno", "chief-due-diligence", cover=True)

    def test_one_holder_at_a_time(self) -> None:
        """Two people in one post is nobody in it: vacate first, or seat as acting cover."""
        with refused("post_held"):
            put("stranger", "field-monitor-kodwel")
        put("stranger", "field-monitor-kodwel", cover=True)
        leave("field-monitor-kodwel")
        put("stranger", "field-monitor-kodwel")

    def test_for_a_time(self) -> None:
        """A dated holding ends by itself, at its very instant."""
        put("stranger", "police-chief-of-staff", ends=NOW + DAY)
        assert door.viewer(person("stranger"), NOW + DAY - INSTANT) is not None
        assert door.viewer(person("stranger"), NOW + DAY) is None

    def test_not_until_yesterday(self) -> None:
        """The last day lies ahead."""
        with refused("until_past"):
            put("stranger", "police-chief-of-staff", ends=NOW)

    def test_nobody_and_nowhere(self) -> None:
        """A person who is not there, one whose account is closed, a post that is not there."""
        bruno, free = viewer("bruno"), post("police-chief-of-staff")
        with pytest.raises(NotThere):
            seat(by=bruno, now=NOW, person=uuid4(), post=free)
        with pytest.raises(NotThere):
            seat(by=bruno, now=NOW, person=person("stranger"), post=uuid4())
        closed = Person.objects.create_user("closed", "x", name="Closed", is_active=False)
        with pytest.raises(NotThere):
            seat(by=bruno, now=NOW, person=closed.id, post=free)

    def test_nobody_sits_in_the_clock(self) -> None:
        """The post that lapses approvals has no person, ever."""
        with pytest.raises(NotThere):
            put("stranger", "clock")


class TestVacate:
    @pytest.mark.parametrize("name", NAMES)
    def test_always_possible(self, name: str) -> None:
        """Whoever leaves may leave at once, the chief of staff too, open work or not."""
        on_short()
        own = viewer(name)
        assert vacate(by=own, now=NOW + DAY, post=own.post) == 1
        assert door.viewer(own.person, NOW + DAY) is None
        assert lines(own.post) == ["vacate"]

    @pytest.mark.parametrize("name", ["tomas", "samir", "nadia", "aminata"])
    def test_who_may_not(self, name: str) -> None:
        """Nobody empties somebody else's post, but who staffs posts."""
        with refused("not_your_move"):
            leave("field-monitor-kodwel", by=name)
        assert leave("field-monitor-kodwel") == 1

    def test_an_empty_one(self) -> None:
        """There is nothing to end, and that is no trouble."""
        assert leave("police-chief-of-staff") == 0
        assert lines(post("police-chief-of-staff")) == []

    def test_cover_goes_too(self) -> None:
        """Empty is empty: acting cover ends with the holder."""
        put("stranger", "field-monitor-kodwel", cover=True)
        assert leave("field-monitor-kodwel") == 2
        assert Holding.objects.filter(post=post("field-monitor-kodwel"), ends=None).count() == 0

    def test_in_and_out_in_one_hour(self) -> None:
        """Seated, left, seated again at the same moment: the chairs do not overlap."""
        put("stranger", "police-chief-of-staff")
        leave("police-chief-of-staff")
        put("stranger", "police-chief-of-staff")
        assert door.viewer(person("stranger"), NOW) is not None

    def test_nowhere(self) -> None:
        """A post that is not there, or the clock's, is not emptied."""
        for key in (uuid4(), post("clock")):
            with pytest.raises(NotThere):
                vacate(by=viewer("bruno"), now=NOW, post=key)


class TestFalls:
    """Law 9: the work of an empty post falls to the next seated post above it."""

    def test_to_the_supervisor(self) -> None:
        """Grace gone, Tomas answers for her post; nobody else does."""
        monitor = post("field-monitor-kodwel")
        assert monitor not in mine(viewer("tomas"))
        leave("field-monitor-kodwel")
        assert monitor in mine(viewer("tomas"))
        assert [name for name in NAMES if name != "grace" and monitor in mine(viewer(name))] == [
            "tomas"
        ]

    def test_over_empty_chairs(self) -> None:
        """Officer and chief gone, the director's chair empty: it is the deputy's."""
        for code in ("field-monitor-kodwel", "due-diligence-officer", "chief-due-diligence"):
            leave(code)
        below = {"field-monitor-kodwel", "due-diligence-officer", "chief-due-diligence"}
        assert {post(code) for code in below} <= mine(viewer("helena"))

    def test_back_when_somebody_sits(self) -> None:
        """Acting cover is enough to take the work back."""
        leave("field-monitor-kodwel")
        put("stranger", "field-monitor-kodwel", cover=True)
        assert post("field-monitor-kodwel") not in mine(viewer("tomas"))

    def test_on_the_desk(self) -> None:
        """What falls to a post stands on its desk."""
        case = on_short()
        leave("field-monitor-kodwel")
        reader = viewer("tomas")
        with viewing(reader):
            found = desk(reader, NOW)["look"]
        assert {item.case for item in found} == {case.activity}

    def test_the_owners_work_too(self) -> None:
        """Nadia gone and her chief's chair empty: the deputy delivers, and judges nothing of it."""
        case = decided(CAREFUL)
        leave("police-training-officer")
        wish = NewDelivery(case.line, "Course held")
        deliver(by=viewer("helena"), now=NOW + DAY, activity=case.activity, delivery=wish)
        assert stage(case) == "under_way"

    def test_everything_open_has_a_post_that_somebody_answers_for(self) -> None:
        """However many leave: as long as the head of mission sits, nothing is nobody's."""
        for code in (
            "field-monitor-kodwel",
            "due-diligence-officer",
            "chief-due-diligence",
            "womens-protection-adviser",
            "deputy-head-of-mission",
            "police-training-officer",
            "head-of-office-kodwel",
        ):
            leave(code)
        answered = mine(viewer("samir"))
        assert {post("field-monitor-kodwel"), post("police-training-officer")} <= answered

    @pytest.mark.parametrize("code", ["due-diligence-officer", "chief-due-diligence"])
    def test_what_stands_on_a_desk_can_be_done_there(self, code: str) -> None:
        """The assessor or the adviser gone, the post it falls to can do it."""
        case = proposed() if code == "due-diligence-officer" else assessed(CAREFUL)
        leave(code)
        by = viewer("aminata" if code == "due-diligence-officer" else "helena")
        with viewing(by):
            items = [item.kind for item in desk(by, NOW)["advise"] if item.case == case.activity]
        assert items == ["assess" if code == "due-diligence-officer" else "advise"]
        if code == "due-diligence-officer":
            assess(by=by, now=NOW, activity=case.activity, answers=CAREFUL)
        else:
            given = {"position": "support", "words": "Yes."}
            advise(by=by, now=NOW, activity=case.activity, **given)

    def test_somebody_can_seat_the_one_who_seats(self) -> None:
        """The chief of staff gone, the post above puts somebody into the chair."""
        leave("chief-of-staff")
        put("stranger", "chief-of-staff", by="samir")
        with refused("not_your_move"):
            put("stranger", "police-chief-of-staff", by="samir")

    def test_above_the_top_of_the_tree(self) -> None:
        """Who leads answers for a post with nobody above it, and who staffs for who leads."""
        agency = {post("agency-officer"), post("agency-representative")}
        assert post("agency-representative") in mine(viewer("samir"))
        leave("agency-officer")
        assert agency <= mine(viewer("samir"))
        leave("head-of-mission")
        assert agency | {post("head-of-mission")} <= mine(viewer("bruno"))
        for name in set(NAMES) - {"bruno", "ines", "samir"}:
            assert not agency & mine(viewer(name)), name

    def test_nobody_decides_by_emptying_the_chair_above(self) -> None:
        """Bruno vacates the head of mission: the case is on his desk, the decision is not his."""
        case = advised(GRAVE)
        leave("head-of-mission")
        bruno = viewer("bruno")
        assert not any(duty.startswith("decides_") for duty in bruno.duties)
        with viewing(bruno):
            assert {item.case for item in desk(bruno, NOW)["decide"]} == {case.activity}
        no = NewDecision(Choice.NO, "Not while nobody is held to account.", "No.")
        with refused("not_your_move"):
            decide(by=bruno, now=NOW, activity=case.activity, decision=no)
        put("stranger", "head-of-mission")
        decide(by=viewer("stranger"), now=NOW, activity=case.activity, decision=no)
        assert stage(case) == "not_done"

    def test_what_stays_with_the_chair(self) -> None:
        """To ask, to audit, the vault, the widest seal: no work that waits, so it passes nobody."""
        for code in ("police-training-officer", "auditor", "chief-due-diligence"):
            leave(code)
        leave("womens-protection-adviser")
        helena, samir = viewer("helena"), viewer("samir")
        stays = {"requests", "audits", "widest_seal", "protection_officer", "files_reports"}
        assert not stays & (helena.duties | samir.duties)
        assert {"advises", "confirms_matches"} <= helena.duties

    def test_matches_and_reports_are_answered_above(self) -> None:
        """Officer and chief gone, the deputy says whether two names are one; no other post does."""
        leave("due-diligence-officer")
        leave("chief-due-diligence")
        assert [n for n in NAMES if n not in ("tomas", "aminata") and may_match(n)] == ["helena"]


def may_match(name: str) -> bool:
    return "confirms_matches" in viewer(name).duties


class TestOneJudgesNotTwice:
    """Law 9 meets SETTLED 14: what passes up never makes somebody the judge of their own."""

    def items(self, name: str, case: Case, now: datetime = NOW) -> list[str]:
        by = viewer(name, now)
        with viewing(by):
            lists = desk(by, now)
            return [i.kind for items in lists.values() for i in items if i.case == case.activity]

    def test_who_assessed_above_does_not_advise(self) -> None:
        """Tomas gone, Aminata assesses; her own chair counts as empty then: the deputy advises."""
        case = proposed()
        leave("due-diligence-officer")
        assess(by=viewer("aminata"), now=NOW, activity=case.activity, answers=CAREFUL)
        given = {"position": "support", "words": "Yes."}
        with refused("own_assessment"):
            advise(by=viewer("aminata"), now=NOW, activity=case.activity, **given)
        assert self.items("aminata", case) == []
        assert "advise" in self.items("helena", case)
        advise(by=viewer("helena"), now=NOW, activity=case.activity, **given)
        with viewing(door.clock()):
            kept = Advice.objects.get(activity=case.activity)
            assert facts.judged([case.activity])[case.activity].advised
        assert (kept.post_id, kept.in_place_of_id) == (
            post("deputy-head-of-mission"),
            post("chief-due-diligence"),
        )

    def test_who_advised_above_does_not_decide(self) -> None:
        """The chief gone, the deputy advises; the decision at her stakes goes to the one above."""
        case = assessed(CAREFUL)
        leave("chief-due-diligence")
        assert self.items("helena", case) == ["decide", "advise"]
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("helena"), now=NOW, activity=case.activity, **given)
        with refused("adviser"):
            decide(by=viewer("helena"), now=NOW, activity=case.activity, decision=yes())
        assert self.items("helena", case) == []
        assert self.items("samir", case) == ["decide"]
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
        assert stage(case) == "decided"

    def test_the_advice_of_another_post_is_not_awaited_for_ever(self) -> None:
        """Given in place of an empty chair it counts; of a post that stands in for none it not."""
        case = assessed(CAREFUL)
        with refused("not_your_move"):
            given = {"position": "support", "words": "Yes."}
            advise(by=viewer("helena"), now=NOW, activity=case.activity, **given)
        with refused("advice_awaited"):
            decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    def test_who_owns_it_meanwhile_does_not_judge_it(self) -> None:
        """Nadia gone, the deputy answers for her cases: the head of mission decides on them."""
        case = advised(CAREFUL)
        assert self.items("helena", case) == ["decide"]
        leave("police-training-officer")
        assert (self.items("helena", case), self.items("samir", case)) == ([], ["decide"])
        with refused("own_case"):
            decide(by=viewer("helena"), now=NOW, activity=case.activity, decision=yes())
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    def test_what_was_done_in_anothers_place_counts_by_person(self) -> None:
        """A year after the chair was filled again, who delivered in it judges nothing of it."""
        case = decided(CAREFUL)
        leave("police-training-officer")
        wish = NewDelivery(case.line, "Course held")
        deliver(by=viewer("helena"), now=NOW + DAY, activity=case.activity, delivery=wish)
        put("stranger", "police-training-officer", now=NOW + 2 * DAY)
        for days in (3, 365):
            now = NOW + days * DAY
            for owed in (looks(case)[0].id, looks(case)[1].id):
                with refused("own_case"):
                    release(by=viewer("helena", now), now=now, owed=owed, words="Not needed.")
            with refused("own_case"):
                go_on(by=viewer("helena", now), now=now, activity=case.activity, words="So.")
        release(by=viewer("samir"), now=NOW + 3 * DAY, owed=looks(case)[0].id, words="Not needed.")

    def test_writing_down_what_somebody_gave_is_no_act_of_the_owner(self) -> None:
        """A fact is anybody's to record: it makes nobody the owner."""
        case = decided(CAREFUL)
        wish = NewDelivery(case.line, "Course held")
        record_delivery(
            by=viewer("helena"), now=NOW, activity=case.activity, delivery=wish, happened=NOW
        )
        release(by=viewer("helena"), now=NOW, owed=looks(case)[0].id, words="Not needed.")

    def test_the_leadership_counts_them_as_before(self) -> None:
        """What lies with an empty post is counted by that post, whoever does it meanwhile."""
        case = assessed(CAREFUL)
        samir = viewer("samir")
        with viewing(samir):
            before = leadership(samir, NOW)
        leave("chief-due-diligence")
        with viewing(samir):
            after = leadership(samir, NOW)
        assert after.orphaned == before.orphaned + 1
        assert post("chief-due-diligence") in {each.id for each in after.vacant}
        assert case.activity in {item.case for item in after.decide}
