"""What of a message is searched, part by part: its words, of each file its name and what stands in
it, and its corrections. No phrase goes from one part into the next."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from messaging.files.attached import attachments_in
from messaging.vault.bodies import Body


def parts_of(body: Body, texts: Mapping[UUID, str], notes: Sequence[str] = ()) -> tuple[str, ...]:
    """The words of a wording come first; then two parts of each file, in their order, its name and,
    by the file's id, its text; then the corrections."""
    files = attachments_in(body.details)
    beside = (part for file in files for part in (file.name, texts.get(file.id, "")))
    return (body.text, *beside, *notes)
