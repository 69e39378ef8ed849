"""The closed vocabulary of the log: what can be recorded, and which facts each act carries.

A fact is an id, an enum value, a number, a time or a hash; never a name and never free text
(docs/decisions/0001, `audit.facts`). Names and text stand sealed in a record of their own, whose id
and commitment are facts here.
"""

from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """One act, in the form `noun.past-participle`."""

    # people and access
    PERSON_INVITED = "person.invited"
    PERSON_JOINED = "person.joined"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_REACTIVATED = "person.reactivated"
    SIGNED_IN = "session.started"
    SIGNED_OUT = "session.ended"
    PASSWORD_CHANGED = "password.changed"
    SECOND_FACTOR_ADDED = "second_factor.added"
    SECOND_FACTOR_REMOVED = "second_factor.removed"
    ROLE_REQUESTED = "role.requested"
    ROLE_GRANTED = "role.granted"
    ROLE_REFUSED = "role.refused"
    ROLE_ENDED = "role.ended"
    TOKEN_CREATED = "token.created"
    TOKEN_CONFIRMED = "token.confirmed"
    TOKEN_REVOKED = "token.revoked"
    SETTING_CHANGED = "setting.changed"
    SCHOOL_CREATED = "school.created"
    # channels
    CHANNEL_CREATED = "channel.created"
    CHANNEL_CHANGED = "channel.changed"
    CHANNEL_ARCHIVED = "channel.archived"
    MEMBER_ADDED = "member.added"
    MEMBER_LEFT = "member.left"
    MEMBER_REMOVED = "member.removed"
    MEMBER_ROLE_CHANGED = "member.role_changed"
    # messages
    MESSAGE_POSTED = "message.posted"
    MESSAGE_EDITED = "message.edited"
    MESSAGE_DELETED = "message.deleted"
    MESSAGE_REACTED = "message.reacted"
    MESSAGE_PINNED = "message.pinned"
    MESSAGE_CORRECTED = "message.corrected"
    MESSAGES_IMPORTED = "messages.imported"
    MESSAGES_GENERATED = "messages.generated"
    NUDGES_COUNTED = "nudges.counted"
    # reading with authority
    RECORD_SEARCHED = "record.searched"
    RECORD_SHOWN = "record.shown"
    MESSAGE_OPENED = "message.opened"
    FILE_OPENED = "file.opened"
    LOG_VIEWED = "log.viewed"
    CONCERN_RAISED = "concern.raised"
    CONCERN_ACKNOWLEDGED = "concern.acknowledged"
    CONCERN_CLOSED = "concern.closed"
    # retention
    POLICY_CHANGED = "policy.changed"
    PRESETS_CHOSEN = "presets.chosen"
    RULE_PROPOSED = "rule.proposed"
    RULE_WITHDRAWN = "rule.withdrawn"
    CHANNEL_RECLASSED = "channel.reclassed"
    CLASS_PROPOSED = "class.proposed"
    CLASS_WITHDRAWN = "class.withdrawn"
    TRIGGER_SET = "trigger.set"
    TRIGGER_AGREED = "trigger.agreed"
    MESSAGE_RECLASSED = "message.reclassed"
    RULE_ANNOUNCED = "rule.announced"
    HOLD_PLACED = "hold.placed"
    HOLD_MATCHED = "hold.matched"
    HOLD_REVIEWED = "hold.reviewed"
    HOLD_RELEASED = "hold.released"
    HOLD_REPLAYED = "hold.replayed"
    DISPOSAL_PROPOSED = "disposal.proposed"
    DISPOSAL_PUT_FORWARD = "disposal.put_forward"
    DISPOSAL_OBJECTED = "disposal.objected"
    DISPOSAL_OBJECTION_DECIDED = "disposal.objection_decided"
    DISPOSAL_CLEARED = "disposal.cleared"
    DISPOSAL_APPROVED = "disposal.approved"
    DISPOSAL_WITHDRAWN = "disposal.withdrawn"
    DISPOSAL_STOPPED = "disposal.stopped"
    DISPOSAL_LAPSED = "disposal.lapsed"
    DISPOSAL_CHUNK_DONE = "disposal.chunk_done"
    DISPOSAL_REPLAYED = "disposal.replayed"
    DISPOSAL_CERTIFIED = "disposal.certified"
    CERTIFICATE_SUPERSEDED = "certificate.superseded"
    EXPORT_REQUESTED = "export.requested"
    EXPORT_APPROVED = "export.approved"
    EXPORT_REFUSED = "export.refused"
    EXPORT_WRITTEN = "export.written"
    EXPORT_PASSPHRASE_SHOWN = "export.passphrase_shown"
    EXPORT_ENDED = "export.ended"
    # keys
    KEYRING_MOVED = "keyring.moved"
    # the log itself
    LOG_DOWNLOADED = "log.downloaded"
    LOG_VERIFIED = "log.verified"
    LOG_RESTORED = "log.restored"
    PROOF_DOWNLOADED = "proof.downloaded"
    CHECKPOINT_PUBLISHED = "checkpoint.published"
    CHECKPOINT_DELIVERED = "checkpoint.delivered"
    RECIPIENT_ADDED = "recipient.added"
    RECIPIENT_REMOVED = "recipient.removed"
    ALERT_RAISED = "alert.raised"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    CLOCK_CHECKED = "clock.checked"
    CLOCK_STEPPED = "clock.stepped"
    # backups
    BACKUP_MADE = "backup.made"
    BACKUP_DRILLED = "backup.drilled"
    BACKUP_RESTORED = "backup.restored"
    LOSS_PROPOSED = "loss.proposed"
    LOSS_AGREED = "loss.agreed"
    LOSS_WITHDRAWN = "loss.withdrawn"


