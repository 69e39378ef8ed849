"""The retention rules that an installation begins with.

The periods are those of the IRMS toolkit for schools and of the sources that each preset names;
IRMS itself calls its schedule guidance. Every preset says 'check with your DPO' until the school
has approved a version of its own. Pure.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

CHECK: Final = gettext_noop("Preset: check with your DPO.")
DEFAULT_CLASS: Final = "routine"
#: A period below this loses evidence before an employment tribunal's limits have run out.
SHORTEST_WITHOUT_WARNING: Final = 12
#: No rule disposes of these, whoever wants it: IICSA's recommendation 17, Inquiries Act 2005 s.35.
NEVER_DISPOSED: Final = ("child_sexual_abuse", "statutory_inquiry")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A rule: `months` counts from the day a message was sent, rounded up to its month's end."""

    record_class: str
    name: str
    months: int
    action: str
    authority: str


PRESETS: Final = (
    Preset(
        record_class="routine",
        name=gettext_noop("Routine conversation"),
        months=12,
        action="dispose",
        authority=gettext_noop(
            "UK GDPR Article 5(1)(e); a year covers the limits of an employment tribunal."
        ),
    ),
    Preset(
        record_class="direct",
        name=gettext_noop("Direct messages"),
        months=12,
        action="dispose",
        authority=gettext_noop("UK GDPR Article 5(1)(e); as routine conversation."),
    ),
    Preset(
        record_class="ephemeral",
        name=gettext_noop("Day-to-day logistics: cover, rooms, buses"),
        months=3,
        action="dispose",
        authority=gettext_noop("Common practice of 90 days; no statute."),
    ),
    Preset(
        record_class="slt",
        name=gettext_noop("Senior leadership and heads"),
        months=36,
        action="review",
        authority=gettext_noop(
            "IRMS: correspondence and minutes of the head and the leadership, 3 years."
        ),
    ),
    Preset(
        record_class="decisions",
        name=gettext_noop("Decisions of heads of year and department"),
        months=84,
        action="review",
        authority=gettext_noop("IRMS: current year and 6 years."),
    ),
    Preset(
        record_class="administration",
        name=gettext_noop("General administration"),
        months=72,
        action="review",
        authority=gettext_noop("IRMS: current year and 5 years; some schedules say 3."),
    ),
    Preset(
        record_class="governors",
        name=gettext_noop("Governors and panels"),
        months=36,
        action="review",
        authority=gettext_noop(
            "IRMS: inspection copies, 3 years; the signed minutes are kept elsewhere."
        ),
    ),
    Preset(
        record_class="recruitment",
        name=gettext_noop("Recruitment, unsuccessful candidates"),
        months=12,
        action="dispose",
        authority=gettext_noop(
            "IRMS: 6 months from the appointment; 12 cover a tribunal's longer limit."
        ),
    ),
    Preset(
        record_class="attendance",
        name=gettext_noop("Attendance"),
        months=72,
        action="dispose",
        authority=gettext_noop("Pupil Registration Regulations 2024: 6 years from the entry."),
    ),
    Preset(
        record_class="visits",
        name=gettext_noop("Visits and trips"),
        months=168,
        action="review",
        authority=gettext_noop("IRMS: 14 years after the visit; a major incident is kept longer."),
    ),
    Preset(
        record_class="accidents",
        name=gettext_noop("Accidents of adults"),
        months=72,
        action="review",
        authority=gettext_noop(
            "IRMS; Social Security (Claims and Payments) Regulations 1979; RIDDOR 2013."
        ),
    ),
    Preset(
        record_class="complaints",
        name=gettext_noop("Complaints"),
        months=72,
        action="review",
        authority=gettext_noop(
            "IRMS: 6 years after the resolution; longer where a child was at risk."
        ),
    ),
    Preset(
        record_class="personnel",
        name=gettext_noop("Personnel matters"),
        months=84,
        action="review",
        authority=gettext_noop(
            "Limitation Act 1980 section 5; IRMS: 6 years after the employment ends."
        ),
    ),
    Preset(
        record_class="safeguarding",
        name=gettext_noop("Safeguarding"),
        months=300,
        action="review",
        authority=gettext_noop(
            "IRMS: 25 years from the child's birth; the child protection file is kept apart."
        ),
    ),
    Preset(
        record_class="child_sexual_abuse",
        name=gettext_noop("Child sexual abuse"),
        months=900,
        action="keep",
        authority=gettext_noop("IICSA recommendation 17: 75 years; never disposed of by rule."),
    ),
)
