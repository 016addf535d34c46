"""Each skill can be parsed, and every shell block in it does on the real service what the skill says."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from interhuman_stream.signals import SignalType
from tests.client import far_end
from tests.client.test_jobs import job
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Running

SKILLS = sorted((ROOT / "skills").glob("*/SKILL.md"))
FRONT = re.compile(r"\A---\n(?P<fields>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
BLOCK = re.compile(r"^ *```sh\n(?P<code>.*?)^ *```$", re.DOTALL | re.MULTILINE)


def parsed(path: Path) -> tuple[dict[str, str], str]:
    """Give the fields of the front matter, which are all plain `name: text` here, and the body."""
    match = FRONT.match(path.read_text(encoding="utf-8"))
    assert match
    fields = dict(line.split(": ", 1) for line in match["fields"].splitlines())
    return fields, match["body"]


def script(body: str) -> str:
    """Give all shell blocks, one behind the other; the first that fails ends it."""
    blocks = [textwrap.dedent(match["code"]) for match in BLOCK.finditer(body)]
    assert blocks
    return "set -eu\n" + "\n".join(blocks)


def test_the_skills_are_there() -> None:
    names = [path.parent.name for path in SKILLS]
    assert names == [
        "interhuman-authentication",
        "interhuman-post-processing",
        "interhuman-stream",
        "interhuman-stream-analyze",
        "interhuman-timeline",
    ]
    page = (ROOT / "skills" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\((interhuman-[a-z-]+)/SKILL\.md\)", page)) == names


def test_they_are_installed_as_their_page_says(tmp_path: Path) -> None:
    page = (ROOT / "skills" / "README.md").read_text(encoding="utf-8")
    _, copying = BLOCK.findall(page)
    subprocess.run(["sh", "-c", copying], cwd=ROOT, env={**os.environ, "HOME": str(tmp_path)}, check=True)
    copied = sorted(tmp_path.rglob("SKILL.md"))
    assert [path.read_bytes() for path in copied] == [path.read_bytes() for path in SKILLS]


@pytest.mark.parametrize("path", SKILLS, ids=lambda path: path.parent.name)
def test_the_front_matter(path: Path) -> None:
    """What the Agent Skills format asks for: a name like the folder's, a description of at most 1 024 characters."""
    fields, body = parsed(path)
    assert set(fields) == {"name", "description"}
    assert fields["name"] == path.parent.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fields["name"])
    assert len(fields["name"]) <= 64
    assert 50 < len(fields["description"]) <= 1024
    assert ": " not in fields["description"]  # which would end a plain YAML text
    assert "Use when" in fields["description"] or "Use after" in fields["description"]
    for heading in ("## When to use", "## Inputs", "## Steps", "## Output rules"):
        assert heading in body
    assert "verbatim" in body


@pytest.fixture
def environment(running: Running, short: Path, tmp_path: Path) -> dict[str, str]:
    """What the skills say must be set, and the command line on the PATH."""
    key = running.service.store.create(["interhumanai.stream", "interhumanai.upload"])
    command = tmp_path / "bin" / "interhuman-stream"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m interhuman_stream "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    return {
        **clean,
        "PATH": f"{command.parent}{os.pathsep}{clean['PATH']}",
        "VIDEO": str(short),
        "INTERHUMAN_API_URL": running.url,
        "INTERHUMAN_API_KEY_ID": key.key_id,
        "INTERHUMAN_API_KEY_SECRET": key.key_secret,
    }


