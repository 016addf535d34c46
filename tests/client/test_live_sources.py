"""Sources that are recorded just now: what stands for a camera, a real screen, a real RTSP server, HTTP and pipes."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import http.server
import io
import itertools
import os
import shutil
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import pytest

from interhuman_stream.client import Segment, SourceBroken, SourceError
from interhuman_stream.client.sources import inputs
from interhuman_stream.client.sources.inputs import Device, camera, device, network, screen, shown, together
from interhuman_stream.client.sources.recorder import from_files, from_pipe, recorded
from interhuman_stream.client.sources.source import open_source
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT
from tests.client.media import RATE, Clip, make

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURE = "testsrc2=size=160x120:rate=10"
TONE = "sine=frequency=300"


def decoded(segment: Segment) -> tuple[int, float]:
    """Decode a segment alone; give its pictures and its seconds of sound."""
    pictures, seconds = 0, 0.0
    with av.open(io.BytesIO(segment.data), "r") as container:
        for frame in container.decode():
            if isinstance(frame, av.VideoFrame):
                pictures += 1
            else:
                seconds += frame.samples / frame.sample_rate
    return pictures, seconds


def test_a_device_with_picture_and_sound() -> None:
    """FFmpeg's own source of test pictures in the camera's place: the same way from a device to segments."""
    graph = f"device:lavfi:color=gray:size=160x120:rate=10:duration=9.5[out0];{TONE}:duration=9.5[out1]"
    source = open_source(graph, 3.0)
    assert source.live
    segments = list(source.segments)
    assert [(segment.start, segment.end) for segment in segments[:3]] == [(0.0, 3.0), (3.0, 6.0), (6.0, 9.0)]
    # Nothing is held back to put a short end to: it comes alone, filled up to what a server takes.
    assert segments[3].end == pytest.approx(9.5, abs=0.1)
    assert len(segments[3].data) >= SMALLEST_SEGMENT
    assert [decoded(segment)[0] for segment in segments] == [30, 30, 30, 5]
    assert all(decoded(segment)[1] == pytest.approx(3.0, abs=0.1) for segment in segments[:3])


def test_two_devices_make_one_source() -> None:
    graph = together(
        Device("lavfi", f"{PICTURE}:duration=4"),
        Device("lavfi", f"{TONE}:duration=4"),
    )
    segments = list(open_source(f"device:lavfi:{graph}", 3.0).segments)
    assert [decoded(segment)[0] for segment in segments] == [30, 10]
    assert sum(decoded(segment)[1] for segment in segments) == pytest.approx(4.0, abs=0.1)


def test_a_segment_is_given_as_soon_as_it_is_whole() -> None:
    source = open_source(f"device:lavfi:{PICTURE},realtime[out0];{TONE}[out1]", 3.0)
    assert next(source.segments).end == 3.0
    source.stopped.set()
    assert len(list(source.segments)) <= 1  # held back, it would have come with the second, and a third begun


@pytest.mark.skipif(not Path("/dev/video0").exists(), reason="there is no /dev/video0 (v4l2loopback makes one)")
def test_a_camera() -> None:
    feeding = subprocess.Popen(
        ["ffmpeg", "-re", "-f", "lavfi", "-i", "testsrc2=size=640x480", "-f", "v4l2", "/dev/video0"]
    )
    try:
        time.sleep(1)
        source = open_source("camera:0", 3.0, microphone="none")
        segment = next(source.segments)
        source.stopped.set()
        assert decoded(segment)[0] > 30
    finally:
        feeding.kill()


def test_a_screen(tmp_path: Path) -> None:
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed (Debian: apt-get install xvfb)")
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "320x240x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    ) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as said:
                display = said.readline().strip()
            source = open_source(f"screen::{display}", 3.0, microphone="none")
            assert source.live
            segment = next(source.segments)
            source.stopped.set()
            assert decoded(segment)[0] > 1
        finally:
            server.kill()


@contextlib.contextmanager
def rtsp(launch: str) -> Iterator[str]:
    python = "/usr/bin/python3"
    server = Path(__file__).with_name("rtsp_server.py")
    there = subprocess.run(
        [python, "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"], capture_output=True, check=False
    )
    if there.returncode:
        pytest.skip("GStreamer's RTSP server is not installed (Debian: apt-get install gir1.2-gst-rtsp-server-1.0)")
    with subprocess.Popen([python, server, launch], stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            yield f"rtsp://me:s3cret@127.0.0.1:{running.stdout.readline().strip()}/live"
        finally:
            running.kill()


LAUNCH = (
    "( videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=10/1 ! vp8enc deadline=1"
    " keyframe-max-dist=10 ! rtpvp8pay name=pay0 pt=96 audiotestsrc is-live=true ! audioconvert ! audioresample"
    " ! opusenc ! rtpopuspay name=pay1 pt=97 )"
)


def test_a_camera_on_the_network_is_copied_not_encoded() -> None:
    with rtsp(LAUNCH) as url:
        source = open_source(url, 3.0)
        assert source.live
        assert "s3cret" not in source.name
        first = next(source.segments)
        source.stopped.set()
        rest = list(source.segments)
    pictures, sound = decoded(first)
    assert 2.7 <= first.end - first.start <= 4.5
    assert pictures == pytest.approx((first.end - first.start) * 10, abs=3)
    assert sound == pytest.approx(first.end - first.start, abs=0.5)
    assert len(rest) <= 1


def test_a_camera_that_goes_away_is_told_after_what_came() -> None:
    with rtsp(LAUNCH) as url:
        source = open_source(url, 3.0)
        segments = [next(source.segments)]
    try:
        segments += source.segments
    except SourceBroken as error:
        assert "breaks off" in str(error)  # noqa: PT017 - an RTSP server that is killed may also just end the stream
    assert decoded(segments[0])[0] > 20


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """A web server with a clip."""
    make(tmp_path / "clip.mkv", Clip(seconds=7))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=tmp_path))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_recording_on_a_web_server_is_paced_like_a_file(web: str) -> None:
    source = open_source(f"{web}/clip.mkv", 3.0)
    assert not source.live
    assert sum(decoded(segment)[0] for segment in source.segments) == 7 * RATE


def test_an_address_with_nothing_behind_it(web: str) -> None:
    with pytest.raises(SourceError, match=r"missing\.mp4 cannot be opened .*check the address") as caught:
        open_source(web.replace("//", "//me:s3cret@") + "/missing.mp4")
    assert "s3cret" not in str(caught.value)


def test_a_pipe(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mkv", Clip(seconds=7))
    with subprocess.Popen(["cat", clip], stdout=subprocess.PIPE) as cat:
        source = open_source("-", 3.0, stdin=cat.stdout)
        assert source.live
        segments = list(source.segments)
    assert sum(decoded(segment)[0] for segment in segments) == 7 * RATE


def test_a_pipe_that_holds_no_stream(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", Clip(seconds=3))  # its index stands at the end
    for data in (clip.read_bytes(), b"no media at all" * 1000, b""):
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
            threading.Thread(target=fill, args=(cat.stdin, data), daemon=True).start()
            with pytest.raises(SourceError, match="fragmented MP4"):
                list(open_source("-", 3.0, stdin=cat.stdout).segments)


def fill(pipe: Any, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        pipe.write(data)
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def test_names_that_mean_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    for name, said in (
        ("device:", "names no device"),
        ("device:v4l2", "names no device"),
        ("device:nonesuch:x", "has no nonesuch device"),
        ("camera:no/such/camera", "camera no/such/camera cannot be opened"),
        ("screen", "set DISPLAY"),
        ("rtsp://127.0.0.1:1/x", "cannot be opened"),
    ):
        with pytest.raises(SourceError, match=said):
            open_source(name, microphone="none")
    with pytest.raises(SourceError, match="is no file"):
        open_source("https://example.com/x", raw=True)


def test_how_each_system_calls_its_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    assert camera("0", "none", "linux").address == "/dev/video0"
    assert camera("/dev/v4l/by-id/face", "none", "linux").address == "/dev/v4l/by-id/face"
    both = camera("1", "hw:2,0", "linux")
    assert both.format == "lavfi"
    assert both.address == (
        r"movie=filename='/dev/video1':f=v4l2:format_opts='framerate=25\:video_size=640x480'[out0];"
        r"amovie=filename='hw\:2,0':f=alsa[out1]"
    )
    assert (camera("1", "", "darwin").address, camera("1", "none", "darwin").address) == ("1:default", "1:none")
    assert screen("", "none", "linux").address == ":7"
    assert screen("", "", "win32").address == "desktop"
    assert screen("", "none", "darwin").address == "Capture screen 0:none"
    assert network("https://host/x").options["tls_verify"] == "1"
    assert network("rtsp://host/x").options == {"rtsp_flags": "prefer_tcp"}
    assert device("v4l2:/dev/video2") == inputs.Input("device:v4l2:/dev/video2", "/dev/video2", "v4l2")


def test_no_password_is_shown() -> None:
    assert shown("rtsp://me:pass@host:554/a@b") == "rtsp://host:554/a@b"
    assert shown("a@b.mp4") == "a@b.mp4"


def test_a_recorders_pieces_go_as_they_are(shared_data: Path) -> None:
    for name, header in (("vp8_opus_webm", 189), ("vp9_opus_fmp4", 1181)):
        folder = shared_data / "browser" / name
        pieces = [path.read_bytes() for path in sorted(folder.glob("*.bin"))]
        segments = list(open_source(str(folder), 5.0, raw=True).segments)
        assert [segment.data for segment in segments] == pieces
        assert [len(segment.lead) for segment in segments] == [0] + [header] * (len(pieces) - 1)
        assert all(segment.lead == pieces[0][:header] for segment in segments[1:])


@pytest.mark.parametrize("sizes", [[1], [1, 2, 1, 7, 100], [188, 1, 400], [5_000]])
def test_a_header_may_come_in_any_pieces(shared_data: Path, sizes: list[int]) -> None:
    """Chromium's first blob has one byte where `start(250)` asks for many; another recording may follow."""
    for name, header in (("vp8_opus_webm", 189), ("vp9_opus_fmp4", 1181)):
        folder = shared_data / "browser" / name
        stream = b"".join(path.read_bytes() for path in sorted(folder.glob("*.bin"))[:2])
        ends = [*itertools.accumulate(sizes), len(stream)]
        pieces = [stream[start:end] for start, end in itertools.pairwise([0, *ends])]
        leads = [segment.lead for segment in recorded((piece, 0.0, 1.0) for piece in [*pieces, b"more"] * 2)]
        # What begins the media is known by its name, which has come as a whole a few bytes behind the header.
        wanted = [stream[:end] if end < header + 8 else stream[:header] for end in ends]
        assert leads[: len(pieces) + 1] == [b"", *wanted]
        # That another recording begins is known once there is enough of it to tell: until then it goes on.
        later = list(zip(ends, leads[len(pieces) + 2 :], wanted, strict=True))
        assert [lead for end, lead, _ in later if end >= 4] == [lead for end, _, lead in later if end >= 4]


