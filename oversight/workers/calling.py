"""Calling an address that the server's own settings name; no page can choose one."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final

from oversight.models import Delivery

SECONDS: Final = 10


class NotDelivered(Exception):
    """It did not arrive; `error` says why in a word of a closed list."""

    def __init__(self, error: Delivery.Error) -> None:
        super().__init__(error)
        self.error = error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that points elsewhere is a refusal: the technician named this address."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def call(address: str, content: bytes, *, headers: Mapping[str, str], most: int = 0) -> bytes:
    """POST to an address that the server's settings name; the first `most` bytes of the answer.

    Raises NotDelivered for anything but an answer of success.
    """
    request = urllib.request.Request(address, data=content, headers=dict(headers))  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return bytes(answer.read(most)) if most else b""
    except urllib.error.HTTPError as refused:
        refused.close()
        raise NotDelivered(Delivery.Error.REFUSED) from None
    except (OSError, http.client.HTTPException):
        raise NotDelivered(Delivery.Error.UNREACHABLE) from None
