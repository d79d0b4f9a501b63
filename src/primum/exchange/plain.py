"""Text that is safe to print: on a terminal, in XML, in a page."""

from __future__ import annotations

import unicodedata

# Overrides make a line read backwards; embeddings and isolates left open leak into what follows.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(text: str) -> str:
    """The text without what cannot be seen or would change what is around it.

    A name may come from anybody's file: an escape character could repaint a terminal, a control
    character makes XML unreadable, an override turns the next words around.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(c) for c in text)


def _shown(character: str) -> str:
    if character in "\t\r\n\x0b\x0c\x85\u2028\u2029":
        return " "
    category = unicodedata.category(character)
    if category in {"Cc", "Cs"} or character in _DIRECTION or character in "\ufffe\uffff":
        return ""
    return character
