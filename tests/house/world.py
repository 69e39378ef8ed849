"""A school in which everything exists once, so that every address has a real thing behind it.

What people wrote holds canaries: words that stand nowhere else, so that a page, a table or a file
that shows one shows what was written.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from unittest.mock import patch

from django.contrib.auth.hashers import make_password
from django.test import override_settings
from django.utils import timezone

from accounts.models import ApiToken, RoleGrant, User
from accounts.roles import Role
from accounts.services.people import Invited, Newcomer, invite_person
from accounts.services.roles import request_role
from accounts.services.tokens import create_token
from audit.restores import declare_restore
from audit.signing import sign_checkpoint
from messaging.models import Channel, Message, Upload, WaitingText
from messaging.own_words import OwnWords
from messaging.services.channels import create_channel, open_direct
from messaging.services.messages import delete_message, edit_message
from messaging.services.waiting import send_later
from oversight.inquiry import Inquiry
from oversight.models import (
    Alert,
    AlertKind,
    Concern,
    Publication,
    Recipient,
    SearchRecord,
    Verification,
)
from oversight.services.alerts import raise_alert
from oversight.services.concerns import raise_concern
from oversight.services.publications import add_recipient, publish
from oversight.services.searches import open_search
from oversight.services.verifications import ask_verification
from oversight.workers.stamping import keep_stamp
from retention.models import (
    Certificate,
    ClassProposal,
    Disposal,
    Export,
    Hold,
    Objection,
    PlaceLoss,
    RuleProposal,
)  # fmt: skip
from retention.services.disposals import approve_disposal, propose_disposals
from retention.services.exports import request_export
from retention.services.holds import place_hold
from retention.workers.destroying import carry_out_approved
from tests.cast import CAST, enter
from tests.house.asked import loss_declared, move_asked_for, rule_asked_for
from tests.house.proposals import objected, proposed_in
from tests.retention.scenes import without_waiting
from tests.roles import acting_as
from tests.scenes import say
from tests.uploads import ids, uploaded

#: What members wrote: message, direct message, earlier version, deleted message; in a file of the
#: message, and as its name; in a file that is not sent yet, and as its name; in a
#: text that waits to be sent.
CONTENT = (
    "zebrafinch", "quokkamoss", "wombatlily", "narwhalfern", "heronpage", "ibisname", "egretpage",
    "storkname", "ibexclover",
)  # fmt: skip
#: What people with authority wrote down: note, reason, search words, recipient.
REASONS = ("kestrelnote", "ospreyreason", "zebrafi*", "harriercourt", "merlinhold", "buzzardrole")
#: What only a channel's members may know of it.
PLACES = ("Puffinry", "Plans for the puffin week")
DUE_DAY = date(2040, 1, 1)
LONG_AGO = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that an address can name."""

    people: dict[str, User]
    channel: Channel
    message: Message
    deleted: Message
    upload: Upload
    direct: Channel
    waiting: WaitingText
    concern: Concern
    alert: Alert
    search: SearchRecord
    verification: Verification
    export: Export
    hold: Hold
    disposal: Disposal
    objection: Objection
    certificate: Certificate
    rule: RuleProposal
    move: ClassProposal
    loss: PlaceLoss
    grant: RoleGrant
    token: ApiToken
    invited: Invited
    recipient: Recipient
    publication: Publication

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def make_world() -> World:
    """Put it together by the services, as people would.

    Its certified disposal moves the keyring: whoever makes a world asks for `movable_keyring`.
    """
    people = {name: _enter(name) for name in CAST}
    alice, bob, dana, helen = (people[name] for name in ("alice", "bob", "dana", "helen"))
    without_waiting()
    certificate = _certified(alice, people["priya"], helen)
    channel = create_channel(
        by=alice, kind="private", name=PLACES[0], purpose=PLACES[1], members=[bob]
    )
    file = uploaded(alice, channel, f"About the {CONTENT[4]}".encode(), f"{CONTENT[5]}.txt")
    message = say(alice, channel, f"The {CONTENT[0]} escaped during assembly", uploads=ids(file))
    edited = say(alice, channel, f"Earlier words: {CONTENT[2]}")
    edit_message(author=alice, message_id=edited.id, body="Later words")
    deleted = say(alice, channel, f"Not for here: {CONTENT[3]}")
    delete_message(by=alice, message_id=deleted.id)
    direct = open_direct(by=alice, people=[bob])
    say(bob, direct, f"Between us: {CONTENT[1]}")
    disposal = proposed_in("routine", by=helen, today=DUE_DAY)
    waiting = send_later(
        person=alice,
        channel_id=channel.id,
        words=OwnWords(text=f"On Monday: {CONTENT[8]}"),
        due_at=timezone.now() + timedelta(days=1),
    )
    return World(
        people=people,
        waiting=waiting,
        channel=channel,
        message=message,
        deleted=deleted,
        upload=uploaded(alice, channel, f"The {CONTENT[6]}".encode(), f"{CONTENT[7]}.txt"),
        direct=direct,
        concern=raise_concern(by=bob, message_id=message.id, note=f"Please look: {REASONS[0]}"),
        alert=_alert(dana),
        search=open_search(by=dana, inquiry=_inquiry()),
        verification=ask_verification(by=people["gwen"]),
        export=_export(people["priya"], channel),
        hold=_hold(people["priya"], channel),
        disposal=disposal,
        objection=objected(alice, channel, disposal, REASONS[1]),
        certificate=certificate,
        rule=rule_asked_for(people["hari"]),
        move=move_asked_for(people["hari"], channel),
        loss=loss_declared(people["hari"]),
        grant=_grant(people["theo"], bob),
        token=create_token(by=alice, person=alice, name="Timetable script").token,
        invited=invite_person(
            by=people["theo"], newcomer=Newcomer(email="new@school.example", display_name="Nia New")
        ),
        recipient=_recipient(helen),
        publication=_published(),
    )


