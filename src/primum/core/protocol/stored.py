"""A Ruling as text that is the same, byte for byte, whenever it is written again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from primum.core.vocabulary import HardStop, Level, Reason, Recommendation, Ruling


def ruling_to_json(ruling: Ruling) -> dict[str, Any]:
    """The Ruling as plain data."""
    return {
        "protocol": ruling.protocol,
        "version": ruling.version,
        "semantics": ruling.semantics,
        "lowest": ruling.lowest.word,
        "highest": ruling.highest.word,
        "recommendation": ruling.recommendation.value,
        "reasons": [_reason_to_json(reason) for reason in ruling.reasons],
        "hard_stops": [_stop_to_json(stop) for stop in ruling.hard_stops],
        "open_questions": list(ruling.open_questions),
        "expected": [level.word for level in ruling.expected],
        "commitments": list(ruling.commitments),
        "advises": list(ruling.advises),
        "decides": {stakes: list(duties) for stakes, duties in ruling.decides.items()},
        "snapshot": _plain(ruling.snapshot),
    }


def ruling_from_json(stored: Mapping[str, Any]) -> Ruling:
    """The Ruling that `ruling_to_json` wrote."""
    return Ruling(
        protocol=stored["protocol"],
        version=stored["version"],
        semantics=stored["semantics"],
        lowest=_level(stored["lowest"]),
        highest=_level(stored["highest"]),
        recommendation=Recommendation(stored["recommendation"]),
        reasons=tuple(_reason_from_json(reason) for reason in stored["reasons"]),
        hard_stops=tuple(HardStop(**stop) for stop in stored["hard_stops"]),
        open_questions=tuple(stored["open_questions"]),
        expected=(_level(stored["expected"][0]), _level(stored["expected"][1])),
        commitments=tuple(stored["commitments"]),
        advises=tuple(stored["advises"]),
        decides={stakes: tuple(duties) for stakes, duties in stored["decides"].items()},
        snapshot=stored["snapshot"],
    )


def _level(word: str) -> Level:
    return Level[word.upper()]


def canonical(stored: Mapping[str, Any]) -> str:
    """Plain data as one text: keys in order, no spaces, no number that prints in two ways."""
    return json.dumps(
        stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(ruling: Ruling) -> str:
    """What two people compare to know that they speak of the same Ruling."""
    return hashlib.sha256(canonical(ruling_to_json(ruling)).encode()).hexdigest()


def _reason_to_json(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "level": reason.level.word,
        "says": dict(reason.says),
        "cites": reason.cites,
        "audience": sorted(reason.audience),
        "certain": reason.certain,
    }


def _reason_from_json(stored: Mapping[str, Any]) -> Reason:
    return Reason(
        rule=stored["rule"],
        level=_level(stored["level"]),
        says=stored["says"],
        cites=stored["cites"],
        audience=frozenset(stored["audience"]),
        certain=stored["certain"],
    )


def _stop_to_json(stop: HardStop) -> dict[str, Any]:
    return {
        "rule": stop.rule,
        "passable_by": stop.passable_by,
        "says": dict(stop.says),
        "certain": stop.certain,
    }


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
