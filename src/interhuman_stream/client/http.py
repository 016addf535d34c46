"""HTTP requests to one server, bounded in time and in the size of their answers."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Self

from interhuman_stream.bounds import LARGEST_ANSWER, Unbounded, body_of
from interhuman_stream.client.answer import Answer
from interhuman_stream.client.errors import ConnectionFailed, InvalidProxy, ProxyFailed, UnusableAnswer, api_error
from interhuman_stream.proxies import UnusableProxy, proxy_for

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from types import TracebackType

    import httpx

    from interhuman_stream.proxies import Proxy

TIMEOUT: Final = 30.0
"""Seconds to wait for the connection, and for the answer of a request that needs no analysis."""
LONGEST_SENDING: Final = 3600.0
"""Seconds for which a server may take a request bit by bit: 32 MB at 10 kB a second."""


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """How requests are sent.

    Attributes:
        timeout: Seconds each step (connect, write, read) may take, and the whole answer once the request is sent.
        tls: The TLS context; None takes the usual one.
        proxy: The proxy's URL; None takes the environment's (``HTTPS_PROXY`` and its like), and none for a server on
            this machine.
        largest: The longest answer taken, in bytes.
        transport: Where requests go instead of the network: the seam for tests and for custom transports.
    """

    timeout: float = TIMEOUT
    tls: ssl.SSLContext | None = None
    proxy: str | None = field(default=None, repr=False)  # a proxy's URL may carry a password
    largest: int = LARGEST_ANSWER
    transport: httpx.AsyncBaseTransport | None = None


class HttpClient:
    """Sends requests to one server; inside ``async with`` over connections that stay open for the next one.

    Args:
        address: The full address that is posted to.
        options: How requests are sent.
    """

    def __init__(self, address: str, options: HttpOptions) -> None:
        self._address = address
        self._options = options
        self._open: httpx.AsyncClient | None = None
        self._proxy: Proxy | None = None

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
        """Post to the client's address; see ``_ask``."""
        return await self._ask("POST", self._address, **request)

    async def _ask(self, method: str, address: str, **request: Any) -> Answer:
        """Send a request and give the answer.

        Args:
            method: The HTTP method.
            address: The full address, on the server of the client's own.
            request: What httpx takes as the request's content, files and headers.

        Raises:
            ApiError: The server answered with a status that is no success; ``Redirected`` where it sends us elsewhere.
            ConnectionFailed: There was no answer; ``ProxyFailed`` where a proxy stands in front of the server.
            InvalidProxy: What should name the proxy names none.
            UnusableAnswer: The answer is larger than is taken, or compressed.
        """
        if self._open is not None:
            answer = await self._answered(self._open, method, address, request)
        else:
            async with self._opened() as client:
                answer = await self._answered(client, method, address, request)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            error = api_error(answer.status, answer.headers, answer.body, address)
            if self._proxy is not None and error.error_id is None and _a_proxys(error.status):
                raise ProxyFailed(self._proxy.refused(error.status))
            raise error
        return answer

    async def _answered(self, client: httpx.AsyncClient, method: str, address: str, request: dict[str, Any]) -> Answer:
        with _failures(address, self._options, self._proxy):
            async with _Deadline(self._options.timeout) as deadline:
                asked = client.build_request(method, address, extensions={"trace": deadline.trace}, **request)
                response = await client.send(asked, stream=True)
                deadline.sent()
                try:
                    body = await body_of(response, self._options.largest)
                finally:
                    await response.aclose()
        return Answer(response.status_code, response.headers, body)

    def _opened(self) -> httpx.AsyncClient:
        import httpx  # noqa: PLC0415 - a fifth of a second that only those who send a request should wait

        options = self._options
        self._proxy, transport = None, options.transport
        if transport is None:
            self._proxy = _in_front(self._address, options.proxy)
            transport = _transport(options, self._proxy)
        # What is not compressed cannot unpack to more than was sent.
        plain = {"Accept-Encoding": "identity"}
        return httpx.AsyncClient(timeout=options.timeout, transport=transport, headers=plain)


