"""The services without an entry of their own: closed lists, by name."""

#: Who reads what, and when, is nobody's business; and what failed goes to the security log without
#: what was typed, wrong codes being counted besides. Nothing may be added here without a reason.
ACTS_WITHOUT_ENTRY = {
    "messaging.services.channels.mark_read_many",
    # What somebody has not said is no act, and nobody's but their own.
    "messaging.services.kept_drafts.keep_draft",
    # What is uploaded is no content of the record before it is sent; then the message is entered.
    "messaging.services.uploads.begin_upload",
    "messaging.services.uploads.take_piece",
    "messaging.services.uploads.drop_upload",
    "messaging.services.uploads.drop_expired",
    "messaging.services.saved.forget_message",
    "messaging.services.saved.save_message",
    "messaging.services.waiting.change_waiting",
    "messaging.services.waiting.remove_waiting",
    "messaging.services.waiting.send_later",
    # How somebody likes their own pages says nothing of the school.
    "accounts.services.preferences.choose_language",
    "accounts.services.preferences.choose_undo_send",
    "accounts.services.sessions.count_failed_code",
    # A search is on record when it is made; whether it is at hand is the searcher's own.
    "oversight.services.searches.stop_keeping",
    # The verification that is asked for is entered when it ends, with what it found.
    "oversight.services.verifications.ask_verification",
}
#: Parts of acts: they change something inside a service that records it, or change nothing.
PARTS = {
    "accounts.services.school.make_up_people",  # invented people, before anything is on record
    "accounts.services.secrets.new_secret",
    "accounts.services.secrets.sha256",
    "accounts.services.sessions.end_sessions_of",
    "messaging.services.channels.join",
    "messaging.services.channels.members_key",
    "messaging.services.imports.body_of",
    # An upload is no content of the record, with a text that waits as little as without one.
    "messaging.services.kept_uploads.keep_uploads",
    "messaging.services.kept_uploads.keep_uploads_on",
    "messaging.services.kept_uploads.let_uploads_go",
    "messaging.services.uploads.close_upload",
    "messaging.services.locks.lock_managed",
    "messaging.services.locks.lock_message",
    "messaging.services.locks.lock_said",
    "messaging.services.positions.lock_channel",
    "messaging.services.positions.next_position",
    "messaging.services.positions.next_time",
    "messaging.services.system.say",
    # The replay before it has written an entry for each.
    "oversight.services.lost_concerns.bring_back_concerns",
}
#: Several acts at once, each of which has its entry.
COMPOSED = {
    "accounts.services.people.deactivate_leavers",
    "accounts.services.school.create_school",
    "accounts.services.school.give_roles_at_setup",
}
