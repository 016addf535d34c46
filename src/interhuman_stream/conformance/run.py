"""Runs checks one after the other, each to its own end, and says what became of each."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Final

import httpx
from websockets.exceptions import WebSocketException

from interhuman_stream.conformance import (
    auth,
    continuation,
    errors,
    handshake,
    include,
    jobs,
    limits,
    order,
    sessions,
    upload,
)
from interhuman_stream.conformance.room import WAIT, Full, let_in, untold
from interhuman_stream.conformance.target import Failed, Skipped
from interhuman_stream.plain import sentence

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from interhuman_stream.conformance.check import Check
    from interhuman_stream.conformance.room import Told
    from interhuman_stream.conformance.target import Target

CHECKS: Final[tuple[Check, ...]] = tuple(
    chain(
        auth.CHECKS,
        handshake.CHECKS,
        order.CHECKS,
        include.CHECKS,
        limits.CHECKS,
        continuation.CHECKS,
        errors.CHECKS,
        upload.CHECKS,
        sessions.CHECKS,
        jobs.CHECKS,
    )
)


class Verdict(StrEnum):
    """What became of a check."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    SKIP = "skip"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check that was tried.

    Attributes:
        check: Which.
        verdict: What became of it.
        seconds: How long it took.
        expected: What the contract says, where it failed.
        got: What the server did instead.
        reason: Why it was skipped, or how long the server was full.
    """

    check: Check
    verdict: Verdict
    seconds: float
    expected: str | None = None
    got: str | None = None
    reason: str | None = None


async def run(
    target: Target, checks: Iterable[Check], *, wait: float = WAIT, told: Told = untold
) -> AsyncIterator[Outcome]:
    """Run checks one by one and give the outcome of each. None stops the others.

    Args:
        target: What they are run against.
        checks: Which.
        wait: Seconds to wait for a server that is full. Once it was for so long, each check is tried without waiting,
            until one is let in.
        told: Is told of the waiting.
    """
    full = False
    for check in checks:
        tried = await outcome(target, check, wait=0.0 if full else wait, told=told)
        full = tried.verdict is Verdict.FULL
        yield tried


async def outcome(target: Target, check: Check, *, wait: float = WAIT, told: Told = untold) -> Outcome:
    """Run one check; see ``run``."""

    async def attempt() -> None:
        async with asyncio.timeout(check.seconds):
            await check.run(target)

    begun = time.perf_counter()
    verdict, expected, got, reason = Verdict.PASS, None, None, None
    try:
        await let_in(attempt, wait, told)
    except Full as full:
        verdict, reason = Verdict.FULL, str(full)
    except Failed as failed:
        verdict, expected, got = Verdict.FAIL, failed.expected, failed.got
    except Skipped as skipped:
        verdict, reason = Verdict.SKIP, str(skipped)
    except TimeoutError:
        verdict, expected, got = Verdict.FAIL, f"an answer within {check.seconds:g} s", "none"
    except (OSError, EOFError, httpx.HTTPError, WebSocketException) as error:
        verdict, expected = Verdict.FAIL, "the connection to hold"
        got = f"{type(error).__name__}: {error}".removesuffix(": ")
    except Exception as error:  # noqa: BLE001 - what a server says must not stop the checks that come after
        verdict, expected = Verdict.FAIL, "what the check can read"
        got = f"{type(error).__name__} in the check: {error}"
    seconds = time.perf_counter() - begun
    return Outcome(check, verdict, seconds, *(_hushed(target, text) for text in (expected, got, reason)))


def _hushed(target: Target, text: str | None) -> str | None:
    """Take secrets out of what a server may have sent back, and what could steer a terminal."""
    if text is None:
        return None
    for secret in target.secrets:
        text = text.replace(secret, "(secret)")
    return sentence(text)
