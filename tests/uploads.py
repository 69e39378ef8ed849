"""Files as a browser uploads them: piece by piece over HTTP, by the tus protocol."""

import base64
import json
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.test import Client

from accounts.models import User
from messaging.files.details import Details
from messaging.models import Channel, Message, Upload
from messaging.rendering import messages_json
from messaging.services.uploads import begin_upload, take_piece
from tests.cast import client_of
from tests.messaging.files import samples

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
PIECE = "application/offset+octet-stream"
#: A file of a kind that is kept byte for byte.
NOTE = b"Bring wellies for the pond on Thursday.\n"


def begun(by: User, channel: Channel, size: int = len(NOTE), name: str = "note.txt") -> Upload:
    """An upload of which no byte has come."""
    return begin_upload(by=by, channel_id=channel.id, size=size, details=Details(name=name))


def uploaded(by: User, channel: Channel, data: bytes = NOTE, name: str = "note.txt") -> Upload:
    """An upload whose bytes have all come, as the page's two requests make it."""
    upload = begun(by, channel, len(data), name)
    return take_piece(by=by, upload_id=upload.id, offset=0, data=data)


def metadata(channel: Channel, name: str, **more: str) -> str:
    """As the header has it."""
    known = {"filename": name, "channel": str(channel.id), **more}
    pairs = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in known.items())
    return ",".join(pairs)


def begin(
    client: Client, channel: Channel, size: int, name: str = "note.txt", **more: str
) -> HttpResponseBase:
    """POST; `more` is further metadata."""
    return client.post(
        "/messages/uploads/",
        HTTP_UPLOAD_LENGTH=str(size),
        HTTP_UPLOAD_METADATA=metadata(channel, name, **more),
        **TUS,  # type: ignore[arg-type]
    )


def go_on(client: Client, where: str, offset: int, data: bytes) -> HttpResponseBase:
    """PATCH."""
    return client.patch(
        where,
        data,
        content_type=PIECE,
        HTTP_UPLOAD_OFFSET=str(offset),
        **TUS,  # type: ignore[arg-type]
    )


def state_of(client: Client, where: str) -> dict[str, Any]:
    """GET."""
    answer: dict[str, Any] = json.loads(client.get(where).content)
    return answer


def ids(*uploads: Upload) -> list[UUID]:
    """As a message names them."""
    return [upload.id for upload in uploads]


def picture(width: int = 60, height: int = 40) -> bytes:
    """A PNG of one colour."""
    return samples.picture("PNG", (width, height))


def shown(message: Message) -> list[dict[str, object]]:
    """The files of a message as its readers are told of them."""
    message.refresh_from_db()
    found: list[dict[str, object]] = messages_json([message])[0]["attachments"]
    return found


def fetched(person: User, address: object, **headers: str) -> tuple[int, bytes]:
    """What somebody gets at an address: status and bytes."""
    answer = client_of(person).get(str(address), **headers)  # type: ignore[arg-type]
    return answer.status_code, b"".join(answer) if answer.streaming else answer.content
