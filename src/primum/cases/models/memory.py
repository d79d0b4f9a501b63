"""What a leaver tells whoever comes next, and that they have read it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from primum.people.models import Holding, Keyed, Post


class Handover(Keyed):
    """One page of judgement by whoever held a post. The newest counts, none is edited.

    No seal opens it: the post itself, the post above it and whoever seats people read it, and a
    wall of its own says so.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    words = models.TextField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="newer")
    salt = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(supersedes=None), name="one_first_handover"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["post", "-at"], name="newest_handover")]


class HandoverRead(Keyed):
    """That somebody who came into a post read what was handed over, and when. Once a holding."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    by = models.OneToOneField(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
