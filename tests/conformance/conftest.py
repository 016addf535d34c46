"""A server to speak to: any, named by the environment, or our own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest

from interhuman_stream.conformance.clip import Clip, made
from interhuman_stream.protocol.limits import SCOPES, SMALLEST_SEGMENT
from tests.conformance.far_end import FarEnd, served

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, repr=False)
class Server:
    """A server and a key for it."""

    url: str
    key_id: str
    key_secret: str

    @property
    def socket_url(self) -> str:
        """Where segments go."""
        return self.url.replace("http", "ws", 1) + "/v0/stream/analyze"

    def token(self) -> str:
        """A token for streaming."""
        body = {"key_id": self.key_id, "key_secret": self.key_secret, "scopes": ["interhumanai.stream"]}
        answer = httpx.post(f"{self.url}/v0/auth", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    """Named by INTERHUMAN_API_URL, INTERHUMAN_API_KEY_ID and INTERHUMAN_API_KEY_SECRET; else our own service."""
    if url := os.environ.get("INTERHUMAN_API_URL"):
        key_id, secret = (os.environ[f"INTERHUMAN_API_KEY_{part}"] for part in ("ID", "SECRET"))
        return Server(url.rstrip("/"), key_id, secret)
    running = request.getfixturevalue("running")
    key = running.service.store.create(SCOPES)
    return Server(running.url, key.key_id, key.key_secret)


@pytest.fixture(scope="session")
def clip() -> Clip:
    """What begins like a file: the far end looks no further, and less is sent."""
    return Clip(made().data[: 6 * SMALLEST_SEGMENT], 5.0)


@pytest.fixture(scope="session")
def serving(clip: Clip) -> Iterator[FarEnd]:
    """A far end that is used again and again."""
    with served(FarEnd(size=len(clip.data))) as far_end:
        yield far_end


@pytest.fixture
def far_end(serving: FarEnd) -> FarEnd:
    """A far end that keeps the contract until it is told otherwise."""
    serving.fault = ""
    serving.scopes = SCOPES
    serving.full, serving.retry_after = 0, "0"
    return serving
