"""The log's vocabulary in sentences, and the groups that its pages filter by.

A sentence says what was done as one says it of somebody: 'Removed Bob Brennan from Year 5'. What
stands in braces is a name, where the reader may see it, and the words after the colon otherwise:
'Removed a member from a channel'. They are said in the reader's language; no database is asked.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop

from accounts.labels import labels
from audit.actions import Action

SAID: Final[dict[Action, str]] = {
    Action.PERSON_INVITED: gettext_noop("Invited {subject:somebody}"),
    Action.PERSON_JOINED: gettext_noop("Joined by invitation"),
    Action.PERSON_DEACTIVATED: gettext_noop("Closed the account of {subject:somebody}"),
    Action.PERSON_REACTIVATED: gettext_noop("Opened the account of {subject:somebody} again"),
    Action.SIGNED_IN: gettext_noop("Signed in"),
    Action.SIGNED_OUT: gettext_noop("Signed out"),
    Action.PASSWORD_CHANGED: gettext_noop("Changed the password of the account"),
    Action.SECOND_FACTOR_ADDED: gettext_noop("Added a second factor to the account"),
    Action.SECOND_FACTOR_REMOVED: gettext_noop("Removed a second factor from the account"),
    Action.ROLE_REQUESTED: gettext_noop("Asked for a role for {subject:somebody}"),
    Action.ROLE_GRANTED: gettext_noop("Granted {subject:somebody} a role"),
    Action.ROLE_REFUSED: gettext_noop("Refused {subject:somebody} a role"),
    Action.ROLE_ENDED: gettext_noop("Ended a role of {subject:somebody}"),
    Action.TOKEN_CREATED: gettext_noop("Made an API token"),
    Action.TOKEN_CONFIRMED: gettext_noop("Confirmed an API token"),
    Action.TOKEN_REVOKED: gettext_noop("Revoked an API token"),
    Action.SETTING_CHANGED: gettext_noop("Changed a setting"),
    Action.SCHOOL_CREATED: gettext_noop("Made the school’s database"),
    Action.CHANNEL_CREATED: gettext_noop("Made {subject:a channel}"),
    Action.CHANNEL_CHANGED: gettext_noop("Changed the settings of {subject:a channel}"),
    Action.CHANNEL_ARCHIVED: gettext_noop("Archived {subject:a channel}"),
    Action.CHANNEL_RECLASSED: gettext_noop("Put {subject:a channel} under another retention rule"),
    Action.MEMBER_ADDED: gettext_noop("Added {person:a member} to {subject:a channel}"),
    Action.MEMBER_LEFT: gettext_noop("Left {subject:a channel}"),
    Action.MEMBER_REMOVED: gettext_noop("Removed {person:a member} from {subject:a channel}"),
    Action.MEMBER_ROLE_CHANGED: gettext_noop(
        "Changed the role of {person:a member} in {subject:a channel}"
    ),
    Action.MESSAGE_POSTED: gettext_noop("Posted a message in {channel:a channel}"),
    Action.MESSAGE_EDITED: gettext_noop("Edited a message in {channel:a channel}"),
    Action.MESSAGE_DELETED: gettext_noop("Deleted a message in {channel:a channel}"),
    Action.MESSAGE_REACTED: gettext_noop("Reacted to a message in {channel:a channel}"),
    Action.MESSAGE_PINNED: gettext_noop("Pinned a message in {channel:a channel}"),
    Action.MESSAGE_CORRECTED: gettext_noop("Corrected a message in {channel:a channel}"),
    Action.MESSAGES_IMPORTED: gettext_noop("Imported messages into {channel:a channel}"),
    Action.MESSAGES_GENERATED: gettext_noop("Generated messages"),
    Action.NUDGES_COUNTED: gettext_noop("Counted what was pointed out in a day’s messages"),
    Action.RECORD_SEARCHED: gettext_noop("Searched the whole record"),
    Action.RECORD_SHOWN: gettext_noop("Was shown results of {subject:a search}"),
    Action.MESSAGE_OPENED: gettext_noop("Opened a message with authority"),
    Action.FILE_OPENED: gettext_noop("Opened a file of a message with authority"),
    Action.LOG_VIEWED: gettext_noop("Looked at the log"),
    Action.LOG_DOWNLOADED: gettext_noop("Downloaded a part of the log"),
    Action.PROOF_DOWNLOADED: gettext_noop("Downloaded a proof from the log"),
    Action.CONCERN_RAISED: gettext_noop("Passed a message to the {lead}"),
    Action.CONCERN_ACKNOWLEDGED: gettext_noop("Took {subject:a concern}"),
    Action.TRIGGER_SET: gettext_noop(
        "Set the date from which the retention rule of {subject:a channel} is counted"
    ),
    Action.TRIGGER_AGREED: gettext_noop(
        "Agreed, as the second person, to the date of {subject:a channel}"
    ),
    Action.MESSAGE_RECLASSED: gettext_noop(
        "Had a message in {channel:a channel} kept longer than its channel"
    ),
    Action.RULE_ANNOUNCED: gettext_noop("Said in {subject:a channel} how long it is kept"),
    Action.CONCERN_CLOSED: gettext_noop("Closed {subject:a concern}"),
    Action.POLICY_CHANGED: gettext_noop("Changed a retention rule"),
    Action.PRESETS_CHOSEN: gettext_noop(
        "Chose the retention rules of a nation and a type of school"
    ),
    Action.RULE_PROPOSED: gettext_noop("Asked for another retention rule"),
    Action.RULE_WITHDRAWN: gettext_noop("Withdrew a retention rule that was asked for"),
    Action.CLASS_PROPOSED: gettext_noop(
        "Asked for {subject:a channel} to be under another retention rule"
    ),
    Action.CLASS_WITHDRAWN: gettext_noop(
        "Withdrew another retention rule that was asked for {subject:a channel}"
    ),
    Action.HOLD_PLACED: gettext_noop("Placed {subject:a hold}"),
    Action.HOLD_MATCHED: gettext_noop("Looked for the words of {subject:a hold}"),
    Action.HOLD_REVIEWED: gettext_noop("Looked at {subject:a hold} again"),
    Action.HOLD_RELEASED: gettext_noop("Released {subject:a hold}"),
    Action.HOLD_REPLAYED: gettext_noop("Had {subject:a hold} stand as it did before a restore"),
    Action.DISPOSAL_PROPOSED: gettext_noop("Proposed {subject:a disposal}"),
    Action.DISPOSAL_PUT_FORWARD: gettext_noop("Put {subject:a disposal} forward"),
    Action.DISPOSAL_OBJECTED: gettext_noop("Objected to {subject:a disposal}"),
    Action.DISPOSAL_OBJECTION_DECIDED: gettext_noop(
        "Decided about an objection to {subject:a disposal}"
    ),
    Action.DISPOSAL_CLEARED: gettext_noop("Cleared {subject:a disposal}"),
    Action.DISPOSAL_APPROVED: gettext_noop("Approved {subject:a disposal}"),
    Action.DISPOSAL_WITHDRAWN: gettext_noop("Withdrew {subject:a disposal}"),
    Action.DISPOSAL_STOPPED: gettext_noop("Stopped {subject:a disposal}"),
    Action.DISPOSAL_LAPSED: gettext_noop("Let the approval of {subject:a disposal} lapse"),
    Action.DISPOSAL_CHUNK_DONE: gettext_noop("Disposed of messages under {subject:a disposal}"),
    Action.DISPOSAL_REPLAYED: gettext_noop(
        "Disposed again of what {subject:a disposal} had disposed of before a restore"
    ),
    Action.DISPOSAL_CERTIFIED: gettext_noop("Certified {subject:a disposal}"),
    Action.CERTIFICATE_SUPERSEDED: gettext_noop(
        "Issued another certificate in place of the former of {subject:a disposal}"
    ),
    Action.EXPORT_REQUESTED: gettext_noop("Asked for {subject:an export}"),
    Action.EXPORT_APPROVED: gettext_noop("Approved {subject:an export}"),
    Action.EXPORT_REFUSED: gettext_noop("Refused {subject:an export}"),
    Action.EXPORT_WRITTEN: gettext_noop("Wrote the bundle of {subject:an export}"),
    Action.EXPORT_PASSPHRASE_SHOWN: gettext_noop("Was shown the passphrase of {subject:an export}"),
    Action.EXPORT_ENDED: gettext_noop("Destroyed the passphrase of {subject:an export}"),
    Action.KEYRING_MOVED: gettext_noop("Moved the keyring on"),
    Action.LOG_VERIFIED: gettext_noop("Verified the log"),
    Action.BACKUP_MADE: gettext_noop("Backed up the record"),
    Action.BACKUP_DRILLED: gettext_noop("Tried out whether a backup can be restored"),
    Action.BACKUP_RESTORED: gettext_noop("Restored the record from a backup"),
    Action.LOSS_PROPOSED: gettext_noop(
        "Declared a folder with copies of the keyring to be lost or destroyed"
    ),
    Action.LOSS_AGREED: gettext_noop(
        "Agreed, as the second person, that a folder with copies of the keyring was lost"
    ),
    Action.LOSS_WITHDRAWN: gettext_noop(
        "Withdrew that a folder with copies of the keyring was lost"
    ),
    Action.LOG_RESTORED: gettext_noop("Went on with the log after a restore from a backup"),
    Action.CHECKPOINT_PUBLISHED: gettext_noop("Published a checkpoint"),
    Action.CHECKPOINT_DELIVERED: gettext_noop("Delivered a checkpoint to somebody outside"),
    Action.RECIPIENT_ADDED: gettext_noop("Added somebody to those who are sent checkpoints"),
    Action.RECIPIENT_REMOVED: gettext_noop("Removed somebody from those who are sent checkpoints"),
    Action.ALERT_RAISED: gettext_noop("Raised an alert"),
    Action.ALERT_ACKNOWLEDGED: gettext_noop("Acknowledged an alert"),
    Action.CLOCK_CHECKED: gettext_noop("Looked whether the server’s clock is right"),
    Action.CLOCK_STEPPED: gettext_noop("Noticed that the server’s clock was set"),
}

GROUPS: Final = {
    "authority": gettext_noop("Reading with authority"),
    "people": gettext_noop("People and roles"),
    "sessions": gettext_noop("Signing in"),
    "chat": gettext_noop("Channels and messages"),
    "retention": gettext_noop("Retention and exports"),
    "log": gettext_noop("The log itself"),
    "system": gettext_noop("Settings, keys and clock"),
}

_NOUNS: Final = {
    "record": "authority",
    "concern": "authority",
    "person": "people",
    "role": "people",
    "session": "sessions",
    "password": "sessions",
    "second_factor": "sessions",
    "token": "sessions",
    "channel": "chat",
    "member": "chat",
    "message": "chat",
    "messages": "chat",
    "nudges": "chat",
    "policy": "retention",
    "hold": "retention",
    "disposal": "retention",
    "export": "retention",
    "log": "log",
    "checkpoint": "log",
    "recipient": "log",
    "alert": "log",
}
#: Looking at the log is reading by authority, as opening somebody's message is.
_READING: Final = frozenset(
    {
        Action.MESSAGE_OPENED,
        Action.FILE_OPENED,
        Action.LOG_VIEWED,
        Action.LOG_DOWNLOADED,
        Action.PROOF_DOWNLOADED,
    }
)
_JOINED: Final = gettext_noop("Joined {subject:a channel}")
#: What is said where the act was taken back: its fact `on` is false.
_UNDONE: Final[Mapping[Action, str]] = {
    Action.MESSAGE_REACTED: gettext_noop("Took back a reaction in {channel:a channel}"),
    Action.MESSAGE_PINNED: gettext_noop("Unpinned a message in {channel:a channel}"),
}
_NO_NAMES: Final[Mapping[str, str]] = {}


class _Name(str):
    """A name in a sentence, or what the sentence says in its place when it is not known."""

    __slots__ = ()

    def __format__(self, otherwise: str, /) -> str:
        return str(self) or otherwise


class _Names(dict[str, _Name]):
    def __missing__(self, key: str) -> _Name:
        return _Name()


def said(
    action: str,
    names: Mapping[str, str] = _NO_NAMES,
    *,
    joined: bool = False,
    undone: bool = False,
) -> str:
    """An act in a sentence. `names` are those that may be seen, by `subject` or a fact's name;
    `joined` tells who came into a channel by themselves from whom somebody added, and `undone` a
    pin or a reaction that was taken back."""
    if action not in set(Action):
        return action.replace(".", " ").replace("_", " ").capitalize()
    otherwise = _UNDONE if undone else SAID
    sentence = gettext(_JOINED if joined else otherwise.get(Action(action), SAID[Action(action)]))
    names = {**names, "lead": labels().lead}
    return sentence.format_map(_Names({name: _Name(word) for name, word in names.items()}))


def group_of(action: Action) -> str:
    """The group that an act is filtered by."""
    if action in _READING:
        return "authority"
    return _NOUNS.get(action.partition(".")[0], "system")


def actions_of(group: str) -> list[Action]:
    """The acts of a group."""
    return [action for action in Action if group_of(action) == group]
