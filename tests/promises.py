"""What the conversation promises: the features, the faults that it stands, and where each is seen.

A test says what it shows by `@pytest.mark.shows("reply", on="both", people=2)`; tests/features.py
reads these markers and makes the table.
"""

from typing import Final, NamedTuple

#: By part of the product: the name in the marker, and what a member of staff may expect.
FEATURES: Final[dict[str, dict[str, str]]] = {
    "Messages": {
        "reply": "A message is answered; the answer quotes it and leads back to it.",
        "thread": "The answers to a message stand together at the side.",
        "reaction": "A message is answered by an emoji, which is taken back as easily.",
        "mention": "A colleague is named and told of it.",
        "mention-all": "@here and @everyone, by those who may in that channel.",
        "edit": "A message is changed within the school's window; the earlier words are kept.",
        "delete": "A message is deleted for all readers and kept for the record.",
        "correct": "A correction is put under a message, which stays as it is.",
        "forward": "A message goes on to another channel and says where it came from.",
        "pin": "A message is pinned to its channel and found there.",
        "save": "A message is saved for later, for oneself alone.",
        "link": "A link to a message is copied, and opens it for those who may read it.",
        "copy": "The words of a message are copied.",
        "format": "Words are marked bold, as code or as a list, by buttons and by keys.",
        "markdown": "Markdown becomes a small set of safe tags.",
        "emoji": "An emoji is chosen by name, group or shortcode, in a skin tone.",
        "draft": "What is half written is there again on another device.",
        "draft-private": "Drafts are sealed for their writer alone and gone after 30 days.",
        "schedule": "A text is sent at a time that was chosen.",
        "scheduled-list": "What is waiting to be sent is listed, changed and withdrawn.",
        "undo-send": "For five seconds a message can be taken back before it is sent.",
    },
    "Attachments": {
        "attach": "Files are chosen, or photographed on a phone.",
        "attach-drop": "Files are dragged in or pasted.",
        "upload-progress": "An upload shows how far it is, and can be cancelled.",
        "upload-resume": "An upload that was cut off goes on where it was.",
        "file-kinds": "What a file is, is decided from its bytes; only what is allowed comes in.",
        "file-size": "A file that is too large is refused in one sentence.",
        "gps": "A photo with a place in it goes in and comes out without.",
        "thumbnail": "A picture has its place before it comes, blurred first, then sharp.",
        "viewer": "Pictures are seen large, by keys and by two fingers.",
        "document": "PDF and office files are saved by name and size.",
        "voice": "A voice note is recorded in the page and played with its waveform.",
        "scan": "A file with a virus opens for nobody.",
        "scanner-away": "While the scanner is away files wait or are refused, and it is said.",
        "file-sealed": "A file is sealed on the disk under a key of its own.",
        "file-forward": "A forwarded file is readable where it went, and nowhere else.",
        "file-unsent": "A file that is never sent is gone after 24 hours.",
        "file-serve": "A file is streamed in ranges and kept by no cache on the way.",
        "file-sandbox": "A file from a person runs no script in the school's pages.",
        "file-places": "Files lie in a folder or in storage of the S3 kind, by setting.",
        "no-images": "A channel may refuse pictures.",
        "ask-before-photo": "Before a photo goes to a large channel one is asked.",
    },
    "Nudges": {
        "nudge": "A pupil's data in the line shows one sentence and blocks nothing.",
        "nudge-safeguarding": "A safeguarding word shows the school's way of reporting.",
        "nudge-server": "Page and server decide by the same table of rules.",
        "nudge-block": "The school may turn a nudge into a refusal.",
        "nudge-counts": "The log keeps counts of nudges and none of their words.",
    },
    "On a desk and on a phone": {
        "switcher": "Ctrl K leads to a channel or a person by name.",
        "arrow-edit": "Arrow up edits the last message.",
        "key-map": "All keys are listed under the question mark.",
        "swipe": "A swipe from the edge leads back; a message that is drawn is answered.",
        "long-press": "A long press opens the menu of a message.",
        "above-keyboard": "The composer stays above the keyboard of the phone.",
        "presence": "Who is there is shown as the school chose: to nobody, or some, or all.",
        "typing": "Who is typing is shown as the school chose.",
        "receipts": "Who has read a message is shown as the school chose.",
        "unread": "Unread messages are counted, and one jumps to the first.",
    },
    "Offline": {
        "offline": "Being offline is said, and nothing that was written is lost.",
        "outbox": "What was written offline is sent once, even if the tab was closed.",
        "outbox-wiped": "What was not sent is gone at sign-out, and after 24 hours.",
    },
    "Finding": {
        "jump-to-date": "One goes to a day, and back.",
        "browse": "Channels are listed with purpose and members, and joined.",
        "channel-files": "The files of a channel are listed.",
        "search-chips": "A search is narrowed by person, channel, day and kind as chips.",
        "search-typed": "Results come while one types; a hit leads to its place and back.",
    },
    "Accessibility": {
        "announced": "New messages are announced in batches, which can be paused.",
        "label-order": "A message is read out as author, text, time.",
        "roving": "Messages are walked by the arrow keys and are one stop for Tab.",
        "zoom": "At 400 % nothing is cut off and nothing scrolls sideways.",
        "forced-colours": "With the system's own colours everything is still told apart.",
        "reduced-motion": "Who wants no motion sees none.",
        "targets": "What is clicked is at least 24 px, what is touched at least 44.",
        "axe": "axe finds nothing on any page, in light and in dark.",
        "keyboard": "Everything is done by the keyboard alone.",
        "statement": "The running version says how accessible it is.",
    },
    "Language and look": {
        "translated": "Every string can be translated, and none is left out.",
        "terms": "Words such as DSL come from one place.",
        "empty": "What is empty says what to do first.",
        "errors-in-place": "A mistake is said where it was made.",
        "school-look": "The school's name, colour and logo are its own.",
        "screenshots": "One script takes every page, on a phone and a desk, light and dark.",
    },
    "Speed": {
        "first-load": "The chat loads in under 150 kB.",
        "lighthouse": "Lighthouse gives at least 95 for speed, accessibility and practice.",
        "open-channel": "What a channel says and pins comes by one request, at most six queries.",
        "scrolling": "Five thousand messages scroll without a stop.",
        "upload-speed": "A photo is seen within a second of its upload.",
    },
}

