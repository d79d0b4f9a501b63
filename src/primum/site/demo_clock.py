"""Move the demonstration's clock, and let everything that ran out on the way be announced."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from primum.actions.tick import tick
from primum.people import door
from primum.site import clock

STEPS = {"1", "7", "31"}


def move(request: HttpRequest) -> HttpResponse:
    """Forward by one of the offered steps; the clock's own post then does its round."""
    days = request.POST.get("days", "")
    if request.method != "POST" or days not in STEPS:
        raise Http404
    now = clock.move_demo_clock(timedelta(days=int(days)))
    tick(by=door.clock(), now=now)
    messages.info(request, _("The clock moved on. What ran out on the way is recorded."))
    return HttpResponseRedirect("/")
