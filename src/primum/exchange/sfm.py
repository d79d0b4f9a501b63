"""Registers of the Security Force Monitor, whichever of its two forms a path holds."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from primum.exchange.register import Register
from primum.exchange.sfm_mali import COLUMNS, MALI, read_mali_units
from primum.exchange.sfm_nigeria import NEEDED, NIGERIA, read_nigeria
from primum.exchange.tables import ExchangeError, check_columns

__all__ = ["MALI", "NIGERIA", "Form", "detect", "read", "read_mali_units", "read_nigeria"]

_WANTED = (
    "Name a table of units and relations (its columns begin with “unit:id:admin”), "
    f"or a folder with {', '.join(NEEDED)}."
)
_TABLES = frozenset({".tsv", ".csv", ".txt"})


class Form(StrEnum):
    """The two forms the Monitor has published."""

    RELATIONS = "sfm_relations"
    TIDY = "sfm_tidy"


def detect(path: Path) -> tuple[Form, Path]:
    """Which form a file or folder has, and where to read it. Raises ExchangeError if neither."""
    if path.is_dir():
        return _detect_folder(path)
    if path.name in NEEDED and all((path.parent / name).is_file() for name in NEEDED):
        return Form.TIDY, path.parent
    check_columns(path, COLUMNS)
    return Form.RELATIONS, path


def _detect_folder(folder: Path) -> tuple[Form, Path]:
    if all((folder / name).is_file() for name in NEEDED):
        return Form.TIDY, folder
    tables = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in _TABLES)
    found = [path for path in tables if _is_relations(path)]
    if len(found) == 1:
        return Form.RELATIONS, found[0]
    what = "holds several tables of relations" if found else "holds no register that we can read"
    raise ExchangeError(folder.name, 0, what, _WANTED)


def _is_relations(path: Path) -> bool:
    try:
        check_columns(path, COLUMNS)
    except ExchangeError:
        return False
    return True


def read(path: Path) -> Register:
    """Read a register from a file or a folder, in whichever form it is."""
    form, found = detect(path)
    return read_mali_units(found) if form is Form.RELATIONS else read_nigeria(found)