class _Deadline:
    """Ends a request that is not answered in time as a whole: each step alone may be short, and there be no end.

    Args:
        timeout: Seconds for the answer, from the request's last byte on.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._limit = asyncio.timeout(LONGEST_SENDING + timeout)

    async def __aenter__(self) -> Self:
        await self._limit.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._limit.__aexit__(kind, error, trace)

    def sent(self) -> None:
        """Note that the request is sent, unless that was noted before."""
        until = asyncio.get_running_loop().time() + self._timeout
        if until < (self._limit.when() or 0.0):
            self._limit.reschedule(until)

    async def trace(self, event: str, _: object) -> None:
        """Be told by httpcore what it has done. Through a proxy, the request to be let through is one of its own."""
        if event.endswith("send_request_headers.started"):
            self._limit.reschedule(asyncio.get_running_loop().time() + LONGEST_SENDING + self._timeout)
        elif event.endswith("send_request_body.complete"):
            self.sent()


def _in_front(address: str, given: str | None) -> Proxy | None:
    try:
        return proxy_for(address, given or True)
    except UnusableProxy as error:
        raise InvalidProxy(str(error)) from None


def _transport(options: HttpOptions, proxy: Proxy | None) -> httpx.AsyncBaseTransport:
    """Give what carries requests to the network, through the proxy in front of it."""
    import httpx  # noqa: PLC0415 - as above

    given: dict[str, Any] = {} if options.tls is None else {"verify": options.tls}
    try:
        return httpx.AsyncHTTPTransport(proxy=proxy.url if proxy else None, **given)
    except ImportError:  # httpx looks for it only here
        if proxy is None or not proxy.socks:
            raise
        raise InvalidProxy(proxy.needs_more()) from None
    except OSError as error:
        raise ConnectionFailed(
            f"the certificates cannot be read ({error.strerror or error}); check what SSL_CERT_FILE and SSL_CERT_DIR "
            "name, or unset them"
        ) from None


def _a_proxys(status: int) -> bool:
    """Whether a status without the API's own body is taken for a proxy's word (RFC 9110, 15.5.8 and 15.6)."""
    return status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED or status >= HTTPStatus.INTERNAL_SERVER_ERROR


@contextmanager
def _failures(url: str, options: HttpOptions, proxy: Proxy | None) -> Iterator[None]:
    """Turn what keeps a request from its answer into ``ConnectionFailed``."""
    import httpx  # noqa: PLC0415 - as above

    try:
        yield
    except httpx.InvalidURL as error:
        raise ConnectionFailed(f"{url} cannot be asked: {error}; check the address") from None
    except Unbounded as error:
        raise UnusableAnswer(f"{url} is not listened to: {error}; check that the address is the API's") from None
    except (httpx.TimeoutException, TimeoutError):
        if proxy is not None:
            raise ProxyFailed(proxy.unreachable(url, f"no answer within {options.timeout:g} s")) from None
        raise ConnectionFailed(
            f"{url} did not answer within {options.timeout:g} s; check that the server is up, or wait longer"
        ) from None
    except httpx.TransportError as error:
        if proxy is not None:
            raise _through(proxy, url, error) from None
        cause = str(error) or type(error).__name__
        raise ConnectionFailed(
            f"{url} cannot be reached ({cause}); check the address and that the server is up"
        ) from None


def _through(proxy: Proxy, url: str, error: httpx.TransportError) -> ProxyFailed:
    """Say what became of a request that went through a proxy."""
    cause = str(error) or type(error).__name__
    refused = re.match(r"(\d{3})\b", cause) if type(error).__name__ == "ProxyError" else None
    return ProxyFailed(proxy.refused(int(refused[1])) if refused else proxy.unreachable(url, cause))
