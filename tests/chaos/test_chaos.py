"""Forty segments to the real service through a network that fails fifty times: none is lost, none unexplained."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from interhuman_stream.client import Delivery, DeliveryOptions, Segment, StreamClient, StreamOptions, backoff
from interhuman_stream.client.sources.source import open_source
from tests.chaos.proxy import FAULTS, Proxy

if TYPE_CHECKING:
    from interhuman_stream.client import Message
    from tests.conftest import Running

SEGMENTS = 40
FAULTS_WANTED = 50
SECONDS = 3.0
SEED = 20261123


class Basket:
    """Keeps the messages, a list a connection."""

    def __init__(self) -> None:
        self.said: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        self.delivery: Delivery | None = None

    async def write(self, message: Message) -> None:
        """Keep a message under the connection it came over."""
        assert self.delivery is not None
        body = message.parsed
        self.said[self.delivery.report.connections].append((body["segment"], body["status"]))


def segments() -> list[Segment]:
    graph = (
        f"testsrc2=size=160x120:rate=10:duration={SEGMENTS * SECONDS}[out0];sine=duration={SEGMENTS * SECONDS}[out1]"
    )
    return list(open_source(f"device:lavfi:{graph}", SECONDS).segments)


@pytest.mark.timeout(280)
async def test_nothing_is_lost(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST", 0.1)
    target = urlsplit(running.url)
    assert target.hostname
    assert target.port
    source = await asyncio.to_thread(segments)
    assert len(source) == SEGMENTS
    basket, chance = Basket(), random.Random(SEED)  # noqa: S311 - chaos, not cryptography
    proxy = Proxy(target.hostname, target.port, bandwidth=2_000_000, stall=0.5)

    async def harm() -> None:
        while len(proxy.done) < FAULTS_WANTED:
            await asyncio.sleep(chance.uniform(0.1, 0.7))
            await proxy.fault(chance)

    async with proxy.run():
        client = StreamClient(
            f"http://127.0.0.1:{proxy.port}",
            token=running.token(),
            options=StreamOptions(ping_interval=1, ping_timeout=2, open_timeout=3, close_timeout=0.5),
        )
        # A segment every 0.6 s: the fifty faults fall among the forty segments, not behind them.
        delivery = basket.delivery = Delivery(client, basket, options=DeliveryOptions(speed=5.0))
        harming = asyncio.create_task(harm())
        report = await delivery.run(source)
        during = len(proxy.done)
        harming.cancel()

    tally = Counter(proxy.done)
    print(  # noqa: T201 - the figures of the run, for who asks with -s
        f"\n{SEGMENTS} segments, {during} faults ({', '.join(f'{tally[kind]} {kind}' for kind in FAULTS)}), "
        f"{report.connections} connections, {report.seconds:.0f} s: {len(report.of('completed'))} completed, "
        f"{len(report.of('failed'))} failed, {sum(record.sends > 1 for record in report.records)} sent more than once"
    )
    assert during == FAULTS_WANTED
    # Each segment is completed, or failed with a reason; none is in between.
    assert [record.segment for record in report.records] == list(range(1, SEGMENTS + 1))
    assert all(record.fate == "completed" or (record.fate == "failed" and record.detail) for record in report.records)
    # Each completed one was completed once, over all connections.
    places = {place: record.segment for record in report.records for place in record.places}
    finished = Counter(
        places[connection, number]
        for connection, said in basket.said.items()
        for number, status in said
        if status == "completed"
    )
    assert finished == Counter(report.of("completed"))
    # Over each connection the messages are in order.
    for said in basket.said.values():
        for status in ("processing", "result", "completed"):
            numbers = [number for number, each in said if each == status]
            assert all(before < after for before, after in pairwise(numbers))
        for number in {number for number, _ in said}:
            own = [status for each, status in said if each == number]
            assert own == ["processing", "result", "completed"][: len(own)]
