"""YAML to nodes: where things stand, what is refused, and that nothing is ever constructed."""

from __future__ import annotations

import hashlib
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from primum.core.protocol import ProtocolError, did_you_mean
from primum.protocols import available, load, parse, plain, text_of
from primum.protocols import reader as reader_module
from tests.protocols.test_mistakes import GOOD


def refused(text: str | bytes) -> list[str]:
    with pytest.raises(ProtocolError) as error:
        plain(text, "a.yaml")
    return str(error.value).splitlines()


def test_every_scalar_stays_the_text_that_was_written() -> None:
    """YAML 1.1 reads no as false, 12:30 as 750, 010 as 8 and 1e3 as a thousand."""
    text = "[no, yes, 12:30, 010, 1e3, 0x1F, 2026-01-31, null, .inf, '~', \"\"]"
    assert plain(text) == [
        *("no", "yes", "12:30", "010", "1e3", "0x1F", "2026-01-31", "null", ".inf", "~", "")
    ]


def test_nothing_written_is_none() -> None:
    assert plain("a:\nb: ~\nc: ''") == {"a": None, "b": None, "c": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a.yaml:1:1: the file is empty"),
        ("# only a comment\n", "a.yaml:1:1: the file is empty"),
        (
            "a: &x 1\nb: *x",
            "a.yaml:1:4: anchors and aliases (& and *) are not read; write the value out",
        ),
        (
            "a: !!python/name:os.system x",
            "a.yaml:1:4: tags (!) are not read; write the value plainly",
        ),
        ("a: !local x", "a.yaml:1:4: tags (!) are not read; write the value plainly"),
        ("a: !!map {b: c}", "a.yaml:1:4: tags (!) are not read; write the value plainly"),
        ("a: 1\nb: 2\na: 3", 'a.yaml:3:1: "a" is given twice, first on line 1; keep one'),
        ("{b: {a: 1, a: 2}}", 'a.yaml:1:12: "a" is given twice, first on line 1; keep one'),
        (
            "a: 1\n---\nb: 2",
            "a.yaml:3:1: a second document begins here; put it in a file of its own",
        ),
        ("? [a, b]\n: c", "a.yaml:1:3: a key is a word; this is a list or a mapping"),
        ("? {a: b}\n: c", "a.yaml:1:3: a key is a word; this is a list or a mapping"),
        ('a: "b\\0c"', "a.yaml:1:4: the character U+0000 is hidden here; remove it"),
        ('a: "b\\u202Ec"', "a.yaml:1:4: the character U+202E is hidden here; remove it"),
        ("a: b\u202ec", "a.yaml:1:4: the character U+202E is hidden here; remove it"),
        ("a: 1\nb: x\x07y", "a.yaml:2:5: the character U+0007 cannot stand in YAML; remove it"),
        ("a: 1\r\nb: \x00", "a.yaml:2:4: the character U+0000 cannot stand in YAML; remove it"),
        ("a: \ud800", "a.yaml:1:1: the text holds half a character; paste it again"),
    ],
)
def test_it_refuses(text: str, expected: str) -> None:
    assert expected in refused(text)


def test_an_alias_and_its_anchor_are_both_named() -> None:
    assert [line.split(": ")[0] for line in refused("a: &x 1\nb: *x")] == [
        "a.yaml:1:4",
        "a.yaml:2:4",
    ]


def test_an_escape_that_names_half_a_character() -> None:
    (said,) = refused('a: "\\ud800"')
    assert said.startswith("a.yaml:1:")


@pytest.mark.parametrize("loader", [yaml.SafeLoader, reader_module.LOADER])
def test_an_escape_beyond_all_characters(loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "LOADER", loader)
    (said,) = refused('a: "\\UFFFFFFFF"')
    assert said.startswith("a.yaml:1:")


@pytest.mark.parametrize("text", ["a: [1, 2", "a: b: c", "\tx: 1", "a: 'b", "- a\nb: c", "%", "@"])
def test_what_is_not_yaml_says_where(text: str) -> None:
    (said,) = refused(text)
    assert ": this is not YAML: " in said


def test_what_is_not_utf_8_says_on_which_line() -> None:
    said = refused("a: 1\nb: é\n".encode("latin-1"))
    assert said == ["a.yaml:2:1: this line is not in UTF-8; save the file as UTF-8"]
    assert refused(b"\xff\xfea\x00")[0].startswith("a.yaml:1:1: this line is not in UTF-8")


def test_a_byte_order_mark_is_neither_read_nor_counted() -> None:
    assert plain(b"\xef\xbb\xbfa: 1") == {"a": "1"}
    assert refused(b"\xef\xbb\xbfa: !t 1")[0].startswith("a.yaml:1:4: ")


