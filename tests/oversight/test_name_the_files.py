"""What the desk shows of the files of messages: names and sizes, and no way to open them."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from messaging.models import Channel
from tests.scenes import say
from tests.uploads import ids, uploaded


def test_the_lead_sees_which_files_a_message_brought(
    ask: Callable[..., Any], year_5: Channel, alice: User
) -> None:
    upload = uploaded(alice, year_5, name="wombat.txt")
    say(alice, year_5, "The marmalade list", uploads=ids(upload))
    page = ask("marmalade").content.decode()
    assert "wombat.txt" in page
    assert "/messages/files/" not in page
