"""Effects: who could be helped or hurt, how, when, and then what; and how it turned out."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from primum.cases.models.activity import Activity, Look
from primum.cases.models.protocol import ProtocolVersion
from primum.cases.models.report import Report
from primum.core.effects import AS_PROPOSED, MOST_ORDER
from primum.people.models import Holding
from primum.register.models import Sealed


class Weighing(Sealed):
    """That somebody confirmed, struck and added effects; and that another person read it.

    A list without a harm, or with nothing else, asks for that second reader.
    """

    class Finds(models.TextChoices):
        AGREES = "agrees"
        MISSED = "missed"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="weighings")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    read_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    read_finds = models.CharField(max_length=10, choices=Finds.choices, blank=True)
    """agrees, or missed: then it is weighed again."""
    read_words = models.TextField(blank=True)
    salt = models.CharField(max_length=32)


class Surprise(Sealed):
    """A harm that no effect foresaw, as the steward of protocols learns of it.

    It names no case and no report: only which protocol did not ask for it, what kind of activity it
    was, and how the harm came about.
    """

    class Answer(models.TextChoices):
        CHANGED = "changed"
        THERE = "there"
        NOT_GENERAL = "not_general"

    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="surprises")
    kinds = ArrayField(models.CharField(max_length=30), default=list)
    """What the activity brought: the kinds of its lines."""
    order = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=20)
    at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    version = models.ForeignKey(ProtocolVersion, models.PROTECT, null=True, related_name="+")
    """The text in which the protocol now asks for it."""
    words = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    salt = models.CharField(max_length=32)


class Effect(Sealed):
    """One help or harm that could follow, on whom, how and when. A group, never a name.

    What a protocol's pathway says is not said again: `who`, `what` and `signpost` are empty there.
    Whether a signpost was seen stands in `Sign`, under the seal of the look that saw it.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested"
        EXPECTED = "expected"
        STRUCK = "struck"
        WATCHING = "watching"
        SURPRISE = "surprise"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="effects")
    weighing = models.ForeignKey(Weighing, models.PROTECT, null=True, related_name="effects")
    """None for what the proposer suggests, and for a surprise."""
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    order = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(default=0)
    """Its place in the sitting that wrote it."""
    option = models.CharField(max_length=120, default=AS_PROPOSED)
    """as_proposed, do_nothing, or another way in words."""
    good = models.BooleanField(default=False)
    group = models.CharField(max_length=60, blank=True)
    """One of the groups at risk that the protocol names."""
    who = models.CharField(max_length=200, blank=True)
    how = models.CharField(max_length=20, blank=True)
    what = models.TextField(blank=True)
    horizon = models.CharField(max_length=10, blank=True)
    likelihood = models.CharField(max_length=10, blank=True)
    seriousness = models.CharField(max_length=10, blank=True)
    reversible = models.CharField(max_length=5, blank=True)
    signpost = models.CharField(max_length=300, blank=True)
    look_on = models.DateField(null=True)
    feeds = ArrayField(models.CharField(max_length=120), default=list)
    """Dividers it may feed."""
    helps = ArrayField(models.CharField(max_length=120), default=list)
    """Connectors it may help."""
    pathway = models.CharField(max_length=160, blank=True)
    """Which of the protocol's pathways it is; empty for what was added."""
    suggestion = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_up")
    """What the proposer suggested and this confirms or strikes. That row stays as it was: it is
    theirs to read."""
    met_by = models.CharField(max_length=60, blank=True)
    """The code of the commitment that meets it."""
    state = models.CharField(max_length=10, choices=State.choices)
    struck_why = models.TextField(blank=True)
    surprise = models.ForeignKey(Surprise, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    LIVE: ClassVar = ("expected", "watching")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["activity", "at"], name="effects_of_activity")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(order__gte=1, order__lte=MOST_ORDER), name="effect_order"
            )
        ]


class EffectReport(Sealed):
    """A report that an effect rests on, or that came true as it. Seen by who sees both."""

    class Kind(models.TextChoices):
        GROUND = "ground"
        MATCH = "match"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    effect = models.ForeignKey(Effect, models.PROTECT, related_name="reports")
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["effect", "report", "kind"], name="one_link_a_kind")
        ]


class Accepted(Sealed):
    """A decider's own words on a serious harm that no commitment meets."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    effect = models.ForeignKey(Effect, models.PROTECT, related_name="accepted")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField()
    salt = models.CharField(max_length=32)


class Sign(Sealed):
    """A signpost put on a look, and what the look answered, under the narrower of their seals."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    effect = models.ForeignKey(Effect, models.PROTECT, related_name="signs")
    look = models.ForeignKey(Look, models.PROTECT, related_name="signs")
    answer = models.CharField(max_length=20, blank=True)
    """seen, not_seen, could_not_tell; empty while nobody has looked."""
    at = models.DateTimeField(null=True)
    by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["effect", "look"], name="one_sign_a_look")
        ]
