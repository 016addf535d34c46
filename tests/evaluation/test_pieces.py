"""A file is cut into pieces of one stream, and nothing of it is lost."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
import pytest

from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.evaluation.pieces import pieces

if TYPE_CHECKING:
    from pathlib import Path


def packets(data: bytes) -> dict[str, list[int]]:
    """The sizes of the packets, by kind of stream."""
    found: dict[str, list[int]] = {"video": [], "audio": []}
    with av.open(io.BytesIO(data), "r") as container:
        for packet in container.demux():
            if packet.size:
                found[packet.stream.type].append(packet.size)
    return found


def last(data: bytes, kind: str = "video") -> float:
    """When the last packet of a kind is shown or heard, in seconds."""
    with av.open(io.BytesIO(data), "r") as container:
        found = [packet for packet in container.demux() if packet.stream.type == kind and packet.pts is not None]
        return max(float((packet.pts or 0) * packet.time_base) for packet in found)


def test_together_the_pieces_hold_every_packet(sample: Path) -> None:
    cut = list(pieces(sample, 5.0))
    whole = sample.read_bytes()
    assert packets(b"".join(cut)) == packets(whole)
    assert len(cut) == 6  # half a minute, of which 10 ms are sound after the last picture


def test_a_piece_ends_where_it_should(sample: Path) -> None:
    cut = list(pieces(sample, 2.0))
    for count in (1, 2, 3):
        assert last(b"".join(cut[:count])) == pytest.approx(2.0 * count, abs=0.15)


def test_a_file_that_keeps_no_times_of_its_pictures_is_cut_as_well(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "sample.avi"
    with av.open(str(sample)) as source, av.open(str(path), "w") as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                output.mux(packet)
    cut = list(pieces(path, 5.0))
    assert packets(b"".join(cut))["video"] == packets(path.read_bytes())["video"]
    assert len(cut) == 6


def test_sound_that_stands_a_second_after_its_picture_is_in_the_piece_with_it(shared_data: Path) -> None:
    path = shared_data / "clips" / "talk_Obama_clip1.mp4"
    cut = list(pieces(path, 5.0))
    assert packets(b"".join(cut)) == packets(path.read_bytes())
    for count in (1, 2, 3):
        fed = b"".join(cut[:count])
        assert last(fed, "video") == pytest.approx(5.0 * count, abs=0.2)
        assert last(fed, "audio") == pytest.approx(5.0 * count, abs=0.2)


def test_what_is_no_media_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(b"no media at all" * 100)
    with pytest.raises(EvaluationError, match=r"notes\.mp4"):
        list(pieces(path))