def _enter(name: str) -> User:
    """Somebody of the cast, with a password, as everybody has who signs in."""
    person = enter(name)
    person.password = _password()
    person.save(update_fields=["password"])
    return person


@cache
def _password() -> str:
    return make_password("copper kettle on the hob")


def _certified(owner: User, proposer: User, approver: User) -> Certificate:
    """A disposal of long ago's messages, carried out to its end; it moves the keyring."""
    channel = create_channel(by=owner, kind="private", name="Kiln rota")
    with patch("messaging.ingest.store.now", lambda: LONG_AGO):
        say(owner, channel, "The kiln is free")
    (disposal,) = propose_disposals(by=proposer)
    approve_disposal(by=approver, number=disposal.number)
    with acting_as("disposer"):
        (certificate,) = carry_out_approved()
    return certificate


def _alert(about: User) -> Alert:
    alert = raise_alert(kind=AlertKind.MASS_SEARCH, about=about.id)
    assert alert is not None
    return alert


def _inquiry() -> Inquiry:
    return Inquiry(
        reason=f"A parent rang about it, said {REASONS[1]}",
        words=REASONS[2],
        person=None,
        channel=None,
        since=None,
        until=None,
    )


def _export(by: User, channel: Channel) -> Export:
    today = timezone.localdate()
    return request_export(
        by=by,
        channel=channel,
        since=today - timedelta(days=1),
        until=today,
        purpose="access",
        reason="Asked for in writing by the person themselves",
        recipient=REASONS[3],
    )


def _hold(by: User, channel: Channel) -> Hold:
    return place_hold(
        by=by,
        kind="litigation",
        reason=f"The solicitor wrote to us about {REASONS[4]}",
        review_on=timezone.localdate() + timedelta(days=90),
        channels=[channel],
    )


def _grant(by: User, person: User) -> RoleGrant:
    reason = f"Covers from Monday, says {REASONS[5]}"
    return request_role(by=by, person_id=person.id, role=Role.DEPUTY_DSL, reason=reason)


def _recipient(by: User) -> Recipient:
    with override_settings(CHECKPOINT_FOLDER="/outside"):
        return add_recipient(by=by, name="The trust’s share", way="file")


def _published() -> Publication:
    """A checkpoint of the log with a stamp over it, and one of the log before it was restored."""
    _let_out(Publication.Reason.FIRST)
    with acting_as("owner"):
        declare_restore()
    return _let_out(Publication.Reason.DAILY)


def _let_out(reason: Publication.Reason) -> Publication:
    with acting_as("sealer"):
        sign_checkpoint()
    with acting_as("worker"):
        publication = publish(by=None, reason=reason)
        assert publication is not None
        keep_stamp(publication, b"a stamp")
    return publication
