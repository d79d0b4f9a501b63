"""What the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from primum.site import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primum.site.settings")
# The server starts its workers as processes of its own. When it is killed, they must not keep
# the port from its successor.
lifeline.follow(os.getppid())
application = get_wsgi_application()
