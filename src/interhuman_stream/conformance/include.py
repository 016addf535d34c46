"""Checks of the later dialect of v0, which `include[]` asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.conformance.check import AN_ANALYSIS, Check
from interhuman_stream.conformance.exchange import CORRELATION
from interhuman_stream.conformance.limits import TOO_SMALL
from interhuman_stream.conformance.messages import (
    engagement_states,
    has,
    later_signals,
    quality_sections,
    rejected,
    result_of,
    signals_of,
)
from interhuman_stream.conformance.session import answered, opened
from interhuman_stream.conformance.target import Failed
from interhuman_stream.protocol.limits import INCLUDES

if TYPE_CHECKING:
    from interhuman_stream.conformance.target import Target


async def _fields(target: Target) -> None:
    messages = await answered(target, target.clip.data, include=INCLUDES)
    result = result_of(messages, 1)
    later_signals(signals_of(result))
    engagement_states(result)
    quality_sections(result)


async def _unknown(target: Target) -> None:
    async with opened(target, ("a_value_of_another_time",)):
        pass


async def _correlated(target: Target) -> None:
    for message in await answered(target, target.clip.data, include=INCLUDES):
        has(message, "correlation_id")


async def _errors(target: Target) -> None:
    messages = await answered(target, TOO_SMALL, include=INCLUDES)
    has(rejected(messages, 1), "status", "segment", "correlation_id", "error_id", "link", "message")


async def _request_id(target: Target) -> None:
    async with opened(target, INCLUDES, {"X-Client-Request-Id": "conformance"}) as socket:
        headers = socket.response.headers if socket.response else {}
    if not headers.get(CORRELATION):
        raise Failed(f"the header {CORRELATION} on the upgrade", "none")


CHECKS: Final = (
    Check(
        "include-result",
        "include",
        "Asked for by include[], a result has probability and rationale in each signal, engagement_state, and"
        " conversation_quality with overall and a timeline whose entries have start, end and values.",
        _fields,
        AN_ANALYSIS,
    ),
    Check(
        "include-unknown",
        "include",
        "An include[] that is not known is ignored: the stream opens.",
        _unknown,
    ),
    Check(
        "include-correlation-id",
        "include",
        "With include[], each message has a correlation_id.",
        _correlated,
        AN_ANALYSIS,
    ),
    Check(
        "include-error",
        "include",
        "With include[], an error has status, segment, correlation_id, error_id, link and message.",
        _errors,
    ),
    Check(
        "include-client-request-id",
        "include",
        "The header X-Client-Request-Id is accepted, and X-Correlation-ID returned.",
        _request_id,
    ),
)
