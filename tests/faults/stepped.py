"""A web process whose clock can be set: `python -m tests.faults.stepped FD`.

The file that STEPPED_BY names says how many seconds it is wrong; it is looked at each time. What
time it is, the product asks in one place.
"""

import os
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

from audit import clock
from schoolchat.serving.parent import live_with_parent
from schoolchat.serving.uvicorn import serve_web


class Stepped(datetime):
    """Wrong by what the file says."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(
            seconds=float(Path(os.environ["STEPPED_BY"]).read_text())
        )


if __name__ == "__main__":
    setattr(clock, "datetime", Stepped)  # noqa: B010  (it is imported there)
    live_with_parent()
    serve_web(int(sys.argv[1]))
