"""The documentation says what there is, all of it, and nothing else."""

from __future__ import annotations

import argparse
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from primum.api.reads import READS
from primum.api.writes import WRITES
from primum.cli import docs, docs_errors
from primum.cli.trouble import Failed
from primum.core import authority, lifecycle
from primum.core.protocol import FACTS
from primum.core.vocabulary import Verb
from primum.protocols import available, load
from primum.site.environment import SETTINGS

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / f"{n}.md" for n in ("README", "CONTRIBUTING"))]
)
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ASSIGNED = re.compile(r"\w+=\S*")
SHORT = ("console", "sh")


def said(name: str) -> set[str]:
    return docs.headings((REFERENCE / f"{name}.md").read_text(encoding="utf-8"))


def test_the_reference_is_what_the_code_says() -> None:
    assert list(docs.faults(REFERENCE)) == []


def test_every_setting_has_a_heading() -> None:
    assert {setting.name for setting in SETTINGS} <= said("settings")


def test_every_command_and_option_has_a_heading() -> None:
    commands = said("commands")

    def check(parser: argparse.ArgumentParser, words: str) -> None:
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for word, under in action.choices.items():
                    assert f"{words}{word}" in commands
                    check(under, f"{words}{word} ")
            elif action.option_strings and "--help" not in action.option_strings:
                assert f"{words}{action.option_strings[-1]}" in commands

    check(docs.command_parser(), "")


def test_every_action_has_a_heading() -> None:
    found = [
        name
        for path in (ROOT / "src/primum/actions").glob("*.py")
        for name in re.findall(
            r"^def ([a-z]\w*)\(\s*\*,\s*by:", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert len(found) > 20
    assert set(found) <= said("actions")


def test_every_operation_has_a_heading() -> None:
    assert {row.id for row in (*READS, *WRITES)} <= said("api")


def test_every_move_and_who_may_make_it() -> None:
    text = (REFERENCE / "moves.md").read_text(encoding="utf-8")
    assert {verb.value for verb in Verb} <= said("moves")
    assert {move.verb for move in lifecycle.MOVES} | set(docs.ELSEWHERE) == set(Verb)
    for duty in {grant.duty for grant in authority.TABLE}:
        assert f"`{duty}`" in text
    for gate in authority.GATES:
        assert gate.shown in text


def test_every_refusal_has_a_heading() -> None:
    pattern = re.compile(r'(?:\bBecause\(|\brefuse\(\s*[\w.]+,)\s*"(\w+)"')
    found = {
        code
        for path in (ROOT / "src/primum").rglob("*.py")
        for code in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert {"looks_open", "advice_awaited", "sheet_kind"} <= found
    assert found <= said("errors")
    assert {"no_reasons", "no_title", "no_proof"} <= said("errors")  # made by `needs`


def _in_code(pattern: str, folder: str = "") -> set[str]:
    """What the program's own text says, found without the generator."""
    found = re.compile(pattern, re.MULTILINE)
    paths = (ROOT / "src/primum" / folder).rglob("*.py")
    return {each for path in paths for each in found.findall(path.read_text(encoding="utf-8"))}


def test_every_answer_that_cannot_be_taken_has_a_heading() -> None:
    found = _in_code(r'\bAnswerMistake\(\s*[^,()]+,\s*"(\w+)"') | _in_code(
        r'\bValueRefused\(\s*"(\w+)"'
    )
    assert {"required", "lines_say_more", "no_such_question", "range_reversed"} <= found
    assert {f"answer: {code}" for code in found} <= said("errors")


def test_every_error_of_the_database_has_a_heading_and_a_remedy() -> None:
    found = _in_code(r"\bPV\d{3}\b", "people/migrations") | _in_code(
        r"\bPV\d{3}\b", "cases/migrations"
    )
    assert {"PV001", "PV002", "PV003", "PV004"} <= found
    assert found == _in_code(r"\bERRCODE = '(PV\d{3})'")
    assert found <= said("errors")
    assert found == set(docs_errors.REMEDIES) == set(docs_errors.database())


def test_every_kind_of_error_has_a_heading() -> None:
    found = _in_code(r"^class ([A-Z]\w*)\((?:\w*Error|Exception)\):")
    assert {"EmbeddedError", "MissionError", "ExchangeError", "RowError", "Failed"} <= found
    assert found <= said("errors")


def test_what_the_commands_may_say_is_written_down() -> None:
    """Each kind with its sentences, filled-in words marked."""
    text = (REFERENCE / "errors.md").read_text(encoding="utf-8")
    for says in (
        "Others may read {path}. Close it first: chmod 600 {path}",
        "no post has the duty “{duty}”. Exactly one must.",
        "the file is empty. Fetch or export it again.",
        "No viewer: open `with viewing(viewer):` around the query.",
    ):
        assert says in text
    for name in ("EmbeddedError", "MissionError", "ExchangeError", "RowError", "Failed"):
        assert len(docs_errors.programs()[name].says) > 2, name


def test_a_new_error_without_a_heading_is_found(tmp_path: Path) -> None:
    """The check names it, whatever kind of error it is."""
    for name, page in docs.PAGES.items():
        (tmp_path / f"{name}.md").write_text(page.text(), encoding="utf-8")
    errors = tmp_path / "errors.md"
    text = errors.read_text(encoding="utf-8")
    lost = ("no_lines", "answer: no_words", "PV002", "MissionError")
    for name in lost:
        assert f"### {name}\n" in text
        text = text.replace(f"### {name}\n", f"{name}\n")
    errors.write_text(text, encoding="utf-8")
    found = "\n".join(docs.faults(tmp_path))
    for name in lost:
        assert f"errors.md has no heading “{name}”." in found


def test_every_page_has_a_heading() -> None:
    def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns)
            elif pattern.name:
                yield pattern.name

    found = set(names(get_resolver().url_patterns))
    assert {"desk", "activity", "account_login"} <= found
    assert found <= said("pages")


@pytest.mark.parametrize("name", available())
def test_every_protocol_with_its_questions_and_rules(name: str) -> None:
    text = (REFERENCE / "protocols.md").read_text(encoding="utf-8")
    rules = load(name)
    assert name in said("protocols")
    ids = [
        *(question.id for question in rules.questions),
        *(rule.id for rule in rules.rules),
        *(stop.rule for stop in rules.hard_stops),
        *(offer.id for offer in rules.commitments),
        *(look.id for look in rules.looks),
    ]
    for each in ids:
        assert f"| `{each}`" in text
    for rule in rules.rules:
        assert rule.cites in text and rule.says["en"] in text


def test_every_fact_has_a_heading() -> None:
    assert set(FACTS) <= said("facts")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{page.name}: {target}"
        if anchor and path.suffix == ".md":
            slugs = anchors(docs.headings(path.read_text(encoding="utf-8")))
            assert anchor in slugs, f"{page.name}: {target}"


def test_every_page_is_found_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / target).resolve() for target in LINK.findall(index.read_text())}
    assert set((ROOT / "docs").rglob("*.md")) - linked == {index}


