"""primum replay and primum protocols compare: what they print and how they end."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import pytest

from primum.cli import protocols as protocols_command
from primum.cli import replay as replay_command
from primum.core.protocol import canonical, read_answers, ruling_to_json, weigh
from primum.protocols import parse
from tests.cli.commands import primum
from tests.protocols.test_mistakes import SOUND

ANSWERS = {"detention": "yes", "worth": {"min": 100, "max": 60_000}}


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers(required=True)
    replay_command.add(subparsers)
    protocols_command.add(subparsers)
    args = parser.parse_args([str(word) for word in words])
    code: int = args.run(args)
    return code


@pytest.fixture
def protocol(tmp_path: Path) -> Path:
    path = tmp_path / "post.yaml"
    path.write_text(SOUND, encoding="utf-8")
    return path


@pytest.fixture
def ruling(tmp_path: Path) -> Path:
    read = parse(SOUND)
    text = canonical(ruling_to_json(weigh(read, read_answers(read, ANSWERS))))
    path = tmp_path / "ruling.json"
    path.write_text(text + "\n", encoding="utf-8")
    return path


class TestReplay:
    def test_the_same(
        self, protocol: Path, ruling: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("replay", protocol, ruling) == 0
        assert capsys.readouterr().out == f"{ruling}: the same, byte for byte\n"

    def test_the_same_written_in_another_way(
        self, protocol: Path, ruling: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ruling.write_text(json.dumps(json.loads(ruling.read_text()), indent=2), encoding="utf-8")
        assert run("replay", protocol, ruling) == 0
        assert capsys.readouterr().out == (
            f"{ruling}: the same Ruling; the file writes it in another way\n"
        )

    def test_not_the_same_says_where(
        self, protocol: Path, ruling: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = ruling.read_text(encoding="utf-8")
        text = text.replace('"recommendation":"not_yet"', '"recommendation":"go"')
        text = text.replace('"open_questions":["access","worth"]', '"open_questions":["access"]')
        ruling.write_text(text, encoding="utf-8")
        assert run("replay", protocol, ruling) == 1
        assert capsys.readouterr().out.splitlines() == [
            f"{ruling}: not the same",
            '  - open_questions[2]: stored nothing, now "worth"',
            '  - recommendation: stored "go", now "not_yet"',
        ]

    def test_each_of_several_is_told_and_the_worst_ends_it(
        self, protocol: Path, ruling: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        altered = tmp_path / "altered.json"
        text = ruling.read_text(encoding="utf-8").replace('"lowest":"low"', '"lowest":"high"')
        altered.write_text(text, encoding="utf-8")
        assert run("replay", protocol, altered, ruling) == 1
        assert capsys.readouterr().out.splitlines() == [
            f"{altered}: not the same",
            '  - lowest: stored "high", now "low"',
            f"{ruling}: the same, byte for byte",
        ]
        assert run("replay", protocol, altered, tmp_path / "gone.json", ruling) == 2

    def test_another_version_is_named(
        self, protocol: Path, ruling: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        protocol.write_text(SOUND + "# a word more\n", encoding="utf-8")
        assert run("replay", protocol, ruling) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err == (
            f"{ruling}: cannot be weighed again: it was weighed by another version of the protocol:"
            f" it names {parse(SOUND).version[:12]}, this one is"
            f" {parse(SOUND + '# a word more' + chr(10)).version[:12]}\n"
        )

    def test_a_way_of_weighing_that_never_was(
        self, protocol: Path, ruling: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = ruling.read_text(encoding="utf-8").replace('"semantics":1', '"semantics":7')
        ruling.write_text(text, encoding="utf-8")
        assert run("replay", protocol, ruling) == 2
        assert "no way of weighing has the number 7" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"", "1:1: this is not JSON: expecting value"),
            (b"{", "1:2: this is not JSON: expecting property name enclosed in double quotes"),
            (b"[" * 100_000, "1:1: this is not JSON in UTF-8"),
            (b"\xff", "1:1: this is not JSON in UTF-8"),
            (b"9" * 5_000, "1:1: this is not JSON in UTF-8"),
            (b'{"a": 1, "a": 2}', '1:1: "a" is given twice; keep one'),
            (b" " * 1_000_001, "1:1: the file is larger than a megabyte"),
            (b"{}", f"1:1: {replay_command.NO_RULING}"),
            (b"[]", f"1:1: {replay_command.NO_RULING}"),
            (b"3", f"1:1: {replay_command.NO_RULING}"),
        ],
    )
    def test_what_is_no_ruling_says_so(
        self,
        data: bytes,
        says: str,
        protocol: Path,
        ruling: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        ruling.write_bytes(data)
        assert run("replay", protocol, ruling) == 2
        assert capsys.readouterr().err == f"{ruling}:{says}\n"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"lowest":"low"', '"lowest":"lowish"'),
            ('"lowest":"low"', '"lowest":7'),
            ('"reasons":[', '"reasons":[7,'),
            ('"expected":["low","high"]', '"expected":["low"]'),
            ('"snapshot":{', '"signed":"me","snapshot":{'),
            ('"max":60000', '"max":NaN'),
        ],
    )
    def test_a_ruling_that_holds_something_else_is_none(
        self,
        old: str,
        new: str,
        protocol: Path,
        ruling: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        text = ruling.read_text(encoding="utf-8")
        assert old in text
        ruling.write_text(text.replace(old, new), encoding="utf-8")
        assert run("replay", protocol, ruling) == 2
        assert capsys.readouterr().err == f"{ruling}:1:1: {replay_command.NO_RULING}\n"

    def test_a_protocol_that_cannot_be_used(
        self, protocol: Path, ruling: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        protocol.write_text(SOUND.replace("rule: shut", "rule: shout"), encoding="utf-8")
        assert run("replay", protocol, ruling) == 2
        assert f'{protocol}:45:12: "shout" is not a rule' in capsys.readouterr().err
        assert run("replay", "no-such-protocol", ruling) == 2
        assert "is not a protocol that ships" in capsys.readouterr().err


class TestCompare:
    def changed(self, tmp_path: Path, *edits: tuple[str, str]) -> Path:
        text = SOUND
        for old, new in edits:
            assert text.count(old) == 1
            text = text.replace(old, new)
        path = tmp_path / "new.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_each_difference_is_a_sentence(
        self, protocol: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        new = self.changed(
            tmp_path, ("lease: 90d", "lease: 30d"), ("worth > 50000", "worth > 20000")
        )
        assert run("protocols", "compare", protocol, new) == 0
        assert capsys.readouterr().out.splitlines() == [
            "A rule catches more cases: It is worth much.",
            "An approval lasts at most 30 days; it was 90.",
        ]

    def test_a_hard_stop_loosened_ends_it_with_1(
        self, protocol: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        new = self.changed(
            tmp_path,
            ("passable_by: leadership", "passable_by: high"),
            ("detention == yes and access != written", "detention == yes and access == refused"),
        )
        assert run("protocols", "compare", protocol, new, "--language", "fr") == 1
        assert capsys.readouterr().out.splitlines() == [
            "A rule catches fewer cases: Nous ne pourrions pas venir.",
            "A hard stop is now passed by high: Nous ne pourrions pas venir.",
            "",
            "Hard stops loosened, which only the leadership may do, by a dated decision:",
            "  - A hard stop is now passed by high: Nous ne pourrions pas venir.",
            "  - A hard stop may catch fewer cases: Nous ne pourrions pas venir.",
        ]
        assert run("protocols", "compare", new, protocol) == 0, "tightened again"

    def test_the_same_and_nothing_to_notice(
        self, protocol: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("protocols", "compare", protocol, protocol) == 0
        assert capsys.readouterr().out == "The two are the same, byte for byte.\n"
        new = self.changed(tmp_path, ("lease: 90d", "lease:   90d # as before"))
        assert run("protocols", "compare", protocol, new) == 0
        assert capsys.readouterr().out == (
            "Nothing changed that a reader or a case could notice.\n"
        )

    def test_a_file_that_cannot_be_used(
        self, protocol: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("protocols", "compare", protocol, tmp_path / "gone.yaml") == 2
        assert "is not a protocol that ships" in capsys.readouterr().err
        new = self.changed(tmp_path, ("lease: 90d", "lease: long"))
        assert run("protocols", "compare", new, protocol) == 2
        assert f"{new}:67:8: lease is a number of days" in capsys.readouterr().err


@pytest.mark.slow
def test_both_run_as_commands_without_a_database(protocol: Path, ruling: Path) -> None:
    """No setting, no secret and no server is asked for."""
    bare = {"PATH": "/usr/bin", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = primum("replay", str(protocol), str(ruling), env=bare)
    assert (done.returncode, done.stdout) == (0, f"{ruling}: the same, byte for byte\n")
    done = primum("protocols", "compare", str(protocol), str(protocol), env=bare)
    assert (done.returncode, done.stderr) == (0, "")
