"""Sound as it is meant: in any format that may change, from any channel and track, none cancelled, none drowned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from interhuman_stream.analysis.media.sounds import Mono
from interhuman_stream.analysis.media.stream import MediaStream
from tests.analysis.media.make import Seen, Track, clip, hum, seen, silence, talk, voice

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 6.0
MIC, HUM, NOTHING = voice(SECONDS), hum(SECONDS), silence(SECONDS)
FMP4 = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}


def sound(*tracks: Track, container: str = "matroska", options: dict[str, str] | None = None) -> Callable[[], bytes]:
    return lambda: clip(container, tracks, seconds=SECONDS, options=options)


def channels(layout: str, *samples: NDArray[np.float32], codec: str = "aac") -> Callable[[], bytes]:
    return sound(Track(np.stack(samples), codec, layout=layout))


def joined(*tracks: Track) -> Callable[[], bytes]:
    """Transport streams end to end, each with another kind of sound."""
    return lambda: b"".join(clip("mpegts", [track], seconds=3) for track in tracks)


def half(rate: int, layout: str = "mono", codec: str = "aac") -> Track:
    count = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    return Track(np.stack([voice(3, rate)] * count), codec, rate, layout)


def later(samples: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """One that becomes another in the middle."""
    return np.concatenate((samples[: len(samples) // 2], other[len(samples) // 2 :]))


def noise(level: float) -> NDArray[np.float32]:
    return (level * np.random.default_rng(1).standard_normal(len(MIC))).astype(np.float32)


CHANGES = {
    "44.1 then 48 kHz": joined(half(44_100), half(48_000)),
    "48 then 44.1 kHz": joined(half(48_000), half(44_100)),
    "32, 48, 44.1 kHz": joined(half(32_000), half(48_000), half(44_100)),
    "stereo then mono": joined(half(48_000, "stereo"), half(48_000)),
    "mono then stereo": joined(half(48_000), half(48_000, "stereo")),
    "mono then 5.1": joined(half(48_000), half(48_000, "5.1")),
    "mono at 44.1 then stereo at 48 kHz, MP2": joined(half(44_100, "mono", "mp2"), half(48_000, "stereo", "mp2")),
}
CHANNELS = {
    "alike": channels("stereo", MIC, MIC),
    "opposite": channels("stereo", MIC, -MIC),
    "opposite, one weaker": channels("stereo", MIC, -0.5 * MIC),
    "opposite later on": channels("stereo", MIC, later(MIC, -MIC)),
    "opposite, with noise": channels("stereo", MIC + noise(0.001), noise(0.002) - MIC),
    "the left one alone": channels("stereo", MIC, NOTHING),
    "the right one alone": channels("stereo", NOTHING, MIC),
    "a hum in the other": channels("stereo", HUM, MIC),
    "the centre of six": channels("5.1", NOTHING, NOTHING, MIC, NOTHING, NOTHING, NOTHING),
    "the front of six, opposite": channels("5.1", MIC, -MIC, NOTHING, NOTHING, NOTHING, NOTHING),
    "the front of six, opposite, and a hum that is heard before": channels(
        "5.1", np.roll(MIC, 6000), -np.roll(MIC, 6000), NOTHING, 0.5 * HUM, NOTHING, NOTHING
    ),
}
TRACKS = {
    "silence, then a microphone": sound(Track(NOTHING, "libopus"), Track(MIC, "libopus")),
    "a microphone, then silence": sound(Track(MIC, "libopus"), Track(NOTHING, "libopus")),
    "a hum, then a microphone": sound(Track(HUM, "libopus"), Track(MIC, "libopus")),
    "a louder hum, then a microphone": sound(Track(2 * HUM, "aac"), Track(MIC, "libopus")),
    "three, of which one is a microphone": sound(Track(NOTHING), Track(HUM), Track(MIC)),
    "six, of which the fifth is a microphone": sound(*[Track(NOTHING)] * 4, Track(MIC), Track(NOTHING)),
    "two in an MP4": sound(Track(NOTHING), Track(MIC), container="mp4"),
    "two in fragments": sound(Track(NOTHING), Track(MIC), container="mp4", options=FMP4),
    "two in a transport stream": sound(Track(NOTHING), Track(MIC), container="mpegts"),
    "one begins late": sound(Track(NOTHING, "libopus", skips=(0, 3)), Track(MIC, "libopus")),
    "one has hardly any": sound(Track(HUM, "libopus", skips=(0.2, 9)), Track(MIC, "libopus")),
    "one of another rate": sound(Track(silence(SECONDS, 44_100), "aac", 44_100), Track(MIC, "libopus")),
}
CASES = {
    f"{kind}: {name}": made
    for kind, cases in (("change", CHANGES), ("channels", CHANNELS), ("tracks", TRACKS))
    for name, made in cases.items()
}


def speech(found: Seen) -> float:
    """How much of the voice is in the sound's second half: 1 where it is as loud as it was recorded and alone."""
    heard = found.samples[-48_000:].astype(np.float64)
    time = np.arange(len(heard)) / 16_000
    tone = np.hypot(heard @ np.sin(2 * np.pi * 220 * time), heard @ np.cos(2 * np.pi * 220 * time)) * 2 / len(heard)
    return float(tone / 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_voice_is_heard_to_the_end(name: str) -> None:
    found = seen(CASES[name]())
    wanted = 9.0 if name == "change: 32, 48, 44.1 kHz" else SECONDS
    assert found.faults == []
    assert found.seconds == pytest.approx(wanted, abs=0.2)
    assert found.gaps == []
    assert 0.4 < speech(found) < 1.3
    assert found.has_audio
    assert np.abs(np.diff(found.samples)).max() < 0.15  # no click


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_a_sample_that_is_none_costs_itself_alone(value: float) -> None:
    samples = np.stack([MIC, MIC])
    damaged = samples.copy()
    damaged[0, 60_003] = value
    mono, sounds = Mono(), list[NDArray[np.float32]]()
    for at in range(0, damaged.shape[1], 4800):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(damaged[:, at : at + 4800]), "fltp", "stereo")
        frame.sample_rate = 48_000
        converted = mono.take(frame)
        assert converted is not None
        sounds.append(converted)
    heard = np.concatenate(sounds)
    assert np.isfinite(heard).all()
    assert np.abs(heard[21_000:]).max() < 0.3
    assert np.abs(heard[21_000:]).max() > 0.1


