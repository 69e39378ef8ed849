"""What goes by itself of what people keep for themselves."""

from datetime import timedelta
from typing import Final

from audit.clock import now
from messaging.models import KeptDraft

KEPT_FOR: Final = timedelta(days=30)


def drop_old() -> int:
    """Delete drafts that nobody changed for thirty days; returns how many."""
    count, _ = KeptDraft.objects.filter(changed_at__lt=now() - KEPT_FOR).delete()
    return count