def anchors(headings: Iterable[str]) -> set[str]:
    """A heading that comes again is numbered from its second time on."""
    found: set[str] = set()
    times: Counter[str] = Counter()
    for each in map(slug, headings):
        found.add(f"{each}-{times[each]}" if times[each] else each)
        times[each] += 1
    return found


def slug(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.lower())
    return plain.replace(" ", "-")


def commands_in(page: Path) -> Iterator[list[str]]:
    """Each command line of the page's blocks, as words; what pipes it elsewhere is cut off."""
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines() if language in SHORT else ():
            words = shlex.split(line.strip(), comments=True)
            while words and ASSIGNED.fullmatch(words[0]):
                words.pop(0)
            ends = [at for at, word in enumerate(words) if word in ("|", ">", "&&")]
            if words:
                yield words[: min(ends, default=len(words))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_shown_are_commands(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = docs.command_parser()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in commands_in(page):
        if words[0] == "primum":
            try:
                parser.parse_args(words[1:])
            except SystemExit:
                pytest.fail(f"{' '.join(words)}: {capsys.readouterr().err}")
        elif words[0] == "make":
            assert set(words[1:]) <= targets, " ".join(words)
    for target in re.findall(r"`make ([a-z-]+)`", page.read_text(encoding="utf-8")):
        assert target in targets


def test_files_named_in_the_pages_exist() -> None:
    """A path in code marks is one of the checkout, from its root or from the package."""
    for page in PAGES:
        for name in re.findall(r"`([\w.-]+/[\w./-]+\.\w+)`", page.read_text(encoding="utf-8")):
            here = (ROOT / name, ROOT / "src" / "primum" / name)
            assert any(path.exists() for path in here), f"{page.name}: {name}"


def test_settings_named_in_the_pages_exist() -> None:
    known = {setting.name for setting in SETTINGS} | {"PRIMUM_REAL_DATA"}
    for page in PAGES:
        found = set(re.findall(r"\bPRIMUM_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
        assert found <= known, page.name


def test_the_dependencies_page_names_each_one() -> None:
    text = (ROOT / "docs/decisions/0007-dependencies.md").read_text(encoding="utf-8")
    for line in (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines():
        name = re.match(r"[\w-]+", line)
        assert name is None or name[0] in text


def test_pictures_are_small() -> None:
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 150_000, picture.name


def test_check_finds_what_is_stale_missing_or_without_heading(tmp_path: Path) -> None:
    for name, page in docs.PAGES.items():
        (tmp_path / f"{name}.md").write_text(page.text(), encoding="utf-8")
    assert list(docs.faults(tmp_path)) == []

    (tmp_path / "facts.md").unlink()
    settings = tmp_path / "settings.md"
    settings.write_text(settings.read_text().replace("## PORT", "PORT"), encoding="utf-8")

    found = "\n".join(docs.faults(tmp_path))
    assert "facts.md is missing" in found
    assert "settings.md is not what the code says today" in found
    assert "settings.md has no heading “PORT”" in found


def test_the_command_writes_and_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "FOLDER", tmp_path)
    parser = docs.command_parser()

    assert docs.run(parser.parse_args(["docs", "--check"])) == 1
    assert "commands.md is missing" in capsys.readouterr().err
    assert docs.run(parser.parse_args(["docs"])) == 0
    assert docs.run(parser.parse_args(["docs", "--check"])) == 0
    assert docs.run(parser.parse_args(["docs"])) == 0
    assert len(list(tmp_path.iterdir())) == len(docs.PAGES)


def test_without_a_checkout_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "FOLDER", tmp_path / "nowhere")

    with pytest.raises(Failed, match="only a checkout"):
        docs.run(docs.command_parser().parse_args(["docs"]))
