"""A little of `make fuzz`: damaged video of every container, sent to the real service."""

from __future__ import annotations

import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Running

TOOLS = Path(__file__).resolve().parents[2] / "tools"


async def test_damaged_video_is_answered(running: Running, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TOOLS))
    from fuzzing.cases import session  # noqa: PLC0415 - tools/ is on the path only now
    from fuzzing.seeds import make_seeds  # noqa: PLC0415
    from fuzzing.traffic import Outcome, send_all  # noqa: PLC0415

    outcomes: list[Outcome] = []
    seeds = make_seeds(sample)
    sessions = [partial(session, 1, number, seeds) for number in range(12)]
    await send_all(running.socket_url, running.token(), sessions, 4, 60.0, outcomes.append)
    counts = Counter(outcome.what for outcome in outcomes)
    assert counts["completed"] + counts["malformed"] == 60
    assert "fuzzing" in sys.modules
