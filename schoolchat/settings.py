"""One settings file; everything that differs between schools comes from the environment.

A value is read from `X`, or from the file that `X_FILE` names. docs/reference/settings.md lists
them all, and a test holds that page against this file.
"""

from pathlib import Path

from django.utils.csp import CSP

from schoolchat import development
from schoolchat.attachments import files, place_of
from schoolchat.backup.settings import backups
from schoolchat.environment import channel_layers, database, flag, kept_secret, number, text, words
from schoolchat.look.setting import look
from schoolchat.mail import mailers
from schoolchat.quiet import quiet_checks

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(text("SCHOOLCHAT_DATA", str(BASE_DIR / "var"))).resolve()
KEYS_DIR = Path(text("SCHOOLCHAT_KEYS", str(DATA_DIR / "keys")))
MASTER_KEY = text("SCHOOLCHAT_MASTER_KEY", "")
MASTER_KEY_FILE = KEYS_DIR / "master.key"

DEBUG = False
ALLOWED_HOSTS = SCHOOL_HOSTS = words("SCHOOLCHAT_HOSTS", "localhost 127.0.0.1 [::1]")
HTTPS = flag("SCHOOLCHAT_HTTPS", False)
RATES = text("SCHOOLCHAT_RATES", "on") != "off"
SCHEME = "https" if HTTPS else "http"
CSRF_TRUSTED_ORIGINS = [f"{SCHEME}://{host}" for host in SCHOOL_HOSTS]

SECRET_KEY = text("SCHOOLCHAT_SECRET_KEY", "") or kept_secret(KEYS_DIR / "django.key")

INSTALLED_APPS = [
    *development.apps(),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "guardian",
    "django_htmx",
    "procrastinate.contrib.django",
    "audit",
    "accounts",
    "messaging",
    "retention",
    "oversight",
    "schoolchat",
]

MIDDLEWARE = [
    "schoolchat.turns.give_back",
    "django.middleware.security.SecurityMiddleware",
    "schoolchat.static_files.StaticFiles",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.bearer",
    "accounts.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.gate",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "schoolchat.urls"
ASGI_APPLICATION = "schoolchat.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.people",
                "oversight.context.alerts",
                "schoolchat.look.context.look",
            ],
        },
    }
]

DB_ROLE = text("SCHOOLCHAT_DB_ROLE", "web")
DATABASES = {"default": database(DATA_DIR, DB_ROLE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS = channel_layers(SECRET_KEY)
CACHES = {"default": {"BACKEND": "accounts.cache.DatabaseCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
# allauth's checks want it; signing up itself is closed and has no address.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/5m/key"} if RATES else False
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "SchoolChat"
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = False
USERSESSIONS_ADAPTER = "accounts.adapters.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False  # no record of who works when
TOKEN_DAYS = number("SCHOOLCHAT_TOKEN_DAYS", 90)
INVITATION_DAYS = number("SCHOOLCHAT_INVITATION_DAYS", 7)
PUBLIC_URL = text("SCHOOLCHAT_URL", "http://localhost:8000")
LOOK = look()

LANGUAGE_CODE, LANGUAGES = "en-gb", [("en-gb", "English")]  # another: docs/how-to/translate.md
TIME_ZONE, LOCALE_PATHS = text("SCHOOLCHAT_TIMEZONE", "Europe/London"), [BASE_DIR / "locale"]

STATIC_URL, STATICFILES_DIRS = "/static/", [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {"staticfiles": {"BACKEND": "schoolchat.assets.storage.Addressed"}}

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "blob:"],
    "media-src": [CSP.SELF, "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY = True, "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # monitors ask plainly
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * number("SCHOOLCHAT_SESSION_HOURS", 336)
CSRF_FAILURE_VIEW = "accounts.views.forged"

# Checkpoints of the log, and by mail notices of alerts, leave by these ways where they are set.
MAILERS = mailers()
MAIL_FROM = text("SCHOOLCHAT_SMTP_FROM", "")
CHECKPOINT_FOLDER = text("SCHOOLCHAT_CHECKPOINT_FOLDER", "")
CHECKPOINT_WEBHOOK = text("SCHOOLCHAT_CHECKPOINT_WEBHOOK", "")
TSA_URL = text("SCHOOLCHAT_TSA_URL", "")
SILENCED_SYSTEM_CHECKS = quiet_checks()
LOGGING_CONFIG = "schoolchat.logs.configure"
LOGGING = {"syslog": text("SCHOOLCHAT_SYSLOG", "")}  # where the security log goes on to

# Who may ask for /metrics: whoever has this token; without one, only this machine.
METRICS_TOKEN = text("SCHOOLCHAT_METRICS_TOKEN", "")

# The search's pending list is emptied every ten seconds, whatever runs beside it: a verification
# takes minutes, and a mail server that does not answer holds up both kinds of mail.
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 5, "delete_jobs": "successful"}

MAX_MESSAGE_CHARS = 8_000
SLOW_SECONDS = number("SCHOOLCHAT_SLOW_SECONDS", 20)  # who reads too slowly for so long is closed
EDIT_WINDOW_MINUTES = number("SCHOOLCHAT_EDIT_WINDOW_MINUTES", 60 * 24)
JOURNAL = place_of(text("SCHOOLCHAT_JOURNAL", str(DATA_DIR / "journal")))  # best elsewhere
FILES, BACKUPS = files(DATA_DIR), backups()
# The most that one request brings, other and uploads' (bodies.py): no disk holds it unsealed.
DATA_UPLOAD_MAX_MEMORY_SIZE, FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024, 6 * 1024 * 1024
