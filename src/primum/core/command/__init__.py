"""Dated ties: who stood above, below and in command, as of a day."""

from primum.core.command.chain import (
    COMMAND_ROLES,
    DEPTH,
    Chain,
    Edge,
    Network,
    Node,
    Posted,
    chain,
    commanders,
)
from primum.core.command.dates import (
    EARLIEST_YEAR,
    HOLDS,
    LATEST_YEAR,
    UNDATED,
    DateError,
    Holding,
    Open,
    PartialDate,
    Precision,
    Span,
    parse_date,
)
from primum.core.command.loops import loops
from primum.core.command.ties import Posting, Tie, UnitLike

__all__ = [
    "COMMAND_ROLES",
    "DEPTH",
    "EARLIEST_YEAR",
    "HOLDS",
    "LATEST_YEAR",
    "UNDATED",
    "Chain",
    "DateError",
    "Edge",
    "Holding",
    "Network",
    "Node",
    "Open",
    "PartialDate",
    "Posted",
    "Posting",
    "Precision",
    "Span",
    "Tie",
    "UnitLike",
    "chain",
    "commanders",
    "loops",
    "parse_date",
]
