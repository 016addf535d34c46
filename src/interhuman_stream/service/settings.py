"""What the service can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one service.

    Attributes:
        data_dir: Where keys and the signing key are kept; made if absent.
        host: Address to listen on.
        port: 0 for any free one.
        workers: Worker processes; None for one a core.
        models_dir: Where the model files are; None for where `models pull` puts them.
        queued_segments: Segments of one session that may wait for analysis before its socket is no longer read.
        queued_bytes: Bytes of one session that may wait likewise.
        max_sessions: Streams that may be open at once; None for what the machine is measured to carry.
        key_sessions: Streams that one key may have open at once; None for no limit.
        key_bytes_per_hour: Bytes of video that one key may send in an hour; None for no limit.
        key_video_seconds_per_hour: Seconds of video likewise.
        idle_seconds: Seconds without a frame after which a stream that waits for one is ended.
        session_seconds: Seconds after which a stream takes no more segments.
        drain_seconds: Seconds that open streams have to finish what they have taken when the service is to stop.
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int | None = None
    models_dir: Path | None = None
    queued_segments: int = 4
    queued_bytes: int = 64 * 1024 * 1024
    max_sessions: int | None = None
    key_sessions: int | None = None
    key_bytes_per_hour: int | None = None
    key_video_seconds_per_hour: float | None = None
    idle_seconds: float = 300.0
    session_seconds: float = 3600.0
    drain_seconds: float = 30.0
