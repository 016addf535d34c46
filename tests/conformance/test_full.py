"""A server that is full is no server that breaks the contract: it is waited for, as it asks, and not for ever."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.conformance import room
from interhuman_stream.conformance.prepare import CannotConnect, with_bearer, with_key
from interhuman_stream.conformance.room import Full, no_room
from interhuman_stream.conformance.run import CHECKS, Verdict, run
from interhuman_stream.conformance.target import KeyPair
from tests.conformance.far_end import KEY
from tests.conformance.test_command import run as command

if TYPE_CHECKING:
    from interhuman_stream.conformance.clip import Clip
    from interhuman_stream.conformance.run import Outcome
    from tests.conformance.far_end import FarEnd

FOR_GOOD = 10**9
NEED_ROOM = ("order-segment", "handshake-header", "upload-v0")
GIVEN_UP = (
    "the server is full (status 503, Retry-After: 0): given up after 0 s, for 0.5 s more would pass the limit of 0 s"
)
NEED_NONE = ("auth-grant", "handshake-no-credential", "handshake-scope-missing", "upload-invalid-token")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A far end that asks for no wait is asked again at once."""
    monkeypatch.setattr(room, "LEAST", 0.01)


async def tried(far_end: FarEnd, clip: Clip, *names: str, wait: float) -> tuple[dict[str, Outcome], list[str]]:
    """Run checks; give their outcomes, and what was told of the waiting."""
    heard: list[str] = []
    target = await with_key(far_end.url, clip, KeyPair(*KEY))
    checks = [check for check in CHECKS if check.name in names]
    outcomes = run(target, checks, wait=wait, told=lambda full, *_: heard.append(str(full)))
    return {each.check.name: each async for each in outcomes}, heard


@pytest.mark.parametrize("name", NEED_ROOM)
async def test_a_server_that_is_full_for_a_while_is_waited_for(far_end: FarEnd, clip: Clip, name: str) -> None:
    far_end.full = 3
    outcomes, heard = await tried(far_end, clip, name, wait=60)
    assert outcomes[name].verdict is Verdict.PASS
    assert heard == ["status 503, Retry-After: 0"] * 3


async def test_a_stream_that_is_closed_for_want_of_room_is_tried_again(far_end: FarEnd, clip: Clip) -> None:
    far_end.full, far_end.fault = 1, "full streams are closed"
    outcomes, heard = await tried(far_end, clip, "order-segment", wait=60)
    assert outcomes["order-segment"].verdict is Verdict.PASS
    assert heard == ["close code 1013 try again later"]


async def test_a_server_that_stays_full_is_given_up_and_neither_passes_nor_fails(far_end: FarEnd, clip: Clip) -> None:
    far_end.full = FOR_GOOD
    outcomes, heard = await tried(far_end, clip, *NEED_ROOM, *NEED_NONE, wait=0.1)
    assert {name for name, each in outcomes.items() if each.verdict is Verdict.FULL} == set(NEED_ROOM)
    assert {name for name, each in outcomes.items() if each.verdict is Verdict.PASS} == set(NEED_NONE)
    assert heard
    assert "pass the limit of 0.1 s" in str(outcomes["handshake-header"].reason)


async def test_once_given_up_it_is_not_waited_for_with_each_check(far_end: FarEnd, clip: Clip) -> None:
    far_end.full, far_end.retry_after = FOR_GOOD, "3600"
    outcomes, heard = await tried(far_end, clip, *NEED_ROOM, wait=60)
    assert all(each.verdict is Verdict.FULL for each in outcomes.values())
    assert heard == []  # an hour is more than there is to wait: it is said at once


async def test_a_server_that_stays_full_before_the_checks_cannot_be_checked(far_end: FarEnd, clip: Clip) -> None:
    far_end.full = FOR_GOOD
    with pytest.raises(CannotConnect, match=r"the server is full \(status 503, Retry-After: 0\): given up after 0 s"):
        await with_bearer(far_end.url, clip, "token-stream-upload", wait=0)
    far_end.full = 2
    assert (await with_bearer(far_end.url, clip, "token-stream-upload")).stream_token() == "token-stream-upload"


def test_what_retry_after_says() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    for status, asked, least, most in (
        (503, "7", 7.0, 7.0),
        (429, later, 80.0, 90.0),
        (503, "Thu, 01 Jan 1970 00:00:00 GMT", 0.0, 0.0),
        (503, "soon", 5.0, 5.0),
        (503, None, 5.0, 5.0),
    ):
        full = no_room(status, {} if asked is None else {"Retry-After": asked})
        assert isinstance(full, Full)
        assert least <= full.retry_after <= most
    assert no_room(401, {"Retry-After": "7"}) is None


def test_the_command_says_so_and_waits(far_end: FarEnd) -> None:
    far_end.full = 1
    done = command(far_end.url, "--only", "order-segment")
    assert done.stdout.splitlines() == ["pass  order-segment", "1 passed, 0 failed, 0 skipped"]
    assert done.stderr == (
        "the server is full (status 503, Retry-After: 0); trying again in 0.5 s, giving up after 120 s\n"
    )


def test_the_command_gives_up_with_4(far_end: FarEnd) -> None:
    far_end.full = FOR_GOOD
    only = [part for name in ("auth-grant", "order-segment") for part in ("--only", name)]
    done = command(far_end.url, *only, "--wait", "0", code=4)
    assert done.stdout.splitlines() == [
        "pass  auth-grant",
        f"full  order-segment  {GIVEN_UP}",
        "1 passed, 0 failed, 0 skipped, 1 not tried",
    ]
    document = json.loads(command(far_end.url, *only, "--wait", "0", "--json", code=4).stdout)
    assert [document[name] for name in ("passed", "failed", "skipped", "not_tried")] == [1, 0, 0, 1]
    assert document["checks"][1]["result"] == "full"
