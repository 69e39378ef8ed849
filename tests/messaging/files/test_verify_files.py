"""What verifying the log finds of files whose bytes were altered or removed past the product."""

import pytest

from accounts.models import User
from messaging.files.places import place
from messaging.files.storing import names_of
from messaging.models import Message
from messaging.verify import wrong_content
from tests.scenes import channel_of, say
from tests.uploads import ids, picture, uploaded


@pytest.fixture
def message(alice: User) -> Message:
    """With a picture."""
    channel = channel_of(alice)
    return say(alice, channel, "The pond", uploads=ids(uploaded(alice, channel, picture())))


@pytest.mark.parametrize("which", ["file", "thumbnail"])
def test_the_picture_and_its_thumbnail_are_read(message: Message, which: str) -> None:
    assert list(wrong_content()) == []
    file = message.attachments.get().file_id
    name = dict(zip(("file", "thumbnail"), names_of(file), strict=True))[which]
    sealed = b"".join(place().get(name))
    place().put(name, [sealed[:-1], bytes([sealed[-1] ^ 1])])
    (altered,) = wrong_content()
    place().delete(name)
    (removed,) = wrong_content()
    what = {"file": f"File {file}", "thumbnail": f"The thumbnail of file {file}"}[which]
    of = f"{what} of message {message.id} was"
    assert altered.sentence.startswith(f"{of} altered:")
    assert removed.sentence.startswith(f"{of} removed:")
