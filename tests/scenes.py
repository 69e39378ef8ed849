"""Scenes are set by calling the services, as the product does; never by raw inserts."""

from uuid import uuid4

from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role
from messaging.models import Channel, Message
from messaging.services.channels import create_channel
from messaging.services.messages import post_message
from messaging.services.school import change_school


def channel_of(owner: User, *members: User, name: str = "Year 5", **about: object) -> Channel:
    """A private channel of these people, made by the first."""
    return create_channel(
        by=owner,
        kind="private",
        name=name,
        members=members,
        **about,  # type: ignore[arg-type]
    )


def say(author: User, channel: Channel, body: str, **more: object) -> Message:
    """Post as the page does, with a fresh ref."""
    return post_message(
        author=author,
        channel_id=channel.id,
        ref=uuid4(),
        body=body,
        **more,  # type: ignore[arg-type]
    )


def settle(**wanted: str) -> None:
    """Give the school these settings, as an administrator outside the cast does."""
    address = "settings@school.example"
    admin = User.objects.filter(email=address).first()
    if admin is None:
        admin = User.objects.create_user(address, display_name="Sam Settings")
        admin.groups.add(Group.objects.get(name=Role.IT_ADMIN))
    change_school(by=admin, wanted=wanted)
