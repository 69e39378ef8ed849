"""What is read of an export once it has been asked for, by pages and by the writer alike."""

from audit.sealed import open_record
from messaging.models import Channel, Membership
from retention.exceptions import NotApproved, NotFound
from retention.models import Export


def reason_of(export: Export) -> dict[str, str]:
    """Reason and recipient, opened."""
    return {name: str(value) for name, value in open_record(export.record).items()}


def approved_export(number: int) -> Export:
    """The export that may be written: approved by a second person."""
    people = ("channel", "requested_by", "approved_by")
    export = Export.objects.select_related(*people).filter(number=number).first()
    if export is None:
        raise NotFound
    if export.state not in {Export.State.APPROVED, Export.State.WRITTEN}:
        raise NotApproved
    return export


def bundle_number(export: Export) -> str:
    """The name of the bundle's folder, as people read it out: EXP-2026-0012."""
    return f"EXP-{export.requested_at:%Y}-{export.number:04}"


def channel_name(channel: Channel) -> str:
    """The name of a channel; a direct one is named by its people."""
    if channel.name:
        return channel.name
    people = Membership.objects.filter(channel=channel).order_by("person__display_name")
    return ", ".join(people.values_list("person__display_name", flat=True))
