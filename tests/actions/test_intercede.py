"""Interceding: two people a step, the ladder kept, what it rests on for those who may read it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions.base import NotThere
from primum.actions.intercede import answer_intercession
from primum.actions.stop import suspend
from primum.actions.tick import tick
from primum.cases import facts, rungs
from primum.cases.models import Decision, Entry, Intercession, Relied, ReliedReport, Reminder
from primum.cases.queries import due, ladder
from primum.core.vocabulary import Stakes
from primum.people import door
from primum.people.models import Organisation
from primum.people.sight import viewing
from tests import builders
from tests.builders import refused
from tests.builders_ladder import (
    DUE,
    RELIED,
    answered,
    approve,
    intercession,
    letter,
    read,
    send,
    standing,
    step,
)
from tests.builders_sealed import raised, report
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
READERS = frozenset({"tomas", "aminata", "ruth", "grace", "jonas", "helena", "samir", "bruno"})
"""Those whom the deciders' seal names."""


class TestWriting:
    def test_it_waits_for_a_second_person(self) -> None:
        """Written, it says everything and stands for nothing yet."""
        party = builders.party()
        key = step(party)
        row = intercession(key)
        assert (row.state, row.rung, row.party_id) == ("waiting", "interceded", party)
        assert row.deadline is None
        with viewing(viewer("tomas")):
            assert rungs.standing_of(viewer("tomas"), {party}, NOW) == "none"
        assert "intercede" in builders.lines(party)

    @pytest.mark.parametrize("name", [each for each in NAMES if each not in ("tomas", "aminata")])
    def test_others_do_not_write(self, name: str) -> None:
        """A step belongs to the posts that know what is on record."""
        party = builders.party()
        with refused("not_your_move"):
            step(party, by=name)

    def test_ruth_raises_a_concern_and_no_more(self) -> None:
        """The protection officer hears it first."""
        party = builders.party()
        step(party, "concern", by="ruth")
        with refused("not_your_move"):
            step(party, "formal_notice", by="ruth")

    def test_it_says_why_it_is_this_step(self) -> None:
        """Without the threshold in words there is no step."""
        party = builders.party()
        with refused("no_threshold"):
            step(party, threshold=" ")
        with refused("no_information"):
            step(party, relied_on="")
        with refused("no_scope"):
            step(party, scope="commander")
        with refused("no_scope"):
            step(party, scope="the moon")
        with refused("no_rung"):
            step(party, "shouting")

    def test_an_unknown_party_is_not_there(self) -> None:
        """What one may not see does not exist."""
        with pytest.raises(NotThere):
            step(uuid4())

    def test_sent_twice_it_is_one(self) -> None:
        """A form that is sent again finds its step."""
        party, key = builders.party(), str(uuid4())
        assert step(party, key=key) == step(party, key=key)

    def test_it_goes_on_from_the_last_step_alone(self) -> None:
        """Two officers who go on from the same step: the second is told."""
        party = builders.party()
        first = standing(party)
        standing(party, "formal_notice", after=first)
        with refused("not_the_last"):
            step(party, "final_notice", after=first)
        with refused("not_the_last"):
            step(party, "final_notice", after=uuid4())

    def test_never_down(self) -> None:
        """After a formal notice nobody writes a concern in the same matter."""
        party = builders.party()
        notice = standing(party, "formal_notice")
        with refused("out_of_order"):
            step(party, "concern", after=notice)

    def test_of_another_party(self) -> None:
        """A matter belongs to one party."""
        other, party = standing(builders.party("Another")), builders.party()
        with refused("not_the_last"):
            step(party, "formal_notice", after=other)


