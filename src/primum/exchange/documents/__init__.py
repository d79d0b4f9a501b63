"""Documents people print, sign and send."""

from primum.exchange.documents.letter import DOCX, PDF, LetterPaper, letter_docx, letter_pdf
from primum.exchange.documents.listing import Listing, Part, printed_list
from primum.exchange.documents.paper_letter import Written, letter_paper, scope_in
from primum.exchange.documents.scan import LARGEST, kind_of
from primum.exchange.documents.sheet import Sheet, decision_sheet

__all__ = [
    "DOCX",
    "LARGEST",
    "PDF",
    "LetterPaper",
    "Listing",
    "Part",
    "Sheet",
    "Written",
    "decision_sheet",
    "kind_of",
    "letter_docx",
    "letter_paper",
    "letter_pdf",
    "printed_list",
    "scope_in",
]
