"""What keeps unsent messages, part by part, in the browser that runs it: outbox, shelf, tabs."""

from typing import Any

import pytest

from accounts.models import User
from tests.e2e.conftest import Open
from tests.e2e.window import Window

pytestmark = pytest.mark.django_db(transaction=True)

#: A tab as the page makes it, on a line that is there or not; `sent` is what left by it.
_TAB = """
  const { Deliveries } = await import("lib/deliveries");
  const { Outbox } = await import("lib/outbox");
  const { ServerClock } = await import("lib/clock");
  const shelf = await import("lib/shelf");
  const { beginKeeping } = await import("lib/keeping");
  const soon = () => new Promise((next) => setTimeout(next, 5));
  const until = async (what) => { while (!await what()) await soon(); };
  const tab = async (line = { up: false }, person = "alice") => {
    const sent = [];
    const deliveries = new Deliveries({
      transmit: (frame) => line.up && Boolean(sent.push(frame)), changed: () => {}, person,
    });
    deliveries.clock.set(new Date().toISOString());
    await beginKeeping(deliveries, person);
    return { deliveries, sent, outbox: deliveries.outbox, keeping: deliveries.keeping };
  };
  const bodies = (all) => all.map(({ body }) => body);
  const kept = async () => bodies(await (await shelf.openShelf("alice")).all());
  const say = (body) => ({ channel: "c", body });
"""


@pytest.fixture
def run(open_window: Open, alice: User) -> Any:
    window: Window = open_window(alice)
    window.page.goto("/accounts/profile/")

    def evaluate(code: str) -> Any:
        return window.page.evaluate(f"async () => {{ {_TAB} {code} }}")

    return evaluate


def test_age_is_measured_by_the_servers_time_and_never_by_a_clock_that_is_set(run: Any) -> None:
    found = run(
        """let running = 1000;
           const clock = new ServerClock(() => running);
           const before = clock.known;
           clock.set("2026-03-01T10:00:00.000Z");
           running += 60_000;
           const later = new Date(clock.now()).toISOString();
           clock.set("nonsense");
           const outbox = new Outbox();
           const at = (hours) => new Date(clock.now() - hours * 3600_000);
           for (const hours of [23, 25, -48]) outbox.add({ ...say(`${hours}`), at: at(hours) });
           return [before, later, bodies(outbox.overdue(clock.now()))];"""
    )
    assert found == [False, "2026-03-01T10:01:00.000Z", ["25"]]


def test_what_is_held_comes_back_or_goes_out_and_is_no_more_to_be_undone(run: Any) -> None:
    found = run(
        """const { deliveries, sent } = await tab({ up: true });
           const first = deliveries.send(say("one"), 60_000);
           const state = first.state;
           const back = deliveries.undo(first.ref).body;
           const second = deliveries.send(say("two"), 30);
           await until(() => sent.length);
           const third = deliveries.send(say("three"), 60_000);
           deliveries.hurry();
           return [state, back, second.state, deliveries.undo(second.ref), bodies(sent)];"""
    )
    assert found == ["held", "one", "sending", None, ["two", "three"]]


def test_the_shelf_opens_to_its_person_alone_and_only_what_was_put_there(run: Any) -> None:
    found = run(
        """const alices = await shelf.openShelf("alice");
           const entry = (ref) => ({ ref, at: 5, channel: "c", body: `secret ${ref}` });
           await alices.put(entry("a")); await alices.put(entry("b"));
           const whole = (await alices.all()).map(({ body, at }) => [body, at]);
           await alices.change((entries) => {
             entries.get("a").onsuccess = ({ target }) => entries.put({ ...target.result, at: 6 });
           }); // younger than it is
           const changed = bodies(await alices.all());
           const exported = await crypto.subtle.exportKey("raw", alices.key)
             .catch((error) => error.name);
           await shelf.openShelf("bob");
           const evicted = await shelf.countKept();
           await shelf.clearShelves();
           return [whole, changed, exported, evicted];"""
    )
    assert found[0] == [["secret a", 5], ["secret b", 5]]
    assert found[1] == ["secret b"], "a record that was changed opens no more and is taken down"
    assert found[2:] == ["InvalidAccessError", 0]


def test_one_tab_sends_and_the_next_one_takes_over(run: Any) -> None:
    found = run(
        """const lineA = { up: false }, lineB = { up: true };
           const a = await tab(lineA);
           const written = a.deliveries.send(say("once"));
           await until(() => written.kept);
           const b = await tab(lineB);
           await until(() => b.outbox.size === 1);
           b.deliveries.resume(new Date().toISOString());
           const ofB = b.outbox.get(written.ref);
           const early = [b.sent.length, ofB.elsewhere, ofB.state, ofB.kept];
           a.keeping.release(written.ref); // as the browser does when the tab is closed
           await until(() => b.sent.length === 1);
           const same = b.sent[0].ref === written.ref;
           b.deliveries.arrived(written.ref);
           await until(() => a.outbox.size === 0);
           await until(async () => await shelf.countKept() === 0);
           return [early, same, a.sent.length];"""
    )
    assert found == [[0, True, "waiting", True], True, 0]


def test_a_refusal_is_remembered_and_another_tab_may_ask_again_or_remove(run: Any) -> None:
    found = run(
        """const line = { up: true };
           const a = await tab(line);
           const { ref } = a.deliveries.send(say("too late"));
           a.deliveries.refused({ ref, code: "not_a_member", detail: "You are not in it." });
           await until(() => a.outbox.get(ref).kept);
           const b = await tab(line);
           await until(() => b.outbox.get(ref));
           const { state, detail, final } = b.outbox.get(ref);
           b.deliveries.resume(new Date().toISOString());
           b.deliveries.retry(ref);
           await until(() => a.sent.length === 2);
           b.deliveries.discard(ref);
           await until(() => a.outbox.size === 0);
           await until(async () => await shelf.countKept() === 0);
           return [state, detail, final, b.sent.length];"""
    )
    assert found == ["failed", "You are not in it.", True, 0]


def test_what_was_answered_before_it_was_kept_is_not_kept_and_the_end_wipes_all(run: Any) -> None:
    found = run(
        """const a = await tab({ up: true });
           const quick = a.deliveries.send(say("answered at once"));
           a.deliveries.arrived(quick.ref);
           const slow = a.deliveries.send(say("not answered"));
           await until(() => slow.kept);
           const before = await kept();
           a.deliveries.forget();
           await a.keeping.work;
           const gone = await shelf.countKept();
           const ended = new Deliveries({ transmit: () => false, changed: () => {} });
           ended.forget();
           const began = await beginKeeping(ended, "alice");
           return [before, gone, began, ended.keeping];"""
    )
    assert found == [["not answered"], 0, True, None]
