"""Draw a sample: cases by chance, so that somebody looks whether the right kind was chosen."""

from __future__ import annotations

from datetime import datetime
from secrets import SystemRandom
from uuid import UUID, uuid4

from primum.actions.base import NotThere, acting, digest, holding, log, salt
from primum.cases.models import Activity, Sample
from primum.cases.queries.audit import may_audit
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer

SIZE, COMPONENT = 20, 1
_chance = SystemRandom()
"""No seed: whoever could foresee a sample could be ready for it."""


def draw_sample(*, by: Viewer, now: datetime) -> UUID:
    """Twenty of the cases this post sees, others each time; that it drew is logged."""
    with acting(by):
        if not may_audit(by):
            raise NotThere
        who = holding(by, now, Verb.LOOK)
        # At component level, like the totals: how many there are above it is nobody's to print.
        rows = Activity.objects.filter(seal__level__lte=COMPONENT)
        every = sorted(rows.values_list("id", flat=True))
        drawn = _chance.sample(every, min(SIZE, len(every)))
        made = Sample(
            id=uuid4(),
            seal_id=mission.default_seal("activity"),
            by=who,
            at=now,
            population=len(every),
            activities=drawn,
            salt=salt(),
        )
        made.save(force_insert=True)
        words = digest(made.salt, *drawn)
        log(("post", by.post), "sample", made, now, words=words, seal=made.seal_id)
        return made.id
