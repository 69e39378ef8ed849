"""A web process of `serve`, on daphne: `python -m schoolchat.serving.daphne FD`.

For development, and to see that nothing rests on uvicorn. FD is the bound socket, inherited.
"""

import os
import sys
from typing import Final

from daphne.cli import CommandLineInterface

from schoolchat.serving.parent import live_with_parent

APPLICATION: Final = "schoolchat.asgi:application"
QUIET: Final = ("--verbosity", "0", "--access-log", os.devnull, "--no-server-name")


def serve_web(descriptor: int) -> None:
    """Serve on the inherited socket until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
    CommandLineInterface().run(["--fd", str(descriptor), *QUIET, APPLICATION])


if __name__ == "__main__":
    live_with_parent()
    serve_web(int(sys.argv[1]))
