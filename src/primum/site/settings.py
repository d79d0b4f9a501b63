"""Django settings. What a mission may change is in `environment.SETTINGS`; the rest is fixed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from primum.site import environment as env

PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = (
    env.text("PRIMUM_SECRET") or "not-a-secret: only commands that sign nothing run with it"
)
DEBUG = False
ALLOWED_HOSTS = env.words("PRIMUM_HOSTS")
HTTPS = env.yes_no("PRIMUM_HTTPS")
REQUIRE_TOTP = env.yes_no("PRIMUM_REQUIRE_TOTP")
DEMO = bool(env.text("PRIMUM_DEMO_HOME"))
MISSION = env.text("PRIMUM_MISSION")


def _entry(base: dict[str, object]) -> dict[str, Any]:
    # One connection a thread, kept: granian's threads are few and long-lived.
    return {**base, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


# `default` is the web role, which never owns a table; `owner` migrates and verifies.
DATABASES = {
    "default": env.database("DATABASE_URL", _entry),
    "owner": env.database("PRIMUM_OWNER_URL", _entry),
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "primum.people",
    "primum.register",
    "primum.cases",
    "primum.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Random padding inside gzip blunts compression side channels (BREACH). Before the static
    # files, so that they are squeezed too: satellite links pay by the byte.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before sessions: what goes over the API is known by its token alone.
    "primum.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "primum.web.middleware.SightMiddleware",
]

ROOT_URLCONF = "primum.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "primum.web.jinja.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "primum.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Primum"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

SESSION_ENGINE = "primum.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Nothing leaves this server; “no-referrer” would make browsers post with the origin “null”.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
# A year: every reference carries a digest of the file, so a changed file has a new address.
WHITENOISE_MAX_AGE = 31_536_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A log line carries ids and posts, never words: no request bodies, no SQL parameters.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "primum.site.logs.Terse"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
}

CLOCK = "primum.site.clock.now"
"""Where pages get the present moment from; tests name another clock."""
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/300s/key"}
