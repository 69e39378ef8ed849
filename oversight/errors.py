"""What oversight refuses, each as one plain sentence that says what to do."""

from audit.said import Said


class OversightError(Said):
    """That is not possible."""


class NotAtTheDesk(OversightError):
    """There is nothing here for you."""


class SearchNotFound(OversightError):
    """There is no such search among yours."""


class HitNotFound(OversightError):
    """This message is not among what the search found."""


class ReasonTooShort(OversightError):
    """Say in at least 20 characters why you search: the reason is kept with the search."""


class SearchUnreadable(OversightError):
    """The search cannot be read; change its words."""


class ConcernNotFound(OversightError):
    """There is no such concern for you."""


class AlreadyPassedOn(OversightError):
    """You have already passed this message on."""


class NobodyAtTheDesk(OversightError):
    """Nobody at the safeguarding desk may take this message. Speak to the headteacher, or to the
    chair of governors if it concerns the headteacher."""


class NotAReader(OversightError):
    """There is nothing here for you."""


class NotAReviewer(OversightError):
    """There is nothing here for you."""


class EntryNotFound(OversightError):
    """There is no such entry in the log."""


class NotYetSealed(OversightError):
    """Not yet under a signed checkpoint; try again in a minute."""


class VerificationNotFound(OversightError):
    """There is no such verification."""


class AlertNotFound(OversightError):
    """There is no such alert for you."""


class NotForCheckpoints(OversightError):
    """There is nothing here for you."""


class PublicationNotFound(OversightError):
    """There is no such checkpoint."""


class RecipientNotFound(OversightError):
    """There is no such recipient any more."""


class NotYoursToDecide(OversightError):
    """Whom checkpoints are sent to is decided by an approver or the data protection officer."""


class AlreadyARecipient(OversightError):
    """That address is on the list already."""


class NoAddress(OversightError):
    """Give the e-mail address that checkpoints are to be sent to."""


class MailNotSetUp(OversightError):
    """This server cannot send e-mail yet. Ask the technician to set SCHOOLCHAT_SMTP_HOST, or keep
    a printed checkpoint until then."""


class FolderNotSetUp(OversightError):
    """No folder outside is named on this server yet. Ask the technician to set
    SCHOOLCHAT_CHECKPOINT_FOLDER."""


class WebhookNotSetUp(OversightError):
    """No web address outside is named on this server yet. Ask the technician to set
    SCHOOLCHAT_CHECKPOINT_WEBHOOK."""


class NothingSigned(OversightError):
    """No checkpoint has been signed yet. Wait a minute, then try again; if there is still none, ask
    the technician whether the sealer runs."""
