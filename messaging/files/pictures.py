"""Pictures made anew: what was sent is decoded, and only its colours are written again. Pure.

A picture carries where it was taken, by whose telephone, and sometimes what was cut away. And the
libraries that decode pictures are where crafted files strike. So each is decoded in a process of
its own (developing.py) with little memory and little time, that knows nothing, holds nothing and
reaches nothing.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from messaging.files.apart import GaveNoAnswer, answer_of
from messaging.files.refusals import PictureRefused, PictureTooLarge

_PROGRAM: Final = "messaging.files.developing"
_REFUSALS: Final[dict[str, type[PictureRefused]]] = {"too_large": PictureTooLarge}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture without a past. `thumbnail` is a WebP of at most 640 pixels a side; `blur` a
    BlurHash, shown until it is there; `width` and `height` are those that it is shown with.
    """

    data: bytes
    type: str
    width: int
    height: int
    thumbnail: bytes
    blur: str


def made_anew(data: bytes) -> Picture:
    """`data` as a new picture of the same kind, HEIC as JPEG.

    Takes some tenths of a second and blocks. Raises PictureTooLarge for more than 40 megapixels,
    PictureRefused for what cannot be decoded within the limits.
    """
    told, rest = _developed(data)
    if refused := told.get("refused"):
        raise _REFUSALS.get(str(refused), PictureRefused)
    cut = int(told["bytes"])
    return Picture(
        data=rest[:cut],
        type=str(told["type"]),
        width=int(told["width"]),
        height=int(told["height"]),
        thumbnail=rest[cut:],
        blur=str(told["blur"]),
    )


def _developed(data: bytes) -> tuple[dict[str, Any], bytes]:
    """What the process says in its first line, and the bytes behind it."""
    try:
        answer = answer_of(_PROGRAM, data)
    except GaveNoAnswer as error:
        raise PictureRefused from error
    line, _, rest = answer.partition(b"\n")
    return json.loads(line), rest
