"""A web process of `serve`, on daphne: `python -m schoolchat.serving.daphne FD`.

For development, and to see that nothing rests on uvicorn. FD is the bound socket, inherited.
"""

import os
import sys
from typing import Any, Final

from daphne.cli import CommandLineInterface
from daphne.server import Server

from schoolchat.serving.parent import live_with_parent
from schoolchat.serving.uvicorn import APPLICATION, FRAME_BYTES

QUIET: Final = ("--verbosity", "0", "--access-log", os.devnull, "--no-server-name")


class FrugalServer(Server):
    """Daphne's server, which by itself takes in frames of any length."""

    def listen_success(self, port: Any) -> None:
        """Set the limit as soon as the factory of sockets is there."""
        self.ws_factory.setProtocolOptions(
            maxFramePayloadSize=FRAME_BYTES,
            maxMessagePayloadSize=FRAME_BYTES,
            failByDrop=False,  # the code of the close is part of the protocol
        )
        super().listen_success(port)


class FrugalInterface(CommandLineInterface):
    """Daphne's command line, with that server."""

    server_class = FrugalServer


def serve_web(descriptor: int) -> None:
    """Serve on the inherited socket until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolchat.settings")
    FrugalInterface().run(["--fd", str(descriptor), *QUIET, APPLICATION])


if __name__ == "__main__":
    live_with_parent()
    serve_web(int(sys.argv[1]))
