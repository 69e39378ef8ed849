"""What a school calls those who look after children, by its nation, for all sentences.

England has designated safeguarding leads (Keeping children safe in education), Wales designated
safeguarding persons (Keeping learners safe), Scotland child protection coordinators, Northern
Ireland designated teachers for child protection. Sentences say `%(lead)s`, and never the words.
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, gettext_noop


@dataclass(frozen=True, kw_only=True)
class Labels:
    """`short` is for little room, `lead` stands in a sentence behind 'the', the others alone."""

    short: str
    lead: str
    role: str
    deputy: str


_NATIONS: Final = {
    "england": Labels(
        short=gettext_noop("DSL"),
        lead=gettext_noop("safeguarding lead"),
        role=gettext_noop("Designated safeguarding lead"),
        deputy=gettext_noop("Deputy safeguarding lead"),
    ),
    "wales": Labels(
        short=gettext_noop("DSP"),
        lead=gettext_noop("safeguarding person"),
        role=gettext_noop("Designated safeguarding person"),
        deputy=gettext_noop("Deputy safeguarding person"),
    ),
    "scotland": Labels(
        short=gettext_noop("CPC"),
        lead=gettext_noop("child protection coordinator"),
        role=gettext_noop("Child protection coordinator"),
        deputy=gettext_noop("Deputy child protection coordinator"),
    ),
    "northern-ireland": Labels(
        short=gettext_noop("DT"),
        lead=gettext_noop("designated teacher"),
        role=gettext_noop("Designated teacher for child protection"),
        deputy=gettext_noop("Deputy designated teacher"),
    ),
}
NATIONS: Final = tuple(_NATIONS)


def labels() -> Labels:
    """Those of the school's nation, in the reader's language; England's for an unknown one, of
    which a system check tells."""
    said = _NATIONS.get(settings.LOOK.nation, _NATIONS["england"])
    return Labels(**{name: gettext(words) for name, words in vars(said).items()})
