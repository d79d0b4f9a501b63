"""Setting a document with Typst: words go in as data, letters from fonts that come with Primum.

A machine without an Arabic font would print boxes: the machine's own fonts are never used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import fontpkg_noto_sans_arabic as arabic
import typst

LATIN, ARABIC = "Libertinus Serif", str(arabic.FAMILY)
"""The first is part of Typst. Each stands in for the letters that the other lacks."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

TEXT = """
#let document = json(bytes(sys.inputs.document))
#set std.document(date: none)
#set text(font: document.fonts, lang: document.language)
#set text(dir: if document.right_to_left { rtl } else { ltr })
"""


def pdf(layout: str, said: Mapping[str, Any], language: str) -> bytes:
    """PDF bytes of `layout`, which finds `said` as `document`; set in the language's direction."""
    right_to_left = language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT
    fonts = (ARABIC, LATIN) if right_to_left else (LATIN, ARABIC)
    whole = {**said, "language": language, "fonts": fonts, "right_to_left": right_to_left}
    inputs = {"document": json.dumps(whole, ensure_ascii=False)}
    source = (TEXT + layout).encode()
    return bytes(typst.compile(source, font_paths=_fonts(), sys_inputs=inputs))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(arabic.ROOT)])
