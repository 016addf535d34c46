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
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int | None = None
    models_dir: Path | None = None
    queued_segments: int = 4
    queued_bytes: int = 64 * 1024 * 1024
