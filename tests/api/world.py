"""Clients of the API, the records its addresses name, and a body that each write takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from primum.actions.renew import ASKED
from primum.actions.tokens import make_token
from primum.api.operations import Operation, Write
from primum.api.reads import READS
from primum.api.writes import WRITES
from primum.core.protocol import credibility
from primum.people.sight import Viewer
from tests import builders
from tests.cast import NOW, viewer
from tests.web.test_url_table import World

ROWS: Mapping[str, Operation] = {row.id: row for row in (*READS, *WRITES)}
NAMED: Mapping[str, str] = {"owed": "look", "version": "protocol"}
"""Keys in addresses that are called otherwise than the record they name."""
JSON = "application/json"


def token_of(who: Viewer, now: Any = NOW, days: int = 30) -> str:
    return make_token(by=who, now=now, name="A program of theirs", days=days)


def api_of(who: Viewer | str) -> Client:
    """A program with a token of this person."""
    return with_token(token_of(viewer(who) if isinstance(who, str) else who))


def with_token(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def key_of(of: World, name: str, source: str) -> UUID:
    kind = NAMED.get(name, name)
    if source == "shown":
        return of.shown[kind]
    return of.hidden.get(kind, uuid4()) if source == "hidden" else uuid4()


def address(row: Operation, keys: Mapping[str, object]) -> str:
    return "/api/" + row.path.format(**{name: str(key) for name, key in keys.items()})


def asked(client: Client, row: Operation, keys: Mapping[str, object], **headers: str) -> Any:
    """One request with a body that can be read."""
    if isinstance(row, Write):
        return sent(client, address(row, keys), BODIES(keys).get(row.id, {}), **headers)
    return client.get(address(row, keys), headers=headers)


def sent(client: Client, where: str, body: object, **headers: str) -> Any:
    return client.post(where, json.dumps(body), content_type=JSON, headers=headers)


def BODIES(keys: Mapping[str, object]) -> Mapping[str, dict[str, object]]:
    """For each write something that can be read; whether it may be done is another matter."""
    party = str(keys.get("party", uuid4()))
    words: dict[str, object] = {"words": "My reasons."}
    delivery: dict[str, object] = {"line": str(uuid4()), "what": "A box of paper"}
    return {
        "propose": {
            "title": "A course",
            "why": "Because.",
            "starts": "2026-04-01",
            "ends": "2026-05-01",
            "lines": [{"party": party, "kind": "training_advisory", "what": "Course"}],
            "protocols": [str(uuid4())],
        },
        "assess": {"answers": builders.reasoned(builders.CAREFUL)},
        "advise": {"position": "support", **words},
        "decide": {"choice": "no", **words},
        "disown_decision": words,
        "deliver": delivery,
        "record_delivery": {**delivery, "happened": "2026-03-01T10:00:00Z"},
        "answer_breach": words,
        "look": {"result": "refused", "method": "visit", **words},
        "answer_commitment": {"answer": "kept", **words},
        **dict.fromkeys(("release", "go_on", "suspend", "withdraw"), words),
        "resume": {"put_right": "A room for children.", "evidence": "Seen."},
        "check_told": {"passes": True},
        "rewrite_told": words,
        "file_report": {
            "parties": [party],
            "what": "Heard.",
            "heard": "2026-03-01T10:00:00+01:00",
            "confidence": "heard",
        },
        "raise_seal": {"seal": "protection"},
        "grade_report": {"confidence": "plausible", **words},
        "weigh_allegation": {
            "route": "none",
            "standard": "not_enough",
            "factors": dict.fromkeys(credibility.FACTORS, "unknown"),
            **words,
        },
        "enter_party": {"name": "A unit", "kind": "unit"},
        "enter_tie": {"upper": party, "lower": str(uuid4()), "kind": "commands"},
        "assess_party": {"version": str(uuid4()), "answers": {}},
        "answer_match": {"same": True},
        "propose_protocol": {"text": "protocol: x", "filename": "x.yaml", "why": "Because."},
        "publish_protocol": words,
        "seat": {"person": str(uuid4())},
        **_of_the_loop(words),
        **_with_authorities(party, words),
    }


def _of_the_loop(words: Mapping[str, object]) -> dict[str, dict[str, object]]:
    place = str(uuid4())
    return {
        **{name: dict(words) for name in ("accept_effect", "reopen", "close_early")},
        **{name: dict(words) for name in ("raise_stakes", "write_handover")},
        "weigh_effects": {"struck": [{"why": "Not here.", "pathway": "x.y"}]},
        "suggest_effect": {"who": "Traders", "what": "Made to pay"},
        "second_read_effects": {"finds": "stands", **words},
        "match_report": {"report": str(uuid4()), "activity": str(uuid4()), **words},
        "answer_surprise": {"answer": "not_general", **words},
        "extra_look": {"place": place, "result": "nothing_grave", "method": "visit", **words},
        "read_look": {"verdict": "adequate", **words},
        "enter_facility": {"place": place, "looker": None},
        "name_custodian": {"place": place, "party": str(uuid4()), "starts": "2026-01-01"},
        "suspend_scope": {"scope": "unit", "party": str(uuid4()), **words},
        "lift": {"put_right": "A room for children.", "evidence": "Seen."},
        "renew": {"changed": dict.fromkeys(ASKED, "Nothing.")},
        "hold_meeting": {"items": [{"kind": "by_hand", "title": "Rations", "words": "Enough."}]},
    }


def _with_authorities(party: str, words: Mapping[str, object]) -> dict[str, dict[str, object]]:
    wording = {"addressee": "Ministry", "reference": "1", "words": {"subject": "Concern"}}
    return {
        "record_undertaking": {
            "party": party,
            "text": "An inquiry.",
            "promised_by": "Minister",
            "promised": "2026-02-01",
            "due": "2026-06-01T00:00:00Z",
            "source": "A letter",
        },
        "answer_undertaking": {"answer": "kept", **words},
        "record_step": {
            "report": str(uuid4()),
            "party": party,
            "kind": "investigated",
            "day": "2026-02-01",
            "office": "Court",
            "evidence": "Judgment 12",
            "evidenced": True,
        },
        "waive": {
            "undertaking": str(uuid4()),
            "kind": "unit",
            "until": "2026-06-01T00:00:00Z",
            **words,
        },
        "end_waiver": dict(words),
        "intercede": {
            "party": party,
            "rung": "concern",
            "scope": "unit",
            "threshold": "Two beatings.",
            "relied_on": "Two accounts.",
        },
        "approve_intercession": {"approves": True, **words},
        "answer_intercession": {"answer": "promised", "on": "2026-03-02", **words},
        "write_letter": {"party": party, "language": "en", "wording": wording},
        "rewrite_letter": dict(wording),
        "check_letter": {
            "words_tell": False,
            "words_why": "Many know.",
            "timing_tells": False,
            "timing_why": "No visit.",
        },
        "send_letter": {"channel": "by_hand", "sent_on": "2026-03-02"},
    }
