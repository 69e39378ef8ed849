"""Two years of messages of the demo school, ending at a given moment.

The last ten school days are played from scripts written for them; before that come scripted
conversations once each, and between them shorter ones made from templates.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from schoolchat.demo import terms
from schoolchat.demo.channels import ALL, CHANNEL, DemoChannel
from schoolchat.demo.grammar import NotOnStageError, Stage, choose, mistype
from schoolchat.demo.scenes import DAY_END, DAY_START, Scene, Turn, scenes

LONDON = ZoneInfo("Europe/London")
# Keys of the messages about one pupil that small worries add up in; each is small by itself.
CONCERN = ("kai-collected-late", "kai-seconds", "kai-no-coat", "kay-breakfast", "kai-drawing")
SPAN = timedelta(days=730)
RECENT = 10  # school days at the end that hold nothing but their own scripts
TRIES = 4  # wordings tried for each template, so that the least used can be taken
OPENING = 2  # turns of a conversation that follow each other plainly
SLIPS, WITHDRAWN, ANSWERS = 0.015, 0.004, 0.25  # shares of everyday messages
SHORT = 24  # characters; what is shorter ('On my way') may be said again

# Minutes of the day at which conversations begin, thickest before school, at lunch, after three.
_HOURS = (
    *((DAY_START, 465, 2), (465, 525, 6), (525, 620, 1), (620, 660, 3), (660, 715, 1)),
    *((715, 800, 4), (800, 910, 1), (910, 990, 6), (990, 1060, 2)),
)


@dataclass(frozen=True, kw_only=True)
class DemoMessage:
    """A message: the index of the one it answers counts in the order of `history`.

    `text` is what was first written, `edited_text` what it says since, if it was changed;
    `key` is unique and the same for the same seed and moment (a label for those others refer to).
    """

    key: str
    channel_key: str
    author_key: str
    at: datetime
    text: str
    reply_to_index: int | None = None
    edited_text: str | None = None
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A message of a performance: `after` is in seconds from its beginning.

    `number` is the turn's place in its scene, from 1.
    """

    turn: Turn
    number: int
    author: str
    text: str
    edited: str | None
    after: float


@dataclass(frozen=True, kw_only=True)
class _Played:
    channel: str
    begins: datetime
    lines: tuple[_Line, ...]

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(seconds=self.lines[-1].after)


def history(now: datetime, seed: int = 7) -> Iterator[DemoMessage]:
    """Every message up to `now` (aware), oldest first; the same for the same seed and moment."""
    director = _Director(now, Random(seed))
    director.play_dated()
    director.play_once()
    director.play_templates()
    yield from _numbered(director.played, now)