class TestApproving:
    def test_it_stands(self) -> None:
        """Approved by a second person, with the authorities' fourteen days from that day on."""
        key = standing(builders.party())
        row = intercession(key)
        assert (row.state, row.judged, row.deadline) == ("approved", NOW, DUE)

    def test_a_day_of_its_own_is_kept(self) -> None:
        """Three weeks, where the writer said three weeks."""
        later = NOW + timedelta(days=21)
        assert intercession(standing(builders.party(), deadline=later)).deadline == later

    @pytest.mark.parametrize("rung", ["concern", "interceded", "formal_notice"])
    def test_nobody_approves_their_own(self, rung: str) -> None:
        """Nor in another post of theirs: the person counts."""
        key = step(rung=rung, by="aminata")
        with refused(*(["own_step"] if rung == "concern" else ["not_your_move", "own_step"])):
            approve(key, "aminata")

    def test_cover_of_the_post_does_not_either(self) -> None:
        """Whoever held the writing post in the last 90 days."""
        key = step(by="tomas")
        builders.held("samir", "due-diligence-officer", NOW - timedelta(days=30), NOW)
        with refused("own_step"):
            approve(key, "samir")

    @pytest.mark.parametrize("name", ["nadia", "tomas", "bruno", "lena", "grace"])
    def test_others_do_not(self, name: str) -> None:
        """Who may not see it finds nothing; who may is told whose it is."""
        key = step(by="aminata")
        if name in READERS:
            with refused("not_your_move"):
                approve(key, name)
        else:
            with pytest.raises(NotThere):
                approve(key, name)

    def test_sent_back_with_words(self) -> None:
        """A no says what is missing, and is as short as a yes."""
        key = step()
        with refused("no_reasons"):
            approve(key, approves=False)
        approve(key, words="One account is not enough.", approves=False)
        row = intercession(key)
        assert (row.state, row.judged_words) == ("sent_back", "One account is not enough.")
        with refused("answered"):
            approve(key)

    def test_a_final_notice_follows_a_formal_one(self) -> None:
        """Or the head of mission says why not, in words that are kept."""
        party = builders.party()
        key = step(party, "final_notice")
        with refused("not_your_move", "formal_first"):
            approve(key, "helena", words="It is urgent.")
        with refused("formal_first"):
            approve(key, "samir")
        approve(key, "samir", words="Three villages in one night.")
        assert intercession(key).judged_words == "Three villages in one night."

    def test_after_a_formal_notice_no_words_are_owed(self) -> None:
        """The whole way up, one matter."""
        party = builders.party()
        after = None
        for rung in ("concern", "interceded", "formal_notice", "final_notice"):
            after = standing(party, rung, after=after)
        with viewing(viewer("samir")):
            (matter,) = ladder.matters(viewer("samir"), party, NOW)
        assert [each.rung for each in matter.steps] == [
            *("final_notice", "formal_notice", "interceded", "concern")
        ]
        assert matter.next == ("suspended",)

    def test_a_formal_notice_in_another_matter_does_not_count(self) -> None:
        """Each matter climbs by itself."""
        party = builders.party()
        standing(party, "formal_notice")
        key = step(party, "final_notice")
        with refused("formal_first"):
            approve(key, "samir")


class TestDecisions:
    def test_a_suspension_rests_on_its_decision(self) -> None:
        """The ladder tells of a suspension; it makes none."""
        case = builders.decided(dict(builders.CAREFUL))
        with refused("no_decision"):
            step(case.party, "suspended")
        suspend(by=viewer("jonas"), now=NOW, activity=case.activity, words="Beatings.")
        decision = _decision(case.activity, "suspend")
        key = approve(step(case.party, "suspended", decision=decision))
        assert intercession(key).decision_id == decision
        with refused("no_decision"):
            step(case.party, "withdrawn", after=key, decision=decision)

    def test_of_another_case(self) -> None:
        """A decision about somebody else's support is no ground."""
        case = builders.decided(dict(builders.CAREFUL))
        suspend(by=viewer("jonas"), now=NOW, activity=case.activity, words="Beatings.")
        other, decision = builders.party("Another"), _decision(case.activity, "suspend")
        with refused("no_decision"):
            step(other, "suspended", decision=decision)


def _decision(activity: UUID, kind: str) -> UUID:
    with viewing(door.clock()):
        return Decision.objects.get(activity=activity, kind=kind).id


