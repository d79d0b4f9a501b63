"""What somebody has typed and not yet sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from primum.people.models import Keyed


class Draft(Keyed):
    """A form half filled in. Its writer alone sees it, in the post they wrote it in."""

    person = models.UUIDField()
    post = models.UUIDField()
    purpose = models.CharField(max_length=20)
    about = models.UUIDField()
    """What the form is about: an activity, a look, a party, a protocol."""
    form = models.JSONField()
    """Field -> everything typed in it, as the form sent it."""
    at = models.DateTimeField()
    shown = models.JSONField(null=True)
    """The answers for which a Ruling was first shown beside the form."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "post", "purpose", "about"], name="one_draft_a_form"
            )
        ]
