"""What goes by itself of what people keep for themselves."""

from datetime import timedelta
from typing import Final

from audit.clock import now
from messaging.models import KeptDraft, WaitingText

KEPT_FOR: Final = timedelta(days=30)


def drop_old() -> int:
    """Delete drafts and texts that nobody changed for thirty days; returns how many.

    A text that waits has been sent by then, or refused.
    """
    before = now() - KEPT_FOR
    kept = (KeptDraft.objects, WaitingText.objects)
    return sum(each.filter(changed_at__lt=before).delete()[0] for each in kept)
