"""Upload jobs at a service of one's own: refusals, bounds, whose they are, stopping; its engine does as it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from interhuman_stream.faults import EngineBusy, EngineError, MalformedSegment, UnknownContainer
from interhuman_stream.findings import Findings
from interhuman_stream.medium import TALKING_FACE, UNOPENED
from interhuman_stream.service.access.quota import Allowance
from interhuman_stream.service.jobs import queue
from interhuman_stream.signals import ConversationQuality, EngagementSpan, EngagementState
from tests.hardening.test_sockets import opened
from tests.service.serving import NoEngine, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from interhuman_stream.medium import Medium
    from interhuman_stream.signals import Signal
    from tests.conftest import Running

WEBM = b"\x1a\x45\xdf\xa3" + bytes(1000)
WAV = b"RIFF\x00\x00\x00\x00WAVE" + bytes(1000)


class Told(NoEngine):
    """Says of every file what it was told to, and of its analysis when it is let.

    Attributes:
        holds: What a look into a file tells: seconds, and whether there is video and sound.
        signals: What an analysis finds.
        looked: Raised instead.
        broke: Raised by an analysis.
        nonsense: Whether it finds what nobody can.
        go: Set when analyses may end.
        began: Analyses that have begun, by what was perceived.
    """

    def __init__(self) -> None:
        super().__init__()
        self.holds: tuple[float, bool, bool] = (10.0, True, True)
        self.signals: tuple[Signal, ...] = ()
        self.looked: Exception | None = None
        self.broke: Exception | None = None
        self.nonsense = False
        self.go = threading.Event()
        self.go.set()
        self.began: list[Medium] = []

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:  # noqa: ARG002 - it was told
        """Say it."""
        seconds, video, audio = self.holds
        if medium == UNOPENED:
            if self.looked:
                raise self.looked
        else:
            self.began.append(medium)
            while not self.go.is_set():  # noqa: ASYNC110 - a test in another thread sets it
                await asyncio.sleep(0.01)
            if self.broke:
                raise self.broke
        if self.nonsense and medium != UNOPENED:
            seconds = float("nan")
        spans = (EngagementSpan(0.0, seconds, EngagementState.NEUTRAL),)
        return Findings(0.0, seconds, self.signals, spans, ConversationQuality(), has_video=video, has_audio=audio)


@contextmanager
def told(folder: Path, **settings: Any) -> Iterator[tuple[Told, Running]]:
    engine = Told()
    with serving(folder, engine, **settings) as running:
        yield engine, running
        engine.go.set()


def submit(
    running: Running, token: str | None = None, *, file: bytes = WEBM, model: str | None = "inter-2", **fields: Any
) -> httpx.Response:
    data = {name.replace("include", "include[]"): value for name, value in fields.items()}
    if model is not None:
        data["model"] = model
    return httpx.post(
        f"{running.url}/v2/upload/analyze",
        headers={"Authorization": f"Bearer {token or running.token()}"},
        files={"file": ("video", file, "application/octet-stream")},
        data=data,
        timeout=60,
    )


def read(running: Running, token: str, job_id: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{running.url}/v2/upload/jobs/{job_id}", headers=headers, timeout=60)


def finished(running: Running, token: str, job_id: str) -> dict[str, Any]:
    """The envelope, once the job is done."""
    began = time.monotonic()
    while True:
        body: dict[str, Any] = read(running, token, job_id).json()
        if body["status"] in {"completed", "failed"}:
            return body
        assert time.monotonic() - began < 60, body
        time.sleep(0.02)


def until(what: Callable[[], bool]) -> None:
    """Wait for what has no event; the test's own time limit ends it."""
    while not what():
        time.sleep(0.01)


