"""The presets of the first version, as the first migration loads them. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A rule: `months` counts from the day a message was sent."""

    record_class: str
    name: str
    months: int
    action: str
    authority: str


PRESETS = (
    Preset(
        record_class="routine",
        name=("Routine conversation"),
        months=12,
        action="dispose",
        authority=(
            "UK GDPR Article 5(1)(e); a year covers the limits of an employment tribunal."
        ),
    ),
    Preset(
        record_class="direct",
        name=("Direct messages"),
        months=12,
        action="dispose",
        authority=("UK GDPR Article 5(1)(e); as routine conversation."),
    ),
    Preset(
        record_class="ephemeral",
        name=("Day-to-day logistics: cover, rooms, buses"),
        months=3,
        action="dispose",
        authority=("Common practice of 90 days; no statute."),
    ),
    Preset(
        record_class="slt",
        name=("Senior leadership and heads"),
        months=36,
        action="review",
        authority=(
            "IRMS: correspondence and minutes of the head and the leadership, 3 years."
        ),
    ),
    Preset(
        record_class="decisions",
        name=("Decisions of heads of year and department"),
        months=84,
        action="review",
        authority=("IRMS: current year and 6 years."),
    ),
    Preset(
        record_class="administration",
        name=("General administration"),
        months=72,
        action="review",
        authority=("IRMS: current year and 5 years; some schedules say 3."),
    ),
    Preset(
        record_class="governors",
        name=("Governors and panels"),
        months=36,
        action="review",
        authority=(
            "IRMS: inspection copies, 3 years; the signed minutes are kept elsewhere."
        ),
    ),
    Preset(
        record_class="recruitment",
        name=("Recruitment, unsuccessful candidates"),
        months=12,
        action="dispose",
        authority=(
            "IRMS: 6 months from the appointment; 12 cover a tribunal's longer limit."
        ),
    ),
    Preset(
        record_class="attendance",
        name=("Attendance"),
        months=72,
        action="dispose",
        authority=("Pupil Registration Regulations 2024: 6 years from the entry."),
    ),
    Preset(
        record_class="visits",
        name=("Visits and trips"),
        months=168,
        action="review",
        authority=("IRMS: 14 years after the visit; a major incident is kept longer."),
    ),
    Preset(
        record_class="accidents",
        name=("Accidents of adults"),
        months=72,
        action="review",
        authority=(
            "IRMS; Social Security (Claims and Payments) Regulations 1979; RIDDOR 2013."
        ),
    ),
    Preset(
        record_class="complaints",
        name=("Complaints"),
        months=72,
        action="review",
        authority=(
            "IRMS: 6 years after the resolution; longer where a child was at risk."
        ),
    ),
    Preset(
        record_class="personnel",
        name=("Personnel matters"),
        months=84,
        action="review",
        authority=(
            "Limitation Act 1980 section 5; IRMS: 6 years after the employment ends."
        ),
    ),
    Preset(
        record_class="safeguarding",
        name=("Safeguarding"),
        months=300,
        action="review",
        authority=(
            "IRMS: 25 years from the child's birth; the child protection file is kept apart."
        ),
    ),
    Preset(
        record_class="child_sexual_abuse",
        name=("Child sexual abuse"),
        months=900,
        action="keep",
        authority=("IICSA recommendation 17: 75 years; never disposed of by rule."),
    ),
)
