"""Logs of the running product: JSON, a line an event, on standard error; never any content.

Django's own logging stays as it is, less its debug pages; what SchoolChat itself says (security
events, live delivery) goes through structlog, so that a collector can parse it.
"""

import logging.config
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from django.utils.log import DEFAULT_LOGGING


def configure(extra: Mapping[str, Any]) -> None:
    """Called by Django once a process (LOGGING_CONFIG)."""
    logging.config.dictConfig(DEFAULT_LOGGING)
    if extra:
        logging.config.dictConfig(dict(extra))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
