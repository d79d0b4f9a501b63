"""The agenda of the leadership becomes its minutes: written once, of what each may read."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, transaction

from primum.actions.answer_commitment import answer_commitment
from primum.actions.base import NotThere
from primum.actions.hold_meeting import NewItem, hold_meeting
from primum.actions.stop import suspend
from primum.cases.models import Commitment, Decision, Entry, Meeting, MeetingItem
from primum.cases.queries.meetings import agenda, meetings, minutes
from primum.people.sight import viewing
from tests import builders
from tests.builders import CAREFUL, DAY, advised, decided, on_short, party
from tests.builders_sealed import CLOCK, client_of, raised, report
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
WORDS = "The fuel stops until the register is shown to us."


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def held(*items: NewItem, by: str = "samir", **more: object) -> UUID:
    return hold_meeting(by=viewer(by), now=NOW, items=items, **more)  # type: ignore[arg-type]


def about(case: UUID, kind: str = "activity", **more: object) -> NewItem:
    fields: dict[str, object] = {"words": WORDS, "case_kind": kind, "case": case, **more}
    return NewItem("decide", "The Kodwel detachment", **fields)  # type: ignore[arg-type]


def read(key: UUID, name: str) -> list[str]:
    """The words of the minutes that this person reads."""
    with viewing(viewer(name)):
        found = minutes(viewer(name), key)
    return [item.words for item in found.items] if found else []


def broken() -> UUID:
    case = on_short()
    with viewing(viewer("tomas")):
        first = Commitment.objects.filter(activity=case.activity).order_by("due")[0]
    answer_commitment(
        by=viewer("tomas"), now=NOW, commitment=first.id, answer="broken", words="Seen."
    )
    return case.activity


class TestHold:
    def test_it_works(self) -> None:
        """An item names the decision that was taken, by the ordinary step."""
        case = decided(CAREFUL)
        taken = suspend(by=viewer("samir"), now=NOW, activity=case.activity, words="Until seen.")
        key = held(about(case.activity, decision=taken), NewItem("by_hand", "Rations", "Enough."))
        with viewing(viewer("helena")):
            found = minutes(viewer("helena"), key)
            assert meetings(viewer("helena")) == ((key, NOW),)
        assert found is not None
        first, second = found.items
        assert (first.number, first.words, first.case) == (1, WORDS, case.activity)
        assert first.decision is not None and first.decision.word == "suspend"
        assert (second.number, second.kind, second.title) == (2, "by_hand", "Rations")

    @pytest.mark.parametrize("name", sorted({*NAMES} - {"samir", "helena", "bruno"}))
    def test_nobody_else_minutes(self, name: str) -> None:
        with pytest.raises(NotThere):
            held(NewItem("by_hand", "Rations"), by=name)

    def test_not_without_an_item(self) -> None:
        with builders.refused("no_items"):
            held()

    def test_not_without_a_title(self) -> None:
        with builders.refused("no_title"):
            held(NewItem("by_hand", " ", "Said."))

    def test_a_decision_of_another_case_is_none_of_it(self) -> None:
        case, other = decided(CAREFUL), decided(CAREFUL)
        with viewing(viewer("samir")):
            taken = Decision.objects.get(activity=other.activity).id
        with pytest.raises(NotThere):
            held(about(case.activity, decision=taken))

    def test_what_one_may_not_see_is_not_minuted(self) -> None:
        """Bruno reads no report of harm, so he cannot point at one."""
        harm = report(party())
        with pytest.raises(NotThere):
            held(about(harm, "report"), by="bruno")

    def test_sent_twice_it_is_held_once(self) -> None:
        one = held(NewItem("by_hand", "Rations"), key="k")
        assert held(NewItem("by_hand", "Rations"), key="k") == one
        with viewing(viewer("samir")):
            assert Meeting.objects.count() == 1

    def test_each_case_gets_a_line(self) -> None:
        case = decided(CAREFUL)
        key = held(about(case.activity), NewItem("by_hand", "Rations"))
        with viewing(viewer("samir")):
            lines = Entry.objects.filter(verb__in=("minute", "meet")).order_by("verb")
            found = list(lines.values_list("case", "verb", "record_kind"))
            assert found == [
                (viewer("samir").post, "meet", "meeting"),
                (case.activity, "minute", "meetingitem"),
            ]
            assert Entry.objects.filter(verb="meet").values_list("record", flat=True)[0] == key


class TestOnce:
    def test_minutes_are_not_edited(self) -> None:
        """No column of them, by nobody, whatever slips into a statement."""
        held(NewItem("by_hand", "Rations", "Enough."))
        for model, column in ((MeetingItem, "words"), (MeetingItem, "title"), (Meeting, "at")):
            with viewing(viewer("samir")), pytest.raises(DatabaseError), transaction.atomic():
                model._default_manager.update(**{column: NOW if column == "at" else "otherwise"})

    def test_they_are_superseded(self) -> None:
        """The newer ones stand; the former are still to be read, and say so."""
        former = held(NewItem("by_hand", "Rations", "Enough."))
        newer = held(NewItem("by_hand", "Rations", "Too few."), supersedes=former)
        with viewing(viewer("samir")):
            assert [key for key, _at in meetings(viewer("samir"))] == [newer]
            found = minutes(viewer("samir"), former)
        assert found is not None and found.superseded_by == newer
        assert read(former, "samir") == ["Enough."]

    def test_and_only_once(self) -> None:
        former = held(NewItem("by_hand", "Rations"))
        held(NewItem("by_hand", "Rations"), supersedes=former)
        with builders.refused("superseded"):
            held(NewItem("by_hand", "Rations"), supersedes=former)


class TestSight:
    @pytest.mark.parametrize("name", NAMES)
    def test_who_reads_them(self, name: str) -> None:
        """Those who decide, and human rights; no proposer, partner or auditor."""
        key = held(NewItem("by_hand", "Rations", "Enough."))
        readers = {"samir", "helena", "bruno", "jonas", "tomas", "aminata", "ruth", "grace"}
        assert read(key, name) == (["Enough."] if name in readers else [])

    def test_an_item_about_a_report_follows_the_report(self) -> None:
        """Helena reads this report and its item; Bruno reads the rest of the same minutes."""
        harm = report(party(), seal="looks")
        key = held(about(harm, "report"), NewItem("by_hand", "Rations", "Enough."))
        assert read(key, "helena") == [WORDS, "Enough."]
        assert read(key, "bruno") == ["Enough."]

    def test_and_goes_on_following_it(self) -> None:
        """When the report's seal is raised after the meeting, the item goes with it."""
        harm = report(party(), seal="looks")
        key = held(about(harm, "report"))
        assert raised("report", harm, "secretariat")
        assert read(key, "helena") == []
        assert read(key, "tomas") == []

    def test_no_number_tells_how_many_are_left_out(self) -> None:
        """The page of the minutes lists what one reads, and says that there may be more."""
        key = held(NewItem("by_hand", "Rations", "Enough."))
        text = client_of(viewer("helena")).get(f"/leadership/meeting/{key}/").content.decode()
        assert "Items about what your post may not read are left out." in text


