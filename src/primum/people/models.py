"""Organisations, posts, the people who hold them, and the seals that say who may know."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from primum.people.sight import own_account


def fresh_salt() -> str:
    """What is hashed together with a row's words, so that the ledger's digest cannot be guessed."""
    return secrets.token_hex(16)


class Keyed(models.Model):
    """A row with a random key made here, so that no key says how many rows there are."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    class Meta:
        abstract = True


class Organisation(Keyed):
    """A mission component, an agency, or a body outside both. The tree is their subordination."""

    code = models.CharField(max_length=60, unique=True)
    names = models.JSONField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    contributor_state = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.code


class Post(Keyed):
    """A duty position. Posts own the work; people hold posts for a time."""

    code = models.CharField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    titles = models.JSONField()
    duties = ArrayField(models.CharField(max_length=40), default=list)
    sees_to = models.PositiveSmallIntegerField(default=0)
    process_only = models.BooleanField(default=False)
    """True for auditors: the process of every case up to component level, no sealed content."""
    clock = models.BooleanField(default=False)
    """True for the one system post that runs clocks. No person ever holds it."""
    supervisor = models.ForeignKey("self", models.PROTECT, null=True, related_name="staff")
    contributor_state = models.CharField(max_length=60, blank=True)
    languages_needed = ArrayField(models.CharField(max_length=8), default=list)

    def __str__(self) -> str:
        return self.code


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str, **fields: object) -> Person:
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(Keyed, AbstractBaseUser):
    """Someone who signs in. What they may do and see comes from the post they hold."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **fields: Any) -> None:
        with own_account(self.id):
            super().save(*args, **fields)

    def get_full_name(self) -> str:
        return self.name


class Holding(Keyed):
    """One person in one post for a dated time; acting cover stands beside the holder."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    acting = models.BooleanField(default=False)
    salt = models.CharField(max_length=32, default=fresh_salt)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_holder_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts"),
                            F("ends"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(acting=False),
            ),
        ]


class Token(Keyed):
    """What a program shows instead of a password, to act as one person in one post for a time.

    Of its secret only a digest is kept. It ends by its own day, when it is revoked, and with the
    holding it was made under.
    """

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    made = models.DateTimeField()
    ends = models.DateTimeField()
    last_used = models.DateField(null=True)
    revoked = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, default=fresh_salt)


class Sent(models.Model):
    """What a program sent under a key of its own, so that the same sent again changes nothing.

    Holds a digest of what was sent and the short answer it got (a key, a count), never words.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.UUIDField()
    digest = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()


class Seal(Keyed):
    """Who may know: a level (0 open to the mission … 4 vault only) and an audience."""

    code = models.CharField(max_length=60, unique=True)
    level = models.PositiveSmallIntegerField()
    purpose = models.TextField(blank=True)
    organisations = models.ManyToManyField(Organisation, related_name="+")
    posts = models.ManyToManyField(Post, related_name="+")

    def __str__(self) -> str:
        return self.code


class SightKey(models.Model):
    """The two pads of the key that signs viewers. No role the server uses may read this table."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    pad_inner = models.BinaryField()
    pad_outer = models.BinaryField()
