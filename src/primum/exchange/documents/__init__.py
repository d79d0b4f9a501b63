"""Documents people print, sign and send."""

from primum.exchange.documents.scan import LARGEST, kind_of
from primum.exchange.documents.sheet import Sheet, decision_sheet

__all__ = ["LARGEST", "Sheet", "decision_sheet", "kind_of"]