class _Director:
    """Finds each scene a day and an hour at which its channel is quiet."""

    def __init__(self, now: datetime, rng: Random) -> None:
        self._rng = rng
        self._today = terms.shift(now.astimezone(LONDON).date(), 0)
        self._recent = terms.shift(self._today, 1 - RECENT)
        day = timedelta(days=1)
        self._days = terms.school_days((now - SPAN).date() + day, self._recent - day)
        self._busy: dict[tuple[str, date], list[_Played]] = {}
        self._said: set[str] = set()
        self._used: Counter[str] = Counter()
        self.played: list[_Played] = []

    def play_dated(self) -> None:
        """The scenes with a day of their own."""
        for scene in scenes():
            if scene.back is not None:
                day = terms.shift(self._today, -scene.back)
                if scene.suits(f"{day:%m%d}"):
                    self._play(scene, CHANNEL[scene.channels[0]], day)

    def play_once(self) -> None:
        """The scripted scenes of the two years, each on a day of its season."""
        for scene in scenes():
            if scene.once and scene.back is None:
                channel = CHANNEL[self._rng.choice(scene.channels)]
                days = [day for day in self._open(channel) if scene.suits(f"{day:%m%d}")]
                if days:
                    self._play(scene, channel, self._rng.choice(days))

    def play_templates(self) -> None:
        """The everyday: as many short conversations a channel as its pace asks for."""
        for channel in ALL:
            bag = _Bag([s for s in scenes() if not s.once and _belongs(s, channel)], self._rng)
            for number, day in enumerate(days := self._open(channel)):
                busyness = 0.5 + number / len(days)  # the chat is used more as time goes on
                for _ in range(self._count(channel.pace / 5 * busyness)):
                    if scene := bag.draw(f"{day:%m%d}"):
                        self._play(scene, channel, day)

    def _open(self, channel: DemoChannel) -> list[date]:
        first = self._today - timedelta(days=channel.since)
        return [day for day in self._days if day >= first]

    def _count(self, mean: float) -> int:
        whole, part = divmod(mean * self._rng.uniform(0, 2), 1)
        return int(whole) + (self._rng.random() < part)

    def _play(self, scene: Scene, channel: DemoChannel, day: date) -> None:
        lines = self._lines(scene, channel, day)
        if not lines:
            return
        for _ in range(8):
            played = _Played(channel=channel.key, begins=self._begin(scene, day), lines=lines)
            others = self._busy.setdefault((channel.key, day), [])
            late = played.ends.astimezone(LONDON).hour * 60 >= DAY_END
            if scene.back is None and (late or any(_overlap(played, one) for one in others)):
                continue
            others.append(played)
            self.played.append(played)
            self._said.update(line.edited or line.text for line in lines)
            return

    def _begin(self, scene: Scene, day: date) -> datetime:
        if scene.at:
            minute = self._rng.uniform(*self._rng.choice(scene.at))
        else:
            first, last, _ = self._rng.choices(_HOURS, [weight for *_, weight in _HOURS])[0]
            minute = self._rng.uniform(first, last)
        midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
        local = midnight.replace(hour=int(minute) // 60, minute=int(minute) % 60)
        return local.astimezone(UTC) + timedelta(milliseconds=self._rng.randrange(60_000))

    def _lines(self, scene: Scene, channel: DemoChannel, day: date) -> tuple[_Line, ...]:
        stage = Stage(self._rng, day, channel.posters)
        lines: list[_Line] = []
        for number, turn in enumerate(scene.turns, start=1):
            author = stage.speaker(turn.who)
            if author is None or self._rng.random() * 100 >= turn.chance:
                if not lines:
                    return ()  # without its first line a conversation makes no sense
                continue
            text = self._fresh(stage, turn)
            if text is None:
                return tuple(lines) if scene.once or len(lines) > 1 else ()
            edited = stage.say(turn.edited) if turn.edited else None
            after = lines[-1].after + self._gap(turn, lines[-1].author == author) if lines else 0.0
            line = _Line(
                turn=turn, number=number, author=author, text=text, edited=edited, after=after
            )
            lines.append(line if scene.once else self._loosened(line))
        return tuple(lines)

    def _loosened(self, line: _Line) -> _Line:
        """Now and then a slip that is mended, an answer marked as one, a message withdrawn."""
        if line.number > OPENING and not line.turn.reply_to and self._rng.random() < ANSWERS:
            line = replace(line, turn=replace(line.turn, reply_to=1))
        if self._rng.random() < SLIPS:
            slip = mistype(line.text, self._rng)
            return replace(line, text=slip, edited=line.text if slip != line.text else None)
        withdrawn = line.number > 1 and self._rng.random() < WITHDRAWN
        return replace(line, turn=replace(line.turn, deleted=True)) if withdrawn else line

    def _fresh(self, stage: Stage, turn: Turn) -> str | None:
        """The least used text for the turn; nothing is said twice, unless it is a short one."""
        wordings = [choose(text, self._rng) for text in turn.texts * TRIES]
        self._rng.shuffle(wordings)
        for wording in sorted(wordings, key=self._used.__getitem__):
            try:
                said = stage.say(wording)
            except NotOnStageError:
                continue
            if len(said) < SHORT or said not in self._said:
                self._used[wording] += 1
                return said
        return None

    def _gap(self, turn: Turn, same_author: bool) -> float:
        """Seconds between a message and the one before."""
        if turn.gap is not None:
            return turn.gap * 60 + self._rng.uniform(-20, 20) if turn.gap >= 1 else turn.gap * 60
        if same_author:
            return self._rng.uniform(12, 55)
        bounds = self._rng.choices(((18, 140), (150, 480), (600, 2100)), (60, 30, 10))[0]
        return self._rng.uniform(*bounds)


class _Bag:
    """Draws scenes of the season so that each comes up before any comes up again."""

    def __init__(self, all_scenes: list[Scene], rng: Random) -> None:
        self._rng = rng
        self._order = rng.sample(all_scenes, len(all_scenes))

    def draw(self, mmdd: str) -> Scene | None:
        in_season = [scene for scene in self._order if scene.suits(mmdd)]
        if not in_season:
            return None
        scene = self._rng.choice(in_season[: max(1, len(in_season) // 3)])
        self._order.remove(scene)
        self._order.append(scene)
        return scene


def _belongs(scene: Scene, channel: DemoChannel) -> bool:
    return channel.key in scene.channels or channel.kind in scene.channels


def _overlap(one: _Played, other: _Played) -> bool:
    pause = timedelta(minutes=4)
    return one.begins < other.ends + pause and other.begins < one.ends + pause


def _numbered(played: list[_Played], now: datetime) -> Iterator[DemoMessage]:
    """The messages of all conversations in order of time, none later than now."""
    said = [
        (one.begins + timedelta(seconds=line.after), order, one, line)
        for order, one in enumerate(played)
        for line in one.lines
    ]
    said = sorted((entry for entry in said if entry[0] <= now), key=lambda entry: entry[:2])
    index_of: dict[tuple[int, int | None], int] = {}
    totals: dict[str, int] = {}
    for index, (at, order, one, line) in enumerate(said):
        index_of[order, line.number] = index
        totals[one.channel] = total = totals.get(one.channel, 0) + 1
        yield DemoMessage(
            key=line.turn.label or f"{one.channel}-{total:04}",
            channel_key=one.channel,
            author_key=line.author,
            at=at.replace(microsecond=at.microsecond // 1000 * 1000),
            text=line.text,
            reply_to_index=index_of.get((order, line.turn.reply_to)),
            edited_text=line.edited,
            deleted=line.turn.deleted,
        )
