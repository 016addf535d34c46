"""Many refusals are counted in the log; a few have a line each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from interhuman_stream.service.watch import refusals
from interhuman_stream.service.watch.refusals import Refusals

if TYPE_CHECKING:
    import pytest


async def test_a_few_are_written_and_the_rest_counted_by_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "COUNTED_SECONDS", 0.0)
    kept = Refusals(lambda: 0.0)
    with capture_logs() as lines:
        written = [kept.wanted(401 if number % 2 else 503) for number in range(int(refusals.BURST) + 7)]
        await asyncio.sleep(0.01)  # behind a timer of none
    assert sum(written) == refusals.BURST
    counted = [line for line in lines if line["event"] == "more requests refused"]  # others' services have lines, too
    assert [(line["count"], line["statuses"]) for line in counted] == [(7, {"401": 3, "503": 4})]


async def test_after_a_while_there_are_lines_again() -> None:
    now = 0.0
    kept = Refusals(lambda: now)
    while kept.wanted(404):
        pass
    now += 1.0
    assert sum(kept.wanted(404) for _ in range(20)) == refusals.A_SECOND
