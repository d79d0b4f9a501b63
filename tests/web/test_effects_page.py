"""Effects on pages: block by block without JavaScript, for those who judge and nobody else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from primum.actions.decide import decide
from primum.actions.match_report import Matched, match_report
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    GOOD,
    Case,
    advised,
    party,
    stage,
    under_way,
    yes,
)
from tests.builders_sealed import CLOCK, client_of, content_of, fetched, moved_to, report, undone
from tests.cast import NOW, viewer
from tests.effects import BEATEN, SILENT, in_days, live, page, ready, signs, unweighed, weigh
from tests.web.forms import form_at

pytestmark = pytest.mark.django_db
ABUSE = "support-to-security-forces.abuse_with_our_means"
ANSWERED = {
    f"{ABUSE}-does": "confirm",
    f"{ABUSE}-how": "custody",
    f"{ABUSE}-horizon": "weeks",
    f"{ABUSE}-likelihood": "likely",
    f"{ABUSE}-seriousness": "grave",
    f"{ABUSE}-reversible": "no",
}


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def of(name: str) -> Client:
    return client_of(viewer(name))


def at(case: Case, name: str = "effects") -> str:
    return reverse(name, args=[case.activity])


def parts(client: Client, address: str) -> list[str]:
    """A page with its lists sorted: what was written in one moment stands in any order."""
    return sorted(
        piece for each in fetched(client, address) for piece in re.split("</?li>", str(each))
    )


def text(answer: Any) -> str:
    return content_of(answer).decode()


class TestForm:
    def test_nothing_is_ticked(self) -> None:
        """Every pathway is there, and not one answer is chosen before somebody chooses."""
        case = unweighed()
        sent = form_at(of("tomas"), at(case)).sent()
        chosen = {name: values for name, values in sent.items() if any(values)}
        assert set(chosen) <= {"csrfmiddlewaretoken", "once"}
        shown = text(of("tomas").get(at(case)))
        for code in page(case).asked:
            assert f'name="{code}-does"' in shown

    def test_the_longest_form_is_light(self) -> None:
        """Fourteen pathways and five blocks, squeezed as they travel."""
        answer = of("tomas").get(at(unweighed()), headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200 and len(content_of(answer)) < 25_000

    def test_answered_in_part_then_whole(self) -> None:
        """What is answered is kept and one comes back for the rest; then to the case."""
        case = unweighed()
        tomas = of("tomas")
        answer = tomas.post(at(case), ANSWERED)
        assert (answer.status_code, answer["Location"]) == (302, at(case))
        assert len(page(case).harms) == 1
        rest: dict[str, str] = {}
        for code in page(case).unanswered:
            rest |= {f"{code}-does": "strike", f"{code}-why": "Not here."}
        key = page(case).harms[0].id
        good = {"good-who": "Traders", "good-what": "Are asked for less", "good-horizon": "months"}
        rest |= good | {"good-likelihood": "possible", f"{key}-met_by": "access_any_time"}
        rest |= {"next-who": "Their sons", "next-what": "Take revenge", "next-parent": str(key)}
        rest |= {"next-kind": "harm", "next-how": "reprisal", "next-horizon": "months"}
        rest |= {
            "next-likelihood": "unlikely",
            "next-seriousness": "grave",
            "next-reversible": "no",
        }
        rest |= {"next-feeds": "the upper quarter, the lower quarter", "next-helps": "the market"}
        answer = tomas.post(at(case), rest)
        assert answer["Location"] == reverse("activity", args=[case.activity])
        (harm,) = page(case).harms
        assert (harm.met_by, harm.children[0].order) == ("access_any_time", 2)
        assert harm.children[0].feeds == ("the upper quarter", "the lower quarter")
        assert page(case).benefits[0].who == "Traders"

    def test_what_follows_from_a_pathway_of_the_same_form(self) -> None:
        """A child may hang on what is confirmed with it."""
        case = unweighed()
        child = {"next-who": "Their sons", "next-what": "Take revenge", "next-parent": ABUSE}
        more = {f"next-{name.rpartition('-')[2]}": value for name, value in ANSWERED.items()}
        of("tomas").post(at(case), {**ANSWERED, **more, **child})
        assert page(case).harms[0].children[0].what == "Take revenge"

    def test_a_mistake_keeps_every_keystroke(self) -> None:
        """The field is named and linked; what was typed and chosen stands there again."""
        case = unweighed()
        wrong = {**ANSWERED, f"{ABUSE}-likelihood": "", "harm-who": "Herders", "harm-what": "Flee"}
        answer = of("tomas").post(at(case), wrong | {f"{ABUSE}-look_on": "soon"})
        assert answer.status_code == 422
        shown = text(answer)
        assert f'href="#q-{ABUSE}-look_on"' in shown and "“soon” is not a date" in shown
        answer = of("tomas").post(at(case), wrong)
        shown = text(answer)
        assert answer.status_code == 422
        for field in (f"{ABUSE}-likelihood", "harm-how", "harm-reversible"):
            assert f'href="#q-{field}"' in shown and f'id="q-{field}"' in shown
        assert 'value="Herders"' in shown and ">Flee</textarea>" in shown
        assert f'name="{ABUSE}-does" value="confirm" checked' in shown
        assert not page(case).harms

    def test_only_those_who_assess(self) -> None:
        """To others the form is not there; the owner's is another one."""
        case = unweighed()
        for name in ("aminata", "samir", "grace", "lena", "karim", "ines"):
            assert of(name).get(at(case)).status_code == 404, name
        shown = text(of("nadia").get(at(case)))
        assert "suggest-who" in shown and f"{ABUSE}-does" not in shown

    def test_the_proposer_suggests(self) -> None:
        case = unweighed()
        nadia = of("nadia")
        answer = nadia.post(at(case), {"suggest-who": "Women", "suggest-what": "Pay twice"})
        assert answer.status_code == 302
        assert "Pay twice" in text(nadia.get(reverse("activity", args=[case.activity])))
        (line,) = page(case).suggestions
        told = {name.replace(ABUSE, str(line.id)): value for name, value in ANSWERED.items()}
        of("tomas").post(at(case), told)
        assert page(case).harms[0].what == "Pay twice"
        assert nadia.post(at(case), {"suggest-who": "", "suggest-what": ""}).status_code == 422

    def test_struck_on_the_page(self) -> None:
        case = unweighed()
        weigh(case, BEATEN, GOOD)
        key = live(case)[BEATEN.what].id
        of("tomas").post(at(case), {f"{key}-does": "strike", f"{key}-why": "No cells."})
        assert not page(case).harms


