"""The decision sheet as a page: in the reader's language, for the post that records."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.urls import reverse

from tests.builders import CAREFUL, advised
from tests.builders_sealed import CLOCK, client_of
from tests.cast import viewer
from tests.exchange.test_sheet import MIDDLE, first_letter, fonts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_in_the_readers_language(settings: LazySettings, language: str) -> None:
    """Arabic from the right, in its own letters; the others from the left."""
    settings.CLOCK = CLOCK
    address = reverse("sheet", args=[advised(CAREFUL).activity])
    answer = client_of(viewer("bruno")).get(address, headers={"accept-language": language})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert (first_letter(answer.content) > MIDDLE) is (language == "ar")
    assert ("NotoSansArabic" in fonts(answer.content)) is (language == "ar")
