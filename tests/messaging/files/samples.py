"""Small files of every kind, made by the programs that make them or as their standards say."""

import io
import struct
import zipfile
from collections.abc import Mapping

from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WORD_MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"


def picture(format_: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", size, "seagreen").save(into, format_, **options)
    return into.getvalue()


def archive(entries: Mapping[str, str | bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as out:
        for name, said in entries.items():
            out.writestr(name, said)
    return into.getvalue()


def openxml(main: str = _WORD, **more: str) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    others = {name.replace("__", "/").replace("_bin", ".bin"): said for name, said in more.items()}
    return archive({"[Content_Types].xml": types, "word/document.xml": "<w/>", **others})


def macro_document() -> bytes:
    return openxml(_WORD_MACRO)


def hidden_macro_document() -> bytes:
    """Called a plain one by its list of types."""
    return openxml(word__vbaProject_bin="macros")


def opendocument(type_: str = "text", **more: str) -> bytes:
    said = f"application/vnd.oasis.opendocument.{type_}"
    return archive({"mimetype": said, "content.xml": "<o/>", **more})


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


#: As the text of a page: one that shows something in which there is no word, as a scanner makes it.
A_SCAN = ") Tj ET 72 72 400 600 re f BT ("


def pdf_saying(*pages: str) -> bytes:
    """A page for each text, in Helvetica, as the standard has it (ISO 32000-1, 7.5)."""
    first = 4
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, text in enumerate(pages):
        drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        fonts = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 595 842]"
        parts.append(f"<< /Type /Page /Parent 2 0 R {fonts} /Contents {first + 2 * at + 1} 0 R >>")
        parts.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    into = io.BytesIO(b"%PDF-1.7\n")
    into.seek(0, 2)
    places = []
    for number, part in enumerate(parts, 1):
        places.append(into.tell())
        into.write(f"{number} 0 obj\n{part}\nendobj\n".encode("cp1252"))
    table = into.tell()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    into.write(f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{rows}".encode())
    root = f"<< /Size {len(parts) + 1} /Root 1 0 R >>"
    into.write(f"trailer\n{root}\nstartxref\n{table}\n%%EOF\n".encode())
    return into.getvalue()


def webm(codec: bytes = b"A_OPUS") -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm\x18\x53\x80\x67\x16\x54\xae\x6b\x86" + codec


def ogg(codec: bytes = b"OpusHead") -> bytes:
    return b"OggS\x00\x02" + bytes(20) + b"\x01\x13" + codec + bytes(11)


def mp4(handler: bytes = b"soun", brand: bytes = b"M4A ") -> bytes:
    """The list of tracks stands behind the sound, as recorders write it."""
    hdlr = _box(b"hdlr", bytes(8) + handler + bytes(12))
    moov = _box(b"moov", _box(b"trak", _box(b"mdia", hdlr)))
    return _box(b"ftyp", brand + bytes(4)) + _box(b"mdat", bytes(3000)) + moov


def _box(name: bytes, within: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(within), name) + within
