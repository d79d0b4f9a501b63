"""The activity: anything done, planned or knowingly left undone, and its parts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from primum.cases.models.protocol import ProtocolVersion
from primum.core.vocabulary import Stage
from primum.people.models import Holding, Post
from primum.register.models import Party, Place, Sealed


class Activity(Sealed):
    """What the mission does, for whom, where, until when; where it stands and until when it may."""

    title = models.CharField(max_length=200)
    why = models.TextField()
    mandate_objective = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    owner = models.ForeignKey(Post, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    arose_from = models.UUIDField(null=True)
    protocols: models.ManyToManyField[ProtocolVersion, Governing] = models.ManyToManyField(
        ProtocolVersion, through="Governing", related_name="+"
    )
    stage = models.CharField(max_length=12, choices=[(stage.value, stage.value) for stage in Stage])
    stage_since = models.DateTimeField()
    approved_until = models.DateTimeField(null=True)
    lease_end = models.DateTimeField(null=True)
    """The earlier of the approved end and what unmade looks and commitments leave of it."""
    watch_until = models.DateTimeField(null=True)
    decided_stage = models.CharField(max_length=12, blank=True)
    """The stage to go back to when a suspension ends."""
    answers = models.JSONField(default=dict)
    """What the proposer answered. The assessing post starts from it and answers for itself."""
    emergency_since = models.DateTimeField(null=True)
    """When people began to act without waiting for an assessment, because lives were at stake."""
    emergency_why = models.TextField(blank=True)
    invented = models.BooleanField(default=False)
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stage", "lease_end"], name="activity_leases"),
            models.Index(fields=["-stage_since", "id"], name="activity_newest"),
        ]


class Governing(Sealed):
    """One of the protocols an activity stands under; the strictest outcome governs."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="governing")
    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")


class Line(Sealed):
    """One part of an activity decided on its own: what is given, to which party, worth how much."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="lines")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    what = models.CharField(max_length=300)
    quantity = models.CharField(max_length=60, blank=True)
    value_usd = models.PositiveBigIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    lethal = models.BooleanField(default=False)
    exempt = models.CharField(max_length=20, blank=True)
    """Why the proposer holds it exempt from the policy; counts once an assessor has agreed."""
    exempt_because = models.TextField(blank=True)
    number = models.PositiveSmallIntegerField(default=0)


class Delivery(Sealed):
    """What was given on a line, and when. A fact: recorded even where no approval covers it."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="deliveries")
    line = models.ForeignKey(Line, models.PROTECT, related_name="deliveries")
    happened = models.DateTimeField()
    what = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    recorded = models.DateTimeField()
    breach = models.CharField(max_length=40, blank=True)
    """Why no approval covers it: before_decision, after_end, suspended, before_commitments,
    left_out, command_changed."""
    exposure = models.CharField(max_length=40, blank=True)
    """What nobody could know when it was given: command_changed. No breach, and not nothing."""
    answer_by = models.DateTimeField(null=True)
    answer_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    answered = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    salt = models.CharField(max_length=32)


class Look(Sealed):
    """A dated look at a facility or party by a named post, with the protocol's own questions.

    Most are owed by an activity. One that nobody planned has none: its case is what was looked at.
    """

    class State(models.TextChoices):
        OPEN = "open"
        MADE = "made"
        RELEASED = "released"

    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="looks")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    """What is looked at: the activity's place where it has one, else the party of its line."""
    protocol = models.ForeignKey(ProtocolVersion, models.PROTECT, null=True, related_name="+")
    """Where its questions stand."""
    plan = models.CharField(max_length=60)
    due = models.DateTimeField()
    grace_days = models.PositiveSmallIntegerField(default=14)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    unannounced = models.BooleanField(default=False)
    required = models.BooleanField(default=True)
    asks = ArrayField(models.CharField(max_length=60), default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    made = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=20, blank=True)
    independence = models.CharField(max_length=20, blank=True)
    """Who saw it: own, joint_with_judged, partner, community."""
    same_visit = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """The look whose visit served this one too."""
    result = models.CharField(max_length=20, blank=True)
    """nothing_grave, grave, or refused: a refused look is not a made one."""
    attempts = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    released_by = models.UUIDField(null=True)
    decision_due = models.DateTimeField(null=True)
    """Set when something grave was seen, or access refused twice: by when somebody must decide."""
    decision_asked = models.DateTimeField(null=True)
    """Since when: a decision after it answers."""
    read_due = models.DateTimeField(null=True)
    """Until when a second post reads it; none where none does, or one has."""
    salt = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(activity=None) | ~Q(place=None) | ~Q(party=None),
                name="look_at_something",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "state"], name="looks_at_place"),
            models.Index(fields=["party", "state"], name="looks_at_party"),
        ]

    IN_SIGHT: ClassVar = Q(activity_id=None) | Q(activity__title__isnull=False)
    """Without the looks of cases that the viewer may not see: those are not there for them."""


class Reading(Sealed):
    """What a second reader said of a look: enough to rely on, or not. Never changed."""

    look = models.ForeignKey(Look, models.PROTECT, related_name="readings")
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=12)
    """adequate or not_adequate."""
    words = models.TextField()
    salt = models.CharField(max_length=32)


class Commitment(Sealed):
    """Something owed: by whom, to whom, by when, with what proof, checked by whom."""

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        PARTLY = "partly_kept"
        BROKEN = "broken"
        COULD_NOT_CHECK = "could_not_check"
        RELEASED = "released"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="commitments")
    code = models.CharField(max_length=60)
    text = models.JSONField()
    owed_by = models.CharField(max_length=200)
    owed_to = models.CharField(max_length=200, default="mission")
    test = models.JSONField(default=dict)
    """How one can tell that it is kept, by language; empty where the protocol does not say."""
    timing = models.CharField(max_length=10)
    """before, during or after delivery."""
    due = models.DateTimeField()
    owed_since = models.DateTimeField()
    every_days = models.PositiveSmallIntegerField(null=True)
    """Owed again and again: each time is a row of its own, answered by itself."""
    proof = models.CharField(max_length=200, blank=True)
    verifier = models.ForeignKey(Post, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)
    answers = models.JSONField(default=list)
    """Every answer there was, in order, the last one too: at, answer, post, words, how.

    `how` it was checked; of what could not be, why not.
    """
    broken_at = models.DateTimeField(null=True)
    """When it was last found broken, or its check refused a second time.

    Kept when it is met after all: that was decided on, or not.
    """
    decision_due = models.DateTimeField(null=True)
    """Set when broken: by when somebody must decide what follows."""
    salt = models.CharField(max_length=32)

    STILL_OWED: ClassVar = Q(state__in=(State.OPEN, State.COULD_NOT_CHECK))
    MAY_YET_BE_MET: ClassVar = Q(timing="before", state__in=(State.BROKEN, State.PARTLY))
    """While it lasts, a broken promise is broken; before delivery it can still be made good."""

    @property
    def still_owed(self) -> bool:
        return self.state in (self.State.OPEN, self.State.COULD_NOT_CHECK)

    @property
    def may_yet_be_met(self) -> bool:
        return self.timing == "before" and self.state in (self.State.BROKEN, self.State.PARTLY)

    def with_answer(
        self, at: datetime, answer: str, post: UUID, words: str = "", how: str = ""
    ) -> list[dict[str, str]]:
        """Every answer so far and this one: what supersedes does not replace."""
        said = {"at": at.isoformat(), "answer": answer, "post": str(post), "words": words}
        return [*self.answers, said | ({"how": how} if how else {})]
