"""What the authorities promise and do about a party, and what the leadership waives upon it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from primum.cases.models.activity import Activity, Line
from primum.cases.models.report import Report
from primum.core import promises
from primum.people.models import Holding, Post
from primum.register.models import Party, Sealed


class Undertaking(Sealed):
    """What the authorities said they would do about a party, and by when. Not a commitment.

    A commitment is a condition of support; this is theirs, whatever we give.
    """

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        PARTLY = "partly_kept"
        BROKEN = "broken"
        LAPSED = "lapsed"

    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    """The report it answers. Who may not know of that report does not know of this."""
    text = models.TextField()
    promised_by = models.CharField(max_length=200)
    """An office, never the name of a person."""
    promised = models.DateField()
    due = models.DateTimeField()
    grace_days = models.PositiveSmallIntegerField(default=14)
    """So long after its day a waiver may still rest on it."""
    source = models.TextField()
    """Where it stands: a letter, the note of a meeting."""
    verifier = models.ForeignKey(Post, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=list)
    """Every answer there was, in order, the last one too: at, answer, post, words."""
    failed = models.DateTimeField(null=True)
    """When it was last found broken, or lapsed. Kept when it is met after all."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], name="undertakings_due"),
            models.Index(fields=["party", "-at"], name="undertakings_of_party"),
        ]

    def with_answer(
        self, at: datetime, answer: str, post: UUID, words: str
    ) -> list[dict[str, str]]:
        """Every answer so far and this one: what supersedes does not replace."""
        said = {"at": at.isoformat(), "answer": answer, "post": str(post), "words": words}
        return [*self.answers, said]


class AuthorityStep(Sealed):
    """One thing the authorities did about what a report says of a party, or that they did nothing.

    Written once. It lies under the report's own seal, behind the report's own wall.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in promises.STEPS])
    day = models.DateField()
    office = models.CharField(max_length=200)
    """Who did it: an office, never the name of a person."""
    evidence = models.TextField()
    """What we saw or were told, and where it stands."""
    evidenced = models.BooleanField()
    """Whether we saw it ourselves; what we were only told is claimed, and does not count."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "-day"], name="steps_of_party")]


class Waiver(Sealed):
    """That the leadership goes past one thing that stands against a party, upon an undertaking.

    Beside a decision, never instead of one. It ends with its day, or when its undertaking fails.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="waivers")
    """The one request it is for; None: whatever is asked for the party."""
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in promises.WAIVED])
    words = models.TextField()
    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="waivers")
    until = models.DateTimeField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    ended_words = models.TextField(blank=True)
    """What follows, in the words of the leadership: written when it takes it back or it is over."""
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "-at"], name="waivers_of_party")]

    def stands(self, now: datetime) -> bool:
        return promises.stands(self.at, self.until, self.ended, self.undertaking.failed, now)
