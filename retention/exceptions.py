"""What retention refuses; the docstring is the one sentence that a person sees."""

from django.utils.translation import gettext

from audit.said import Said


class RetentionError(Said):
    """This cannot be done."""


class NotAllowed(RetentionError):
    """Your role does not allow that; ask the head or the data protection officer."""


class NotFound(RetentionError):
    """There is no such record."""


class NeedsAnother(RetentionError):
    """The second person must be somebody else: nobody approves what they asked for."""


class TakesTwo(RetentionError):
    """To keep something for less long takes two people: ask for it, and another approves it."""


class AlreadyProposed(RetentionError):
    """Something was asked for here already, and waits for a second person."""


class LostAlready(RetentionError):
    """Two people have declared this folder lost already."""


class OneDate(RetentionError):
    """Give a day, or a person whose leaving begins the period: one of them."""


class OtherDate(RetentionError):
    """The date has been changed meanwhile: look at it again before you agree."""


class BadDay(RetentionError):
    """The day must not lie in the future."""


class SeenSince(RetentionError):
    """A backup has looked into this folder after that day: it was not lost by then."""


class NotLonger(RetentionError):
    """This would not surely be kept longer: choose a kind of record that is kept longer."""


class ConcernsYou(RetentionError):
    """This concerns you, so that somebody else has to ask for it or approve it."""


class NotOpen(RetentionError):
    """This has been decided already."""


class NobodysYet(RetentionError):
    """SchoolChat proposed this: somebody who works with records puts it forward first."""


class StillObjecting(RetentionError):
    """Owners of channels may still object: approve it when their time is over."""


class Undecided(RetentionError):
    """An owner has objected: decide about the objection first."""


class NotCleared(RetentionError):
    """This has to be cleared first by whoever answers for that kind of record."""


class NotUpward(RetentionError):
    """Choose a kind of record that is kept longer than this one."""


class NoOwnPart(RetentionError):
    """Nothing of this channel is in that proposal."""


class EmptyHold(RetentionError):
    """Name a channel, a person, a day or words: a hold has to be on something."""


class BadPeriod(RetentionError):
    """The last day must not lie before the first."""


class BadReviewDate(RetentionError):
    """Choose a day in the future to look at it again."""


class BadOwner(RetentionError):
    """The owner has to be somebody who works with records and whom the hold is not about."""


class BadReason(RetentionError):
    """Say why, in at least 20 characters."""


class UnknownClass(RetentionError):
    """There is no such kind of record."""


class NotApproved(RetentionError):
    """This is not approved: a second person has to approve it under /records/ first."""


class AlreadyShown(RetentionError):
    """The passphrase has been shown once already. Ask for a new export if it is lost."""


class ExportEnded(RetentionError):
    """This export has ended: its passphrase was destroyed. Ask for a new one."""


class DisposalRefused(RetentionError):
    """A part of a disposal was refused and is kept for now: the server's log says why."""


class MoveBlocked(RetentionError):
    """A machine has not taken up the new generation of the keyring yet."""


class NotGone(RetentionError):
    """The disposal left something behind, so that it is not certified."""


class NoJournal(RetentionError):
    """Nothing is destroyed before the journal can be written."""

    def __init__(self, why: str = "") -> None:
        super().__init__(
            " ".join(filter(None, (gettext("Nothing is destroyed until this is put right."), why)))
        )
