"""Weighs a stored Ruling again from its own snapshot: the same bytes, however many years later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from primum.core.protocol.answers import Answers
from primum.core.protocol.facts import FACTS
from primum.core.protocol.model import Protocol
from primum.core.protocol.values import UNREAD, Domain, Value, read_value
from primum.core.protocol.weigh import weigh
from primum.core.vocabulary import Ruling


def replay(protocol: Protocol, stored: Mapping[str, Any]) -> Ruling:
    """The Ruling that the snapshot of `stored` (as `ruling_to_json` wrote it) gives today.

    `protocol` is the version it was weighed by; another one is a ValueError, and so is a snapshot
    that cannot be of this version. The way of weighing is the one it names. Compare the canonical
    texts of the two to know that they agree.
    """
    if protocol.version != stored["version"]:
        raise ValueError("it was weighed by another version of the protocol")
    snapshot = stored["snapshot"]
    known = dict(_known(protocol, snapshot["answers"]))
    facts = {
        name: read_value(_registered(name), plain)
        for name, plain in snapshot["facts"].items()
        if plain is not None
    }
    return weigh(protocol, Answers(known), facts, stored["semantics"])


def _known(protocol: Protocol, plain: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for name, value in plain.items():
        if name not in protocol.by_id:
            raise ValueError(f'its snapshot answers "{name[:40]}", which is not asked')
        domain = protocol.by_id[name].domain
        # Of an answer no rule reads the snapshot says only that there is one.
        yield name, str(value) if domain.kind in UNREAD else read_value(domain, value)


def _registered(name: str) -> Domain:
    if name not in FACTS:
        raise ValueError(f'its snapshot holds "{name[:40]}", which is no registered fact')
    return FACTS[name].domain
