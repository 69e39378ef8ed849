"""Every service of the product that is an act, with a call of it."""

from collections.abc import Callable
from datetime import timedelta
from types import FunctionType
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from accounts.models import Provenance
from accounts.roles import Role
from accounts.services import people, roles, school, sessions, tokens
from accounts.services.people import Newcomer
from audit.clock import now
from audit.models import Entry
from messaging.imports.whatsapp.parse import parse
from messaging.models import Membership
from messaging.services import (
    channel_settings,
    channels,
    corrections,
    history,
    imports,
    messages,
    nudges,
    pins,
    reactions,
    waiting,
)
from messaging.services import school as school_settings
from oversight.models import AlertKind, SearchRecord
from oversight.queries.desk import inquiry_of
from oversight.queries.filters import Wanted
from oversight.queries.verifications import Period
from oversight.services import alerts, concerns, files, log, proofs, publications, reviews, searches
from retention.services import exports, holds
from tests.house import disposal_acts, rule_acts
from tests.house.world import World
from tests.scenes import say

REASON = "A reason of more than twenty characters"
SAMPLE = settings.BASE_DIR / "tests" / "data" / "whatsapp" / "dev1_ios_en_gb.txt"

type Act = Callable[[World], object]


def _approved_export(w: World) -> None:
    exports.approve_export(by=w.helen, number=w.export.number)


def _join(w: World) -> None:
    person = w.people["carol"]
    channels.add_member(by=w.alice, channel_id=w.channel.id, person=person)


def _granted(w: World) -> None:
    roles.grant_role(by=w.helen, grant_id=w.grant.id)


def _closed(w: World) -> None:
    people.deactivate_person(by=w.theo, person_id=w.bob.id, reason=REASON)


def _open_channel(w: World) -> None:
    channels.create_channel(by=w.alice, kind="open", name="Staff room")


def _add_recipient(w: World) -> None:
    with override_settings(CHECKPOINT_WEBHOOK="https://trust.example/"):
        publications.add_recipient(by=w.helen, name="The trust", way="webhook")


def _an_open_one(w: World) -> object:
    from messaging.models import Channel

    return Channel.objects.get(kind="open")


