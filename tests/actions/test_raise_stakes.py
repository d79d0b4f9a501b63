"""A case goes one step higher, by lot or because somebody asked; which, nobody below can tell."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.conf import LazySettings

from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.raise_stakes import raise_stakes
from primum.cases.facts import stakes_of
from primum.cases.models import Entry, Note, Raised
from primum.cases.queries.activity import activity_page
from primum.cases.queries.due import desk
from primum.core.vocabulary import Stakes
from primum.people.sight import viewing
from primum.protocols import mission as folder
from tests import builders
from tests.builders import Case, advised, assessed, on_record, proposed, reasoned, yes
from tests.builders_sealed import CLOCK, LOW, client_of, undone
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
WHY = "A source of ours would be known by it."


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def lot(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr("primum.actions.raise_stakes.randbelow", lambda _below: number)


def ordinary() -> Case:
    """A small case of a party with a clean record: the head of office decides."""
    case = proposed(answers=dict(LOW))
    on_record(case)
    assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=reasoned(dict(LOW)))
    return case


def stakes(case: Case, name: str = "samir") -> Stakes:
    with viewing(viewer(name)):
        return stakes_of(case.activity)


def raised_by_hand(case: Case) -> Case:
    raise_stakes(by=viewer("aminata"), now=NOW, activity=case.activity, words=WHY)
    return case


def page_of(case: Case, name: str) -> str:
    client = client_of(viewer(name))
    return client.get(f"/activities/{case.activity}/").content.decode()


class TestRaise:
    def test_it_works(self) -> None:
        case = ordinary()
        assert stakes(case) is Stakes.ORDINARY
        raised_by_hand(case)
        assert stakes(case) is Stakes.HIGH

    def test_the_decision_lands_one_desk_higher(self) -> None:
        case = ordinary()
        adviser = viewer("aminata")
        advise(by=adviser, now=NOW, activity=case.activity, position="support", words="Yes.")
        for name, before, after in (("jonas", True, False), ("helena", False, True)):
            assert (case.activity in on_desk(name)) is before
            with undone():
                raised_by_hand(case)
                assert (case.activity in on_desk(name)) is after

    def test_whoever_decided_before_decides_no_more(self) -> None:
        case = advised(dict(LOW))
        raised_by_hand(case)
        with builders.refused("not_your_move"):
            decide(by=viewer("jonas"), now=NOW, activity=case.activity, decision=yes())

    def test_before_the_assessment_too(self) -> None:
        case = proposed(answers=dict(LOW))
        on_record(case)
        raised_by_hand(case)
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=reasoned(dict(LOW)))
        assert stakes(case) is Stakes.HIGH

    def test_twice_is_still_one_step(self) -> None:
        """The second reason is kept beside the first."""
        case = raised_by_hand(raised_by_hand(ordinary()))
        assert stakes(case) is Stakes.HIGH
        with viewing(viewer("aminata")):
            assert Note.objects.filter(case=case.activity, kind="raise_stakes").count() == 2
            assert Raised.objects.count() == 1

    def test_nothing_is_above_the_leadership(self) -> None:
        case = raised_by_hand(assessed(builders.GRAVE))
        assert stakes(case) is Stakes.LEADERSHIP

    def test_what_is_decided_is_not_raised(self) -> None:
        case = builders.decided(builders.CAREFUL)
        with builders.refused("decided"):
            raised_by_hand(case)

    def test_not_without_reasons(self) -> None:
        case = ordinary()
        with builders.refused("no_reasons"):
            raise_stakes(by=viewer("aminata"), now=NOW, activity=case.activity, words=" ")

    @pytest.mark.parametrize("name", sorted({*NAMES} - {"aminata"}))
    def test_nobody_else(self, name: str) -> None:
        case = proposed()
        with pytest.raises(NotThere):
            raise_stakes(by=viewer(name), now=NOW, activity=case.activity, words=WHY)
        answer = client_of(viewer(name)).post(f"/activities/{case.activity}/raise/", {"words": WHY})
        assert answer.status_code == 404

    def test_from_the_page(self) -> None:
        case = ordinary()
        client = client_of(viewer("aminata"))
        address = f"/activities/{case.activity}/raise/"
        assert address in page_of(case, "aminata")
        assert client.post(address, {"words": WHY}).status_code == 302
        assert WHY in page_of(case, "aminata")
        assert stakes(case) is Stakes.HIGH


class TestItTellsNothing:
    def test_why_is_read_by_that_post_alone(self) -> None:
        case = raised_by_hand(ordinary())
        for name in sorted({*NAMES} - {"aminata"}):
            with viewing(viewer(name)):
                assert not Note.objects.filter(case=case.activity, kind="raise_stakes").exists()
                verbs = Entry.objects.filter(case=case.activity).values_list("verb", flat=True)
                assert "raise_stakes" not in verbs, name
            assert WHY not in page_of(case, name)

    @pytest.mark.parametrize("name", ["samir", "helena", "jonas", "bruno", "tomas"])
    def test_by_lot_and_by_hand_read_alike(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who assesses and decides reads that it was raised, and the same words either way."""
        by_hand = raised_by_hand(ordinary())
        lot(monkeypatch, 0)
        by_lot = ordinary()
        pages = []
        for case in (by_hand, by_lot):
            with viewing(viewer(name)):
                found = activity_page(viewer(name), case.activity, NOW)
            assert found is not None and found.raised is not None
            assert found.raised.raised
            verbs = sorted(line.verb for line in found.timeline)
            pages.append((found.raised, found.stakes, verbs))
        assert pages[0] == pages[1]

    @pytest.mark.parametrize("name", ["nadia", "ines", "lena", "eva"])
    def test_to_others_nothing_shows(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """The proposer, partners and the auditor read the same page, raised or not."""
        case = ordinary()
        before = page_of(case, name)
        raised_by_hand(case)
        after = page_of(case, name)
        assert "one step higher" not in after
        assert len(before) == len(after)
        with viewing(viewer(name)):
            assert not Raised.objects.exists()


class TestLot:
    @pytest.mark.parametrize(("number", "falls"), [(0, True), (4, True), (5, False), (99, False)])
    def test_a_stated_share(
        self, number: int, falls: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Five of a hundred, in the invented mission."""
        lot(monkeypatch, number)
        assert stakes(ordinary()) is (Stakes.HIGH if falls else Stakes.ORDINARY)

    def test_assessing_again_draws_no_second_lot(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Else one would assess until it falls well."""
        case = ordinary()
        lot(monkeypatch, 0)
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=reasoned(dict(LOW)))
        assert stakes(case) is Stakes.ORDINARY
        drawn = ordinary()
        lot(monkeypatch, 99)
        assess(by=viewer("tomas"), now=NOW, activity=drawn.activity, answers=reasoned(dict(LOW)))
        assert stakes(drawn) is Stakes.HIGH

    def test_a_mission_states_its_share(self) -> None:
        assert folder.read("unisar").raised_share == 5


def on_desk(name: str) -> set[UUID]:
    with viewing(viewer(name)):
        return {item.case for item in desk(viewer(name), NOW)["decide"]}
