"""Checks of the upgrade of `WS /v0/stream/analyze`: who gets in, and how a browser does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.conformance.check import Check
from interhuman_stream.conformance.exchange import refusal
from interhuman_stream.conformance.session import opened, opened_as_browser, refused
from interhuman_stream.conformance.target import Failed
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import SUBPROTOCOL

if TYPE_CHECKING:
    from interhuman_stream.conformance.target import Target

NONSENSE: Final = "nonsense"


async def _header(target: Target) -> None:
    async with opened(target):
        pass


async def _subprotocol(target: Target) -> None:
    async with opened_as_browser(target):
        pass


async def _echo(target: Target) -> None:
    async with opened_as_browser(target) as socket:
        selected = socket.subprotocol
    if selected != SUBPROTOCOL:
        got = "none" if selected is None else "the token itself"
        raise Failed(f"the subprotocol {SUBPROTOCOL} selected", got)


async def _no_credential(target: Target) -> None:
    refusal(await refused(target), 401, error_id=errors.CREDENTIAL_MISSING.id)


async def _nonsense(target: Target) -> None:
    refusal(await refused(target, NONSENSE), 401, error_id=errors.CREDENTIAL_INVALID.id)


async def _nonsense_as_browser(target: Target) -> None:
    refusal(await refused(target, NONSENSE, browser=True), 401, error_id=errors.CREDENTIAL_INVALID.id)


async def _scope_missing(target: Target) -> None:
    target.key_pair()
    refusal(await refused(target, target.upload_token()), 403, error_id=errors.SCOPE_MISSING.id)


CHECKS: Final = (
    Check("handshake-header", "handshake", "The header Authorization: Bearer <token> opens a stream.", _header),
    Check(
        "handshake-subprotocol",
        "handshake",
        "Sec-WebSocket-Protocol: access_token, <token> opens a stream: browsers cannot send headers.",
        _subprotocol,
    ),
    Check(
        "handshake-subprotocol-echo",
        "handshake",
        "The server selects exactly the subprotocol access_token; without that browsers close the stream.",
        _echo,
    ),
    Check(
        "handshake-no-credential",
        "handshake",
        "Without a credential the upgrade is refused with HTTP 401 ih2001.",
        _no_credential,
    ),
    Check(
        "handshake-invalid-token",
        "handshake",
        "An invalid token in the header is refused with HTTP 401 ih2002 on the upgrade.",
        _nonsense,
    ),
    Check(
        "handshake-invalid-subprotocol-token",
        "handshake",
        "An invalid token among the subprotocols is refused with HTTP 401 ih2002 on the upgrade.",
        _nonsense_as_browser,
    ),
    Check(
        "handshake-scope-missing",
        "handshake",
        "A valid token without the scope interhumanai.stream is refused with 403 ih2003.",
        _scope_missing,
    ),
)
