"""Every feature that the conversation promises, and the tests that show it.

A test says what it shows by `@pytest.mark.shows("reply", "copy")`. `python -m tests.features`
writes the table docs/reference/features.md from those markers, and tests/house/test_features.py
holds it against them. What only a script can measure stands in MEASURED.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

TREE: Final = Path(__file__).resolve().parent.parent
PAGE: Final = TREE / "docs" / "reference" / "features.md"

#: By part of the product: the name in the marker, and what a member of staff may expect.
FEATURES: Final[dict[str, dict[str, str]]] = {
    "Messages": {
        "reply": "A message is answered; the answer quotes it and leads back to it.",
        "thread": "The answers to a message stand together at the side.",
        "reaction": "A message is answered by an emoji, which is taken back as easily.",
        "mention": "A colleague is named and told of it.",
        "mention-all": "@here and @everyone, by those who may in that channel.",
        "edit": "A message is changed within the school's window; the earlier words are kept.",
        "correct": "A correction is put under a message, which stays as it is.",
        "delete": "A message is deleted for all readers and kept for the record.",
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
    "Bad input and faults": {
        "bomb": "A picture of 40 megapixels is refused and holds nobody up.",
        "svg": "An SVG with a script in it is refused.",
        "polyglot": "A file that is two kinds at once is refused or made harmless.",
        "disguised": "A ZIP that is named as a photo is refused.",
        "file-names": "Slashes, turned writing and 300 characters in a name do no harm.",
        "cut-upload": "An upload that was cut off and went on is whole.",
        "two-tabs": "Two tabs of one person send nothing twice and lose nothing.",
        "wrong-clock": "A wrong clock changes neither the order nor the times of messages.",
        "tunnel": "Half an hour without a network loses nothing.",
        "full-disk": "A full disk is said, and nothing is shown as sent that is not stored.",
        "scanner-down": "Without the scanner nothing opens unscanned.",
        "storage-down": "Without the storage nothing is shown as sent that is not stored.",
    },
    "Speed": {
        "first-load": "The chat loads in under 150 kB.",
        "lighthouse": "Lighthouse gives at least 95 for speed, accessibility and practice.",
        "open-channel": "Opening a channel is one request, of at most six queries.",
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

_HEAD: Final = """\
# What is shown by which test

Every feature of the conversation, and the tests that show it. Written by
`python -m tests.features` from the markers in the tests; a test of the house fails when a line has
no test, or when this page is not what that command writes. What is measured is printed by a script,
and stands with its date in [the figures](../performance.md).
"""


def names() -> set[str]:
    """Of all features."""
    return {name for part in FEATURES.values() for name in part}


def shown() -> dict[str, list[tuple[Path, str]]]:
    """By feature: the file and the function of each test whose marker names it."""
    found: dict[str, list[tuple[Path, str]]] = defaultdict(list)
    for path in sorted((TREE / "tests").rglob("test_*.py")):
        for name, test in _marked(ast.parse(path.read_text())):
            found[name].append((path, test))
    return found


def _marked(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.shows":
                    yield from ((str(ast.literal_eval(each)), node.name) for each in mark.args)


def page() -> str:
    """The table, as it should stand in the documentation."""
    tests = shown()
    parts = [_HEAD]
    for title, features in FEATURES.items():
        rows = [f"| {words} | {_links(name, tests)} |" for name, words in features.items()]
        parts.append("\n".join([f"## {title}\n", "| what | shown by |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def _links(name: str, tests: Mapping[str, list[tuple[Path, str]]]) -> str:
    links = [f"[{_sentence(test)}](../../{_inside(path)})" for path, test in tests.get(name, [])]
    if name in MEASURED:
        script = f"benchmarks/{MEASURED[name]}.py"
        links.append(f"measured by [{script}](../../{script})")
    return "; ".join(links)


def _inside(path: Path) -> str:
    return path.relative_to(TREE).as_posix()


def _sentence(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page())
