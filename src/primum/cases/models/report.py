"""Reports (anything learnt or heard), notes and files."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from primum.cases.models.activity import Activity
from primum.people.models import Holding
from primum.register.models import Party, Place, Sealed


class Report(Sealed):
    """Something learnt or heard, as a claim: who says so, how sure, never who the source is."""

    class Confidence(models.TextChoices):
        HEARD = "heard"
        PLAUSIBLE = "plausible"
        REASONABLE_GROUNDS = "reasonable_grounds"
        REFUTED = "refuted"
        CANNOT_TELL = "cannot_tell"

    kind = models.CharField(max_length=20)
    parties: models.ManyToManyField[Party, ReportParty] = models.ManyToManyField(
        Party, through="ReportParty", related_name="+"
    )
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="+")
    """What its filer holds it to come from; a harm no party of ours is named in has one too."""
    happened_from = models.DateField(null=True)
    happened_to = models.DateField(null=True)
    heard = models.DateTimeField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    what = models.TextField()
    people_min = models.PositiveIntegerField(null=True)
    people_max = models.PositiveIntegerField(null=True)
    confidence = models.CharField(max_length=20, choices=Confidence.choices)
    source = models.CharField(max_length=60, blank=True)
    """A pseudonym. Identities are never kept here."""
    independent_sources = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    assess_by = models.DateTimeField()
    withheld_organisations = ArrayField(models.UUIDField(), default=list)
    withheld_states = ArrayField(models.CharField(max_length=60), default=list)
    invented = models.BooleanField(default=False)
    salt = models.CharField(max_length=32)


class ReportParty(Sealed):
    """Which party a report names."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="named")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")


class Note(Sealed):
    """Words about a case, kept apart from it under their own seal."""

    case = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20)
    text = models.TextField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)


class File(Sealed):
    """A document of a case: a signed decision sheet, a letter. Kept as bytes in the database."""

    case = models.UUIDField(db_index=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
