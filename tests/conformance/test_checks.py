"""The checks of the contract: a server that keeps it passes them all, and one that breaks a rule is found out."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.conformance import prepare
from interhuman_stream.conformance.check import MANY_BYTES
from interhuman_stream.conformance.clip import Clip, made
from interhuman_stream.conformance.prepare import CannotConnect, with_bearer, with_key
from interhuman_stream.conformance.run import CHECKS, Outcome, Verdict, outcome
from interhuman_stream.conformance.target import KeyPair
from interhuman_stream.protocol.limits import STREAM_SCOPE
from tests.conformance.far_end import KEY

if TYPE_CHECKING:
    from interhuman_stream.conformance.check import Check
    from tests.conformance.conftest import Server
    from tests.conformance.far_end import FarEnd
    from tests.conftest import Running

COMPLETES = {
    "order-segment",
    "order-without-waiting",
    "order-signals",
    "include-result",
    "limit-after-too-small",
    "limit-after-too-large",
    "continuation-pieces",
    "continuation-new-file",
    "continuation-after-whole",
    "error-session-goes-on",
}
TELLS = COMPLETES | {
    "order-bytes",
    "order-from-one",
    "order-first-dialect",
    "include-correlation-id",
    "include-error",
    "limit-smallest",
    "limit-largest",
    "limit-too-small",
    "limit-too-large",
    "limit-documented-example",
    "error-undecodable",
}
OPENS = TELLS | {"handshake-header", "include-unknown", "include-client-request-id", "correlation-id-upgrade"}
TOO_LARGE = {"limit-too-large", "limit-documented-example"}
REFUSES = {"error-body-auth", "error-body-upgrade", "error-body-upload", "error-not-found"}
NAMES_IDS = {
    "auth-missing-secret",
    "handshake-no-credential",
    "handshake-invalid-token",
    "handshake-invalid-subprotocol-token",
    "handshake-scope-missing",
    "upload-no-credential",
    "upload-invalid-token",
    "upload-scope-missing",
    "upload-no-file",
    "upload-too-large",
    "upload-wrong-container",
    "upload-unreadable",
}
NUMBERS = {"order-from-one", "include-error", "error-undecodable", "limit-too-small"} | TOO_LARGE


def both(*names: str) -> set[str]:
    """Checks of v1 and v2."""
    return {f"{version}-{name}" for version in ("v1", "v2") for name in names}


FAULTS: dict[str, set[str]] = {
    "": set(),
    "tokens last longer": {"auth-grant"},
    "tokens of other characters": {"auth-token-alphabet"},
    "any secret will do": {"auth-wrong-secret"},
    "any key will do": {"auth-unknown-key"},
    "a missing secret is a wrong one": {"auth-missing-secret"},
    "a malformed body is a bad parameter": {"auth-malformed"},
    "no scope will do": {"auth-no-scopes"},
    "headers are not read": OPENS | {"handshake-invalid-token", "handshake-scope-missing"},
    "subprotocols are not read": {
        "handshake-subprotocol",
        "handshake-subprotocol-echo",
        "handshake-invalid-subprotocol-token",
    },
    "no subprotocol is selected": {"handshake-subprotocol-echo"},
    "the token is selected": {"handshake-subprotocol-echo"},
    "nobody is asked who they are": {
        "handshake-no-credential",
        "upload-no-credential",
        "error-body-upgrade",
        "error-correlation-id",
    },
    "any token will do": {
        "handshake-invalid-token",
        "handshake-invalid-subprotocol-token",
        "upload-invalid-token",
    },
    "scopes are not read": {"handshake-scope-missing", "upload-scope-missing"},
    "completed comes before the result": COMPLETES,
    "bytes are miscounted": {"order-bytes"},
    "whoever is done first is told first": {"order-without-waiting"},
    "numbers from 0": COMPLETES | NUMBERS,
    "messages are binary": TELLS,
    "messages are no JSON": TELLS,
    "a thirteenth type": {"order-signals"},
    "signals end before they start": {"order-signals"},
    "signals end after the segment": {"order-signals"},
    "times are texts": {"order-signals"},
    "the later dialect unasked": {"order-first-dialect"},
    "include[] is not read": {"include-result", "include-correlation-id", "include-error"},
    "signals have no probability": {"include-result"},
    "the timeline is flat": {"include-result", "upload-v1-include"},
    "unknown includes are refused": {"include-unknown"},
    "messages have no correlation id": {"include-correlation-id", "include-error"},
    "more is the least": {"limit-smallest"},
    "less is the most": {"limit-largest"},
    "small ones complete": {"limit-too-small", "include-error"},
    "large ones in other words": TOO_LARGE,
    "large ones end the session": TOO_LARGE | {"limit-after-too-large"},
    "very large ones end the session": {"limit-documented-example"},
    "errors have no number of their own": {
        "limit-after-too-small",
        "limit-after-too-large",
        "error-session-goes-on",
    },
    "the session ends with an error": {
        "limit-after-too-small",
        "limit-after-too-large",
        "error-session-goes-on",
    },
    "each frame stands alone": {"continuation-pieces", "continuation-after-whole"},
    "a file must be sent to its end": {"continuation-new-file"},
    "whole files only after a whole file": {"continuation-after-whole"},
    "anything completes": {"error-undecodable"},
    "errors under another name": {"limit-too-small", "error-undecodable"} | TOO_LARGE,
    "errors are plain text": REFUSES | NAMES_IDS,
    "errors have other ids": NAMES_IDS,
    "errors have no link": REFUSES,
    "nothing is found everywhere": {"error-not-found"},
    "no correlation header": {
        "error-correlation-id",
        "correlation-id-grant",
        "correlation-id-upgrade",
        "include-client-request-id",
    },
    "uploads have events": {"upload-v0", "upload-v1"},
    "other fields are refused": {"upload-more-fields"},
    "v1 has no modality": {"upload-v1"},
    "v1 includes nothing": {"upload-v1-include"},
    "sessions begin without a word": both("ready"),
    "limits are fractions": both("ready"),
    "each event has an id of its own": both("correlation"),
    "what is included stays": both("config"),
    "wrong configurations end the session": both("config-wrong"),
    "sessions end without a word": both("close", "damaged"),
    "signals begin twice": both("signals"),
    "levels are not told": both("levels"),
    "quality has a seventh number": both("quality"),
    "damage has no number": both("damaged"),
    "media after the close is passed over": both("after-close"),
    "sessions select no subprotocol": both("browser"),
    "strangers are told on the open connection": both("invalid-token"),
    "sessions take any scope": both("scope-missing"),
    "sockets nowhere are forbidden": both("no-path"),
    "any model will do": {"v2-model"},
    "windows have gaps": {"job-completes"},
    "what is absent is null": {"job-completes", "job-include"},
    "signals unasked": {"job-include"},
    "any job has a model": {"job-no-model"},
    "unknown jobs are forbidden": {"job-unknown"},
    "bad files are our fault": {
        "upload-no-file",
        "upload-too-small",
        "upload-too-large",
        "upload-wrong-container",
        "upload-unreadable",
    },
}


FEW = 5
LOOKS_INTO = re.compile(r"signals|levels|quality|result|include|upload|job|first-dialect")
"""Checks of what is found, for which there should be something; uploads of v1 want three seconds."""
LARGE = {check.name for check in CHECKS if check.seconds == MANY_BYTES}


SESSIONS = {check.name for check in CHECKS if check.section in {"sessions", "jobs"}}


async def tried(far_end: FarEnd, clip: Clip, *, large: bool) -> list[Outcome]:
    """Run the checks, those that send tens of megabytes only where it is asked for.

    The far end's sessions know only faults of their own, and the rest of it none of theirs.
    """
    target = await with_key(far_end.url, clip, KeyPair(*KEY))
    expected = FAULTS.get(far_end.fault) or {check.name for check in CHECKS}
    rooms = [names for names in (SESSIONS, {each.name for each in CHECKS} - SESSIONS) if names & expected]
    checks = [
        replace(check, seconds=60.0)
        for check in CHECKS
        if (large or check.seconds < MANY_BYTES) and any(check.name in names for names in rooms)
    ]
    return [await outcome(target, check) for check in checks]


def named(outcomes: list[Outcome], verdict: Verdict) -> set[str]:
    return {outcome.check.name for outcome in outcomes if outcome.verdict is verdict}


def said(outcomes: list[Outcome]) -> str:
    return "\n".join(f"{each.check.name}: expected {each.expected}; got {each.got}" for each in outcomes if each.got)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
async def test_the_server_keeps_the_contract(server: Server, brief: bytes, glimpse: bytes, check: Check) -> None:
    sent = Clip(brief, 3.0) if LOOKS_INTO.search(check.name) else Clip(glimpse, 1.5)
    target = await with_key(server.url, sent, KeyPair(server.key_id, server.key_secret))
    tried = await outcome(target, check)
    if tried.verdict is Verdict.SKIP:
        pytest.skip(str(tried.reason))
    assert tried.verdict is Verdict.PASS, said([tried]) or tried.reason


async def test_the_clip_that_is_made_serves_as_well(server: Server) -> None:
    target = await with_key(server.url, made(), KeyPair(server.key_id, server.key_secret))
    for check in CHECKS:
        if check.name in {"order-signals", "continuation-pieces", "upload-v0"}:
            tried = await outcome(target, check)
            assert tried.verdict is Verdict.PASS, said([tried]) or tried.reason


async def test_our_service_refuses_a_scope_that_a_key_lacks(running: Running, clip: Clip) -> None:
    key = running.service.store.create([STREAM_SCOPE])
    target = await with_key(running.url, clip, KeyPair(key.key_id, key.key_secret))
    (check,) = (check for check in CHECKS if check.name == "auth-scope-not-held")
    assert (await outcome(target, check)).verdict is Verdict.PASS


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_broken_rule_fails_its_checks_and_no_other(far_end: FarEnd, clip: Clip, fault: str) -> None:
    far_end.fault = fault
    expected = FAULTS[fault]
    # Tens of megabytes take their time: they are sent where that is the point.
    large = not fault or (bool(expected & LARGE) and len(expected) <= FEW)
    outcomes = await tried(far_end, clip, large=large)
    assert named(outcomes, Verdict.FAIL) == (expected if large else expected - LARGE), said(outcomes)
    assert named(outcomes, Verdict.SKIP) <= {"auth-scope-not-held"}
    assert not any(secret in said(outcomes) for secret in (KEY[1], "token-stream", "token-upload"))


async def test_what_a_key_may_not_is_skipped_or_tried(far_end: FarEnd, clip: Clip) -> None:
    far_end.scopes = (STREAM_SCOPE,)
    outcomes = await tried(far_end, clip, large=False)
    assert not named(outcomes, Verdict.FAIL), said(outcomes)
    assert "auth-scope-not-held" in named(outcomes, Verdict.PASS)
    reasons = {each.check.name: each.reason for each in outcomes if each.verdict is Verdict.SKIP}
    assert reasons["upload-v0"] == reasons["handshake-scope-missing"] == "the key lacks the scope interhumanai.upload"
    assert not any(name.startswith(("order", "limit", "continuation", "error")) for name in reasons)
    far_end.fault = "a scope not held is no valid credential"
    assert named(await tried(far_end, clip, large=False), Verdict.FAIL) == {"auth-scope-not-held"}


async def test_a_token_alone_skips_what_needs_a_key(far_end: FarEnd, clip: Clip) -> None:
    target = await with_bearer(far_end.url, clip, "token-stream-upload")
    outcomes = [await outcome(target, check) for check in CHECKS if check.name not in LARGE]
    assert not named(outcomes, Verdict.FAIL), said(outcomes)
    assert {"auth-grant", "handshake-scope-missing", "upload-scope-missing"} <= named(outcomes, Verdict.SKIP)
    assert {"handshake-header", "order-segment", "upload-v0"} <= named(outcomes, Verdict.PASS)


async def test_a_server_without_v1_is_not_blamed_for_it(far_end: FarEnd, clip: Clip) -> None:
    far_end.fault = "there is no v1"
    outcomes = await tried(far_end, clip, large=False)
    assert not named(outcomes, Verdict.FAIL), said(outcomes)
    assert {"upload-v1", "upload-v1-include"} <= named(outcomes, Verdict.SKIP)


async def test_a_server_that_says_nothing_fails_at_the_deadline(far_end: FarEnd, clip: Clip) -> None:
    target = await with_key(far_end.url, clip, KeyPair(*KEY))
    far_end.fault = "nothing is said"
    (check,) = (check for check in CHECKS if check.name == "order-segment")
    silent = await outcome(target, replace(check, seconds=0.2))
    assert (silent.verdict, silent.expected, silent.got) == (Verdict.FAIL, "an answer within 0.2 s", "none")


async def test_a_server_that_never_answers_is_given_up(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "AN_ANSWER", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(CannotConnect, match="no answer within"):
            await with_key(url, clip, KeyPair(*KEY))
        with pytest.raises(CannotConnect, match="no answer within"):
            await with_bearer(url, clip, "a-token")


@pytest.mark.parametrize("data", [b"\0\0\0\x18ftypisom" + bytes(100_000), b"\x1aE\xdf\xa3" + bytes(40_000)])
async def test_a_clip_that_cannot_be_cut_is_not_cut(far_end: FarEnd, data: bytes) -> None:
    outcomes = await tried(far_end, Clip(data), large=False)
    assert {check.name for check in CHECKS if check.section == "continuation"} <= named(outcomes, Verdict.SKIP)


def test_each_check_is_failed_by_some_far_end() -> None:
    # The one that is left out needs a key that lacks a scope; it has a test of its own above.
    assert set().union(*FAULTS.values()) == {check.name for check in CHECKS} - {"auth-scope-not-held"}
    assert len({check.name for check in CHECKS}) == len(CHECKS)