#: What a script measures: a test would depend on what else the machine does. The figures, with
#: their date, stand in docs/performance.md.
MEASURED: Final = {
    "first-load": "first_load",
    "scrolling": "first_load",
    "lighthouse": "lighthouse",
    "upload-speed": "picture",
}

#: What there is on one screen only, and why.
ONLY: Final[dict[str, tuple[str, str]]] = {
    "swipe": ("phone", "it is a gesture of the thumb; a desk has keys for both"),
    "long-press": ("phone", "a mouse shows the tools of a message by pointing at it"),
    "above-keyboard": ("phone", "nothing covers the page of a desk"),
    "switcher": ("desk", "it is a key; a phone starts with the list of the channels"),
    "arrow-edit": ("desk", "it is a key; a phone has the menu of the message"),
    "key-map": ("desk", "it lists keys"),
    "attach-drop": ("desk", "nothing is dragged by a thumb out of another window"),
    "keyboard": ("desk", "it is about who has nothing else than a keyboard"),
    "zoom": ("desk", "1280 px at 400 % are 320: as narrow as the smallest phone"),
}

_BYTES: Final = "it is in the bytes or the record, and nobody sees a difference"
_RULE: Final = "it is a rule of the whole product, not of one page"
_PAGE: Final = "it is a page of plain text from the server, the same at every width"
_FIGURE: Final = "it is counted or measured"

#: What no screen can show, and why: the tests of these speak with the server.
UNSEEN: Final[dict[str, str]] = {
    "draft-private": _BYTES,
    "file-sealed": _BYTES,
    "file-unsent": _BYTES,
    "file-serve": _BYTES,
    "gps": _BYTES,
    "file-forward": _BYTES,
    "file-places": _BYTES,
    "file-sandbox": "it is the browser that refuses, whatever its width",
    "nudge-server": _RULE,
    "nudge-counts": _BYTES,
    "terms": _RULE,
    "screenshots": "it takes the pictures of both by itself",
    "statement": _PAGE,
    "school-look": _PAGE,
    "first-load": _FIGURE,
    "lighthouse": _FIGURE,
    "open-channel": _FIGURE,
    "scrolling": _FIGURE,
    "upload-speed": _FIGURE,
}


class Fault(NamedTuple):
    """What goes wrong, what comes of it, and what the person is told."""

    what: str
    sentence: str


#: A sentence is checked by its test through `told`, and stands in the catalogue of the product.
FAULTS: Final[dict[str, Fault]] = {
    "bomb": Fault(
        "A picture of 40 megapixels is refused and holds nobody up.",
        "This picture has more than 40 megapixels. Please make it smaller and send it again.",
    ),
    "svg": Fault(
        "An SVG with a script in it is refused.",
        "Web pages and drawings in SVG can hold scripts. Please send a PDF or a picture of it.",
    ),
    "polyglot": Fault(
        "A file that is two kinds at once is refused or made harmless.",
        "This file is two kinds of file at once. Please save it anew and send that.",
    ),
    "disguised": Fault(
        "A ZIP that is named as a photo is refused.",
        "This is a ZIP archive, whatever its name says. Please send the files in it one by one.",
    ),
    "file-names": Fault(
        "Slashes, turned writing and 300 characters in a name do no harm.",
        "Its name was changed so that everybody can save it.",
    ),
    "cut-upload": Fault(
        "An upload that was cut off and went on is whole.",
        "No connection. It goes on by itself.",
    ),
    "two-tabs": Fault(
        "Two tabs of one person send nothing twice and lose nothing.",
        "%(count)s message is waiting, kept on this device",
    ),
    "wrong-clock": Fault(
        "A wrong clock changes neither the order nor the times of messages.",
        "The clock of this device is wrong. The times of the messages are right.",
    ),
    "tunnel": Fault(
        "Half an hour without a network loses nothing.",
        "You are offline.",
    ),
    "full-disk": Fault(
        "On a full disk nothing is half kept, and nothing is shown as sent that is not stored.",
        "The school's storage is full. Your file was not kept; please tell your IT team.",
    ),
    "scanner-down": Fault(
        "Without the scanner nothing opens unscanned.",
        "The virus scanner is away. This is sent once it has been checked.",
    ),
    "storage-down": Fault(
        "Without the storage nothing is lost, and nothing is shown as sent that is not stored.",
        "The school's storage cannot be reached just now. Please try again soon.",
    ),
}


def told(fault: str, **values: object) -> str:
    """What the person is told of it, in English: for a test to find on a page or in an answer."""
    sentence = FAULTS[fault].sentence
    return sentence % values if values else sentence