class TestAnswer:
    def test_what_they_answered(self) -> None:
        """Kept with its day; the step stands all the same."""
        party = builders.party()
        key = answered(standing(party), "acted")
        row = intercession(key)
        assert (row.answer, row.answered, row.state) == ("acted", NOW.date(), "approved")
        with viewing(viewer("tomas")):
            assert rungs.standing_of(viewer("tomas"), {party}, NOW) == "interceded"
        assert "answer_rung" in builders.lines(party)

    def test_once(self) -> None:
        """What they answered later is the next step's matter."""
        key = answered(standing())
        with refused("answered"):
            answered(key)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"answer": "maybe"}, "no_answer"),
            ({"words": " "}, "no_words"),
            ({"on": None}, "no_answer_day"),
            ({"on": (NOW + timedelta(days=1)).date()}, "no_answer_day"),
            ({"by": "helena"}, "not_your_move"),
        ],
    )
    def test_what_is_refused(self, change: dict[str, object], code: str) -> None:
        """In words, and nothing is kept."""
        key = standing()
        wish = {"by": "tomas", "answer": "acted", "words": "Proof seen.", "on": NOW.date()}
        wish |= change
        by = viewer(str(wish.pop("by")))
        with refused(code):
            answer_intercession(by=by, now=NOW, intercession=key, **wish)  # type: ignore[arg-type]

    def test_not_before_it_stands(self) -> None:
        """Nobody answers what was not said."""
        key = step()
        with refused("unapproved"):
            answered(key)


class TestRelied:
    def test_a_report_one_does_not_see(self) -> None:
        """Neither a made-up key nor a sealed one: the same words."""
        party = builders.party()
        hidden = report(party, seal="secretariat")
        told = []
        for key in (hidden, uuid4()):
            with refused("no_report") as reasons:
                step(party, reports=(key,))
            told.append([str(each) for each in reasons])
        assert told[0] == told[1]

    @pytest.mark.parametrize("linked", [False, True])
    @pytest.mark.parametrize("name", sorted(READERS))
    def test_who_reads_what_it_rests_on(self, name: str, linked: bool) -> None:
        """Those who read reports, linked or none; the deciders read why it is this step."""
        party = builders.party()
        source = report(party)
        key = step(party, reports=(source,) if linked else ())
        reads = name in ("tomas", "aminata", "ruth")
        with viewing(viewer(name)):
            shown = ladder.step_page(viewer(name), key, NOW)
            assert shown is not None
            assert (shown.relied_on == RELIED, len(shown.reports)) == (reads, int(reads and linked))

    def test_fewer_may_know_with_no_report_at_all(self) -> None:
        """So to Ruth a step without these words says nothing of a report."""
        key = step(relied_seal="secretariat")
        for name, reads in (("ruth", False), ("tomas", False), ("aminata", True)):
            with viewing(viewer(name)):
                assert Relied.objects.filter(intercession=key).exists() is reads
                assert Intercession.objects.filter(id=key).exists()

    def test_a_report_raised_later_takes_the_words_along(self) -> None:
        """Tomas wrote it; the chief raised the report; he reads his own words no more."""
        party = builders.party()
        source = report(party)
        key = step(party, reports=(source,))
        with viewing(viewer("tomas")):
            assert Relied.objects.filter(intercession=key).exists()
        assert raised("report", source, "secretariat")
        with viewing(viewer("tomas")):
            assert Intercession.objects.filter(id=key).exists()
            assert not Relied.objects.filter(intercession=key).exists()
            assert not ReliedReport.objects.filter(intercession=key).exists()
        with viewing(viewer("aminata")):
            assert Relied.objects.filter(intercession=key).exists()


class TestSight:
    @pytest.mark.parametrize("name", NAMES)
    def test_its_own_seal_decides(self, name: str) -> None:
        """Rows, fact and line of the ledger alike."""
        party = builders.party()
        key = standing(party, "formal_notice")
        sees = name in READERS
        with viewing(viewer(name)):
            assert Intercession.objects.filter(id=key).exists() is sees
            found = rungs.standing_of(viewer(name), {party}, NOW)
            assert found == ("formal_notice" if sees else "none")
            assert Entry.objects.filter(record=key).exists() is sees

    def test_a_narrower_seal(self) -> None:
        """Under the secretariat's seal the deciders know nothing of it."""
        party = builders.party()
        step(party, seal="secretariat", by="aminata")
        for name in ("tomas", "samir"):
            with viewing(viewer(name)):
                assert not Intercession.objects.exists()

    def test_law_8(self) -> None:
        """A step about one's own organisation is withheld, whatever the seal, and its lines too."""
        party = builders.party(organisation=Organisation.objects.get(code="human-rights"))
        key = standing(party, by="tomas")
        with viewing(viewer("grace")):
            assert not Intercession.objects.filter(id=key).exists()
            assert not Relied.objects.filter(intercession=key).exists()
            assert not Entry.objects.filter(record=key).exists()
        with viewing(viewer("bruno")):
            assert Intercession.objects.filter(id=key).exists()

    def test_law_8_for_a_contributor(self) -> None:
        """Under a seal that both read: posts of the contributor's state do not, others do."""
        key = standing(builders.contingent(), seal="support")
        for name, sees in (("eva", False), ("nadia", True), ("ines", True)):
            with viewing(viewer(name)):
                assert Intercession.objects.filter(id=key).exists() is sees, name


