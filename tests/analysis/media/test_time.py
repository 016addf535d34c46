"""One time that runs forward, whatever the clocks of a recording do."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from interhuman_stream import clock
from interhuman_stream.analysis.media import stream
from tests.analysis.media.make import Track, clip, seen, silence, talk, voice
from tools.field.mpeg import AUDIO, VIDEO, restamped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.field.mpeg import Pes

FMP4 = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
LIVE = {"live": "1"}


def after(begin: float, by: float) -> Callable[[float], float]:
    """Moves what comes later than ``begin`` seconds."""
    return lambda time: time + by if time >= begin else time


def paused(container: str, by: float, video: str = "libx264", options: dict[str, str] | None = None) -> bytes:
    """Four seconds of talk, in the middle of which the recorder paused."""
    sound = Track(voice(4), "libopus" if container in {"webm", "matroska"} else "aac", shift=after(2, by))
    return clip(container, [sound], shift=after(2, by), video=video, options=options)


@dataclass(frozen=True)
class Case:
    """A stream, and what should come of it: 40 pictures, 4 seconds of sound without a hole, up to 4 seconds."""

    pieces: Callable[[], list[bytes]]
    pictures: int = 40
    seconds: float = 4.0
    end: float = 4.0
    gaps: tuple[tuple[float, float], ...] = ()


def moved(move: Callable[[Pes], float]) -> Callable[[], list[bytes]]:
    return lambda: [restamped(talk(), move)]


def lasting(seconds: float) -> bytes:
    """How long a Matroska track says its frames last (RFC 9559, 5.1.4.1.13): an average, which a pause is part of."""
    return b"\x23\xe3\x83\x84" + struct.pack(">I", round(seconds * 1e9))


def silent(begin: float, end: float, container: str = "webm", video: str = "libvpx") -> Callable[[], list[bytes]]:
    """A recording in which the microphone was off for a while."""
    return lambda: [
        clip(container, [Track(voice(end + 2), "libopus", skips=(begin, end))], seconds=end + 2, video=video, fps=10)
    ]


JOINED = {
    "two recordings joined": Case(lambda: [talk() + talk()], 80, 8, 8),
    "three, of other lengths": Case(lambda: [talk(seconds=2) + talk() + talk(seconds=3)], 90, 9, 9),
    "the second one 40 s ahead": Case(lambda: [talk() + restamped(talk(), lambda pes: pes.time + 40)], 80, 8, 8),
    "the second one an hour ahead": Case(lambda: [talk() + restamped(talk(), lambda pes: pes.time + 3600)], 80, 8, 8),
    "the second one 3 s back": Case(lambda: [talk() + restamped(talk(), lambda pes: pes.time + 1)], 80, 8, 8),
    "program streams": Case(lambda: [talk("vob", 4.0, "mp2", "mpeg2video") * 2], 80, 8, 8),
    "with a clock that steps back in between": Case(moved(lambda pes: pes.time if pes.time < 3.4 else pes.time - 1.9)),
    "a program stream in which one picture in many has a time": Case(
        lambda: [clip("vob", [Track(voice(4), "mp2")], seconds=4, coding={"g": "25"})]
    ),
    "files, one after the other": Case(lambda: [talk("matroska", audio="libopus"), talk("mp4"), talk()], 120, 12, 12),
}
TWO_CLOCKS = {
    "sound 100 s ahead": Case(moved(lambda pes: pes.time + 100 * (pes.kind == AUDIO))),
    "sound 89 000 s ahead": Case(moved(lambda pes: pes.time + 89_000 * (pes.kind == AUDIO))),
    "pictures 100 s ahead": Case(moved(lambda pes: pes.time + 100 * (pes.kind == VIDEO))),
    "sound 30 s ahead": Case(moved(lambda pes: pes.time + 30 * (pes.kind == AUDIO))),
    "sound leaps 100 s in between": Case(moved(lambda pes: pes.time + 100 * (pes.kind == AUDIO and pes.time > 3.4))),
    "both leap, apart": Case(
        moved(lambda pes: pes.time + (300 if pes.kind == AUDIO else 100) * (pes.time > 3.4)), end=4.1
    ),
    "sound 100 s ahead, in Matroska": Case(
        lambda: [clip("matroska", [Track(voice(4), "libopus", shift=lambda time: time + 100)])]
    ),
}
STRAYS = {
    "every 15th picture 20 s ahead": Case(
        moved(lambda pes: pes.time + 20 * (pes.kind == VIDEO and pes.number % 15 == 14))
    ),
    "every 15th picture 3 s ahead": Case(
        moved(lambda pes: pes.time + 3 * (pes.kind == VIDEO and pes.number % 15 == 14))
    ),
    "every 15th picture at zero": Case(moved(lambda pes: pes.time * (pes.kind != VIDEO or pes.number % 15 != 14))),
    "every fourth packet of sound 20 s ahead": Case(
        moved(lambda pes: pes.time + 20 * (pes.kind == AUDIO and pes.number % 4 == 3))
    ),
    "two pictures in a row": Case(moved(lambda pes: pes.time + 20 * (pes.kind == VIDEO and pes.number in {50, 51}))),
    "the first picture": Case(moved(lambda pes: pes.time + 20 * (pes.kind == VIDEO and pes.number == 0))),
    "the last picture": Case(moved(lambda pes: pes.time + 20 * (pes.kind == VIDEO and pes.number == 99))),
    "the last picture 8 s ahead": Case(moved(lambda pes: pes.time + 8 * (pes.kind == VIDEO and pes.number == 99))),
    "one an hour ahead": Case(moved(lambda pes: pes.time + 3600 * (pes.kind == VIDEO and pes.number == 50))),
}
PAUSES = {
    "of 12 s": Case(lambda: [paused("webm", 12, "libvpx")], 40, 4, 16, ((2.0, 14.0),)),
    "of 70 s": Case(lambda: [paused("webm", 70, "libvpx")], 40, 4, 74, ((2.0, 72.0),)),
    "of an hour": Case(lambda: [paused("webm", 3600, "libvpx")], 40, 4, 3604, ((2.0, 3602.0),)),
    "of an hour, in Matroska": Case(lambda: [paused("matroska", 3600)], 40, 4, 3604, ((2.0, 3602.0),)),
    "of an hour, in fragments": Case(lambda: [paused("mp4", 3600, options=FMP4)], 40, 4, 3604, ((2.0, 3602.0),)),
    "none, though each picture is said to last 4 s": Case(
        lambda: [talk("matroska", audio="libopus").replace(lasting(0.04), lasting(4.0))]
    ),
    "of a day, which is a broken clock": Case(lambda: [paused("webm", 86_400, "libvpx")], 40, 4, 4),
    "of the microphone alone, 12 s": Case(silent(2, 14), 160, 4, 16, ((2.0, 14.0),)),
    "of the microphone alone, 35 s": Case(silent(2, 37), 390, 4, 39, ((2.0, 37.0),)),
    "of 5 s in a transport stream": Case(lambda: [paused("mpegts", 5)], 40, 4, 9, ((2.0, 7.0),)),
}
WRAPS = {
    "in between": Case(lambda: [restamped(talk(), lambda pes: pes.time + (1 << 33) / 90_000 - 3.4)]),
    "at the beginning": Case(lambda: [restamped(talk(), lambda pes: pes.time + (1 << 33) / 90_000 - 1.6)]),
    "long after a beginning that was far from it": Case(
        lambda: [
            restamped(talk(), lambda pes: pes.time + 40_000)
            + restamped(talk(), lambda pes: pes.time + (1 << 33) / 90_000 - 3.4)
        ],
        80,
        8,
        8,
    ),
}
CASES = {
    f"{kind}: {name}": case
    for kind, cases in {
        "joined": JOINED,
        "two clocks": TWO_CLOCKS,
        "strays": STRAYS,
        "pause": PAUSES,
        "wrap": WRAPS,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize("name", CASES)
def test_time_runs_forward(name: str) -> None:
    case = CASES[name]
    found = seen(*case.pieces())
    assert found.faults == []
    assert len(found.pictures) == pytest.approx(case.pictures, abs=2)
    assert found.seconds == pytest.approx(case.seconds, rel=0.04)
    assert found.times[-1] == pytest.approx(case.end - 0.1, abs=0.15)
    assert all(one < other for one, other in itertools.pairwise(found.times))
    assert len(found.gaps) == len(case.gaps)
    for gap, wanted in zip(found.gaps, case.gaps, strict=True):
        assert gap == pytest.approx(wanted, abs=0.15)


def cut(data: bytes, count: int) -> list[bytes]:
    return [data[len(data) * part // count : len(data) * (part + 1) // count] for part in range(count)]


STREAMS = {
    "webm": lambda: clip("webm", [Track(voice(10), "libopus")], video="libvpx", seconds=10, options=LIVE),
    "fragmented mp4": lambda: clip("mp4", [Track(voice(10), "aac")], seconds=10, options=FMP4, coding={"g": "10"}),
    "mpeg-ts": lambda: talk(seconds=10.0),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_piece_that_comes_once_more_is_said_to_and_costs_what_follows_nothing(name: str) -> None:
    pieces = cut(STREAMS[name](), 5)
    plain = seen(*pieces)
    found = seen(*pieces[:3], pieces[2], *pieces[3:])
    assert ["repeats" in fault for fault in found.faults] == [True]
    assert found.counts[3] <= 2
    assert found.counts[4] == pytest.approx(plain.counts[3], abs=4)
    assert found.counts[5] == pytest.approx(plain.counts[4], abs=4)
    assert found.times[-1] == pytest.approx(9.9, abs=0.2)


@pytest.mark.parametrize("order", ["1223345", "1232345", "1233345"])
@pytest.mark.parametrize("name", ["webm", "fragmented mp4"])
def test_the_very_bytes_that_came_change_nothing_of_what_follows(name: str, order: str) -> None:
    """Blocks say when they are by their cluster, samples by their fragment, which a piece may hold the half of."""
    pieces = cut(STREAMS[name](), 5)
    plain, found = seen(*pieces), seen(*[pieces[int(each) - 1] for each in order])
    assert ["repeats" in fault for fault in found.faults] == [True, True]
    assert found.times == plain.times
    assert found.samples.tobytes() == plain.samples.tobytes()


def test_bytes_that_came_before_are_none_of_those_that_gave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third, *_ = cut(STREAMS["webm"](), 5)
    monkeypatch.setattr(stream, "LARGEST_BARREN", 2 * len(second))
    assert len(seen(first, *[second] * 4, third[:10]).faults) == 3  # the repeats: the ten bytes are no fault


@pytest.mark.parametrize("size", [1000, 1024, 2500, 4096, 10_000])
@pytest.mark.parametrize("container", ["matroska", "mp4"])
def test_a_still_in_silence_repeats_nothing(container: str, size: int) -> None:
    codec = {"matroska": "pcm_s16le", "mp4": "aac"}[container]
    options = FMP4 if container == "mp4" else None
    data = clip(container, [Track(silence(4), codec)], still=True, coding={"g": "1"}, options=options)
    found = seen(*[data[at : at + size] for at in range(0, len(data), size)])
    assert found.faults == []
    assert found.frames == 100


@pytest.mark.parametrize("name", STREAMS)
def test_a_piece_that_comes_late_is_said_to(name: str) -> None:
    pieces = cut(STREAMS[name](), 5)
    found = seen(*pieces[:2], pieces[3], pieces[2], pieces[4])
    assert ["out of order" in fault for fault in found.faults] == [True]
    assert found.counts[3] <= 6
    assert found.times[-1] == pytest.approx(9.9, abs=0.2)
    assert all(one < other for one, other in itertools.pairwise(found.times))


def test_what_was_moved_is_said() -> None:
    assert any(
        "where their neighbours are" in notice for notice in seen(*STRAYS["two pictures in a row"].pieces()).notices
    )
    assert any("began anew" in notice for notice in seen(*JOINED["two recordings joined"].pieces()).notices)
    (paused_too,) = seen(paused("webm", 40, "libvpx")).notices
    assert "2 pauses of a track" in paused_too
    assert any("put beside it" in notice for notice in seen(*TWO_CLOCKS["sound 100 s ahead"].pieces()).notices)


def test_the_same_comes_out_whatever_the_cut() -> None:
    for name in ("joined: two recordings joined", "strays: two pictures in a row", "two clocks: both leap, apart"):
        (data,) = CASES[name].pieces()
        whole, pieces = seen(data), seen(*cut(data, 23))
        assert pieces.times == whole.times
        assert pieces.samples.tobytes() == whole.samples.tobytes()


def test_a_clock_that_leaps_without_end_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "REMEMBERED", 50)
    found = seen(restamped(talk(), lambda pes: pes.time + 37 * (pes.number % 7) * (pes.number // 3)))
    assert found.frames > 60
    assert all(one < other for one, other in itertools.pairwise(found.times))