_SEALED: Final = ("record", "commitment")
#: A message that the act wrote, and the salted commitment to its words.
_SAID: Final = ("position", "message", "version", "message_commitment")

#: The names of the facts that each action carries; any other name is refused.
FACTS: Final[dict[Action, tuple[str, ...]]] = {
    Action.PERSON_INVITED: (*_SEALED, "expires_at"),
    Action.PERSON_JOINED: ("invitation",),
    Action.PERSON_DEACTIVATED: (*_SEALED, "sessions", "tokens", "roles"),
    Action.PERSON_REACTIVATED: _SEALED,
    Action.SIGNED_IN: ("method",),
    Action.SIGNED_OUT: ("sessions",),
    Action.PASSWORD_CHANGED: ("sessions",),
    Action.SECOND_FACTOR_ADDED: ("method",),
    Action.SECOND_FACTOR_REMOVED: ("method",),
    Action.ROLE_REQUESTED: (*_SEALED, "grant", "role"),
    Action.ROLE_GRANTED: ("grant", "role"),
    Action.ROLE_REFUSED: ("grant", "role"),
    Action.ROLE_ENDED: ("grant", "role"),
    Action.TOKEN_CREATED: ("token", "expires_at"),
    Action.TOKEN_CONFIRMED: ("token",),
    Action.TOKEN_REVOKED: ("token",),
    Action.SETTING_CHANGED: (*_SEALED, "model", "fields", "change"),
    Action.SCHOOL_CREATED: ("provenance",),
    Action.CHANNEL_CREATED: ("channel_kind", "record_class", "members", *_SAID),
    Action.CHANNEL_CHANGED: (*_SEALED, "fields", *_SAID),
    Action.CHANNEL_ARCHIVED: _SAID,
    Action.MEMBER_ADDED: ("person", "role", *_SAID),
    Action.MEMBER_LEFT: _SAID,
    Action.MEMBER_REMOVED: ("person", *_SAID),
    Action.MEMBER_ROLE_CHANGED: ("person", "role"),
    Action.MESSAGE_POSTED: ("channel", "seq", "version", "message_commitment"),
    Action.MESSAGE_EDITED: ("channel", "position", "version", "message_commitment"),
    Action.MESSAGE_DELETED: ("channel", "position"),
    Action.MESSAGE_REACTED: ("channel", "position", "emoji", "on"),
    Action.MESSAGE_PINNED: ("channel", "position", "on"),
    Action.MESSAGE_CORRECTED: (
        "channel",
        "position",
        "number",
        "reason",
        "message_commitment",
    ),
    Action.MESSAGES_IMPORTED: ("channel", "sha256", "position"),
    Action.MESSAGES_GENERATED: ("seed",),
    Action.NUDGES_COUNTED: ("day", "nudged", "refused"),
    Action.RECORD_SEARCHED: (*_SEALED, "hits", "partial", "authority"),
    Action.RECORD_SHOWN: ("authority",),
    Action.MESSAGE_OPENED: ("channel", "search", "authority"),
    Action.FILE_OPENED: ("file", "version", "channel", "search", "concern", "authority"),
    Action.LOG_VIEWED: ("page", "filters"),
    Action.CONCERN_RAISED: (*_SEALED, "message", "version", "message_commitment"),
    Action.CONCERN_ACKNOWLEDGED: (),
    Action.CONCERN_CLOSED: (),
    Action.CHANNEL_RECLASSED: (*_SEALED, "record_class", "former"),
    Action.CLASS_PROPOSED: (*_SEALED, "record_class", "number"),
    Action.CLASS_WITHDRAWN: ("number",),
    Action.TRIGGER_SET: _SEALED,
    Action.TRIGGER_AGREED: _SEALED,
    Action.MESSAGE_RECLASSED: (*_SEALED, "channel"),
    Action.RULE_ANNOUNCED: ("policy", *_SAID),
    Action.POLICY_CHANGED: (*_SEALED, "version"),
    Action.PRESETS_CHOSEN: (*_SEALED, "nation", "school_type", "count"),
    Action.RULE_PROPOSED: _SEALED,
    Action.RULE_WITHDRAWN: (),
    Action.HOLD_PLACED: (*_SEALED, "hold_kind", "review_on"),
    Action.HOLD_MATCHED: ("messages",),
    Action.HOLD_REVIEWED: (*_SEALED, "review_on"),
    Action.HOLD_RELEASED: (*_SEALED, "shown"),
    Action.HOLD_REPLAYED: ("line", "kind"),
    Action.DISPOSAL_PROPOSED: (*_SEALED, "number", "due", "digest"),
    Action.DISPOSAL_PUT_FORWARD: ("number", "digest"),
    Action.DISPOSAL_OBJECTED: (*_SEALED, "number", "channel", "record_class"),
    Action.DISPOSAL_OBJECTION_DECIDED: (*_SEALED, "number", "channel", "upheld", "digest"),
    Action.DISPOSAL_CLEARED: ("number", "part"),
    Action.DISPOSAL_APPROVED: ("number", "digest"),
    Action.DISPOSAL_WITHDRAWN: ("number",),
    Action.DISPOSAL_STOPPED: (*_SEALED, "number"),
    Action.DISPOSAL_LAPSED: ("number",),
    Action.DISPOSAL_CHUNK_DONE: ("number", "chunk", "channel", "position"),
    Action.DISPOSAL_REPLAYED: ("number", "chunk", "channel", "position", "line"),
    Action.DISPOSAL_CERTIFIED: (
        *_SEALED,
        "number",
        "certificate_sha256",
        "batch_root",
        "messages",
        "versions",
    ),
    Action.CERTIFICATE_SUPERSEDED: ("number", "certificate_sha256", "former_sha256"),
    Action.EXPORT_REQUESTED: (
        *_SEALED,
        "number",
        "purpose",
        "channel",
        "since",
        "until",
        "hold",
    ),
    Action.EXPORT_APPROVED: ("number",),
    Action.EXPORT_REFUSED: ("number",),
    Action.EXPORT_WRITTEN: ("number", "messages", "manifest_sha256", "bundle_sha256"),
    Action.EXPORT_PASSPHRASE_SHOWN: ("number",),
    Action.EXPORT_ENDED: ("number",),
    Action.KEYRING_MOVED: ("retired", "generation", "keys"),
    Action.LOG_DOWNLOADED: ("form", "count", "filters"),
    Action.LOG_VERIFIED: ("scope", "entries", "versions", "problems", "size"),
    Action.LOG_RESTORED: (
        "origin",
        "former_origin",
        "backup_size",
        "backup_root",
        "known_origin",
        "known_size",
        "known_root",
        "known_signature",
        "gap",
    ),
    Action.PROOF_DOWNLOADED: ("entry", "channel", "version", "search"),
    Action.CHECKPOINT_PUBLISHED: ("size", "reason"),
    Action.CHECKPOINT_DELIVERED: ("size", "way"),
    Action.RECIPIENT_ADDED: (*_SEALED, "way"),
    Action.RECIPIENT_REMOVED: (*_SEALED, "way"),
    Action.ALERT_RAISED: ("kind",),
    Action.ALERT_ACKNOWLEDGED: ("kind",),
    Action.BACKUP_MADE: ("manifest_sha256", "entries", "messages", "files"),
    Action.BACKUP_DRILLED: (
        "manifest_sha256",
        "entries",
        "messages",
        "versions",
        "files",
        "problems",
    ),
    Action.BACKUP_RESTORED: ("manifest_sha256", "entries", "messages", "files"),
    Action.LOSS_PROPOSED: (*_SEALED, "number", "lost_on"),
    Action.LOSS_AGREED: ("number", "lost_on"),
    Action.LOSS_WITHDRAWN: ("number",),
    Action.CLOCK_CHECKED: ("offset_ms", "synchronised"),
    Action.CLOCK_STEPPED: ("step_ms",),
}

#: Acts by whose way the product itself says something in the channel.
SAYING: Final = frozenset(action for action, names in FACTS.items() if set(_SAID) <= set(names))
#: Acts that are one entry over many items (`record_bulk`); their facts get `count` and `root`.
BULK: Final = frozenset(
    {
        Action.MESSAGES_IMPORTED,
        Action.MESSAGES_GENERATED,
        Action.RECORD_SHOWN,
        Action.MESSAGE_OPENED,
        Action.DISPOSAL_CHUNK_DONE,
        Action.DISPOSAL_REPLAYED,
    }
)
