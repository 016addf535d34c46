"""Video and words are never on the disk nor in the log, and nothing leaves the machine: seen from outside."""

# ruff: noqa: ASYNC220, ASYNC221, ASYNC240, ASYNC251 - nothing else runs in this loop while the test waits

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, WHISPER, locate, models_dir
from interhuman_stream.faults import ModelMissing
from interhuman_stream.protocol.limits import SCOPES

WINDOW = 64
COMMAND = (sys.executable, "-B", "-m", "interhuman_stream")
WORDS = ("certain", "understand", "disagree", "really sure", "tell me more")


@pytest.fixture(autouse=True)
def _models() -> None:
    try:
        for name in (FACE_LANDMARKER, WHISPER):
            locate(name)
    except ModelMissing as error:
        pytest.skip(str(error))


def found_in(written: bytes, media: list[bytes]) -> bool:
    """Whether any aligned window of the media is in what was written."""
    windows = {each[at : at + WINDOW] for each in media for at in range(0, len(each) - WINDOW, WINDOW)}
    windows = {window for window in windows if len(set(window)) > WINDOW // 4}  # padding is alike everywhere
    return any(written[at : at + WINDOW] in windows for at in range(len(written) - WINDOW + 1))


async def test_media_and_words_are_nowhere_after_a_run(
    tmp_path: Path, sample: Path, sample_segments: list[bytes]
) -> None:
    home, scratch, here = (tmp_path / name for name in ("home", "scratch", "here"))
    for folder in (home, scratch, here):
        folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "COVERAGE_"))}
    environment |= {"HOME": str(home), "TMPDIR": str(scratch)}
    scopes = [part for scope in SCOPES for part in ("--scope", scope)]
    made = subprocess.check_output([*COMMAND, "keys", "create", *scopes, "--json"], env=environment, cwd=here)
    credential = {"Authorization": f"Bearer {json.loads(made)['api_key']}"}
    log = tmp_path / "log"
    options = ("--port", "0", "--workers", "1", "--models-dir", str(models_dir()))
    with log.open("wb") as stderr:
        process = subprocess.Popen([*COMMAND, "serve", *options], env=environment, cwd=here, stderr=stderr)
    try:
        while not re.search(r"\bready\b", log.read_text()):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        address = re.search(r"http://[\w.:]+", log.read_text())
        assert address
        socket_url = address[0].replace("http", "ws", 1) + "/v0/stream/analyze"
        async with connect(socket_url, additional_headers=credential, max_size=None) as socket:
            for number, segment in enumerate(sample_segments):
                await socket.send(segment)
                assert json.loads(await socket.recv())["status"] == "processing"
                if number == 2:
                    _kill_the_workers(process.pid)
                while json.loads(await socket.recv())["status"] not in {"completed", "error"}:
                    pass
        async with httpx.AsyncClient(timeout=100) as client:
            answer = await client.post(
                address[0] + "/v1/upload/analyze", files={"file": sample.read_bytes()}, headers=credential
            )
            job = await client.post(
                address[0] + "/v2/upload/analyze",
                files={"file": sample.read_bytes()},
                data={"model": "inter-2", "wait_seconds": "90", "include[]": "signals"},
                headers=credential,
            )
        assert answer.status_code == 200
        assert answer.json()["signals"]
        assert [word for word in WORDS if word in job.text.lower()]  # a result quotes what was said
        assert job.json()["result"]["signals"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    media = [*sample_segments, sample.read_bytes()]
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        written = path.read_bytes()
        assert not found_in(written, media), path
        assert job.json()["job_id"].encode() not in written, path
        assert not [word for word in WORDS if word in written.decode("latin-1").lower()], path
    assert not [path for path in (*home.rglob("*"), *scratch.rglob("*")) if path.is_file()]


def _kill_the_workers(server: int) -> None:
    """Kill what decodes: forked by a child of the server (the fork server), or spawned by itself."""
    started = _children(server)
    if not started:
        pytest.skip("the worker is found through Linux's /proc")
    spawned = [child for child in started if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    workers = spawned + [worker for child in started for worker in _children(child)]
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")  # whichever thread has started them
    return [int(child) for each in lists for child in each.read_text().split()]


def test_a_whole_stream_runs_without_a_network() -> None:
    alone = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("a network namespace of one's own is not to be had here")
    if not shutil.which("ip"):
        pytest.skip("ip (Debian's iproute2) is not here to switch the loopback on")
    done = subprocess.run(
        [*alone, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *COMMAND, "demo", "--fast"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"completed"' in done.stdout


def test_nothing_is_ever_sent_beyond_the_loopback(tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not here")
    trace = tmp_path / "trace"
    calls = "connect,sendto,sendmsg,sendmmsg"
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={calls}", "-o", trace, *COMMAND, "demo", "--fast"],
        capture_output=True,
        text=True,
        check=False,
    )
    if "ptrace" in done.stderr and "not permitted" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    addresses = re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', trace.read_text())
    assert addresses
    assert {four or six for four, six in addresses} <= {"127.0.0.1", "::1"}
