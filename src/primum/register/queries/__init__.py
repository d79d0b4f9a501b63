"""Every read of the register. The first argument is the viewer; results are frozen."""

from primum.register.paging import PAGE
from primum.register.queries.chains import Network, NetworkUnit, chain_of, network
from primum.register.queries.imports import ImportLine, imports
from primum.register.queries.matches import MatchLine, match_page, matches
from primum.register.queries.parties import (
    PartyLine,
    PartyPage,
    PostingLine,
    SourceLine,
    find,
    former_of,
    names_of,
    party_page,
    party_sources,
    places,
    postings,
    subordinates,
    superiors,
    too_short,
)
from primum.register.queries.support import (
    SupportFilter,
    SupportLine,
    SupportMatch,
    SupportSet,
    support,
    support_count,
    support_sets,
    support_years,
)

__all__ = [
    "PAGE",
    "ImportLine",
    "MatchLine",
    "Network",
    "NetworkUnit",
    "PartyLine",
    "PartyPage",
    "PostingLine",
    "SourceLine",
    "SupportFilter",
    "SupportLine",
    "SupportMatch",
    "SupportSet",
    "chain_of",
    "find",
    "former_of",
    "imports",
    "match_page",
    "matches",
    "names_of",
    "network",
    "party_page",
    "party_sources",
    "places",
    "postings",
    "subordinates",
    "superiors",
    "support",
    "support_count",
    "support_sets",
    "support_years",
    "too_short",
]
