"""The mission's policy, one YAML file per kind of activity, and how to read it."""

from primum.protocols.reader import (
    available,
    bundle,
    check,
    libraries,
    library,
    load,
    parse,
    plain,
    text_of,
)

__all__ = [
    "available",
    "bundle",
    "check",
    "libraries",
    "library",
    "load",
    "parse",
    "plain",
    "text_of",
]
