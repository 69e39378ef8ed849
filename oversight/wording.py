"""The log's vocabulary in words, and the groups that its pages filter by. Pure."""

from typing import Final

from audit.actions import Action

SAID: Final[dict[Action, str]] = {
    Action.PERSON_INVITED: "Invited somebody",
    Action.PERSON_JOINED: "Joined by invitation",
    Action.PERSON_DEACTIVATED: "Closed an account",
    Action.PERSON_REACTIVATED: "Opened an account again",
    Action.SIGNED_IN: "Signed in",
    Action.SIGNED_OUT: "Signed out",
    Action.PASSWORD_CHANGED: "Changed a password",
    Action.SECOND_FACTOR_ADDED: "Added a second factor",
    Action.SECOND_FACTOR_REMOVED: "Removed a second factor",
    Action.ROLE_REQUESTED: "Asked for a role",
    Action.ROLE_GRANTED: "Granted a role",
    Action.ROLE_REFUSED: "Refused a role",
    Action.ROLE_ENDED: "Ended a role",
    Action.TOKEN_CREATED: "Made an API token",
    Action.TOKEN_CONFIRMED: "Confirmed an API token",
    Action.TOKEN_REVOKED: "Revoked an API token",
    Action.SETTING_CHANGED: "Changed a setting",
    Action.SCHOOL_CREATED: "Made the school’s database",
    Action.CHANNEL_CREATED: "Made a channel",
    Action.CHANNEL_ARCHIVED: "Archived a channel",
    Action.CHANNEL_RECLASSED: "Put a channel under another retention rule",
    Action.MEMBER_ADDED: "Added a member",
    Action.MEMBER_LEFT: "Left a channel",
    Action.MEMBER_REMOVED: "Removed a member",
    Action.MEMBER_ROLE_CHANGED: "Changed a member’s role",
    Action.MESSAGE_POSTED: "Posted a message",
    Action.MESSAGE_EDITED: "Edited a message",
    Action.MESSAGE_DELETED: "Deleted a message",
    Action.MESSAGES_IMPORTED: "Imported messages",
    Action.MESSAGES_GENERATED: "Generated messages",
    Action.RECORD_SEARCHED: "Searched the record",
    Action.RECORD_SHOWN: "Was shown results of a search",
    Action.MESSAGE_OPENED: "Opened a message",
    Action.LOG_VIEWED: "Looked at the log",
    Action.CONCERN_RAISED: "Passed a message to the safeguarding lead",
    Action.CONCERN_ACKNOWLEDGED: "Took a concern",
    Action.POLICY_CHANGED: "Changed a retention policy",
    Action.HOLD_PLACED: "Placed a hold",
    Action.HOLD_RELEASED: "Released a hold",
    Action.DISPOSAL_PROPOSED: "Proposed a disposal",
    Action.DISPOSAL_APPROVED: "Approved a disposal",
    Action.DISPOSAL_WITHDRAWN: "Withdrew a disposal",
    Action.DISPOSAL_CHUNK_DONE: "Disposed of messages",
    Action.DISPOSAL_CERTIFIED: "Certified a disposal",
    Action.EXPORT_REQUESTED: "Asked for an export",
    Action.EXPORT_APPROVED: "Approved an export",
    Action.EXPORT_REFUSED: "Refused an export",
    Action.EXPORT_WRITTEN: "Wrote an export",
    Action.EXPORT_PASSPHRASE_SHOWN: "Was shown the passphrase of an export",
    Action.KEYRING_MOVED: "Moved the keyring on",
}

GROUPS: Final = {
    "authority": "Reading with authority",
    "people": "People and roles",
    "sessions": "Signing in",
    "chat": "Channels and messages",
    "retention": "Retention and exports",
    "system": "Settings and keys",
}

_NOUNS: Final = {
    "record": "authority",
    "log": "authority",
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
}


def said(action: str) -> str:
    """An act in words."""
    words = SAID.get(Action(action)) if action in set(Action) else None
    return words or action.replace(".", " ").replace("_", " ").capitalize()


def group_of(action: Action) -> str:
    """The group that an act is filtered by."""
    if action is Action.MESSAGE_OPENED:
        return "authority"
    return _NOUNS.get(action.partition(".")[0], "system")


def actions_of(group: str) -> list[Action]:
    """The acts of a group."""
    return [action for action in Action if group_of(action) == group]
