"""primum import: other people's registers into ours, and out again.

Stopped halfway, it goes on where it was. A newer copy changes what it changes; undone, it was
never there.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from primum.cli.home import database
from primum.cli.serve import say
from primum.cli.trouble import Failed
from primum.exchange import sfm, sfm_nigeria, us_training
from primum.exchange.plain import visible
from primum.exchange.register import Register
from primum.exchange.tables import ExchangeError, Problem

if TYPE_CHECKING:
    from primum.actions.import_register import Imported
    from primum.register.queries import ImportLine

SHOWN = 20
CHUNK = 1024 * 1024
_TIDY_FILES = (
    *sfm_nigeria.NEEDED,
    *(sfm_nigeria.UNIT_NAMES, sfm_nigeria.PERSON_NAMES),
    *sfm_nigeria.SOURCES,
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("import", help="import a published register, or undo an import")
    forms = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    units = forms.add_parser("sfm", help="units, persons and ties of the Security Force Monitor")
    units.add_argument("path", type=Path, metavar="PATH", help="a table, or a folder of tables")
    units.add_argument(
        "--publisher",
        default="",
        metavar="NAME",
        help="whose register it is, where the files do not tell",
    )
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
    listed = forms.add_parser("list", help="every import, newest first, with its id")
    listed.set_defaults(run=run_list)
    undone = forms.add_parser("undo", help="take back a whole import; what cases stand on stays")
    undone.add_argument("batch", metavar="BATCH", help="its id, as `primum import list` shows it")
    undone.set_defaults(run=run_undo)


def run(args: argparse.Namespace) -> int:
    """0 when the import is complete; 1 when a file cannot be read at all."""
    with database(say):
        if args.form == "sfm":
            done = import_sfm(args.path, args.publisher)
        else:
            done = import_us_training(args.path, args.country)
        print(done)
        _name(done.kept, "Gone from this copy and kept, because something stands on them:")
        for problem in done.problems[:SHOWN]:
            print(f"  {_located(problem)}", file=sys.stderr)
        if len(done.problems) > SHOWN:
            print(f"  and {len(done.problems) - SHOWN:,} more rows to look at", file=sys.stderr)
    return 0


def run_list(_args: argparse.Namespace) -> int:
    """0, always: none is an answer too."""
    with database(say):
        found = _imports()
        for line in found:
            print(f"{line.id}  {line.started:%Y-%m-%d %H:%M}  {visible(line.title)}")
            print(f"  {_state(line)}")
        if not found:
            print("Nothing has been imported.")
    return 0


def run_undo(args: argparse.Namespace) -> int:
    """0 when the import is undone, now or before; 1 when it is not."""
    with database(say), _refusals():
        from primum.actions.undo_import import undo_import  # noqa: PLC0415 - Django is up
        from primum.people import door  # noqa: PLC0415
        from primum.site import clock  # noqa: PLC0415

        batch = _batch(args.batch)
        done = undo_import(by=door.clock(), now=clock.now(), batch=batch)
        if done.changed:
            print(
                f"Undone: {visible(done.title)}. {done.removed:,} out of view, "
                f"{done.restored:,} of earlier copies back. The ledger keeps its lines."
            )
        else:
            print(f"Nothing to undo: {visible(done.title)} is out of view already.")
        _name(done.kept, "Kept, because something else stands on them:")
    return 0


@dataclass(frozen=True, slots=True)
class Done:
    """What an import read and wrote, in a sentence or two."""

    title: str
    counts: Mapping[str, int]
    problems: Sequence[Problem]
    done: Imported

    @property
    def fresh(self) -> bool:
        return self.done.fresh

    @property
    def kept(self) -> tuple[str, ...]:
        return self.done.kept

    def __str__(self) -> str:
        read = ", ".join(f"{number:,} {noun}" for noun, number in self.counts.items() if number)
        if not self.fresh:
            newer = " A newer copy is in view since." if self.done.superseded else ""
            became = f"These very files were imported before; nothing was changed.{newer}"
        else:
            became = f"{_became(self.done.counts)} Undo: primum import undo {self.done.batch}"
        return f"{self.title}: {read or 'nothing'}. {became}"


def import_sfm(path: Path, publisher: str = "") -> Done:
    """Read a register and write it into ours; the digest names the very files that were read."""
    from primum.actions.import_register import import_register  # noqa: PLC0415 - Django is up
    from primum.people import door  # noqa: PLC0415
    from primum.site import clock  # noqa: PLC0415

    form, found = sfm.detect(path)
    digest = digest_of(_files(found) if form is sfm.Form.TIDY else (found,))
    register = _published(sfm.read(path), publisher.strip())
    title = register.dataset.title
    with _refusals():
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
    return Done(title, counts, register.problems, done)


def import_us_training(path: Path, countries: Sequence[str] = ()) -> Done:
    """Read reported trainings and write them into ours, as printed."""
    from primum.actions.import_register import import_trainings  # noqa: PLC0415 - Django is up
    from primum.people import door  # noqa: PLC0415
    from primum.site import clock  # noqa: PLC0415

    wanted = sorted({country.upper() for country in countries})
    trainings = us_training.read_trainings(path, wanted)
    title = trainings.dataset.title
    with _refusals():
        done = import_trainings(
            by=door.clock(),
            now=clock.now(),
            trainings=trainings,
            # Another choice of countries reads other rows, so it is another import.
            digest=digest_of((path,), *wanted),
            progress=Progress(title),
        )
    return Done(title, {"rows": len(trainings.rows)}, trainings.problems, done)


def _published(register: Register, publisher: str) -> Register:
    """The register with its publisher, which the files tell or else whoever imports them says."""
    known = register.dataset
    if publisher in ("", known.publisher):
        if known.publisher:
            return register
        raise Failed(
            f"It cannot be told whose register {known.title} is. Nothing was changed. Say so with "
            f"--publisher NAME; name the same publisher as for an earlier copy."
        )
    if known.recognised and known.snapshot:
        raise Failed(
            f"{known.title}: these are the very files of {known.publisher}. Nothing was changed. "
            f"Leave --publisher out."
        )
    said = f"{publisher}: {known.title}. Licence not stated."
    named = replace(known, publisher=publisher, attribution=said, licence="", recognised=False)
    return replace(register, dataset=named)


@contextmanager
def _refusals() -> Iterator[None]:
    from primum.actions.base import NotThere, Refused  # noqa: PLC0415 - Django is up

    try:
        yield
    except Refused as refused:
        raise Failed(str(refused)) from refused
    except NotThere as missing:
        raise Failed(
            "There is no such import. Nothing was changed. `primum import list` names them."
        ) from missing


def _imports() -> Sequence[ImportLine]:
    from primum.people import door  # noqa: PLC0415 - Django is up
    from primum.people.sight import viewing  # noqa: PLC0415
    from primum.register.queries import imports  # noqa: PLC0415

    by = door.clock()
    with viewing(by):
        return imports(by)


def _batch(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Failed(
            f"“{visible(text)[:60]}” is not the id of an import. Nothing was changed. `primum "
            f"import list` names them."
        ) from None


def _state(line: ImportLine) -> str:
    if line.undone:
        return f"undone on {line.undone:%Y-%m-%d %H:%M}"
    if line.ended is None:
        return f"stopped at {line.done:,} of {line.total:,}: run it again, and it goes on"
    return _became(line.counts)


def _became(counts: Mapping[str, int]) -> str:
    said = [
        f"{counts[name]:,} {name}"
        for name in ("written", "changed", "unchanged", "gone")
        if counts.get(name)
    ]
    return f"{', '.join(said).capitalize()}." if said else "Nothing to write."


def _name(names: Sequence[str], why: str) -> None:
    if names:
        print(why)
    for name in names[:SHOWN]:
        print(f"  {visible(name)}")
    if len(names) > SHOWN:
        print(f"  and {len(names) - SHOWN:,} more")


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
