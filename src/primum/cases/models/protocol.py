"""Protocols as rows: texts that never change, and which of them is in force."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from primum.people.models import Holding, Keyed


class ProtocolVersion(Keyed):
    """One text of a protocol, its libraries included. Answers point at rows, never at files."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    proposed = models.DateTimeField()
    proposed_by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    """None for a text that ships with Primum."""
    why = models.TextField(blank=True)
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "-proposed"], name="newest_version")]


class Publication(Keyed):
    """That a version came into force, when and by whom. The newest one of a name is in force."""

    version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="publications")
    at = models.DateTimeField()
    by = models.ForeignKey(Holding, models.PROTECT, null=True, related_name="+")
    """A second post than the one that proposed it; None for a text that ships with Primum."""
    words = models.TextField(blank=True)
    loosens = models.JSONField(default=list)
    """Hard stops of the shipped text that are loosened: [{code, says, values}], by leadership."""
    salt = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "-at"], name="publications")]
