"""What does not fit into a field: the field is named and linked, and every word is kept."""

from __future__ import annotations

from html import unescape

import pytest
from django.conf import LazySettings
from django.db import models
from django.test import Client
from django.urls import reverse

from primum.cases import models as cases
from primum.people.sight import viewing
from primum.register import models as register
from primum.register.limits import TooMuch, check
from tests import builders
from tests.builders_sealed import CLOCK, client_of
from tests.cast import viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def refused(client: Client, address: str, form: dict[str, str], field: str, label: str) -> None:
    """The form comes back: the summary links to the field by its name, the text is in it."""
    answer = client.post(address, form)
    assert answer.status_code == 422
    text = unescape(answer.content.decode())
    summary = text.split('role="alert"')[1].split("</div>")[0]
    assert f'<a href="#{field}">{label}: ' in summary, summary
    assert f'id="{field}"' in text
    for value in form.values():
        assert value in text


def test_a_country_by_its_name() -> None:
    """Burkina Faso is a country, by name or by code."""
    client = client_of(viewer("tomas"))
    for name, country in (("Guard", "Burkina Faso"), ("Band", "BFA")):
        form = {"name": name, "kind": "unit", "country": country}
        assert client.post("/parties/new/", form).status_code == 302
    with viewing(viewer("nadia")):
        rows = register.Party.objects.values_list("country", flat=True)
        assert {"Burkina Faso", "BFA"} <= set(rows)


PARTY = {"name": "Guard", "kind": "unit", "names": "GDK; Guards", "country": "Sarrat"}


@pytest.mark.parametrize(
    ("changed", "field", "label"),
    [
        ({"country": "K" * 81}, "country", "Country"),
        ({"name": "N" * 301}, "name", "Name"),
        ({"names": "GDK; " + "A" * 301}, "names", "Name"),
        ({"name": "x" * 400, "country": "x" * 400}, "name", "Name"),
    ],
)
def test_a_party(changed: dict[str, str], field: str, label: str) -> None:
    client = client_of(viewer("tomas"))
    refused(client, "/parties/new/", {**PARTY, **changed}, field, label)
    with viewing(viewer("tomas")):
        assert not register.Party.objects.exists()


def request(**changed: str) -> dict[str, str]:
    plain = {
        "title": "A course",
        "why": "So that arrests are written down.",
        "mandate_objective": "Rule of law",
        "starts": "2026-04-01",
        "ends": "2026-05-01",
        "lines": "2",
        "what-0": "Course",
        "quantity-0": "36",
        "value-0": "9000",
        "people-0": "36",
        "what-1": "Fuel",
        "quantity-1": "400 l",
        "value-1": "3600",
        "people-1": "36",
    }
    return {**plain, **{name.replace("_of_", "-"): value for name, value in changed.items()}}


@pytest.mark.parametrize(
    ("changed", "field", "label"),
    [
        ({"title": "T" * 201}, "title", "Title"),
        ({"mandate_objective": "M" * 201}, "mandate_objective", "Mandate objective"),
        ({"what_of_1": "W" * 301}, "what-1", "What"),
        ({"quantity_of_0": "Q" * 61}, "quantity-0", "Quantity"),
        ({"people_of_1": "999999999999"}, "people-1", "People reached"),
    ],
)
def test_a_proposal(changed: dict[str, str], field: str, label: str) -> None:
    builders.published()
    party = builders.party()
    form = request(**changed)
    form |= {f"kind-{n}": "financial" for n in (0, 1)} | {f"party-{n}": str(party) for n in (0, 1)}
    client = client_of(viewer("nadia"))
    refused(client, f"{reverse('new')}?party={party}", form, field, label)
    with viewing(viewer("nadia")):
        assert not cases.Activity.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "label"),
    [
        ({"source": "S" * 61}, "source", "Source, as a pseudonym"),
        ({"people_min": "99999999999"}, "people_min", "People harmed, at least"),
        ({"sources": "99999"}, "sources", "Independent sources"),
    ],
)
def test_a_report(changed: dict[str, str], field: str, label: str) -> None:
    form = {"what": "Heard (invented).", "source": "K-1", "sources": "1", "confidence": "heard"}
    address = f"{reverse('report_new')}?party={builders.party()}"
    refused(client_of(viewer("grace")), address, {**form, **changed}, field, label)


def test_a_delivery() -> None:
    case = builders.met(builders.decided(builders.CAREFUL))
    form = {"line": str(case.line), "what": "D" * 301}
    address = reverse("deliver", args=[case.activity])
    refused(client_of(viewer("nadia")), address, form, "what", "What")


LIMITED = [
    (model, field)
    for app in (register, cases)
    for model in vars(app).values()
    if isinstance(model, type) and issubclass(model, register.Sealed) and not model._meta.abstract
    for field in model._meta.concrete_fields
    if isinstance(field, models.CharField) and field.max_length
]


@pytest.mark.parametrize(
    ("model", "field"), LIMITED, ids=lambda each: getattr(each, "__name__", None) or each.name
)
def test_every_column_of_a_length_says_so_by_its_name(
    model: type[models.Model], field: models.CharField[str, str]
) -> None:
    """Not only those that somebody thought of: each column of each sealed record."""
    row = model(**{field.name: "x" * ((field.max_length or 0) + 1)})
    with pytest.raises(TooMuch) as caught:
        check(row)
    assert (caught.value.name, caught.value.most) == (field.name, field.max_length)
    check(model(**{field.name: "x" * (field.max_length or 0)}))
