"""Hazel Lane Primary School: one form a year, thirty people.

Made up from end to end; the first names of those with special roles are the cast of the tests.
"""

from dataclasses import dataclass

SCHOOL = "Hazel Lane Primary School"
DOMAIN = "hazel-lane.example"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member of staff or governor; `roles` are names of accounts.roles.Role beside staff."""

    key: str
    first: str
    last: str
    job_title: str
    department: str
    staff_id: str
    roles: tuple[str, ...] = ()
    teaches: str = ""

    @property
    def name(self) -> str:
        """First and last name, as shown beside a message."""
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        """The work address, which is the login."""
        return f"{self.first}.{self.last}@{DOMAIN}".lower().replace("'", "").replace(" ", "")


CLASSES = {
    "Reception": "Acorn",
    "Year 1": "Hazel",
    "Year 2": "Rowan",
    "Year 3": "Willow",
    "Year 4": "Birch",
    "Year 5": "Beech",
    "Year 6": "Oak",
}

# first name, last name, job title, department, class taught, special roles
_STAFF: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...] = (
    ("Helen", "Adeyemi", "Headteacher", "Leadership", "", ("approver",)),
    ("Dana", "Mistry", "Deputy headteacher and DSL", "Leadership", "", ("dsl",)),
    ("Marcus", "Boateng", "Assistant head, Year 6 teacher", "Teaching", "Year 6", ()),
    ("Alice", "Whitcombe", "Year 5 teacher, science lead", "Teaching", "Year 5", ()),
    ("Sana", "Iqbal", "Year 4 teacher, maths lead", "Teaching", "Year 4", ()),
    ("Bob", "Ellison", "Year 3 teacher, history lead", "Teaching", "Year 3", ()),
    ("Joanna", "Kowalska", "Year 2 teacher, English lead", "Teaching", "Year 2", ()),
    ("Ruth", "Penhaligon", "Year 1 teacher, phonics lead", "Teaching", "Year 1", ()),
    ("Maya", "Chowdhury", "Reception teacher, EYFS lead", "Teaching", "Reception", ()),
    ("Tom", "Hargreaves", "PE and computing teacher", "Teaching", "", ()),
    ("Carol", "Pryce", "Supply teacher (part-time)", "Teaching", "", ()),
    ("Esther", "Obi", "SENDCo", "Inclusion", "", ()),
    ("Olu", "Bankole", "Learning mentor, deputy DSL", "Inclusion", "", ("deputy_dsl",)),
    ("Shanice", "Campbell", "Teaching assistant and ELSA", "Inclusion", "", ()),
    ("Jo", "Tranter", "HLTA, Years 5 and 6", "Support staff", "", ()),
    ("Imran", "Siddiqui", "Teaching assistant, Year 6", "Support staff", "", ()),
    ("Kelly", "Dunne", "Teaching assistant, Year 1", "Support staff", "", ()),
    ("Wei", "Chan", "Nursery nurse, Reception", "Support staff", "", ()),
    ("Samir", "Haddad", "Breakfast and after-school club manager", "Support staff", "", ()),
    ("Lorraine", "Fry", "Senior midday supervisor", "Support staff", "", ()),
    ("Fiona", "Gallagher", "Office manager", "Office", "", ()),
    ("Nasreen", "Begum", "Attendance and admissions officer", "Office", "", ()),
    ("Hari", "Sandhu", "School business manager", "Office", "", ("hr_investigator",)),
    ("Theo", "Brandt", "IT technician", "Site and IT", "", ("it_admin",)),
    ("Len", "Whitlock", "Site manager", "Site and IT", "", ()),
    ("Marek", "Nowak", "Caretaker", "Site and IT", "", ()),
    ("Pat", "Delaney", "Kitchen manager", "Kitchen", "", ()),
    ("Priya", "Raman", "Data protection officer", "Governance", "", ("dpo",)),
    ("Gwen", "Llewellyn", "Parent governor", "Governance", "", ("auditor",)),
    ("Chris", "Nolan", "Chair of governors", "Governance", "", ("approver",)),
)

PEOPLE: tuple[Person, ...] = tuple(
    Person(
        key=first.lower(),
        first=first,
        last=last,
        job_title=title,
        department=department,
        staff_id=f"HL{number:03}",
        roles=roles,
        teaches=teaches,
    )
    for number, (first, last, title, department, teaches, roles) in enumerate(_STAFF, start=101)
)

BY_KEY: dict[str, Person] = {person.key: person for person in PEOPLE}

# The accounts a demo's sign-in page lists, each with what it is good for.
CAST: dict[str, str] = {
    "alice": "teaches Year 5 and posts a good deal",
    "bob": "teaches Year 3",
    "carol": "supply teacher, in few channels",
    "dana": "designated safeguarding lead",
    "hari": "business manager, investigates for HR",
    "priya": "data protection officer",
    "theo": "IT technician: runs the machines, reads nothing",
    "gwen": "governor, audits the log",
    "helen": "headteacher, approves",
    "chris": "chair of governors, approves",
}


def _in(*departments: str) -> tuple[str, ...]:
    return tuple(person.key for person in PEOPLE if person.department in departments)


# Who may take a part in a scripted conversation (see scenes.py).
GROUPS: dict[str, tuple[str, ...]] = {
    "teachers": tuple(person.key for person in PEOPLE if person.teaches),
    "ks1": ("maya", "ruth", "joanna"),
    "ks2": ("bob", "sana", "alice", "marcus"),
    "assistants": ("jo", "imran", "kelly", "wei", "shanice"),
    "midday": ("lorraine", "samir", "jo", "kelly", "imran"),
    "office": ("fiona", "nasreen"),
    "site": ("len", "marek"),
    "leaders": ("helen", "dana", "marcus"),
    "inclusion": _in("Inclusion"),
    "staff": tuple(p.key for p in PEOPLE if p.department != "Governance" and p.key != "carol"),
}
