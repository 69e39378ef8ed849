"""The night's look at what is due: a proposal for each class, and approvals that were not used."""

from audit.clock import now
from retention.models import Disposal
from retention.services.disposals import lapse_disposal, propose_disposals


def propose_tonight() -> None:
    """Let approvals lapse that are too old, and propose what has become due.

    Something becomes due when a month begins, so that a class is proposed once a month, on the
    first night on which the server runs.
    """
    late = Disposal.objects.filter(state=Disposal.State.APPROVED, expires_at__lte=now())
    for number in late.values_list("number", flat=True):
        lapse_disposal(number=number)
    propose_disposals(by=None)
