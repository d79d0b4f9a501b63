"""Paging by key: the next page starts behind a row, so nothing is counted and nothing skipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

PAGE = 50
M = TypeVar("M", bound=Model)
R = TypeVar("R")


def page_of(rows: QuerySet[M, R], order: Sequence[str], after: str = "") -> list[R]:
    """One page of rows in this order; one row more than a page means that there is a next one.

    `after` is the key of the last row seen: an address holds keys, never the words sorted by. A
    key that this viewer does not see, or that is none, starts from the beginning.
    """
    key = key_of(after)
    last = rows.model._base_manager.filter(pk=key).values(*map(_bare, order)).first()
    if key is not None and last is not None:
        rows = rows.filter(_behind(order, last))
    return list(rows.order_by(*order)[: PAGE + 1])


def _behind(order: Sequence[str], last: dict[str, object]) -> Q:
    """Every row that sorts behind these values: by the first column that differs."""
    found, same = Q(), Q()
    for each in order:
        name = _bare(each)
        way = "lt" if each.startswith("-") else "gt"
        found |= same & Q(**{f"{name}__{way}": last[name]})
        same &= Q(**{name: last[name]})
    return found


def _bare(name: str) -> str:
    return name.removeprefix("-")


def key_of(text: str) -> UUID | None:
    """A key that was written out; what is none is None."""
    try:
        return UUID(text)
    except ValueError:
        return None
