"""primum audit: honest counts, as the auditor's post may know them."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from primum.cli.home import database
from primum.cli.serve import say
from primum.cli.trouble import Failed

if TYPE_CHECKING:
    from primum.cases.queries.audit import Audit, Figure, Group, Period

HEADER = ("code", "title", "counted_by", "by", "group", "counted", "of", "percent", "rest")
Parts = dict[str, dict[str, tuple["Group", ...]]]
"""Code -> component, organisation or post -> the parts of that count."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "audit",
        help="count what was asked, decided and looked at, and what was not",
        description="Count what was asked, decided, promised and looked at, and what was not, by "
        "component, organisation and post. Counts as whoever holds the auditor’s post may know.",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything, as one JSON document")
    form.add_argument("--csv", action="store_true", help="everything, one line a part of a count")
    parser.add_argument("--since", type=_day, metavar="DAY", help="only what was asked for from")
    parser.add_argument("--until", type=_day, metavar="DAY", help="only what was asked for up to")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it counted; 1 when nobody holds the auditor's post."""
    with database(say):
        from primum.cases.queries import audit as counting  # noqa: PLC0415 - after django.setup()
        from primum.people import door  # noqa: PLC0415
        from primum.people.sight import viewing  # noqa: PLC0415
        from primum.site import clock  # noqa: PLC0415

        now = clock.now()
        auditor = door.viewer_with("audits", now)
        if auditor is None:
            raise Failed("Nobody holds the auditor’s post. Seat somebody in it, then count again.")
        until = args.until + timedelta(days=1) if args.until else None
        period = counting.Period(args.since, until)
        with viewing(auditor):
            found = counting.audit(auditor, period, now)
            parts = {
                code: {kind: counting.groups(auditor, each, kind, now) for kind in counting.KINDS}
                for code, each in found.figures.items()
            }
    if args.json:
        print(json.dumps(_document(found, parts, period, now), ensure_ascii=False, indent=2))
    elif args.csv:
        csv.writer(sys.stdout).writerows([HEADER, *_lines(found, parts)])
    else:
        print("\n".join(_text(found, now)))
    return 0


def _day(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no day: 2026-03-31") from None
    return datetime.combine(day, time(), UTC)


def _number(figure: Figure) -> str:
    cell = figure.cell
    if figure.median:
        hours = "–" if figure.hours is None else f"{figure.hours:.1f}"
        return f"{hours} hours ({cell.hits} decided)"
    share = "" if cell.percent is None else f", {cell.percent} %"
    return f"{cell.hits} of {cell.whole}{share}"


def _text(found: Audit, now: datetime) -> Iterator[str]:
    yield f"Audit at {now:%Y-%m-%d %H:%M} UTC, as the auditor’s post may know."
    section = ""
    for figure in found.figures.values():
        if figure.section != section:
            section = figure.section
            yield ""
        sight = " [what this post reads]" if figure.by == "sight" or figure.held_back else ""
        yield f"{figure.title}: {_number(figure)}{sight}"
        yield f"    {figure.cell.rest} {figure.rest}"
    yield ""
    yield "Looked after, by component:"
    for name, cells in found.components:
        cell = cells["looked_after"]
        share = "" if cell.percent is None else f", {cell.percent} %"
        yield f"    {name['en']}: {cell.hits} of {cell.whole}{share}"


def _document(found: Audit, parts: Parts, period: Period, now: datetime) -> dict[str, object]:
    return {
        "at": now.isoformat(),
        "since": period.since.isoformat() if period.since else None,
        "until": period.until.isoformat() if period.until else None,
        "counts": [
            {
                "code": code,
                "title": str(figure.title),
                "counted_by": figure.by,
                "held_back": figure.held_back,
                "counted": figure.cell.hits,
                "of": figure.cell.whole,
                "percent": figure.cell.percent,
                "rest": figure.cell.rest,
                "rest_is": str(figure.rest),
                "median_hours": figure.hours,
                "you_may_open": figure.seen.hits,
                "parts": {
                    kind: [
                        {
                            "name": group.name.get("en"),
                            "counted": group.cell.hits,
                            "of": group.cell.whole,
                            "holders": group.holders,
                        }
                        for group in found_parts
                    ]
                    for kind, found_parts in parts[code].items()
                },
            }
            for code, figure in found.figures.items()
        ],
    }


def _lines(found: Audit, parts: Parts) -> Iterator[tuple[object, ...]]:
    for code, figure in found.figures.items():
        cells = [("", "", figure.cell)]
        cells += [
            (kind, group.name.get("en", ""), group.cell)
            for kind, found_parts in parts[code].items()
            for group in found_parts
        ]
        for kind, name, cell in cells:
            share = cell.percent
            said = (code, str(figure.title), figure.by, kind, name)
            yield (*said, cell.hits, cell.whole, "" if share is None else share, cell.rest)
