"""A stored Ruling weighed again: the same bytes, or a word on why it cannot be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.protocol import (
    FACTS,
    Answers,
    Facts,
    Protocol,
    Value,
    canonical,
    read_answers,
    read_facts,
    replay,
    ruling_to_json,
    weigh,
)
from tests.core.protocol.small import (
    answered,
    answers,
    known_values,
    number,
    protocol,
    protocols,
    question,
    rule,
)

KEY = "01234567-89ab-cdef-0123-456789abcdef"
SMALL = protocol(
    rule("armed_eyes", "armed == yes"),
    rule("reported", "party.breaches_12_months >= 1 or hurt.girls > 2"),
)


def stored(small: Protocol, given_answers: Answers, facts: Facts | None = None) -> dict[str, Any]:
    """The Ruling as it comes out of the database years later."""
    text = canonical(ruling_to_json(weigh(small, given_answers, facts)))
    return dict(json.loads(text))


def again(small: Protocol, kept: dict[str, Any]) -> str:
    return canonical(ruling_to_json(replay(small, kept)))


@given(protocols(), known_values(), st.booleans())
def test_the_same_bytes(small: Protocol, some: dict[str, Value], words: bool) -> None:
    given_answers = answered(some)
    if words:
        more: dict[str, Value] = {
            "aim": "peace",
            "where": KEY,
            "papers": ("FILE-7",),
            "partners": frozenset({KEY}),
        }
        given_answers = Answers({**given_answers.known, **more})
    kept = stored(small, given_answers)
    assert again(small, kept) == canonical(kept)


@given(
    st.dictionaries(st.sampled_from(sorted(FACTS)), st.integers(0, 4)),
    known_values(),
)
def test_the_same_bytes_with_facts(raw: dict[str, int], some: dict[str, Value]) -> None:
    facts = read_facts(
        {
            name: value
            if not (options := FACTS[name].domain.options)
            else options[value % len(options)]
            for name, value in raw.items()
        }
    )
    named = " or ".join(
        f"{name} == {domain.options[0] if domain.options else 1}"
        for name, domain in ((name, fact.domain) for name, fact in FACTS.items())
    )
    small = protocol(rule("facts", named), rule("many", "held >= 3"))
    kept = stored(small, answered(some), facts)
    assert again(small, kept) == canonical(kept)


def test_unknown_reasons_and_evidence_are_not_needed() -> None:
    """Words may be erased; the Ruling is weighed again without them."""
    small = protocol(
        rule("armed_eyes", "armed == yes"),
        questions=(question("armed", required=True), question("held")),
    )
    raw = {"armed": {"unknown": "nobody went", "evidence": "FILE-7"}, "held": 3}
    kept = stored(small, read_answers(small, raw))
    assert again(small, kept) == canonical(kept)
    assert "nobody went" not in canonical(kept)


def test_an_altered_ruling_is_seen() -> None:
    kept = stored(SMALL, answers(armed="yes"))
    kept["lowest"] = "low"
    assert again(SMALL, kept) != canonical(kept)


def test_a_changed_rule_is_seen() -> None:
    """Were a version's text to change under its digest, the bytes would tell."""
    kept = stored(SMALL, answers(armed="yes"))
    harsher = replace(SMALL, rules=(*SMALL.rules, rule("more", "armed == yes")))
    assert again(harsher, kept) != canonical(kept)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": "1" * 64}, "it was weighed by another version of the protocol"),
        ({"semantics": 99}, "no way of weighing has the number 99"),
        (
            {"snapshot": {"answers": {"gone": "yes"}, "facts": {}}},
            'its snapshot answers "gone", which is not asked',
        ),
        (
            {"snapshot": {"answers": {}, "facts": {"party.gone": 3}}},
            'its snapshot holds "party.gone", which is no registered fact',
        ),
        (
            {"snapshot": {"answers": {"armed": "perhaps"}, "facts": {}}},
            '"perhaps" is not one of: yes, no',
        ),
    ],
)
def test_what_cannot_be_weighed_again_says_why(change: dict[str, Any], says: str) -> None:
    kept = {**stored(SMALL, answers(armed="yes", held=number(2))), **change}
    with pytest.raises(ValueError, match=f"^{re.escape(says)}$"):
        replay(SMALL, kept)
