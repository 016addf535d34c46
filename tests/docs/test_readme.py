"""What the README shows works as it is shown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from tests.conftest import Running

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_client_relays_the_messages_of_the_demo(running: Running) -> None:
    (code,) = [block for block in PYTHON if "StreamClient" in block]
    key = running.service.store.create([STREAM_SCOPE])
    lines = run(
        code.replace("http://127.0.0.1:8000", running.url),
        INTERHUMAN_API_KEY_ID=key.key_id,
        INTERHUMAN_API_KEY_SECRET=key.key_secret,
    ).splitlines()
    shown = [line for line in README.splitlines() if line.startswith('{"status"')]
    assert len(shown) >= 12
    for line in shown:
        assert gist(line) in [gist(each) for each in lines]


def gist(line: str) -> object:
    """A message without what differs a little between processors: sizes after encoding, times."""
    message = json.loads(line)
    return message["status"], message["segment"], [signal["type"] for signal in message.get("signals", [])]


@pytest.mark.usefixtures("running")  # skips where the models are missing
def test_the_engine_says_why() -> None:
    (code,) = [block for block in PYTHON if "AnalysisSession" in block]
    lines = run(code).splitlines()
    assert len(lines) >= 4
    for line in lines:
        said = re.fullmatch(r"(\d+\.\d)–(\d+\.\d) s (\w+), (high|medium|low): [A-Z].*\)\.", line)
        assert said, line
        assert said[3] in set(SignalType)
        assert float(said[1]) < float(said[2])
