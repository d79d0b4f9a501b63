"""How much fits into a column, said by its name: PostgreSQL only says that something did not."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import DataError, models


class TooMuch(DataError):
    """A text longer, or a number larger, than its column: which one, and what would fit."""

    def __init__(self, name: str, value: str | int, most: int) -> None:
        self.name, self.value, self.most = name, value, most
        super().__init__(f"{name}: {most} is the most that fits.")


def check(row: models.Model) -> None:
    """Raise TooMuch for the first value of a row that its column does not hold."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, str | int) and not isinstance(value, bool):
            try:
                field.run_validators(value)
            except ValidationError as error:
                _name(field.name, value, error)


def _name(name: str, value: str | int, error: ValidationError) -> None:
    for each in error.error_list:
        if each.code in ("max_length", "max_value"):
            raise TooMuch(name, value, int((each.params or {})["limit_value"]))
