"""The modules under static/js/lib that know of files, in the browser that runs them."""

from typing import Any

import pytest

from tests.e2e.conftest import Open
from tests.e2e.window import Window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(open_window: Open) -> Window:
    window = open_window()
    window.page.goto("/accounts/login/")
    return window


def _run(window: Window, module: str, code: str) -> Any:
    """What `code` returns, with the module's exports as `m`."""
    return window.page.evaluate(f"async () => {{ const m = await import('lib/{module}'); {code} }}")


def test_sizes_lengths_and_kinds_are_said_as_people_say_them(page: Window) -> None:
    sizes = "return [740, 12345, 3444444, 2e9].map(m.sizeWords)"
    assert _run(page, "sizes", sizes) == ["740 bytes", "12 kB", "3.4 MB", "2 GB"]
    lengths = "return [7.4, 760, NaN, -1].map(m.lengthWords)"
    assert _run(page, "sizes", lengths) == ["0:07", "12:40", "0:00", "0:00"]
    said = _run(
        page,
        "attached",
        """const office = "application/vnd.openxmlformats-officedocument";
           const photo = { type: "image/jpeg", width: 9, name: "a.jpg" };
           const note = { type: "audio/webm", waveform: [1], name: "b.webm" };
           const rota = { type: "application/pdf", name: "rota.pdf", size: 1200000 };
           return [m.aboutWords(rota),
             m.aboutWords({ type: `${office}.spreadsheetml.sheet`, name: "a.xlsx", size: 12 }),
             m.aboutWords({ type: "application/x", name: "a.odd", size: 12 }),
             m.attachedWords([photo, photo, note, rota]), m.attachedWords([])];""",
    )
    assert said == [
        "PDF, 1.2 MB",
        "Excel, 12 bytes",
        "ODD, 12 bytes",
        "2 pictures, voice note, rota.pdf",
        "",
    ]


def test_a_picture_takes_its_place_by_its_shape(page: Window) -> None:
    places = _run(
        page,
        "attached",
        """return [[4000, 3000], [3000, 4000], [200, 100], [4000, 20], [null, null]]
             .map(([width, height]) => m.placeFor({ width, height }))
             .map(({ width, height }) => [width, height]);""",
    )
    assert places == [[360, 270], [240, 320], [200, 100], [360, 96], [240, 180]]


def test_a_sound_becomes_bars_and_a_hash_becomes_colours(page: Window) -> None:
    found = _run(
        page,
        "waveform",
        """const sound = Float32Array.from({ length: 6400 }, (_, at) => (at < 3200 ? 0.1 : -0.4));
           const silence = m.peaks(new Float32Array(10));
           return [m.peaks(sound).length, m.peaks(sound)[0], m.peaks(sound)[63],
             silence.length, Math.max(...silence), m.barsPath([0, 100])];""",
    )
    assert found == [64, 25, 100, 10, 0, "M1.5 48V52M4.5 0V100"]
    pixels = _run(
        page,
        "blurhash",
        """const pixels = m.decode("LEHV6nWB2yk8pyo0adR*.7kCMdnj", 4, 3);
           return [pixels.length, pixels[3], m.decode("LEHV", 4, 3), m.decode("", 1, 1)];""",
    )
    assert pixels == [48, 255, None, None]


def test_what_is_refused_is_refused_before_it_is_sent(page: Window) -> None:
    said = _run(
        page,
        "uploads",
        """const allowed = { most_bytes: 1000000, types: ["image/png", "application/pdf"] };
           const file = (type, size = 9) => ({ name: "a", type, size });
           const refused = (one, info = {}, already = 0) => m.refusal(one, allowed, info, already);
           return [refused(file("image/png")), refused(file("image/tiff")), refused(file("")),
             refused(file("video/mp4")), refused(file("image/png", 0)),
             refused(file("image/png", 2000000)), refused(file("image/png"), { no_images: true }),
             refused(file("application/pdf"), { no_images: true }), refused(file(""), {}, 10)];""",
    )
    assert said[:3] == [None, None, None]
    assert said[3:] == [
        "Files of this kind are not allowed here.",
        "This file is empty.",
        "This file is larger than 1 MB, the most that is allowed here.",
        "Pictures are not allowed in this channel. Nothing was uploaded.",
        None,
        "A message holds at most 10 files.",
    ]


def test_a_message_says_what_it_waits_for(page: Window) -> None:
    said = _run(
        page,
        "uploads",
        """const batch = new m.Batch("c");
           const photo = batch.add({ name: "a.png", size: 2000, type: "image/png" });
           const rota = batch.add({ name: "b.pdf", size: 9, type: "application/pdf" });
           const steps = [batch.why];
           const step = (tile, state) => { tile.state = state; steps.push(batch.why); };
           step(rota, m.READY);
           step(photo, m.CUT);
           step(photo, m.WAITING);
           step(photo, m.FAILED);
           const stuck = batch.stuck;
           photo.state = m.READY;
           return [steps, stuck, batch.ready, batch.hasPictures,
             m.tileWords({ state: m.RECEIVING, sent: 1000, size: 2000 })];""",
    )
    assert said[0] == [
        "Sending when the files are ready",
        "Sending when the picture is ready",
        "Sending when the connection is back",
        "Sending when the virus scanner is back",
        "Not sent yet: a file could not be added. Remove it or try again.",
    ]
    assert said[1:] == [True, True, True, "1 kB of 2 kB"]
