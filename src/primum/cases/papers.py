"""From the rows of a letter to what its writer of documents needs."""

from __future__ import annotations

from primum.cases.models import Letter, LetterText
from primum.exchange.documents import Written
from primum.people import mission


def written(row: Letter, text: LetterText) -> Written:
    return Written(
        language=row.language,
        sender=mission.current().names,
        signatory=row.signatory.titles,
        addressee=text.addressee,
        reference=text.reference,
        deadline=text.deadline,
        words=text.words,
    )
