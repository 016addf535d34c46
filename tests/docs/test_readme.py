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
from interhuman_stream.sample import CLIP
from interhuman_stream.signals import SignalType
from tests.client.media import Clip, make

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


SHELL = re.findall(r"^```\n(.*?)^```$", README.split("## What you see")[1], re.DOTALL | re.MULTILINE)


@pytest.mark.slow
@pytest.mark.timeout(300)  # seven commands, one after the other, on a machine that does other things
def test_the_commands_work_as_they_stand_in_their_order(running: Running, tmp_path: Path) -> None:
    """All but `serve`, which is running: in one fresh shell, in a folder that has what a checkout has."""
    commands = [block for block in SHELL if re.search(r"^(interhuman-stream|export) ", block, re.MULTILINE)]
    serve = [block for block in commands if "interhuman-stream serve" in block]
    assert len(commands) == 4
    assert len(serve) == 1
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    command = tmp_path / ".venv" / "bin" / "interhuman-stream"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m interhuman_stream "$@"\n')
    command.chmod(0o755)
    (tmp_path / "data").symlink_to(running.service.settings.data_dir)
    (tmp_path / "src").symlink_to(ROOT / "src")
    short = make(tmp_path / "short.mp4", Clip(seconds=6))
    script = "\n".join(["set -e", *(block for block in commands if block not in serve)])
    assert script.count("src/interhuman_stream/sample/sample.webm") == 1
    assert CLIP.samefile(tmp_path / "src/interhuman_stream/sample/sample.webm")
    # Live pace is not what is tried here.
    script = script.replace("src/interhuman_stream/sample/sample.webm", str(short))
    script = script.replace("interhuman-stream analyze", f"interhuman-stream analyze {short}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_API")}
    done = subprocess.run(
        ["sh", "-c", script.replace("http://127.0.0.1:8000", running.url)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert len(re.findall('"status":"completed"', said)) >= 1
    assert re.search(r"^ihk_[0-9a-f]{16}$", said, re.MULTILINE)
    assert '"access_token"' in said
    assert '{"signals":[' in said


@pytest.mark.slow
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
@pytest.mark.slow
def test_the_engine_says_why(short: Path) -> None:
    (code,) = [block for block in PYTHON if "AnalysisSession" in block]
    sample = "from interhuman_stream.sample import CLIP"
    assert sample in code
    lines = run(code.replace(sample, f"from pathlib import Path; CLIP = Path({str(short)!r})")).splitlines()
    assert len(lines) >= 4
    for line in lines:
        said = re.fullmatch(r"(\d+\.\d)–(\d+\.\d) s (\w+), (high|medium|low): [A-Z].*\)\.", line)
        assert said, line
        assert said[3] in set(SignalType)
        assert float(said[1]) < float(said[2])
