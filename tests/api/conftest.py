"""The clock that tests move, for every test of the API."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from tests.builders_sealed import CLOCK


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK
