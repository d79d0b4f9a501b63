"""Folding a name, so that two ways of typing it compare equal."""

from __future__ import annotations

import unicodedata

# French registers write ’ where keyboards write '; US reports write Sudan People`s.
_SINGLE = "'`´‘’‚‛′‵ʹʻʼʽˈ＇"
_DOUBLE = '"“”„‟«»″‶＂'
_DASH = "-‐‑‒–—―−﹘﹣－"
_LIKE = str.maketrans(
    {
        **dict.fromkeys(_SINGLE, "'"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys(_DASH, "-"),
        "،": ",",
        "؛": ";",
        "؟": "?",
        "ـ": None,  # tatweel only stretches an Arabic word
    }
)

# Letters with a stroke or a hook that Unicode does not take apart: Hausa, Bambara, Turkish, Dinka.
_PLAIN = str.maketrans(
    {
        "ɓ": "b",
        "ɗ": "d",
        "đ": "d",
        "ð": "d",
        "ɛ": "e",
        "ə": "e",
        "ǝ": "e",
        "ɣ": "g",
        "ħ": "h",
        "ı": "i",
        "ƙ": "k",
        "ł": "l",
        "ɲ": "n",
        "ŋ": "n",
        "ɔ": "o",
        "ø": "o",
        "ƴ": "y",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)

# Soft hyphens, joiners and marks of direction are not seen, so they must not count.
_UNSEEN = "Cf"


def fold(name: str, *, loose: bool = False) -> str:
    """One form for all the ways of typing a name: case, width, quotes, dashes and spaces.

    `loose` also drops accents, vowel signs and punctuation ("M.M. Abass" is "mm abass"). Folding
    twice changes nothing.
    """
    text = unicodedata.normalize("NFKD", name.translate(_LIKE))
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_LIKE)
    text = "".join(c for c in text if unicodedata.category(c) != _UNSEEN)
    if loose:
        text = "".join(_bare(c) for c in text.translate(_PLAIN))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _bare(character: str) -> str:
    if character in ".'" or unicodedata.category(character) == "Mn":
        return ""
    kept = character.isalnum() or unicodedata.category(character) == "Mc"
    return character if kept else " "