class TestShown:
    def test_the_tree(self) -> None:
        """Who, what, how likely and on what, what follows, the first sign: all in words."""
        case = unweighed()
        told = report(case.party)
        weigh(
            case,
            replace(BEATEN, reports=(told,), look_on=in_days(40).date()),
            replace(SILENT, parent="beaten"),
            GOOD,
        )
        shown = text(of("tomas").get(reverse("activity", args=[case.activity])))
        for said in (
            *(BEATEN.who, BEATEN.what, BEATEN.signpost, SILENT.what, GOOD.what),
            *("and then:", "cannot be undone", "(opinion)", "Not asked:"),
        ):
            assert said in shown, said
        assert shown.index(BEATEN.what) < shown.index(SILENT.what)
        assert reverse("report", args=[told]) in shown
        assert reverse("report", args=[told]) not in text(
            of("helena").get(reverse("activity", args=[case.activity]))
        )

    def test_what_was_not_asked_is_said(self) -> None:
        """Empty says what is missing, never that nothing is wrong."""
        shown = text(of("tomas").get(reverse("activity", args=[unweighed().activity])))
        assert (
            "Not asked yet: 14 of 14" in shown and "Nobody has said yet who could be hurt" in shown
        )

    def test_exported(self) -> None:
        """A row an effect, parents first, as far as one may read."""
        case = unweighed()
        weigh(case, BEATEN, replace(SILENT, parent="beaten"), GOOD)
        found = text(of("tomas").get(at(case, "effects_export"))).splitlines()
        assert found[0].startswith('\ufeff"order","way"') and len(found) == 4 + 14
        assert [BEATEN.what in found[1], SILENT.what in found[2], GOOD.what in found[3]] == [
            True
        ] * 3
        assert len(text(of("nadia").get(at(case, "effects_export"))).splitlines()) == 1

    def test_the_proposer_reads_the_same_whatever_was_found(self) -> None:
        """Law 6, byte for byte: grave or nothing, met or not, her pages are the same."""
        told = []
        for expected in ((BEATEN, GOOD), (SILENT,), (GOOD, replace(BEATEN, seal="secretariat"))):
            with undone():
                case = unweighed()
                weigh(case, *expected)
                pages = [
                    parts(of("nadia"), reverse(name, args=[case.activity]))
                    for name in ("activity", "effects", "effects_export", "activity_timeline")
                ]
                told.append(pages)
        assert told[0] == told[1] == told[2]

    def test_a_sealed_effect_changes_no_byte_for_the_decider(self) -> None:
        """His page, his form, and the refusal he gets by it look as if he saw everything."""
        told = []
        for extra in ((), (replace(SILENT, at="x", seal="secretariat"),)):
            with undone():
                case = advised(CAREFUL, weighing=False)
                weigh(case, SILENT, GOOD, *extra)
                told.append(
                    [
                        parts(of("samir"), reverse(name, args=[case.activity]))
                        for name in ("activity", "decide", "effects_export")
                    ]
                )
        assert told[0] == told[1]


