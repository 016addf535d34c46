"""HTTP requests of the checks and what must be true of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import httpx

from interhuman_stream.bounds import body_of, read_json
from interhuman_stream.conformance.room import no_room
from interhuman_stream.conformance.target import Failed
from interhuman_stream.protocol.paths import AUTH_V0
from interhuman_stream.proxies import proxy_for

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence

    from interhuman_stream.conformance.target import KeyPair, Target

CORRELATION: Final = "X-Correlation-ID"
ERROR_FIELDS: Final = ("error_id", "correlation_id", "link", "message")
UNHURRIED: Final = httpx.Timeout(None, connect=10.0)
"""Each check has a deadline of its own."""
PROXYS: Final = frozenset({407, 502, 504})
"""Statuses that are a proxy's own words (RFC 9110, 15.5.8, 15.6.3, 15.6.5) unless the API's body says otherwise."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered, to a request or to an upgrade that it refused.

    Attributes:
        status: The HTTP status.
        headers: The headers; names are matched without case.
        body: The body as it came.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)  # it may be a token

    def json(self) -> dict[str, Any]:
        """Read the body.

        Raises:
            Failed: It is no JSON object. What it is is left out: it may hold a token.
        """
        try:
            parsed = read_json(self.body)
        except ValueError:
            raise Failed("a JSON object as the body", f"status {self.status} and a body that is no JSON") from None
        if not isinstance(parsed, dict):
            raise Failed("a JSON object as the body", f"status {self.status} and a JSON {type(parsed).__name__}")
        return parsed


async def request(url: str, method: str = "POST", token: str | None = None, **content: Any) -> Answer:
    """Send a request; ``content`` is what httpx takes as body and headers.

    Raises:
        Unbounded: The answer is longer than is taken, or compressed unasked.
        Full: The server has no room just now.
        UnusableProxy: What the environment names as a proxy is none.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    proxy = proxy_for(url)
    transport = httpx.AsyncHTTPTransport(verify=_tls(), proxy=proxy.url if proxy else None)
    plain = {"Accept-Encoding": "identity"}
    async with (
        httpx.AsyncClient(timeout=UNHURRIED, transport=transport, headers=plain) as client,
        client.stream(method, url, headers=headers | content.pop("headers", {}), **content) as response,
    ):
        body = await body_of(response)
    if proxy and response.status_code in PROXYS and b"error_id" not in body:
        raise httpx.ProxyError(f"{response.status_code} {response.reason_phrase}")  # as httpx says it of a tunnel
    return admitted(Answer(response.status_code, response.headers, body))


def admitted(answer: Answer) -> Answer:
    """Give the answer of a server that had room to answer as the contract says.

    Raises:
        Full: It had none.
    """
    if full := no_room(answer.status, answer.headers):
        raise full
    return answer


@cache
def _tls() -> ssl.SSLContext:
    """Read the certificates once; each check has connections of its own."""
    return httpx.create_ssl_context()


async def ask_token(target_url: str, key: KeyPair, scopes: Sequence[str]) -> Answer:
    """Ask for a token."""
    body = {"key_id": key.key_id, "key_secret": key.key_secret, "scopes": list(scopes)}
    return await request(target_url + AUTH_V0, json=body)


async def upload(target: Target, data: bytes, *, token: str | None, version: str = "v0", **fields: Any) -> Answer:
    """Upload a file, with more fields of the form beside it."""
    files = {"file": ("clip.webm", data, "video/webm")}
    return await request(f"{target.url}/{version}/upload/analyze", token=token, files=files, data=fields)


def refusal(answer: Answer, *statuses: int, error_id: str | None = None) -> None:
    """Check that an answer refuses with one of these statuses and, where one is given, with this id.

    Raises:
        Failed: It does not.
    """
    if answer.status not in statuses:
        raise Failed(f"status {' or '.join(map(str, statuses))}", f"status {answer.status}")
    if error_id is not None:
        got = answer.json().get("error_id")
        if got != error_id:
            raise Failed(f"error_id {error_id} with status {answer.status}", f"error_id {got!r}")


def error_body(answer: Answer) -> None:
    """Check the shape of an HTTP error.

    Raises:
        Failed: It is another.
    """
    body = answer.json()
    wrong = [name for name in ERROR_FIELDS if not isinstance(body.get(name), str) or not body[name]]
    if wrong:
        raise Failed(
            f"a body with the texts {', '.join(ERROR_FIELDS)}",
            f"status {answer.status} and a body without {', '.join(wrong)}",
        )


def correlated(answer: Answer, to: str) -> None:
    """Check that an answer names its correlation id.

    Raises:
        Failed: It does not.
    """
    if not answer.headers.get(CORRELATION):
        raise Failed(f"the header {CORRELATION} on every response", f"none on the {answer.status} to {to}")
