"""The paths of the API, and those the service has beside it, each spelled once."""

from __future__ import annotations

from typing import Final

AUTH_V0: Final = "/v0/auth"
STREAM_V0: Final = "/v0/stream/analyze"
STREAM_V1: Final = "/v1/stream/analyze"
STREAM_V2: Final = "/v2/stream/analyze"
UPLOAD_V0: Final = "/v0/upload/analyze"
UPLOAD_V1: Final = "/v1/upload/analyze"
UPLOAD_V2: Final = "/v2/upload/analyze"
JOBS: Final = "/v2/upload/jobs/"
JOB: Final = f"{JOBS}{{job_id}}"

NEWER: Final = ("/v1/", "/v2/")
"""What the paths of the versions after v0 begin with; their errors are in one shape alone."""

HEALTH: Final = "/healthz"
READY: Final = "/readyz"
METRICS: Final = "/metrics"
OPENAPI: Final = "/openapi.json"
ASYNCAPI: Final = "/asyncapi.json"
WEB: Final = "/web"
