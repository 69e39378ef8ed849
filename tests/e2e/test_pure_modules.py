"""The modules under static/js/lib, in the browser that runs them: what goes in, what comes out."""

import json
from typing import Any

import pytest
from django.conf import settings

from tests.e2e.conftest import Open
from tests.e2e.window import Window

pytestmark = pytest.mark.django_db(transaction=True)

_EMOJI = {
    "groups": ["Smileys", "People"],
    "tones": ["🏻", "🏼", "🏽", "🏾", "🏿"],
    "emoji": [
        ["😀", "grinning face", ["grinning"], 0, ""],
        ["🎉", "party popper", ["tada"], 0, ""],
        ["👍", "thumbs up", ["+1", "thumbsup"], 1, "👍🏻"],
        ["🧑‍🤝‍🧑", "people holding hands", ["people_holding_hands"], 1, "🧑🏻‍🤝‍🧑🏻"],
    ],
}


@pytest.fixture
def page(open_window: Open) -> Window:
    window = open_window()
    window.page.goto("/accounts/login/")
    return window


def _run(window: Window, module: str, code: str) -> Any:
    """What `code` returns, with the module's exports as `m`."""
    return window.page.evaluate(f"async () => {{ const m = await import('lib/{module}'); {code} }}")


def _marked(window: Window, name: str, chosen: str) -> str:
    """The text after a mark was applied; `[` and `]` say what is chosen, before and after."""
    code = f"""
      const given = {json.dumps(chosen)};
      const from = given.indexOf("["), to = given.indexOf("]") - 1;
      const text = given.replace("[", "").replace("]", "");
      const done = m.marked({json.dumps(name)}, {{ text, from, to }});
      const after = text.slice(0, done.from) + done.insert + text.slice(done.to);
      const [a, b] = done.select;
      return `${{after.slice(0, a)}}⟦${{after.slice(a, b)}}⟧${{after.slice(b)}}`;"""
    return str(_run(window, "marks", code))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("bold", "the [hall] at 2", "the **⟦hall⟧** at 2"),
        ("bold", "the **[hall]** at 2", "the ⟦hall⟧ at 2"),
        ("bold", "the [**hall**] at 2", "the ⟦hall⟧ at 2"),
        ("bold", "the [hall ]at 2", "the **⟦hall⟧** at 2"),
        ("bold", "now []", "now **⟦⟧**"),
        ("italic", "[now]", "_⟦now⟧_"),
        ("code", "run [x]", "run `⟦x⟧`"),
        ("code", "[a\nb]", "```\n⟦a\nb⟧\n```"),
        ("list", "[one\ntwo]", "⟦- one\n- two⟧"),
        ("list", "[- one\n- two]", "⟦one\ntwo⟧"),
        ("list", "one\n[two]", "one\n⟦- two⟧"),
        ("list", "[]", "- ⟦⟧"),
        ("quote", "he said [this]", "⟦> he said this⟧"),
        ("link", "see [the plan]", "see [the plan](⟦https://⟧)"),
        ("link", "see [https://a.example/b]", "see [⟦⟧](https://a.example/b)"),
    ],
)
def test_a_mark_goes_on_and_comes_off(page: Window, name: str, before: str, after: str) -> None:
    assert _marked(page, name, before) == after


def test_a_word_after_an_at_or_a_colon_is_completed_but_not_in_code_or_in_a_word(
    page: Window,
) -> None:
    found = _run(
        page,
        "completion",
        """return ["@", "ask @Bo", "bob@school", "`@Bo", ":ta", "at 10:30", "(:tada:", "x:ta"]
          .map((text) => m.wordBefore(text, text.length));""",
    )
    assert found[0] == {"sign": "@", "start": 0, "query": ""}
    assert found[1] == {"sign": "@", "start": 4, "query": "Bo"}
    assert found[2] is None
    assert found[3] is None
    assert found[4] == {"sign": ":", "start": 0, "query": "ta", "closed": False}
    assert found[5] is None
    assert found[6] == {"sign": ":", "start": 1, "query": "tada", "closed": True}
    assert found[7] is None


