"""What a way of weighing gave once, it gives for ever, byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import pytest

from primum.core.protocol import (
    SEMANTICS,
    Answers,
    Kind,
    canonical,
    replay,
    ruling_to_json,
    weigh,
)
from primum.core.vocabulary import Recommendation
from primum.protocols import bundle, parse
from tests.golden.freeze import (
    HERE,
    MANIFEST,
    cases_of,
    folder,
    freeze,
    manifest,
    protocol_of,
    weighed,
)

FROZEN: Mapping[int, str] = {
    1: "4e45adc70c0285f43671db4b6fd16a6dab1450b27653661e4832562968bc9a58",
}
"""Semantics number -> the digest of its manifest. A line here is never changed, only added."""
CASES = [(number, name) for number in FROZEN for name in cases_of(number)]


@pytest.mark.parametrize("number", FROZEN)
def test_what_is_frozen_stays_frozen(number: int) -> None:
    listed = manifest(number)
    assert (folder(number) / MANIFEST).read_text(encoding="utf-8") == listed
    assert hashlib.sha256(listed.encode()).hexdigest() == FROZEN[number], (
        "a golden file was changed; put it back, and add a semantics number instead"
    )


def test_every_way_of_weighing_is_frozen() -> None:
    assert set(FROZEN) == set(range(1, SEMANTICS + 1))
    assert {path.name for path in HERE.glob("semantics-*")} == {
        folder(number).name for number in FROZEN
    }
    with pytest.raises(ValueError, match=f"has the number {SEMANTICS + 1}"):
        weigh(protocol_of(SEMANTICS), Answers(), {}, SEMANTICS + 1)


@pytest.mark.parametrize(("number", "name"), CASES)
def test_weighed_anew_it_is_the_same(number: int, name: str) -> None:
    golden = (folder(number) / f"{name}.json").read_bytes()
    assert weighed(protocol_of(number), cases_of(number)[name], number).encode() == golden


@pytest.mark.parametrize(("number", "name"), CASES)
def test_replayed_from_its_own_snapshot_it_is_the_same(number: int, name: str) -> None:
    """Without the answers: the snapshot alone is enough."""
    golden = (folder(number) / f"{name}.json").read_text(encoding="utf-8")
    again = replay(protocol_of(number), json.loads(golden))
    assert canonical(ruling_to_json(again)) + "\n" == golden


@pytest.mark.parametrize("number", FROZEN)
def test_the_files_hold_what_the_language_has(number: int) -> None:
    """Every kind of answer, every recommendation: else a change could go unseen."""
    protocol = protocol_of(number)
    assert {question.kind for question in protocol.questions} == set(Kind)
    said = {
        json.loads((folder(number) / f"{name}.json").read_text(encoding="utf-8"))["recommendation"]
        for name in cases_of(number)
    }
    assert said == {each.value for each in Recommendation}
    assert len(cases_of(number)) >= 12


@pytest.mark.parametrize("number", FROZEN)
def test_the_protocol_is_complete_in_itself(number: int) -> None:
    text = (folder(number) / "protocol.yaml").read_text(encoding="utf-8")
    assert bundle(text) == text
    assert parse(text, thorough=True).libraries == ("people",)


def test_nothing_frozen_is_written_over() -> None:
    with pytest.raises(FileExistsError):
        freeze(SEMANTICS)
