"""Errors in one body, the same refusals as the pages, keys, pages of lists, and equal sight."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from primum.api.errors import Error
from primum.cases.models import Activity, Delivery, Report
from primum.people import door
from primum.people.sight import viewing
from tests import builders
from tests.api.world import JSON, ROWS, api_of, asked, sent
from tests.builders_sealed import client_of, content_of, masked, report, undone
from tests.cases.test_walls import EXTREMES, STORIES, _story
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db


def body_of(answer: Any) -> Error:
    """The one body of everything that was not done."""
    assert answer["Content-Type"] == JSON
    return Error.model_validate_json(answer.content)


class TestErrors:
    @pytest.mark.parametrize(
        "raw",
        [
            b"{",
            b"[]",
            b'"words"',
            b"\xff\xfe",
            b'{"words": NaN}',
            b'{"words": 1e999}',
            b'{"words": "a\\u0000b"}',
            b'{"words": "\\ud800"}',
            b"[" * 100_000,
            b'{"words": ' + b"9" * 5000 + b"}",
        ],
        ids=["cut", "list", "text", "bytes", "nan", "huge", "nul", "half", "deep", "long number"],
    )
    def test_what_is_no_json_is_said(self, raw: bytes) -> None:
        answer = api_of("samir").post(f"/api/activities/{uuid4()}/suspend", raw, content_type=JSON)
        assert answer.status_code == 400
        assert body_of(answer).error == "malformed"

    def test_too_much_is_said(self, settings: LazySettings) -> None:
        client = api_of("samir")
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        answer = sent(client, f"/api/activities/{uuid4()}/suspend", {"words": "x" * 2000})
        assert answer.status_code == 413
        assert body_of(answer).error == "too_large"

    def test_what_is_missing_or_beside_is_named(self) -> None:
        answer = sent(api_of("samir"), f"/api/activities/{uuid4()}/suspend", {"word": "x"})
        assert answer.status_code == 422
        assert {each.where for each in body_of(answer).reasons} == {"words", "word"}

    @pytest.mark.parametrize(
        "moment", ["2026-03-01", "2026-03-01T10:00:00", "9999-12-31T23:59:59Z", "soon"]
    )
    def test_a_moment_has_a_zone_and_can_be_meant(self, moment: str) -> None:
        case = builders.decided(builders.CAREFUL)
        answer = sent(
            api_of("nadia"),
            f"/api/activities/{case.activity}/record",
            {"line": str(case.line), "what": "Paper", "happened": moment},
        )
        assert answer.status_code == 422
        assert [each.where for each in body_of(answer).reasons] == ["happened"]

    def test_answers_are_named_by_their_question(self) -> None:
        case = builders.proposed()
        given = {**builders.reasoned(builders.CAREFUL), "lethal": "perhaps"}
        where = f"/api/activities/{case.activity}/assess"
        answer = sent(api_of("tomas"), where, {"answers": given})
        assert answer.status_code == 422
        found = body_of(answer)
        assert ("lethal", "not_an_option") in {(each.where, each.code) for each in found.reasons}
        assert found.kept == "Nothing was changed."

    def test_in_the_language_that_is_asked_for(self) -> None:
        """The sentences of the pages are translated already."""
        case = builders.decided(builders.CAREFUL)
        where = f"/api/activities/{case.activity}/resume"
        english = body_of(sent(api_of("samir"), where, RIGHTED)).reasons[0]
        french = body_of(sent(api_of("samir"), where, RIGHTED, **{"Accept-Language": "fr"}))
        assert english.code == french.reasons[0].code == "wrong_stage"
        assert english.says != french.reasons[0].says

    def test_too_long_for_its_column_is_named(self) -> None:
        wish = {"name": "x" * 5000, "kind": "unit"}
        answer = sent(api_of("tomas"), "/api/parties", wish)
        assert answer.status_code == 422
        assert [(each.where, each.code) for each in body_of(answer).reasons] == [
            ("name", "too_much")
        ]

    def test_an_unknown_seal_is_refused_in_words(self) -> None:
        unit = builders.party()
        wish = {"parties": [str(unit)], "what": "x", "heard": NOW.isoformat(), "seal": "nope"}
        answer = sent(api_of("tomas"), "/api/reports", {**wish, "confidence": "heard"})
        assert answer.status_code == 409
        assert [each.code for each in body_of(answer).reasons] == ["no_seal"]
        key = report(unit)
        answer = sent(api_of("tomas"), f"/api/reports/{key}/raise-seal", {"seal": "nope"})
        assert [each.code for each in body_of(answer).reasons] == ["no_seal"]

    def test_a_host_that_is_not_ours_gets_no_page(self) -> None:
        answer = api_of("tomas").get("/api/me", headers={"Host": "elsewhere.example"})
        assert answer.status_code == 400
        assert body_of(answer).error == "malformed"


# A page and the API refuse the same --------------------------------------------------------------

Made = Callable[[], builders.Case]
RIGHTED: Mapping[str, str] = {"put_right": "A room for children.", "evidence": "Seen."}
REFUSALS: Mapping[str, tuple[Made, str, str, Mapping[str, str], str, Mapping[str, object]]] = {
    "suspend by another post": (
        lambda: builders.decided(builders.CAREFUL),
        "nadia",
        "move/suspend/",
        {"words": "x"},
        "suspend",
        {"words": "x"},
    ),
    "resume what runs": (
        lambda: builders.decided(builders.CAREFUL),
        "samir",
        "move/resume/",
        {"words": RIGHTED["put_right"], "evidence": RIGHTED["evidence"]},
        "resume",
        RIGHTED,
    ),
    "suspend without reasons": (
        lambda: builders.decided(builders.CAREFUL),
        "aminata",
        "move/suspend/",
        {"words": " "},
        "suspend",
        {"words": " "},
    ),
    "close unlooked": (
        lambda: builders.decided(builders.CAREFUL),
        "nadia",
        "move/close/",
        {},
        "close",
        {},
    ),
    "finish with nothing delivered": (
        lambda: builders.decided(builders.CAREFUL),
        "nadia",
        "move/finish/",
        {},
        "finish",
        {},
    ),
    "decide without reasons": (
        lambda: builders.advised(builders.CAREFUL),
        "samir",
        "decide/",
        {"choice": "no", "words": ""},
        "decide",
        {"choice": "no", "words": ""},
    ),
    "advise without a position": (
        lambda: builders.assessed(builders.CAREFUL),
        "aminata",
        "advise/",
        {"words": "x", "position": "perhaps"},
        "advise",
        {"words": "x", "position": "perhaps"},
    ),
    "go past a hard stop": (
        lambda: builders.advised(builders.GRAVE),
        "samir",
        "decide/",
        {"choice": "go", "words": "x", "until": "2026-04-01", "against_words": "x"},
        "decide",
        {
            "choice": "go",
            "words": "x",
            "until": "2026-04-01T23:59:59Z",
            "against_words": "x",
            "conditions": [],
        },
    ),
}


class TestSameRefusals:
    @pytest.mark.parametrize("what", REFUSALS)
    def test_a_page_and_the_api_refuse_the_same(self, what: str) -> None:
        """Each sentence of the API's refusal stands on the page; nothing is written by either."""
        made, name, page, form, path, wish = REFUSALS[what]
        case = made()
        before = builders.everything()
        with undone():
            shown = client_of(viewer(name)).post(f"/activities/{case.activity}/{page}", form)
        client = api_of(name)
        answer = sent(client, f"/api/activities/{case.activity}/{path}", wish)
        assert (shown.status_code, answer.status_code) == (422, 409)
        text = unescape(shown.content.decode())
        reasons = body_of(answer).reasons
        assert reasons
        for each in reasons:
            assert each.says.split(",")[0].strip(" .") in text, each
        after = builders.everything()
        quiet = {"people_token", "cases_chain"}
        assert {t for t in after if after[t] != before[t]} - quiet <= {
            "cases_entry",
            "cases_entrysight",
        }  # the token that was made, and its line

    @pytest.mark.parametrize(
        ("name", "page", "path"),
        [
            ("nadia", "assess/", "assess"),
            ("nadia", "advise/", "advise"),
            ("nadia", "decide/", "decide"),
            ("ines", "decide/", "decide"),
            ("tomas", "deliver/", "deliver"),
        ],
    )
    def test_a_form_that_is_not_there_is_no_operation(
        self, name: str, page: str, path: str
    ) -> None:
        """Who gets no form gets no answer that could tell what was found."""
        case = builders.advised(builders.CAREFUL)
        assert client_of(viewer(name)).get(f"/activities/{case.activity}/{page}").status_code == 404
        row = {"assess": "assess", "advise": "advise", "decide": "decide", "deliver": "deliver"}
        answer = asked(api_of(name), ROWS[row[path]], {"activity": case.activity})
        assert answer.status_code == 404

    def test_a_leaders_page_is_not_there_for_a_proposer(self) -> None:
        assert api_of("nadia").get("/api/leadership").status_code == 404
        assert api_of("samir").get("/api/leadership").status_code == 200


