"""One HTTP request and its answer, kept byte for byte."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.client.errors import ConnectionFailed, api_error

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    import httpx

TIMEOUT: Final = 30.0
"""Seconds to wait for the connection, and for the answer of a request that needs no analysis."""


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """How requests are sent.

    Attributes:
        timeout: Seconds each step (connect, write, read) may take.
        tls: The TLS context; None takes the usual one.
        proxy: The proxy's URL; None takes the environment's (``HTTPS_PROXY`` and its like).
        transport: Where requests go instead of the network: the seam for tests and for custom transports.
    """

    timeout: float = TIMEOUT
    tls: ssl.SSLContext | None = None
    proxy: str | None = field(default=None, repr=False)  # a proxy's URL may carry a password
    transport: Any = None  # an httpx.AsyncBaseTransport; for the blocking clients an httpx.BaseTransport


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Attributes:
        status: The HTTP status.
        headers: The headers; names are matched without case.
        body: The body, byte for byte.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)  # it may be a token


async def post(url: str, options: HttpOptions, **request: Any) -> Answer:
    """Send a POST request and give the answer.

    Args:
        url: The full address.
        options: How to send it.
        request: What httpx takes as the request's content, files and headers.

    Raises:
        ApiError: The server answered with a status of 400 or more.
        ConnectionFailed: There was no answer.
    """
    import httpx  # noqa: PLC0415 - a fifth of a second that only those who send a request should wait

    with failures(url, options):
        async with httpx.AsyncClient(**settings(options)) as client:
            response = await client.post(url, **request)
    return answer(response)


def settings(options: HttpOptions) -> dict[str, Any]:
    """Give the options in the words of httpx."""
    given: dict[str, Any] = {"timeout": options.timeout, "proxy": options.proxy, "transport": options.transport}
    if options.tls is not None:
        given["verify"] = options.tls
    return given


@contextmanager
def failures(url: str, options: HttpOptions) -> Iterator[None]:
    """Turn what keeps a request from its answer into ``ConnectionFailed``."""
    import httpx  # noqa: PLC0415 - as above

    try:
        yield
    except httpx.InvalidURL as error:
        raise ConnectionFailed(f"{url} cannot be asked: {error}; check the address") from None
    except httpx.TimeoutException:
        raise ConnectionFailed(
            f"{url} did not answer within {options.timeout:g} s; check that the server is up, or wait longer"
        ) from None
    except httpx.TransportError as error:
        raise ConnectionFailed(
            f"{url} cannot be reached ({error or type(error).__name__}); check the address and that the server is up"
        ) from None


def answer(response: httpx.Response) -> Answer:
    """Keep what the server answered.

    Raises:
        ApiError: It is a refusal.
    """
    if response.is_error:
        raise api_error(response.status_code, response.headers, response.content)
    return Answer(response.status_code, response.headers, response.content)
