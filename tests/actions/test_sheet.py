"""On behalf: a leader signs on paper, the chief of staff records it, the leader confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import NewDecision, decide
from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.finish import lapse
from primum.actions.sheet import SignedSheet, confirm_decision, disown_decision
from primum.actions.stop import suspend
from primum.actions.tick import tick
from primum.cases import facts
from primum.cases.models import File, Reminder
from primum.cases.queries.due import desk, due_items
from primum.cases.queries.leadership import leadership
from primum.core import lifecycle
from primum.core.vocabulary import Choice
from primum.exchange.documents import LARGEST
from primum.people import door
from primum.people.models import Holding, Person
from primum.people.sight import Viewer, viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    GRAVE,
    LEASE_END,
    Case,
    advised,
    commitments,
    decided,
    decisions,
    delivered,
    emptied,
    held,
    lines,
    looks,
    met,
    on_short,
    post,
    proposed,
    reasoned,
    refused,
    row,
    stage,
    yes,
)
from tests.builders_sealed import seated
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 signed"
PNG = b"\x89PNG\r\n\x1a\n"


def sheet(code: str = "head-of-mission", content: bytes = PDF) -> SignedSheet:
    return SignedSheet(post(code), "signed.pdf", content)


def record(case: Case, name: str = "bruno", **more: object) -> UUID:
    decision = replace(yes(on_behalf=sheet()), **more)  # type: ignore[arg-type]
    return decide(by=viewer(name), now=NOW, activity=case.activity, decision=decision)


def waiting(name: str, case: Case) -> list[str]:
    reader = viewer(name)
    with viewing(reader):
        return [i.kind for i in due_items(reader, NOW) if i.case == case.activity]


def test_recorded_and_confirmed() -> None:
    """The decision is the leader's post's, the sheet is kept, and the leader confirms it."""
    case = advised(CAREFUL)
    key = record(case)
    (kept,) = decisions(case)
    assert (kept.post_id, kept.confirm_by) == (post("head-of-mission"), NOW + timedelta(hours=72))
    assert stage(case) == "decided"
    with viewing(viewer("samir")):
        assert bytes(File.objects.get(case=case.activity).content) == PDF
    confirm_decision(by=viewer("samir"), now=NOW + DAY, decision=key)
    assert decisions(case)[0].confirmed == NOW + DAY
    assert lines(case.activity)[-2:] == ["decide", "confirm"]


@pytest.mark.parametrize("name", ["aminata", "tomas", "jonas", "helena", "samir"])
def test_who_may_not_record(name: str) -> None:
    """Only the post that records on behalf does, not another leader, not the leader themselves."""
    case = advised(CAREFUL)
    with refused("not_your_move"):
        record(case, name)


def both_refused(by: Viewer, key: UUID, code: str, now: datetime = NOW) -> None:
    """Neither “yes, I decided this” nor “no” may be said by this viewer."""
    with refused(code):
        confirm_decision(by=by, now=now, decision=key)
    with refused(code):
        disown_decision(by=by, now=now, decision=key)


def test_who_signed_is_kept_apart_from_who_recorded() -> None:
    """Whose post decided, who signed, who wrote it down, and the sheet: four things of one row."""
    case = advised(CAREFUL)
    record(case)
    (kept,) = decisions(case)
    with viewing(viewer("samir")):
        sheet = File.objects.get(case=case.activity)
    assert kept.signed_by is not None
    assert kept.post_id == kept.signed_by.post_id == post("head-of-mission")
    assert kept.signed_by.person_id == viewer("samir").person
    assert (kept.by.person_id, kept.sheet_id) == (viewer("bruno").person, sheet.id)
    direct = decisions(decided(CAREFUL))[0]
    assert (direct.signed_by, direct.sheet) == (None, None)


@pytest.mark.parametrize("name", ["bruno", "helena", "nadia", "tomas"])
def test_only_the_signer_says_whether_they_decided(name: str) -> None:
    """Not who recorded it, not somebody above or below."""
    case = advised(CAREFUL)
    both_refused(viewer(name), record(case), "not_the_signer")


def test_a_successor_says_nothing() -> None:
    """Whoever comes after in the post has signed nothing, and cannot know."""
    case = advised(CAREFUL)
    key = record(case)
    emptied("head-of-mission")
    successor = seated(Person.objects.get(username="stranger"), "head-of-mission", NOW)
    both_refused(successor, key, "not_the_signer")
    with viewing(successor):
        waits = [i.kind for items in desk(successor, NOW).values() for i in items]
    assert waits == ["unconfirmed"]


def test_acting_cover_says_nothing() -> None:
    """Nor does whoever covers the post while its holder is away."""
    case = advised(CAREFUL)
    key = record(case)
    cover = seated(Person.objects.get(username="stranger"), "head-of-mission", NOW, acting=True)
    both_refused(cover, key, "not_the_signer")
    confirm_decision(by=viewer("samir"), now=NOW, decision=key)


def test_the_signer_says_so_from_another_post() -> None:
    """Moved on since, they are still the one who knows: it waits on their desk there."""
    case = advised(CAREFUL)
    key = record(case)
    emptied("head-of-mission")
    moved = seated(Person.objects.get(username="samir"), "director-human-rights", NOW)
    with viewing(moved):
        assert "confirm" in [i.kind for i in desk(moved, NOW)["decide"]]
    confirm_decision(by=moved, now=NOW, decision=key)
    kept = decisions(case)[0]
    assert kept.confirmed_by is not None
    assert kept.confirmed_by.post_id == post("director-human-rights")


def test_cover_that_signed_is_named() -> None:
    """The sheet bears the cover's signature: theirs is the word, not the holder's."""
    case = advised(CAREFUL)
    cover = seated(Person.objects.get(username="stranger"), "head-of-mission", NOW, acting=True)
    held = Holding.objects.get(person=cover.person).id
    key = record(case, on_behalf=replace(sheet(), holding=held))
    assert decisions(case)[0].signed_by_id == held
    both_refused(viewer("samir"), key, "not_the_signer")
    confirm_decision(by=cover, now=NOW, decision=key)


def test_who_signed_sits_in_that_post() -> None:
    """A holding of another post, or one that has ended, has signed nothing here."""
    case = advised(CAREFUL)
    with viewing(viewer("bruno")):
        other = Holding.objects.get(post=post("deputy-head-of-mission")).id
    with refused("vacant"):
        record(case, on_behalf=replace(sheet(), holding=other))


class TestRecorder:
    """SETTLED 14 holds for the hand that records, beside the one that signs."""

    def test_not_what_their_post_proposed(self) -> None:
        """The chief of staff who covered the proposer's post last week records no yes for it."""
        case = advised(CAREFUL)
        held("bruno", "police-training-officer", NOW - 9 * DAY, NOW - 2 * DAY)
        with refused("own_case"):
            record(case)

    def test_after_ninety_days_again(self) -> None:
        """The control: what lies further back does not count."""
        case = advised(CAREFUL)
        held("bruno", "police-training-officer", NOW - 120 * DAY, NOW - 91 * DAY)
        record(case)

    def test_not_what_they_assessed(self) -> None:
        """Nor what they assessed while they covered that post."""
        case = proposed()
        stranger = Person.objects.get(username="stranger")
        cover = seated(stranger, "due-diligence-officer", acting=True)
        assess(by=cover, now=NOW, activity=case.activity, answers=reasoned(CAREFUL))
        advise(
            by=viewer("aminata"), now=NOW, activity=case.activity, position="support", words="Yes."
        )
        recorder = seated(stranger, "chief-of-staff", acting=True)
        decision = yes(on_behalf=sheet())
        with refused("assessor"):
            decide(by=recorder, now=NOW, activity=case.activity, decision=decision)

    def test_not_what_they_signed(self) -> None:
        """Covering the head of mission, the chief of staff decides there or leaves it alone."""
        case = advised(CAREFUL)
        held("bruno", "head-of-mission", NOW - DAY)
        own = Holding.objects.get(post=post("head-of-mission"), acting=True).id
        with refused("own_signature"):
            record(case, on_behalf=replace(sheet(), holding=own))
        emptied("head-of-mission")
        held("bruno", "head-of-mission", NOW)
        with refused("own_signature"):
            record(case)


