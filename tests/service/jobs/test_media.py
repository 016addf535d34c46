"""Upload jobs on real media: what each model takes, what it finds, and what is refused before it is taken."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import av
import pytest

from interhuman_stream.protocol.v2 import HEARD
from tests.analysis.conftest import clip
from tests.analysis.media.make import Track, voice
from tests.analysis.media.make import clip as make_clip
from tests.analysis.media.test_listening import sound_file
from tests.service.jobs.test_routes import finished, submit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Running

ALL = ["signals", "conversation_quality_overall", "conversation_quality_timeline"]


def half_an_hour_and_more() -> bytes:
    """A picture now and then for fifty minutes, and some sound."""
    sound = Track(voice(1.0), "libopus")
    return make_clip("matroska", [sound], seconds=1.0, shift=lambda time: 3000.0 * time)


@pytest.fixture(scope="module")
def spoken(sample: Path) -> bytes:
    """The sample's voice, as a file of sound alone."""
    file = io.BytesIO()
    with av.open(str(sample)) as video, av.open(file, "w", format="flac") as out:
        sound = out.add_stream("flac", rate=16_000)
        assert isinstance(sound, av.AudioStream)
        sound.layout = "mono"
        resampler = av.AudioResampler("s16", "mono", 16_000, frame_size=4096)
        for frame in (*video.decode(audio=0), None):
            for part in resampler.resample(frame):
                out.mux(sound.encode(part))
        out.mux(sound.encode(None))
    return file.getvalue()


@pytest.mark.slow
def test_a_video_is_analysed_window_by_window(running: Running, sample: Path) -> None:
    token = running.token()
    taken = submit(running, token, file=sample.read_bytes(), include=ALL)
    assert taken.status_code == 202
    result = finished(running, token, taken.json()["job_id"])["result"]
    assert [*result] == ["duration_seconds", "window_seconds", "windows", "signals", "conversation_quality"]
    assert result["duration_seconds"] == pytest.approx(30, abs=0.2)
    assert [(each["start_seconds"], round(each["end_seconds"])) for each in result["windows"]] == [
        (start, start + 5) for start in range(0, 30, 5)
    ]
    assert "engaged" in {each["engagement_status"] for each in result["windows"]}
    kinds = {signal["type"] for each in result["windows"] for signal in each["signals"]}
    assert len(kinds) >= 4
    assert not kinds & {"engagement", "disengagement"}
    assert {signal["type"] for signal in result["signals"]} == kinds
    for each in result["windows"]:
        for signal in each["signals"]:
            assert (signal["start"], signal["end"]) == (each["start_seconds"], each["end_seconds"])
            assert [*signal] == ["type", "start", "end", "probability", "rationale"]
    assert len(result["conversation_quality"]["timeline"]) == len(result["windows"])


@pytest.mark.long
def test_a_voice_alone_is_analysed_as_such(running: Running, spoken: bytes, sample: Path) -> None:
    token = running.token()
    results = []
    for file in (spoken, sample.read_bytes()):  # a sound file, and a video at which nobody looks
        taken = submit(running, token, file=file, model="inter-2-audio", include=ALL)
        assert taken.status_code == 202
        results.append(finished(running, token, taken.json()["job_id"])["result"])
    for result in results:
        kinds = {signal["type"] for signal in result["signals"]}
        assert kinds
        assert kinds <= HEARD
        assert "engaged" in {each["engagement_status"] for each in result["windows"]}
        assert not any("nodded" in signal["rationale"].lower() for signal in result["signals"])
        assert {signal["probability"] for signal in result["signals"]} <= {"low", "medium", "high"}
    assert len(results[0]["windows"]) == len(results[1]["windows"])


@pytest.mark.parametrize("name", ["wav", "mp3", "m4a", "ogg", "webm"])
def test_every_kind_of_sound_is_taken(running: Running, name: str) -> None:
    answer = submit(running, file=sound_file(name), model="inter-2-audio", wait_seconds="100")
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "completed")
    assert body["result"]["duration_seconds"] == pytest.approx(4.0, abs=0.1)
    assert "signals" not in body["result"]


@pytest.mark.parametrize(
    ("model", "file", "status", "identity"),
    [
        ("inter-2", partial(sound_file, "mp3"), 400, "ih4002"),
        ("inter-2", partial(sound_file, "webm"), 422, "ih5001"),
        ("inter-2", partial(sound_file, "m4a"), 422, "ih5001"),
        ("inter-2", partial(make_clip, "mp4"), 422, "ih5008"),
        ("inter-2-audio", partial(make_clip, "mp4"), 422, "ih5008"),
        ("inter-2", partial(clip, "webm", "libvpx", "libopus", seconds=2.0), 400, "ih4007"),
        ("inter-2-audio", partial(sound_file, "ogg", 2.0), 400, "ih4007"),
        ("inter-2", lambda: b"\x89PNG" + bytes(20_000), 400, "ih4002"),
        ("inter-2-audio", lambda: b"\x89PNG" + bytes(20_000), 400, "ih4002"),
        ("inter-2", lambda: b"\x1a\x45\xdf\xa3" + bytes(20_000), 422, "ih5002"),
        ("inter-2-audio", lambda: b"RIFF\x00\x00\x00\x00WAVE" + bytes(20_000), 422, "ih5002"),
        ("inter-2", lambda: make_clip("mp4")[:-2000], 422, "ih5002"),
        ("inter-2", half_an_hour_and_more, 400, "ih4004"),
    ],
)
def test_what_is_wrong_is_said_before_it_is_taken(
    running: Running, model: str, file: Callable[[], bytes], status: int, identity: str
) -> None:
    answer = submit(running, file=file(), model=model)
    assert (answer.status_code, answer.json()["error_id"]) == (status, identity), answer.json()["message"]
