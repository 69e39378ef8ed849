"""Roles and what each may do. Pure: no database here.

Separation of duties: nobody who runs the machines reads content, nobody who advises approves,
nobody approves what they asked for. A role is a Django group of the same name; the
permissions listed here are made with the User model and given to the groups after every migration.
"""

from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

from accounts.labels import labels


class Role(StrEnum):
    """A role's value is the name of its group."""

    STAFF = "staff"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    HR_INVESTIGATOR = "hr_investigator"
    APPROVER = "approver"
    DPO = "dpo"
    IT_ADMIN = "it_admin"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """What people read, in their language."""
        if self is Role.DSL:
            return labels().role
        return labels().deputy if self is Role.DEPUTY_DSL else gettext(LABELS[self])


LABELS: dict[Role, str] = {
    Role.STAFF: gettext_noop("Staff"),
    Role.DSL: "Designated safeguarding lead",  # what is read is the nation's: accounts.labels
    Role.DEPUTY_DSL: "Deputy safeguarding lead",
    Role.HR_INVESTIGATOR: gettext_noop("HR investigator"),
    Role.APPROVER: gettext_noop("Approver (head or chair of governors)"),
    Role.DPO: gettext_noop("Data protection officer"),
    Role.IT_ADMIN: gettext_noop("IT administrator"),
    Role.AUDITOR: gettext_noop("Auditor (governor)"),
}

# Everything but 'staff' reaches beyond one's own channels, so that it takes two people to give.
SENSITIVE_ROLES: frozenset[Role] = frozenset(Role) - {Role.STAFF}

PERMISSIONS: dict[str, str] = {
    "use_safeguarding_desk": "May use the safeguarding desk",
    "use_records": "May ask for exports and see holds and disposals",
    "approve_records": "May approve exports, disposals and releases of holds",
    "correct_records": "May correct anybody's message by a note under it",
    "read_log": "May read the log",
    "read_log_names": "May see the names behind the log's ids",
    "manage_people": "May invite and deactivate people",
    "manage_school": "May change the settings of the school",
    "request_role": "May ask for somebody's role",
    "grant_role": "May grant a role that somebody else asked for",
}

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.STAFF: frozenset(),
    Role.DSL: frozenset({"use_safeguarding_desk", "use_records"}),
    Role.DEPUTY_DSL: frozenset({"use_safeguarding_desk", "use_records"}),
    Role.HR_INVESTIGATOR: frozenset({"use_records"}),
    Role.APPROVER: frozenset(
        {"use_records", "approve_records", "request_role", "grant_role", "manage_school"}
    ),
    Role.DPO: frozenset({"use_records", "correct_records", "read_log", "read_log_names"}),
    Role.IT_ADMIN: frozenset({"manage_people", "request_role", "manage_school"}),
    Role.AUDITOR: frozenset({"read_log"}),
}
