"""Sources that are damaged, joined end to end or made of noise: what can be had comes through, in legal segments."""

from __future__ import annotations

import io
import itertools
import random
from typing import TYPE_CHECKING

import av
import pytest

from interhuman_stream.client import SourceError
from interhuman_stream.client.sources import batches, encode
from interhuman_stream.client.sources.file import segments
from tests.client.media import RATE, Clip, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pictures_in(data: bytes) -> list[float]:
    """Give the times of the pictures that decode."""
    with av.open(io.BytesIO(data), "r") as opened:
        if not opened.streams.video:
            return []
        return [frame.time for frame in opened.decode(opened.streams.video[0]) if frame.time is not None]


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("recordings")
    clips = {
        "a.ts": Clip(seconds=7),
        "a.mpg": Clip(video="mpeg2video", audio="mp2", seconds=7),
        "a.mkv": Clip(seconds=7),
        "a.webm": Clip(video="libvpx", audio="libopus", seconds=7),
        "long.mp4": Clip(seconds=7, keys=1000),
    }
    return {name: make(folder / name, clip).read_bytes() for name, clip in clips.items()}


def damaged(data: bytes, how: random.Random) -> bytes:
    """Flip bits, cut holes, blank stretches."""
    hurt = bytearray(data)
    for _ in range(how.choice((1, 5, 40))):
        at = how.randrange(len(hurt) - 600)
        match how.randrange(3):
            case 0:
                hurt[at] ^= 1 << how.randrange(8)
            case 1:
                del hurt[at : at + how.randrange(500)]
            case _:
                hurt[at : at + 300] = bytes(300)
    return bytes(hurt)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_damage_ends_in_fewer_segments_or_in_one_sentence(
    seed: int, recordings: dict[str, bytes], tmp_path: Path
) -> None:
    how = random.Random(seed)  # noqa: S311 - the same damage each time
    path = tmp_path / "hurt"
    for data in recordings.values():
        path.write_bytes(damaged(data, how))
        try:
            for segment in segments(path):
                av.open(io.BytesIO(segment.data)).close()
                assert segment.start < segment.end
                assert len(segment.data) <= 20_971_520
        except SourceError as error:
            assert str(path) in str(error)  # noqa: PT017 - that it is raised at all depends on the damage


@pytest.mark.parametrize("name", ["a.ts", "a.mpg"])
def test_recordings_joined_end_to_end_keep_one_clock(name: str, recordings: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(recordings[name] * 2)
    cut = list(segments(path))
    assert cut[-1].end == pytest.approx(14, abs=0.2)
    shown = [segment.start + time for segment in cut for time in pictures_in(segment.data)]
    assert len(shown) == 2 * 7 * RATE
    steps = [after - before for before, after in itertools.pairwise(shown)]
    assert max(steps) < 0.2


def test_noise_is_cut_finer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 600_000
    monkeypatch.setattr(batches, "LARGEST", most)
    monkeypatch.setattr(encode, "MOST_WITHOUT_KEY", most // 4)
    path = tmp_path / "noise.avi"
    with av.open(path, "w") as output:
        stream = output.add_stream("mjpeg", rate=RATE, options={"qmin": "1", "qmax": "2"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuvj420p"
        for frame in noise(50):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    cut = list(segments(path))
    assert len(cut) > 1
    assert max(len(segment.data) for segment in cut) < most * 1.1
    assert sum(len(pictures_in(segment.data)) for segment in cut) == 50


def noise(count: int) -> Iterator[av.VideoFrame]:
    source = random.Random(1)  # noqa: S311 - the same noise each time
    for number in range(count):
        frame = av.VideoFrame(320, 240, "yuvj420p")
        for plane in frame.planes:
            plane.update(source.randbytes(plane.buffer_size))
        frame.pts = number
        yield frame


def test_what_no_container_takes_is_told_in_one_sentence(
    recordings: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise av.error.ArgumentError(22, "Invalid argument")

    monkeypatch.setattr("interhuman_stream.client.sources.cut.mux", refuse)
    path = tmp_path / "a.mkv"
    path.write_bytes(recordings["a.mkv"])
    with pytest.raises(SourceError, match=r"cannot be cut into segments \(Invalid argument\); convert it"):
        list(segments(path))
