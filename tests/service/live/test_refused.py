"""The bytes of a refused frame belong to the stream: what a browser sends around it is read as if nothing had been."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT
from tests.service.live.test_stream import answers, opened
from tests.service.serving import IdleEngine, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Running

SETS = ("vp8_opus_webm", "vp9_opus_webm", "vp9_opus_fmp4")
PIECE = 300_000
MEDIA = re.compile(rb"\x1f\x43\xb6\x75\x01\xff{7}|....moof", re.DOTALL)
Said = list[dict[str, Any]]


@pytest.fixture(scope="session")
def blobs(shared_data: Path) -> Callable[[str], list[bytes]]:
    return lambda name: [path.read_bytes() for path in sorted((shared_data / "browser" / name).glob("blob_*.bin"))]


async def sent(running: Running, *frames: bytes | str) -> list[Said]:
    """What is said of each frame."""
    async with opened(running) as socket:
        for frame in frames:
            await socket.send(frame)
        said = await answers(socket, len(frames))
    return [[each for each in said if each["segment"] == number] for number in range(1, len(frames) + 1)]


def filled(blob: bytes, size: int) -> bytes:
    """The blob with room in it that says nothing, where its first media begins or behind it: `Void`, or `free`."""
    found = MEDIA.search(blob)
    if b"ftyp" in blob[:8] or (found and found[0].endswith(b"moof")):
        at, filling = found.start() if found else len(blob), (size + 8).to_bytes(4, "big") + b"free" + bytes(size)
    else:
        assert found
        at, filling = found.start(), b"\xec" + (size | 1 << 56).to_bytes(8, "big") + bytes(size)
    return blob[:at] + filling + blob[at:]


def beginning(blobs: list[bytes], pieces: int) -> list[bytes]:
    """Pieces of the recording, each of two to three seconds: it may be cut anywhere."""
    data = b"".join(blobs)
    return [data[at : at + PIECE] for at in range(0, pieces * PIECE, PIECE)]


def completed(said: Said) -> bool:
    return [each["status"] for each in said] == ["processing", "result", "completed"]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        pytest.param(name, place, marks=[pytest.mark.long] * ((name, place) not in {(SETS[0], 0), (SETS[2], 1)}))
        for place in (0, 1)
        for name in SETS
    ],
)
async def test_a_frame_that_is_too_large(
    running: Running, blobs: Callable[[str], list[bytes]], name: str, place: int
) -> None:
    frames = blobs(name)[: place + 2]
    frames[place] = filled(frames[place], LARGEST_SEGMENT)
    said = await sent(running, *frames)
    assert said[place][0]["error"] == f"Video chunk too large: {len(frames[place])} bytes (maximum: 20971520 bytes)"
    legal = [index for index, frame in enumerate(frames) if SMALLEST_SEGMENT <= len(frame) <= LARGEST_SEGMENT]
    assert [index for index in range(len(frames)) if completed(said[index])] == legal
    for each in said[-1][1]["signals"]:
        assert 0 <= each["start"] < each["end"] <= 6


@pytest.mark.parametrize(
    ("name", "first"),
    [
        pytest.param(SETS[at % 3], size, marks=[pytest.mark.long] * (size in {3, 6000}))
        for at, size in enumerate((1, 3, 100, 6000, 9999))
    ],
)
async def test_a_frame_that_is_too_small_at_the_start(
    running: Running, blobs: Callable[[str], list[bytes]], name: str, first: int
) -> None:
    one, two = beginning(blobs(name), 2)
    whole = await sent(running, one, two)
    said = await sent(running, one[:first], one[first:], two)
    assert said[0][0]["error"] == f"Video chunk too small: {first} bytes (minimum: 10000 bytes)"
    for cut, uncut in zip(said[1:], whole, strict=True):
        assert completed(cut)
        assert types(cut) == types(uncut)


@pytest.mark.parametrize("name", [SETS[0], pytest.param(SETS[1], marks=pytest.mark.long), SETS[2]])
async def test_frames_that_are_too_small_and_texts_in_the_middle(
    running: Running, blobs: Callable[[str], list[bytes]], name: str
) -> None:
    one, two, three = beginning(blobs(name), 3)
    frames: list[bytes | str] = [one, two[:1], two[1:9000], "a text", two[9000:-5], two[-5:], b"", three]
    said = await sent(running, *frames)
    assert [index for index, each in enumerate(said) if completed(each)] == [0, 4, 7]
    refused = [each[0]["error"] for each in said if not completed(each)]
    assert sum("too small" in each for each in refused) == 4


@pytest.mark.parametrize("name", SETS)
async def test_a_header_that_never_came_is_said_to_be_what_is_missing(
    running: Running, blobs: Callable[[str], list[bytes]], name: str
) -> None:
    data = b"".join(blobs(name))
    begins = [found.start() for found in MEDIA.finditer(data)]
    middle = data[begins[1] + 20_000 : begins[1] + 40_000]  # of a cluster, or of a fragment's media
    (media, inside, middle_said) = await sent(running, data[begins[0] :], data[begins[1] + 5000 :][:200_000], middle)
    for said in (media, inside, middle_said):
        assert said[0]["status"] == "processing"
        assert "the stream's header never came" in said[1]["error"]
        assert "send every blob" in said[1]["error"]
        assert "start(3000)" in said[1]["error"]
    kind = "fragmented MP4" if name.endswith("fmp4") else "WebM or Matroska"
    assert f"from the middle of a {kind} recording" in media[1]["error"]


async def test_what_is_refused_is_counted_against_the_key_all_the_same(tmp_path: Path) -> None:
    engine = IdleEngine()
    with serving(tmp_path, engine, key_bytes_per_hour=30_000) as running:
        async with opened(running) as socket:
            for _ in range(5):
                await socket.send(bytes(9000))
            said = await answers(socket, 5)
        assert ["too small" in each["error"] for each in said] == [True] * 4 + [False]
        assert said[-1]["error"].startswith("This key has used up")
        assert engine.taken == [bytes(9000)] * 4


def types(said: Said) -> set[str]:
    return {each["type"] for each in said[1]["signals"]}
