"""Small WhatsApp exports, and what is read from them."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from messaging.imports.whatsapp.errors import WhatsAppError
from messaging.imports.whatsapp.parse import Export, Line, parse

SAMPLES = Path(__file__).parent.parent / "data" / "whatsapp"
TODAY = date(2026, 11, 22)
IOS = "[02/09/2025, 07:45:01] Jo: "
LRM, RLM, NNBSP, NBSP, FSI, PDI = "\u200e", "\u200f", "\u202f", "\u00a0", "\u2068", "\u2069"


def read(text: str, **options: Any) -> Export:
    return parse(text.encode(), file_name="chat.txt", today=TODAY, **options)


def only(text: str) -> Line:
    (line,) = read(text).messages
    return line


def android(*bodies: str) -> str:
    return "".join(f"28/03/2025, 21:29 - {body}\n" for body in bodies)


def kinds(export: Export) -> list[tuple[str | None, str, str]]:
    return [(line.author, line.kind, line.body) for line in export.messages]


def assert_one_sentence(error: WhatsAppError) -> None:
    assert re.fullmatch(r"[A-Z][^\n]*\.", str(error))
