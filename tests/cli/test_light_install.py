"""What most people install: the client alone, from the wheel in an environment of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest

from interhuman_stream import __version__
from tests.client import far_end
from tools.wheel_check import PIP, built

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
HEAVY = ("av", "numpy", "onnxruntime", "cv2", "faster_whisper", "ai_edge_litert", "starlette", "sqlalchemy")


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of the environment."""
    folder = tmp_path_factory.mktemp("light")
    # Without a pip of its own, and compiling nothing: that is half of what it takes, and nothing of what is tested.
    venv.create(folder / "environment", with_pip=False)
    python = folder / "environment" / "bin" / "python"
    pip = [sys.executable, *PIP, "--python", str(python), "install", "--no-compile", str(built(folder))]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"pip could not install: {done.stderr.strip().splitlines()[-1:]}")
    return python.parent


def run(light: Path, *arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INTERHUMAN_", "PYTHON", "COV"))}
    return subprocess.run(
        list(map(str, (light / "interhuman-stream", *arguments))),
        input=stdin,
        capture_output=True,
        check=False,
        env={**clean, **environment},
        timeout=60,
    )


def test_nothing_heavy_is_there(light: Path) -> None:
    code = (
        "import importlib.util, json, sys, time\n"
        f"there = [name for name in {HEAVY!r} if importlib.util.find_spec(name)]\n"
        "began = time.perf_counter()\n"
        "import interhuman_stream.client, interhuman_stream.client.sync\n"
        "print(json.dumps([there, time.perf_counter() - began, 'httpx' in sys.modules]))\n"
    )
    done = subprocess.run([light / "python", "-I", "-c", code], capture_output=True, check=True)
    there, seconds, httpx = json.loads(done.stdout)
    print(f"import of interhuman_stream.client: {seconds:.3f} s")  # noqa: T201 - the figure, for who asks with -s
    assert there == []
    assert not httpx


def test_every_command_has_its_help(light: Path) -> None:
    for command in ("stream", "conformance", "serve", "analyze"):
        done = run(light, command, "--help")
        assert done.returncode == 0, done.stderr


def test_the_version_is_said(light: Path) -> None:
    assert run(light, "--version").stdout.split() == [b"interhuman-stream", __version__.encode()]


async def test_the_client_commands_work(light: Path, tmp_path: Path) -> None:
    piece = bytes(20_000)
    session = far_end.Session()
    async with far_end.websocket(far_end.v0(session)) as url:
        done = await asyncio.to_thread(
            run, light, "stream", "-", "--raw", "--url", url, stdin=piece, INTERHUMAN_API_KEY="k"
        )
        assert done.returncode == 0, done.stderr
        assert session.frames == [piece]
        assert len(done.stdout.splitlines()) == 3
    with far_end.http() as server:
        server.body = b'{"access_token":"t","expires_in":900}'
        done = run(light, "token", "--url", server.url, INTERHUMAN_API_KEY_ID="id", INTERHUMAN_API_KEY_SECRET="secret")
        assert (done.returncode, done.stdout) == (0, server.body)
        video = tmp_path / "video.mp4"
        video.write_bytes(piece)
        done = run(light, "upload", video, "--url", server.url, INTERHUMAN_API_KEY="k")
        assert (done.returncode, done.stdout) == (0, server.body)


def test_what_needs_more_says_what_to_install(light: Path, sample: Path) -> None:
    done = run(light, "stream", sample, "--api-key", "k")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"pip install 'interhuman-stream[media]'" in done.stderr
    for command in (("demo",), ("serve",), ("analyze",)):
        done = run(light, *command)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"pip install 'interhuman-stream[" in done.stderr
        assert done.stderr.count(b"\n") == 1