def test_people_are_offered_by_any_of_their_names_and_never_oneself(page: Window) -> None:
    names = _run(
        page,
        "completion",
        """const members = ["Ana Brook", "Bob Brennan", "Brenda Day", "Zoë Bell", "Me Myself"]
             .map((name, at) => ({ id: String(at), name, title: "" }));
           const offered = (query, all = false) =>
             m.peopleFor(query, members, { me: "4", all }).map((one) => one.name);
           return [offered("br"), offered("zoe"), offered("bob br"), offered("Bob Brennan "),
             offered("me"), offered("", true), offered("every", true), offered("every"),
             offered(" 3pm")];""",
    )
    assert names[0] == ["Brenda Day", "Ana Brook", "Bob Brennan"]
    assert names[1] == ["Zoë Bell"]
    assert names[2] == ["Bob Brennan"]
    assert names[3] == []
    assert names[4] == []
    assert names[5] == [
        "Ana Brook", "Bob Brennan", "Brenda Day", "Zoë Bell", "here", "everyone",
    ]  # fmt: skip
    assert names[6] == ["everyone"]
    assert names[7] == []
    assert names[8] == []


def test_emoji_are_found_by_name_and_shortcode_and_take_a_skin_tone(page: Window) -> None:
    found = _run(
        page,
        "emoji",
        f"""const book = new m.EmojiBook({json.dumps(_EMOJI)});
           const texts = (all) => all.map((one) => one.text);
           return [texts(book.search("thumb")), texts(book.search("party pop")),
             texts(book.search("nothing")), book.complete("t").map((one) => one.code),
             book.exact("TADA").text, m.toned(book.exact("+1"), 5),
             m.toned(book.exact("people_holding_hands"), 3), m.toned(book.exact("tada"), 5),
             book.find("👍🏽").name, m.usedAgain(["a", "b"], "b")];""",
    )
    assert found[0] == ["👍"]
    assert found[1] == ["🎉"]
    assert found[2] == []
    assert found[3] == ["tada", "thumbsup"]
    assert found[4] == "🎉"
    assert found[5] == "👍🏿"
    assert found[6] == "🧑🏽‍🤝‍🧑🏽"
    assert found[7] == "🎉"
    assert found[8] == "thumbs up"
    assert found[9] == ["b", "a"]


def test_no_key_means_two_things_at_one_place(page: Window) -> None:
    keys = _run(page, "keys", "return m.KEYS")
    pressed = [(one["where"], key) for one in keys for key in one["keys"]]
    assert len(pressed) == len(set(pressed))
    assert {one["where"] for one in keys} == set(_run(page, "keys", "return m.PLACES"))
    assert all(one["words"][0].isupper() for one in keys)


def test_each_key_of_the_table_is_recognised_as_it_is_pressed(page: Window) -> None:
    meant = _run(
        page,
        "keys",
        """const press = (key, more = {}) => new KeyboardEvent("keydown", { key, ...more });
           const meant = (where, ...pressed) => m.meaningOf(press(...pressed), where);
           const control = { ctrlKey: true }, shift = { shiftKey: true };
           return [
             meant("anywhere", "k", control), meant("anywhere", "k", { metaKey: true }),
             meant("anywhere", "k"), meant("anywhere", "?", shift), meant("message", "r"),
             meant("message", "r", control), meant("message", "F10", shift),
             meant("message", "+", shift),
             meant("write", "C", { ...control, ...shift, code: "KeyC" }),
             meant("write", "*", { ...control, ...shift, code: "Digit8" }),
             meant("write", "Enter", shift), meant("message", "e", { altKey: true }),
             m.keycaps("Ctrl+Shift+C", true), m.keycaps("+"), m.keycaps("ArrowUp")];""",
    )
    assert meant == [
        "switcher", "switcher", None, "keys", "reply", None, "menu", "react", "code", "list",
        "newline", None, ["⌘", "Shift", "C"], ["+"], ["↑"],
    ]  # fmt: skip


def test_answers_to_answers_belong_to_the_message_at_the_root(page: Window) -> None:
    found = _run(
        page,
        "thread",
        """const message = (id, reply_to = null, more = {}) =>
             ({ id, reply_to, changed: 1, sent_at: `2026-01-0${id}`, ...more });
           const all = [message("1"), message("2", "1"), message("3", "2"), message("4"),
             message("5", "1", { deleted_at: "x" }), message("6", "gone")];
           const held = new Map(all.map((one) => [one.id, one]));
           const thread = new m.Thread([held.get("1"), held.get("2")]);
           const first = thread.refresh({ messages: held, gone: new Set() });
           const again = thread.refresh({ messages: held, gone: new Set() });
           const lost = thread.refresh({ messages: held, gone: new Set(["3"]) });
           return [m.rootOf("3", held), m.rootOf("6", held), [...m.countReplies(held)],
             first, again, lost, thread.sorted().map((one) => one.id), thread.root];""",
    )
    assert found[:3] == ["1", "gone", [["1", 2], ["gone", 1]]]
    assert found[3:6] == [True, False, True]
    assert found[7] == "1"


