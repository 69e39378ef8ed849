"""Making channels, coming in and going out."""

from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from messaging.exceptions import (
    Archived,
    ChannelNotFound,
    LastOwner,
    MessageNotFound,
    NameTaken,
    NotAllowed,
    UnknownPerson,
)
from messaging.models import Channel, Membership
from messaging.queries import channels_for, may_manage, members_of, rail_for
from messaging.services.channels import (
    add_member,
    archive_channel,
    create_channel,
    join_channel,
    leave_channel,
    open_direct,
    remove_member,
    set_role,
)
from messaging.services.messages import edit_message
from tests.cast import client_of
from tests.scenes import channel_of, say


def test_a_direct_conversation_of_the_same_people_exists_once(alice: User, bob: User) -> None:
    first = open_direct(by=alice, people=[bob])
    again = open_direct(by=bob, people=[alice])
    assert first.id == again.id
    assert Membership.objects.filter(channel=first).count() == 2


def test_a_direct_conversation_is_named_for_the_others(alice: User, bob: User) -> None:
    open_direct(by=alice, people=[bob])
    assert [listed.name for listed in rail_for(alice)] == [bob.display_name]
    assert [listed.name for listed in rail_for(bob)] == [alice.display_name]


def test_nobody_writes_to_a_closed_account(alice: User, bob: User) -> None:
    User.objects.filter(id=bob.id).update(is_active=False)
    bob.refresh_from_db()
    with pytest.raises(UnknownPerson):
        open_direct(by=alice, people=[bob])


def test_an_open_channel_can_be_joined_and_a_private_one_cannot(alice: User, carol: User) -> None:
    wide = create_channel(by=alice, kind="open", name="Staffroom")
    narrow = create_channel(by=alice, kind="private", name="SLT")
    join_channel(person=carol, channel_id=wide.id)
    with pytest.raises(ChannelNotFound):
        join_channel(person=carol, channel_id=narrow.id)
    assert list(channels_for(carol)) == [wide]


def test_two_open_channels_cannot_have_one_name(alice: User, bob: User) -> None:
    create_channel(by=alice, kind="open", name="Staffroom")
    with pytest.raises(NameTaken):
        create_channel(by=bob, kind="open", name="Staffroom")


def test_only_an_owner_adds_and_removes(alice: User, bob: User, carol: User) -> None:
    channel = channel_of(alice, bob)
    with pytest.raises(NotAllowed):
        add_member(by=bob, channel_id=channel.id, person=carol)
    add_member(by=alice, channel_id=channel.id, person=carol)
    with pytest.raises(NotAllowed):
        remove_member(by=bob, channel_id=channel.id, person=carol)
    remove_member(by=alice, channel_id=channel.id, person=carol)
    assert not channels_for(carol).exists()


def test_an_owners_rights_are_object_permissions_and_go_with_the_role(
    alice: User, bob: User
) -> None:
    channel, other = channel_of(alice, bob), channel_of(bob, name="Other")
    set_role(by=alice, channel_id=channel.id, person=bob, role="owner")
    bob = User.objects.get(id=bob.id)
    assert may_manage(bob, channel)
    assert not may_manage(alice, other)
    leave_channel(person=bob, channel_id=channel.id)
    assert not may_manage(User.objects.get(id=bob.id), channel)


def test_the_last_owner_stays(alice: User, bob: User) -> None:
    channel = channel_of(alice, bob)
    with pytest.raises(LastOwner):
        leave_channel(person=alice, channel_id=channel.id)


def test_an_archived_channel_is_read_and_not_written(alice: User) -> None:
    channel = channel_of(alice)
    archive_channel(by=alice, channel_id=channel.id)
    with pytest.raises(Archived):
        say(alice, channel, "Too late")


def test_each_act_on_members_is_one_entry(alice: User, bob: User) -> None:
    channel = channel_of(alice)
    acts: list[tuple[Callable[[], None], Action]] = [
        (lambda: add_member(by=alice, channel_id=channel.id, person=bob), Action.MEMBER_ADDED),
        (
            lambda: set_role(by=alice, channel_id=channel.id, person=bob, role="moderator"),
            Action.MEMBER_ROLE_CHANGED,
        ),
        (
            lambda: remove_member(by=alice, channel_id=channel.id, person=bob),
            Action.MEMBER_REMOVED,
        ),
    ]
    for act, action in acts:
        before = Entry.objects.count()
        act()
        assert Entry.objects.count() == before + 1
        assert Entry.objects.latest("id").action == action


