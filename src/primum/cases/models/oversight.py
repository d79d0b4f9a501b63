"""What watches over the loop: raised cases, samples of an audit, meetings of the leadership."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from primum.cases.models.activity import Activity
from primum.cases.models.judgement import Decision
from primum.people.models import Holding
from primum.register.models import Sealed


class Raised(Sealed):
    """That a case goes one step of stakes higher than was computed.

    By lot, or by the human-rights post with the widest seal: which of the two, and when, stands
    here for neither, so that being raised tells nothing (SETTLED 39).
    """

    activity = models.OneToOneField(Activity, models.PROTECT, related_name="raised")


class Sample(Sealed):
    """Cases drawn by chance, to see whether the right kind was chosen for each."""

    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    population = models.PositiveIntegerField()
    """Out of how many: those that the post which drew could see."""
    activities = ArrayField(models.UUIDField())
    salt = models.CharField(max_length=32)


class Meeting(Sealed):
    """A meeting of the leadership, as minuted. Written once, never edited: a later one corrects."""

    at = models.DateTimeField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected")
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="newest_meeting")]


class MeetingItem(Sealed):
    """One point of a meeting: what it was about, what was said, and the Decision if one was taken.

    Its seal is the meeting's, or that of what it is about where fewer may read that.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    """Why it was on the agenda: decide, decide_broken, decide_grave, lapsing, harm, by_hand."""
    case_kind = models.CharField(max_length=20, blank=True)
    case = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_item_a_number")
        ]
