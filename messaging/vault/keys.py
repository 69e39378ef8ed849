"""Content keys: one for each channel and month, wrapped under the keyring's generation."""

from collections import OrderedDict
from datetime import date
from threading import Lock
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit import keyring, sealed
from messaging.models import ContentKey

_CACHED = 4_096
_ciphers: OrderedDict[tuple[int, bytes], AESGCM] = OrderedDict()
_lock = Lock()


def current_key(channel_id: UUID, month: date) -> ContentKey:
    """The key under which new bodies of that month are sealed, made when it is the first.

    Call it inside the transaction that seals: making a key holds the generation's row, so that
    no move of the keyring passes by.
    """
    found = ContentKey.objects.filter(channel_id=channel_id, month=month, current=True).first()
    return found or _make(channel_id, month)


def _make(channel_id: UUID, month: date) -> ContentKey:
    ContentKey.objects.bulk_create([new_key(channel_id, month)], ignore_conflicts=True)
    return ContentKey.objects.get(channel_id=channel_id, month=month, current=True)


def new_key(channel_id: UUID, month: date) -> ContentKey:
    """An unsaved key for a channel's month under the newest generation, whose row it locks."""
    return ContentKey(channel_id=channel_id, month=month, **vars(sealed.new_key()))


def cipher_of(key: ContentKey) -> AESGCM:
    """The opened key."""
    return opened(key.pk, key.generation_id, bytes(key.wrapped))


def opened(key_id: int, generation: int, wrapped: bytes) -> AESGCM:
    """A key by the values of its row. Kept a while: making the cipher costs more than using it."""
    name = (key_id, wrapped)
    with _lock:
        if name in _ciphers:
            _ciphers.move_to_end(name)
            return _ciphers[name]
    cipher = AESGCM(keyring.ring(knows=generation).unwrap(wrapped, generation))
    with _lock:
        _ciphers[name] = cipher
        if len(_ciphers) > _CACHED:
            _ciphers.popitem(last=False)
    return cipher


def forget_ciphers() -> None:
    """Drop every opened key, as after a disposal."""
    with _lock:
        _ciphers.clear()
