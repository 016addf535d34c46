"""Other people's clients against the server: the documents' Node.js flow, and plain Python `websockets`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from websockets.sync.client import connect

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.conftest import Server

EXAMPLE = ROOT / "examples" / "node"


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client and the `ws` package, installed by npm."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed (Debian: apt-get install nodejs npm)")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "client.mjs"):
        shutil.copy(EXAMPLE / name, folder)
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
    if done.returncode:
        pytest.skip(f"npm could not install ws: {done.stderr.strip().splitlines()[-1:]}")
    return folder


def client(node: Path, *files: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    return subprocess.run(
        ["node", "client.mjs", *files],
        cwd=node,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def expected(said: list[dict[str, object]], segments: int) -> None:
    for number in range(1, segments + 1):
        own = [message["status"] for message in said if message["segment"] == number]
        assert own == ["processing", "result", "completed"]


def test_the_documents_node_flow(server: Server, node: Path, sample_segments: list[bytes], tmp_path: Path) -> None:
    files = []
    for number, segment in enumerate(sample_segments[:3]):
        files.append(tmp_path / f"{number}.webm")
        files[-1].write_bytes(segment)
    credentials = {"INTERHUMAN_API_KEY_ID": server.key_id, "INTERHUMAN_API_KEY_SECRET": server.key_secret}
    done = client(node, *map(str, files), INTERHUMAN_API_URL=server.url, **credentials)
    assert done.returncode == 0, done.stderr
    expected([json.loads(line) for line in done.stdout.splitlines()], 3)


def test_node_is_refused_with_401(server: Server, node: Path) -> None:
    done = client(node, INTERHUMAN_API_URL=server.url, INTERHUMAN_TOKEN="nonsense")
    assert "refused with 401" in done.stderr


def test_a_plain_python_client(server: Server, sample_segments: list[bytes]) -> None:
    headers = {"Authorization": f"Bearer {server.token()}"}
    said: list[dict[str, object]] = []
    with connect(server.socket_url, additional_headers=headers) as socket:
        for segment in sample_segments[:2]:
            socket.send(segment)
        while sum(message["status"] == "completed" for message in said) < 2:
            said.append(json.loads(socket.recv(timeout=60)))
    expected(said, 2)
