"""As much of Amazon's S3 as our storage asks for, over real HTTP: objects, parts, ranges, lists.

It checks the signature of every request (Signature Version 4), so that whoever has another secret
is turned away. Real servers are tried with SCHOOLCHAT_TEST_S3=http://host:port (bucket `files`,
key `key`, secret `secret`).
"""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

KEY_ID, SECRET, BUCKET = "key", "secret", "files"
_SIGNED = re.compile(r"Credential=([^/]+)/(.+?), ?SignedHeaders=(.+?), ?Signature=(\w+)")
_LISTED = (
    "<Contents><Key>{}</Key><LastModified>2026-11-29T12:00:00.000Z</LastModified>"
    '<ETag>"1"</ETag><Size>{}</Size></Contents>'
)


class S3(ThreadingHTTPServer):
    """`full`: it has no room. `away`: it answers every request with 503."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.full = self.away = False
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def s3() -> Iterator[S3]:
    with S3() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: S3

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        asked = dict(parse_qsl(url.query, keep_blank_values=True))
        key = unquote(url.path).removeprefix(f"/{BUCKET}").lstrip("/")
        if not self._is_signed(url.path, asked):
            self._answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        elif self.server.away:
            self._answer(503, b"<Error><Code>SlowDown</Code></Error>")
        elif self.server.full and self.command in {"PUT", "POST"}:
            self._answer(507, b"<Error><Code>QuotaExceeded</Code></Error>")
        else:
            getattr(self, f"_{self.command.lower()}")(key, asked, body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _handle  # noqa: N815  (the library's names)

    def _put(self, key: str, asked: dict[str, str], body: bytes) -> None:
        if "partNumber" in asked:
            self.server.parts[asked["uploadId"]][int(asked["partNumber"])] = body
        elif key in self.server.objects and self.headers.get("If-None-Match") == "*":
            self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            return
        else:
            self.server.objects[key] = body
        self._answer(200)

    def _post(self, key: str, asked: dict[str, str], body: bytes) -> None:
        if "delete" in asked:
            names = re.findall(r"<Key>(.*?)</Key>", body.decode())
            for name in names:
                self.server.objects.pop(name, None)
            said = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            self._answer(200, _xml("DeleteResult", said))
        elif "uploads" in asked:
            upload = f"upload{len(self.server.parts)}"
            self.server.parts[upload] = {}
            said = f"<UploadId>{upload}</UploadId><Bucket>{BUCKET}</Bucket><Key>{key}</Key>"
            self._answer(200, _xml("InitiateMultipartUploadResult", said))
        else:
            parts = self.server.parts.pop(asked["uploadId"])
            self.server.objects[key] = b"".join(parts[number] for number in sorted(parts))
            self._answer(200, _xml("CompleteMultipartUploadResult", '<ETag>"1"</ETag>'))

    def _delete(self, key: str, asked: dict[str, str], body: bytes) -> None:
        if "uploadId" in asked:
            self.server.parts.pop(asked["uploadId"], None)
        else:
            self.server.objects.pop(key, None)
        self._answer(204)

    def _get(self, key: str, asked: dict[str, str], body: bytes) -> None:
        if "list-type" in asked:
            found = sorted(self.server.objects.items())
            mine = [pair for pair in found if pair[0].startswith(asked.get("prefix", ""))]
            said = "".join(_LISTED.format(name, len(data)) for name, data in mine)
            self._answer(200, _xml("ListBucketResult", f"<IsTruncated>false</IsTruncated>{said}"))
        elif key not in self.server.objects:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._give(self.server.objects[key])

    _head = _get

    def _give(self, data: bytes) -> None:
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if span is None:
            self._answer(200, data)
            return
        start, last = int(span[1]), min(int(span[2] or len(data) - 1), len(data) - 1)
        if start > last:
            self._answer(416)
            return
        self._answer(206, data[start : last + 1], f"bytes {start}-{last}/{len(data)}")

    def _answer(self, status: int, body: bytes = b"", span: str = "") -> None:
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sun, 29 Nov 2026 12:00:00 GMT")
        if span:
            self.send_header("Content-Range", span)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_signed(self, path: str, asked: dict[str, str]) -> bool:
        said = _SIGNED.search(self.headers.get("Authorization", ""))
        if said is None or said[1] != KEY_ID:
            return False
        names = said[3].split(";")
        query = "&".join(
            f"{quote(name, safe='')}={quote(value, safe='')}"
            for name, value in sorted(asked.items())
        )
        heads = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names)
        body = self.headers["x-amz-content-sha256"]
        canonical = "\n".join([self.command, path, query, heads, said[3], body])
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        signed = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{said[2]}\n{hashed}"
        key = f"AWS4{SECRET}".encode()
        for part in (*said[2].split("/"), signed):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(key.hex(), said[4])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on the tests' output."""


def _xml(name: str, said: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><{name}>{said}</{name}>'.encode()