class TestDisown:
    """“I did not decide this.”"""

    def totals(self, now: datetime = NOW) -> tuple[int, int]:
        leader = viewer("samir", now)
        with viewing(leader):
            found = leadership(leader, now).totals
        return found.unconfirmed, found.disowned

    def test_a_go_is_struck(self) -> None:
        """It ends at once, the case waits for a decision, and nothing written is rewritten."""
        case = met(advised_and_recorded())
        (before,) = decisions(case)
        now = NOW + DAY
        assert lifecycle.lease_is_live(state(case, now), now)
        key = disown_decision(by=viewer("samir"), now=now, decision=before.id, words="Not mine.")
        assert stage(case) == "assessed"
        assert row(case).lease_end == now
        struck, made = decisions(case)
        unchanging = ("at", "choice", "approved_until", "confirmed", "sheet_id", "salt")
        for name in (*unchanging, "by_id", "post_id", "signed_by_id", "confirm_by"):
            assert getattr(struck, name) == getattr(before, name), name
        assert struck.lease_ended == now
        assert (made.id, made.kind, made.supersedes_id) == (key, "disowned", struck.id)
        assert made.by.person_id == viewer("samir").person
        assert lines(case.activity)[-1] == "disown"
        assert self.totals() == (0, 1)

    def test_nothing_more_is_delivered(self) -> None:
        """What is given all the same is a breach; what was given before stays as it is."""
        case = met(advised_and_recorded())
        gift = NewDelivery(case.line, "Course held")
        early = deliver(by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift)
        assert stage(case) == "under_way"
        now = NOW + DAY
        disown_decision(by=viewer("samir"), now=now, decision=decisions(case)[0].id)
        with refused("wrong_stage"):
            deliver(by=viewer("nadia"), now=now, activity=case.activity, delivery=gift)
        late = record_delivery(
            by=viewer("nadia"), now=now, activity=case.activity, delivery=gift, happened=now
        )
        assert (delivered(early).breach, delivered(late).breach) == ("", "after_end")
        assert delivered(late).answer_post_id == post("head-of-mission")

    @pytest.mark.parametrize("choice", [Choice.NO, Choice.NOT_NOW])
    def test_a_no_is_struck_too(self, choice: Choice) -> None:
        """A forged no is no more than a forged yes: the case waits for its decision."""
        case = advised(CAREFUL)
        key = record(case, choice=choice, until=None, review_by=NOW + 30 * DAY)
        disown_decision(by=viewer("samir"), now=NOW + DAY, decision=key)
        assert (stage(case), row(case).lease_end) == ("assessed", None)
        deputy = viewer("helena")
        with viewing(deputy):
            (waits,) = [i for i in desk(deputy, NOW + DAY)["decide"] if i.case == case.activity]
        # A day that a struck “not now” promised is nobody's promise.
        assert (waits.kind, waits.due) == ("decide", NOW + timedelta(days=5))

    def test_the_leader_decides_then(self) -> None:
        """Struck, and decided by the one whose decision it was; a suspension is no hindrance."""
        case = advised_and_recorded()
        suspend(by=viewer("jonas"), now=NOW + DAY, activity=case.activity, words="Wait.")
        disown_decision(by=viewer("samir"), now=NOW + 2 * DAY, decision=decisions(case)[0].id)
        later = NOW + 3 * DAY
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=yes(later))
        assert stage(case) == "decided"
        assert lifecycle.lease_is_live(state(case, later), later)

    def test_what_was_settled_since_stays(self) -> None:
        """A struck “not now” does not undo the yes that the leader gave in person later."""
        case = advised(CAREFUL)
        key = record(case, choice=Choice.NOT_NOW, until=None)
        later = NOW + DAY
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=yes(later))
        end = row(case).lease_end
        disown_decision(by=viewer("samir"), now=later + DAY, decision=key)
        assert (stage(case), row(case).lease_end) == ("decided", end)
        assert [each.kind for each in decisions(case)] == ["decide", "decide", "disowned"]

    def test_what_has_run_out_stays_run_out(self) -> None:
        """Disowned after the lapse: on record and counted, and no stage moves."""
        case = advised_and_recorded()
        end = row(case).lease_end
        assert end is not None
        lapse(by=door.clock(), now=end, activity=case.activity)
        disown_decision(by=viewer("samir", end), now=end + DAY, decision=decisions(case)[0].id)
        assert (stage(case), row(case).lease_end) == ("lapsed", end)
        assert self.totals() == (0, 1)

    def test_once_and_for_all(self) -> None:
        """Yes after no, no after yes, no twice: the first word stands."""
        one, other = advised_and_recorded(), advised_and_recorded()
        struck, kept = decisions(one)[0].id, decisions(other)[0].id
        disown_decision(by=viewer("samir"), now=NOW, decision=struck)
        both_refused(viewer("samir"), struck, "disowned")
        confirm_decision(by=viewer("samir"), now=NOW, decision=kept)
        both_refused(viewer("samir"), kept, "confirmed")

    def test_it_waits_no_more(self) -> None:
        """Struck, it waits for no confirmation and is not counted as unconfirmed."""
        case = advised_and_recorded()
        late = NOW + timedelta(hours=73)
        assert self.totals(late) == (1, 0)
        disown_decision(by=viewer("samir"), now=late, decision=decisions(case)[0].id)
        assert self.totals(late) == (0, 1)
        waits = waiting("samir", case)
        assert "decide" in waits and "confirm" not in waits

    def test_a_struck_decision_answers_nothing(self) -> None:
        """Law 2: what was broken before it waits for somebody's decision again."""
        case = on_short()
        (promise,) = [each for each in commitments(case) if each.timing == "during"]
        answer_commitment(
            by=viewer("tomas"), now=NOW + DAY, commitment=promise.id, answer="broken", words="Seen."
        )
        assert waiting("samir", case).count("decide_broken") == 1
        end = row(case).lease_end
        assert end is not None
        lapse(by=door.clock(), now=end, activity=case.activity)
        again = {"who_comes": "Thirty-six officers"}
        assess(by=viewer("tomas"), now=end, activity=case.activity, answers=again)
        advise(
            by=viewer("aminata"), now=end, activity=case.activity, position="support", words="So."
        )
        no = NewDecision(Choice.NO, "Signed: no.", "Not approved.", on_behalf=sheet())
        key = decide(by=viewer("bruno"), now=end, activity=case.activity, decision=no)
        assert "decide_broken" not in waiting("samir", case)
        disown_decision(by=viewer("samir"), now=end + DAY, decision=key)
        assert "decide_broken" in waiting("samir", case)