class TestDeciding:
    CHOICE: Mapping[str, str] = {
        "choice": "go_with_conditions",
        "words": "It lowers the risk.",
        "against_words": "The mandate asks for it.",
        "until": "2026-05-01",
    }

    def test_accepted_where_nothing_meets_it(self) -> None:
        """Each serious harm is named; without words the yes is refused, and nothing is lost."""
        case = ready(CAREFUL)
        samir, address = of("samir"), at(case, "decide")
        assert BEATEN.what in text(samir.get(address))
        answer = samir.post(address, self.CHOICE)
        assert answer.status_code == 422
        assert "neither met by a commitment" in text(answer)
        key = live(case)[BEATEN.what].id
        answer = samir.post(address, {**self.CHOICE, f"accept-{key}": "Worse without us."})
        assert answer.status_code == 302 and stage(case) == "decided"
        assert "Worse without us." in text(samir.get(reverse("activity", args=[case.activity])))

    def test_not_weighed(self) -> None:
        case = advised(CAREFUL, weighing=False)
        shown = text(of("samir").get(at(case, "decide")))
        assert "A yes waits for it." in shown
        answer = of("samir").post(at(case, "decide"), self.CHOICE)
        assert "not all of them were confirmed or struck" in text(answer)

    def test_the_second_reader(self) -> None:
        """Found on the desk, read on the page, answered there; the weigher is not offered it."""
        case = advised(CAREFUL, weighing=False)
        weigh(case, GOOD)
        case_at = reverse("activity", args=[case.activity])
        assert 'name="finds"' not in text(of("tomas").get(case_at))
        assert case_at in text(of("ruth").get("/"))
        form = form_at(of("ruth"), case_at, "/effects/read/")
        sent = {**form.sent(), "finds": "agrees", "words": "I would add nothing."}
        assert of("ruth").post(at(case, "effects_read"), sent).status_code == 302
        assert "I would add nothing." in text(of("samir").get(case_at))
        assert of("samir").post(at(case, "decide"), self.CHOICE).status_code == 302

    def test_a_second_reading_that_is_refused_says_why(self) -> None:
        case = advised(CAREFUL, weighing=False)
        weigh(case, GOOD)
        answer = of("ruth").post(at(case, "effects_read"), {"words": "Fine."})
        assert answer.status_code == 422 and "Say whether the list is whole" in text(answer)


def test_signs_on_the_form_of_a_look() -> None:
    """The looker is asked for each sign; unanswered, the look is not kept and the words are."""
    sign = replace(BEATEN, seriousness="slight", look_on=in_days(30).date())
    case = ready(BUILDING, sign, GOOD)
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
    (asked,) = signs(case)
    address = reverse("look", args=[asked.look_id])
    sent = {"result": "could_not", "method": "visit", "words": "The bridge was out."}
    with moved_to(in_days(31)):
        grace = client_of(viewer("grace", in_days(31)))
        shown = text(grace.get(address))
        assert sign.signpost in shown and f'name="sign-{asked.id}"' in shown
        made = {**sent, "result": "nothing_grave"}
        answer = grace.post(address, made)
        assert answer.status_code == 422 and "The bridge was out." in text(answer)
        assert grace.post(address, sent).status_code == 302


