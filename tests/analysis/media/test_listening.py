"""Streams of which only the voice is heard: files of sound, videos nobody looks at, raw samples cut anywhere."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interhuman_stream.analysis.media.pcm import PcmStream
from interhuman_stream.analysis.media.stream import UNHEARD, Extent, MediaStream, Picture, Sound
from interhuman_stream.containers import read_header, read_sound_header
from interhuman_stream.faults import MalformedSegment, UnknownContainer
from interhuman_stream.medium import TALKING_FACE, UNOPENED, VOICE, Medium, raw_voice
from interhuman_stream.signals import Modality
from tests.analysis.media.make import Track, clip, talk, voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

SECONDS = 4.0
FILES = {
    "wav": ("wav", "pcm_s16le", 16_000),
    "flac": ("flac", "flac", 48_000),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "mp3 of low rate": ("mp3", "libmp3lame", 16_000),
    "ogg": ("ogg", "libopus", 48_000),
    "m4a": ("ipod", "aac", 48_000),
    "webm": ("webm", "libopus", 48_000),
}
ALONE = ("wav", "flac", "mp3", "mp3 of low rate", "ogg")
"""Those that can hold nothing to look at."""


def sound_file(name: str, seconds: float = SECONDS) -> bytes:
    """A file of a voice, without a track of video."""
    container, codec, rate = FILES[name]
    file, samples = io.BytesIO(), voice(seconds, rate)
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = rate
        fifo = av.AudioFifo()
        resampler = av.AudioResampler(stream.format, "mono", rate)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            fifo.write(part)
        for part in fifo.read_many(stream.codec_context.frame_size or 1024, partial=True):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()


def heard(stream: MediaStream | PcmStream, pieces: Iterable[bytes]) -> tuple[list[Sound], Extent]:
    """All sound of the pieces, and the extent of all of them; there must be no picture."""
    sounds: list[Sound] = []
    first: Extent | None = None
    audible = False
    for piece in pieces:
        items = list(stream.feed(piece))
        assert not any(isinstance(item, Picture) for item in items)
        sounds += [item for item in items if isinstance(item, Sound)]
        first, audible = first or stream.extent, audible or stream.extent.has_audio
    sounds += [item for item in stream.finish() if isinstance(item, Sound)]
    stream.close()
    assert first is not None
    last = stream.extent
    return sounds, Extent(first.start, last.end, last.has_video, audible or last.has_audio)


def samples_of(sounds: Iterable[Sound]) -> NDArray[np.float32]:
    return np.concatenate([sound.samples for sound in sounds])


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_sound_is_listened_to(name: str) -> None:
    sounds, extent = heard(MediaStream(medium=VOICE), [sound_file(name)])
    assert len(samples_of(sounds)) / 16_000 == pytest.approx(SECONDS, abs=0.1)
    assert extent.start == 0.0
    assert extent.end == pytest.approx(SECONDS, abs=0.1)
    assert (extent.has_video, extent.has_audio) == (False, True)


@pytest.mark.parametrize("name", ALONE)
def test_a_file_of_sound_begins_no_stream_that_is_looked_at(name: str) -> None:
    data = sound_file(name)
    assert read_sound_header(data) is not None
    assert read_header(data) is None
    with pytest.raises(UnknownContainer, match="begins no MP4"):
        list(MediaStream().feed(data))


def test_files_of_sound_follow_each_other() -> None:
    stream = MediaStream(medium=VOICE)
    sounds, extent = heard(stream, [sound_file("wav", 2.0), sound_file("mp3", 2.0), sound_file("webm", 2.0)])
    assert extent.end == pytest.approx(6.0, abs=0.2)
    assert len(samples_of(sounds)) / 16_000 == pytest.approx(6.0, abs=0.2)


@pytest.mark.parametrize("container", ["webm", "mpegts", "mp4", "avi"])
def test_nobody_looks_at_a_video_that_is_listened_to(container: str) -> None:
    codecs = {"webm": ("libopus", "libvpx")}.get(container, ("aac", "libx264"))
    data = talk(container, SECONDS, *codecs)
    listened, looked = MediaStream(medium=VOICE), MediaStream()
    sounds, extent = heard(listened, [data])
    both = [item for item in (*looked.feed(data), *looked.finish()) if isinstance(item, Sound)]
    np.testing.assert_array_equal(samples_of(sounds), samples_of(both))
    assert [sound.time for sound in sounds] == [sound.time for sound in both]
    assert (extent.has_video, extent.has_audio, listened.video_frames) == (False, True, 0)


def test_a_recording_is_listened_to_wherever_it_is_cut() -> None:
    data = talk("webm", SECONDS, "libopus", "libvpx")
    whole, _ = heard(MediaStream(medium=VOICE), [data])
    cut, _ = heard(MediaStream(medium=VOICE), [data[at : at + 1777] for at in range(0, len(data), 1777)])
    np.testing.assert_array_equal(samples_of(whole), samples_of(cut))


@pytest.mark.parametrize(("container", "video"), [("mp4", "libx264"), ("webm", "libvpx")])
def test_a_video_without_sound_holds_nothing_to_listen_to(container: str, video: str) -> None:
    with pytest.raises(MalformedSegment, match=UNHEARD):
        heard(MediaStream(medium=VOICE), [clip(container, video=video)])


def test_what_is_no_file_at_all_is_said_to_be_no_sound() -> None:
    with pytest.raises(UnknownContainer, match="begins no WAV"):
        list(MediaStream(medium=VOICE).feed(b"\x89PNG" + bytes(20_000)))
    with pytest.raises(MalformedSegment, match=UNHEARD):
        heard(MediaStream(medium=VOICE), [b"RIFF\x00\x00\x00\x00WAVE" + bytes(20_000)])


@pytest.mark.parametrize(
    ("make", "video", "audio"),
    [
        (partial(talk, "webm", SECONDS, "libopus", "libvpx"), True, True),
        (partial(talk, "mp4", SECONDS), True, True),
        (partial(talk, "mpegts", SECONDS), True, True),
        (partial(clip, "mp4"), True, False),
        (partial(clip, "webm", video="libvpx"), True, False),
        *((partial(sound_file, name), False, True) for name in ("m4a", "mp3", "ogg", "wav", "flac")),
    ],
)
def test_what_is_in_a_file_is_told_without_opening_it(make: Callable[[], bytes], video: bool, audio: bool) -> None:
    stream = MediaStream(medium=UNOPENED)
    assert [item for item in (*stream.feed(make()), *stream.finish()) if item] == []
    assert (stream.extent.has_video, stream.extent.has_audio) == (video, audio)
    assert stream.extent.end == pytest.approx(SECONDS, abs=0.15)


def test_hours_are_told_as_hours_without_opening_them() -> None:
    data = clip("matroska", [Track(voice(1.0), "libopus")], seconds=1.0, shift=lambda time: 3000.0 * time)
    stream = MediaStream(medium=UNOPENED)
    list(stream.feed(data))
    list(stream.finish())
    assert stream.extent.end > 2400


def test_the_cover_of_a_song_is_no_video() -> None:
    file = io.BytesIO()
    with av.open(io.BytesIO(sound_file("mp3")), "r") as song, av.open(file, "w", format="mp3") as out:
        sound = out.add_stream_from_template(song.streams.audio[0])
        cover = out.add_stream("mjpeg")
        assert isinstance(cover, av.VideoStream)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
        picture.pts = 0
        out.mux(cover.encode(picture))
        for packet in song.demux():
            if packet.dts is not None:
                packet.stream = sound
                out.mux(packet)
        out.mux(cover.encode(None))
    stream = MediaStream(medium=UNOPENED)
    list(stream.feed(file.getvalue()))
    list(stream.finish())
    assert (stream.extent.has_video, stream.extent.has_audio) == (False, True)


def pcm(rate: int, seconds: float = 1.0) -> bytes:
    return (voice(seconds, rate) * 32767).astype("<i2").tobytes()


@pytest.mark.parametrize("rate", [16_000, 24_000])
@settings(max_examples=25)
@given(sizes=st.lists(st.integers(1, 4001), min_size=2, max_size=12))
def test_raw_sound_is_the_same_wherever_it_is_cut(rate: int, sizes: list[int]) -> None:
    data = pcm(rate)
    whole, _ = heard(PcmStream(rate), [data])
    pieces, at = [], 0
    for size in sizes * (len(data) // sum(sizes) + 1):
        pieces.append(data[at : at + size])
        at += size
    cut, extent = heard(PcmStream(rate), [piece for piece in pieces if piece])
    np.testing.assert_allclose(samples_of(cut), samples_of(whole), atol=1e-4)
    assert extent.end == pytest.approx(1.0)
    assert (extent.start, extent.has_video, extent.has_audio) == (0.0, False, True)
    assert len(samples_of(whole)) / 16_000 == pytest.approx(1.0, abs=0.001)


def test_raw_sound_comes_byte_by_byte() -> None:
    data = pcm(16_000, 0.02)
    stream = PcmStream(16_000)
    sounds, extent = heard(stream, [data[at : at + 1] for at in range(len(data))])
    np.testing.assert_allclose(samples_of(sounds), np.frombuffer(data, "<i2") / 32768, atol=1e-6)
    assert extent.end == pytest.approx(0.02)


@pytest.mark.parametrize("rate", [16_000, 24_000])
def test_raw_sound_is_taken_up_again_in_the_middle_of_a_sample(rate: int) -> None:
    data = pcm(rate)
    first = PcmStream(rate)
    list(first.feed(data[:12_001]))
    second = PcmStream(rate, first.extent.end)
    list(second.feed(first.header))
    sounds, extent = heard(second, [data[12_001:]])
    assert extent.end == pytest.approx(1.0)
    assert sounds[0].time == pytest.approx(6_000 / rate)
    if rate == 16_000:
        np.testing.assert_allclose(samples_of(sounds), np.frombuffer(data[12_000:], "<i2") / 32768, atol=1e-6)


def test_silence_is_no_voice() -> None:
    _, extent = heard(PcmStream(16_000), [bytes(16_000)])
    assert not extent.has_audio


@pytest.mark.parametrize(("senses", "rate"), [(TALKING_FACE.senses, 16_000), ((Modality.AUDIO,), 1)])
def test_a_medium_that_cannot_be_is_refused(senses: tuple[Modality, ...], rate: int) -> None:
    with pytest.raises(ValueError, match=r"raw sound|samples"):
        Medium(senses, rate)


def test_mediums_say_what_they_are() -> None:
    assert (TALKING_FACE.looks, TALKING_FACE.listens) == (True, True)
    assert (VOICE.looks, VOICE.listens) == (False, True)
    assert (UNOPENED.looks, UNOPENED.listens) == (False, False)
    assert raw_voice(24_000) == Medium((Modality.AUDIO,), 24_000)