def advised_and_recorded() -> Case:
    """Bruno has recorded a yes that bears Samir's name."""
    case = advised(CAREFUL)
    record(case)
    return case


def state(case: Case, now: datetime) -> lifecycle.CaseState:
    with viewing(door.clock()):
        return facts.case_state(door.clock(), row(case), now)


def test_unconfirmed_is_counted_and_escalated() -> None:
    """After 72 hours the leadership's page counts it, and the reminders go up as for everything."""
    case = advised_and_recorded()
    leader = viewer("samir")
    for hours, count in ((72, 0), (73, 1)):
        with viewing(leader):
            assert leadership(leader, NOW + timedelta(hours=hours)).totals.unconfirmed == count
    tick(by=door.clock(), now=NOW + timedelta(days=20))
    with viewing(door.clock()):
        steps = Reminder.objects.filter(about=decisions(case)[0].id, what="confirm")
        assert set(steps.values_list("step", flat=True)) == {0, 1, 2}


def test_the_recorder_does_not_decide() -> None:
    """Without a sheet the chief of staff decides nothing."""
    case = advised(CAREFUL)
    with refused("not_your_move"):
        decide(by=viewer("bruno"), now=NOW, activity=case.activity, decision=yes())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_kind"),
        (b"MZ\x90\x00", "sheet_kind"),
        (b"<html>", "sheet_kind"),
        (b" %PDF-1.7", "sheet_kind"),
        (PNG[:4], "sheet_kind"),
        (b"%PDF-" + b"0" * LARGEST, "sheet_large"),
    ],
)
def test_the_sheet_is_what_its_first_bytes_say(content: bytes, code: str) -> None:
    """Whatever its name, a file that is no PDF, JPEG or PNG, or too large, is not taken."""
    case = advised(CAREFUL)
    with refused(code):
        record(case, on_behalf=sheet(content=content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (PNG, "image/png")],
)
def test_the_kinds_that_are_taken(content: bytes, kind: str) -> None:
    """A scan or a photograph of the sheet will do."""
    case = advised(CAREFUL)
    record(case, on_behalf=sheet(content=content))
    with viewing(viewer("bruno")):
        assert File.objects.get(case=case.activity).media_type == kind


