"""The log tells what happened and nothing of anyone's video or secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from interhuman_stream.service.run import log_to_stderr

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def logging() -> Iterator[None]:
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


@pytest.mark.usefixtures("logging")
def test_a_trace_shows_no_variables(capsys: pytest.CaptureFixture[str]) -> None:
    def analyse(data: bytes, key_secret: str) -> None:
        raise RuntimeError(f"broke after {len(data) + len(key_secret)} characters")

    media, secret = b"pixels" * 3, "hush"
    log_to_stderr()
    try:
        analyse(media, secret)
    except RuntimeError:
        structlog.get_logger().exception("analysis failed", segment=1)
    said = capsys.readouterr().err
    assert "analysis failed" in said
    assert "RuntimeError: broke after 22 characters" in said
    assert "pixels" not in said
    assert "hush" not in said
