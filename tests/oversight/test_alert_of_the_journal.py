"""A journal that is not as it should be is an alert, once."""

import pytest

from audit.journal.shipping import ship
from oversight.models import Alert, AlertKind
from oversight.workers.journal import look_at_journal
from tests.audit.journal import file_of, noted

pytestmark = [pytest.mark.django_db, pytest.mark.database_role("worker")]


@pytest.mark.parametrize("whole", [False, True])
def test_a_journal_that_lacks_a_line_is_one_alert(whole: bool) -> None:
    noted()
    ship()
    look_at_journal(whole=whole)
    assert not Alert.objects.exists()
    file_of(2).unlink()
    look_at_journal(whole=whole)
    look_at_journal(whole=whole)
    assert Alert.objects.get().kind == AlertKind.JOURNAL_WRONG
