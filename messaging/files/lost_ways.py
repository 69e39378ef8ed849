"""What storage answers when it cannot keep or give a file; the docstring is what a person sees."""

from messaging.exceptions import MessagingError


class PlaceFull(MessagingError):
    """The school's storage is full. Your file was not kept; please tell your IT team."""

    code = "unavailable"


class PlaceAway(MessagingError):
    """The school's storage cannot be reached just now. Please try again soon."""

    code = "unavailable"
