"""A little of `make fuzz`: damaged video of every container, sent to the real service."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tools.fuzzing.cases import Case, parsed, segment, sessions
from tools.fuzzing.seeds import make_seeds
from tools.fuzzing.traffic import Outcome, send_all

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Running


def test_damaged_video_is_answered(running: Running, sample: Path) -> None:
    seeds = {each.name: each for each in make_seeds(sample)}
    outcomes: list[Outcome] = []

    @seed(1)
    @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(sessions(list(seeds.values())), min_size=4, max_size=4))
    def send(many: list[list[Case]]) -> None:
        assert [parsed(str(case)) for cases in many for case in cases] == [case for cases in many for case in cases]
        made = [[(case, segment(case, seeds)) for case in cases] for cases in many]
        asyncio.run(send_all(running.socket_url, running.token(), made, 60.0, outcomes.append))

    send()
    counts = Counter(outcome.what for outcome in outcomes)
    assert counts["completed"] + counts["malformed"] == 60