def test_a_piece_may_begin_with_the_media_of_a_fragment() -> None:
    header = b"\0\0\0\x14ftypiso5\0\0\2\0iso5" + b"\0\0\0\x10moovmvex\0\0\0\0"
    pieces = [header + b"\0\0\0\x08moof", b"\0\0\x10\0mdat" + bytes(40), b"\0\0\0\x0cfree" + bytes(40)]
    assert [segment.lead for segment in recorded((piece, 0.0, 1.0) for piece in pieces)] == [b"", header, header]


def test_a_transport_stream_goes_on_behind_its_tables(tmp_path: Path) -> None:
    stream = make(tmp_path / "clip.ts", Clip(seconds=3)).read_bytes()
    pieces = [stream[:1], stream[1:300], stream[300:40_000], stream[40_000:]]
    assert [segment.lead for segment in recorded((piece, 0.0, 1.0) for piece in pieces)] == [
        b"",
        stream[:1],
        stream[:300],
        stream[:752],
    ]


def test_what_nothing_continues_needs_no_lead(tmp_path: Path) -> None:
    for name in ("clip.mp4", "clip.avi"):
        data = make(tmp_path / name, Clip(seconds=3, audio="mp2" if name.endswith("avi") else "aac")).read_bytes()
        pieces = [data[: len(data) // 2], data[len(data) // 2 :]]
        assert [segment.lead for segment in recorded((piece, 0.0, 1.0) for piece in pieces)] == [b"", b""]


def waiting(pipe: int) -> int:
    """The bytes in a pipe that nobody has read."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_a_recorders_pipe_is_cut_by_the_clock() -> None:
    header = b"\x1a\x45\xdf\xa3" + b"h" * 200
    stream = header + b"\x1f\x43\xb6\x75" + os.urandom(60_000)
    reading, writing = os.pipe()

    def record() -> None:
        with os.fdopen(writing, "wb", buffering=0) as file:
            for start in range(0, len(stream), 6_000):
                file.write(stream[start : start + 6_000])
                while waiting(reading):  # on a busy machine all of it could be there when the first is read
                    time.sleep(0.001)
                time.sleep(0.02)

    threading.Thread(target=record, daemon=True).start()
    with os.fdopen(reading, "rb") as file:
        segments = list(from_pipe(file, 0.05, threading.Event()))
    assert b"".join(segment.data for segment in segments) == stream
    assert len(segments) >= 2
    assert all(len(segment.data) >= SMALLEST_SEGMENT for segment in segments[:-1])
    assert [segment.lead for segment in segments] == [b""] + [header] * (len(segments) - 1)


def test_a_large_recording_goes_in_pieces_the_wire_takes(tmp_path: Path) -> None:
    path = tmp_path / "recording.ts"
    path.write_bytes(b"\x47" + bytes(187) + bytes(LARGEST_SEGMENT))
    segments = list(from_files(path, 5.0))
    assert [len(segment.data) for segment in segments] == [LARGEST_SEGMENT, 188]
    assert [(segment.start, segment.lead) for segment in segments] == [(0.0, b""), (5.0, b"")]
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="empty folder"):
        from_files(tmp_path / "empty", 5.0)
