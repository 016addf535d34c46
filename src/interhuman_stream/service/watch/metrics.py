"""What the service counts and measures, for Prometheus. Nothing in it tells one person or key from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from interhuman_stream.findings import Findings
    from interhuman_stream.service.live.capacity import StreamCapacity
    from interhuman_stream.service.live.sessions import Sessions

SECONDS: Final = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
"""Upper bounds of the histograms; the aims are results within 0.7 s (median) and 1.2 s (95 %) of a segment's end."""


class Metrics:
    """The metrics of one service, in a registry of its own.

    Attributes:
        refused: Streams not let in, by reason.
        queued: Frames that wait for their turn.
        segments: Frames by what became of them: completed, refused (for their size), denied (its key may send no more),
            malformed, lost (with their worker), failed.
        received: Bytes of segments that were taken.
        media: Seconds of media that were analysed. Stage seconds over these are the real-time ratio.
        wait: Seconds a segment waited for its turn.
        latency: Seconds from a segment's last byte to its result.
        stages: Seconds of a worker, by stage.
        workers_lost: Workers that ended before their time, by reason: crashed, forged (it said what none
            says), or too much time, cpu or memory.
        held_jobs: Upload jobs that wait or run.
        jobs: Upload jobs by what became of them: completed, or the error's id.
        replacement: Seconds until another was ready in a lost worker's place.
    """

    def __init__(self, sessions: Sessions, capacity: StreamCapacity) -> None:
        self.registry = registry = CollectorRegistry()
        for name, text, value in (
            ("interhuman_sessions", "Streams and uploads that are open.", lambda: sessions.open),
            ("interhuman_sessions_most", "How many may be.", lambda: sessions.most),
            ("interhuman_realtime_ratio", "Seconds of a worker a second of video.", lambda: capacity.ratio),
        ):
            Gauge(name, text, registry=registry).set_function(value)
        self.queued = Gauge("interhuman_segments_queued", "Segments that wait for their turn.", registry=registry)
        self.refused = Counter("interhuman_sessions_refused", "Streams not let in.", ["reason"], registry=registry)
        self.segments = Counter("interhuman_segments", "Segments by outcome.", ["outcome"], registry=registry)
        self.received = Counter("interhuman_received_bytes", "Bytes of segments taken.", registry=registry)
        self.media = Counter("interhuman_media_seconds", "Seconds of media analysed.", registry=registry)
        self.wait = Histogram(
            "interhuman_segment_wait_seconds", "Seconds until its turn.", buckets=SECONDS, registry=registry
        )
        self.latency = Histogram(
            "interhuman_segment_latency_seconds", "Seconds from arrival to result.", buckets=SECONDS, registry=registry
        )
        self.stages = Histogram(
            "interhuman_stage_seconds", "Seconds of a worker by stage.", ["stage"], buckets=SECONDS, registry=registry
        )
        self.held_jobs = Gauge("interhuman_jobs_held", "Upload jobs that wait or run.", registry=registry)
        self.jobs = Counter("interhuman_jobs", "Upload jobs by outcome.", ["outcome"], registry=registry)
        self.workers_lost = Counter(
            "interhuman_workers_lost", "Workers that ended too early.", ["reason"], registry=registry
        )
        self.replacement = Histogram(
            "interhuman_worker_replacement_seconds", "Seconds until replaced.", buckets=SECONDS, registry=registry
        )

    def lost(self, reason: str) -> None:
        """Count a worker that was lost."""
        self.workers_lost.labels(reason).inc()

    def replaced(self, seconds: float) -> None:
        """Count a worker that is there in place of a lost one."""
        self.replacement.observe(seconds)

    def finished(self, outcome: str) -> None:
        """Count an upload job that is done."""
        self.jobs.labels(outcome).inc()

    def analysed(self, found: Findings) -> None:
        """Count what has been analysed."""
        self.media.inc(max(0.0, found.end - found.start))
        for name, stage in found.stages.items():
            self.stages.labels(name).observe(stage.wall)

    def answered(self, waited: float, latency: float) -> None:
        """Count a segment of a stream that has its result."""
        self.segments.labels("completed").inc()
        self.wait.observe(waited)
        self.latency.observe(latency)

    def text(self) -> bytes:
        """Give all of it in Prometheus' text format."""
        return generate_latest(self.registry)