ACTS: dict[FunctionType | Callable[..., object], Act] = {
    people.invite_person: lambda w: people.invite_person(
        by=w.theo, newcomer=Newcomer(email="x@school.example", display_name="Xan")
    ),
    people.invite_again: lambda w: people.invite_again(by=w.theo, person_id=w.invited.person.id),
    people.accept_invitation: lambda w: people.accept_invitation(
        secret=w.invited.secret, password="copper kettle on the hob"
    ),
    people.change_person: lambda w: people.change_person(
        by=w.theo, person_id=w.bob.id, changes={"job_title": "Year 4 teacher"}
    ),
    people.deactivate_person: _closed,
    people.reactivate_person: lambda w: people.reactivate_person(
        by=w.theo, person_id=w.bob.id, reason=REASON
    ),
    roles.request_role: lambda w: roles.request_role(
        by=w.theo, person_id=w.alice.id, role=Role.DSL, reason=REASON
    ),
    roles.grant_role: _granted,
    roles.refuse_role: lambda w: roles.refuse_role(by=w.helen, grant_id=w.grant.id),
    roles.end_role: lambda w: roles.end_role(by=w.helen, grant_id=w.grant.id),
    sessions.record_sign_in: lambda w: sessions.record_sign_in(person=w.alice, method="password"),
    sessions.sign_out: lambda w: sessions.sign_out(person=w.alice, session_key="one"),
    sessions.end_other_sessions: lambda w: sessions.end_other_sessions(
        person=w.alice, session_keys=["one", "two"]
    ),
    sessions.sign_out_everywhere: lambda w: sessions.sign_out_everywhere(person=w.alice),
    sessions.password_changed: lambda w: sessions.password_changed(person=w.alice, kept_key="one"),
    sessions.second_factor_added: lambda w: sessions.second_factor_added(
        person=w.alice, method="totp"
    ),
    sessions.second_factor_removed: lambda w: sessions.second_factor_removed(
        person=w.alice, method="totp"
    ),
    tokens.create_token: lambda w: tokens.create_token(by=w.bob, person=w.bob, name="Script"),
    tokens.confirm_token: lambda w: tokens.confirm_token(
        by=w.bob, token_id=w.bob.api_tokens.get().id
    ),
    tokens.revoke_token: lambda w: tokens.revoke_token(by=w.alice, token_id=w.token.id),
    channels.create_channel: _open_channel,
    channels.open_direct: lambda w: channels.open_direct(by=w.alice, people=[w.people["carol"]]),
    channels.join_channel: lambda w: channels.join_channel(
        person=w.people["carol"],
        channel_id=_an_open_one(w).id,  # type: ignore[attr-defined]
    ),
    channels.add_member: _join,
    channels.leave_channel: lambda w: channels.leave_channel(person=w.bob, channel_id=w.channel.id),
    channels.remove_member: lambda w: channels.remove_member(
        by=w.alice, channel_id=w.channel.id, person=w.bob
    ),
    channels.set_role: lambda w: channels.set_role(
        by=w.alice, channel_id=w.channel.id, person=w.bob, role=Membership.Role.OWNER
    ),
    channels.archive_channel: lambda w: channels.archive_channel(
        by=w.alice, channel_id=w.channel.id
    ),
    channel_settings.change_channel: lambda w: channel_settings.change_channel(
        by=w.alice, channel_id=w.channel.id, name="Choir", purpose="", mention_all="nobody"
    ),
    school_settings.change_school: lambda w: school_settings.change_school(
        by=w.theo, wanted={"presence": "direct"}
    ),
    nudges.enter_nudges: lambda w: nudges.enter_nudges(day=timezone.localdate()),
    messages.post_message: lambda w: say(w.alice, w.channel, "One more"),
    messages.edit_message: lambda w: messages.edit_message(
        author=w.alice, message_id=w.message.id, body="Said better"
    ),
    messages.delete_message: lambda w: messages.delete_message(by=w.alice, message_id=w.message.id),
    waiting.send_waiting: lambda w: waiting.send_waiting(person=w.alice, waiting=w.waiting.id),
    reactions.react: lambda w: reactions.react(
        by=w.bob, message_id=w.message.id, emoji="👍", on=True
    ),
    pins.pin: lambda w: pins.pin(by=w.bob, message_id=w.message.id, on=True),
    corrections.correct_own: lambda w: corrections.correct_own(
        author=w.alice, message_id=w.message.id, body="It was half past three"
    ),
    corrections.correct_record: lambda w: corrections.correct_record(
        by=w.priya, message_id=w.message.id, body="It was Chris", reason="request"
    ),
    imports.import_whatsapp: lambda w: imports.import_whatsapp(
        parse(SAMPLE.read_bytes(), file_name=SAMPLE.name, date_order=None),
        channel=w.channel,
        by=w.alice,
        timezone=ZoneInfo("Europe/London"),
    ),
    history.open_past_channel: lambda w: history.open_past_channel(
        at=now(), owner=w.alice, members=[w.bob], kind="private", name="Long ago"
    ),
    history.write_history: lambda w: history.write_history(
        [
            history.Past(
                id=uuid4(), channel=w.channel.id, author=w.alice.id, sent_at=now(), text="Then"
            )
        ],
        seed=1,
    ),
    concerns.raise_concern: lambda w: concerns.raise_concern(
        by=w.alice, message_id=w.message.id, note="This worries me"
    ),
    concerns.open_concern: lambda w: concerns.open_concern(by=w.dana, concern=w.concern),
    concerns.acknowledge_concern: lambda w: concerns.acknowledge_concern(
        by=w.dana, number=w.concern.number
    ),
    concerns.close_concern: lambda w: concerns.close_concern(by=w.dana, number=w.concern.number),
    alerts.raise_alert: lambda w: alerts.raise_alert(kind=AlertKind.CLOCK_WRONG),
    alerts.acknowledge_alert: lambda w: alerts.acknowledge_alert(by=w.helen, uid=w.alert.uid),
    alerts.view_alerts: lambda w: alerts.view_alerts(by=w.gwen, alerts=[w.alert]),
    log.view_log: lambda w: log.view_log(by=w.gwen, wanted=Wanted()),
    log.view_entry: lambda w: log.view_entry(by=w.gwen, entry_id=Entry.objects.earliest("id").id),
    publications.add_recipient: _add_recipient,
    publications.remove_recipient: lambda w: publications.remove_recipient(
        by=w.priya, uid=w.recipient.uid
    ),
    publications.publish: lambda w: publications.publish(by=w.gwen, reason="asked"),
    log.download_log: lambda w: log.download_log(by=w.gwen, wanted=Wanted(), form="csv"),
    log.download_proof: lambda w: log.download_proof(
        by=w.gwen, entry_id=Entry.objects.earliest("id").id
    ),
    log.download_verifications: lambda w: log.download_verifications(by=w.gwen, period=Period()),
    reviews.review_searches: lambda w: reviews.review_searches(
        by=w.priya, searches=SearchRecord.objects.all()
    ),
    searches.open_search: lambda w: searches.open_search(by=w.dana, inquiry=inquiry_of(w.search)),
    searches.repeat_search: lambda w: searches.repeat_search(by=w.dana, search=w.search),
    searches.show_results: lambda w: searches.show_results(
        by=w.dana, search=w.search, inquiry=inquiry_of(w.search)
    ),
    searches.open_message: lambda w: searches.open_message(
        by=w.dana, search=w.search, inquiry=inquiry_of(w.search), message_id=w.message.id
    ),
    searches.open_around: lambda w: searches.open_around(
        by=w.dana, search=w.search, inquiry=inquiry_of(w.search), message_id=w.message.id
    ),
    files.open_found_file: lambda w: files.open_found_file(
        by=w.dana,
        search=w.search,
        inquiry=inquiry_of(w.search),
        message_id=w.message.id,
        file_id=w.message.attachments.get().file_id,
    ),
    files.open_concerning_file: lambda w: files.open_concerning_file(
        by=w.dana, concern=w.concern, file_id=w.message.attachments.get().file_id
    ),
    proofs.prove_message: lambda w: proofs.prove_message(
        by=w.dana,
        search=w.search,
        inquiry=inquiry_of(w.search),
        message_id=w.message.id,
        version=1,
    ),
    exports.request_export: lambda w: exports.request_export(
        by=w.priya,
        channel=w.channel,
        since=timezone.localdate(),
        until=timezone.localdate(),
        purpose="access",
        reason=REASON,
        recipient="The person themselves",
    ),
    exports.approve_export: _approved_export,
    exports.refuse_export: lambda w: exports.refuse_export(by=w.helen, number=w.export.number),
    exports.show_passphrase: lambda w: exports.show_passphrase(by=w.priya, number=w.export.number),
    holds.place_hold: lambda w: holds.place_hold(
        by=w.priya,
        kind="police",
        reason=REASON,
        review_on=timezone.localdate(),
        channels=[w.channel],
    ),
    holds.review_hold: lambda w: holds.review_hold(
        by=w.helen,
        number=w.hold.number,
        owner=w.dana,
        review_on=timezone.localdate() + timedelta(days=30),
        reason=REASON,
    ),
    holds.release_hold: lambda w: holds.release_hold(
        by=w.helen, number=w.hold.number, reason=REASON
    ),
    **rule_acts.RULES,
    **disposal_acts.ACTS,
}

#: What has to have happened before an act can: it is not counted.
BEFORE: dict[FunctionType | Callable[..., object], Act] = {
    people.reactivate_person: _closed,
    concerns.close_concern: lambda w: concerns.acknowledge_concern(
        by=w.dana, number=w.concern.number
    ),
    roles.end_role: _granted,
    tokens.confirm_token: lambda w: tokens.create_token(by=None, person=w.bob, name="Asked for"),
    channels.join_channel: _open_channel,
    nudges.enter_nudges: lambda w: say(w.alice, w.channel, "Ring 07700 900123"),
    exports.show_passphrase: _approved_export,
    **rule_acts.BEFORE,
    **disposal_acts.BEFORE,
}

#: Acts on a database that holds nothing yet.
AT_FIRST: dict[FunctionType | Callable[..., object], Callable[[], object]] = {
    school.write_provenance: lambda: school.write_provenance(
        kind=Provenance.Kind.SCHOOL, school_name="Hazel Lane"
    ),
}
