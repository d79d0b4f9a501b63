"""A Ruling kept as text: back again, and the same bytes every time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from primum.core.protocol import (
    Protocol,
    Value,
    canonical,
    digest,
    ruling_from_json,
    ruling_to_json,
    weigh,
)
from primum.core.vocabulary import Level
from tests.core.protocol.small import (
    answered,
    answers,
    known_values,
    number,
    protocol,
    protocols,
    rule,
    stop,
)

SMALL = protocol(
    replace(rule("armed_eyes", "armed == yes", Level.HIGH), audience=frozenset({"b", "a"})),
    rule("many", "held >= 3", Level.BARRED),
    hard_stops=(stop("many"),),
)
RULING = weigh(SMALL, answers(armed="yes", held=number(2, 4)))

GOLDEN_1 = (
    '{"advises":[],"commitments":[],"decides":{"high":["decides"],"leadership":["decides"],'
    '"ordinary":["decides"]},"expected":["high","barred"],'
    '"hard_stops":[{"certain":false,"passable_by":"nobody","rule":"many",'
    '"says":{"en":"Stop for many."}}],"highest":"barred","lowest":"high",'
    '"open_questions":["held"],"protocol":"small","reasons":['
    '{"audience":["a","b"],"certain":true,"cites":"page of armed_eyes","level":"high",'
    '"rule":"armed_eyes","says":{"en":"Because armed_eyes."}},'
    '{"audience":[],"certain":false,"cites":"page of many","level":"barred","rule":"many",'
    '"says":{"en":"Because many."}}],"recommendation":"not_yet","semantics":1,'
    '"snapshot":{"answers":{"armed":"yes","held":{"max":4,"min":2}},"facts":{}},'
    '"version":"' + "0" * 64 + '"}'
)
"""Semantics 1, byte for byte. It never changes: a new way of weighing gets a new number."""


def test_the_bytes_of_semantics_1_never_change() -> None:
    assert canonical(ruling_to_json(RULING)) == GOLDEN_1
    assert digest(RULING) == "7cecfc7844b561bc77a9b218e6c08069d6a20a7a3108e71288a5c808328cb74c"


@given(protocols(), known_values())
def test_a_ruling_comes_back_as_it_was(small: Protocol, some: dict[str, Value]) -> None:
    ruling = weigh(small, answered(some))
    text = canonical(ruling_to_json(ruling))
    back = ruling_from_json(json.loads(text))
    assert back == ruling
    assert canonical(ruling_to_json(back)) == text
    assert digest(back) == digest(ruling)


def test_the_order_of_keys_and_the_script_do_not_matter() -> None:
    assert (
        canonical({"b": 1, "a": "قرار"})
        == canonical({"a": "قرار", "b": 1})
        == ('{"a":"قرار","b":1}')
    )


def test_what_prints_in_two_ways_is_refused() -> None:
    with pytest.raises(ValueError, match="Out of range float values"):
        canonical({"a": float("nan")})


def test_another_level_is_another_digest() -> None:
    assert digest(RULING) != digest(replace(RULING, lowest=Level.LOW))