class TestMatching:
    def case(self) -> tuple[Case, UUID]:
        case = under_way(CAREFUL)
        weigh(case, SILENT, GOOD, whole=False)
        return case, report(case.party)

    def test_from_the_desk_to_the_steward(self) -> None:
        """The officer finds the report, says that nobody foresaw it; the steward answers."""
        case, told = self.case()
        tomas, karim = of("tomas"), of("karim")
        address = reverse("match_report", args=[told])
        assert address in text(tomas.get("/")) and address in text(
            tomas.get(reverse("report", args=[told]))
        )
        assert SILENT.what in text(tomas.get(address))
        sent = {"activity": str(case.activity), "effect": "nobody", "order": "1"}
        answer = tomas.post(address, {**sent, "words": "A dog bit a child."})
        assert answer.status_code == 422 and "A dog bit a child." in text(answer)
        assert tomas.post(address, {**sent, "how": "force", "words": "A dog."}).status_code == 302
        assert address not in text(tomas.get("/"))
        desk = text(karim.get("/"))
        assert "Harm that a protocol did not ask for" in desk
        (where,) = {part.split('"')[0] for part in desk.split('href="') if "/surprises/" in part}
        shown = text(karim.get(where))
        assert "use of force" in shown and "A dog" not in shown and "Kodwel" not in shown
        assert karim.post(where, {"answer": "there"}).status_code == 422
        answered = {"answer": "not_general", "words": "No dogs elsewhere."}
        assert karim.post(where, answered).status_code == 302
        assert "No dogs elsewhere." in text(karim.get(where))

    def test_linked_by_its_filer(self) -> None:
        """The form of a report offers the approved cases; a key of none is a sentence."""
        case, _ = self.case()
        grace, other = of("grace"), party("Bandits of the upper road")
        address = f"{reverse('report_new')}?party={other}"
        sent = {"what": "A shop burned.", "confidence": "plausible", "heard": "2026-03-01"}
        assert f'<option value="{case.activity}"' in text(grace.get(address))
        answer = grace.post(address, {**sent, "activity": str(UUID(int=7))})
        assert answer.status_code == 422 and "A shop burned." in text(answer)
        assert grace.post(address, {**sent, "activity": str(case.activity)}).status_code == 302
        desk = text(of("tomas").get("/"))
        keys = [part.split("/")[2] for part in desk.split('href="') if "/match/" in part[:60]]
        shown = [text(of("tomas").get(reverse("match_report", args=[key]))) for key in keys]
        (mine,) = [each for each in shown if "A shop burned." in each]
        assert SILENT.what in mine

    def test_matched_on_the_page(self) -> None:
        case, told = self.case()
        key = live(case)[SILENT.what].id
        address = reverse("match_report", args=[told])
        sent = {"activity": str(case.activity), "effect": str(key)}
        assert of("tomas").post(address, sent).status_code == 302
        assert "Foreseen:" in text(of("tomas").get(address))
        assert of("tomas").post(address, {"activity": str(case.activity)}).status_code == 422

    def test_only_those_who_grade_reports(self) -> None:
        _, told = self.case()
        for name in ("grace", "peter", "nadia", "samir"):
            assert of(name).get(reverse("match_report", args=[told])).status_code == 404

    def test_no_page_of_who_reads_no_reports_changes(self) -> None:
        """A surprise is the steward's and the readers': jonas and nadia see not a byte of it."""
        pages = []
        for surprise in (False, True):
            with undone():
                case, told = self.case()
                if surprise:
                    wish = Matched(told, case.activity, how="force", words="A dog.")
                    match_report(by=viewer("tomas"), now=NOW + DAY, matched=wish)
                pages.append(
                    [
                        parts(of(name), address)
                        for name in ("nadia", "jonas", "samir", "lena", "eva")
                        for address in ("/", reverse("activity", args=[case.activity]))
                    ]
                )
        assert pages[0] == pages[1]
        with viewing(viewer("jonas")):
            assert "A dog" not in str(pages)
