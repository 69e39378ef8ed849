"""`rebuild_search` gives the same finds from the sealed bodies alone."""

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from messaging.search.query import parse
from messaging.search.run import search
from messaging.search.scope import Scope
from tests.scenes import channel_of, say


@pytest.mark.database_role("worker")
def test_what_the_index_lost_is_found_again(
    alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = channel_of(alice)
    message = say(alice, channel, "The hamster has escaped")
    scope = Scope(channels=frozenset({channel.id}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'search'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM search."{table}"')
    assert not search(scope, parse("hamster")).hits

    call_command("rebuild_search")
    assert [hit.message.id for hit in search(scope, parse("hamster")).hits] == [message.id]
    assert capsys.readouterr().out.startswith("indexed 1 texts")
