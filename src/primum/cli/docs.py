"""primum docs: the reference pages, written from the code they describe.

Nothing here needs a database. What the code cannot be asked for is read from its text.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from primum import protocols
from primum.cli import COMMANDS, docs_api, docs_code, docs_errors
from primum.cli.trouble import Failed
from primum.core import authority, lifecycle
from primum.core.protocol import FACTS, Condition, Domain, LookPlan, Protocol, Rule
from primum.core.vocabulary import Stage, Stakes, Verb
from primum.site import environment

FOLDER = docs_code.CODE.parents[1] / "docs" / "reference"
WRITTEN_BY = "<!-- Written by `primum docs` from the code. Change the code, then run it again. -->"

AFTER: Mapping[Verb, str] = {
    Verb.DECIDE: "decided (go, go with conditions), assessed (not now) or not_done (no)",
    Verb.FINISH: "watched while the watch runs, else done",
    Verb.RESUME: "the stage it was suspended from",
    Verb.RENEW: "no other stage: the approval runs on until its end",
    Verb.REOPEN: "assessed where it was assessed and never approved, else proposed",
}
"""Where a move leads when that depends on the case."""
ELSEWHERE: Mapping[Verb, str] = {
    Verb.PROPOSE: "It makes the activity, so there is no stage before it.",
    Verb.LOOK: "It moves no stage: a look is recorded at any stage.",
    Verb.ANSWER: "It moves no stage: a commitment or a breach is answered at any stage.",
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("docs", help="write the reference pages of the documentation")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say which pages are out of date"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the pages say what the code says; 1 when `--check` found one that does not."""
    if not FOLDER.is_dir():
        raise Failed(f"There is no {FOLDER}: only a checkout of Primum has one. Nothing was done.")
    if args.check:
        found = list(faults(FOLDER))
        print("\n".join(found), file=sys.stderr, end="\n" if found else "")
        return 1 if found else 0
    for name, page in PAGES.items():
        path = FOLDER / f"{name}.md"
        text = page.text()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"Written: {path}")
    return 0


def faults(folder: Path) -> Iterator[str]:
    """Every page that is missing, out of date, or lacks the heading of something there is."""
    for name, page in PAGES.items():
        path = folder / f"{name}.md"
        if not path.is_file():
            yield f"{path} is missing. Run `primum docs`."
            continue
        text = path.read_text(encoding="utf-8")
        if text != page.text():
            yield f"{path} is not what the code says today. Run `primum docs`."
        for lost in sorted(set(page.names()) - headings(text)):
            yield f"{path} has no heading “{lost}”."


def headings(text: str) -> set[str]:
    """The headings of a page, without their marks."""
    return {found[1].strip() for found in re.finditer(r"^#+ (.+)$", text, re.MULTILINE)}


@dataclass(frozen=True, slots=True)
class Page:
    """One reference page: its title, what it is, what must have a heading, and its body."""

    title: str
    about: str
    names: Callable[[], Iterable[str]]
    body: Callable[[], Iterable[str]]

    def text(self) -> str:
        parts = [f"# {self.title}", WRITTEN_BY, self.about, *self.body()]
        return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _settings() -> Iterator[str]:
    for setting in environment.SETTINGS:
        default = f"`{setting.default}`" if setting.default else "not set"
        yield f"## {setting.name}\n\n{setting.meaning}.\n\nDefault: {default}."


def _facts() -> Iterator[str]:
    for fact in FACTS.values():
        yield f"## {fact.name}\n\n{_sentence(fact.meaning)}\n\nAnswers: {_domain(fact.domain)}."


# Commands: the parser itself, walked.


def command_parser() -> argparse.ArgumentParser:
    """Every command with its options, this one too."""
    parser = argparse.ArgumentParser(prog="primum")
    subparsers = parser.add_subparsers(dest="command", required=True)
    for module in sorted({*COMMANDS.values(), "docs"}):
        import_module(f"primum.cli.{module}").add(subparsers)
    return parser


def commands() -> dict[str, tuple[argparse.ArgumentParser, str]]:
    """Each command and verb by its words ("ledger verify"), with its one-line help."""
    return dict(sorted(_commands(command_parser(), "")))


def _commands(
    parser: argparse.ArgumentParser, before: str
) -> Iterator[tuple[str, tuple[argparse.ArgumentParser, str]]]:
    for action in _own(parser):
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for word, under in action._name_parser_map.items():
                yield f"{before}{word}", (under, helps.get(word, ""))
                yield from _commands(under, f"{before}{word} ")


