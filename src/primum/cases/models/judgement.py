"""Assessments, rulings, advice and decisions: what was asked, weighed, advised and chosen."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from primum.cases.models.activity import Activity
from primum.cases.models.protocol import ProtocolVersion
from primum.cases.models.report import File
from primum.people.models import Holding, Post
from primum.register.models import Party, Sealed


class Assessment(Sealed):
    """The answers to a protocol's questions. Superseded by a later one, never edited.

    About an activity; or about a party, such as a whole force, and then activities stand on it.
    """

    class Kind(models.TextChoices):
        SPECIFIC = "specific"
        STANDING = "standing"
        EMERGENCY = "emergency"
        REVIEW = "review"
        BASELINE = "baseline"

    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="assessments")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SPECIFIC)
    stands_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """The assessment of the force that this one was made beside."""
    edited = models.JSONField(default=dict)
    """Question -> what was answered when a Ruling was first shown, where it was changed after."""
    exempt = ArrayField(models.UUIDField(), default=list)
    """Lines that the assessor agreed are exempt from the policy."""
    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")
    answers = models.JSONField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    stakes = models.CharField(max_length=12, blank=True)
    """How high the decision must go. Here and not on the activity: it tells what was found."""
    split = models.BooleanField(default=False)
    """True when it and other recent requests to the same parties pass a limit each stays under."""
    salt = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(activity__isnull=True) ^ models.Q(party__isnull=True),
                name="about_one_thing",
            )
        ]


class Ruling(Sealed):
    """What the protocol said to one post on one day, with all it weighed.

    Each post's Ruling rests on what that post may see, and lies under that post's own seal: two
    posts may rightly read different rulings of one case.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="rulings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    """Canonical JSON: what is stored is what is hashed and replayed."""
    salt = models.CharField(max_length=32)


class Advice(Sealed):
    """One post's support, support with conditions, or objection, with its reasons."""

    class Position(models.TextChoices):
        SUPPORT = "support"
        CONDITIONS = "support_with_conditions"
        OBJECT = "object"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="advices")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    in_place_of = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    """The post whose advice it is, where its work fell to the one that gave it."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    position = models.CharField(max_length=30, choices=Position.choices)
    words = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "post"], name="one_advice_a_post")
        ]


class Decision(Sealed):
    """What a post chose. The reasons lie apart, under the decider's seal; so does what is told."""

    ANSWERS: ClassVar = ("decide", "go_on", "suspend", "resume", "withdraw", "stop", "lift")
    """The kinds that answer what was broken or grave before them. A release answers nothing."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12)
    """decide, go_on, suspend, resume, withdraw, release, disowned, reopen, close_early; stop and
    lift: a suspension of less or more than this activity, and its end."""
    choice = models.CharField(max_length=20, blank=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    """Who recorded it; on behalf of another post's holder when `signed_by` is set."""
    signed_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    """Whose signature the recorded sheet bears: the person who confirms it, or disowns it."""
    sheet = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    approved_until = models.DateTimeField(null=True)
    lease_ended = models.DateTimeField(null=True)
    """When the lease this decision opened came to its end, early or not."""
    review_by = models.DateTimeField(null=True)
    left_out = ArrayField(models.UUIDField(), default=list)
    """The lines that a decision in part does not let go."""
    confirm_by = models.DateTimeField(null=True)
    confirmed = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="struck_by")
    """The decision that this one strikes. That one stays as it was written."""
    salt = models.CharField(max_length=32)

    STANDS: ClassVar = Q(struck_by__isnull=True) & ~Q(kind="disowned")
    """What still counts as decided."""


class Ground(Sealed):
    """The decider's own words and the Ruling as shown to them: the reasons of one decision."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="grounds")
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")
    words = models.TextField()
    against = models.BooleanField(default=False)
    """True when the choice goes further than the Ruling this decider was shown."""
    against_words = models.TextField(blank=True)
    """Why the decider goes further than the Ruling, apart from why they decide at all."""
    same_words = models.PositiveIntegerField(default=0)
    """How many earlier decisions of this post gave the very same reasons."""
    stakes = models.CharField(max_length=12, blank=True)
    """How high it had to go on the day it was decided; empty for other kinds of decision."""
    salt = models.CharField(max_length=32)
