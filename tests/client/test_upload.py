"""Uploads: the file as a form, the answer as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interhuman_stream.client import ApiError, SourceError, UploadClient
from tests.client import far_end

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = b'{"signals": [ {"type":"a type nobody knows","start":3,"end":3.0, "probability":9e-1} ],\n"new":null}'


async def test_the_answer_is_kept_byte_for_byte(tmp_path: Path) -> None:
    clip = tmp_path / "clip.webm"
    clip.write_bytes(bytes(range(256)) * 100)
    with far_end.http() as server:
        server.body, server.headers = ANSWER, {"X-Correlation-ID": "c-1"}
        client = UploadClient(server.url, token="tok.1", version="v1")
        answer = await client.analyze(clip, ["conversation_quality_overall", "conversation_quality_timeline"])
        path, headers, body = server.requests[0]
    assert (answer.status, answer.body, answer.headers["x-correlation-id"]) == (200, ANSWER, "c-1")
    assert "type" not in repr(answer)
    assert repr(client) == f"UploadClient('{server.url}/v1/upload/analyze')"
    assert path == "/v1/upload/analyze"
    assert headers["authorization"] == "Bearer tok.1"
    assert headers["content-type"].startswith("multipart/form-data")
    assert clip.read_bytes() in body
    assert body.count(b'name="include[]"') == 2
    assert b'name="file"; filename="clip.webm"' in body


async def test_a_refusal_says_why(tmp_path: Path) -> None:
    clip = tmp_path / "clip.webm"
    clip.write_bytes(b"x")
    with far_end.http() as server:
        server.status, server.body = 413, b'{"error_id":"ih4003","message":"The file is over 32 MB"}'
        with pytest.raises(ApiError, match="413 ih4003: The file is over 32 MB"):
            await UploadClient(server.url).analyze(clip)
        assert "authorization" not in server.requests[0][1]


async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        await UploadClient("http://127.0.0.1:1").analyze(tmp_path / "missing.mp4")
