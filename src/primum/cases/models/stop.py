"""Suspensions narrower or wider than one activity, their end, and what a renewal begins with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from primum.cases.models.activity import Activity, Line
from primum.cases.models.judgement import Decision
from primum.people.models import Holding, Post
from primum.register.models import Party, Sealed


class Stop(Sealed):
    """One suspension: what it stops, since when, and what would lift it. Never changed; see Lift.

    It lies under the seal of those who decide. That a line is stopped, since when and how widely is
    told by the engine to all who see the line; why stands here.
    """

    class Scope(models.TextChoices):
        LINE = "line"
        UNIT = "unit"
        COMMANDER = "commander"
        OPERATION = "operation"
        ALL = "all"

    scope = models.CharField(max_length=10, choices=Scope.choices)
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="stops")
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="stops")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="stops")
    """The decision on the activity it was made from; none where it was made from a party."""
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    started = models.DateTimeField()
    words = models.TextField()
    lifts_when = models.TextField(blank=True)
    """What would lift it, in words."""
    review_by = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scope="line", line__isnull=False, party__isnull=True)
                | Q(scope="operation", activity__isnull=False, line=None, party__isnull=True)
                | Q(
                    scope__in=("unit", "commander", "all"),
                    party__isnull=False,
                    line__isnull=True,
                    activity__isnull=True,
                ),
                name="stops_one_thing",
            )
        ]


class Lift(Sealed):
    """The end of a suspension, with its own record: what was put right, how one knows, who advised.

    A stop has one at most: of two who lift it the second finds it lifted.
    """

    stop = models.OneToOneField(Stop, models.PROTECT, related_name="lift")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="lifts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    put_right = models.TextField()
    evidence = models.TextField()
    advised_by = models.TextField(blank=True)
    salt = models.CharField(max_length=32)


class Renewal(Sealed):
    """That somebody asked to go on beyond the approval's end, and what they say has changed."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="renewals")
    changed = models.JSONField()
    """people, commander, place, use, harm -> what changed since, in words; “nothing” is said."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)
