"""What every test can use: the shared clips where they are present, and the sample that ships."""

from __future__ import annotations

import io
import signal
import ssl
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import av
import certifi
import pytest
import structlog
from hypothesis import settings as hypothesis_settings

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, WHISPER, locate
from interhuman_stream.client.sources.file import segments
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.faults import ModelMissing
from interhuman_stream.protocol.limits import SCOPES
from interhuman_stream.sample import CLIP
from interhuman_stream.service.access.auth import issue
from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.service.context import Service

# A shell's script starts what is in its background deaf to Ctrl-C, and so everything that it starts: the tests that
# interrupt programs would wait in vain.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A shared machine stutters; how long an example takes is no property of the code. The examples are the same every time:
# whoever runs the tests learns about a change, not about luck (`make fuzz` is where new ones are tried).
hypothesis_settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis_settings.load_profile("repeatable")


class _Output(io.TextIOBase):
    """Whatever is standard output now: that of a test which a service has outlived is closed."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


# As the service's own log has it: with each frame's variables a fault of a test's makes thousands of lines, which take
# seconds to lay out while the event loop waits.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ],
    logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Output())),
)

_MADE = ssl.create_default_context


@cache
def _trusting(authorities: str) -> ssl.SSLContext:
    return _MADE(cafile=authorities)


def _context(*args: Any, **named: Any) -> ssl.SSLContext:
    return _trusting(certifi.where()) if not args and named == {"cafile": certifi.where()} else _MADE(*args, **named)


# httpx reads all authorities of the world for each client, which is for each `httpx.get` of a test: 30 ms, and most of
# what many tests took. Who names a file of its own gets a context of its own.
ssl.create_default_context = _context

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real clips and browser recordings; they are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared clips are not at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample clip that ships with the project."""
    return CLIP


@pytest.fixture(scope="session")
def short(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first ten seconds of the sample: a nod and "yes", a shaken head and "no"."""
    return beginning(sample, tmp_path_factory.mktemp("sample") / "talk.webm", 10.0)


@pytest.fixture(scope="session")
def brief(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Its first three seconds, for who only needs something that completes."""
    return beginning(sample, tmp_path_factory.mktemp("sample") / "brief.webm", 3.0).read_bytes()


@pytest.fixture(scope="session")
def glimpse(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Half of those, for who does not look at what is found."""
    return beginning(sample, tmp_path_factory.mktemp("sample") / "glimpse.webm", 1.5).read_bytes()


def beginning(video: Path, path: Path, seconds: float) -> Path:
    """Copy the first seconds of a video; nothing is encoded anew."""
    with av.open(str(video)) as source, av.open(str(path), "w") as out:
        streams = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.pts is not None and packet.pts * packet.time_base < seconds:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    return path


@dataclass(frozen=True, slots=True)
class Running:
    """The real service on a real socket, its engine in real worker processes."""

    url: str
    service: Service

    @property
    def socket_url(self) -> str:
        """Where segments go."""
        return self.url.replace("http", "ws", 1) + "/v0/stream/analyze"

    def token(self, *scopes: str) -> str:
        """A token for a new key with these scopes, all of them if none is named."""
        names = scopes or SCOPES
        new = self.service.store.create(names)
        key = self.service.store.live(new.key_id)
        assert key is not None
        return issue(key, names, self.service.store.signing())


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all tests that only talk to it."""
    try:
        for name in (FACE_LANDMARKER, WHISPER):
            locate(name)
    except ModelMissing as error:
        pytest.skip(str(error))
    server = Server(
        Settings(tmp_path_factory.mktemp("data"), port=0, max_sessions=200, wrong_credentials=100_000),
        LocalEngine(workers=2),
    )
    thread = threading.Thread(target=server.serve_until_stopped, name="service")
    thread.start()
    while not server.ready.is_set() and thread.is_alive():
        time.sleep(0.05)
    yield Running(server.url, server.service)
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="session")
def sample_segments(sample: Path) -> list[bytes]:
    """The sample, cut into its segments."""
    return [segment.data for segment in segments(sample, 5.0)]
