"""A file that the engine did not analyse: uploads and jobs give the same answer to the same fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from interhuman_stream.faults import EngineBusy, EngineError, MalformedSegment, UnknownContainer
from interhuman_stream.medium import TALKING_FACE, Medium
from interhuman_stream.protocol.limits import SCOPES
from interhuman_stream.service.live.sessions import RETRY_AFTER
from tests.service.serving import NoEngine, serving

if TYPE_CHECKING:
    from pathlib import Path

    from interhuman_stream.findings import Findings

PATHS = ("/v0/upload/analyze", "/v1/upload/analyze", "/v2/upload/analyze")


class Faulty(NoEngine):
    """Has the same fault with every file."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self._fault = fault

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:  # noqa: ARG002 - nobody looks
        """Fail."""
        raise self._fault


@pytest.mark.parametrize(
    ("fault", "status", "identity"),
    [
        (UnknownContainer("none"), 400, "ih4002"),
        (MalformedSegment("cut short"), 422, "ih5002"),
        (EngineBusy("no worker, or none with time"), 503, "ih1003"),
        (EngineError("the worker was lost over it"), 500, "ih1001"),
        (ZeroDivisionError("a defect"), 500, "ih1001"),
    ],
)
def test_one_fault_has_one_answer(tmp_path: Path, fault: Exception, status: int, identity: str) -> None:
    with serving(tmp_path, Faulty(fault)) as running:
        headers = {"Authorization": f"Bearer {running.token(*SCOPES)}"}
        for path in PATHS:
            files, data = {"file": bytes(20_000)}, {"model": "inter-2"}
            answer = httpx.post(running.url + path, headers=headers, files=files, data=data)
            assert (answer.status_code, answer.json()["error_id"]) == (status, identity), path
            # What a machine has no time for now, it may have time for later.
            assert answer.headers.get("Retry-After") == (str(RETRY_AFTER) if status == 503 else None)