def test_a_hum_beside_a_voice_is_put_back() -> None:
    for name in ("tracks: a louder hum, then a microphone", "channels: a hum in the other"):
        heard = seen(CASES[name]()).samples[-48_000:].astype(np.float64)
        time = np.arange(len(heard)) / 16_000
        humming = np.hypot(heard @ np.sin(2 * np.pi * 100 * time), heard @ np.cos(2 * np.pi * 100 * time))
        assert humming * 2 / len(heard) < 0.05, name


def test_there_is_audio_only_where_there_is_sound() -> None:
    assert seen(talk()).has_audio
    assert not seen(clip("webm", [Track(silence(2), "libopus")], video="libvpx", seconds=2)).has_audio
    assert not seen(clip("mp4", seconds=2)).has_audio
    quiet = seen(clip("mp4", [Track(0.005 * voice(2))], seconds=2))
    assert quiet.has_audio


def test_the_pieces_of_a_stream_each_say_whether_they_are_heard() -> None:
    data = clip("mpegts", [Track(later(silence(8), voice(8)))], seconds=8)
    first, second = seen(data[: len(data) // 3]), seen(data)
    assert not first.has_audio
    assert second.has_audio


@pytest.mark.parametrize("container", ["webm", "mpegts", "matroska"])
def test_a_sound_that_ends_early_is_there_as_long_as_it_lasts(container: str) -> None:
    codec, video = ("libopus", "libvpx") if container == "webm" else ("aac", "libx264")
    data = clip(container, [Track(voice(4), codec)], video=video, seconds=12, fps=10)
    stream, heard = MediaStream(), []
    for at in range(0, len(data), 500):
        list(stream.feed(data[at : at + 500]))
        heard.append(stream.extent.has_audio)
    stream.close()
    assert any(heard)
    assert not heard[-1]
    assert seen(data).has_audio


def test_what_was_done_to_the_sound_is_said() -> None:
    assert seen(CASES["tracks: a hum, then a microphone"]()).notices == [
        "2 tracks of sound, mixed so that a voice in any of them is heard"
    ]
    assert any("change" in notice for notice in seen(CASES["change: stereo then mono"]()).notices)
    assert seen(talk()).notices == []


def test_more_tracks_than_are_listened_to_are_said() -> None:
    found = seen(sound(*[Track(MIC)] * 7)())
    assert found.notices == [
        "1 track of sound beyond those that are listened to, left out",
        "6 tracks of sound, mixed so that a voice in any of them is heard",
    ]


def test_the_same_sound_comes_out_whatever_the_cut() -> None:
    for name in ("tracks: a hum, then a microphone", "change: stereo then mono", "channels: opposite later on"):
        data = CASES[name]()
        pieces = [data[at : at + 3000] for at in range(0, len(data), 3000)]
        assert seen(*pieces).samples.tobytes() == seen(data).samples.tobytes(), name
