"""Files to send, made of nothing, and the hands that attach them."""

import base64
import struct
import zlib
from typing import Literal, TypedDict

from playwright.sync_api import Locator, Request, expect

from tests.e2e.window import Window

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_ACT = """([kind, name, type, bytes]) => {
  const carried = new DataTransfer();
  const data = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
  carried.items.add(new File([data], name, { type }));
  const more = { bubbles: true, cancelable: true };
  const paste = kind === "paste";
  const place = paste ? "#write" : kind === "dragleave" ? "[data-conversation]" : "chat-log";
  document.querySelector(place).dispatchEvent(paste
    ? new ClipboardEvent("paste", { clipboardData: carried, ...more })
    : new DragEvent(kind, { dataTransfer: carried, ...more }));
}"""


class Given(TypedDict):
    """A file as Playwright gives it to a page."""

    name: str
    mimeType: str
    buffer: bytes


def png(width: int, height: int, *, blue: int = 160) -> bytes:
    """A picture with colours that run across and down."""
    rows = b"".join(
        b"\0" + b"".join(bytes((x * 255 // width, y * 255 // height, blue)) for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def picture(name: str = "hall.png", width: int = 320, height: int = 200) -> Given:
    return {"name": name, "mimeType": "image/png", "buffer": png(width, height)}


def document(name: str = "Duty rota.pdf", data: bytes = PDF) -> Given:
    return file(name, "application/pdf", data)


def file(name: str, type_: str, data: bytes) -> Given:
    return {"name": name, "mimeType": type_, "buffer": data}


def text(name: str, size: int) -> Given:
    line = b"The register is taken at nine and at one o'clock, every day.\n"
    return {
        "name": name,
        "mimeType": "text/plain",
        "buffer": (line * (size // len(line) + 1))[:size],
    }


def attach(window: Window, *files: Given, where: str = "chat-composer") -> None:
    """By the button beside the line and the file picker."""
    place = window.page.locator(where)
    with window.page.expect_file_chooser() as asked:
        place.get_by_role("button", name="Attach").click()
        place.get_by_role("menuitem", name="Picture or file").click()
    asked.value.set_files(list(files))


def carry(
    window: Window, kind: Literal["paste", "dragenter", "dragleave", "drop"], given: Given
) -> None:
    """Something that a hand does with a file over the page, which Playwright has no hands for."""
    bytes_ = base64.b64encode(given["buffer"]).decode()
    window.page.evaluate(_ACT, [kind, given["name"], given["mimeType"], bytes_])


def tile(window: Window, name: str) -> Locator:
    return window.page.locator(".tile").filter(has_text=name)


def ready(window: Window, *names: str) -> None:
    """Wait until these can be sent."""
    for name in names:
        expect(tile(window, name)).to_have_attribute("data-state", "ready")


def row_with(window: Window, name: str) -> Locator:
    """The row, once it is on the server, with a picture or file of this name."""
    rows = window.log.locator("article:not(.message--pending)")
    image = window.page.locator(f'img[alt="{name}"]')
    return rows.filter(has=image.or_(window.page.locator(".download", has_text=name)))


def is_drawn(image: Locator) -> None:
    """Wait until the picture is there in its size."""
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("each => each.decode().then(() => each.naturalWidth)") > 0


def strip(window: Window, words: str) -> None:
    """Wait until it is said so above the line one writes in."""
    expect(window.page.locator(".tray__strip")).to_contain_text(words)


def asked_for(window: Window) -> list[Request]:
    """What the page asks the server for from now on."""
    asked: list[Request] = []
    window.page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 (Playwright marks the function)
    return asked
