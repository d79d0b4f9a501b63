"""Documents people print, sign and send."""

from primum.exchange.documents.listing import Listing, Part, printed_list
from primum.exchange.documents.scan import LARGEST, kind_of
from primum.exchange.documents.sheet import Sheet, decision_sheet

__all__ = [
    "LARGEST",
    "Listing",
    "Part",
    "Sheet",
    "decision_sheet",
    "kind_of",
    "printed_list",
]