def run(name: str, environment: dict[str, str], folder: Path, then: str = "") -> str:
    _, body = parsed(ROOT / "skills" / name / "SKILL.md")
    done = subprocess.run(
        ["sh", "-c", script(body) + then],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    assert environment["INTERHUMAN_API_KEY_SECRET"] not in done.stdout + done.stderr
    return done.stdout


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_authentication(environment: dict[str, str], tmp_path: Path) -> None:
    out = run("interhuman-authentication", environment, tmp_path, '\necho "$INTERHUMAN_TOKEN_COMMAND"\n')
    assert out.splitlines() == ["interhumanai.stream 900", "interhuman-stream token --scope interhumanai.stream"]


@pytest.mark.slow
def test_stream(environment: dict[str, str], tmp_path: Path) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed (Debian: apt-get install ffmpeg)")
    out = run("interhuman-stream", environment, tmp_path)
    assert out == "2 of 2 completed; failed: [] dropped: [] sent again: []\n"
    for name, segments in (("messages", 2), ("piped", 2), ("extended", 2)):
        said = lines(tmp_path / f"{name}.jsonl")
        assert [each["status"] for each in said].count("completed") == segments
    assert all("engagement_state" in each for each in said if each["status"] == "result")


def test_timeline(environment: dict[str, str], tmp_path: Path) -> None:
    out = run("interhuman-timeline", environment, tmp_path)
    with (tmp_path / "signals.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["signal"] for row in rows} <= set(SignalType)
    assert all(0 <= float(row["start"]) < float(row["end"]) <= 10.1 for row in rows)
    # What happens in the sample: a shake and "no" from 5 s on, in the second segment.
    assert "disagreement" in [row["signal"] for row in rows if 5 <= float(row["start"]) < 10]
    assert "agreement" not in [row["signal"] for row in rows if 5 <= float(row["start"]) < 10]
    results = [each for each in lines(tmp_path / "messages.jsonl") if each["status"] == "result"]
    assert len(rows) == len([signal for each in results for signal in each["signals"]])
    assert out.count("time(s)") == len({row["signal"] for row in rows})


@pytest.mark.slow
def test_stream_analyze(environment: dict[str, str], tmp_path: Path) -> None:
    out = run("interhuman-stream-analyze", environment, tmp_path)
    assert "'agreement'" in out
    assert out.endswith("not analysed: [] errors: {} connections: 1\n")
    for name in ("events", "quality", "chunks"):
        said = lines(tmp_path / f"{name}.jsonl")
        assert (said[0]["type"], said[-1]["type"]) == ("session.ready", "session.ended")
        # A nod and "yes" at the beginning of the sample, a shake and "no" from 5 s on.
        found = {each["data"]["signal_type"]: each["data"] for each in said if each["type"] == "signal.detected"}
        assert found["agreement"]["start"] < 5 <= found["disagreement"]["start"] < 10
        assert any("timeline" in each["data"] for each in said) is (name == "quality")


def test_post_processing(environment: dict[str, str], tmp_path: Path) -> None:
    """Against a far end that says what the contract has; what it says is what is handed on, byte for byte."""
    done = job("completed", result={"windows": [{}, {}], "signals": [{"type": "agreement", "start": 0.0, "end": 5e0}]})
    whole = b'{"signals":[ ],"engagement_state":[]}'
    with far_end.http() as server:
        server.answers = [(202, job("queued")), (200, done), (200, done), (200, whole)]
        environment = {**environment, "INTERHUMAN_API_URL": server.url, "INTERHUMAN_TOKEN": "t"}
        out = run("interhuman-post-processing", environment, tmp_path)
        paths = [path for path, _, _ in server.requests]
    assert out == "completed 2 windows, 1 signals\n"
    assert (tmp_path / "job.json").read_bytes() == (tmp_path / "voice.json").read_bytes() == done
    assert (tmp_path / "whole.json").read_bytes() == whole
    assert [path.split("/")[1:4] for path in paths] == [
        ["v2", "upload", "analyze"],
        ["v2", "upload", "jobs"],
        ["v2", "upload", "analyze"],
        ["v1", "upload", "analyze"],
    ]


@pytest.mark.slow
def test_post_processing_on_the_service(running: Running, environment: dict[str, str], tmp_path: Path) -> None:
    if httpx.post(f"{running.url}/v2/upload/analyze").status_code == 404:
        pytest.skip("this service has no jobs yet")
    out = run("interhuman-post-processing", environment, tmp_path)
    assert out.startswith("completed ")
    result = json.loads((tmp_path / "job.json").read_bytes())["result"]
    assert {"agreement", "disagreement"} <= {signal["type"] for signal in result["signals"]}
    assert "overall" in result["conversation_quality"]
    assert json.loads((tmp_path / "whole.json").read_bytes())["signals"]