def test_a_sheet_needs_a_name() -> None:
    """Refused at the last step, nothing of the decision is left."""
    case = advised(CAREFUL)
    with refused("no_name"):
        record(case, on_behalf=replace(sheet(), name=" "))


@pytest.mark.parametrize("code", ["director-human-rights", "police-chief-of-staff"])
def test_a_vacant_post_has_signed_nothing(code: str) -> None:
    """Nobody holds the post that is said to have signed."""
    case = advised(CAREFUL)
    with refused("vacant"):
        record(case, on_behalf=sheet(code))


def test_the_leaders_authority_counts_not_the_recorders() -> None:
    """A sheet signed by the head of office does not decide at high stakes."""
    case = advised(CAREFUL)
    with refused("not_your_move"):
        record(case, on_behalf=sheet("head-of-office-kodwel"))
    record(case, on_behalf=sheet("deputy-head-of-mission"))
    assert decisions(case)[0].post_id == post("deputy-head-of-mission")


def test_a_hard_stop_stands_on_paper_too() -> None:
    """A signature does not pass what nobody may pass."""
    case = advised(GRAVE)
    with refused("hard_stop"):
        record(case)


def test_own_case_on_paper_too() -> None:
    """Law 3: what a leader may not decide signed in, they may not decide on paper."""
    case = advised(CAREFUL)
    held("samir", "police-training-officer", NOW - 5 * DAY, NOW)
    with refused("own_case"):
        record(case)


