"""What the service says of itself, held against what it does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from interhuman_stream.faults import UnknownContainer
from interhuman_stream.medium import TALKING_FACE
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.jobs import INCLUDES as JOB_INCLUDES
from interhuman_stream.protocol.paths import STREAM_V1, STREAM_V2
from interhuman_stream.service.documents import asyncapi, openapi, sessions
from interhuman_stream.service.documents.openapi import (
    AUTH_ERRORS,
    CLIENT_TOKEN_ERRORS,
    JOB_ERRORS,
    READ_ERRORS,
    REVOCATION_ERRORS,
    UPLOAD_ERRORS_V0,
    UPLOAD_ERRORS_V1,
)
from tests.service.live.test_sessions import CLOSE
from tests.service.live.test_sessions import opened as session_opened
from tests.service.live.test_stream import answers, opened
from tests.service.serving import NoEngine, serving

if TYPE_CHECKING:
    from interhuman_stream.findings import Findings
    from interhuman_stream.medium import Medium
    from tests.conftest import Running

jsonschema = pytest.importorskip("jsonschema")

# The one check left out: bytes that fit the schema of a file are mostly no video, and rightly refused.
SCHEMATHESIS = ("--exclude-checks=positive_data_acceptance", "--max-examples=15", "--seed=1", "--no-color", "-w", "2")


@pytest.mark.slow
def test_schemathesis_finds_nothing_the_document_does_not_say(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    if not program.exists():
        pytest.skip("schemathesis is not installed (pip install -r requirements/dev.txt)")
    with serving(tmp_path / "data", BlindEngine(), max_sessions=50) as running:  # it sends two requests at a time
        command = [
            str(program),
            "run",
            f"{running.url}/openapi.json",
            f"--header=Authorization: Bearer {running.token()}",
        ]
        done = subprocess.run([*command, *SCHEMATHESIS], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tested: 12" in done.stdout  # all but the document itself


@pytest.mark.slow
def test_what_is_answered_to_a_file_fits_the_document(running: Running, sample_segments: list[bytes]) -> None:
    document = httpx.get(f"{running.url}/openapi.json").json()
    for version in ("v0", "v1"):
        path = f"/{version}/upload/analyze"
        answer = httpx.post(
            running.url + path,
            headers={"Authorization": f"Bearer {running.token()}"},
            files={"file": sample_segments[0]},
            data={"include[]": ["conversation_quality_overall", "conversation_quality_timeline", "perception"]},
            timeout=60,
        )
        assert answer.status_code == 200
        said = document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        fits(answer.json(), said, document)


@pytest.mark.slow
def test_what_is_answered_about_a_job_fits_the_document(running: Running, sample_segments: list[bytes]) -> None:
    document = httpx.get(f"{running.url}/openapi.json").json()
    token = running.token()
    submits = document["paths"]["/v2/upload/analyze"]["post"]["responses"]
    for fields in ({"include[]": [*JOB_INCLUDES]}, {"include[]": [*JOB_INCLUDES], "wait_seconds": "100"}):
        answer = httpx.post(
            f"{running.url}/v2/upload/analyze",
            headers={"Authorization": f"Bearer {token}"},
            files={"file": sample_segments[0]},
            data={"model": "inter-2", **fields},
            timeout=120,
        )
        said = submits[str(answer.status_code)]["content"]["application/json"]["schema"]
        fits(answer.json(), said, document)
    assert "result" in answer.json()
    read = httpx.get(running.url + answer.json()["status_url"], headers={"Authorization": f"Bearer {token}"})
    said = document["paths"]["/v2/upload/jobs/{job_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    fits(read.json(), said["schema"], document)


def test_what_is_uploaded_is_said_so_that_clients_can_be_made() -> None:
    document = openapi.document()
    for path, form in (("/v0", "UploadRequest"), ("/v1", "UploadRequestV1"), ("/v2", "JobRequest")):
        body = document["paths"][f"{path}/upload/analyze"]["post"]["requestBody"]["content"]["multipart/form-data"]
        assert body["encoding"]["include[]"] == {"style": "form", "explode": True}
        assert document["components"]["schemas"][form]["properties"]["file"]["format"] == "binary"


def test_what_is_answered_before_it_is_ready_fits_the_document(tmp_path: Path) -> None:
    engine = NoEngine()
    engine.ready = False
    with serving(tmp_path, engine) as running:
        answer = httpx.get(f"{running.url}/readyz")
    said = openapi.document()["paths"]["/readyz"]["get"]["responses"][str(answer.status_code)]
    assert answer.status_code == 503
    fits(answer.json(), said["content"]["application/json"]["schema"], openapi.document())


def test_every_error_that_http_can_answer_is_in_the_document() -> None:
    catalogue = {value for value in vars(errors).values() if isinstance(value, errors.Error)}
    elsewhere = {
        errors.SEGMENT_MALFORMED,
        errors.SEGMENT_TOO_LARGE,
        errors.SESSION_CONFIG,
        errors.IDLE,
        errors.TOO_LONG,
        errors.NO_VIDEO,
        errors.MODEL_UNUSABLE,
        errors.INTERRUPTED,  # in a job
        errors.NOT_FOUND,
        errors.METHOD_NOT_ALLOWED,
    }
    assert catalogue - elsewhere <= {
        *AUTH_ERRORS,
        *CLIENT_TOKEN_ERRORS,
        *REVOCATION_ERRORS,
        *UPLOAD_ERRORS_V0,
        *UPLOAD_ERRORS_V1,
        *JOB_ERRORS,
        *READ_ERRORS,
        errors.INTERNAL,
    }


@pytest.mark.slow
async def test_every_message_of_a_stream_fits_the_document(running: Running, sample_segments: list[bytes]) -> None:
    document = httpx.get(f"{running.url}/asyncapi.json").json()  # noqa: ASYNC210 - nothing else goes on
    said = {"oneOf": [{"$ref": f"#/components/messages/{name}/payload"} for name in asyncapi.ANSWERS]}
    seen = set()
    for query in (
        "",
        "?include[]=conversation_quality_overall&include[]=conversation_quality_timeline",
        "?include[]=perception",
    ):
        async with opened(running, query) as socket:
            for frame in (sample_segments[0], b"too small", bytes(20_000)):
                await socket.send(frame)
            for message in await answers(socket, 3):
                fits(message, said, document)
                seen.add((message["status"], "correlation_id" in message))
    assert seen == {
        (status, wide) for status in ("processing", "result", "completed", "error") for wide in (True, False)
    }


@pytest.mark.slow
@pytest.mark.parametrize(("path", "version"), [(STREAM_V1, "V1"), (STREAM_V2, "V2")])
async def test_every_message_of_a_session_fits_the_document(
    running: Running, sample_segments: list[bytes], path: str, version: str
) -> None:
    document = httpx.get(f"{running.url}/asyncapi.json").json()  # noqa: ASYNC210 - nothing else goes on
    include = json.dumps({"include": ["conversation_quality_overall", "conversation_quality_timeline", "perception"]})
    frames: list[str | bytes] = [
        include,
        '{"include":1}',
        *sample_segments[:2],
        b"no video" * 9,
        b"",
        sample_segments[4],
    ]
    said: set[str] = set()
    async with session_opened(running, path) as socket:
        for frame in (*frames, CLOSE):
            await socket.send(frame)
        async for text in socket:
            message = json.loads(text)
            name = sessions.named(message["type"], version)
            fits(message, {"$ref": f"#/components/messages/{name}/payload"}, document)
            said.add(name)
    assert set(sessions.telling(version)) - said <= {
        sessions.named(kind, version) for kind in ("signal.updated", "coverage.degraded", "coverage.dropped")
    }


@pytest.mark.parametrize(
    "message",
    [
        {"status": "processing", "segment": 0, "bytes": 20_000},
        {"status": "processing", "segment": 1, "bytes": 2},
        {"status": "result", "segment": 1, "signals": [{"type": "joy", "start": 0.0, "end": 1.0}]},
        {"status": "completed", "segment": 1, "more": True},
        {"status": "error", "segment": 1, "error_id": "ih5004", "link": "https://a.example", "message": "m"},
    ],
)
def test_what_the_service_does_not_say_does_not_fit(message: dict[str, Any]) -> None:
    document = asyncapi.document("a.example", encrypted=True)
    for name in asyncapi.ANSWERS:
        with pytest.raises(jsonschema.ValidationError):
            fits(message, {"$ref": f"#/components/messages/{name}/payload"}, document)


def test_the_documents_name_where_they_were_got(tmp_path: Path) -> None:
    with serving(tmp_path, NoEngine(), forwarded_allow_ips=("127.0.0.1",)) as running:
        server = httpx.get(f"{running.url}/asyncapi.json").json()["servers"]["this"]
        assert (server["protocol"], server["host"]) == ("ws", running.url.removeprefix("http://"))
        secure = httpx.get(f"{running.url}/asyncapi.json", headers={"X-Forwarded-Proto": "https", "Host": "a.example"})
    assert (secure.json()["servers"]["this"]["protocol"], secure.json()["servers"]["this"]["host"]) == (
        "wss",
        "a.example",
    )


@pytest.mark.parametrize("document", [openapi.document(), asyncapi.document("a.example", encrypted=False)])
def test_every_reference_leads_somewhere_and_every_part_is_used(document: dict[str, Any]) -> None:
    found = set(references(document))
    for reference in found:
        part: Any = document
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
    for kind, parts in document["components"].items():
        if kind != "securitySchemes":  # OpenAPI names them without a reference
            assert [name for name in parts if f"#/components/{kind}/{name}" not in found] == []
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.slow
def test_the_asyncapi_document_is_one_by_its_makers_own_schema(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed (Debian: apt-get install npm)")
    done = subprocess.run(
        ["npm", "pack", "--silent", "@asyncapi/specs@6.11.1"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        pytest.skip("npm could not fetch @asyncapi/specs")
    subprocess.run(["tar", "--extract", "--gzip", "--file", done.stdout.decode().strip()], cwd=tmp_path, check=True)
    schema = json.loads((tmp_path / "package" / "schemas" / "3.0.0.json").read_text())
    document = asyncapi.document("a.example", encrypted=True)
    problems = list(jsonschema.Draft7Validator(schema).iter_errors(document))
    assert not problems, [(list(problem.absolute_path), problem.message[:300]) for problem in problems]


class BlindEngine(NoEngine):
    """Sees no video in anything."""

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:
        """See none."""
        raise UnknownContainer(f"{len(file)} bytes, {medium}")


def fits(value: object, schema: dict[str, Any], document: dict[str, Any]) -> None:
    """Hold a value against a schema of a document, whose parts it refers to."""
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def references(part: Any) -> list[str]:
    """Every `$ref` in a document."""
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [each for value in part.values() for each in references(value)]
    return [each for value in part for each in references(value)] if isinstance(part, list) else []
