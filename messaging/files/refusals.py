"""Why a file is not taken; the docstring is the sentence that a person sees. Pure."""

from messaging.exceptions import MessagingError


class FileRefused(MessagingError):
    """This file cannot be sent here. PDF, Office, OpenDocument, text, pictures and sound can."""


class Program(FileRefused):
    """Programs and scripts cannot be sent here, whatever they are called."""


class WebPage(FileRefused):
    """Web pages and drawings in SVG can hold scripts. Please send a PDF or a picture of it."""


class Archive(FileRefused):
    """This is a ZIP archive, whatever its name says. Please send the files in it one by one."""


class Macros(FileRefused):
    """This document holds macros, which are programs. Please save it without them and send that."""


class OldOffice(FileRefused):
    """This document is in an old format or has a password. Please save it as .docx, .xlsx or .pptx
    without one and send that.
    """


class Film(FileRefused):
    """Films cannot be sent here. Pictures and voice notes can."""


class TwoInOne(FileRefused):
    """This file is two kinds of file at once. Please save it anew and send that."""


class EmptyFile(FileRefused):
    """This file is empty."""


class Damaged(FileRefused):
    """This file was damaged while it was waiting. Please send it again."""


class CannotBeChecked(FileRefused):
    """This file could not be checked. Please save it anew, or as a PDF, and send that."""


class NotOnTheList(FileRefused):
    """Your school does not allow this kind of file to be sent."""


class PictureRefused(FileRefused):
    """This picture cannot be read. Please open it, save it as JPEG or PNG and send that."""


class PictureTooLarge(PictureRefused):
    """This picture has more than 40 megapixels. Please make it smaller and send it again."""


class Infected(FileRefused):
    """The virus scanner found something harmful in this file. It was not kept."""

    def __init__(self, found: str = "") -> None:
        super().__init__()
        self.found = found  # for those who run the machine, not for whoever sent it


class TooLargeToScan(FileRefused):
    """This file is too large for the school's virus scanner. Please make it smaller."""


class NotScanned(FileRefused):
    """The virus scanner cannot be reached, and no file is taken without it. Please try later."""

    code = "unavailable"