def test_a_channel_is_made_on_its_page(alice: User, bob: User) -> None:
    answer = client_of(alice).post(
        "/channels/new/", {"name": "Choir", "kind": "private", "members": [str(bob.id)]}
    )
    channel = Channel.objects.get(name="Choir")
    assert answer["Location"] == f"/?channel={channel.id}"
    assert set(channel.memberships.values_list("person_id", flat=True)) == {alice.id, bob.id}


def test_the_members_page_is_not_found_for_an_outsider(
    alice: User, carol: User, theo: User
) -> None:
    channel = channel_of(alice)
    for outsider in (carol, theo):
        assert client_of(outsider).get(f"/channels/{channel.id}/members/").status_code == 404


def test_the_web_role_cannot_change_an_author_or_delete_a_message(alice: User) -> None:
    message = say(alice, channel_of(alice), "Mine")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_column_privilege('messaging_message', 'author_id', 'UPDATE'),"
            " has_table_privilege('messaging_message', 'DELETE')"
        )
        assert cursor.fetchone() == (False, False)
    assert message.author_id == alice.id


def test_a_closed_account_neither_reads_nor_writes_whatever_the_caller_holds(
    alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob)
    message = say(bob, channel, "Mine")
    User.objects.filter(id=bob.id).update(is_active=False)
    assert bob.is_active  # the object that an open socket holds
    with pytest.raises(ChannelNotFound):
        say(bob, channel, "Still here")
    with pytest.raises(MessageNotFound):
        edit_message(author=bob, message_id=message.id, body="Changed")
    assert not channels_for(bob).exists()
    assert rail_for(bob) == []


def test_somebody_whose_account_is_closed_can_be_removed_and_is_no_owner_that_counts(
    alice: User, bob: User
) -> None:
    channel = channel_of(alice, bob)
    set_role(by=alice, channel_id=channel.id, person=bob, role="owner")
    User.objects.filter(id=bob.id).update(is_active=False)
    assert [m.person for m in members_of(channel)] == [alice]
    with pytest.raises(LastOwner):
        leave_channel(person=alice, channel_id=channel.id)
    remove_member(by=alice, channel_id=channel.id, person=bob)
    assert not Membership.objects.filter(person=bob, left_at=None).exists()


def test_owners_hand_over_and_archive_on_the_members_page(alice: User, bob: User) -> None:
    channel = channel_of(alice, bob)
    page = f"/channels/{channel.id}/members/"
    client_of(alice).post(f"{page}{bob.id}/role/", {"role": "owner"})
    assert may_manage(User.objects.get(id=bob.id), channel)
    client_of(alice).post(f"/channels/{channel.id}/leave/")
    assert client_of(alice).get(page).status_code == 404
    client_of(bob).post(f"/channels/{channel.id}/archive/")
    assert Channel.objects.get(id=channel.id).archived_at


def test_a_member_cannot_archive_or_change_roles(alice: User, bob: User, carol: User) -> None:
    channel = channel_of(alice, bob)
    for person in (bob, carol):
        client_of(person).post(f"/channels/{channel.id}/archive/")
        client_of(person).post(f"/channels/{channel.id}/members/{bob.id}/role/", {"role": "owner"})
    assert Channel.objects.get(id=channel.id).archived_at is None
    assert not may_manage(User.objects.get(id=bob.id), channel)


def test_a_channel_about_a_colleague_is_private_sensitive_and_without_them(
    alice: User, bob: User, dana: User
) -> None:
    asked = {"name": "Matter 7", "kind": "private", "about": [str(dana.id)]}
    client_of(alice).post("/channels/new/", asked)
    channel = Channel.objects.get(name="Matter 7")
    assert channel.sensitive
    assert [subject.person for subject in channel.subjects.all()] == [dana]
    with pytest.raises(NotAllowed):
        add_member(by=alice, channel_id=channel.id, person=dana)
    for wrong in ({"kind": "open"}, {"members": [str(dana.id)]}):
        answer = client_of(alice).post("/channels/new/", {**asked, "name": "No", **wrong})
        assert answer.status_code == 200
    assert not Channel.objects.filter(name="No").exists()