def _command_names() -> Iterator[str]:
    for words, (parser, _) in commands().items():
        yield words
        yield from (f"{words} {action.option_strings[-1]}" for action in _options(parser))


def _command_pages() -> Iterator[str]:
    for words, (parser, short) in commands().items():
        verbs = [a for a in _own(parser) if isinstance(a, argparse._SubParsersAction)]
        named = [a for a in _own(parser) if not a.option_strings and a not in verbs]
        yield f"## {words}\n\n{_sentence(parser.description or short)}"
        yield f"```text\n{_usage(words, parser, named, bool(verbs))}\n```"
        yield "\n".join(
            f"- `{_word(action)}`{f': {action.help}' if action.help else ''}" for action in named
        )
        for action in _options(parser):
            shown = action.option_strings[-1]
            yield f"### {words} {shown}\n\n{_sentence(action.help or '')}"


def _usage(
    words: str, parser: argparse.ArgumentParser, named: Iterable[argparse.Action], verbs: bool
) -> str:
    options = [
        f"[{action.option_strings[-1]}{'' if action.nargs == 0 else f' {_word(action)}'}]"
        for action in _options(parser)
    ]
    parts = ["primum", words, *options, *(_word(a) for a in named), *(["VERB …"] if verbs else [])]
    return " ".join(parts)


def _word(action: argparse.Action) -> str:
    word = str(action.metavar or action.dest.upper())
    return f"{word} …" if action.nargs == "+" else word


def _options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in _own(parser) if action.option_strings]


def _own(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [a for a in parser._actions if not isinstance(a, argparse._HelpAction)]


# Moves: who may do what to an activity, from the two tables of the core.


def _moves() -> Iterator[str]:
    rows = {move.verb: move for move in lifecycle.MOVES}
    for verb in Verb:
        yield f"## {verb.value}"
        who = (f"`{g.duty}`{_reach(g.up_to)}" for g in authority.TABLE if g.verb is verb)
        yield f"Who may: {', '.join(who)}."
        yield from _move(rows[verb]) if verb in rows else [ELSEWHERE[verb]]
    yield "## Gates"
    yield "Some checks count rows that the post in front of them may not see."
    gates = ((gate.name, gate.counts, gate.shown) for gate in authority.GATES)
    yield _table(("gate", "it counts", "the blocked post is shown"), gates)


def _move(move: lifecycle.Move) -> Iterator[str]:
    before = ", ".join(stage.value for stage in Stage if stage in move.before)
    beside = ", ".join(stage.value for stage in Stage if stage in move.reviewing - move.before)
    if beside:
        before += f"; while it is reviewed also {beside}"
    yield f"- From: {before}\n- To: {move.after.value if move.after else AFTER[move.verb]}"
    codes = [code for guard in move.guards for code in docs_code.refused_by(guard.__name__)]
    yield f"May be refused with {', '.join(map(_link, codes))}."


def _reach(up_to: Stakes) -> str:
    return "" if up_to is Stakes.LEADERSHIP else f" (up to {up_to.word} stakes)"


def _link(code: str) -> str:
    return f"[{code}](errors.md#{code})"


# Protocols: each one that ships, as its officers read it.


def _protocols() -> Iterator[str]:
    for name in protocols.available():
        rules = protocols.load(name)
        yield f"## {name}\n\n{rules.title['en']}."
        yield from _protocol(rules)


def _protocol(rules: Protocol) -> Iterator[str]:
    review = "; no speaker has checked the translations yet" if rules.review_needed else ""
    decided = "; ".join(
        f"{stakes.word} stakes by {_duties(duties)}" for stakes, duties in rules.decides.items()
    )
    yield "\n".join(
        (
            f"- Languages: {', '.join(rules.languages)}{review}",
            f"- An approval lasts at most {rules.lease_days} days",
            f"- Watched for {rules.watch_days} days",
            f"- Assessed by {_duties(rules.assesses)}, advised on by {_duties(rules.advises)}",
            f"- Decided: {decided}",
        )
    )
    yield "### Questions\n\nA star marks a question that must be answered."
    yield _table(
        ("question", "asked", "answers", "only when", "cites"),
        (
            (
                f"`{q.id}`{'*' if q.required else ''}",
                q.ask["en"],
                _domain(q.domain),
                _when(q.when),
                _cited(q.cites, q.wording_to_check),
            )
            for q in rules.questions
        ),
    )
    yield "### Rules"
    yield _table(("rule", "level", "when", "says", "cites"), map(_rule, rules.rules))
    yield "### Hard stops"
    stops = ((f"`{s.rule}`", s.passable_word, s.says["en"]) for s in rules.hard_stops)
    yield _table(("rule", "passed by", "says"), stops)
    yield from _offers(rules)


def _rule(rule: Rule) -> tuple[str, ...]:
    cites = _cited(rule.cites, rule.wording_to_check)
    return f"`{rule.id}`", rule.level.word, _when(rule.when), rule.says["en"], cites


def _offers(rules: Protocol) -> Iterator[str]:
    yield "### Commitments"
    owed = (
        (f"`{c.id}`", c.text["en"], c.phase.value, c.by, c.proof.value, _when(c.when))
        for c in rules.commitments
    )
    yield _table(("commitment", "text", "phase", "owed by", "proof", "only when"), owed)
    yield "### Looks"
    looks = (
        (f"`{k.id}`", k.title["en"], _days(k), k.grace_days, _when(k.when)) for k in rules.looks
    )
    yield _table(("look", "title", "days after the yes", "days of grace", "only when"), looks)


def _days(look: LookPlan) -> str:
    days = ", ".join(map(str, look.after_days))
    return f"{days}, from the first delivery" if look.from_delivery else days


def _duties(duties: Iterable[str]) -> str:
    return ", ".join(f"`{duty}`" for duty in sorted(duties))


def _domain(domain: Domain) -> str:
    words = ", ".join(f"`{option}`" for option in domain.options)
    return words or " ".join(filter(None, (domain.kind.value, domain.currency)))


def _when(condition: Condition | None) -> str:
    return f"`{condition.source}`" if condition else ""


def _cited(cites: str, to_check: bool) -> str:
    return f"{cites} (wording to be checked)" if to_check else cites


def _actions() -> Iterator[str]:
    for file, node in docs_code.actions():
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        signature = f"{node.name}({ast.unparse(node.args)}){returns}"
        says = docs_code.first_words(node)
        yield f"## {node.name}\n\n`{signature}`\n\n{says}\n\nIn `actions/{file}`."
    yield "## Values they take and return"
    for each in sorted(docs_code.values(), key=lambda node: node.name):
        fields = [ast.unparse(part) for part in each.body if isinstance(part, ast.AnnAssign)]
        yield f"### {each.name}\n\n{docs_code.first_words(each)}\n\n" + "\n".join(
            f"- `{f}`" for f in fields
        )


def _pages() -> Iterator[str]:
    for name, address, methods, says in docs_code.pages():
        yield f"## {name}\n\n`{methods} {address}`\n\n{says}"


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", ")")) else f"{text}."


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())


