"""A decision in part: some lines go, the others are left out, and nothing is delivered on them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.urls import reverse

from primum.actions.advise import advise
from primum.actions.assess import Beside, assess
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.propose import NewLine
from primum.actions.renew import ASKED, renew
from primum.cases.models import Decision, Delivery, Line
from primum.cases.queries.party import support_of
from primum.cases.sizes import sizes_of
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    Case,
    advised,
    everything,
    met,
    party,
    reasoned,
    refused,
    stage,
    unchanged,
    yes,
)
from tests.builders_sealed import CLOCK, client_of
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
CHANGED = dict.fromkeys(ASKED, "Nothing.")


def asked() -> tuple[Case, UUID, UUID]:
    """A course and a radio for the same unit: the case, and the keys of both lines."""
    unit = party()
    course = NewLine(unit, "training_advisory", "Course", "36 places", 9000, 36)
    radio = NewLine(unit, "training_advisory", "Radio", "1 set", 400)
    case = advised(CAREFUL, lines=(course, radio))
    with viewing(door.clock()):
        keys = dict(Line.objects.filter(activity=case.activity).values_list("what", "id"))
    return Case(case.activity, unit, keys["Course"]), keys["Course"], keys["Radio"]


def in_part(case: Case, *left: UUID, choice: Choice = Choice.IN_PART) -> UUID:
    wish = yes(choice=choice, left_out=left)
    return decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=wish)


def give(case: Case, line: UUID) -> UUID:
    wish = NewDelivery(line, "All of it")
    at = NOW + HOUR
    return deliver(by=viewer("nadia", at), now=at, activity=case.activity, delivery=wish)


def noted(case: Case, line: UUID, happened: datetime, now: datetime) -> str:
    """What a delivery of that moment is recorded as."""
    wish, who = NewDelivery(line, "All of it"), viewer("nadia", now)
    key = record_delivery(by=who, now=now, activity=case.activity, delivery=wish, happened=happened)
    with viewing(door.clock()):
        return Delivery.objects.get(id=key).breach


def test_what_is_left_out_is_not_delivered() -> None:
    """The other line goes; the line left out is refused, and nothing of it is written."""
    case, course, radio = asked()
    key = in_part(case, radio)
    met(case)
    assert stage(case) == "decided"
    with viewing(door.clock()):
        assert Decision.objects.get(id=key).left_out == [radio]
    with refused("left_out"):
        give(case, radio)
    give(case, course)
    assert stage(case) == "under_way"


def test_what_was_given_all_the_same_is_a_breach() -> None:
    """A delivery is a fact: it is recorded, by the decision that stood at its own moment."""
    case, course, radio = asked()
    in_part(case, radio)
    met(case)
    found = {line: noted(case, line, NOW + HOUR, NOW + DAY) for line in (course, radio)}
    assert found == {course: "", radio: "left_out"}


@pytest.mark.parametrize(
    ("choice", "left", "code"),
    [
        (Choice.IN_PART, "none", "which_lines"),
        (Choice.IN_PART, "all", "which_lines"),
        (Choice.IN_PART, "foreign", "which_lines"),
        (Choice.GO, "one", "lines_whole"),
        (Choice.GO_WITH_CONDITIONS, "one", "lines_whole"),
        (Choice.NO, "one", "lines_whole"),
        (Choice.NOT_NOW, "one", "lines_whole"),
    ],
)
def test_some_go_and_some_do_not(choice: Choice, left: str, code: str) -> None:
    """Neither none nor all, nor lines of another case; only this answer leaves lines out."""
    case, course, radio = asked()
    lines = {"none": (), "one": (radio,), "all": (course, radio), "foreign": (uuid4(),)}[left]
    with refused(code):
        in_part(case, *lines, choice=choice)


def test_the_next_decision_counts() -> None:
    """Renewed whole, the line goes from then on; what was given before stays what it was."""
    case, _course, radio = asked()
    in_part(case, radio)
    met(case)
    renew(by=viewer("nadia"), now=NOW + DAY, activity=case.activity, changed=CHANGED)
    answers = {**reasoned(CAREFUL), "assessment_kind": "review", "what_is_new": ["support_changed"]}
    whole = reasoned({**answers, "under_way": "no_information"})
    beside = Beside(still=tuple(whole))
    assess(by=viewer("tomas"), now=NOW + DAY, activity=case.activity, answers=whole, beside=beside)
    said = {"position": "support_with_conditions", "words": "Still so."}
    advise(by=viewer("aminata"), now=NOW + DAY, activity=case.activity, **said)
    at = NOW + 2 * DAY
    decide(by=viewer("samir", at), now=at, activity=case.activity, decision=yes(at))
    met(case, at)
    wish = NewDelivery(radio, "All of it")
    deliver(by=viewer("nadia", at), now=at + HOUR, activity=case.activity, delivery=wish)
    assert noted(case, radio, NOW + HOUR, at + HOUR) == "left_out"


def test_left_out_is_no_support_and_no_suspension() -> None:
    """On the party's page it never was support, and the stakes of what follows do not rise."""
    case, _course, radio = asked()
    in_part(case, radio)
    who = viewer("tomas")
    with viewing(who):
        support = support_of(who, case.party, 10, NOW + HOUR)
        assert {line.what: line.standing for line in support.lines} == {
            "Course": "approved",
            "Radio": "not_counted",
        }
        assert support.totals == {"approved": 9000, "not_counted": 400}
        size = sizes_of(who, [case.activity], NOW + HOUR)[case.activity]
    assert size.party_year_usd == 9000
    assert not size.suspended_lately


class TestPage:
    @pytest.fixture(autouse=True)
    def _clock(self, settings: LazySettings) -> None:
        settings.CLOCK = CLOCK

    def test_the_form_keeps_what_was_ticked(self) -> None:
        """Refused, it comes back with its ticks; sent whole, it is recorded and shown to all."""
        case, course, radio = asked()
        address = reverse("decide", args=[case.activity])
        client = client_of(viewer("samir"))
        assert 'value="in_part"' in client.get(address).content.decode()
        form = {
            "choice": "in_part",
            "words": "The radio could call in the wrong people.",
            "against_words": "The course itself lowers the risk.",
            "until": "2026-04-15",
            "left_out": [str(course), str(radio)],
        }
        before = everything()
        answer = client.post(address, form)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "say which lines are left out" in text
        for line in (course, radio):
            assert f'value="{line}" checked' in text
        unchanged(before)
        assert client.post(address, {**form, "left_out": [str(radio)]}).status_code == 302
        for name in ("nadia", "tomas"):
            page = client_of(viewer(name)).get(reverse("activity", args=[case.activity]))
            shown = page.content.decode()
            assert "Left out:" in shown
            assert "left out by the decision" in shown

    def test_one_line_has_no_part(self) -> None:
        case = advised(CAREFUL)
        page = client_of(viewer("samir")).get(reverse("decide", args=[case.activity]))
        assert "in_part" not in page.content.decode()
