"""Weigh an allegation: place a report about a party on a route, by the seven factors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    Refused,
    acting,
    digest,
    holding,
    log,
    needs,
    refuse,
    salt,
)
from primum.cases.models import Allegation, Report, ReportParty
from primum.core.protocol import credibility
from primum.core.vocabulary import Because, Refusal, Verb
from primum.people.sight import Viewer

WEIGHS: Final = frozenset({"assesses", "advises"})
MISTAKES: Final = (
    Because("no_route", "Choose a route, or none."),
    Because("no_standard", "Choose how well founded it is."),
    Because(
        "factors_missing",
        "Say of each of the seven factors whether it speaks for it, against it, or is not known.",
    ),
    Because(
        "one_voice",
        "One source alone does not make substantial grounds. Name what else speaks for it, or"
        " choose “credible”.",
    ),
)


def weigh_allegation(
    *,
    by: Viewer,
    now: datetime,
    report: UUID,
    party: UUID,
    weighed: credibility.Weighed,
    words: str,
) -> UUID:
    """Keep how one report about one party was weighed. Weighed again, the newest counts."""
    with acting(by):
        if not WEIGHS & by.duties:
            raise refuse(Verb.ASSESS, "not_your_move", "This step belongs to another post.")
        row = Report.objects.filter(id=report).first()
        if row is None or not ReportParty.objects.filter(report=row, party=party).exists():
            raise NotThere
        wrong = credibility.mistakes(weighed, row.independent_sources)
        if wrong:
            reasons = tuple(because for because in MISTAKES if because.code in wrong)
            raise Refused(Refusal(Verb.ASSESS, reasons))
        made = Allegation(
            id=uuid4(),
            seal_id=row.seal_id,
            report=row,
            party_id=party,
            route=weighed.route,
            standard=weighed.standard,
            factors=dict(weighed.factors),
            words=needs(words, Verb.ASSESS),
            by=holding(by, now, Verb.ASSESS),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        said = digest(made.salt, made.route, made.standard, _ordered(weighed.factors), made.words)
        log(("party", party), "weigh_allegation", made, now, words=said, seal=row.seal_id)
        return made.id


def _ordered(factors: Mapping[str, str]) -> str:
    return ",".join(f"{name}={factors[name]}" for name in credibility.FACTORS)
