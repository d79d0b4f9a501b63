"""The pages of suspending: what would stop, signed without looking, and what stays unsaid."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.urls import reverse

from primum.actions.propose import NewLine
from primum.actions.stop import NewStop, suspend_scope
from primum.cases.models import Line, Stop
from primum.people import mission
from primum.people.sight import viewing
from primum.register.models import Tie
from tests.builders import (
    CAREFUL,
    DAY,
    decided,
    party,
    proposed,
    stage,
    tie,
    under_way,
)
from tests.builders_sealed import CLOCK, client_of, moved_to
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

WHY = "Prisoners were beaten in the yard (invented)."


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def got(name: str, address: str, key: UUID, query: str = "") -> tuple[int, str]:
    answer = client_of(viewer(name)).get(reverse(address, args=[key]) + query)
    return answer.status_code, unescape(answer.content.decode())


def sent(name: str, address: str, key: UUID, **form: str) -> tuple[int, str]:
    answer = client_of(viewer(name)).post(reverse(address, args=[key]), form, follow=True)
    return answer.status_code, unescape(answer.content.decode())


def stops() -> list[Stop]:
    with viewing(viewer("samir")):
        return list(Stop.objects.order_by("started"))


class TestPreview:
    def test_what_would_stop(self) -> None:
        """The lines, people, money, objectives, who is told: by a GET, and nothing is written."""
        case = under_way()
        status, text = got("jonas", "suspend", case.activity, f"?scope=unit:{case.party}")
        assert status == 200
        section = text.split('id="what-stops"')[1]
        for said in (
            "Course on arrest and custody",
            "<dd>36</dd>",
            "9,000",
            "Rule of law, resolution text paragraph 3",
            "Police training officer",
            "never why",
            "what your post may see",
        ):
            assert said in section, said
        assert stops() == []

    def test_each_scope_says_how_many_lines(self) -> None:
        """A narrower choice stands beside the wider one, with what it would stop."""
        unit, other = party(), party("Kodwel River Post")
        force, officer = party("SNPS", "force"), party("Imre Talvane", "person")
        tie(force, unit)
        tie(force, other)
        Tie(
            id=uuid4(),
            seal_id=mission.default_seal("register"),
            kind="holds_post",
            role="Commander",
            upper_id=officer,
            lower_id=unit,
        ).save(force_insert=True)
        course = NewLine(unit, "training_advisory", "Course", "36 places", 9000, 36)
        pens = NewLine(other, "training_advisory", "Stationery", "2 boxes", 300, 4)
        case = decided(CAREFUL, lines=(course, pens))
        _status, text = got("jonas", "suspend", case.activity)
        for value, count in (
            (f"operation:{case.activity}", 2),
            (f"unit:{unit}", 1),
            (f"unit:{other}", 1),
            (f"commander:{officer}", 1),
            (f"all:{force}", 2),
        ):
            choice = text.split(f'value="{value}"')[1].split("</label>")[0]
            assert f"lines that you see: {count}" in choice, value
        _status, text = got("jonas", "suspend", case.activity, f"?scope=unit:{unit}")
        assert "These lines of the same activities go on:" in text
        assert "Stationery" in text.split("go on:")[1]

    @pytest.mark.parametrize(
        "scope", ["", "unit:", "unit:x", "unit:00000000-0000-4000-8000-000000000007", "galaxy:1"]
    )
    def test_a_scope_that_is_not_offered_shows_nothing(self, scope: str) -> None:
        case = under_way()
        status, text = got("jonas", "suspend", case.activity, f"?scope={scope}")
        assert status == 200
        assert "People reached" not in text

    @pytest.mark.parametrize(
        "name", ["nadia", "tomas", "aminata", "grace", "ines", "eva", "lena", "bruno", "karim"]
    )
    @pytest.mark.parametrize("of", ["activity", "party"])
    def test_only_for_those_who_suspend(self, name: str, of: str) -> None:
        """To everybody else the page is not there, and no link leads to it."""
        case = under_way()
        address, key = ("suspend", case.activity) if of == "activity" else (
            "suspend_party", case.party)  # fmt: skip
        assert got(name, address, key)[0] == 404
        assert sent(name, address, key, words=WHY, scope=f"unit:{case.party}")[0] == 404
        _status, page = got(name, of, key)
        assert reverse(address, args=[key]) not in page


class TestSealed:
    """What is sealed from whoever signs neither shows nor counts, and the page says so."""

    def shown(self, name: str, key: UUID, scope: str) -> str:
        status, text = got(name, "suspend_party", key, f"?scope={scope}:{key}")
        assert status == 200
        return text

    def test_a_sealed_case_is_neither_shown_nor_counted(self) -> None:
        """The page of a head of office is the same, byte for byte, with and without it."""
        case = under_way()
        before = self.shown("jonas", case.party, "unit")
        line = NewLine(case.party, "training_advisory", "Sealed course", "9 places", 77777, 99)
        hidden = proposed(lines=(line,), seal="secretariat", title="A sealed matter")
        assert hidden.activity
        after = self.shown("jonas", case.party, "unit")
        assert strip(after) == strip(before)
        assert "Sealed course" not in after and "77,777" not in after
        assert "What else it covers stops too." in after

    def test_a_sealed_tie_leads_nowhere_on_the_page_and_stops_all_the_same(self) -> None:
        """The engine walks the whole register; the page only what its reader sees."""
        case, force = under_way(), party("SNPS", "force")
        before = self.shown("jonas", force, "all")
        Tie(
            id=uuid4(),
            seal_id=mission.seal_named("secretariat"),
            kind="commands",
            upper_id=force,
            lower_id=case.party,
        ).save(force_insert=True)
        after = self.shown("jonas", force, "all")
        assert strip(after) == strip(before)
        assert "No line that you see would stop." in after
        sent("jonas", "suspend_party", force, scope=f"all:{force}", words=WHY)
        with moved_to(NOW + DAY):
            _status, text = got("nadia", "activity", case.activity)
        assert "Suspended in part" in text

    def test_the_deliverer_sees_that_and_since_when(self) -> None:
        """Not by whom, not why, not what would lift it."""
        case = under_way()
        wish = NewStop("unit", WHY, party=case.party, lifts_when="The officer is charged.")
        suspend_scope(by=viewer("samir"), now=NOW, stop=wish)
        for name in ("nadia", "ines", "eva"):
            _status, text = got(name, "activity", case.activity)
            part = text.split('id="stops"')[1].split("</div>")[0]
            assert "this unit, under any of its names" in part and "2 March 2026" in part
            for unsaid in ("beaten", "Head of mission", "charged", "Lift it"):
                assert unsaid not in part, (name, unsaid)
        assert "suspended since 2 March 2026" in text, "the line's own state"
        _status, text = got("jonas", "activity", case.activity)
        part = text.split('id="stops"')[1]
        assert "beaten" in part and "The officer is charged." in part

    def test_the_page_of_the_party_tells_those_who_may_know(self) -> None:
        case = under_way()
        suspend_scope(by=viewer("samir"), now=NOW, stop=NewStop("unit", WHY, party=case.party))
        assert "beaten" in got("jonas", "party", case.party)[1]
        for name in ("nadia", "ines", "eva", "karim"):
            text = got(name, "party", case.party)[1]
            assert "beaten" not in text and "Suspensions" not in text, name


def strip(text: str) -> str:
    """A page without what differs from one asking to the next."""
    return re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]+"', "", text)


class TestSign:
    def test_without_looking_first(self) -> None:
        """Stopping harm is never waited for: one POST, no preview."""
        case = under_way()
        status, text = sent(
            "jonas",
            "suspend",
            case.activity,
            scope=f"unit:{case.party}",
            words=WHY,
            lifts_when="The officer is charged.",
            review_by="2026-03-20",
            told="The course is stopped.",
            once=str(uuid4()),
        )
        assert status == 200 and "Deliveries stop now" in text
        (made,) = stops()
        assert (made.scope, made.party_id, made.words) == ("unit", case.party, WHY)
        assert made.lifts_when == "The officer is charged."
        assert made.review_by is not None and made.review_by.date().isoformat() == "2026-03-20"
        assert stage(case) == "under_way"

    @pytest.mark.parametrize("scope", ["line", "operation"])
    def test_of_the_case(self, scope: str) -> None:
        case = under_way()
        key = case.line if scope == "line" else case.activity
        sent("jonas", "suspend", case.activity, scope=f"{scope}:{key}", words=WHY)
        (made,) = stops()
        assert made.scope == scope
        assert stage(case) == ("suspended" if scope == "operation" else "under_way")

    def test_from_a_party(self) -> None:
        case = under_way()
        sent("samir", "suspend_party", case.party, scope=f"all:{case.party}", words=WHY)
        assert [made.scope for made in stops()] == ["all"]

    def test_sent_twice_it_is_one(self) -> None:
        case, key = under_way(), str(uuid4())
        for _ in range(2):
            sent(
                "jonas",
                "suspend",
                case.activity,
                scope=f"operation:{case.activity}",
                words=WHY,
                once=key,
            )
        assert len(stops()) == 1

    @pytest.mark.parametrize(
        ("form", "says"),
        [
            ({"words": WHY}, "Say what is suspended"),
            ({"scope": "unit"}, "Say why"),
            ({"scope": "unit", "words": WHY, "review_by": "soon"}, "is not a date"),
        ],
    )
    def test_what_is_missing_is_said_and_every_word_kept(
        self, form: dict[str, str], says: str
    ) -> None:
        case = under_way()
        given = {**form, "lifts_when": "When the yard is lit."}
        if "scope" in form:
            given["scope"] = f"unit:{case.party}"
        status, text = sent("jonas", "suspend", case.activity, **given)
        assert status == 422 and says in text
        assert "When the yard is lit." in text
        assert stops() == []

    def test_lifted_from_the_page(self) -> None:
        """With what was put right, the proof and who advised; then the line goes on."""
        case = under_way()
        key = suspend_scope(
            by=viewer("jonas"), now=NOW, stop=NewStop("unit", WHY, party=case.party)
        )
        with moved_to(NOW + DAY):
            answer = sent("samir", "lift", key, words="He was moved.", evidence="Order 12.")
            assert "Lifted." in answer[1]
            assert "Suspended in part" not in got("nadia", "activity", case.activity)[1]
            assert "Order 12." in got("jonas", "party", case.party)[1]

    def test_a_refused_lift_says_why(self) -> None:
        case = under_way()
        key = suspend_scope(
            by=viewer("jonas"), now=NOW, stop=NewStop("unit", WHY, party=case.party)
        )
        status, text = sent("jonas", "lift", key, words="He was moved.", evidence="Order 12.")
        assert status == 422 and "belongs to another post" in text
        assert "He was moved." in text


class TestRenewPage:
    SAID = dict.fromkeys(("people", "commander", "place", "use", "harm"), "nothing")

    def test_asked_for_from_the_page(self) -> None:
        """Five questions, and the approval keeps its end."""
        case = under_way()
        assert reverse("renew", args=[case.activity]) in got("nadia", "activity", case.activity)[1]
        said = {**self.SAID, "commander": "Maj Osk Derrin since Monday (invented)."}
        with moved_to(NOW + DAY):
            status, text = sent("nadia", "renew", case.activity, **said)
            assert status == 200 and "keeps its end" in text
            text = got("tomas", "activity", case.activity)[1]
            assert "Maj Osk Derrin" in text and "A renewal was asked for" in text
            assert got("nadia", "renew", case.activity)[0] == 404, "it is asked for already"

    def test_nothing_is_an_answer_and_silence_is_not(self) -> None:
        case = under_way()
        said = {**self.SAID, "harm": " "}
        status, text = sent("nadia", "renew", case.activity, **said)
        assert status == 422 and "is an answer too" in text

    @pytest.mark.parametrize("name", ["samir", "grace", "ines", "eva"])
    def test_who_may_not(self, name: str) -> None:
        case = under_way()
        assert got(name, "renew", case.activity)[0] == 404


def test_resume_asks_for_its_record() -> None:
    """The form on the page of the activity, without and with the proof."""
    case = under_way()
    sent("jonas", "suspend", case.activity, scope=f"operation:{case.activity}", words=WHY)
    client = client_of(viewer("samir"))
    address = reverse("move", args=[case.activity, "resume"])
    with moved_to(NOW + timedelta(hours=1)):
        assert 'name="evidence"' in got("samir", "activity", case.activity)[1]
        answer = client.post(address, {"words": "He was moved."})
        assert answer.status_code == 422 and stage(case) == "suspended"
        client.post(address, {"words": "He was moved.", "evidence": "Order 12."})
    assert stage(case) == "under_way"


def test_a_refused_delivery_says_how_widely() -> None:
    """The refusal of a delivery on the page names how widely and since when."""
    case = under_way()
    with viewing(viewer("nadia")):
        line = Line.objects.get(activity=case.activity).id
    suspend_scope(by=viewer("jonas"), now=NOW, stop=NewStop("unit", WHY, party=case.party))
    status, text = sent("nadia", "deliver", case.activity, line=str(line), what="Pens")
    assert status == 422
    assert "Deliveries on this line are suspended (this unit, under any of its names)" in text
