"""The paths of the API, each spelled once."""

from __future__ import annotations

from typing import Final

AUTH_V0: Final = "/v0/auth"
STREAM_V0: Final = "/v0/stream/analyze"
UPLOAD_V0: Final = "/v0/upload/analyze"
UPLOAD_V1: Final = "/v1/upload/analyze"
