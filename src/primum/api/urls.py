"""Every address of the API. They stand apart from the pages': the middleware looks here alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from primum.api.machine import make, schema

api = make()


def openapi(_request: HttpRequest) -> HttpResponse:
    """The schema, for those who hold a token."""
    return JsonResponse(schema(api))


urlpatterns = [path("api/openapi.json", openapi), path("api/", api.urls)]
