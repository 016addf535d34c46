"""Code that runs inside a worker, as anybody's and as root's, on kernels old and new: all that it tries is refused."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from interhuman_stream.engine.local.landlock import NEWEST
from interhuman_stream.engine.local.seccomp import MACHINES
from tests.hardening import jail_probe

if sys.platform != "linux" or platform.machine() not in MACHINES:
    pytest.skip("asks the Linux kernel", allow_module_level=True)
SOMEBODY = 54321
ROOT = Path(__file__).parents[2]
USERS = [None, SOMEBODY] if os.getuid() == 0 else [None]


@pytest.mark.parametrize("version", [NEWEST, 5, 0])
@pytest.mark.parametrize("user", USERS, ids=lambda user: "itself" if user is None else "another user")
def test_whatever_a_worker_tries_is_refused(tmp_path: Path, user: int | None, version: int) -> None:
    secret = tmp_path / "interhuman.sqlite3"
    secret.write_text("a signing key")
    secret.chmod(0o600)
    if user:
        for each in (tmp_path, secret):
            os.chown(each, user, user)
        for each in tmp_path.parents:
            if each.owner() == tmp_path.parent.owner() and each.is_relative_to(Path(tempfile.gettempdir()) / "."):
                each.chmod(0o755)
    command = [sys.executable, "-m", jail_probe.__name__, str(tmp_path), "--landlock", str(version)]
    asked = subprocess.run(
        [*command, *(["--user", str(user)] if user else [])], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert asked.returncode == 0, asked.stderr
    said = json.loads(asked.stdout)
    assert said["status"] == 0
    assert {name: outcome for name, outcome in said["tried"].items() if outcome != "refused"} == {}
    assert len(said["tried"]) > 40
    assert said["unharmed"]
    assert said["sibling"]
    assert secret.read_text() == "a signing key"
    assert len(said["missing"]) == {NEWEST: 0, 5: 1, 0: 6}[version]  # and what the kernel lacks is said
