"""YAML to positioned nodes, by its events alone: nothing is ever constructed.

Every scalar is a string (YAML 1.1 reads `no` as false and `12:30` as 750). What could make a
document mean something else than it shows is refused: anchors, tags, a key given twice.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import yaml

from primum.core.protocol import (
    Authority,
    Library,
    Mistake,
    Node,
    Protocol,
    ProtocolError,
    did_you_mean,
    read_library,
)
from primum.core.protocol import read as read_protocol
from primum.core.protocol.fields import ENOUGH, MOST_MISTAKES

LARGEST: Final = 1_000_000
TOO_LARGE: Final = "the file is larger than a megabyte; a protocol is a few pages"
SECOND: Final = "a second document begins here; put it in a file of its own"
MOST_EVENTS: Final = 20_000
DEEPEST: Final = 30
MOST_DOCUMENTS: Final = 30
LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

BETWEEN: Final = "\n---\n"
LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
OVERRIDES: Final = frozenset("\u202d\u202e")
"""Characters that show a text in another order than it is read in."""
STYLES: Final = {"'": "single", '"': "double", "|": "literal", ">": "folded"}


def available() -> tuple[str, ...]:
    """The names of the protocols that ship."""
    names = (each.name for each in files(__package__).iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


@cache
def text_of(name: str) -> str:
    """The text of a protocol that ships, with the libraries it uses. Another is a LookupError."""
    shipped = available()
    if name not in shipped:
        guess = did_you_mean(name, shipped)
        raise LookupError(f'"{name}" is not a protocol that ships{guess}')
    text = files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return bundle(text, f"{name}.yaml")


@cache
def load(name: str) -> Protocol:
    """A protocol that ships. Another name is a LookupError."""
    return parse(text_of(name), f"{name}.yaml")


def parse(
    text: str | bytes,
    filename: str = "protocol.yaml",
    authority: Authority | None = None,
    *,
    thorough: bool = False,
) -> Protocol:
    """The protocol a text holds, itself or bundled with the libraries it uses.

    Its version is the SHA-256 of the bundle in UTF-8: the same words are the same version, and a
    library that changed makes another. `thorough` also looks for flaws of sense. Raises one
    ProtocolError with every mistake, each at its line and column.
    """
    opened = _opened(text, filename)
    for name in opened.shipped:
        # By its own file, so that a mistake in it is placed where it can be corrected.
        library(_library_text(name), f"library/{name}.yaml", authority)
    libraries = _libraries(opened, filename, authority)
    version = hashlib.sha256(opened.words.encode()).hexdigest()
    found = read_protocol(opened.roots[0], version, authority, libraries, thorough=thorough)
    if isinstance(found, list) or opened.mistakes:
        wrong = found if isinstance(found, list) else ()
        raise ProtocolError(filename, [*opened.mistakes, *wrong])
    return found


@lru_cache(maxsize=8)
def bundle(text: str | bytes, filename: str = "protocol.yaml") -> str:
    """The text followed by each library it uses: complete in itself, whatever becomes of files.

    What is a bundle already stays as it is. Raises ProtocolError for what is not even YAML.
    """
    return _opened(text, filename).words


class _Opened(NamedTuple):
    """A bundle, its documents, and the libraries that were put into it just now."""

    words: str
    roots: list[Node]
    mistakes: list[Mistake]
    shipped: tuple[str, ...] = ()


def _opened(text: str | bytes, filename: str) -> _Opened:
    words = _decoded(text, filename)
    roots, mistakes = _Document(words, filename).roots()
    used = tuple(name for name in _used(roots[0]) if name in libraries())
    if len(roots) > 1 or not used:
        return _Opened(words, roots, mistakes)
    texts = [words, *map(_library_text, used)]
    whole = BETWEEN.join(each.removesuffix("\n") for each in texts) + "\n"
    return _Opened(whole, *_Document(_decoded(whole, filename), filename).roots(), used)


def _used(root: Node) -> Iterable[str]:
    """The libraries that the questions of a protocol are taken from, each once, in their order."""
    fields = _fields(root)
    questions = fields["questions"].value if "questions" in fields else ()
    taken = (_fields(each).get("use") for each in questions if isinstance(each, Node))
    names = (str(use.value).strip().partition(".")[0] for use in taken if use is not None)
    return dict.fromkeys(names)


def _fields(node: Node) -> Mapping[str, Node]:
    pairs = node.value.items() if isinstance(node.value, Mapping) else ()
    return {str(key.value): value for key, value in pairs}


def check(
    text: str | bytes, filename: str, authority: Authority | None = None
) -> Protocol | Library:
    """What a file of the policy holds, a protocol or a library, if nothing in it is wrong."""
    documents = _Document(_decoded(text, filename), filename)
    if "library" in _fields(documents.roots()[0][0]):
        return library(text, filename, authority)
    return parse(text, filename, authority, thorough=True)


def library(
    text: str | bytes, filename: str = "library.yaml", authority: Authority | None = None
) -> Library:
    """The shared questions a text holds. Raises one ProtocolError with every mistake."""
    root, mistakes = _Document(_decoded(text, filename), filename).root()
    found = read_library(root, authority)
    if isinstance(found, list) or mistakes:
        raise ProtocolError(filename, [*mistakes, *(found if isinstance(found, list) else ())])
    return found


def libraries() -> tuple[str, ...]:
    """The names of the libraries of questions that ship."""
    folder = files(__package__).joinpath("library")
    names = (each.name for each in folder.iterdir()) if folder.is_dir() else ()
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


def _library_text(name: str) -> str:
    return files(__package__).joinpath("library", f"{name}.yaml").read_text(encoding="utf-8")


def _libraries(
    opened: _Opened, filename: str, authority: Authority | None
) -> Mapping[str, Library]:
    found: dict[str, Library] = {}
    for root in opened.roots[1:]:
        read = read_library(root, authority) if "library" in _fields(root) else SECOND
        if isinstance(read, Library) and read.id in found:
            read = f'the library "{read.id}" is given twice; keep one'
        if isinstance(read, str):
            read = [Mistake(root.line, root.column, read)]
        if isinstance(read, list):
            raise ProtocolError(filename, [*opened.mistakes, *read])
        found[read.id] = read
    return found


def plain(text: str | bytes, filename: str = "answers.yaml") -> object:
    """The document as strings, lists and dictionaries under the same bounds; nothing is None."""
    root, mistakes = _Document(_decoded(text, filename), filename).root()
    if mistakes:
        raise ProtocolError(filename, mistakes)
    return _plain(root)


def _plain(node: Node) -> object:
    if isinstance(node.value, str):
        return None if node.style == "plain" and node.value in ("", "~") else node.value
    if isinstance(node.value, tuple):
        return [_plain(each) for each in node.value]
    return {str(key.value): _plain(value) for key, value in node.value.items()}


def _decoded(text: str | bytes, filename: str) -> str:
    """The text, if it is UTF-8, not too large, and shows all it holds."""
    if len(text) > LARGEST:
        raise ProtocolError(filename, [Mistake(1, 1, TOO_LARGE)])
    try:
        data = text if isinstance(text, bytes) else text.encode()
        words = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        says = "this line is not in UTF-8; save the file as UTF-8"
        raise ProtocolError(filename, [Mistake(line, 1, says)]) from None
    except UnicodeEncodeError:
        says = "the text holds half a character; paste it again"
        raise ProtocolError(filename, [Mistake(1, 1, says)]) from None
    if len(data) > LARGEST:
        raise ProtocolError(filename, [Mistake(1, 1, TOO_LARGE)])
    hidden = yaml.reader.Reader.NON_PRINTABLE.search(words)
    if hidden:
        before = LINE_BREAK.split(words[: hidden.start()])
        says = f"{_hidden(hidden.group())} cannot stand in YAML; remove it"
        raise ProtocolError(filename, [Mistake(len(before), len(before[-1]) + 1, says)])
    return words


class _Document:
    """Builds nodes from events. A fault of form ends the reading; others gather."""

    def __init__(self, text: str, filename: str) -> None:
        # A byte order mark takes a column of the first line that nobody sees.
        self.text = text.removeprefix("\ufeff")
        self.filename = filename
        self.lines = LINE_BREAK.split(self.text)
        self.mistakes: list[Mistake] = []

    def root(self) -> tuple[Node, list[Mistake]]:
        """The one document of the file."""
        roots, mistakes = self.roots()
        if len(roots) > 1:
            place = Mistake(roots[1].line, roots[1].column, SECOND)
            raise ProtocolError(self.filename, [*mistakes, place])
        return roots[0], mistakes

    def roots(self) -> tuple[list[Node], list[Mistake]]:
        """Every document of the file: a protocol, and the libraries it was bundled with."""
        events = self.events()
        roots: list[Node] = []
        for first in events:
            if len(roots) > MOST_DOCUMENTS:
                self.stop(first, f"the file holds more than {MOST_DOCUMENTS} libraries")
            roots.append(self.node(first, events, 1))
        if not roots:
            raise ProtocolError(self.filename, [Mistake(1, 1, "the file is empty")])
        return roots, self.mistakes

    def events(self) -> Iterator[Any]:
        """The events that carry values, counted."""
        framing = (
            yaml.StreamStartEvent,
            yaml.StreamEndEvent,
            yaml.DocumentStartEvent,
            yaml.DocumentEndEvent,
        )
        try:
            for count, event in enumerate(yaml.parse(self.text, Loader=LOADER)):
                if count > MOST_EVENTS:
                    self.stop(event, f"the file holds more than {MOST_EVENTS:,} values; split it")
                if not isinstance(event, framing):
                    yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            says = f"this is not YAML: {error.problem or error.context}"
            raise ProtocolError(self.filename, [Mistake(line, column, says)]) from None
        except (yaml.YAMLError, ValueError, OverflowError):
            # An escape such as "\\UFFFFFFFF" names no character; each parser says so its own way.
            says = "an escape in the file names no character; write the character itself"
            raise ProtocolError(self.filename, [Mistake(1, 1, says)]) from None

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if depth > DEEPEST:
            self.stop(event, f"values are nested deeper than {DEEPEST}; this is a slip of the pen")
        self.refuse_disguise(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        line, column = _place(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(tuple(self.items(events, depth)), line, column, "list")
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.pairs(events, depth), line, column, "mapping")
        return Node("", line, column)

    def items(self, events: Iterator[Any], depth: int) -> Iterator[Node]:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self.node(event, events, depth + 1)

    def pairs(self, events: Iterator[Any], depth: int) -> dict[Node, Node]:
        pairs: dict[Node, Node] = {}
        seen: dict[str, Node] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self.stop(event, "a key is a word; this is a list or a mapping")
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            word = str(key.value)
            if word in seen:
                says = f'"{word[:40]}" is given twice, first on line {seen[word].line}; keep one'
                self.wrong(event, says)
            else:
                seen[word] = key
                pairs[key] = value
        return pairs

    def scalar(self, event: Any) -> Node:
        line, column = _place(event)
        for character in event.value:
            if character in OVERRIDES or (
                unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
            ):
                self.wrong(event, f"{_hidden(character)} is hidden here; remove it")
                break
        style = STYLES.get(event.style or "", "plain")
        if style == "literal":
            return self.literal(event.value, line)
        if style != "folded" and event.end_mark.line > event.start_mark.line:
            style = "spread"
        return Node(event.value, line, column, style)

    def literal(self, value: str, line: int) -> Node:
        """The text after `|` begins on the next line, in a column only the file can tell."""
        for below, written in enumerate(value.split("\n")):
            if written and line + below < len(self.lines):
                column = len(self.lines[line + below]) - len(written) + 1
                return Node(value, line + 1, column, "literal")
        return Node(value, line + 1, 1, "literal")

    def refuse_disguise(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.wrong(event, "anchors and aliases (& and *) are not read; write the value out")
        if getattr(event, "tag", None):
            self.wrong(event, "tags (!) are not read; write the value plainly")

    def wrong(self, event: Any, says: str) -> None:
        self.mistakes.append(Mistake(*_place(event), says))
        if len(self.mistakes) == MOST_MISTAKES:
            raise ProtocolError(self.filename, [*self.mistakes, Mistake(1, 1, ENOUGH)])

    def stop(self, event: Any, says: str) -> None:
        raise ProtocolError(self.filename, [*self.mistakes, Mistake(*_place(event), says)])


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _hidden(character: str) -> str:
    return f"the character U+{ord(character):04X}"
