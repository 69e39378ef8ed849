"""What accounts refuses, each as one plain sentence that says what to do."""

from audit.said import Said


class AccountsError(Said):
    """That is not possible."""


class NotAllowed(AccountsError):
    """You may not do that; ask the person who looks after accounts at your school."""


class PersonNotFound(AccountsError):
    """There is no such person."""


class AlreadyHere(AccountsError):
    """Somebody with this e-mail address or staff number is already here."""


class InvitationGone(AccountsError):
    """This invitation no longer works; ask the person who sent it for a new one."""


class NotToOneself(AccountsError):
    """Nobody asks for, grants or ends a role of their own; ask somebody else."""


class NeedsAnother(AccountsError):
    """The person who asked for a role cannot be the one who grants it."""


class RoleNotOpen(AccountsError):
    """This request has been decided already."""


class RoleAlreadyOpen(AccountsError):
    """This person holds this role or it has been asked for already."""


class NotWaiting(AccountsError):
    """This token is not waiting for you."""


class AlreadySetUp(AccountsError):
    """This database already holds a school, and a database is made only once."""


class Alone(AccountsError):
    """Name two different people: nobody may grant sensitive roles alone."""
