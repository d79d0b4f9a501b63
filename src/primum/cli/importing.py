"""primum import: other people's registers into ours. Stopped halfway, it goes on where it was."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from primum.cli.home import database
from primum.cli.serve import say
from primum.exchange import sfm, sfm_nigeria, us_training
from primum.exchange.tables import ExchangeError, Problem

SHOWN = 20
CHUNK = 1024 * 1024
_TIDY_FILES = (
    *sfm_nigeria.NEEDED,
    *(sfm_nigeria.UNIT_NAMES, sfm_nigeria.PERSON_NAMES),
    *sfm_nigeria.SOURCES,
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("import", help="import a published register")
    forms = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    units = forms.add_parser("sfm", help="units, persons and ties of the Security Force Monitor")
    units.add_argument("path", type=Path, metavar="PATH", help="a table, or a folder of tables")
    units.set_defaults(run=run)
    given = forms.add_parser("us-training", help="training the United States reported giving")
    given.add_argument("path", type=Path, metavar="PATH", help="a table of trainings")
    given.add_argument(
        "--country",
        action="append",
        default=[],
        metavar="ISO3",
        help="only this country, as MLI; may be given several times",
    )
    given.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the import is complete; 1 when a file cannot be read at all."""
    with database(say):
        if args.form == "sfm":
            done = import_sfm(args.path)
        else:
            done = import_us_training(args.path, args.country)
        print(done)
        for problem in done.problems[:SHOWN]:
            print(f"  {_located(problem)}", file=sys.stderr)
        if len(done.problems) > SHOWN:
            print(f"  and {len(done.problems) - SHOWN:,} more rows to look at", file=sys.stderr)
    return 0


@dataclass(frozen=True, slots=True)
class Done:
    """What an import read and wrote, in a sentence."""

    title: str
    counts: Mapping[str, int]
    problems: Sequence[Problem]
    fresh: bool

    def __str__(self) -> str:
        said = ", ".join(f"{number:,} {noun}" for noun, number in self.counts.items() if number)
        again = " These very files were imported before; nothing was changed."
        return f"{self.title}: {said or 'nothing'}.{'' if self.fresh else again}"


def import_sfm(path: Path) -> Done:
    """Read a register and write it into ours; the digest names the very files that were read."""
    from primum.actions.import_register import import_register  # noqa: PLC0415 - Django is up
    from primum.people import door  # noqa: PLC0415
    from primum.site import clock  # noqa: PLC0415

    form, found = sfm.detect(path)
    digest = digest_of(_files(found) if form is sfm.Form.TIDY else (found,))
    register = sfm.read(path)
    title = register.dataset.title
    done = import_register(
        by=door.clock(),
        now=clock.now(),
        register=register,
        digest=digest,
        progress=Progress(title),
    )
    counts = {
        "units": len(register.units),
        "persons": len(register.persons),
        "sources": len(register.sources),
        "ties": len(register.ties),
        "postings": len(register.postings),
    }
    return Done(title, counts, register.problems, done.fresh)


def import_us_training(path: Path, countries: Sequence[str] = ()) -> Done:
    """Read reported trainings and write them into ours, as printed."""
    from primum.actions.import_register import import_trainings  # noqa: PLC0415 - Django is up
    from primum.people import door  # noqa: PLC0415
    from primum.site import clock  # noqa: PLC0415

    wanted = sorted({country.upper() for country in countries})
    trainings = us_training.read_trainings(path, wanted)
    title = trainings.dataset.title
    done = import_trainings(
        by=door.clock(),
        now=clock.now(),
        trainings=trainings,
        # Another choice of countries reads other rows, so it is another import.
        digest=digest_of((path,), *wanted),
        progress=Progress(title),
    )
    return Done(title, {"rows": len(trainings.rows)}, trainings.problems, done.fresh)


def digest_of(files: Iterable[Path], *chosen: str) -> str:
    """SHA-256 over names and contents, and what was chosen from them."""
    whole = hashlib.sha256()
    for path in files:
        inside = hashlib.sha256()
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    inside.update(chunk)
        except OSError as error:
            why = error.strerror or "no reason given"
            raise ExchangeError(path.name, 0, f"cannot be opened ({why})", "Check it.") from None
        whole.update(f"{path.name}\0{inside.hexdigest()}\n".encode())
    whole.update("\0".join(chosen).encode())
    return whole.hexdigest()


class Progress:
    """Lines of progress, at most one a second, and the last one always."""

    def __init__(self, title: str, write: Callable[[str], None] = say) -> None:
        self._title, self._write = title, write
        self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done >= total or now - self._told > 1:
            self._told = now
            self._write(f"  {self._title}: {done:,} of {total:,}")


def _files(folder: Path) -> list[Path]:
    return [folder / name for name in _TIDY_FILES if (folder / name).is_file()]


def _located(problem: Problem) -> str:
    """As file:line, which editors open with a click."""
    if not problem.line:
        return str(problem)
    return f"{problem.file}:{problem.line}: {problem.message}. {problem.remedy}"
