"""Words that leave the circle of those who decide, and allegations placed on a route."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from primum.cases.models.judgement import Decision
from primum.cases.models.report import Report
from primum.people.models import Holding
from primum.register.models import Party, Sealed


class Told(Sealed):
    """What a requester or a recipient is told of a decision.

    Written under the decider's seal. A second post answers whether the addressee could work out
    from it who spoke; passed, it is written once more under the activity's own seal.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        PASSED = "passed"
        SENT_BACK = "sent_back"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="telling")
    audience = models.CharField(max_length=10)
    """requester or recipient."""
    words = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices)
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    """The row that this one answers or replaces."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of"], condition=models.Q(of__isnull=False), name="told_answered_once"
            )
        ]


class Allegation(Sealed):
    """One report about one party, weighed: which route to grave violations, on what standard.

    Written anew when it is weighed again; the newest counts. A claim, never a finding.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="weighed")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    route = models.CharField(max_length=12)
    standard = models.CharField(max_length=20)
    factors = models.JSONField()
    """Credibility factor -> for, against or unknown."""
    words = models.TextField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "-at"], name="allegations_of_party")]
