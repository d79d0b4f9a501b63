"""The leadership's page at 07:00: mine first, the hardest first, and numbers that open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings

from primum.actions.answer_commitment import answer_commitment
from primum.cases.models import Commitment
from primum.cases.queries.leadership import Leadership, leadership
from primum.people.sight import viewing
from tests import builders
from tests.builders import CAREFUL, DAY, advised, decided, on_short
from tests.builders_sealed import CLOCK, client_of, report
from tests.cast import NOW, viewer
from tests.web.test_weight import LATER as LIGHT
from tests.web.test_weight import weight

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def page(name: str = "samir", now: object = NOW) -> Leadership:
    who = viewer(name)
    with viewing(who):
        return leadership(who, now)  # type: ignore[arg-type]


def broken() -> builders.Case:
    case = on_short()
    with viewing(viewer("tomas")):
        first = Commitment.objects.filter(activity=case.activity).order_by("due")[0]
    answer_commitment(
        by=viewer("tomas"), now=NOW, commitment=first.id, answer="broken", words="Seen."
    )
    return case


class TestMine:
    def test_what_this_reader_decides_stands_apart(self) -> None:
        """High stakes: Helena's to decide, so it is Samir's among those of others."""
        case = advised(CAREFUL)
        assert [item.case for item in page("helena").mine] == [case.activity]
        assert page("helena").decide == ()
        assert page("samir").mine == ()
        assert [item.case for item in page("samir").decide] == [case.activity]

    def test_the_hardest_first(self) -> None:
        """What is late; then what was broken; then what is asked."""
        small: dict[str, object] = {"who_comes": "Thirty-six officers"}
        late = advised(small, NOW - 30 * DAY, protocols=(builders.short(),))
        fresh, promised = advised(small, protocols=(builders.short(),)), broken()
        cases = [item.case for item in page("jonas").mine]
        assert cases == [late.activity, promised.activity, fresh.activity]

    def test_five_and_then_how_many_more(self) -> None:
        for _ in range(7):
            advised(CAREFUL)
        client = client_of(viewer("helena"))
        text = client.get("/leadership/").content.decode()
        mine = text.partition('id="mine"')[2].partition("<h2")[0]
        assert mine.count("<li>") == 5
        assert "and 2 more" in mine
        whole = client.get("/leadership/?all=mine").content.decode()
        assert whole.partition('id="mine"')[2].partition("<h2")[0].count("<li>") == 7


class TestHarm:
    def test_by_us_and_by_those_we_support(self) -> None:
        case = decided(CAREFUL)
        own = report(builders.contingent(), now=NOW - timedelta(hours=2))
        theirs = report(case.party, now=NOW - timedelta(hours=1))
        report(builders.party("Somebody else"), now=NOW)
        report(case.party, now=NOW - timedelta(hours=25))
        found = page("tomas").harm
        assert [(line.id, line.ours) for line in found] == [(theirs, False), (own, True)]

    def test_as_far_as_one_reads(self) -> None:
        report(decided(CAREFUL).party, now=NOW)
        assert page("helena").harm == ()
        assert len(page("aminata").harm) == 1


class TestNumbers:
    def test_at_most_twelve_and_those_without_data_are_not_drawn(self) -> None:
        codes = [number.code for number in page().numbers]
        assert len(codes) == 10
        assert not {"alert", "told_back", "trust"} & set(codes)

    def test_each_opens_its_list(self) -> None:
        decided(CAREFUL)
        client = client_of(viewer("samir"))
        text = client.get("/leadership/").content.decode()
        for number in page().numbers:
            if number.code not in ("orphaned", "languages"):
                address = f"/audit/{number.code}/"
                assert f'href="{address}"' in text
                assert client.get(address).status_code == 200

    def test_languages(self) -> None:
        """Grace speaks Arabic, which her post needs. Nobody sits there: nobody speaks it."""
        (spoken,) = [number for number in page().numbers if number.code == "languages"]
        assert (spoken.cell.hits, spoken.cell.whole) == (1, 1)
        builders.emptied("field-monitor-kodwel")
        (spoken,) = [number for number in page().numbers if number.code == "languages"]
        assert (spoken.cell.hits, spoken.cell.whole) == (0, 1)

    def test_the_longest_queue_a_head(self) -> None:
        for _ in range(2):
            builders.proposed()
        builders.assessed(CAREFUL)
        queues = page().queues
        assert [(each.name["en"], each.cell.whole) for each in queues] == [
            ("Due diligence officer", 2),
            ("Chief, due diligence secretariat", 1),
        ]

    @pytest.mark.parametrize("name", ["jonas", "bruno"])
    def test_who_may_not_read_the_audit_reads_the_totals(self, name: str) -> None:
        """No link to a page that is not there for them."""
        decided(CAREFUL)
        text = client_of(viewer(name)).get("/leadership/").content.decode()
        assert "/audit/" not in text
        assert "Asked before" in text
        assert page(name).queues == ()


def test_the_page_stays_light() -> None:
    """With thirty things waiting."""
    for _ in range(30):
        builders.proposed()
    advised(CAREFUL)
    client = client_of(viewer("samir"))
    for address in ("/leadership/", "/audit/", "/leadership/meeting/"):
        assert weight(client, address) < LIGHT, address
