"""Parties, ties, places and what others published about them. Every row has a seal and a source."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import MD5

from primum.people.models import Holding, Keyed, Organisation, Post, Seal, fresh_salt
from primum.register.limits import check

IN_VIEW = Q(gone=None)
M = TypeVar("M", bound=models.Model)


class Sealed(Keyed):
    """A row somebody may be forbidden to know of."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Say which column a value does not fit, where PostgreSQL says only that one does not."""
        check(self)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ImportBatch(Sealed):
    """One file read into the register: a case of its own, resumable and undone as a whole."""

    dataset = models.CharField(max_length=60)
    """Which published set this is a copy of. A newer copy has the same key and another digest."""
    title = models.TextField()
    publisher = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    attribution = models.TextField()
    scope = ArrayField(models.TextField(), default=list)
    """Which parts of the set the file covers (country and year); empty means all of it."""
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    """How many records are committed; a stopped import goes on from here."""
    counts = models.JSONField(default=dict)
    """What became of the records so far: written, changed, unchanged, gone."""
    problems = models.JSONField(default=list)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dataset", "file_digest"],
                condition=Q(undone=None),
                name="one_batch_a_file",
            )
        ]


class InView(models.Manager[M]):
    """The rows that stand today: neither superseded by a newer copy nor undone."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(IN_VIEW)


class Importable(Sealed):
    """A row that an import may bring and a later one may take out of view. None is ever removed."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    """Which import brought it; none for what a person entered."""
    gone = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    """Which import took it out of view: a newer copy, or its own import when that was undone."""

    objects = InView()
    every = models.Manager()

    class Meta:
        abstract = True


class Source(Importable):
    """Where a statement comes from, as its publisher cites it."""

    publisher = models.CharField(max_length=200)
    external_id = models.CharField(max_length=400)
    title = models.TextField()
    publication = models.TextField(blank=True)
    published_on = models.TextField(blank=True)
    url = models.TextField(blank=True)
    archive_url = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publisher", "external_id"], condition=IN_VIEW, name="one_source_an_id"
            )
        ]


class Place(Sealed):
    """A place the mission names: town, district, facility. Never finer than it is safe to say."""

    code = models.CharField(max_length=60, unique=True)
    names = models.JSONField()
    kind = models.CharField(max_length=20)
    inside = models.ForeignKey("self", models.PROTECT, null=True, related_name="places")


class Party(Importable):
    """A unit, force, authority, group, own component, or a person in an official role."""

    class Kind(models.TextChoices):
        UNIT = "unit"
        FORCE = "force"
        AUTHORITY = "authority"
        PERSON = "person", "person in an official role"
        GROUP = "group"
        OWN = "own_component"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=300)
    folded = models.TextField()
    """The name after Unicode and punctuation folding: what searches compare."""
    country = models.CharField(max_length=80, blank=True)
    """A name or a code, as whoever entered it wrote it."""
    classification = ArrayField(models.TextField(), default=list)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    contributor_state = models.CharField(max_length=60, blank=True)
    invented = models.BooleanField(default=False)
    """True for the demonstration's invented parties, which every page says."""
    publisher = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=400, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    """Empty where imported: the ledger's digest there is that of a published file."""

    class Meta:
        constraints: ClassVar = [
            # In view or not: a unit that comes back is the one it was, with all that names it.
            models.UniqueConstraint(
                fields=["publisher", "external_id"],
                condition=~Q(external_id=""),
                name="one_party_an_id",
            )
        ]
        indexes: ClassVar = [
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="party_folded_trgm"),
            models.Index(fields=["name", "id"], name="party_list"),
        ]


class Claim(Importable):
    """What one published set says of a party. A newer copy supersedes it, nothing edits it.

    The party itself shows the newest claim in view.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="claims")
    dataset = models.CharField(max_length=60)
    name = models.TextField()
    names = ArrayField(models.TextField(), default=list)
    country = models.CharField(max_length=80, blank=True)
    classification = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "dataset"], condition=IN_VIEW, name="one_claim_a_set"
            )
        ]


class PartyName(Importable):
    """Another name of a party: alias, abbreviation, former name, other script."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="names")
    name = models.CharField(max_length=300)
    folded = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "name"], name="one_row_a_name")
        ]
        indexes: ClassVar = [
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="name_folded_trgm")
        ]