def test_who_reacted_is_said_with_oneself_first(page: Window) -> None:
    found = _run(
        page,
        "reactions",
        """const people = { a: { name: "Ann" }, b: { name: "Bob" } };
           const many = { users: Array.from({ length: 20 }, (_, at) => `p${at}`) };
           const said = [{ emoji: "👍", count: 1, users: ["b"] }];
           const who = (users) => m.whoReacted({ users }, "a", people);
           const toggled = (...one) => m.toggled(said, ...one);
           return [who(["b", "a"]), who(["x"]), who(many.users).endsWith("and 9 others"),
             toggled("👍", "a", true), toggled("👍", "b", false),
             toggled("🎉", "a", true).length];""",
    )
    assert found[0] == "You and Bob"
    assert found[1] == "somebody who has left"
    assert found[2] is True
    assert found[3] == [{"emoji": "👍", "count": 2, "users": ["b", "a"]}]
    assert found[4] == []
    assert found[5] == 2


@pytest.mark.shows("announced")
def test_announcements_come_in_batches_and_not_while_paused(page: Window) -> None:
    spoken = _run(
        page,
        "announce",
        """const spoken = [], waiting = [];
           const one = new m.Announcer((text) => spoken.push(text), (run) => waiting.push(run));
           const flush = () => waiting.splice(0).forEach((run) => run());
           one.add("a"); one.add("b"); flush();
           for (const line of ["1", "2", "3", "4"]) one.add(line);
           flush();
           one.add("lost"); one.pause(true); flush(); one.add("unheard"); flush();
           one.pause(false); one.add("again"); flush();
           return spoken;""",
    )
    assert spoken == [
        "a\nb",
        "4 new messages. The latest: 4",
        "New messages are not announced any more.",
        "New messages are announced.",
        "again",
    ]


@pytest.mark.shows("scrolling")
def test_far_back_what_is_below_is_let_go_and_comes_again_on_the_way_down(page: Window) -> None:
    found = _run(
        page,
        "channel",
        """const four = (n) => String(n).padStart(4, "0");
           const some = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
             .map((n) => ({ id: four(n), seq: n, changed: n, sent_at: four(n), kind: "text" }));
           const channel = new m.Channel({ id: "c" });
           channel.takeNewest({ since: 0, upto: 1000, messages: some(941, 1000), more: true });
           const older = (from, to) =>
             channel.takeOlder({ messages: some(from, to), more: true }, channel.view);
           const ends = () =>
             [channel.sorted()[0].seq, channel.sorted().at(-1).seq, channel.messages.size];
           older(700, 940);
           const before = [channel.leaveBehind(400, 250), ends()];
           older(560, 699);
           const after = [channel.leaveBehind(400, 250), ends(), channel.newestSeq()];
           const [newest] = some(1001, 1001);
           channel.take({ type: "message", since: 1000, upto: 1001, message: newest });
           channel.takeNewer({ messages: some(770, 900) });
           return [before, after, ends(), channel.aside];""",
    )
    assert found[0] == [False, [700, 1000, 301]]
    assert found[1] == [True, [560, 809, 400], 1000]
    assert found[2] == [560, 1001, 442], "they met, and are one again"
    assert found[3] is None


@pytest.mark.shows("nudge-server")
def test_what_is_pointed_out_is_what_the_server_would_point_out(page: Window) -> None:
    """tests/messaging/test_nudge.py runs the same table on the server."""
    folder = settings.BASE_DIR
    table = json.loads((folder / "static" / "nudges" / "rules.json").read_text())
    given = json.loads((folder / "tests" / "data" / "nudges.json").read_text())
    code = f"""
      const rules = m.prepare({json.dumps(table)}), given = {json.dumps(given)};
      return given.examples.map(({{ text }}) => m.foundIn(rules, text, given.today));"""
    found = _run(page, "nudges", code)
    examples = given["examples"]
    assert [
        (one["text"], names)
        for one, names in zip(examples, found, strict=True)
        if names != one["found"]
    ] == []


def test_who_has_read_is_said_where_it_changes(page: Window) -> None:
    code = """
      const own = [1, 2, 3].map((seq) => ({ id: `m${seq}`, seq }));
      const lines = m.readersOf(own, new Map([["a", 1], ["b", 3], ["c", 3]]));
      const said = [["Bo"], ["Cy", "Bo"], ["D", "C", "B", "A"], ["E", "D", "C", "B", "A"]];
      return [[...lines], ...said.map(m.readWords)];"""
    assert _run(page, "receipts", code) == [
        [["m1", ["a", "b", "c"]], ["m3", ["b", "c"]]],
        "Read by Bo",
        "Read by Bo and Cy",
        "Read by A, B, C and D",
        "Read by A, B, C and 2 others",
    ]
