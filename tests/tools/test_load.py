"""The benches of the service: that they run against a real one, and judge what they see. Figures are not judged."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, WHISPER, locate
from interhuman_stream.faults import ModelMissing
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def _models() -> None:
    try:
        for name in (FACE_LANDMARKER, WHISPER):
            locate(name)
    except ModelMissing as error:
        pytest.skip(str(error))
    if not sys.platform.startswith("linux"):
        pytest.skip("what processes use is read from Linux' /proc")


@pytest.fixture
def clip(tmp_path: Path, sample_segments: list[bytes]) -> Path:
    """Five seconds: each bench encodes its clip anew before it begins."""
    path = tmp_path / "clip.webm"
    path.write_bytes(sample_segments[0])
    return path


def _bench(*arguments: object) -> list[str]:
    command = [sys.executable, "-m", "tools.load", *map(str, arguments), "--workers", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize("api", ["v0", "v2"])
def test_load_holds_streams_and_loses_nothing(clip: Path, api: str) -> None:
    short = ("--minutes", 0.05, "--idle-seconds", 0, "--overload-minutes", 0)
    clips, _, head, _, row = _bench("streams", "--api", api, "--clips", clip, "--streams", 2, *short)
    assert clips.startswith("1 segments of 5 s")
    shown = dict(zip(_cells(head), _cells(row), strict=True))
    assert (shown["run"], shown["streams"], shown["segments"], shown["lost"], shown["errors"]) == (
        f"{api} held", "2", "2", "0", "0",
    )  # fmt: skip


def test_killed_workers_cost_no_answer(clip: Path) -> None:
    head, _, row = _bench("kills", "--kills", 1, "--streams", 1, "--clip", clip)
    kills, exits, segments, results, errors, unanswered, missing, *_ = map(int, _cells(row)[:7])
    assert (kills, exits, unanswered, missing) == (1, 0, 0, 0)
    assert results + errors == segments
    assert _cells(head)[0] == "kills"


def test_churn_leaves_the_service_up_and_nothing_unanswered(clip: Path) -> None:
    *table, _, said = _bench("soak", "--minutes", 0.08, "--streams", 2, "--clip", clip)
    assert {_cells(row)[0] for row in table[2:]} >= {"server", "worker"}
    assert "0 lost" in said
    assert said.endswith("service up")


def test_floods_are_measured_beside_a_stream(clip: Path) -> None:
    command = [sys.executable, "-m", "tools.load", "floods", "--clip", str(clip), "--workers", "1", "--streams", "1"]
    command += ["--seconds", "3", "--only", "one-byte chunks", "--only", "pings, unread"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in {0, 1}, done.stderr  # what others feel is the machine's business
    head, _, *rows = done.stdout.splitlines()
    assert [_cells(row)[0] for row in rows] == ["none", "one-byte chunks", "pings, unread"]
    for row in rows[1:]:
        assert float(dict(zip(_cells(head), _cells(row), strict=True))["server cores"]) < 1


def test_a_recording_in_pieces_is_taken_to_its_end(tmp_path: Path, sample_segments: list[bytes]) -> None:
    folder = tmp_path / "recording"
    folder.mkdir()
    (folder / "blob_01.bin").write_bytes(sample_segments[0][:100_000])
    (folder / "blob_02.bin").write_bytes(sample_segments[0][100_000:])
    command = [sys.executable, "-m", "tools.load", "pieces", str(folder), "--bytes", "40000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    _, row = done.stdout.splitlines()
    size = len(sample_segments[0])
    assert row.split() == ["recording", f"{size:,}", f"{size // 40_000}", f"{size // 40_000}", "0", "–"]