class Tie(Importable):
    """A dated, sourced relation: `upper` commands `lower`, or `upper`, a person, serves in it."""

    class Kind(models.TextChoices):
        COMMANDS = "commands"
        HOLDS_POST = "holds_post"
        MEMBER_OF = "member_of"
        RENAMED_TO = "renamed_to"
        """`upper` became `lower`, by a new name or by a merger."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    upper = models.ForeignKey(Party, models.PROTECT, related_name="ties_down")
    lower = models.ForeignKey(Party, models.PROTECT, related_name="ties_up")
    role = models.TextField(blank=True)
    title = models.TextField(blank=True)
    rank = models.TextField(blank=True)
    first_cited = models.CharField(max_length=10, blank=True)
    first_is_start = models.BooleanField(null=True)
    last_cited = models.CharField(max_length=10, blank=True)
    open_ended = models.CharField(max_length=1, blank=True)
    """As published: Y possible after the last cited date, N unknown after, E ended."""
    confidence = models.CharField(max_length=40, blank=True)
    """In the publisher's own word; a grade is set by a person, later."""
    publisher = models.CharField(max_length=200, blank=True)
    dataset = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=1000, blank=True)
    sources = ArrayField(models.UUIDField(), default=list)
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dataset", "external_id"],
                condition=IN_VIEW & ~Q(external_id=""),
                name="one_tie_an_id",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["lower", "kind"], name="tie_lower"),
            models.Index(fields=["upper", "kind"], name="tie_upper"),
        ]


class PublishedSupport(Importable):
    """Support that somebody else published having given: a row as printed, never a finding."""

    dataset = models.CharField(max_length=60)
    row = models.PositiveIntegerField()
    country = models.CharField(max_length=8)
    country_name = models.TextField(blank=True)
    fiscal_year = models.CharField(max_length=20)
    program = models.TextField()
    course = models.TextField()
    recipient = models.TextField()
    folded = models.TextField()
    provider = models.TextField(blank=True)
    location = models.TextField(blank=True)
    quantity = models.CharField(max_length=20, blank=True)
    cost_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    starts = models.TextField(blank=True)
    """A day where the text is one, else the text as printed."""
    ends = models.TextField(blank=True)
    file = models.TextField(blank=True)
    page = models.TextField(blank=True)
    """Where in the publisher's own files the row stands."""
    searched = models.TextField()
    """Every word of the row, folded: what the list is searched by."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "row"], name="one_support_a_row")
        ]
        indexes: ClassVar = [
            GinIndex(fields=["searched"], opclasses=["gin_trgm_ops"], name="support_searched_trgm"),
            models.Index(fields=["-fiscal_year", "row", "id"], name="support_list"),
            # Printed recipients may be a page long: longer than an ordered index takes.
            HashIndex(fields=["recipient"], name="support_recipient"),
        ]


class Match(Sealed):
    """“These two are the same”: proposed by a rule, true only once a person has said yes."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        REFUSED = "refused"

    recipient = models.TextField()
    """The string the publisher printed; one answer serves every row that prints it."""
    dataset = models.CharField(max_length=60)
    party = models.ForeignKey(Party, models.PROTECT, related_name="matches")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    why = models.TextField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, default=fresh_salt)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("dataset", MD5("recipient"), "party", name="one_match_a_pair")
        ]


class Facility(Sealed):
    """What a building is for and must not be used for, and who looks at it after its builder left.

    Written anew when something changes; the row that no other supersedes stands.
    """

    class Known(models.TextChoices):
        YES = "yes"
        NO = "no"
        UNKNOWN = "unknown"

    place = models.ForeignKey(Place, models.PROTECT, related_name="facilities")
    built_under = models.UUIDField(null=True)
    """The activity that built or repaired it, where the mission did."""
    handed_over = models.DateField(null=True)
    agreed_uses = ArrayField(models.TextField(), default=list)
    forbidden_uses = ArrayField(models.TextField(), default=list)
    capacity = models.PositiveIntegerField(null=True)
    holding_hours = models.PositiveIntegerField(null=True)
    """How long the law lets anybody be held here, in hours."""
    any_time = models.CharField(max_length=7, choices=Known.choices, default=Known.UNKNOWN)
    """Whether it is agreed that we may come at any time, unannounced."""
    private_talks = models.CharField(max_length=7, choices=Known.choices, default=Known.UNKNOWN)
    """Whether it is agreed that we may speak with anybody there alone."""
    access_words = models.TextField(blank=True)
    looker = models.ForeignKey(Post, models.PROTECT, related_name="+")
    """The post that looks at it for as long as it stands, whoever built it."""
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="newer")
    salt = models.CharField(max_length=32, default=fresh_salt)

    STANDS: ClassVar = Q(newer__isnull=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(supersedes=None), name="one_facility_a_place"
            )
        ]


class Custodian(Sealed):
    """Which party has a facility in its hands, from which day to which, as somebody says.

    A correction is another row; the one it corrects stays and counts no more.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="custodians")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField(null=True)
    """The last day; none while it lasts."""
    source = models.TextField()
    by = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrected_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrects")
    salt = models.CharField(max_length=32, default=fresh_salt)

    STANDS: ClassVar = Q(corrected_by=None)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_custodian_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts"),
                            F("ends"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(corrected_by=None),
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")),
                name="custody_ends_after_it_starts",
            ),
        ]
