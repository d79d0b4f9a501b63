"""The ledger: an append-only, hash-chained log of ids, posts and digests, one chain a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from primum.people.models import Keyed, Post, Seal
from primum.register.models import Sealed


class Chain(models.Model):
    """The head of one case's chain. Moved by `ledger_append` alone."""

    case = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=20)
    seq = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64)


class Entry(Keyed):
    """One line: which post did what to which record, when, with a digest of the words."""

    case = models.UUIDField()
    case_kind = models.CharField(max_length=20)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    person = models.UUIDField()
    post = models.UUIDField()
    verb = models.CharField(max_length=30)
    record_kind = models.CharField(max_length=30)
    record = models.UUIDField()
    digest = models.CharField(max_length=64)
    line = models.TextField()
    """The canonical text whose SHA-256 is `hash`: bytes of text, never of a re-rendered value."""
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_line_a_number")
        ]


class EntrySight(models.Model):
    """Who may see an entry. Apart from the line, so that raising a seal rewrites nothing."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="sight")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="+")


class Checkpoint(Keyed):
    """All heads at one moment, hashed together and chained: finds a cut tail or a lost case."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    cases = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)


class CheckpointHead(models.Model):
    """One chain's head as a checkpoint saw it, kept only where it moved since the last one."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="heads")
    case = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)


class Reminder(Sealed):
    """That a clock ran out and who was told. Unique, so that a tick repeated says nothing twice.

    What falls due on another day, in a second round, is another clock.
    """

    case = models.UUIDField()
    about = models.UUIDField()
    what = models.CharField(max_length=30)
    step = models.PositiveSmallIntegerField()
    """0 the post itself, 1 its supervisor's post, 2 the leadership."""
    due = models.DateTimeField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["about", "what", "step", "due"], name="one_reminder_a_step"
            )
        ]


class Tick(Keyed):
    """One run of the clock. No counts: open to all, they would tell of sealed things."""

    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="newest_tick")]
