"""Answers as a form sends them, to answers as the core takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from primum.core.protocol import CELLS, Domain, Kind, Question, Section
from primum.web import answers

DOMAINS: Mapping[str, Domain] = {
    "armed": Domain(Kind.YES_NO, ("yes", "no")),
    "heard": Domain(Kind.SEVERAL, ("women", "elders")),
    "held": Domain(Kind.NUMBER),
    "worth": Domain(Kind.MONEY, currency="USD"),
    "aim": Domain(Kind.TEXT),
    "since": Domain(Kind.DATE),
    "who": Domain(Kind.PARTY),
    "where": Domain(Kind.PLACE),
    "seen": Domain(Kind.PEOPLE),
    "papers": Domain(Kind.EVIDENCE),
}
QUESTIONS = [Question(name, Section.HARM, {"en": name}, domain) for name, domain in DOMAINS.items()]


def read(**form: str | Sequence[str]) -> dict[str, object]:
    plain = {
        "q-" + name.replace("__", "-"): [value] if isinstance(value, str) else list(value)
        for name, value in form.items()
    }
    return answers.read(plain, QUESTIONS)


def test_every_kind() -> None:
    assert read(
        armed="yes",
        heard=["women", "elders"],
        held="4",
        aim=" Safety ",
        since="2026-03-01",
        who=["a", "b"],
        where="c",
        seen__girls="2",
        seen__men="10–12",
        papers="one\n\n two ",
    ) == {
        "armed": "yes",
        "heard": ["women", "elders"],
        "held": "4",
        "aim": "Safety",
        "since": "2026-03-01",
        "who": ["a", "b"],
        "where": "c",
        "seen": {"girls": "2", "men": {"min": "10", "max": "12"}},
        "papers": ["one", "two"],
    }


def test_blank_is_absent() -> None:
    assert read(armed="", heard=[], held=" ", seen__girls="", papers="\n") == {}


def test_least_and_most() -> None:
    assert read(held="4", held__max="9") == {"held": {"min": "4", "max": "9"}}
    assert read(held__max="9") == {"held": {"min": "", "max": "9"}}


@pytest.mark.parametrize("name", sorted(DOMAINS))
def test_unknown_because(name: str) -> None:
    form = {f"q-{name}": ["?"], f"q-{name}-because": [" not visited "]}
    assert answers.read(form, QUESTIONS) == {name: {"unknown": "not visited"}}
    del form[f"q-{name}"]
    assert answers.read(form, QUESTIONS) == {name: {"unknown": "not visited"}}


def test_unknown_without_a_reason_is_for_the_core_to_refuse() -> None:
    assert read(armed="?") == {"armed": {"unknown": ""}}


def test_what_an_answer_rests_on() -> None:
    assert read(armed="yes", armed__evidence="file 3\nfile 4") == {
        "armed": {"answer": "yes", "evidence": ["file 3", "file 4"]}
    }
    assert read(armed="?", armed__because="why", armed__evidence="file 3") == {
        "armed": {"unknown": "why", "evidence": ["file 3"]}
    }
    assert read(armed__evidence="file 3") == {}


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1 200", "1200"),
        ("1,200", "1200"),
        ("12,500.50", "12500.50"),
        ("١٢", "12"),
        ("2,5", "2,5"),
        ("about three", "about three"),
    ],
)
def test_numbers_as_people_write_them(typed: str, plain: str) -> None:
    """A comma that could be a decimal one is never guessed away: the core then asks again."""
    assert read(held=typed) == {"held": plain}


def test_every_cell_has_a_field() -> None:
    form = {f"seen__{cell}": "1" for cell in CELLS}
    assert read(**form) == {"seen": dict.fromkeys(CELLS, "1")}
