"""Rungs of the intercession ladder, what they rest on, and the letters that go to authorities."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from primum.cases.models.judgement import Decision
from primum.cases.models.report import Report
from primum.people.models import Holding, Post
from primum.register.models import Party, Sealed


class Intercession(Sealed):
    """One rung of one matter with a party: written by one post, standing once a second approves.

    Withheld, like reports, from the party's own organisation and its contributor state.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        SENT_BACK = "sent_back"

    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    rung = models.CharField(max_length=20)
    scope = models.CharField(max_length=20)
    scope_words = models.CharField(max_length=200, blank=True)
    threshold = models.TextField()
    """What made it this rung, in words."""
    deadline = models.DateTimeField(null=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="after")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    """The Decision that suspended, resumed or withdrew support, where the rung is one of these."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    judged = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    judged_words = models.TextField(blank=True)
    answer = models.CharField(max_length=20, blank=True)
    answer_words = models.TextField(blank=True)
    answered = models.DateField(null=True)
    """The day on which the authorities answered."""
    answer_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    answer_at = models.DateTimeField(null=True)
    withheld_organisations = ArrayField(models.UUIDField(), default=list)
    withheld_states = ArrayField(models.CharField(max_length=60), default=list)
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "-at"], name="intercessions_of_party")]


class Relied(Sealed):
    """The information a rung rests on: under the seal of reports, whether it links to one or not,
    and for those alone who may read every one that it links to.
    """

    intercession = models.ForeignKey(Intercession, models.PROTECT, related_name="relied")
    words = models.TextField()
    salt = models.CharField(max_length=32)


class ReliedReport(Sealed):
    """A report that a rung rests on. Seen exactly when both are."""

    intercession = models.ForeignKey(Intercession, models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")


class Letter(Sealed):
    """A letter to authorities. Its words are written anew, never changed, until it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT_BACK = "sent_back"
        PASSED = "passed"
        SENT = "sent"

    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    intercession = models.ForeignKey(
        Intercession, models.PROTECT, null=True, related_name="letters"
    )
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    signatory = models.ForeignKey(Post, models.PROTECT, related_name="+")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    state_since = models.DateTimeField()
    sent_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=20, blank=True)
    withheld_organisations = ArrayField(models.UUIDField(), default=list)
    withheld_states = ArrayField(models.CharField(max_length=60), default=list)
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at", "id"], name="newest_letters")]


class LetterText(Sealed):
    """The words of a letter as one post wrote them. The highest number is what would go."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    addressee = models.TextField()
    """An office and its address. Never a private person."""
    reference = models.CharField(max_length=60)
    deadline = models.DateField(null=True)
    words = models.JSONField()
    """subject, opening, facts, asks, otherwise, closing."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["letter", "number"], name="one_text_a_number")
        ]


class LetterReading(Sealed):
    """A second post's two answers: could they work out who spoke, by the words, by the timing?"""

    text = models.OneToOneField(LetterText, models.PROTECT, related_name="reading")
    words_tell = models.BooleanField()
    words_why = models.TextField()
    timing_tells = models.BooleanField()
    timing_why = models.TextField()
    not_before = models.DateField(null=True)
    """What the timing would give away today it no longer does from this day on."""
    passes = models.BooleanField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)
