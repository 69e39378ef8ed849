"""The upload of files that somebody is about to send, by the tus protocol."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.personal_keys import OwnAltered
from messaging import exceptions
from messaging.files import tus
from messaging.files.details import Details, details_of
from messaging.files.handing_out import hand_out_thumbnail
from messaging.files.models import Upload
from messaging.files.places import PlaceAway, PlaceFull
from messaging.files.queries import upload_for
from messaging.files.refusals import FileRefused
from messaging.files.sealing import FileAltered
from messaging.services.uploads import (
    MOST_PIECE_BYTES,
    begin_upload,
    drop_upload,
    take_piece,
)

#: The first that fits says with which status something is refused.
_STATUS: Final[tuple[tuple[type[exceptions.MessagingError], int], ...]] = (
    (exceptions.ChannelNotFound, HTTPStatus.NOT_FOUND),
    (exceptions.UploadNotFound, HTTPStatus.NOT_FOUND),
    (exceptions.WrongOffset, HTTPStatus.CONFLICT),
    (exceptions.UploadBusy, HTTPStatus.LOCKED),
    (exceptions.FileTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (exceptions.PieceTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (exceptions.TooManyUploads, HTTPStatus.TOO_MANY_REQUESTS),
    (PlaceFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (PlaceAway, HTTPStatus.SERVICE_UNAVAILABLE),
    (exceptions.ReadOnly, HTTPStatus.FORBIDDEN),
    (FileRefused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (exceptions.NoPictures, HTTPStatus.FORBIDDEN),
)

type View = Callable[..., HttpResponseBase]


def _tus(view: View) -> View:
    """A view of the protocol: for whoever is signed in, and a refusal is JSON with a sentence."""

    @wraps(view)
    def answer(request: HttpRequest, **named: UUID) -> HttpResponseBase:
        person = request.user
        response: HttpResponseBase
        if not isinstance(person, User):
            response = _refused("refused", gettext("Please sign in."), HTTPStatus.UNAUTHORIZED)
        else:
            try:
                response = view(request, person, **named)
            except exceptions.MessagingError as refused:
                response = _refused(refused.code, str(refused), _status_of(refused))
        response.headers["Tus-Resumable"] = tus.VERSION
        return response

    return answer


@require_http_methods(["POST", "OPTIONS"])
@never_cache
@_tus
def uploads(request: HttpRequest, person: User) -> HttpResponse:
    """POST begins an upload; OPTIONS says what is spoken here."""
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=_offer())
    if no := _other_version(request):
        return no
    metadata = tus.metadata_in(request.headers.get("Upload-Metadata", ""))
    upload = begin_upload(
        by=person,
        channel_id=tus.channel_in(metadata),
        size=tus.number_in(request.headers, "Upload-Length"),
        details=Details(
            name=tus.name_in(metadata),
            waveform=tus.waveform_in(metadata),
            duration=tus.duration_in(metadata),
        ),
    )
    where = reverse("upload", args=[upload.id])
    return HttpResponse(status=HTTPStatus.CREATED, headers={"Location": where, **_expires(upload)})


@require_http_methods(["HEAD", "PATCH", "DELETE", "GET"])
@never_cache
@_tus
def upload(request: HttpRequest, person: User, upload_id: UUID) -> HttpResponse:
    """HEAD says how far an upload is, PATCH goes on with it, DELETE gives it up; GET tells in JSON
    what became of it."""
    if request.method == "GET":
        return JsonResponse(shown(upload_for(person, upload_id)))
    if no := _other_version(request):
        return no
    if request.method == "DELETE":
        drop_upload(by=person, upload_id=upload_id)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if request.method == "HEAD":
        return _at(upload_for(person, upload_id), HTTPStatus.OK)
    return _went_on(request, person, upload_id)


@require_safe
@never_cache
@_tus
def upload_thumbnail(request: HttpRequest, person: User, upload_id: UUID) -> HttpResponseBase:
    """The thumbnail of a picture that is not sent yet, for whoever uploaded it."""
    ready = upload_for(person, upload_id)
    found = details_of(ready).found if ready.is_ready else None
    if found is None or found.thumbnail is None:
        raise exceptions.UploadNotFound
    return hand_out_thumbnail(request, found)


def shown(upload: Upload) -> dict[str, Any]:
    """What became of an upload, as JSON."""
    details = _details(upload)
    found = details.found if upload.is_ready else None
    thumbnail = found and found.thumbnail and reverse("upload-thumbnail", args=[upload.id])
    late = upload.state == Upload.State.READY and not found
    return {
        "id": str(upload.id),
        "name": found.name if found else details.name,
        "type": found.type if found else None,
        "size": found.size if found else upload.size,
        "state": Upload.State.CHECKING if late else upload.state,
        "code": upload.code or None,
        "detail": _detail(upload),
        "thumbnail": thumbnail or None,
        "width": found.width if found else None,
        "height": found.height if found else None,
        "blur": found.blur if found else None,
        "duration": found.duration if found else None,
        "waveform": list(found.waveform) if found and found.waveform else None,
    }


def _went_on(request: HttpRequest, person: User, upload_id: UUID) -> HttpResponse:
    if request.headers.get("Content-Type", "") != tus.PIECE_TYPE:
        return _refused("refused", str(tus.BadUpload()), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    now_at = take_piece(
        by=person,
        upload_id=upload_id,
        offset=tus.number_in(request.headers, "Upload-Offset"),
        data=request.read(MOST_PIECE_BYTES + 1),
    )
    if now_at.state == Upload.State.REFUSED:
        return _refused(now_at.code, _detail(now_at), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _at(now_at, HTTPStatus.NO_CONTENT)


def _details(upload: Upload) -> Details:
    """What is known of it; nothing, where it was refused because even that was damaged."""
    try:
        return details_of(upload)
    except (FileAltered, OwnAltered):
        if upload.state == Upload.State.REFUSED:
            return Details(name="")
        raise


def _detail(upload: Upload) -> str:
    """Why it was refused."""
    return gettext(upload.detail) if upload.detail else ""


def _at(upload: Upload, status: HTTPStatus) -> HttpResponse:
    """How far it is."""
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    return HttpResponse(status=status, headers={**headers, **_expires(upload)})


def _expires(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": tus.expiry(upload.expires_at)}


def _offer() -> dict[str, str]:
    return {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(settings.FILES.most_bytes),
    }


def _other_version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == tus.VERSION:
        return None
    answer = _refused("refused", str(tus.BadUpload()), HTTPStatus.PRECONDITION_FAILED)
    answer.headers["Tus-Version"] = tus.VERSION
    return answer


def _status_of(refused: exceptions.MessagingError) -> int:
    fitting = (status for kind, status in _STATUS if isinstance(refused, kind))
    return next(fitting, HTTPStatus.BAD_REQUEST)


def _refused(code: str, detail: str, status: int) -> HttpResponse:
    return JsonResponse({"code": code, "detail": detail}, status=status)
