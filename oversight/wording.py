"""The log's vocabulary in sentences, and the groups that its pages filter by. Pure.

A sentence says what was done as one says it of somebody: 'Removed Bob Brennan from Year 5'. What
stands in braces is a name, where the reader may see it, and the words after the colon otherwise:
'Removed a member from a channel'.
"""

from collections.abc import Mapping
from typing import Final

from audit.actions import Action

SAID: Final[dict[Action, str]] = {
    Action.PERSON_INVITED: "Invited {subject:somebody}",
    Action.PERSON_JOINED: "Joined by invitation",
    Action.PERSON_DEACTIVATED: "Closed the account of {subject:somebody}",
    Action.PERSON_REACTIVATED: "Opened the account of {subject:somebody} again",
    Action.SIGNED_IN: "Signed in",
    Action.SIGNED_OUT: "Signed out",
    Action.PASSWORD_CHANGED: "Changed the password of the account",
    Action.SECOND_FACTOR_ADDED: "Added a second factor to the account",
    Action.SECOND_FACTOR_REMOVED: "Removed a second factor from the account",
    Action.ROLE_REQUESTED: "Asked for a role for {subject:somebody}",
    Action.ROLE_GRANTED: "Granted {subject:somebody} a role",
    Action.ROLE_REFUSED: "Refused {subject:somebody} a role",
    Action.ROLE_ENDED: "Ended a role of {subject:somebody}",
    Action.TOKEN_CREATED: "Made an API token",
    Action.TOKEN_CONFIRMED: "Confirmed an API token",
    Action.TOKEN_REVOKED: "Revoked an API token",
    Action.SETTING_CHANGED: "Changed a setting",
    Action.SCHOOL_CREATED: "Made the school’s database",
    Action.CHANNEL_CREATED: "Made {subject:a channel}",
    Action.CHANNEL_CHANGED: "Changed the settings of {subject:a channel}",
    Action.CHANNEL_ARCHIVED: "Archived {subject:a channel}",
    Action.CHANNEL_RECLASSED: "Put {subject:a channel} under another retention rule",
    Action.MEMBER_ADDED: "Added {person:a member} to {subject:a channel}",
    Action.MEMBER_LEFT: "Left {subject:a channel}",
    Action.MEMBER_REMOVED: "Removed {person:a member} from {subject:a channel}",
    Action.MEMBER_ROLE_CHANGED: "Changed the role of {person:a member} in {subject:a channel}",
    Action.MESSAGE_POSTED: "Posted a message in {channel:a channel}",
    Action.MESSAGE_EDITED: "Edited a message in {channel:a channel}",
    Action.MESSAGE_DELETED: "Deleted a message in {channel:a channel}",
    Action.MESSAGE_REACTED: "Gave or took back a reaction in {channel:a channel}",
    Action.MESSAGE_PINNED: "Pinned or unpinned a message in {channel:a channel}",
    Action.MESSAGES_IMPORTED: "Imported messages into {channel:a channel}",
    Action.MESSAGES_GENERATED: "Generated messages",
    Action.RECORD_SEARCHED: "Searched the whole record",
    Action.RECORD_SHOWN: "Was shown results of {subject:a search}",
    Action.MESSAGE_OPENED: "Opened a message with authority",
    Action.LOG_VIEWED: "Looked at the log",
    Action.LOG_DOWNLOADED: "Downloaded a part of the log",
    Action.PROOF_DOWNLOADED: "Downloaded a proof from the log",
    Action.CONCERN_RAISED: "Passed a message to the safeguarding lead",
    Action.CONCERN_ACKNOWLEDGED: "Took {subject:a concern}",
    Action.POLICY_CHANGED: "Changed a retention rule",
    Action.HOLD_PLACED: "Placed {subject:a hold}",
    Action.HOLD_RELEASED: "Released {subject:a hold}",
    Action.DISPOSAL_PROPOSED: "Proposed {subject:a disposal}",
    Action.DISPOSAL_APPROVED: "Approved {subject:a disposal}",
    Action.DISPOSAL_WITHDRAWN: "Withdrew {subject:a disposal}",
    Action.DISPOSAL_CHUNK_DONE: "Disposed of messages under {subject:a disposal}",
    Action.DISPOSAL_CERTIFIED: "Certified {subject:a disposal}",
    Action.EXPORT_REQUESTED: "Asked for {subject:an export}",
    Action.EXPORT_APPROVED: "Approved {subject:an export}",
    Action.EXPORT_REFUSED: "Refused {subject:an export}",
    Action.EXPORT_WRITTEN: "Wrote the bundle of {subject:an export}",
    Action.EXPORT_PASSPHRASE_SHOWN: "Was shown the passphrase of {subject:an export}",
    Action.KEYRING_MOVED: "Moved the keyring on",
    Action.LOG_VERIFIED: "Verified the log",
    Action.LOG_RESTORED: "Went on with the log after a restore from a backup",
    Action.CHECKPOINT_PUBLISHED: "Published a checkpoint",
    Action.CHECKPOINT_DELIVERED: "Delivered a checkpoint to somebody outside",
    Action.RECIPIENT_ADDED: "Added somebody to those who are sent checkpoints",
    Action.RECIPIENT_REMOVED: "Removed somebody from those who are sent checkpoints",
    Action.ALERT_RAISED: "Raised an alert",
    Action.ALERT_ACKNOWLEDGED: "Acknowledged an alert",
    Action.CLOCK_CHECKED: "Looked whether the server’s clock is right",
    Action.CLOCK_STEPPED: "Noticed that the server’s clock was set",
}

GROUPS: Final = {
    "authority": "Reading with authority",
    "people": "People and roles",
    "sessions": "Signing in",
    "chat": "Channels and messages",
    "retention": "Retention and exports",
    "log": "The log itself",
    "system": "Settings, keys and clock",
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
    {Action.MESSAGE_OPENED, Action.LOG_VIEWED, Action.LOG_DOWNLOADED, Action.PROOF_DOWNLOADED}
)
_JOINED: Final = "Joined {subject:a channel}"
_NO_NAMES: Final[Mapping[str, str]] = {}


class _Name(str):
    """A name in a sentence, or what the sentence says in its place when it is not known."""

    __slots__ = ()

    def __format__(self, otherwise: str, /) -> str:
        return str(self) or otherwise


class _Names(dict[str, _Name]):
    def __missing__(self, key: str) -> _Name:
        return _Name()


def said(action: str, names: Mapping[str, str] = _NO_NAMES, *, joined: bool = False) -> str:
    """An act in a sentence. `names` are those that may be seen, by `subject` or a fact's name;
    `joined` tells who came into a channel by themselves from whom somebody added."""
    if action not in set(Action):
        return action.replace(".", " ").replace("_", " ").capitalize()
    sentence = _JOINED if joined else SAID[Action(action)]
    return sentence.format_map(_Names({name: _Name(word) for name, word in names.items()}))


def group_of(action: Action) -> str:
    """The group that an act is filtered by."""
    if action in _READING:
        return "authority"
    return _NOUNS.get(action.partition(".")[0], "system")


def actions_of(group: str) -> list[Action]:
    """The acts of a group."""
    return [action for action in Action if group_of(action) == group]
