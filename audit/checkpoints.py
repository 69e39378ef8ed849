"""Signed heads of the tree, and how they are written for whoever keeps them."""

from typing import Final

from audit import keyring
from audit.models import Checkpoint, Origin
from audit.origins import PREFIX
from audit.tree import notes

_FORMER: Final = 1


def newest_checkpoint() -> Checkpoint | None:
    """The newest signed head, or None before the first."""
    return Checkpoint.objects.order_by("-origin", "-size").first()


def checkpoint_over(number: int) -> Checkpoint | None:
    """The first signed head that covers the leaf of that number, or None while there is none."""
    origin = Origin.objects.filter(first_leaf__lte=number).order_by("-number").first()
    if origin is None:
        return None
    covering = Checkpoint.objects.filter(origin=origin.number, size__gt=number - origin.first_leaf)
    return covering.order_by("size").first()


def log_name() -> str:
    """The name under which the log's heads are signed now."""
    newest = Origin.objects.order_by("-number").values_list("name", flat=True).first()
    return newest or f"{PREFIX}{keyring.ring().origin}"


def origin_of(checkpoint: Checkpoint) -> str:
    """The name of the log that a head is of."""
    name = Origin.objects.filter(number=checkpoint.origin).values_list("name", flat=True).first()
    return name or f"{PREFIX}{keyring.ring().origin}"


def note_of(checkpoint: Checkpoint) -> str:
    """The whole signed note of a head (C2SP signed-note), as it is handed out."""
    name = origin_of(checkpoint)
    text = text_of(checkpoint, name)
    return notes.compose(text, name, keyring.ring().public_key, bytes(checkpoint.signature))


def verifier_key(name: str | None = None) -> str:
    """The C2SP verifier key of a log by its name, the present one if it is left out: what outside
    tools are given."""
    return notes.verifier_key(name or log_name(), keyring.ring().public_key)


def text_of(checkpoint: Checkpoint, name: str) -> str:
    """What was signed. Heads of before there were notes had three lines of their own."""
    root = bytes(checkpoint.root)
    if checkpoint.form == _FORMER:
        return f"schoolchat {name.removeprefix(PREFIX)}\n{checkpoint.size}\n{root.hex()}\n"
    return notes.checkpoint_text(name, checkpoint.size, root)


def signature_holds(checkpoint: Checkpoint, *, origin: str, public_key: bytes) -> bool:
    """Whether the head was signed by this key under this name."""
    text = text_of(checkpoint, origin)
    return notes.is_signed(text, bytes(checkpoint.signature), public_key)