def test_the_same_follows_as_from_a_decision_signed_in() -> None:
    """Laws 1 and 2: looks, commitments and the lease do not depend on who typed it in."""
    typed, signed = advised(BUILDING), advised(BUILDING)
    decide(by=viewer("samir"), now=NOW, activity=typed.activity, decision=yes())
    record(signed)
    assert [each.due for each in looks(signed)] == [each.due for each in looks(typed)]
    assert [each.code for each in commitments(signed)] == [each.code for each in commitments(typed)]
    assert row(signed).lease_end == row(typed).lease_end == LEASE_END


def test_unconfirmed_waits_on_the_leaders_desk() -> None:
    """Until confirmed it is due from the leader's post, and then no more."""
    case = advised(CAREFUL)
    key = record(case)
    assert "confirm" in waiting("samir", case)
    with viewing(door.clock()):
        (item,) = [i for i in due_items(door.clock(), NOW) if i.kind == "confirm"]
    assert (item.post, item.due) == (post("head-of-mission"), NOW + timedelta(hours=72))
    confirm_decision(by=viewer("samir"), now=NOW, decision=key)
    assert "confirm" not in waiting("samir", case)


def test_confirmed_once() -> None:
    """The second confirmation, or one of a decision signed in, is refused."""
    case = advised(CAREFUL)
    key = record(case)
    confirm_decision(by=viewer("samir"), now=NOW, decision=key)
    with refused("confirmed"):
        confirm_decision(by=viewer("samir"), now=NOW, decision=key)
    direct = decisions(decided(CAREFUL))[0]
    with refused("confirmed"):
        confirm_decision(by=viewer("samir"), now=NOW, decision=direct.id)


def test_what_one_may_not_see_is_not_there() -> None:
    """A decision on a sealed activity does not exist for others, to confirm or otherwise."""
    case = advised(CAREFUL, seal="decider")
    key = record(case)
    with pytest.raises(NotThere):
        confirm_decision(by=viewer("ines"), now=NOW, decision=key)


def test_a_no_on_paper_is_as_short() -> None:
    """A no signed on paper is recorded like a go."""
    case = advised(CAREFUL)
    no = NewDecision(Choice.NO, "Signed: no.", "Not approved.", on_behalf=sheet())
    decide(by=viewer("bruno"), now=NOW, activity=case.activity, decision=no)
    assert stage(case) == "not_done"
