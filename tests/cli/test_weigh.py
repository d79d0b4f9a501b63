"""primum weigh and primum protocols: what they print and how they end."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from primum import protocols
from primum.cli import protocols as protocols_command
from primum.cli import weigh as weigh_command
from primum.core.protocol import Protocol, ruling_from_json
from primum.core.vocabulary import Level, Recommendation
from tests.protocols.test_mistakes import GOOD, SOUND

NAME = "support-to-security-forces"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers(required=True)
    weigh_command.add(subparsers)
    protocols_command.add(subparsers)
    args = parser.parse_args(words)
    code: int = args.run(args)
    return code


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(
        "support_kind: [training_advisory]\n"
        "lethal: no\n"
        "unit_grave_violations: yes\n"
        "real_risk: {unknown: nobody has been there since May}\n"
        "detention:\n"
        "party.record: some\n"
        "party.harm_reports_24_months: {min: 1, max: 2}\n",
        encoding="utf-8",
    )
    return path


def test_it_says_level_reasons_stops_and_what_is_open(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("weigh", NAME, str(answers)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Support to security forces (version ")
    assert said[1:4] == [
        "Answered: 4 of 17 questions",
        "Level: between high and barred",
        "Recommendation: not yet: not enough is known. A named post decides.",
    ]
    assert (
        "  - high: There are substantial grounds to believe that this unit committed grave "
        "violations. [unit_record; HRDDP (A/67/775-S/2013/110), risk assessment, factor (a)]"
    ) in said
    assert "  - grave_violations_without_steps: may be passed by nobody (still open)" in said
    assert any(line.startswith("  - real_risk: Is there a real risk") for line in said)
    assert "  - First look: after 30 days" in said


def test_it_speaks_the_language_asked_for_where_the_protocol_does(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("weigh", NAME, str(answers), "--language", "fr") == 0
    assert "Appui à des forces de sécurité" in capsys.readouterr().out
    assert run("weigh", NAME, str(answers), "--language", "xx") == 0
    assert "Support to security forces" in capsys.readouterr().out


def test_json_is_one_line_that_reads_back(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("weigh", NAME, str(answers), "--json") == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    ruling = ruling_from_json(json.loads(said))
    assert (ruling.lowest, ruling.highest) == (Level.HIGH, Level.BARRED)
    assert ruling.recommendation is Recommendation.NOT_YET


def test_yaml_and_json_answers_weigh_alike(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = tmp_path / "answers.json"
    same.write_text(
        json.dumps(
            {
                "support_kind": ["training_advisory"],
                "lethal": False,
                "unit_grave_violations": True,
                "real_risk": {"unknown": "nobody has been there since May"},
                "detention": None,
                "party.record": "some",
                "party.harm_reports_24_months": {"min": 1, "max": 2},
            }
        ),
        encoding="utf-8",
    )
    assert run("weigh", NAME, str(answers), "--json") == 0
    assert run("weigh", NAME, str(same), "--json") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_a_file_of_ones_own_is_a_protocol_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.yaml").write_text("detention: no\nworth: 100\n", encoding="utf-8")
    assert run("weigh", str(tmp_path / "own.yaml"), str(tmp_path / "a.yaml")) == 0
    said = capsys.readouterr().out
    assert "Level: low" in said
    assert "Recommendation: go, with conditions." in said
    assert "To be agreed:\n  - We come at any time." in said


def test_facts_that_are_open_are_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("lethal: no\n", encoding="utf-8")
    assert run("weigh", NAME, str(tmp_path / "a.yaml")) == 0
    assert "  - party.record: whether anything at all is on record about the party; " in (
        capsys.readouterr().out
    )


CANNOT = [
    ("lethal: maybe\n", 'lethal: "maybe" is not one of: yes, no'),
    ("lethl: no\n", 'lethl: this is not a question of this protocol; did you mean "lethal"?'),
    ("party.record: much\n", 'party.record: "much" is not one of: none, some'),
    ("- lethal\n", "{path}:1:1: write one question a line, as id: answer"),
    ("lethal: no\nlethal: yes\n", '{path}:2:1: "lethal" is given twice, first on line 1; keep one'),
    ("", "{path}:1:1: the file is empty"),
]


@pytest.mark.parametrize(("text", "expected"), CANNOT)
def test_answers_that_cannot_be_used_say_why(
    text: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    assert run("weigh", NAME, str(path)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.strip() == expected.format(path=path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"lethal": }', "{path}:1:12: this is not JSON: expecting value"),
        (b'{"lethal": "no", "lethal": "yes"}', '{path}:1:1: "lethal" is given twice; keep one'),
        (b"[" * 100_000, "{path}:1:1: this is not JSON in UTF-8"),
        (b'{"lethal": "\xff"}', "{path}:1:1: this is not JSON in UTF-8"),
        (b" " * 1_000_001, "{path}:1:1: the file is larger than a megabyte"),
        (b'{"value": NaN}', "value: nan is not a plain number such as 12 or 2.5"),
        (b'{"value": 1e400}', 'value: "1e400" is not a plain number such as 12 or 2.5'),
        (b"3", "{path}:1:1: write one question a line, as id: answer"),
    ],
)
def test_json_that_cannot_be_used_says_why(
    text: bytes, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)
    assert run("weigh", NAME, str(path)) == 2
    assert capsys.readouterr().err.strip() == expected.format(path=path)


def test_a_missing_file_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = tmp_path / "gone.yaml"
    assert run("weigh", NAME, str(gone)) == 2
    assert capsys.readouterr().err == f"{gone} cannot be read: no such file or directory\n"


def test_an_unknown_protocol_offers_the_nearest(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("weigh", "support-to-security-force", str(answers)) == 2
    assert capsys.readouterr().err == (
        f'"support-to-security-force" is not a protocol that ships; did you mean "{NAME}"?\n'
    )


def test_a_mistaken_protocol_is_explained(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD.replace("rule: shut", "rule: shout"), encoding="utf-8")
    assert run("weigh", str(path), str(answers)) == 2
    assert f'{path}:44:12: "shout" is not a rule of this protocol' in capsys.readouterr().err


def test_check_counts_what_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert run("protocols", "check", str(path)) == 0
    assert capsys.readouterr().out == f"{path}: 5 questions, 2 rules, 1 hard stop, 1 look\n"


def test_check_names_every_mistake_of_every_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SOUND, encoding="utf-8")
    bad.write_text(
        SOUND.replace("rule: shut", "rule: shout").replace("worth > ", "wroth > "), encoding="utf-8"
    )
    assert run("protocols", "check", str(bad), str(good)) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{good}: 5 questions")
    assert [line.split(": ")[0] for line in shown.err.splitlines()] == [
        f"{bad}:40:11",
        f"{bad}:45:12",
    ]
    assert run("protocols", "check", str(bad), str(tmp_path / "gone.yaml")) == 2


def test_check_finds_flaws_of_sense_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD.replace("worth > 50000", "worth > 5 and worth < 3"), encoding="utf-8")
    assert run("protocols", "check", str(path)) == 1
    assert capsys.readouterr().err.splitlines() == [
        f'{path}:15:9: "heard" is used by no rule, condition or commitment; remove it, or name the'
        " duties that read the answer: read_by: [...]",
        f'{path}:38:9: rule "rich" can never be true: no answers to the questions that are asked'
        " together make it so; correct it or remove it",
    ]


def test_check_reads_a_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(
        "# shared\nlanguages: [en]\nlibrary: people\nquestions:\n"
        "  - {id: at_risk, section: harm, ask: {en: 'At risk?'}, kind: yes_no}\n",
        encoding="utf-8",
    )
    assert run("protocols", "check", str(path)) == 0
    assert capsys.readouterr().out == f"{path}: a library of 1 question\n"
    path.write_text(path.read_text().replace("yes_no", "no_yes"), encoding="utf-8")
    assert run("protocols", "check", str(path)) == 1
    assert f'{path}:5:63: "no_yes" is no kind' in capsys.readouterr().err


def test_what_is_expected_is_told_where_it_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text(
        GOOD.replace("    due: 30d\n", "    meets: shut\n"), encoding="utf-8"
    )
    (tmp_path / "a.yaml").write_text("detention: yes\naccess: spoken\nworth: 1\n")
    assert run("weigh", str(tmp_path / "own.yaml"), str(tmp_path / "a.yaml")) == 0
    assert capsys.readouterr().out.splitlines()[2:4] == [
        "Level: high",
        "Expected, if what is to be agreed is kept: low",
    ]


def test_what_ships_fits_the_mission_that_ships(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(protocols.__file__).parent
    shipped = [str(folder / f"{name}.yaml") for name in protocols.available()]
    assert run("protocols", "check", "--mission", "unisar", *shipped) == 0, capsys.readouterr().err


def test_a_duty_the_mission_does_not_have_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert run("protocols", "check", "--mission", "unisar", str(path)) == 1
    assert f'{path}:65:21: "head" is not a duty of this mission' in capsys.readouterr().err


def test_an_unknown_mission_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert run("protocols", "check", "--mission", "nowhere", str(path)) == 2
    assert "nowhere" in capsys.readouterr().err


def test_list_names_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("protocols", "list") == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(protocols.available())
    policy: Protocol = protocols.load(NAME)
    assert (
        f"{NAME}: Support to security forces ({len(policy.questions)} questions, "
        f"{len(policy.rules)} rules, 3 hard stops, 3 looks; translations not yet reviewed)"
    ) in said
