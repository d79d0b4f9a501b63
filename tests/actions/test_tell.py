"""Words to a requester go once a second post has read them: could anyone work out who spoke?"""

from __future__ import annotations

from uuid import UUID

import pytest

from primum.actions.base import NotThere, Refused
from primum.actions.tell import check_told, rewrite_told
from primum.cases.models import Told
from primum.cases.queries.activity import activity_page
from primum.cases.queries.telling import to_read
from primum.people.sight import viewing
from tests.builders import CAREFUL, Case, decided, told
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

WORDS = "Approved until the date shown, with the conditions listed."


@pytest.fixture
def case() -> Case:
    return decided(CAREFUL)


def waiting(case: Case) -> UUID:
    """The one row that nobody has answered yet; rows of one moment have no order."""
    with viewing(viewer("aminata")):
        rows = Told.objects.filter(decision__activity=case.activity, state="waiting")
        return rows.get(answers=None).id


def shown_to(name: str, case: Case) -> list[str]:
    with viewing(viewer(name)):
        page = activity_page(viewer(name), case.activity, NOW)
    return [decision.told for decision in page.decisions] if page else []


def test_the_outcome_is_told_at_once_the_words_are_not(case: Case) -> None:
    assert shown_to("nadia", case) == [""]
    assert told(case, "nadia") == []
    with viewing(viewer("nadia")):
        page = activity_page(viewer("nadia"), case.activity, NOW)
    assert page is not None and page.decisions[0].until is not None


def test_passed_they_reach_the_requester(case: Case) -> None:
    check_told(by=viewer("aminata"), now=NOW, told=waiting(case), passes=True)
    assert shown_to("nadia", case) == [WORDS]
    assert shown_to("ines", case) == [WORDS]


def test_sent_back_and_written_anew_they_are_read_again(case: Case) -> None:
    """Only the remark goes back; the requester sees nothing of either."""
    back = check_told(
        by=viewer("ruth"), now=NOW, told=waiting(case), passes=False, words="One trader was there."
    )
    assert shown_to("nadia", case) == [""]
    with viewing(viewer("samir")):
        (line,) = to_read(viewer("samir"), NOW)
    assert (line.mine_to_write, line.remark, line.words) == (True, "One trader was there.", WORDS)
    rewrite_told(by=viewer("samir"), now=NOW, told=back, words="Approved until the date shown.")
    check_told(by=viewer("tomas"), now=NOW, told=waiting(case), passes=True)
    assert shown_to("nadia", case) == ["Approved until the date shown."]


@pytest.mark.parametrize("name", ["nadia", "ines", "karim", "eva", "lena", "peter"])
def test_to_others_there_is_nothing_to_read(case: Case, name: str) -> None:
    """Outside the circle of those who decide not even its existence shows."""
    with pytest.raises((NotThere, Refused)):
        check_told(by=viewer(name), now=NOW, told=waiting(case), passes=True)
    with viewing(viewer(name)):
        assert to_read(viewer(name), NOW) == ()


@pytest.mark.parametrize("name", ["jonas", "helena", "bruno", "samir"])
def test_those_who_decide_do_not_pass_it_on(case: Case, name: str) -> None:
    with pytest.raises(Refused):
        check_told(by=viewer(name), now=NOW, told=waiting(case), passes=True)


def test_sending_back_takes_words(case: Case) -> None:
    with pytest.raises(Refused, match="in your own words"):
        check_told(by=viewer("aminata"), now=NOW, told=waiting(case), passes=False, words=" ")


def test_nobody_answers_twice(case: Case) -> None:
    key = waiting(case)
    check_told(by=viewer("aminata"), now=NOW, told=key, passes=True)
    with pytest.raises(Refused, match="already"):
        check_told(by=viewer("tomas"), now=NOW, told=key, passes=True)


def test_who_reads_has_it_on_the_desk(case: Case) -> None:
    readers = set()
    for name in NAMES:
        with viewing(viewer(name)):
            if to_read(viewer(name), NOW):
                readers.add(name)
    assert readers == {"tomas", "aminata", "ruth"}