class TestFacts:
    def test_the_fact_of_the_registry(self) -> None:
        """Rules of protocols read the gravest step, as this viewer may see it."""
        case = builders.proposed()
        standing(case.party, "formal_notice")
        standing(case.party, "concern")
        for name, word in (("tomas", "formal_notice"), ("nadia", "none")):
            with viewing(viewer(name)):
                found = facts.party_facts(viewer(name), {case.party}, NOW)
            assert found["party.intercession"] == word

    def test_two_years_later(self) -> None:
        """What is older counts for no rule any more."""
        party = builders.party()
        standing(party, "formal_notice")
        for days, word in ((729, "formal_notice"), (731, "none")):
            with viewing(viewer("tomas")):
                now = NOW + timedelta(days=days)
                assert rungs.standing_of(viewer("tomas"), {party}, now) == word

    @pytest.mark.parametrize(
        ("rung", "high"), [("concern", False), ("interceded", True), ("formal_notice", True)]
    )
    def test_stakes(self, rung: str, high: bool) -> None:
        """SETTLED 38: a party interceded with goes to the leadership; a concern is less."""
        case = builders.proposed()
        standing(case.party, rung)
        with viewing(viewer("tomas")):
            size = facts.size_of(viewer("tomas"), case.activity, NOW)
            assert (facts.by_size(size) is Stakes.LEADERSHIP) is high

    def test_a_step_that_waits_raises_nothing(self) -> None:
        """One post alone does not raise the stakes."""
        case = builders.proposed()
        step(case.party)
        with viewing(viewer("tomas")):
            size = facts.size_of(viewer("tomas"), case.activity, NOW)
        assert not size.suspended_lately


class TestDesk:
    def test_a_step_waits_for_its_approval(self) -> None:
        """On the desk of the deputy; of the head of mission where it is a final notice."""
        party = builders.party()
        step(party)
        step(party, "final_notice")
        assert _desk("helena") == ["approve_rung"]
        assert _desk("samir") == ["approve_rung"]
        assert _desk("tomas") == _desk("nadia") == []

    def test_then_for_its_letter(self) -> None:
        """And then for somebody to read it, to send it, and for the answer."""
        key = standing()
        assert _desk("tomas") == ["write_letter", "answer_rung"]
        said = letter(key)
        assert (_desk("tomas"), _desk("aminata")) == (["answer_rung"], ["read_letter"])
        read(said)
        assert (_desk("tomas"), _desk("aminata")) == (["send_letter", "answer_rung"], [])
        send(said)
        assert _desk("tomas") == ["answer_rung"]
        answered(key)
        assert _desk("tomas") == []

    def test_a_concern_owes_no_letter(self) -> None:
        """It may be raised in a meeting."""
        standing(rung="concern")
        assert _desk("tomas") == ["answer_rung"]

    def test_what_was_gone_on_from_is_owed_no_more(self) -> None:
        """The next step asks anew."""
        party = builders.party()
        first = standing(party)
        standing(party, "formal_notice", after=first)
        with viewing(viewer("tomas")):
            assert {item.record for item in due.due_items(viewer("tomas"), NOW)} != {first}
            assert first not in {item.record for item in due.due_items(viewer("tomas"), NOW)}

    def test_the_clock_escalates(self) -> None:
        """A week after their day the supervisor's post hears of it, then the leadership."""
        key = standing()
        send(read(letter(key)))
        tick(by=door.clock(), now=DUE + timedelta(days=20))
        with viewing(viewer("samir")):
            told = Reminder.objects.filter(about=key, what="answer_rung").order_by("step")
            posts = list(told.values_list("post__code", flat=True))
        assert posts == ["due-diligence-officer", "chief-due-diligence", "head-of-mission"]
        for name in ("nadia", "eva", "lena"):
            with viewing(viewer(name)):
                assert not Reminder.objects.filter(about=key).exists()


def _desk(name: str) -> list[str]:
    with viewing(viewer(name)):
        return [item.kind for item in due.desk(viewer(name), NOW)["authorities"]]