class TestOnce:
    """Sent twice under one key, it is made once."""

    def filed(self, client: Client, key: str, party: UUID, what: str = "Heard.") -> Any:
        wish = {
            "parties": [str(party)],
            "what": what,
            "heard": "2026-03-01T10:00:00Z",
            "confidence": "heard",
        }
        return sent(client, "/api/reports", wish, **{"Idempotency-Key": key})

    def test_the_same_again_is_the_same_record(self) -> None:
        unit, client = builders.party(), api_of("nadia")
        one, two = (self.filed(client, "k-1", unit) for _each in range(2))
        assert (one.status_code, one.content) == (200, two.content)
        with viewing(door.clock()):
            assert Report.objects.count() == 1
        assert self.filed(client, "k-2", unit).json() != one.json()

    def test_something_else_under_the_same_key_is_refused(self) -> None:
        unit, client = builders.party(), api_of("nadia")
        assert self.filed(client, "k-1", unit).status_code == 200
        answer = self.filed(client, "k-1", unit, "Another thing.")
        assert (answer.status_code, body_of(answer).error) == (422, "key_reused")
        key = {"Idempotency-Key": "k-1"}
        other = sent(client, f"/api/owed/{unit}/release", {"words": "x"}, **key)
        assert (other.status_code, body_of(other).error) == (422, "key_reused")

    def test_anybody_elses_key_is_free(self) -> None:
        """A key says nothing of what others send: no oracle."""
        unit = builders.party()
        one = self.filed(api_of("nadia"), "k-1", unit)
        two = self.filed(api_of("tomas"), "k-1", unit, "Another thing.")
        assert (one.status_code, two.status_code) == (200, 200)
        assert one.json() != two.json()

    def test_what_was_refused_takes_no_key(self) -> None:
        case, client = builders.decided(builders.CAREFUL), api_of("samir")
        where = f"/api/activities/{case.activity}/resume"
        key = {"Idempotency-Key": "k-1"}
        assert sent(client, where, RIGHTED, **key).status_code == 409
        sent(client, f"/api/activities/{case.activity}/suspend", {"words": "x"})
        other = {**RIGHTED, "evidence": "Seen again."}
        assert sent(client, where, other, **key).status_code == 200

    def test_a_move_sent_again_answers_as_it_did(self) -> None:
        """The case has moved on, and the sender whose answer was lost still gets it."""
        case, client = builders.advised(builders.CAREFUL), api_of("samir")
        where, key = f"/api/activities/{case.activity}/decide", {"Idempotency-Key": "k-1"}
        wish = {"choice": "no", "words": "Not now."}
        one = sent(client, where, wish, **key)
        two = sent(client, where, wish, **key)
        assert (one.status_code, one.content) == (200, two.content)
        assert sent(client, where, wish).status_code == 404

    def test_an_answer_without_a_record_too(self) -> None:
        """Answering a commitment makes no record of its own; its key is kept all the same."""
        case, client = builders.decided(builders.BUILDING), api_of("tomas")
        owed = builders.commitments(case)[0].id
        where, key = f"/api/commitments/{owed}/answer", {"Idempotency-Key": "k-1"}
        wish = {"answer": "kept", "words": "I saw the key."}
        for _each in range(2):
            answer = sent(client, where, wish, **key)
            assert (answer.status_code, answer.json()) == (200, {"done": True})
        assert sent(client, where, wish).status_code == 409

    def test_an_assessment_sent_again_shows_its_ruling_again(self) -> None:
        case, client = builders.proposed(), api_of("tomas")
        where, key = f"/api/activities/{case.activity}/assess", {"Idempotency-Key": "k-1"}
        wish = {"answers": builders.reasoned(builders.CAREFUL)}
        one, two = (sent(client, where, wish, **key) for _each in range(2))
        assert one.status_code == 200
        assert one.json() == two.json()
        assert one.json()["highest"] in ("low", "medium", "high", "barred")

    @pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "é"])
    def test_a_key_that_is_none_is_named(self, key: str) -> None:
        answer = self.filed(api_of("nadia"), key, builders.party())
        assert answer.status_code == 422


