"""Clips are cut where `make cuts` says they are, and what it compares is counted right."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest

from interhuman_stream.signals import Modality, Observation, Probability, Signal, SignalType
from tools.cuts import overlap, ways
from tools.streamable import NoStream, Streamable, streamable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def clips(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Streamable]:
    """The sample as it is, and as a small MP4 whose index comes last."""
    whole = tmp_path_factory.mktemp("cuts") / "whole.mp4"
    with av.open(str(sample), "r") as source, av.open(str(whole), "w") as out:
        video = out.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 160, 120, "yuv420p"
        for number, frame in enumerate(source.decode(video=0)):
            small = frame.reformat(160, 120)
            small.pts, small.time_base = number, Fraction(1, 25)
            out.mux(video.encode(small))
        out.mux(video.encode(None))
    return {"webm": streamable(sample), "mp4": streamable(whole)}


@pytest.mark.parametrize("name", ["webm", "mp4"])
def test_all_ways_are_of_the_same_bytes(clips: dict[str, Streamable], name: str) -> None:
    clip = clips[name]
    assert clip.remuxed == (name == "mp4")
    assert clip.seconds == pytest.approx(30.0, abs=0.1)
    cut = ways(clip, name)
    assert {b"".join(pieces) for pieces in cut.values()} == {clip.data}
    assert [len(cut[way]) for way in ("whole", "5 s", "2.5 s", "1 s")] == pytest.approx([1, 6, 12, 30], abs=1)
    assert len(cut["0.25 s"]) > 100
    assert min(map(len, cut["random"])) < 100
    assert max(map(len, cut["random"])) > 10_000
    assert all(all(pieces) for pieces in cut.values())


@pytest.mark.parametrize("name", ["webm", "mp4"])
def test_a_piece_of_a_second_holds_a_second(clips: dict[str, Streamable], name: str) -> None:
    """As far as the container lets one cut: a cluster of the sample is a quarter of a second."""
    pieces = clips[name].every(1.0)
    for count in (3, 10, 20):
        with av.open(io.BytesIO(b"".join(pieces[:count])), "r") as file:
            times = [packet.pts * packet.time_base for packet in file.demux(video=0) if packet.pts is not None]
        assert float(max(times)) == pytest.approx(count, abs=0.35)


def test_what_is_no_video_is_said(tmp_path: Path) -> None:
    junk = tmp_path / "junk.flac"
    junk.write_bytes(b"fLaC" * 5000)
    with pytest.raises(NoStream, match="no container"):
        streamable(junk)


def signal(kind: SignalType, start: float, end: float) -> Signal:
    because = (Observation("nodded", start, end, Modality.VIDEO),)
    return Signal(kind, start, end, Probability.HIGH, because)


def test_overlap_is_of_all_signals_together() -> None:
    one = [signal(SignalType.AGREEMENT, 1, 3), signal(SignalType.CONFUSION, 2, 3)]
    assert overlap([], []) == overlap(one, one) == 1.0
    assert overlap(one, []) == 0.0
    assert overlap(one, one[:1]) == pytest.approx(2 / 3)
    assert overlap([signal(SignalType.AGREEMENT, 2, 4)], one[:1]) == pytest.approx(1 / 3)
