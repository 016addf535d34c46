"""Checks of v2's upload jobs: `POST /v2/upload/analyze` and `GET /v2/upload/jobs/{job_id}`."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.conformance.check import AN_ANALYSIS, Check
from interhuman_stream.conformance.exchange import refusal, request, upload
from interhuman_stream.conformance.target import Failed, Skipped
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import FACE_MODEL
from interhuman_stream.protocol.paths import JOB

if TYPE_CHECKING:
    from interhuman_stream.conformance.exchange import Answer
    from interhuman_stream.conformance.target import Target

SECTION: Final = "jobs"
NOT_FOUND: Final = 404
TERMINAL: Final = frozenset({"completed", "failed"})
ALWAYS: Final = ("job_id", "status", "model", "created_at", "expires_at", "status_url")
ID: Final = re.compile(r"[0-9a-f]{32}")
PATH: Final = re.compile(r"/[!-~]*")
POLL_SECONDS: Final = 0.5
EDGE: Final = 0.05


async def _submitted(target: Target, **fields: Any) -> Answer:
    answer = await upload(target, target.clip.data, token=target.upload_token(), version="v2", **fields)
    if answer.status == NOT_FOUND:
        raise Skipped("the server has no v2")
    return answer


async def _finished(target: Target, **fields: Any) -> dict[str, Any]:
    """Submit the clip, and ask for the job until it is done."""
    answer = await _submitted(target, model=FACE_MODEL, **fields)
    if answer.status not in {200, 202}:
        raise Failed("status 200 or 202", f"status {answer.status}")
    body = _envelope(answer)
    while body["status"] not in TERMINAL:
        await asyncio.sleep(POLL_SECONDS)
        body = _envelope(await request(target.url + body["status_url"], "GET", target.upload_token()))
    if body["status"] != "completed":
        raise Failed("a job that completes", f"{body}")
    return body


def _envelope(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    if lacking := [name for name in ALWAYS if not isinstance(body.get(name), str)]:
        raise Failed(f"{', '.join(ALWAYS)} as texts", f"none under {lacking[0]}")
    if not PATH.fullmatch(body["status_url"]):  # what it names is asked with the token, behind the server's address
        raise Failed("a status_url that is a path of the server", repr(body["status_url"]))
    if not ID.fullmatch(body["job_id"]):
        raise Failed("a job_id of 32 hexadecimal digits", repr(body["job_id"]))
    if nulls := [name for name, value in body.items() if value is None]:
        raise Failed("what is absent left out", f"null under {nulls[0]}")
    if ("result" in body) != (body["status"] == "completed") or ("error" in body) != (body["status"] == "failed"):
        raise Failed("a result of what is completed, an error of what failed", f"{sorted(body)}")
    return body


async def _completes(target: Target) -> None:
    result = (await _finished(target, wait_seconds="60"))["result"]
    windows = result.get("windows") if isinstance(result, dict) else None
    if not isinstance(windows, list) or not windows:
        raise Failed("windows in the result", repr(result)[:120])
    reached = 0.0
    for index, window in enumerate(windows):
        if window.get("index") != index or abs(window.get("start_seconds", -1.0) - reached) > EDGE:
            raise Failed("windows in the order of the file, each where the last one ends", repr(window)[:120])
        reached = window["end_seconds"]
    if abs(reached - result.get("duration_seconds", -1.0)) > EDGE:
        raise Failed("windows to the end of the file", f"{reached} of {result.get('duration_seconds')}")


async def _include(target: Target) -> None:
    plain = (await _finished(target, wait_seconds="60"))["result"]
    asked = (await _finished(target, wait_seconds="60", **{"include[]": ["signals"]}))["result"]
    if "signals" in plain or not isinstance(asked.get("signals"), list):
        raise Failed("signals where, and only where, include[] asks for them", f"{sorted(plain)}, {sorted(asked)}")


async def _no_model(target: Target) -> None:
    refusal(await _submitted(target, wait_seconds="0"), 400, error_id=errors.MODEL_UNUSABLE.id)


async def _unknown(target: Target) -> None:
    await _submitted(target, wait_seconds="0")  # it has jobs
    answer = await request(target.url + JOB.format(job_id="0" * 32), "GET", target.upload_token())
    refusal(answer, NOT_FOUND, error_id=errors.JOB_UNKNOWN.id)


CHECKS: Final = (
    Check(
        "job-completes",
        SECTION,
        "A job's envelope has its six texts always, and a result with windows over the whole file when it completes.",
        _completes,
        AN_ANALYSIS,
    ),
    Check("job-include", SECTION, "Signals of the file are there only where include[] asks.", _include, AN_ANALYSIS),
    Check("job-no-model", SECTION, "A job without a model is refused with 400 ih4005.", _no_model),
    Check("job-unknown", SECTION, "A job that is not known is 404 ih4021.", _unknown),
)
