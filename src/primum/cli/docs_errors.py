"""What can go wrong, read from the program's own text: refusals, answers, database, commands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from primum.cli import docs_code

__all__ = ["ANSWER", "REMEDIES", "answers", "body", "database", "names", "programs"]

ANSWER = "answer: "
"""Before the code of an answer, which may be that of a refusal too."""
REMEDIES: Mapping[str, str] = {
    "PV001": "A fault of the program: a row was read outside a viewing block. Report it.",
    "PV002": "Another `PRIMUM_SECRET` is in force than the one the database knows. Put the old one "
    "back, or run `primum migrate`.",
    "PV003": "A fault of the program: only reports have a seal that is raised. Report it.",
    "PV004": "Somebody or something tried to change the ledger. Nothing was changed. Find out who, "
    "and run `primum ledger verify`.",
    "PV005": "A fault of the program: it tried to lengthen or reopen a holding. Nothing was "
    "changed. Report it.",
    "PV006": "Somebody or something tried to change a password past the program. Nothing was "
    "changed. Use `primum people recover`, and find out who tried.",
}
"""What to do about each error that our own SQL raises."""
RAISED = re.compile(r"RAISE EXCEPTION '([^']+)'[^;]*?ERRCODE = '(PV\d{3})'")
SAID = frozenset({"ExchangeError", "RowError"})
"""Errors that are made of a message and a remedy."""


@dataclass
class Programs:
    """One kind of error of our own: what it is, what it may say, and where."""

    about: str
    file: str
    says: dict[str, list[str]] = field(default_factory=dict)


def names() -> Iterator[str]:
    """Everything that has a heading."""
    yield from docs_code.refusals()
    yield from (f"{ANSWER}{code}" for code in answers())
    yield from database()
    yield from programs()


def body() -> Iterator[str]:
    yield (
        "## Refusals\n\nA move that may not be made. Every refusal has a code, for programs, and a "
        "sentence, for people. A word such as `%(count)s` is filled in. Nothing is changed by a "
        "refused move."
    )
    yield from _coded(docs_code.refusals(), "")
    yield (
        "## Answers that cannot be taken\n\nWhat is wrong with an answer to a protocol’s question. "
        "Pages say it at the question, in the reader’s language; every answer is kept in the form."
    )
    yield from _coded(answers(), ANSWER)
    yield (
        "## The database\n\nErrors that the walls of the database raise by themselves. PostgreSQL "
        "shows them with this code; the page says that something went wrong, and nothing more."
    )
    for code, (says, where) in database().items():
        yield f"### {code}\n\n> {says}\n\n{REMEDIES.get(code, '')}\n\nFrom `{where}`."
    yield (
        "## Commands, files and settings\n\nThe kinds of error of the program itself, with what "
        "each may say. A word such as `{path}` is filled in; `…` stands for words from elsewhere."
    )
    for name, kind in programs().items():
        yield f"### {name}\n\n{kind.about}\n\nIn `{kind.file}`."
        yield "\n".join(f"- {says} ({', '.join(files)})" for says, files in kind.says.items())


def _coded(found: Mapping[str, Mapping[str, list[str]]], before: str) -> Iterator[str]:
    for code, sentences in found.items():
        yield f"### {before}{code}"
        for says, files in sentences.items():
            yield f"> {says}\n\nFrom {', '.join(f'`{file}`' for file in files)}."


def answers() -> dict[str, dict[str, list[str]]]:
    """Code -> sentence -> files, of everything that may be wrong with an answer."""
    found: dict[str, dict[str, list[str]]] = {}
    for where, tree in docs_code.modules():
        for node, named in _scoped(tree):
            first = _first_argument(node)
            if first is None or not isinstance(node, ast.Call) or len(node.args) < first + 2:
                continue
            code, says = node.args[first], _sentence(node.args[first + 1], named)
            if isinstance(code, ast.Constant):
                files = found.setdefault(str(code.value), {}).setdefault(says, [])
                files += [] if where in files else [where]
    return dict(sorted(found.items()))


def _first_argument(node: ast.AST) -> int | None:
    name = docs_code.called(node) if isinstance(node, ast.Call) else ""
    return {"AnswerMistake": 1, "ValueRefused": 0}.get(name)


def database() -> dict[str, tuple[str, str]]:
    """Code -> what it says, and the migration that says it."""
    found: dict[str, tuple[str, str]] = {}
    for where, _tree in docs_code.modules():
        if "/migrations/" in where:
            text = (docs_code.CODE / where).read_text(encoding="utf-8")
            found |= {code: (says, where) for says, code in RAISED.findall(text)}
    return dict(sorted(found.items()))


def programs() -> dict[str, Programs]:
    """Every kind of error that the program defines, by its name."""
    trees = list(docs_code.modules())
    found = {
        node.name: Programs(docs_code.first_words(node), where)
        for where, tree in trees
        for node in tree.body
        if isinstance(node, ast.ClassDef) and _is_error(node)
    }
    for where, tree in trees:
        for node, named in _scoped(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                kind = found.get(docs_code.called(node.exc).split(".")[-1])
                says = _message(node.exc, named)
                if kind is not None and says:
                    files = kind.says.setdefault(says, [])
                    files += [] if f"`{where}`" in files else [f"`{where}`"]
    return dict(sorted(found.items()))


def _is_error(node: ast.ClassDef) -> bool:
    bases = [ast.unparse(base) for base in node.bases]
    return not node.name.startswith("_") and any(b.endswith(("Error", "Exception")) for b in bases)


def _scoped(tree: ast.Module) -> Iterator[tuple[ast.AST, Mapping[str, str]]]:
    """Every node inside a function, with the sentences that are called by a name there."""
    everywhere = _named(tree.body)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            inside = list(ast.walk(function))
            named = {**everywhere, **_named(inside, everywhere)}
            yield from ((node, named) for node in inside)


def _named(
    nodes: Iterable[ast.AST], known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Names that stand for one sentence; what is written over stands for none."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr):
            name = ast.unparse(node.targets[0])
            found[name] = "…" if name in found else _sentence(node.value, known)
    return found


def _message(call: ast.Call, named: Mapping[str, str]) -> str:
    """What is said: the message, and the remedy where the error takes one."""
    two = docs_code.called(call).split(".")[-1] in SAID
    said = [_sentence(part, named) for part in (call.args[-2:] if two else call.args[:1])]
    text = " ".join(". ".join(said).replace("..", ".").split())
    return text if re.search(r"[a-z]{3}", text) and " " in text else ""


def _sentence(node: ast.expr, constants: Mapping[str, str]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else "…"
    if isinstance(node, ast.JoinedStr):
        return "".join(_sentence(part, constants) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return f"{{{node.value.id}}}" if isinstance(node.value, ast.Name) else "…"
    if isinstance(node, ast.BinOp):
        return _sentence(node.left, constants) + (
            _sentence(node.right, constants) if isinstance(node.op, ast.Add) else ""
        )
    return constants.get(ast.unparse(node), "…")
