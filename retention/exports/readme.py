"""READ-ME-FIRST.html: what a bundle is and how to check it, for whoever has only that. Pure."""

from html import escape

from retention.exports.items import About
from retention.exports.transcript import about_facts, page_start

_FILES = (
    ("data/transcript.html", "the messages for reading and printing"),
    ("data/items.jsonl", "the exact record, one message a line, for programs"),
    ("data/items.csv", "the same as a table; a cell that looks like a formula has ' before it"),
    ("data/files", "the files that messages bring, called by their ids"),
    ("data/scope.json", "what was asked for, what is in and what was left out"),
    ("manifest-sha256.txt", "the SHA-256 of each file under data"),
    ("tagmanifest-sha256.txt", "the SHA-256 of the manifest and of the bundle's description"),
    ("signature-ed25519.json", "the school's signature over tagmanifest-sha256.txt"),
)


def read_me(about: About) -> str:
    """The page; the same for the same export whenever it is written."""
    return (
        page_start(f"Read me first - {about.number}")
        + f"<h1>Export {escape(about.number)}: read me first</h1>\n"
        + about_facts(about)
        + "<h2>What this is</h2>\n<p>A copy of messages from the school's record, made for the "
        "purpose and the recipient named above. It holds personal data: keep it encrypted, show "
        "it only to those who need it for that purpose, and destroy it when that is done.</p>\n"
        + "<p>An author marked as imported is a name out of a file that somebody handed in. "
        "Anybody can edit such a file, so it proves nothing about who wrote a message.</p>\n"
        + "<h2>The files</h2>\n<dl>\n"
        + "".join(f"<dt>{escape(n)}</dt><dd>{escape(what)}</dd>\n" for n, what in _FILES)
        + "</dl>\n<h2>How to check it</h2>\n<p>Work on a copy; opening a file does not change "
        "it, saving it does.</p>\n<ol>\n<li>That no file is damaged: in the folder of this "
        "bundle run <code>sha256sum -c manifest-sha256.txt</code> and "
        "<code>sha256sum -c tagmanifest-sha256.txt</code>, or any BagIt 1.0 (RFC 8493) "
        "program.</li>\n<li>That nothing was added, removed or made anew: run <code>manage.py "
        "verify_export BUNDLE --key KEY</code> with the SchoolChat software; it needs no "
        "database and no network.</li>\n<li>Get the school's public key from the school "
        "itself, not from this bundle, and compare its fingerprint by telephone: whoever "
        "makes a bundle anew can put a key of their own into it.</li>\n</ol>\n</body>\n</html>\n"
    )