class TestPages:
    def test_pages_of_any_length_hold_every_line_once(self) -> None:
        """Shorter and longer than the house's own pages, in the same order."""
        client, made = api_of("tomas"), {str(builders.party(f"Unit {n:03}")) for n in range(120)}
        for limit in (7, 50, 51, 100):
            found: list[str] = []
            after = ""
            while True:
                page = client.get("/api/parties", {"limit": limit, "after": after}).json()
                assert len(page["items"]) <= limit
                found += [line["id"] for line in page["items"]]
                after = page["next"]
                if not after:
                    break
                assert len(page["items"]) == limit
            assert made <= set(found)
            assert len(found) == len(set(found))

    @pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
    def test_a_page_has_one_to_a_hundred_lines(self, limit: str) -> None:
        assert api_of("tomas").get("/api/parties", {"limit": limit}).status_code == 422

    def test_activities_go_on_behind_their_mark(self) -> None:
        for day in range(3):
            builders.proposed(NOW - timedelta(days=day))
        client = api_of("tomas")
        one = client.get("/api/activities", {"limit": 2}).json()
        two = client.get("/api/activities", {"limit": 2, "after": one["next"]}).json()
        assert [len(one["items"]), len(two["items"]), two["next"]] == [2, 1, ""]

    @pytest.mark.parametrize("path", ["activities", "parties", "reports", "support", "matches"])
    @pytest.mark.parametrize(
        "after", ["x", "a\0b", "\udc80", "0001-01-01T00:00:00+14:00~" + "0" * 32, "~", "9" * 400]
    )
    def test_no_mark_is_an_error(self, path: str, after: str) -> None:
        client = api_of("tomas")
        text = after.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert client.get(f"/api/{path}", {"after": text}).status_code in (200, 422)


