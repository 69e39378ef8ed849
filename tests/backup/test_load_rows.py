"""Rows are loaded without their guards, and what they refer to is asked behind the last."""

import pytest
from django.db import IntegrityError, connection, transaction
from uuid_utils.compat import uuid7

from accounts.models import User
from audit.clock import now
from schoolchat.restore.loading import unguarded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database_role("owner")]

_CLASS = """
INSERT INTO retention_messageclass (message_id, record_class, record, set_by_id, set_at)
VALUES (%s, 'routine', %s, %s, %s)
"""


def test_the_class_of_a_message_that_is_not_there_is_not_loaded(alice: User) -> None:
    with (
        pytest.raises(IntegrityError, match="retention_messageclass refers to a message"),
        transaction.atomic(),
        unguarded(),
        connection.cursor() as cursor,
    ):
        cursor.execute(_CLASS, [uuid7(), uuid7(), alice.pk, now()])


def test_tables_of_before_that_was_asked_are_loaded(transactional_db: None) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP VIEW retention_hanging, messaging_hanging")
        with unguarded():
            pass
        transaction.set_rollback(True)
