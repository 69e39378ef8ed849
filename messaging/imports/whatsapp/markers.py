"""What WhatsApp put into a body in words: attachments, deletions, edits, polls, its own notices."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from messaging.imports.whatsapp import wording
from messaging.imports.whatsapp.headers import Platform
from messaging.imports.whatsapp.marks import LRM, MARK, SPACE, without_marks

Kind = Literal["text", "system", "attachment", "deleted"]
Subkind = Literal["poll", "location"]

_FILE = r"[^<>\n]*\.\w{1,8}"
_ATTACHED_IOS = re.compile(
    rf"<{SPACE}?(?P<word>[^<>:\n]{{3,20}}?){SPACE}?:{SPACE}?(?P<name>{_FILE}){SPACE}?>"
)
_WORD_IOS = re.compile(wording.ATTACHED_IOS)
_ATTACHED_OLD = re.compile(
    rf"(?P<name>{_FILE}) <(?:{wording.ATTACHED_IOS})>|<(?P<turkish>{_FILE}) eklendi>"
)
_ATTACHED_ANDROID = re.compile(rf"(?P<name>{_FILE}) \((?:{wording.ATTACHED_ANDROID})\)")
# For languages whose words are not known: a mark, a file's name, two words in brackets.
_ATTACHED_SOMEHOW = re.compile(rf"(?P<name>{_FILE}) \([^()]{{1,20}} [^()]{{1,20}}\)")
_OMITTED_IOS = re.compile(rf"(?:[^\s:]+ ){{1,2}}(?:{wording.OMITTED_IOS})")
_PAGES = re.compile(r" • \d+ \w+$")
_OPTION = re.compile(rf"\n{MARK}++[^\n:]{{1,40}}: [^\n]{{0,300}}\(\d{{1,6}} [^\n()]{{1,30}}\)")
_LONGEST_MARKER = 60  # characters of a phrase in a language that is not known
_ANY_SENTENCE = re.compile(r"\w+(?: \w+){2,}\.?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A body understood: what is stored, and what it stands for."""

    kind: Kind
    body: str
    attachment: str | None = None
    edited: bool = False
    subkind: Subkind | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """What the whole file tells about how WhatsApp marks its words in it."""

    platform: Platform
    marked: bool  # direction marks occur at all; a text passed on by e-mail may have lost them
    repeated: Collection[str]  # phrases in <…> that stand for left-out media of a language unknown


def read_body(raw: str, *, habit: Habit, line_marked: bool) -> Reading:
    """Return the meaning of one author's body.

    `raw` has its direction marks; `line_marked` tells of one before the header.
    """
    trusted = habit.platform == "ios" and habit.marked
    raw, edited = _without_edit(raw, trusted)
    reading = (
        _deleted(raw, trusted)
        or _attachment(raw, habit, line_marked)
        or _special_text(raw)
        or Reading(kind="text", body=without_marks(raw))
    )
    if reading.kind == "text" and trusted and reading.subkind is None and raw.startswith(LRM):
        reading = replace(reading, kind="system", body=reading.body.strip())
    return replace(reading, edited=edited)


def is_foreign(raw: str) -> bool:
    """Tell whether a body ends in a marker of WhatsApp's in another language than English."""
    text = without_marks(raw).strip()
    phrase = text[text.rfind("<") + 1 :].rstrip(">").rstrip(".")
    known = wording.EDITED | wording.DELETED | wording.OMITTED_ANDROID
    return phrase in known and phrase not in wording.ENGLISH


def angled(raw: str) -> str | None:
    """The phrase of a first line that is nothing but `<some words>`; a sign of left-out media."""
    line = without_marks(raw).partition("\n")[0].strip()
    inner = line[1:-1]
    enclosed = line.startswith("<") and line.endswith(">") and len(inner) <= _LONGEST_MARKER
    return inner if enclosed and " " in inner and not set("<>:") & set(inner) else None


def _without_edit(raw: str, trusted: bool) -> tuple[str, bool]:
    """Take the edit marker off the end; anywhere else it is something a person typed."""
    at = raw.rfind("<")
    if at < 0 or not raw.endswith(">"):
        return raw, False
    phrase = without_marks(raw[at + 1 : -1]).rstrip(".")
    marked = raw[:at].endswith(LRM)
    known = phrase in wording.EDITED and (marked or not trusted)
    if known or (marked and at > 1 and _ANY_SENTENCE.fullmatch(phrase)):
        return raw[:at].rstrip(LRM).rstrip(), True
    return raw, False