def test_a_job_is_taken_and_done(tmp_path: Path) -> None:
    with told(tmp_path) as (engine, running):
        token = running.token()
        engine.go.clear()
        taken = submit(running, token)
        body = taken.json()
        assert taken.status_code == 202
        assert taken.headers["X-Correlation-ID"]
        assert [*body] == ["job_id", "status", "model", "created_at", "expires_at", "status_url"]
        assert (body["status"], body["model"]) == ("queued", "inter-2")
        assert body["created_at"].endswith("Z")
        assert "." not in body["created_at"]
        assert httpx.get(running.url + body["status_url"]).status_code == 401
        engine.go.set()
        done = finished(running, token, body["job_id"])
        assert [*done] == [*body, "result"]
        assert done["result"]["duration_seconds"] == 10.0
        assert engine.began == [TALKING_FACE]


@pytest.mark.parametrize(
    ("model", "file", "holds", "status", "identity"),
    [
        (None, WEBM, (10.0, True, True), 400, "ih4005"),
        ("inter-3", WEBM, (10.0, True, True), 400, "ih4005"),
        ("inter-2-deep", WEBM, (10.0, True, True), 403, "ih2003"),
        ("inter-2", b"", (10.0, True, True), 400, "ih4001"),
        ("inter-2", WAV, (10.0, False, True), 400, "ih4002"),
        ("inter-2", WEBM, (10.0, False, True), 422, "ih5001"),
        ("inter-2", WEBM, (10.0, True, False), 422, "ih5008"),
        ("inter-2-audio", WEBM, (10.0, True, False), 422, "ih5008"),
        ("inter-2", WEBM, (2.9, True, True), 400, "ih4007"),
        ("inter-2", WEBM, (1800.5, True, True), 400, "ih4004"),
        ("inter-2", bytes(33_554_433), (10.0, True, True), 413, "ih4003"),
        ("inter-2", bytes(40_000_000), (10.0, True, True), 413, "ih4003"),
    ],
)
def test_what_cannot_be_a_job_is_refused_at_once(
    tmp_path: Path, model: str | None, file: bytes, holds: tuple[float, bool, bool], status: int, identity: str
) -> None:
    with told(tmp_path) as (engine, running):
        engine.holds = holds
        answer = submit(running, file=file, model=model)
        assert (answer.status_code, answer.json()["error_id"]) == (status, identity)
        assert sorted(answer.json()) == ["correlation_id", "error_id", "link", "message"]
        assert engine.began == []
        assert running.service.jobs.held == 0