PAGES: Mapping[str, Page] = {
    "settings": Page(
        "Settings",
        "Environment variables. All else is fixed in the program or said by the mission folder.",
        lambda: [setting.name for setting in environment.SETTINGS],
        _settings,
    ),
    "commands": Page(
        "Commands",
        "What the command line does. Each command prints the same with `--help`.",
        _command_names,
        _command_pages,
    ),
    "actions": Page(
        "Actions",
        "Every write of the program. An action takes who acts (`by`) and the moment (`now`), "
        "works in one transaction, and adds one line to the ledger for each case it touches.",
        lambda: [node.name for _, node in docs_code.actions()],
        _actions,
    ),
    "moves": Page(
        "Moves",
        "What a post may do to an activity: from which stage, to which, and who. The duties are "
        "those of the mission folder; `owner`, `looker` and `verifier` are what a post is to the "
        "case itself.",
        lambda: [verb.value for verb in Verb],
        _moves,
    ),
    "errors": Page(
        "Errors",
        "Everything the program says when it does not do what it was asked: what happened, what "
        "was kept, what to do.",
        docs_errors.names,
        docs_errors.body,
    ),
    "protocols": Page(
        "Protocols that ship",
        "The policy by kind of activity, as the rules read it. `primum weigh` tries one out.",
        protocols.available,
        _protocols,
    ),
    "facts": Page(
        "Facts",
        "What a rule may ask of the house besides the answers to its protocol. A fact is counted "
        "over what the viewer may see; one that is not known is unknown, and unknown is not no.",
        lambda: FACTS,
        _facts,
    ),
    "pages": Page(
        "Pages",
        "Every address, with its name in the program. What a viewer may not see answers 404, and "
        "so does a form that is not theirs to use.",
        lambda: [name for name, *_ in docs_code.pages()],
        _pages,
    ),
    "api": Page(
        "API",
        "Every operation of the API, from the schema at `/api/openapi.json`. "
        "[How to use it](../how-to/use-the-api.md).",
        docs_api.names,
        docs_api.body,
    ),
}
