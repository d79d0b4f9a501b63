"""What the reference pages read from the program's own text: refusals, actions, addresses.

Asking the running program instead would need Django, a database, and every refusal to happen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import primum

__all__ = [
    "CODE",
    "actions",
    "called",
    "first_words",
    "modules",
    "pages",
    "refusals",
    "refused_by",
    "values",
]

CODE = Path(primum.__file__).parent
METHODS: Mapping[str, str] = {
    "set_language": "POST",
    "mfa_index": "GET",
    "mfa_view_recovery_codes": "GET",
}
"""Of pages that are not ours; the others of that kind take both."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the program, by its path in the package."""
    for path in sorted(CODE.rglob("*.py")):
        yield path.relative_to(CODE).as_posix(), _parsed(path)


def refusals() -> dict[str, dict[str, list[str]]]:
    """Code -> sentence -> the files that say it, from the program's own text."""
    found: dict[str, dict[str, list[str]]] = {}
    for where, tree in modules():
        for code, says in _refused(tree):
            files = found.setdefault(code, {}).setdefault(says, [])
            if where not in files:
                files.append(where)
    return dict(sorted(found.items()))


def _refused(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        first = {"Because": 0, "refuse": 1}.get(name)
        if first is not None and len(node.args) > first + 1:
            code, says = node.args[first : first + 2]
            if isinstance(code, ast.Constant) and isinstance(says, ast.Constant):
                yield str(code.value), str(says.value)


def actions() -> list[tuple[str, ast.FunctionDef]]:
    """Every action with its file: a public function that takes first, by name, who acts."""
    found = [
        (path.name, node)
        for path in sorted((CODE / "actions").glob("*.py"))
        for node in _parsed(path).body
        if isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.kwonlyargs[:1]] == ["by"]
    ]
    return sorted(found, key=lambda each: each[1].name)


def values() -> Iterator[ast.ClassDef]:
    """The values that actions take and return."""
    for path in sorted((CODE / "actions").glob("*.py")):
        for node in _parsed(path).body:
            if isinstance(node, ast.ClassDef) and node.decorator_list:
                yield node


def pages() -> list[tuple[str, str, str, str]]:
    """Name, address, methods and first words of every page."""
    found = []
    for file in (CODE / "web" / "urls.py", CODE / "site" / "urls.py"):
        for node in ast.walk(_parsed(file)):
            name = next((k.value for k in getattr(node, "keywords", ()) if k.arg == "name"), None)
            if isinstance(node, ast.Call) and isinstance(name, ast.Constant):
                address, view = node.args[0], node.args[1]
                assert isinstance(address, ast.Constant)  # noqa: S101 (an address is written out)
                methods, says = _view(str(name.value), ast.unparse(view))
                found.append((str(name.value), f"/{ast.literal_eval(address)}", methods, says))
    return sorted(found)


def _view(name: str, view: str) -> tuple[str, str]:
    module, _, function = view.rpartition(".")
    for folder in ("web/views", "site"):
        path = CODE / folder / f"{module}.py"
        for node in _parsed(path).body if path.exists() else ():
            if isinstance(node, ast.FunctionDef) and node.name == function:
                return _methods(node), first_words(node) or first_words(_parsed(path))
    return METHODS.get(name, "GET, POST"), "Signing in and the second factor, or the language."


def _methods(view: ast.FunctionDef) -> str:
    text = ast.unparse(view)
    if "@post_only" in text or "request.method != 'POST'" in text:
        return "POST"
    return "GET, POST" if "request.method == 'POST'" in text else "GET"


def refused_by(guard: str) -> list[str]:
    """The codes that a guard of the table of moves may refuse with."""
    tree = _parsed(CODE / "core" / "guards.py")
    body = next(
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == guard
    )
    return list(dict.fromkeys(code for code, _ in _refused(body)))


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    """The name that is called: of a function, or of a method by its last part."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def first_words(node: ast.FunctionDef | ast.ClassDef | ast.Module) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
