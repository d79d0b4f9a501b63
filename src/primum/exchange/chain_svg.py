"""A chain as one SVG drawing for a page or a printer. No script, no style sheet, no colour of its
own: lines and letters take the colour of the text around them, so light, dark and paper all do.

A solid line is certain. A dashed one is possible and says so in a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from primum.core.command import Chain, Edge, Holding
from primum.exchange.chain_layout import BOX, LINE, Box, Layout, Line, lay_out
from primum.exchange.chain_text import tie_words
from primum.exchange.plain import visible


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a drawing, to be given in the reader's language."""

    title: str = "Chain of command of {unit}"
    on_day: str = "On {day}."
    all_time: str = "Every tie ever cited; not all held at one time."
    counts: str = "Superiors: {above}. Subordinates: {below}."
    unsettled: str = "Ties that no source settles for that day: {count}."
    not_drawn: str = "Units not drawn: {count}."
    possible: str = "possible"
    more: str = "and {count} more"


@dataclass(frozen=True, slots=True)
class Drawing:
    """How to draw. `key` keeps ids apart where a page holds several drawings.

    `href` gives the address of a unit, or None for no link. `describe` tells a tie in words.
    """

    words: Words = field(default_factory=Words)
    href: Callable[[str], str | None] | None = None
    describe: Callable[[Edge], str] = tie_words
    per_row: int = 5
    key: str = "chain"
    right_to_left: bool = False


def draw_chain(chain: Chain, names: Mapping[str, str], how: Drawing | None = None) -> str:
    """The chain as an `<svg>` element, from the top of the chain down."""
    how = how or Drawing()
    layout = lay_out(chain, names, how.per_row)
    generation = {node.id: node for node in chain.nodes}
    parts = [_head(chain, names, layout, how)]
    parts.append(
        '<g class="chain-ties" fill="none" stroke="currentColor" '
        'shape-rendering="crispEdges" aria-hidden="true">'
    )
    parts += (_line(line, names, how, layout.width) for line in layout.lines)
    parts.append("</g>")
    for box in layout.boxes:
        node = generation.get(box.id)
        possible = node is not None and node.holding is Holding.POSSIBLE
        kind = _kind(node.generation if node else None) + (" possible" if possible else "")
        parts.append(_box(box, kind, names, how, layout.width))
    parts.append("</svg>")
    return "\n".join(parts)


def _head(chain: Chain, names: Mapping[str, str], layout: Layout, how: Drawing) -> str:
    words = how.words
    title = words.title.format(unit=names.get(chain.unit, chain.unit))
    desc = [words.on_day.format(day=chain.on) if chain.on else words.all_time]
    above, below = len(chain.superiors), len(chain.subordinates)
    desc.append(words.counts.format(above=above, below=below))
    if chain.unknown:
        desc.append(words.unsettled.format(count=len(chain.unknown)))
    if layout.left_out:
        desc.append(words.not_drawn.format(count=layout.left_out))
    # The parts of an image are not read out, and links must be: a drawing with links is a group.
    role = "group" if how.href else "img"
    key, size = _safe(how.key), f"{layout.width:g} {layout.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chain" role="{role}" '
        f'aria-labelledby="{key}-title {key}-desc" viewBox="0 0 {size}" '
        f'width="{layout.width:g}" height="{layout.height:g}" '
        'font-family="system-ui, sans-serif" font-size="14">\n'
        f'<title id="{key}-title">{_safe(title)}</title>\n'
        f'<desc id="{key}-desc">{_safe(" ".join(desc))}</desc>'
    )


def _kind(generation: int | None) -> str:
    if generation is None:
        return "more"
    return "superior" if generation < 0 else "subordinate" if generation else "unit"


def _line(line: Line, names: Mapping[str, str], how: Drawing, width: float) -> str:
    points = [(_side(x, width, how), y) for x, y in line.points]
    certain = any(edge.holding in {None, Holding.CERTAIN} for edge in line.edges)
    path = "M" + " L".join(f"{x:g},{y:g}" for x, y in points)
    x, y = points[-1]
    arrow = f"M{x - 4:g},{y - 6:g} L{x:g},{y:g} L{x + 4:g},{y - 6:g}"
    dash = "" if certain else ' stroke-dasharray="5 4"'
    kind = "certain" if certain else "possible"
    tie = line.edges[0].tie
    ends = " → ".join(names.get(unit, unit) for unit in (tie.superior, tie.subordinate))
    title = "\n".join(_safe(told) for told in (ends, *map(how.describe, line.edges)))
    word = "" if certain else _word(x, y, how)
    return (
        f'<g class="chain-tie {kind}"><title>{title}</title>'
        f'<path d="{path}"{dash}/><path d="{arrow}"/>{word}</g>'
    )


def _word(x: float, y: float, how: Drawing) -> str:
    gap, anchor = (-5, "end") if how.right_to_left else (5, "start")
    if how.right_to_left:
        # The anchor follows the direction of the letters, and these may be either.
        anchor = "start" if _is_right_to_left(how.words.possible) else "end"
    return (
        f'<text x="{x + gap:g}" y="{y - 8:g}" font-size="11" fill="currentColor" stroke="none" '
        f'text-anchor="{anchor}"{_direction(how.words.possible)}>{_safe(how.words.possible)}</text>'
    )


def _box(box: Box, kind: str, names: Mapping[str, str], how: Drawing, width: float) -> str:
    left = _side(box.x + BOX, width, how) if how.right_to_left else box.x
    name = names.get(box.id, box.id)
    lines = (how.words.more.format(count=box.more),) if box.more else box.lines
    stroke = "2.5" if kind.startswith("unit") else "1"
    dash = ' stroke-dasharray="1 3"' if kind == "more" else ""
    drawn = (
        f"<title>{_safe(name or ' '.join(lines))}</title>"
        f'<rect x="{left:g}" y="{box.y:g}" width="{BOX}" height="{box.height:g}" rx="3" '
        f'fill="none" stroke="currentColor" stroke-width="{stroke}"{dash}/>'
        f'<text text-anchor="middle" fill="currentColor"{_direction(name)}>'
        f"{''.join(_spans(lines, left + BOX / 2, box))}</text>"
    )
    address = how.href(box.id) if how.href and box.id else None
    if address:
        drawn = f'<a href="{_safe(address)}">{drawn}</a>'
    return f'<g class="chain-unit {kind}">{drawn}</g>'


def _spans(lines: tuple[str, ...], x: float, box: Box) -> Iterator[str]:
    top = box.y + (box.height - len(lines) * LINE) / 2 + LINE - 4
    for number, line in enumerate(lines):
        yield f'<tspan x="{x:g}" y="{top + number * LINE:g}">{_safe(line)}</tspan>'


def _safe(text: str) -> str:
    return escape(visible(text))


def _side(x: float, width: float, how: Drawing) -> float:
    return width - x if how.right_to_left else x


def _direction(text: str) -> str:
    return ' direction="rtl"' if _is_right_to_left(text) else ""


def _is_right_to_left(text: str) -> bool:
    """By the first letter that has a direction, as a browser would for dir=auto."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False
