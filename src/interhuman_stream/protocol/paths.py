"""The paths of the API, and those the service has beside it, each spelled once."""

from __future__ import annotations

import re
from typing import Final

AUTH_V0: Final = "/v0/auth"
AUTH_V1: Final = "/v1/auth"
CLIENT_TOKENS: Final = "/v1/client_tokens"
REVOKE_CLIENT_TOKEN: Final = "/v1/client_tokens/revoke"  # noqa: S105 - a path
STREAM_V0: Final = "/v0/stream/analyze"
STREAM_V1: Final = "/v1/stream/analyze"
STREAM_V2: Final = "/v2/stream/analyze"
UPLOAD_V0: Final = "/v0/upload/analyze"
UPLOAD_V1: Final = "/v1/upload/analyze"
UPLOAD_V2: Final = "/v2/upload/analyze"
JOBS: Final = "/v2/upload/jobs/"
JOB: Final = f"{JOBS}{{job_id}}"

MEDIA: Final = re.compile(r"/v\d/(stream|upload|realtime|real-time)/.*")
NEWER: Final = ("/v1/", "/v2/")
"""What the paths of the versions after v0 begin with; their errors are in one shape alone."""

HEALTH: Final = "/healthz"
READY: Final = "/readyz"
METRICS: Final = "/metrics"
OPENAPI: Final = "/openapi.json"
ASYNCAPI: Final = "/asyncapi.json"
WEB: Final = "/web"
PAGE_TOKEN: Final = "/web/token"  # noqa: S105 - a path


def takes_credentials(path: str) -> bool:
    """Whether media is sent there, or asked about: what takes tokens, client tokens among them."""
    return MEDIA.fullmatch(path) is not None


def shown(path: str) -> str:
    """A path as it may stand in a log or a trace: who knows a job's id can read its result."""
    return JOB if path.startswith(JOBS) else path
