"""Which reports about parties stand for grave violations, and what was done about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from primum.cases.models import Allegation, AuthorityStep
from primum.core import promises
from primum.core.protocol import credibility
from primum.people.sight import Viewer, require
from primum.register import queries as register

Finding = tuple[UUID, UUID]
"""A report and the party it is about."""


def grave_allegations(viewer: Viewer, parties: Collection[UUID]) -> int:
    """How many reports about these parties stand, as last weighed, for grave violations."""
    require(viewer)
    return len({report for report, _party in _standing(parties)})


def accountability_facts(
    viewer: Viewer, parties: Collection[UUID], now: datetime
) -> Mapping[str, object]:
    """What the authorities did about the findings against these parties and those under them.

    As far as the viewer may know: who may not read a report learns nothing of what followed it.
    """
    require(viewer)
    own = findings(viewer, parties)
    below = register.subordinates(viewer, parties)
    under = findings(viewer, (below | register.former_of(viewer, below)) - set(parties))
    return {
        "party.accountability": promises.accountability(own.values()),
        "party.months_without_step": promises.idle_months(own.values(), now.date()),
        "party.units_without_steps": sum(
            each.answered != promises.LADDER[-1] for each in under.values()
        ),
    }


def findings(viewer: Viewer, parties: Collection[UUID]) -> Mapping[Finding, promises.Finding]:
    """The grave allegations against these parties, each with what was done about it."""
    require(viewer)
    standing = _standing(parties)
    done: dict[Finding, list[promises.Done]] = {}
    rows = AuthorityStep.objects.filter(party__in=parties)
    for report, party, kind, day, evidenced in rows.values_list(
        "report", "party", "kind", "day", "evidenced"
    ):
        done.setdefault((report, party), []).append(promises.Done(kind, day, evidenced))
    return {
        key: promises.Finding(since.date(), tuple(done.get(key, ())))
        for key, since in standing.items()
    }


def _standing(parties: Collection[UUID]) -> Mapping[Finding, datetime]:
    """The reports that stand for grave violations as last weighed, and since when they are heard.

    A report refuted stands no more.
    """
    rows = (
        Allegation.objects.filter(party__in=parties)
        .exclude(report__confidence="refuted")
        .select_related("report")
        .order_by("report", "party", "-at")
        .distinct("report", "party")
    )
    return {
        (row.report_id, row.party_id): row.report.heard
        for row in rows
        if credibility.Weighed(row.route, row.standard, row.factors).grave
    }