@pytest.mark.parametrize(
    ("fault", "status", "identity"),
    [
        (UnknownContainer("none"), 400, "ih4002"),
        (MalformedSegment("cut short"), 422, "ih5002"),
        (EngineBusy("no worker"), 503, "ih1003"),
        (EngineError("lost"), 500, "ih1001"),
        (ZeroDivisionError("a defect"), 500, "ih1001"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(
    tmp_path: Path, fault: Exception, status: int, identity: str
) -> None:
    with told(tmp_path) as (engine, running):
        engine.looked = fault
        for model in ("inter-2", "inter-2-audio"):
            answer = submit(running, model=model)
            assert (answer.status_code, answer.json()["error_id"]) == (status, identity)


@pytest.mark.parametrize(
    ("fields", "status", "identity"),
    [
        ({"wait_seconds": "121"}, 400, "ih4005"),
        ({"wait_seconds": "-1"}, 400, "ih4005"),
        ({"wait_seconds": "soon"}, 400, "ih4005"),
        ({"include": "everything"}, 400, "ih4000"),
        ({"unknown": "passed over"}, 202, None),
    ],
)
def test_fields_are_read(tmp_path: Path, fields: dict[str, Any], status: int, identity: str | None) -> None:
    with told(tmp_path) as (engine, running):
        engine.go.clear()
        answer = submit(running, **fields)
        assert (answer.status_code, answer.json().get("error_id")) == (status, identity)


def test_credentials_are_asked_for_as_everywhere(tmp_path: Path) -> None:
    with told(tmp_path) as (_, running):
        stream_only = running.token("interhumanai.stream")
        for answer in (submit(running, stream_only), read(running, stream_only, "0" * 32)):
            assert (answer.status_code, answer.json()["error_id"]) == (403, "ih2003")
        assert httpx.post(f"{running.url}/v2/upload/analyze").json()["error_id"] == "ih2001"
        deep = running.token("interhumanai.upload", "interhumanai.upload.inter-2-deep")
        assert submit(running, deep, model="inter-2-deep").json()["model"] == "inter-2-deep"


def test_a_job_is_its_keys_alone(tmp_path: Path) -> None:
    with told(tmp_path) as (_, running):
        mine, anothers = running.token(), running.token()
        job_id = submit(running, mine, wait_seconds="30").json()["job_id"]
        assert read(running, mine, job_id).status_code == 200
        for token, wanted in ((anothers, job_id), (mine, "0" * 32), (mine, "x"), (mine, "%2e%2e"), (mine, "\ud7ff")):
            answer = read(running, token, wanted)
            assert (answer.status_code, answer.json()["error_id"]) == (404, "ih4021")


def test_the_answer_waits_for_the_job_but_no_longer_than_asked(tmp_path: Path) -> None:
    with told(tmp_path) as (engine, running):
        done = submit(running, wait_seconds="60")
        assert (done.status_code, done.json()["status"]) == (200, "completed")
        engine.go.clear()
        late = submit(running, wait_seconds="1")
        assert late.status_code == 202
        assert late.json()["status"] in {"queued", "running"}


def test_a_failed_job_is_no_failed_request(tmp_path: Path) -> None:
    with told(tmp_path) as (engine, running):
        token = running.token()
        for fault, identity in (
            (MalformedSegment("nothing decodes"), "ih5002"),
            (EngineError("lost"), "ih1001"),
            (ZeroDivisionError("a defect"), "ih1001"),
        ):
            engine.broke = fault
            answer = submit(running, token, wait_seconds="60")
            body = answer.json()
            assert (answer.status_code, body["status"], body["error"]["error_id"]) == (200, "failed", identity)
            assert sorted(body["error"]) == ["correlation_id", "error_id", "link", "message"]
            assert "result" not in body
            assert body["error"]["correlation_id"] == answer.headers["X-Correlation-ID"]
        assert running.service.jobs.held == 0


def test_a_job_is_done_though_the_database_is_away_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "STAY_SECONDS", 0.01)
    with told(tmp_path) as (_, running):
        token, store = running.token(), running.service.jobs.store
        away = DBAPIError("UPDATE", {}, Exception("gone"))
        asked: list[str] = []
        settle = store._settle

        def fails_twice(job_id: str, **values: object) -> None:
            asked.append(str(values["status"]))
            if len(asked) < 4:
                raise away
            settle(job_id, **values)

        monkeypatch.setattr(store, "_settle", fails_twice)
        assert submit(running, token, wait_seconds="60").json()["status"] == "completed"
    assert asked == ["running", "completed", "completed", "completed"]


def test_a_defect_behind_the_analysis_is_a_failed_job_too(tmp_path: Path) -> None:
    with told(tmp_path) as (engine, running):
        engine.nonsense = True
        body = submit(running, wait_seconds="60").json()
        assert (body["status"], body["error"]["error_id"]) == ("failed", "ih1001")


def test_no_more_jobs_are_held_than_may_be(tmp_path: Path) -> None:
    with told(tmp_path, held_jobs=2) as (engine, running):
        engine.go.clear()
        token = running.token()
        taken = [submit(running, token).json()["job_id"] for _ in range(2)]
        answer = submit(running, token)
        assert (answer.status_code, answer.json()["error_id"]) == (503, "ih1002")
        assert answer.headers["Retry-After"]
        engine.go.set()
        for each in taken:
            assert finished(running, token, each)["status"] == "completed"
        assert submit(running, token, wait_seconds="60").status_code == 200


@pytest.mark.parametrize("full", [{"held_jobs": 1}, {"held_job_bytes": 10_000}], ids=["jobs", "bytes"])
def test_a_job_too_many_is_refused_before_its_body_is_read_and_anybody_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: dict[str, int]
) -> None:
    with told(tmp_path, **full) as (engine, running):
        engine.go.clear()
        token = running.token()
        assert submit(running, token).status_code == 202
        with monkeypatch.context() as patch:
            patch.setattr(running.service.store, "verifying", None)  # not to be called
            shown = f"Authorization: Bearer {token}\r\n"
            for credential, status in ((shown, b"503"), ("", b"401")):
                with opened(running) as connection:
                    head = f"POST /v2/upload/analyze HTTP/1.1\r\nHost: here\r\n{credential}Content-Length: 10000\r\n"
                    connection.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode())
                    assert connection.recv(65536).split()[1] == status  # and nothing of the body was sent


