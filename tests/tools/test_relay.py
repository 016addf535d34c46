"""The bench that needs no engine: that it runs, and what it prints."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


def test_the_relay_bench_prints_its_figures(sample: Path) -> None:
    """Its figures depend on the machine; that all passed through does not."""
    command = [sys.executable, "-m", "tools.load", "relay", str(sample), "--messages", "5000", "--minutes", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    relay, memory = done.stdout.splitlines()
    assert relay.startswith("relay: 5,000 messages of 87 bytes")
    assert "1.0 min of video at 50 times live speed" in memory
    assert "12 of 12 segments completed" in memory
