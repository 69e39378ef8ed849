"""WhiteNoise for an ASGI server: its files are small, so each goes out as one body, compressed."""

from functools import cache

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response
from whitenoise.middleware import WhiteNoiseMiddleware

from schoolchat.assets.files import JOINED_FILES, Asset, asset

_YEAR = 365 * 24 * 60 * 60  # seconds
_MINUTE = 60


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise exports no types
    """Sends what pages load. WhiteNoise knows what there is; `assets` what it looks like."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A file of ours, joined of several or as it lies; else what follows."""
        path: str = request.path_info
        name = path.removeprefix(self.static_prefix)
        # Only what is there is asked for: what was asked for is kept.
        if (path in self.files or name in JOINED_FILES) and (found := asset(name)):
            return sent(found, request)
        response: HttpResponse = self.get_response(request)
        return response

    def add_files_from_finders(self) -> None:
        """By their addresses alone: what they look like, `assets` says."""
        self.files = dict.fromkeys(_addresses(self.static_prefix))


@cache
def _addresses(prefix: str) -> tuple[str, ...]:
    """What may be asked for. It is looked for once a process, however many handlers that has."""
    return tuple(f"{prefix}{path}" for each in get_finders() for path, _ in each.list(None))


def sent(file: Asset, request: HttpRequest) -> HttpResponse:
    """The file in the best form that the browser takes, or the answer that it has it already."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    coding = chosen(file, request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(file.forms[coding] if coding else file.content)
    response["Content-Type"] = _content_type(file.kind)
    if coding:
        response["Content-Encoding"] = coding
    if file.forms:
        response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = _keeping(file, request.GET.get("v"))
    response["Content-Length"] = str(len(response.content))
    response["ETag"] = etag = f'"{file.version}{coding and f"-{coding}"}"'
    return get_conditional_response(request, etag, None, response) or response


def chosen(file: Asset, accepted: str) -> str:
    """The first of the file's forms that is accepted; empty where it goes as it is."""
    takes = {}
    for one in accepted.split(","):
        coding, _, weight = one.replace(" ", "").partition(";q=")
        takes[coding.lower()] = weight.strip("0.") != "" if weight else True
    return next((coding for coding in file.forms if takes.get(coding, takes.get("*", False))), "")


def _keeping(file: Asset, version: str | None) -> str:
    """An address with this content's version never holds another; any other may."""
    if version == file.version:
        return f"max-age={_YEAR}, public, immutable"
    return f"max-age={_MINUTE}, public"


def _content_type(kind: str) -> str:
    return f"{kind}; charset={settings.DEFAULT_CHARSET}" if kind.startswith("text/") else kind
