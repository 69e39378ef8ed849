"""What a message says of the files that it brings: it stands sealed with the message's words. Pure.

The key of each file stands there too, and so is sealed under the content key of every message that
refers to the file: an edit and a forward carry it on, sealing anew seals it anew, and it goes when
the words go. The bytes themselves are neither copied nor touched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self
from uuid import UUID

#: Pictures that are made anew before anybody sees them.
_MADE_ANEW: Final = {"image/jpeg", "image/png", "image/webp", "image/gif"}
_PICTURES: Final = ("image/", "video/")
_KEPT: Final = "attachments"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file of a message.

    Attributes:
        id: the file's.
        size: in bytes, as it is handed out.
        sha256: of these bytes, in hex.
        key: the file's key, in hex; never shown.
        thumbnail: the size in bytes of the thumbnail, which is a WebP; None where there is none.
        blur: a few bytes' picture to show until the thumbnail is there.
        duration: in seconds.
        waveform: of a voice note, loudness from 0 to 100, at most 64 of them.
    """

    id: UUID
    name: str
    type: str
    size: int
    sha256: str
    key: str = field(repr=False)
    thumbnail: int | None = None
    width: int | None = None
    height: int | None = None
    blur: str | None = None
    duration: float | None = None
    waveform: tuple[int, ...] | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """From what `kept` made."""
        waveform = kept.get("waveform")
        known = {**kept, "id": UUID(kept["id"]), "waveform": waveform and tuple(waveform)}
        return cls(**known)

    def kept(self) -> dict[str, Any]:
        """As it is sealed: what is not known is left out."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        return {**known, "id": str(self.id)}

    def committed(self) -> dict[str, object]:
        """What of it the commitment to a message's words covers."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "size": self.size,
            "sha256": self.sha256,
        }

    def shown(self, message: UUID) -> dict[str, Any]:
        """As the protocol has it, in this message."""
        url = f"/messages/files/{message}/{self.id}/"
        return {
            "id": str(self.id),
            "name": self.name,
            "type": self.type,
            "size": self.size,
            "url": url,
            "thumbnail": f"{url}thumbnail/" if self.thumbnail else None,
            "width": self.width,
            "height": self.height,
            "blur": self.blur,
            "duration": self.duration,
            "waveform": list(self.waveform) if self.waveform else None,
        }

    @property
    def is_picture(self) -> bool:
        """What a channel without pictures does not let in."""
        return self.type.startswith(_PICTURES)

    @property
    def is_shown(self) -> bool:
        """Whether a page may show or play it; all else is a download."""
        return self.type in _MADE_ANEW or self.type.startswith("audio/")


def attachments_in(details: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The files of a wording, by the details of its body."""
    return tuple(Attachment.of(one) for one in details.get(_KEPT, ()))


def details_of(attachments: Iterable[Attachment]) -> dict[str, Any]:
    """The same the other way round; nothing where there are none."""
    kept = [one.kept() for one in attachments]
    return {_KEPT: kept} if kept else {}


def kept_in(details: Mapping[str, Any]) -> dict[str, Any]:
    """What of a wording's details says which files it brings."""
    return {_KEPT: details[_KEPT]} if _KEPT in details else {}
