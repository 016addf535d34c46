"""What a worker prints reaches the log a harmless line at a time, and no more of it than one can read."""

from __future__ import annotations

import logging
import os

import pytest

from interhuman_stream.engine.local.environment import clean
from interhuman_stream.engine.local.worker_output import BURST, LONGEST_LINE, follow, shown


def lines(*chunks: bytes, seconds_each: float = 0.0) -> list[str]:
    """What is shown of chunks that come so many seconds apart."""
    times = iter(seconds_each * at for at in range(len(chunks) + 1))
    return list(shown(iter(chunks), lambda: next(times), lambda _seconds: None))


def test_lines_are_lines_however_they_come() -> None:
    assert lines(b"one\ntw", b"o\n\n  \nthree") == ["one", "two", "three"]


def test_what_terminals_obey_is_shown_escaped() -> None:
    assert lines(b"\x1b[2J\r\xffready\xe2\x80\xa8x") == ["\\x1b[2J\\r\\xffready\\u2028x"]
    assert lines(b"x" * 100_000)[0] == "x" * (LONGEST_LINE - 1) + "…"


def test_a_flood_is_counted_and_not_shown() -> None:
    said = lines(b"line\n" * 10_000)
    assert said == ["line"] * int(BURST) + [f"({10_000 - int(BURST)} more lines, left out)"]
    later = lines(b"line\n" * 50, b"again\n", seconds_each=10.0)
    assert later[int(BURST) :] == ["(10 more lines, left out)", "again"]


def test_it_is_marked_as_a_workers(caplog: pytest.LogCaptureFixture) -> None:
    read, write = os.pipe()
    os.write(write, b'{"level": "info", "message": "ready"}\n')
    os.close(write)
    with caplog.at_level(logging.WARNING):
        follow(read, 4711)
    assert caplog.messages == ['worker 4711 printed: {"level": "info", "message": "ready"}']
    with pytest.raises(OSError, match="descriptor"):
        os.close(read)


def test_no_secret_is_passed_on() -> None:
    secrets = ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "OTEL_EXPORTER_OTLP_HEADERS", "INTERHUMAN_API_KEY", "LD_PRELOAD")
    assert clean({**dict.fromkeys(secrets, "secret"), "LANG": "C.UTF-8"}) == {"LANG": "C.UTF-8"}