def test_no_more_video_is_held_than_may_be(tmp_path: Path) -> None:
    with told(tmp_path, held_job_bytes=5000) as (engine, running):
        engine.go.clear()
        assert [submit(running).status_code for _ in range(5)] == [202, 202, 202, 202, 503]
        assert submit(running, file=WEBM + bytes(5000)).json()["error_id"] == "ih1002"


def test_jobs_count_for_their_key(tmp_path: Path) -> None:
    with told(tmp_path) as (engine, running):
        engine.go.clear()
        key = running.service.store.create(["interhumanai.upload"], allowance=Allowance(sessions=1))
        first = submit(running, key.api_key).json()["job_id"]
        answer = submit(running, key.api_key)
        assert (answer.status_code, answer.json()["error_id"]) == (429, "ih3002")
        assert running.service.sessions.open == 0  # a job takes no stream's place
        engine.go.set()
        finished(running, key.api_key, first)
        spent = running.service.store.create(["interhumanai.upload"], allowance=Allowance(bytes_an_hour=1))
        assert submit(running, spent.api_key, wait_seconds="60").status_code == 200
        assert submit(running, spent.api_key).json()["error_id"] == "ih3003"


def test_jobs_survive_a_restart_and_what_was_not_done_is_interrupted(tmp_path: Path) -> None:
    with told(tmp_path) as (engine, running):
        key = running.service.store.create(["interhumanai.upload"])
        done = submit(running, key.api_key, wait_seconds="60").json()
        engine.go.clear()
        lost = submit(running, key.api_key).json()
        waits = threading.Thread(target=submit, args=(running, key.api_key), kwargs={"wait_seconds": "100"})
        waits.start()
        while running.service.jobs.held < 2:
            time.sleep(0.01)
        began = time.monotonic()
        engine.go.set = lambda: None  # type: ignore[method-assign] # nothing ends by itself while the service stops
    assert time.monotonic() - began < 60
    waits.join()
    with told(tmp_path) as (_, running):
        assert read(running, key.api_key, done["job_id"]).json() == done
        body = read(running, key.api_key, lost["job_id"]).json()
        assert (body["status"], body["error"]["error_id"]) == ("failed", "ih1004")
        assert body["created_at"] == lost["created_at"]
        # Whoever learns of it sends it again.
        assert submit(running, key.api_key, wait_seconds="60").json()["status"] == "completed"


def test_a_client_that_goes_while_it_waits_costs_the_job_nothing(tmp_path: Path) -> None:
    with told(tmp_path) as (engine, running):
        token = running.token()
        engine.go.clear()
        request = httpx.Request(
            "POST",
            f"{running.url}/v2/upload/analyze",
            headers={"Authorization": f"Bearer {token}"},
            files={"file": WEBM},
            data={"model": "inter-2", "wait_seconds": "100"},
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        with socket.create_connection((request.url.host, request.url.port or 0)) as client:
            client.sendall(f"POST {request.url.path} HTTP/1.1\r\n{head}\r\n".encode() + request.read())
            until(lambda: running.service.jobs.held == 1)
        engine.go.set()
        until(lambda: b'interhuman_jobs_total{outcome="completed"} 1.0' in running.service.metrics.text())
        assert running.service.jobs.held == 0


def test_a_jobs_id_is_not_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with told(tmp_path) as (_, running):
        token = running.token()
        job_id = submit(running, token, wait_seconds="60").json()["job_id"]
        read(running, token, job_id)
    said = "".join(capsys.readouterr())
    assert job_id not in said
