"""Questions that several protocols share, and bundles that are complete in themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from primum import protocols
from primum.core.protocol import (
    Authority,
    Library,
    Protocol,
    ProtocolError,
    Section,
    parse,
    weigh,
)
from primum.core.protocol.answers import read_answers
from primum.core.vocabulary import Level
from primum.protocols import bundle, libraries, library
from primum.protocols import reader as reader_module
from tests.protocols.test_mistakes import AUTHORITY, GOOD

PEOPLE = """\
library: people
languages: [en, fr]
review: needed
questions:
  - id: groups
    section: harm
    ask: {en: 'Is anybody at risk?', fr: 'Quelqu’un est-il en danger ?'}
    kind: yes_no
    required: yes
    cites: a policy
  - id: hurt
    section: harm
    ask: {en: 'Who was hurt?', fr: 'Qui a été blessé ?'}
    kind: people
    worse: more
    when: groups == yes
"""
USING = """\
protocol: using
title: {en: Using, fr: Usage}
languages: [en, fr]
questions:
  - use: people.groups
  - {use: people.hurt, required: yes}
rules:
  - id: children
    when: groups == yes and hurt.girls >= 1
    level: high
    says: {en: Children., fr: Des enfants.}
    cites: a page
assesses: assesses
decides: {ordinary: head, high: deputy, leadership: chief}
lease: 90d
watch: 365d
"""


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package whose one library is the one above."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.setattr(reader_module, "files", lambda _package: tmp_path)
    yield folder


def mistakes(text: str, authority: Authority | None = None) -> list[str]:
    with pytest.raises(ProtocolError) as error:
        protocols.parse(text, "using.yaml", authority, thorough=True)
    return str(error.value).splitlines()


def edited(old: str, new: str, text: str = USING) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


class TestUse:
    def test_a_question_comes_with_all_that_is_said_of_it(self) -> None:
        read = protocols.parse(USING, thorough=True)
        groups, hurt = read.questions
        assert (groups.library, groups.required, groups.cites) == ("people", True, "a policy")
        assert groups.ask["fr"] == "Quelqu’un est-il en danger ?"
        assert groups.material, "the condition of another question names it"
        assert hurt.when is not None
        assert (hurt.when.source, hurt.required, hurt.worse) == ("groups == yes", True, "more")
        assert read.libraries == ("people",)

    def test_rules_name_it_and_its_cells(self) -> None:
        read = protocols.parse(USING)
        ruling = weigh(read, read_answers(read, {"groups": "yes", "hurt": {"girls": 1}}))
        assert ruling.lowest is Level.HIGH

    def test_a_protocol_may_say_some_of_it_anew(self) -> None:
        text = edited(
            "- use: people.groups",
            "- {use: people.groups, section: do, required: no, changeable: yes, material: yes}",
        )
        groups = protocols.parse(text).by_id["groups"]
        assert (groups.section, groups.required) == (Section.DO, False)
        assert (groups.changeable, groups.material) == (True, True)

    def test_even_when_it_is_asked(self) -> None:
        text = edited(
            "{use: people.hurt, required: yes}",
            "{use: people.hurt, when: groups != yes, worse: less}",
        )
        hurt = protocols.parse(text).by_id["hurt"]
        assert hurt.when is not None and hurt.when.source == "groups != yes"
        assert hurt.worse == "less"

    def test_and_who_reads_it(self) -> None:
        text = edited("- use: people.groups", "- {use: people.groups, read_by: head}")
        assert protocols.parse(text).by_id["groups"].read_by == {"head"}
        assert mistakes(edited("read_by: head", "read_by: hed", text), AUTHORITY) == [
            'using.yaml:5:35: "hed" is not a duty of this mission; did you mean "head"?'
        ]

    def test_use_may_stand_anywhere_in_its_entry(self) -> None:
        text = edited("- use: people.groups", "- required: no\n    'use': \"people.groups\"")
        assert not protocols.parse(text).by_id["groups"].required


CASES = [
    (
        "- use: people.groups",
        "- use: peple.groups",
        [
            '5:10: "peple" is not a library of questions; did you mean "people"?',
        ],
    ),
    (
        "- use: people.groups",
        "- use: zzz.groups",
        [
            '5:10: "zzz" is not a library of questions; add a file of that name to the libraries',
        ],
    ),
    (
        "  - use: people.groups\n",
        "",
        [
            '5:11: "hurt" depends on "groups"; use that question too, above it',
            '8:11: "groups" is not a question of this protocol nor a registered fact',
        ],
    ),
    (
        "people.groups",
        "people.goups",
        [
            '5:10: "goups" is not a question of the library people; did you mean "groups"?',
        ],
    ),
    (
        "people.groups",
        "groups",
        [
            '5:10: "groups" names no question; write the library, a point and the question',
        ],
    ),
    (
        "- use: people.groups",
        "- {use: people.groups, ask: {en: A, fr: B}}",
        [
            '5:26: "ask" is not a key of a question; known keys: changeable,'
            " material, read_by, required, section, use, when, worse",
        ],
    ),
    (
        "- {use: people.hurt, required: yes}",
        "- {use: people.hurt, required: yes}\n  - use: people.hurt",
        ['7:10: "hurt" is already used above; rename one of the two'],
    ),
    (
        "  - {use: people.hurt",
        "  - {id: hurt, section: do, ask: {en: A, fr: B}, kind: number}\n  - {use: people.hurt",
        [
            '7:11: "hurt" is already used above; rename one of the two',
        ],
    ),
    (
        "- use: people.groups",
        "- {id: groups, section: do, ask: {en: A, fr: B}, kind: number}",
        [
            '6:11: "hurt" depends on "groups" of people, and another question has that name here;'
            " rename it",
            "9:21: yes is a word, but groups takes a number",
        ],
    ),
    (
        "- {use: people.hurt, required: yes}",
        "- {use: people.hurt, when: hurt.men > 2}",
        ['6:30: a cycle: "hurt" waits for its own answer'],
    ),
    (
        "hurt.girls >= 1",
        "hurt >= 1",
        [
            "9:29: hurt is counted apart; name one of its cells: girls, boys, women, men,"
            " older_women, older_men, not_known"
        ],
    ),
    (
        "hurt.girls >= 1",
        "hurt.grils >= 1",
        [
            '9:29: "hurt.grils" is not a question of this protocol nor a registered fact; did you'
            ' mean "hurt.girls"?'
        ],
    ),
    (
        "hurt.girls >= 1",
        "hurt.girls < 1",
        [
            '8:9: "hurt.girls" is said to be worse when it is more, but rule "children" can turn'
            " lighter by it; compare it the other way round"
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_a_mistake(old: str, new: str, expected: list[str]) -> None:
    assert mistakes(edited(old, new)) == [f"using.yaml:{line}" for line in expected]


def test_a_translation_that_the_library_lacks() -> None:
    arabic = USING.replace("languages: [en, fr]", "languages: [en, fr, ar]")
    said = mistakes(arabic)
    assert "using.yaml:5:10: the library people has no ar translation; add it there" in said
    assert "using.yaml:6:11: the library people has no ar translation; add it there" in said


class TestLibrary:
    def test_it_is_read(self) -> None:
        found = library(PEOPLE)
        assert isinstance(found, Library)
        assert (found.id, found.languages, list(found.questions)) == (
            "people",
            ("en", "fr"),
            ["groups", "hurt"],
        )

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("library: people", "library: My people", '1:10: "My people" cannot name a library'),
            ("languages: [en, fr]\n", "", "1:1: a library has no languages; add languages:"),
            ("kind: people", "kind: persons", '14:11: "persons" is no kind; it is one of'),
            ("groups == yes", "party.record == none", '16:11: "party.record" is a fact; asking'),
            ("- id: hurt\n", "- use: b.hurt\n", "11:10: a library takes no question from another"),
            ("review: needed", "rules: []", '3:1: "rules" is not a key of a library; known keys'),
        ],
    )
    def test_a_mistake_in_it(self, old: str, new: str, expected: str) -> None:
        with pytest.raises(ProtocolError) as error:
            library(edited(old, new, PEOPLE), "people.yaml")
        said = str(error.value).splitlines()
        assert any(line.startswith(f"people.yaml:{expected}") for line in said), said

    def test_one_that_asks_nothing(self) -> None:
        head = PEOPLE[: PEOPLE.index("questions:")]
        with pytest.raises(ProtocolError, match="4:12: a library asks at least one question"):
            library(head + "questions: []\n")

    def test_a_mistake_in_one_that_ships_is_placed_in_its_own_file(self, shipped: Path) -> None:
        (shipped / "people.yaml").write_text(edited("kind: people", "kind: persons", PEOPLE))
        assert mistakes(USING)[0].startswith('library/people.yaml:14:11: "persons" is no kind')

    def test_libraries_are_listed(self, shipped: Path) -> None:
        assert libraries() == ("people",)
        (shipped / "people.yaml").unlink()
        assert libraries() == ()
        shipped.rmdir()
        assert libraries() == (), "a package without a folder of them has none"


class TestBundle:
    def test_it_is_complete_in_itself(self, shipped: Path) -> None:
        """Published years ago, it reads the same whatever became of the files."""
        whole = bundle(USING)
        before = protocols.parse(USING)
        (shipped / "people.yaml").unlink()
        assert protocols.parse(whole) == before
        assert protocols.parse(whole).version == before.version
        assert mistakes(USING)[0].startswith('using.yaml:5:10: "people" is not a library')

    def test_made_twice_it_is_the_same(self) -> None:
        assert bundle(bundle(USING)) == bundle(USING)
        assert bundle(GOOD) == GOOD, "what uses no library is its own bundle"

    def test_a_changed_library_makes_another_version(self, shipped: Path) -> None:
        before = protocols.parse(USING).version
        (shipped / "people.yaml").write_text(PEOPLE + "# checked\n", encoding="utf-8")
        assert protocols.parse(USING).version != before

    def test_a_changed_library_nobody_uses_changes_nothing(self, shipped: Path) -> None:
        before = protocols.parse(USING).version
        (shipped / "other.yaml").write_text(PEOPLE.replace("people", "other"), encoding="utf-8")
        assert protocols.parse(USING).version == before

    @pytest.mark.parametrize(
        "head",
        ["---\n", "# who wrote it\n---\n", "\ufeff---\n", "%YAML 1.1\n---\n", "\n--- # now\n"],
    )
    def test_a_mark_before_the_first_document_begins_nothing_new(self, head: str) -> None:
        whole = bundle(head + USING)
        assert whole.startswith(head)
        assert "library: people" in whole
        assert protocols.parse(whole).id == "using"

    def test_words_that_only_look_like_a_use_take_nothing(self) -> None:
        """In a comment, or in a sentence, it is a word."""
        comment = GOOD + "# - use: people.groups\n"
        assert bundle(comment) == comment
        sentence = GOOD.replace("the policy, part 2", "use people.groups")
        assert bundle(sentence) == sentence

    def test_a_text_without_a_line_end_is_bundled_too(self) -> None:
        assert protocols.parse(USING.removesuffix("\n")).version == protocols.parse(USING).version

    def test_what_is_not_yaml_is_not_bundled(self) -> None:
        assert mistakes("a: [1, 2")[0].startswith("using.yaml:2:1: this is not YAML: ")

    HOSTILE = (
        ("- a list", "18:1: a second document begins here; put it in a file of its own"),
        ("protocol: other", "18:1: a second document begins here; put it in a file of its own"),
        ("", "18:1: a second document begins here; put it in a file of its own"),
        ("library: people", "18:1: a library has no languages; add languages:"),
        (
            "library: &a people",
            "18:10: anchors and aliases (& and *) are not read; write the value out",
        ),
        (
            "library: !!python/object/apply:os.system [x]",
            "18:10: tags (!) are not read; write the value plainly",
        ),
        ("library: [", "19:1: this is not YAML: "),
        (PEOPLE + "---\n" + PEOPLE, '35:1: the library "people" is given twice; keep one'),
        (
            PEOPLE.replace("kind: yes_no", "kind: money"),
            "25:11: money has no currency; add currency: USD",
        ),
    )

    @pytest.mark.parametrize(("second", "expected"), HOSTILE)
    def test_a_hostile_second_document(self, second: str, expected: str) -> None:
        said = mistakes(USING + "---\n" + second)
        assert any(line.startswith(f"using.yaml:{expected}") for line in said), said

    def test_more_libraries_than_anybody_shares(self) -> None:
        said = mistakes(USING + "---\nlibrary: x\n" * 40)
        assert said[-1].endswith("the file holds more than 30 libraries")

    def test_a_bundle_too_large_is_not_made(self, shipped: Path) -> None:
        """What could not be read again later is refused now."""
        (shipped / "people.yaml").write_text(PEOPLE + "# long\n" * 100_000, encoding="utf-8")
        text = USING + "# long\n" * 60_000
        assert mistakes(text) == [
            "using.yaml:1:1: the file is larger than a megabyte; a protocol is a few pages"
        ]


def test_check_tells_a_library_from_a_protocol() -> None:
    """By what it says it is, wherever in the file it says so."""
    assert isinstance(protocols.check(PEOPLE, "people.yaml"), Library)
    headed = "# shared\nlanguages: [en, fr]\n" + PEOPLE.replace("languages: [en, fr]\n", "")
    assert isinstance(protocols.check(headed, "people.yaml"), Library)
    assert isinstance(protocols.check(USING, "using.yaml"), Protocol)


def test_a_cycle_is_told_as_one() -> None:
    asked = "  - {{id: {}, section: do, ask: {{en: A, fr: A}}, kind: yes_no, when: {} == yes}}\n"
    text = USING.replace(
        "  - use: people.groups\n  - {use: people.hurt, required: yes}\n",
        "".join(asked.format(*pair) for pair in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "e")))
        + "  - {id: e, section: do, ask: {en: B, fr: B}, kind: yes_no}\n"
        + "  - {id: hurt, section: do, ask: {en: B, fr: B}, kind: people, when: d == yes}\n",
    ).replace("when: groups == yes and hurt", "when: d == yes and hurt")
    assert mistakes(text) == [
        'using.yaml:5:67: a cycle: "a" is asked after "b", which is asked after "a"',
        'using.yaml:6:67: a cycle: "b" is asked after "c", which is asked after "b"',
        'using.yaml:8:67: "e" is asked further down; move it above "d"',
    ]


def test_rules_may_name_cells() -> None:
    names = protocols.parse(USING).names
    assert parse("hurt.older_women > 0", names)
