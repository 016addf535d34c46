"""What the checks are run against, and how a check says that it does not hold or cannot be tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interhuman_stream.faults import Fault
from interhuman_stream.protocol.paths import STREAM_V0

if TYPE_CHECKING:
    from interhuman_stream.conformance.clip import Clip


class Failed(Fault):
    """The server does something else than the contract says."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}; got {got}")
        self.expected = expected
        self.got = got


class Skipped(Fault):
    """The check cannot be tried; the message says why."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key pair of the server."""

    key_id: str
    key_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """A token for one of the two scopes, or why there is none."""

    token: str | None = field(default=None, repr=False)
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A server and what there is to try it with.

    Attributes:
        url: The base URL, http or https, without a slash at its end.
        clip: The media that is sent.
        key: The key pair; None where a token or an API key was given instead.
        stream: Access to the stream.
        upload: Access to uploads.
    """

    url: str
    clip: Clip
    key: KeyPair | None
    stream: Access
    upload: Access

    @property
    def socket_url(self) -> str:
        """Where segments go."""
        return self.socket_of(STREAM_V0)

    def socket_of(self, path: str) -> str:
        """Where another socket of the server is."""
        return self.url.replace("http", "ws", 1) + path

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown to anyone."""
        known = (self.key and self.key.key_secret, self.stream.token, self.upload.token)
        return tuple(secret for secret in known if secret)

    def key_pair(self) -> KeyPair:
        """Give the key pair.

        Raises:
            Skipped: There is none.
        """
        if self.key is None:
            raise Skipped("no key pair was given, and this asks POST /v0/auth for a token")
        return self.key

    def stream_token(self) -> str:
        """Give a token for the stream.

        Raises:
            Skipped: There is none.
        """
        return _token(self.stream)

    def upload_token(self) -> str:
        """Give a token for uploads.

        Raises:
            Skipped: There is none.
        """
        return _token(self.upload)


def _token(access: Access) -> str:
    if access.token is None:
        raise Skipped(access.why_not)
    return access.token