def _deleted(raw: str, trusted: bool) -> Reading | None:
    text = without_marks(raw).strip()
    known = text.rstrip(".") in wording.DELETED or (
        text.startswith("This message was deleted by admin ") and "\n" not in text
    )
    return Reading(kind="deleted", body="") if known and _ours(raw, trusted) else None


def _ours(raw: str, trusted: bool) -> bool:
    """Where marks are kept, WhatsApp's words begin with one and a person's do not."""
    return raw.startswith(LRM) or not trusted


def _attachment(raw: str, habit: Habit, line_marked: bool) -> Reading | None:
    if habit.platform == "ios":
        return _ios_file(raw) or _ios_omitted(raw, habit.marked, line_marked)
    return _android_file(raw) or _android_omitted(raw, habit)


def _found(name: str | None, caption: str) -> Reading:
    """An attachment with its caption, without the title that WhatsApp repeats for documents."""
    caption = caption.strip()
    return Reading(
        kind="attachment",
        body="" if name and _PAGES.sub("", caption) in _titles(name) else caption,
        attachment=name.strip() if name else None,
    )


def _titles(name: str) -> set[str]:
    """What a document is called beside its file: an iPhone numbers the file, `00000014-A.pdf`."""
    names = {name, name.partition("-")[2]}
    return names | {each.rpartition(".")[0] for each in names}


def _ios_file(raw: str) -> Reading | None:
    """`caption <attached: NAME>`, and as older phones wrote it: `NAME <attached>`."""
    text = without_marks(raw).rstrip()
    at = text.rfind("<")
    if at < 0 or not text.endswith(">"):
        return None
    match = _ATTACHED_IOS.fullmatch(text, at)
    # In a language whose word is not known, WhatsApp's mark before the bracket must vouch for it.
    if match and (_WORD_IOS.fullmatch(match["word"]) or raw[: raw.rfind("<")].endswith(LRM)):
        return _found(match["name"], text[:at])
    start = text.rfind("\n") + 1
    if match := _ATTACHED_OLD.fullmatch(text, start):
        return _found(match["name"] or match["turkish"], text[:start])
    return None


def _ios_omitted(raw: str, marked: bool, line_marked: bool) -> Reading | None:
    """`caption ⟨LRM⟩image omitted`: after the last mark stands what is not in the export."""
    at = raw.rfind(LRM)
    phrase = without_marks(raw[at + 1 :]).strip()
    if not marked:
        return _found(None, "") if _OMITTED_IOS.fullmatch(phrase) else None
    if at < 0:
        return None
    once = at == 0 and phrase.startswith(wording.VIEW_ONCE)
    unknown = line_marked and at == 0 and len(phrase) <= _LONGEST_MARKER and "\n" not in phrase
    if once or unknown or _OMITTED_IOS.fullmatch(phrase):
        return _found(None, without_marks(raw[:at]))
    return None


def _android_file(raw: str) -> Reading | None:
    """`NAME (file attached)`, the caption on the lines after it."""
    head, _, caption = raw.partition("\n")
    line = without_marks(head).strip()
    somehow = head.startswith(LRM) and _ATTACHED_SOMEHOW.fullmatch(line)
    match = _ATTACHED_ANDROID.fullmatch(line) or somehow
    return _found(match["name"], without_marks(caption)) if match else None


def _android_omitted(raw: str, habit: Habit) -> Reading | None:
    phrase = angled(raw)
    if phrase and (phrase in wording.OMITTED_ANDROID or phrase in habit.repeated):
        return _found(None, without_marks(raw.partition("\n")[2]))
    return None


def _special_text(raw: str) -> Reading | None:
    """Polls and places: WhatsApp's form, but a person's words, so they are text."""
    text = without_marks(raw)
    known = wording.POLL.match(text) and "\n" in text
    if known or (raw.startswith(LRM) and _OPTION.search(raw)):
        return Reading(kind="text", body=text, subkind="poll")
    if wording.LOCATION.fullmatch(text.strip()):
        return Reading(kind="text", body=text, subkind="location")
    return None