def weighed_by(client: Client, case: str) -> None:
    """Every pathway of the protocol answered: one is unlikely, the others do not fit; a good."""
    first, *others = client.get(f"{case}/effects").json()["unanswered"]
    harm = {
        **{"at": first, "pathway": first, "how": "custody", "horizon": "weeks"},
        **{"likelihood": "unlikely", "seriousness": "slight", "reversible": "hard"},
    }
    good = {
        **{"at": "good", "good": True, "who": "People who are arrested"},
        **{"what": "Know why, and for how long", "horizon": "months", "likelihood": "possible"},
    }
    struck = [{"pathway": code, "why": "Not here."} for code in others]
    answer = sent(client, f"{case}/effects", {"expected": [harm, good], "struck": struck})
    assert answer.status_code == 200, answer.content
    found = client.get(f"{case}/effects").json()
    assert (found["unanswered"], len(found["harms"]), len(found["benefits"])) == ({}, 1, 1)


class TestLoop:
    def test_from_proposal_to_report(self) -> None:
        """The how-to, walked: each step by the post whose step it is."""
        nadia, tomas, aminata, helena = map(api_of, ("nadia", "tomas", "aminata", "helena"))
        unit, version = builders.party(), builders.published()
        wish = {
            "title": "A course",
            "why": "So that arrests are written down.",
            "starts": "2026-03-02",
            "ends": "2026-09-01",
            "lines": [{"party": str(unit), "kind": "training_advisory", "what": "Course"}],
            "protocols": [str(version)],
            "invented": True,
        }
        made = sent(nadia, "/api/activities", wish)
        assert made.status_code == 200, made.content
        case = f"/api/activities/{made.json()['id']}"
        weighed_by(tomas, case)
        answers = builders.reasoned(builders.CAREFUL)
        ruling = sent(tomas, f"{case}/assess", {"answers": answers}).json()
        assert ruling["highest"] == "medium"
        advice = {"position": "support", "words": "With a locked room."}
        assert sent(aminata, f"{case}/advise", advice).status_code == 200
        decision = {
            "choice": "go_with_conditions",
            "words": "The course lowers the risk.",
            "against_words": "The conditions answer it.",
            "told": "Approved.",
            "until": "2026-04-15T23:59:59+02:00",
        }
        answer = sent(helena, f"{case}/decide", decision)
        assert answer.status_code == 200, answer.content
        shown = nadia.get(case).json()
        assert shown["head"]["stage"] == "decided"
        given = {"line": shown["lines"][0]["id"], "what": "Day one"}
        answer = sent(nadia, f"{case}/deliver", given)
        assert answer.status_code == 200, answer.content
        heard = {
            "parties": [str(unit)],
            "what": "A trainee was beaten (invented).",
            "heard": "2026-03-02T08:00:00Z",
            "confidence": "plausible",
            "invented": True,
        }
        key = sent(nadia, "/api/reports", heard).json()["id"]
        assert tomas.get(f"/api/reports/{key}").json()["report"]["what"].startswith("A trainee")
        with viewing(door.clock()):
            assert Activity.objects.count() == Delivery.objects.count() == 1

    def test_explain_is_for_those_who_assess(self) -> None:
        case = builders.proposed()
        where = f"/api/activities/{case.activity}/explain"
        assert api_of("nadia").get(where).status_code == 404
        found = api_of("tomas").get(where).json()
        assert set(found) == {"settles_lowest", "settles_highest", "lowers"}

    def test_the_documents_of_protocols_are_open(self) -> None:
        version = builders.published()
        found = api_of("nadia").get(f"/api/protocols/{version}").json()
        assert found["text"].startswith("#")
        assert {"id", "ask", "kind"} <= set(found["questions"][0])


