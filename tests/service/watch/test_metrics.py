"""What Prometheus reads from a service that has worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.service.live.test_stream import answers, opened

if TYPE_CHECKING:
    from tests.conftest import Running


def read(running: Running) -> dict[str, float]:
    """Give the value of each sample, by its name and labels."""
    answer = httpx.get(f"{running.url}/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_segments_are_counted_by_what_became_of_them(running: Running, sample_segments: list[bytes]) -> None:
    before = read(running)
    async with opened(running) as socket:
        for frame in (sample_segments[0], b"too small", bytes(20_000)):
            await socket.send(frame)
        await answers(socket, 3)
        during = read(running)
    grown = {name: value - before.get(name, 0.0) for name, value in during.items()}
    assert grown["interhuman_segments_total completed"] == 1
    assert grown["interhuman_segments_total refused"] == 1
    assert grown["interhuman_segments_total malformed"] == 1
    assert grown["interhuman_received_bytes_total"] == len(sample_segments[0]) + len(b"too small") + 20_000
    assert 4.5 < grown["interhuman_media_seconds_total"] < 5.5
    assert grown["interhuman_segment_latency_seconds_count"] == 1
    assert grown["interhuman_segment_latency_seconds_sum"] > grown["interhuman_segment_wait_seconds_sum"] >= 0
    assert grown["interhuman_stage_seconds_count face"] == 1
    assert during["interhuman_sessions"] >= 1
