"""The demo school's twelve channels and its direct messages.

Record classes are codes of retention presets: routine (12 months), ephemeral (90 days), slt and
governors (36 months each).
"""

from dataclasses import dataclass

from schoolchat.demo.school import BY_KEY, GROUPS


@dataclass(frozen=True, kw_only=True)
class DemoChannel:
    """A channel; members are keys of people, the owner among them.

    Only owner and moderators write in an announcement channel. `pace` is the number of
    conversations in an ordinary school week; `since` how many days ago the channel began.
    """

    key: str
    kind: str
    name: str
    purpose: str
    owner: str
    members: tuple[str, ...]
    pace: float
    moderators: tuple[str, ...] = ()
    record_class: str = "routine"
    sensitive: bool = False
    since: int = 730

    @property
    def posters(self) -> tuple[str, ...]:
        """Who may write here."""
        if self.kind == "announcement":
            return (self.owner, *self.moderators)
        return self.members


_EVERYBODY = tuple(BY_KEY)
_STAFF = GROUPS["staff"]
_CLASSROOM = (*GROUPS["teachers"], "tom", "esther", "olu", *GROUPS["assistants"])

CHANNELS: tuple[DemoChannel, ...] = (
    DemoChannel(
        key="notices",
        kind="announcement",
        name="Notices",
        purpose="What everybody needs to know. Please read before 8.30.",
        owner="helen",
        moderators=("dana", "fiona", "hari"),
        members=_EVERYBODY,
        pace=0.9,
    ),
    DemoChannel(
        key="staffroom",
        kind="open",
        name="Staffroom",
        purpose="Day to day, from the kettle to wet play",
        owner="dana",
        moderators=("fiona",),
        members=_STAFF,
        pace=2.3,
    ),
    DemoChannel(
        key="cover",
        kind="open",
        name="Cover and supply",
        purpose="Who is out, who is in, who takes which class",
        owner="fiona",
        moderators=("dana",),
        members=(*_CLASSROOM, "carol", "fiona", "nasreen", "helen", "dana"),
        record_class="ephemeral",
        pace=2.2,
        since=200,
    ),
    DemoChannel(
        key="office",
        kind="open",
        name="Office and registers",
        purpose="Registers, letters, lost property, late collections",
        owner="fiona",
        moderators=("nasreen",),
        members=_STAFF,
        pace=1.9,
    ),
    DemoChannel(
        key="ks1",
        kind="private",
        name="EYFS and KS1",
        purpose="Reception, Year 1 and Year 2",
        owner="ruth",
        members=("ruth", "maya", "joanna", "kelly", "wei", "esther", "dana", "tom"),
        pace=1.2,
    ),
    DemoChannel(
        key="ks2",
        kind="private",
        name="KS2 team",
        purpose="Years 3 to 6",
        owner="marcus",
        members=(*GROUPS["ks2"], "jo", "imran", "shanice", "tom", "esther", "dana"),
        pace=1.7,
    ),
    DemoChannel(
        key="send",
        kind="private",
        name="SEND and inclusion",
        purpose="Support plans, reviews, interventions. Initials or first names only.",
        owner="esther",
        moderators=("dana",),
        members=(*_CLASSROOM, "dana", "helen"),
        sensitive=True,
        pace=0.9,
    ),
    DemoChannel(
        key="site",
        kind="open",
        name="Site and IT",
        purpose="Broken, blocked, cold, jammed or not printing",
        owner="len",
        moderators=("theo",),
        members=_STAFF,
        pace=1.8,
    ),
    DemoChannel(
        key="lunchtime",
        kind="private",
        name="Lunchtime and clubs",
        purpose="Hall, playground, first aid, breakfast and after-school club",
        owner="lorraine",
        moderators=("samir",),
        members=(*GROUPS["midday"], "wei", "pat", "olu", "fiona", "dana", "tom"),
        pace=1.0,
    ),
    DemoChannel(
        key="trips",
        kind="open",
        name="Trips and events",
        purpose="Coaches, ratios, consent, concerts and sports",
        owner="alice",
        moderators=("fiona",),
        members=(*_CLASSROOM, "fiona", "nasreen", "hari", "helen", "dana", "len", "pat"),
        pace=0.9,
    ),
    DemoChannel(
        key="slt",
        kind="private",
        name="Senior leaders",
        purpose="Leadership team: agendas, staffing, budget",
        owner="helen",
        members=("helen", "dana", "marcus", "esther", "hari"),
        record_class="slt",
        sensitive=True,
        pace=0.9,
    ),
    DemoChannel(
        key="governors",
        kind="private",
        name="Governors",
        purpose="Meetings, papers and visits",
        owner="chris",
        members=("chris", "gwen", "helen", "hari", "priya", "dana"),
        record_class="governors",
        pace=0.45,
    ),
)


def _direct(*people: str) -> DemoChannel:
    return DemoChannel(
        key="-".join(people),
        kind="direct",
        name="",
        purpose="",
        owner=people[0],
        members=people,
        pace=0.14,
        since=600,
    )


DIRECTS: tuple[DemoChannel, ...] = (
    _direct("alice", "bob"),
    _direct("alice", "dana"),
    _direct("alice", "jo"),
    _direct("marcus", "sana"),
    _direct("bob", "shanice"),
    _direct("fiona", "helen"),
    _direct("hari", "len"),
    _direct("hari", "theo"),
    _direct("dana", "olu"),
    _direct("helen", "chris"),
    _direct("carol", "fiona"),
    _direct("priya", "hari"),
    _direct("maya", "kelly", "wei"),
    _direct("dana", "esther", "alice"),
)

ALL: tuple[DemoChannel, ...] = CHANNELS + DIRECTS
CHANNEL: dict[str, DemoChannel] = {channel.key: channel for channel in ALL}