ATTEMPTS = ("assess", "advise", "decide", "deliver", "suspend", "resume", "finish", "close")


def _transcript(name: str, case: UUID) -> list[tuple[str, int, str]]:
    """Everything the API tells somebody, and its answers to everything one can try on a case."""
    client, found = api_of(name), []
    for row in ROWS.values():
        if not row.keys and row.id not in ATTEMPTS and row.path != "ties":
            found.append((row.id, client.get(f"/api/{row.path}")))
    named = [row for row in ROWS.values() if row.keys == ("activity",)]
    for row in named:
        with undone():
            found.append((row.id, asked(client, row, {"activity": case})))
    return [(name, each.status_code, masked(content_of(each).decode())) for name, each in found]


class TestEqualSight:
    @pytest.mark.parametrize("name", ["nadia", "ines", "eva", "karim", "lena"])
    def test_sealed_facts_swapped_the_answers_are_equal(self, name: str) -> None:
        """Reports, answers and advice swapped: who may not know reads the same bytes."""
        told = []
        for story in EXTREMES:
            with undone():
                told.append(_transcript(name, _story(*STORIES[story])))
        assert len(told[0]) > 20
        assert told[0] == told[1] == told[2]

    def test_those_who_may_know_read_the_difference(self) -> None:
        """The control."""
        told = []
        for story in EXTREMES[::2]:
            with undone():
                told.append(_transcript("tomas", _story(*STORIES[story])))
        assert told[0] != told[1]


def test_errors_are_one_shape_in_the_schema() -> None:
    found = json.loads(api_of("lena").get("/api/openapi.json").content)
    for path in found["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status != "200":
                    shape = answer["content"]["application/json"]["schema"]["$ref"]
                    assert shape.endswith("/Error")
