"""Each line says where it stands, and each step what it brings and by which day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.conf import LazySettings
from django.urls import reverse

from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.finish import finish
from primum.actions.propose import NewLine
from primum.actions.stop import suspend, withdraw
from primum.actions.tick import tick
from primum.cases.models import Line
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    LEASE_END,
    Case,
    advised,
    assessed,
    decided,
    met,
    party,
    proposed,
    under_way,
)
from tests.builders_sealed import CLOCK, client_of, moved_to
from tests.cast import NOW, viewer
from tests.web.forms import forms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def html(name: str, case: Case, now: datetime = NOW, page: str = "activity") -> str:
    with moved_to(now):
        answer = client_of(viewer(name, now)).get(reverse(page, args=[case.activity]))
    assert answer.status_code == 200
    return answer.content.decode()


def states(name: str, case: Case, now: datetime = NOW) -> list[str]:
    """What the page says of each line, in their order; what is wrong with one is marked."""
    found = re.findall(r'<span class="state( over)?">(.*?)</span>', html(name, case, now))
    return [unescape(says) + (" !" if wrong else "") for wrong, says in found]


def then(name: str, case: Case, verb: str, now: datetime = NOW) -> str:
    """What the page says a step brings."""
    text = html(name, case, now)
    (says,) = re.findall(rf'<span id="then-{verb}">(.*?)</span>', text)
    assert f'aria-describedby="then-{verb}"' in text
    return unescape(says)


def _suspended() -> Case:
    case = met(decided(CAREFUL))
    suspend(by=viewer("jonas"), now=NOW, activity=case.activity, words="A shot.")
    return case


def _withdrawn() -> Case:
    case = decided(CAREFUL)
    withdraw(by=viewer("samir"), now=NOW, activity=case.activity, words="No.")
    return case


def _twice() -> Case:
    case = under_way()
    wish = NewDelivery(case.line, "The second course")
    deliver(by=viewer("nadia"), now=NOW + 2 * DAY, activity=case.activity, delivery=wish)
    return case


def _breach() -> Case:
    case = proposed()
    wish = NewDelivery(case.line, "Paper")
    record_delivery(
        by=viewer("nadia"), now=NOW, activity=case.activity, delivery=wish, happened=NOW - DAY
    )
    return case


@pytest.mark.parametrize(
    ("build", "days", "says"),
    [
        (proposed, 0, "waits for a decision"),
        (lambda: advised(CAREFUL), 0, "waits for a decision"),
        (lambda: decided(CAREFUL), 0, "approved until 1 May 2026, nothing delivered"),
        (lambda: decided(CAREFUL), 61, "approval ended, nothing delivered"),
        (under_way, 0, "delivered on 2 March 2026"),
        (_twice, 2, "delivered 2 times, last on 4 March 2026"),
        (_breach, 0, "delivered beyond the approval, last on 1 March 2026 !"),
        (_suspended, 0, "suspended, nothing delivered"),
        (_withdrawn, 0, "will not be delivered"),
    ],
)
def test_a_line_says_where_it_stands(build: Callable[[], Case], days: int, says: str) -> None:
    """In words, at every stage; whoever sees the case reads the same."""
    case, now = build(), NOW + timedelta(days=days)
    for name in ("nadia", "tomas", "samir", "lena"):
        assert states(name, case, now) == [says], name


def test_each_line_has_a_state_of_its_own() -> None:
    """One was delivered, the other was not."""
    unit = party("A second unit")
    wanted = (
        NewLine(unit, "training_advisory", "Course", "", 9000, 36),
        NewLine(unit, "training_advisory", "Second course", "", 900, 3),
    )
    case = met(decided(CAREFUL, lines=wanted))
    with viewing(viewer("nadia")):
        first = Line.objects.get(activity=case.activity, number=1)
    wish = NewDelivery(first.id, "Held")
    deliver(by=viewer("nadia"), now=NOW, activity=case.activity, delivery=wish)
    assert states("nadia", case) == [
        "delivered on 2 March 2026",
        "approved until 1 May 2026, nothing delivered",
    ]


class TestThen:
    """The consequence of each step, with its day."""

    def test_assess(self) -> None:
        assert then("tomas", proposed(), "assess") == (
            "Advice then falls due by 7 March 2026, a decision by 9 March 2026."
        )

    def test_advise(self) -> None:
        said = then("aminata", assessed(CAREFUL), "advise", NOW + 3 * DAY)
        assert said == "The decision falls due by 9 March 2026."

    def test_decide(self) -> None:
        """Until when at most, and what falls due; an unannounced look tells its month alone."""
        said = then("samir", advised(BUILDING), "decide")
        assert re.fullmatch(
            r"A yes opens an approval until 31 May 2026 at most\. Looks due before it ends:"
            r" \d of \d+, the first: April 2026\. Commitments proposed: \d+\.",
            said,
        ), said

    def test_decide_with_a_day_named(self) -> None:
        """On the form itself: at most, and once a day was named, until that day."""
        case = advised(CAREFUL)
        client, address = client_of(viewer("samir")), reverse("decide", args=[case.activity])
        (form,) = forms(client.get(address).content.decode())
        assert "at most" in html("samir", case, page="decide")
        said = {**form.sent(), "choice": "go", "until": "2026-04-20"}
        answer = client.post(address, said).content.decode()
        says = r"until 20 April 2026\. Looks due before it ends: 1 of \d, the first: April 2026\."
        assert re.search(says, answer)
        answer = client.post(address, {**said, "until": "2026-03-20"}).content.decode()
        assert "until 20 March 2026. Looks due before it ends: 0 of" in answer

    def test_deliver(self) -> None:
        """While it lasts, and after it has ended."""
        case = decided(CAREFUL)
        assert then("nadia", case, "deliver") == (
            "The approval covers deliveries until 1 May 2026, 00:00 UTC."
        )
        tick(by=door.clock(), now=LEASE_END)
        assert then("nadia", case, "deliver", LEASE_END) == (
            "The approval ended on 1 May 2026, 00:00 UTC."
        )

    def test_deliver_before_any_approval(self) -> None:
        """There is no day to name yet."""
        assert then("nadia", proposed(), "deliver") == ""

    def test_suspend_and_resume(self) -> None:
        case = decided(CAREFUL)
        assert then("jonas", case, "suspend") == (
            "The approval still ends on 1 May 2026: stopping does not stretch it."
        )
        suspend(by=viewer("jonas"), now=NOW, activity=case.activity, words="A shot.")
        assert then("samir", case, "resume") == (
            "The approval covers deliveries until 1 May 2026, 00:00 UTC."
        )

    @pytest.mark.parametrize(("verb", "who"), [("withdraw", "samir"), ("finish", "nadia")])
    def test_what_is_still_owed_after_the_end(self, verb: str, who: str) -> None:
        """Looks go on after the last delivery; how many and until when is told to all."""
        said = then(who, under_way(), verb)
        assert re.search(r"Looks and commitments still owed: \d+, the last: \w+ 20\d\d\.", said)
        assert ("It is watched until" in said) is (verb == "finish")

    def test_close(self) -> None:
        """Before the button is pressed it is said what stands against it."""
        case = under_way()
        finish(by=viewer("nadia"), now=NOW, activity=case.activity)
        assert then("nadia", case, "close").startswith("Looks and commitments still owed: ")

    def test_the_requester_reads_nothing_of_the_ruling(self) -> None:
        """What a yes would open is for those who may say it."""
        case = advised(CAREFUL)
        assert "A yes opens an approval" not in html("nadia", case)
