"""Django's settings of the usual pattern."""

import os

from psycopg.conninfo import conninfo_to_dict

_PLACE = conninfo_to_dict(os.environ["BENCHMARK_DATABASE"])

SECRET_KEY = "of no use to anybody"  # noqa: S105 - nothing is signed
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "channels",
    "benchmarks.live.against.usual",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.live.against.usual.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _PLACE["host"],
        "PORT": _PLACE["port"],
        "NAME": _PLACE["dbname"],
        "USER": _PLACE["user"],
        "PASSWORD": _PLACE["password"],
        "CONN_MAX_AGE": None,
    }
}
# redis-py 8 reads with a time-out and caps its pool; either would lose sockets. The capacity is
# above the usual 100, beyond which the layer loses messages without a word.
_REDIS = {"address": os.environ["REDIS_URL"], "socket_timeout": None, "max_connections": 20_000}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [_REDIS], "capacity": 10_000},
    }
}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
