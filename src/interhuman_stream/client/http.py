"""HTTP requests and their answers, kept byte for byte."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from interhuman_stream.client.errors import ConnectionFailed, api_error

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from types import TracebackType

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
    transport: httpx.AsyncBaseTransport | None = None


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


class HttpClient:
    """Sends POST requests to one address; inside ``async with`` over connections that stay open for the next one.

    Args:
        address: The full address.
        options: How requests are sent.
    """

    def __init__(self, address: str, options: HttpOptions) -> None:
        self._address = address
        self._options = options
        self._open: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._address!r})"

    async def __aenter__(self) -> Self:
        self._open = self._opened()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._open = self._open, None
        if client is not None:
            await client.aclose()

    async def _post(self, **request: Any) -> Answer:
        """Send a request and give the answer.

        Args:
            request: What httpx takes as the request's content, files and headers.

        Raises:
            ApiError: The server answered with a status of 400 or more.
            ConnectionFailed: There was no answer.
        """
        with _failures(self._address, self._options):
            if self._open is not None:
                response = await self._open.post(self._address, **request)
            else:
                async with self._opened() as client:
                    response = await client.post(self._address, **request)
        if response.is_error:
            raise api_error(response.status_code, response.headers, response.content)
        return Answer(response.status_code, response.headers, response.content)

    def _opened(self) -> httpx.AsyncClient:
        import httpx  # noqa: PLC0415 - a fifth of a second that only those who send a request should wait

        options = self._options
        given: dict[str, Any] = {"timeout": options.timeout, "proxy": options.proxy, "transport": options.transport}
        if options.tls is not None:
            given["verify"] = options.tls
        return httpx.AsyncClient(**given)


@contextmanager
def _failures(url: str, options: HttpOptions) -> Iterator[None]:
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