class TestAgenda:
    def test_the_hardest_first_and_each_case_once(self) -> None:
        waiting, promised = advised(CAREFUL), broken()
        lapsing = builders.under_way()
        soon = NOW + 54 * DAY
        with viewing(viewer("samir", soon)):
            found = agenda(viewer("samir", soon), soon)
        kinds = {item.case: item.kind for item in found}
        assert next(iter(kinds)) == promised
        assert kinds[promised] == "decide_broken"
        assert kinds[waiting.activity] == "decide"
        assert kinds[lapsing.activity] == "lapsing"
        assert len(found) == len(kinds)

    def test_harm_of_the_last_day_as_far_as_its_writer_reads_it(self) -> None:
        harm = report(builders.contingent())
        for name, there in (("tomas", True), ("bruno", False)):
            with viewing(viewer(name)):
                cases = {item.case for item in agenda(viewer(name), NOW)}
            assert (harm in cases) is there

    def test_decisions_taken_lately_are_offered(self) -> None:
        case = broken()
        later = NOW + timedelta(hours=1)
        suspend(by=viewer("samir"), now=later, activity=case, words="Until seen.")
        key = broken()
        with viewing(viewer("samir")):
            found = {item.case: item for item in agenda(viewer("samir"), later)}
        assert case not in found
        assert [choice.word for choice in found[key].decisions] == ["go_with_conditions"]


class TestPage:
    def test_the_agenda_is_a_form_and_becomes_the_minutes(self) -> None:
        case = broken()
        client = client_of(viewer("bruno"))
        text = client.get("/leadership/meeting/").content.decode()
        assert f'name="words-{case}"' in text
        once = re.search(r'name="once" value="([^"]+)"', text)
        form = {
            f"on-{case}": "yes",
            f"words-{case}": WORDS,
            "title-0": "Rations",
            "said-0": "Enough.\nFor a week.",
            "once": once[1] if once else "",
        }
        answer = client.post("/leadership/meeting/", form)
        assert answer.status_code == 302
        again = client.post("/leadership/meeting/", form)
        assert again["Location"] == answer["Location"]
        shown = client.get(answer["Location"]).content.decode()
        assert WORDS in shown
        assert "Enough.<br>For a week." in shown
        assert "Correct them with new minutes" in shown

    def test_what_was_not_spoken_of_is_left_out(self) -> None:
        case = broken()
        client = client_of(viewer("bruno"))
        form = {f"words-{case}": WORDS, "title-0": "Rations", "said-0": ""}
        shown = client.get(client.post("/leadership/meeting/", form)["Location"])
        assert WORDS not in shown.content.decode()

    def test_correcting_starts_from_what_was_written(self) -> None:
        key = held(NewItem("by_hand", "Rations", "Enough."))
        client = client_of(viewer("samir"))
        address = f"/leadership/meeting/?supersedes={key}"
        assert "Enough." in client.get(address).content.decode()
        form = {"supersedes": str(key), "title-0": "Rations", "said-0": "Too few."}
        newer = client.post("/leadership/meeting/", form)["Location"]
        assert "Too few." in client.get(newer).content.decode()
        former = client.get(f"/leadership/meeting/{key}/").content.decode()
        assert "These minutes were superseded." in former
        assert "Correct them" not in former

    def test_nothing_at_all_is_refused_in_words(self) -> None:
        answer = client_of(viewer("samir")).post("/leadership/meeting/", {})
        assert answer.status_code == 422
        assert "There is nothing on the agenda." in answer.content.decode()

    @pytest.mark.parametrize(("name", "status"), [("nadia", 404), ("lena", 200), ("tomas", 200)])
    def test_who_only_reads_gets_no_form(self, name: str, status: int) -> None:
        client = client_of(viewer(name))
        answer = client.get("/leadership/meeting/")
        assert answer.status_code == status
        assert b"<textarea" not in answer.content
        assert client.post("/leadership/meeting/", {"title-0": "x"}).status_code == 404
