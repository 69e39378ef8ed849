"""What the placeholders of addresses stand for in the world of tests/house/world.py."""

from uuid import UUID

from audit.models import Origin
from audit.origins import PREFIX
from tests.house.world import World


def ids_of(world: World) -> dict[str, UUID | str | int]:
    """What each placeholder of an address stands for, by its name."""
    return {
        "channel_id": world.channel.id,
        "message_id": world.message.id,
        "file_id": world.message.attachments.get().file_id,
        "upload_id": world.upload.id,
        "waiting_id": world.waiting.id,
        "person_id": world.people["bob"].id,
        "grant_id": world.grant.id,
        "token_id": world.token.id,
        "alert_id": world.alert.uid,
        "secret": world.invited.secret,
        "entry_id": 1,
        "version": 1,
        "record_class": "routine",
        "place_id": world.loss.place_id,
        "objection_id": world.objection.id,
        "recipient_id": world.recipient.uid,
        "publication_id": world.publication.uid,
        "place": "0/000.p/1",
        "log_id": Origin.objects.get(number=1).name.removeprefix(PREFIX),
    }


def numbers_of(world: World) -> dict[str, int]:
    """What `number` stands for, by what comes before it in the address."""
    return {
        "concerns": world.concern.number,
        "searches": world.search.number,
        "exports": world.export.number,
        "holds": world.hold.number,
        "disposals": world.disposal.number,
        "certificates": world.certificate.number,
        "verifications": world.verification.number,
        "proposals": world.rule.number,
        "moves": world.move.number,
        "losses": world.loss.number,
    }
