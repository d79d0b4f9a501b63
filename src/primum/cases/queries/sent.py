"""Whether a form's record is there already: a page that is sent twice asks before anything else."""

from __future__ import annotations

from uuid import UUID

from primum.cases.models import Advice, Assessment, Decision, Renewal, Stop
from primum.people.sight import Viewer, require

__all__ = ["is_made"]

KINDS = {
    "advice": Advice,
    "assessment": Assessment,
    "decision": Decision,
    "stop": Stop,
    "renewal": Renewal,
}


def is_made(viewer: Viewer, kind: str, record: UUID) -> bool:
    """Whether this viewer sees a record of this kind and key."""
    require(viewer)
    return KINDS[kind]._default_manager.filter(id=record).exists()