@pytest.mark.parametrize(
    "text", ["a" * 1_000_001, b"a" * 1_000_001, "\N{ARABIC LETTER ALEF}" * 600_000]
)
def test_a_file_too_large_is_not_read(text: str | bytes) -> None:
    assert refused(text) == [
        "a.yaml:1:1: the file is larger than a megabyte; a protocol is a few pages"
    ]


def test_too_many_values_are_cut_off() -> None:
    (said,) = refused("- a\n" * 30_000)
    assert said.endswith("the file holds more than 20,000 values; split it")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_is_cut_off_at_once(opening: str) -> None:
    begin = time.perf_counter()
    (said,) = refused(opening * 100_000)
    assert said.endswith("values are nested deeper than 30; this is a slip of the pen")
    assert time.perf_counter() - begin < 5


def test_thirty_deep_is_read() -> None:
    assert plain("[" * 30 + "]" * 30)


def test_a_small_file_cannot_be_made_to_grow() -> None:
    """The billion laughs are refused at the first anchor; none is ever followed."""
    text = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    assert len(refused(text)) == 61


class TestPlaces:
    def place(self, text: str, find: str) -> tuple[int, int]:
        root, mistakes = reader_module._Document(text, "a.yaml").root()
        assert not mistakes
        assert not isinstance(root.value, str | tuple)
        (node,) = [value for key, value in root.value.items() if key.value == "a"]
        assert isinstance(node.value, str)
        return node.at(node.value.index(find))

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: bcd", (1, 5)),
            ("  a:   bcd", (1, 9)),
            ("# ü\na: ébcd", (2, 6)),
            ("x: 1\r\na: bcd", (2, 5)),
            ("a: |\n  bbb\n  xcd", (3, 4)),
            ("a: |-\n      xxx\n      xcd", (3, 8)),
            ("a: |\n\n   xcd", (3, 5)),
            ("a: |2\n    xcd", (2, 6)),
            ("# one\x85# two\na: |\n  xcd", (4, 4)),
        ],
    )
    def test_a_character_is_found_where_it_was_written(
        self, text: str, place: tuple[int, int]
    ) -> None:
        assert place == self.place(text, "cd")


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", None)])
def test_both_parsers_place_alike(loader: type | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if loader is None:
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(reader_module, "LOADER", loader)
    text = GOOD.replace("when: worth > 50000", "when: |\n      # ümlaut\n      wroth > 1")
    with pytest.raises(ProtocolError) as error:
        parse(text)
    assert [(m.line, m.column) for m in error.value.mistakes] == [(40, 7)]
    assert parse(GOOD).id == "post-visit"


@given(st.text() | st.binary())
def test_no_file_brings_anything_but_its_own_error(text: str | bytes) -> None:
    try:
        parse(text)
    except ProtocolError as error:
        assert error.mistakes


@given(st.lists(st.sampled_from(GOOD.splitlines(keepends=True)), max_size=30))
def test_no_heap_of_lines_brings_anything_but_its_own_error(lines: list[str]) -> None:
    try:
        parse("".join(lines))
    except ProtocolError as error:
        assert error.mistakes


@given(st.data())
def test_a_good_protocol_with_one_thing_changed_is_read_or_explained(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 1))
    end = data.draw(st.integers(at, min(at + 12, len(GOOD))))
    put = data.draw(st.sampled_from(["", "x", ":", "- ", "[", "]", "'", "&a ", "!t ", "\n", "…"]))
    try:
        parse(GOOD[:at] + put + GOOD[end:])
    except ProtocolError as error:
        assert all(mistake.line >= 1 and mistake.column >= 1 for mistake in error.mistakes)


def test_the_version_is_the_digest_of_the_text() -> None:
    assert parse(GOOD).version == hashlib.sha256(GOOD.encode()).hexdigest()
    assert parse(GOOD.encode()).version == parse(GOOD).version
    marked = "\ufeff" + GOOD
    assert parse(marked).version == hashlib.sha256(marked.encode()).hexdigest(), "as it is"
    assert parse(GOOD + "# a word more\n").version != parse(GOOD).version


def test_what_ships_is_listed_and_loads_once() -> None:
    assert "support-to-security-forces" in available()
    for name in available():
        assert load(name) is load(name)
        assert load(name).id == name
        assert parse(text_of(name)).version == load(name).version


@pytest.mark.parametrize("name", ["suport-to-security-forces", "../reader", "", "/etc/passwd"])
def test_another_name_is_not_found(name: str) -> None:
    with pytest.raises(LookupError, match="is not a protocol that ships"):
        load(name)


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(LookupError, match='did you mean "support-to-security-forces"'):
        load("suport-to-security-forces")
    assert did_you_mean("x" * 10_000, ["x"]) == ""
