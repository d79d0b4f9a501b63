"""The drawing of a chain: nothing overlaps, nothing breaks out, nothing is left unsaid."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.command import Chain, Open, Span, Tie, chain, parse_date
from primum.exchange.chain_layout import BOX, LETTERS, LINES, Layout, lay_out, wrap
from primum.exchange.chain_svg import Drawing, Words, draw_chain
from primum.exchange.sfm import read
from tests.exchange.facts import CHAIN_NODES, DEMO, REGIMENT

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2015, 6, 1)
CERTAIN = Span(parse_date("2015-01-01"), parse_date("2015-12-31"), Open.NO)
POSSIBLE = Span(parse_date("2014-01-01"), parse_date("2015-01-01"), Open.YES)
UNKNOWN = Span(parse_date("2014-01-01"), parse_date("2015-01-01"), Open.NO)


def drawn(found: Chain, names: dict[str, str] | None = None, how: Drawing | None = None) -> str:
    return draw_chain(found, names or {}, how)


def tree(document: str) -> ElementTree.Element:
    return ElementTree.fromstring(document)


def texts(document: str, tag: str) -> list[str]:
    return ["".join(each.itertext()) for each in tree(document).iter(f"{SVG}{tag}")]


def fan(count: int, span: Span = CERTAIN) -> list[Tie]:
    return [Tie("head", f"unit {number}", span) for number in range(count)]


def test_it_works() -> None:
    mali = read(DEMO / "sfm_mali_units")
    names = {unit.id: unit.name for unit in mali.units}

    document = draw_chain(chain(mali.ties, REGIMENT), names)

    root = tree(document)
    assert root.get("role") == "img" and root.get("class") == "chain"
    titles = {each.text for each in root.iter(f"{SVG}title")}
    assert set(CHAIN_NODES.values()) <= titles
    assert f"Chain of command of {CHAIN_NODES[REGIMENT]}" in titles
    assert len(root.findall(f".//{SVG}g[@class='chain-tie certain']")) == 7


def test_the_title_and_the_description_are_what_is_read_out() -> None:
    root = tree(drawn(chain([Tie("a", "b", CERTAIN)], "b", DAY), how=Drawing(key="one")))

    assert root.get("aria-labelledby") == "one-title one-desc"
    assert [each.get("id") for each in root[:2]] == ["one-title", "one-desc"]
    assert root[1].text == "On 2015-06-01. Superiors: 1. Subordinates: 0."


def test_without_a_day_it_says_that_not_all_held_at_one_time() -> None:
    root = tree(drawn(chain([Tie("a", "b")], "b")))

    assert (root[1].text or "").startswith("Every tie ever cited; not all held at one time.")


def test_certain_is_solid_and_possible_is_dashed_and_says_so() -> None:
    ties = [Tie("a", "b", CERTAIN), Tie("b", "c", POSSIBLE)]

    root = tree(drawn(chain(ties, "b", DAY)))

    sure, maybe = (
        root.find(f".//{SVG}g[@class='chain-tie {kind}']") for kind in ("certain", "possible")
    )
    assert sure is not None and maybe is not None
    assert sure.find(f"{SVG}path[@stroke-dasharray]") is None
    assert sure.find(f"{SVG}text") is None
    assert maybe.find(f"{SVG}path[@stroke-dasharray]") is not None
    assert (maybe.findtext(f"{SVG}text")) == "possible"


def test_two_ties_between_two_units_are_one_line_as_sure_as_the_surer() -> None:
    ties = [Tie("a", "b", POSSIBLE), Tie("a", "b", CERTAIN)]

    root = tree(drawn(chain(ties, "b", DAY)))

    (line,) = root.findall(f".//{SVG}g[@class='chain-tie certain']")
    assert (line.findtext(f"{SVG}title") or "").count("cited") == 4


def test_ties_nobody_settles_are_counted_in_the_description() -> None:
    root = tree(drawn(chain([Tie("a", "b", UNKNOWN)], "b", DAY)))

    assert "Ties that no source settles for that day: 1." in (root[1].text or "")


def test_it_has_no_script_no_style_and_no_colour_of_its_own() -> None:
    document = drawn(chain(fan(8), "head", DAY), how=Drawing(href=lambda unit: f"/units/{unit}"))

    for forbidden in ("<script", "<style", "style=", " on", "#", "rgb("):
        assert forbidden not in document.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert 'stroke="currentColor"' in document and 'fill="currentColor"' in document


def test_links_are_optional_and_make_the_drawing_a_group() -> None:
    found = chain([Tie("a", "b")], "b")

    root = tree(drawn(found, how=Drawing(href=lambda unit: "/x?a=1&b=2" if unit == "a" else None)))

    assert root.get("role") == "group"
    assert [each.get("href") for each in root.iter(f"{SVG}a")] == ["/x?a=1&b=2"]
    assert "<a " not in drawn(found)


NASTY = '<script>alert("1")</script>&\'"]]>\x00\x1b'


def test_nothing_breaks_out() -> None:
    words = Words(title=NASTY, possible=NASTY, counts=NASTY)
    how = Drawing(
        words=words, href=lambda unit: f'"><script>{unit}', key='k"', describe=lambda _: NASTY
    )

    document = drawn(chain([Tie("a", NASTY, POSSIBLE)], NASTY, DAY), {"a": NASTY}, how)

    tree(document)
    assert "<script" not in document


def test_words_are_the_readers() -> None:
    words = Words(title="Chaîne de {unit}", possible="possible ?", on_day="Le {day}.")

    document = drawn(chain([Tie("a", "b", POSSIBLE)], "b", DAY), how=Drawing(words=words))

    assert "Chaîne de b" in document and "Le 2015-06-01." in document and "possible ?" in document


# Names in boxes.


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Army", ("Army",)),
        ("3 Région Militaire", ("3 Région Militaire",)),
        ("32 Régiment d’Infanterie Motorisée", ("32 Régiment", "d’Infanterie", "Motorisée")),
        ("x" * 30, ("x" * 21, "x" * 9)),
        ("", ()),
    ],
)
def test_names_are_wrapped(name: str, lines: tuple[str, ...]) -> None:
    assert " ".join(wrap(name)).split() == " ".join(lines).split()
    assert len(wrap(name)) <= LINES


def test_a_long_name_ends_in_an_ellipsis_and_is_whole_in_its_title() -> None:
    name = "State Criminal Investigation Department of the Kano State Police Command at Bompai"

    document = drawn(chain([], "a"), {"a": name})

    assert wrap(name)[-1].endswith("…")
    assert name in texts(document, "title")


def test_a_unit_with_a_blank_name_is_an_empty_box() -> None:
    assert texts(drawn(chain([], "a"), {"a": ""}), "text") == [""]


def test_wide_letters_take_two_places() -> None:
    assert wrap("部" * 15) == ("部" * 10, "部" * 5)


@given(st.text())
def test_no_line_is_too_long(name: str) -> None:
    lines = wrap(name)

    assert len(lines) <= LINES
    assert all(line and len(line) <= LETTERS * 20 for line in lines)
    if name.isascii():
        assert all(len(line) <= LETTERS for line in lines)


def test_arabic_names_run_from_right_to_left() -> None:
    document = drawn(chain([Tie("a", "b")], "b"), {"a": "كتيبة المشاة 3", "b": "3 Battalion"})

    assert document.count('direction="rtl"') == 1


def test_a_page_from_right_to_left_is_mirrored() -> None:
    found = chain([Tie("a", "b", POSSIBLE), Tie("a", "c", POSSIBLE)], "a", DAY)
    left = tree(drawn(found))
    right = tree(drawn(found, how=Drawing(right_to_left=True)))

    def boxes(root: ElementTree.Element) -> list[float]:
        return [float(each.get("x", "0")) for each in root.iter(f"{SVG}rect")]

    width = float(left.get("width", "0"))
    assert boxes(right) == [width - x - BOX for x in boxes(left)]


def test_the_word_stays_left_of_its_line_in_either_script() -> None:
    found = chain([Tie("a", "b", POSSIBLE)], "b", DAY)

    latin = drawn(found, how=Drawing(right_to_left=True))
    arabic = drawn(found, how=Drawing(right_to_left=True, words=Words(possible="ممكن")))

    assert 'text-anchor="end">possible' in latin
    assert 'text-anchor="start" direction="rtl">ممكن' in arabic


# Where things stand.


def rows(layout: Layout) -> list[int]:
    """How many boxes stand at each height."""
    heights = [box.y for box in layout.boxes]
    return [heights.count(y) for y in sorted(set(heights))]


def test_fifty_subordinates_are_ten_even_rows() -> None:
    assert rows(lay_out(chain(fan(50), "head"), {})) == [1] + [5] * 10


def test_six_are_three_and_three() -> None:
    assert rows(lay_out(chain(fan(6), "head"), {})) == [1, 3, 3]


def test_a_phone_may_ask_for_fewer_a_row() -> None:
    layout = lay_out(chain(fan(50), "head"), {}, per_row=2)

    assert max(rows(layout)) == 2 and layout.width < 480


def test_two_hundred_are_sixty_boxes_and_a_number() -> None:
    found = chain(fan(200), "head")

    layout = lay_out(found, {})

    assert len(layout.boxes) == 61 and layout.left_out == 141
    document = drawn(found)
    assert "and 141 more" in texts(document, "text")
    assert "Units not drawn: 141." in texts(document, "desc")[0]


def test_what_hangs_on_a_unit_not_drawn_is_not_drawn() -> None:
    ties = [*fan(200), *(Tie(f"unit {number}", f"sub {number}") for number in range(200))]

    layout = lay_out(chain(ties, "head"), {})

    ids = {box.id for box in layout.boxes if box.id}
    assert all(f"unit {box.removeprefix('sub ')}" in ids for box in ids if box.startswith("sub"))
    assert layout.left_out == 401 - len(ids)


def test_numbers_in_names_are_sorted_as_numbers() -> None:
    ties = [Tie("head", key) for key in "cab"]
    names = {"a": "10 Brigade", "b": "2 Brigade", "c": "Brigade 1"}

    boxes = lay_out(chain(ties, "head"), names).boxes

    assert [box.id for box in boxes if box.id != "head"] == ["c", "b", "a"]


def test_lines_run_downward_past_a_shorter_way() -> None:
    """The president stands above the ministry, though he also stands right above the army."""
    ties = [Tie("president", "army"), Tie("president", "ministry"), Tie("ministry", "army")]

    place = {box.id: box.y for box in lay_out(chain(ties, "army"), {}).boxes}

    assert place["president"] < place["ministry"] < place["army"]


units = st.sampled_from([f"unit {number}" for number in range(12)])
graphs = st.lists(st.builds(Tie, units, units), max_size=30)


@given(graphs, units, st.integers(1, 5))
def test_nothing_overlaps_and_no_line_crosses_a_box(
    ties: list[Tie], unit: str, per_row: int
) -> None:
    found = chain(ties, unit)

    layout = lay_out(found, {}, per_row)

    assert {box.id for box in layout.boxes} == {node.id for node in found.nodes}
    for box in layout.boxes:
        assert box.x >= 0 and box.x + BOX <= layout.width
        assert box.y >= 0 and box.y + box.height <= layout.height
    for one, other in ((a, b) for a in layout.boxes for b in layout.boxes if a.id < b.id):
        apart_across = one.x + BOX <= other.x or other.x + BOX <= one.x
        apart_down = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart_across or apart_down
    assert sum(len(line.edges) for line in layout.lines) == len(found.edges)
    for line in layout.lines:
        assert_clear(line.points, layout)


def assert_clear(points: tuple[tuple[float, float], ...], layout: Layout) -> None:
    for (x1, y1), (x2, y2) in pairwise(points):
        assert x1 == x2 or y1 == y2
        assert min(x1, x2) >= 0 and max(x1, x2) <= layout.width
        assert min(y1, y2) >= 0 and max(y1, y2) <= layout.height
        for box in layout.boxes:
            across = min(x1, x2) < box.x + BOX and max(x1, x2) > box.x
            down = min(y1, y2) < box.y + box.height and max(y1, y2) > box.y
            assert not (across and down)


@given(graphs, units, st.text(max_size=40), st.booleans())
def test_any_chain_with_any_names_is_well_formed(
    ties: list[Tie], unit: str, name: str, mirrored: bool
) -> None:
    names = {f"unit {number}": name for number in range(12)}

    tree(drawn(chain(ties, unit, DAY), names, Drawing(right_to_left=mirrored)))
    tree(drawn(chain(ties, unit), names, Drawing(href=lambda _: name)))
