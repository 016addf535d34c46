"""How the database is asked: who no longer waits for it has ended."""

from __future__ import annotations

import asyncio

import pytest

from interhuman_stream.service.access.executors import Database


async def test_who_is_cancelled_as_the_answer_comes_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever goes at that moment leaves a task behind that asks for ever, and holds a place."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()
    monkeypatch.setattr(loop, "run_in_executor", lambda *_: answer)
    database = Database(lambda: None)
    asking = asyncio.create_task(database.live(str, "asked"))
    await asyncio.sleep(0)
    answer.set_result("it is")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    database.close()
