"""What can go wrong in messaging; the docstring is the sentence that a person sees.

`code` is the error code of the websocket protocol.
"""

from typing import ClassVar

from django.utils.translation import gettext

from audit.said import Said


class MessagingError(Said):
    """This cannot be done."""

    code: ClassVar[str] = "refused"


class ChannelNotFound(MessagingError):
    """There is no such channel, or you are not in it."""

    code = "not_a_member"


class MessageNotFound(MessagingError):
    """There is no such message in a channel that you can read."""

    code = "not_found"


class AttachmentNotFound(MessagingError):
    """A file of this message is not there. Please send the message without it."""

    code = "not_found"


class UploadNotFound(MessagingError):
    """This upload is no longer there. Please choose the file again."""

    code = "not_found"


class WrongOffset(MessagingError):
    """The upload does not go on from here. Please try again."""


class UploadBusy(MessagingError):
    """This file is being sent from somewhere else just now. Please try again in a moment."""


class FileTooLarge(MessagingError):
    """This file is too large."""

    code = "too_long"

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self._most = most_bytes // (1024 * 1024)

    def __str__(self) -> str:
        return gettext("This file is too large: at most %(most)s MB can be sent.") % {
            "most": self._most
        }


class PieceTooLarge(MessagingError):
    """This is more than one piece of an upload can hold. Please send it in smaller ones."""

    code = "too_long"


class PieceTooSmall(MessagingError):
    """A piece of an upload holds at least 256 KiB, but for the last. Please send larger ones."""


class TooManyUploads(MessagingError):
    """You have too many files waiting to be sent. Please send or remove some of them first."""


class TooManyFiles(MessagingError):
    """A message can bring at most 10 files. Please send the others in another message."""


class FileNotReady(MessagingError):
    """A file of this message is still being checked. Please send it again in a moment."""


class NoPictures(MessagingError):
    """Pictures are not allowed in this channel."""

    code = "blocked_by_policy"


class ReadOnly(MessagingError):
    """Only some people may post in this channel; you can read it."""

    code = "read_only"


class Archived(ReadOnly):
    """This channel is archived: it can be read, and nothing can be added."""


class EmptyBody(MessagingError):
    """A message needs some words."""

    code = "empty"


class BodyTooLong(MessagingError):
    """A message can hold at most 8,000 characters. Please shorten it or send it in parts."""

    code = "too_long"


class NotYours(MessagingError):
    """Only the person who wrote a message can change it."""


class TooLateToEdit(MessagingError):
    """This message is too old to be edited. You can still delete it or write a correction."""


class EmptyCorrection(MessagingError):
    """Please write what is wrong in the message, and what is right."""

    code = "empty"


class CorrectionTooLong(MessagingError):
    """A correction can hold at most 2,000 characters. Please shorten it."""

    code = "too_long"


class TooManyCorrections(MessagingError):
    """This message has 20 corrections already. Please write a new message."""


class AlreadyDeleted(MessagingError):
    """This message has been deleted."""

    code = "not_found"


class TooFast(MessagingError):
    """You are sending faster than the school allows. Please wait a moment."""

    code = "too_fast"

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class NotAllowed(MessagingError):
    """Only an owner of the channel can do that."""


class NameTaken(MessagingError):
    """There is already a channel of that name."""


class UnknownPerson(MessagingError):
    """There is no such person, or their account is closed."""

    code = "not_found"


class LastOwner(MessagingError):
    """A channel needs an owner. Make somebody else an owner first."""


class NotStored(MessagingError):
    """The school's record cannot be reached just now. Nothing was lost: please try again soon."""

    code = "unavailable"


class ChannelBusy(NotStored):
    """This channel is being worked on just now. Nothing was lost: please try again soon."""


class CannotBeStored(MessagingError):
    """Something in this message cannot be stored. Please write it differently."""


class BlockedByPolicy(MessagingError):
    """What is said in this channel stays in it: it cannot be forwarded to another one."""

    code = "blocked_by_policy"


class WordsBlocked(BlockedByPolicy):
    """This holds what your school does not let be sent here. Take it out."""


class NotShown(MessagingError):
    """Your school does not show who has read a message here."""


class NotYourWords(MessagingError):
    """A forwarded message keeps the words of its author. You can delete it and write your own."""


class NoSuchEmoji(MessagingError):
    """This is not an emoji that SchoolChat knows. Please choose one of the list."""


class TooManyEmoji(MessagingError):
    """This message has 20 different reactions already. You can join one of them."""


class TooManyPins(MessagingError):
    """This channel has 100 pinned messages. Please unpin one first."""


class NamelessChannel(MessagingError):
    """A channel needs a name."""


class NotWaiting(MessagingError):
    """This text does not wait any more: it was sent or removed."""

    code = "not_found"


class CannotBeOpened(MessagingError):
    """This text can no longer be opened."""


class NoSuchTime(MessagingError):
    """This time is over. Please choose a later one."""


class TooManyWaiting(MessagingError):
    """You have 100 texts waiting already. Please send or remove one of them first."""


class TooManySaved(MessagingError):
    """You have 200 saved messages already. Please take one off the list first."""
