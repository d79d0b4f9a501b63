"""Documents people print, sign and send."""

from primum.exchange.documents.sheet import Sheet, decision_sheet

__all__ = ["Sheet", "decision_sheet"]
