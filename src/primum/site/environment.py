"""Settings as a visible table, read from the environment by small typed readers.

Every entry has a heading in docs/reference/settings.md; a test fails when one is missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit


class SettingError(Exception):
    """A setting cannot be read. The sentence names it and says what is allowed."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, default and what it does."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("DATABASE_URL", "", "PostgreSQL 17 or newer (18 is tested), as the web role"),
    Setting(
        "PRIMUM_OWNER_URL", "", "the same database as the owner role: migrations, verification"
    ),
    Setting("PRIMUM_HOME", "", "folder of the embedded database, secrets and logs"),
    Setting("PRIMUM_SECRET", "", "signs sessions and viewers; at least 32 characters"),
    Setting("PRIMUM_HOSTS", "127.0.0.1,localhost", "names this server answers to, with commas"),
    Setting("PRIMUM_HTTPS", "no", "yes: cookies over HTTPS only, HSTS on"),
    Setting("PRIMUM_REQUIRE_TOTP", "no", "yes: nobody works without a second factor"),
    Setting(
        "PRIMUM_DEMO_HOME", "", "set by `make demo` alone: marks every page as a demonstration"
    ),
    Setting("PRIMUM_MISSION", "unisar", "the mission folder: a shipped name or a path"),
    Setting("PORT", "8000", "port of `make demo` and `primum serve`"),
)


def text(name: str) -> str:
    """The variable's value, else its default from the table."""
    setting = next(entry for entry in SETTINGS if entry.name == name)
    return os.environ.get(name, setting.default)


def yes_no(name: str) -> bool:
    value = text(name)
    if value not in ("yes", "no"):
        raise SettingError(f"{name} is “{value}”. Write yes or no.")
    return value == "yes"


def number(name: str) -> int:
    value = text(name)
    if not value.isdecimal():
        raise SettingError(f"{name} is “{value}”. Write a whole number.")
    return int(value)


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def database(
    name: str, wrap: Callable[[dict[str, object]], dict[str, object]]
) -> dict[str, object]:
    """A Django database entry from a postgresql:// address (socket folders as ?host=/folder)."""
    url = text(name)
    parts = urlsplit(url)
    if url and parts.scheme not in ("postgresql", "postgres"):
        raise SettingError(
            f"{name} starts with “{parts.scheme}”. Primum needs PostgreSQL: postgresql://…"
        )
    query = parse_qs(parts.query)
    try:
        port = str(parts.port or query.get("port", [""])[0])
    except ValueError as error:
        raise SettingError(f"{name} has a port that is no number. Write it as …:5432/….") from error
    return wrap(
        {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "primum",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", [parts.hostname or ""])[0],
            "PORT": port,
        }
    )
