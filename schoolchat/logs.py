"""Logs of the running product: JSON, a line an event, on standard error; never any content.

Django's own logging stays as it is, less its debug pages; what SchoolChat itself says (security
events, live delivery) goes through structlog, so that a collector can parse it. The security log
has a logger of its own in the standard library, so that it can go on to a syslog.
"""

import logging.config
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from django.utils.log import DEFAULT_LOGGING

from accounts.security import LOGGER as SECURITY
from schoolchat.syslog import Forwarder, receiver


def configure(wanted: Mapping[str, str]) -> None:
    """Called by Django once a process (LOGGING_CONFIG), with LOGGING: `syslog` is an address."""
    logging.config.dictConfig(DEFAULT_LOGGING)
    logging.config.dictConfig(_security_log(wanted["syslog"]))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=_output,
    )


def _security_log(syslog: str) -> dict[str, Any]:
    """It goes to standard error, and to a syslog if one is named."""
    handlers: dict[str, Any] = {
        "security": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    }
    if syslog:
        handlers["syslog"] = {"()": Forwarder, "to": receiver(syslog)}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": handlers,
        "loggers": {SECURITY: {"handlers": list(handlers), "level": "INFO", "propagate": False}},
    }


def _output(*names: str) -> Any:
    """Where the lines of a structlog logger go."""
    if SECURITY in names:
        return logging.getLogger(SECURITY)
    return structlog.PrintLogger(sys.stderr)
