"""Build the wheel and use it as a stranger does: installed in a fresh environment, far from the checkout.

    make wheel-check

First without extras: what needs more must say in one sentence what to install. Then with ``[service]``: without model
files it must say what fetches them; with them, the demo completes and the sample clip is analysed. Prints what each
command took, and ends with 1 where one did not end as it should. pip downloads some 220 MB.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from interhuman_stream import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = ("pyproject.toml", "README.md", "LICENSE", "src")
PIP: Final = ("-m", "pip", "--disable-pip-version-check", "--quiet")
COMMAND: Final = ("-m", "interhuman_stream")
MODELS_DIR: Final = "INTERHUMAN_MODELS_DIR"
INSTALL, PULL = "pip install 'interhuman-stream[", "interhuman-stream models pull"
MEGABYTE: Final = 1e6


@dataclass(frozen=True, slots=True)
class Step:
    """What a command did.

    Attributes:
        name: The command, as one would type it.
        seconds: Wall time.
        good: Whether it ended as it should, saying what it should.
        said: The line of what it said that counts.
    """

    name: str
    seconds: float
    good: bool
    said: str


def built(folder: Path) -> Path:
    """Build the wheel from a copy of the sources: what an earlier build left in the checkout must not get into it.

    Raises:
        CalledProcessError: It cannot be built; pip has said why on stderr.
    """
    copy = folder / "sources"
    for name in SOURCES:
        target = copy / name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    command = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(copy)]
    subprocess.run([sys.executable, *command], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A fresh environment, and an empty folder to be in."""

    python: Path
    folder: Path

    def run(self, arguments: Sequence[str], expect: str = "", code: int = 0, **environment: str) -> Step:
        """Run its Python; good is an end with ``code`` that says ``expect``, and for a failure says it in one line."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "INTERHUMAN_"))}
        if kept := os.environ.get(MODELS_DIR):
            clean[MODELS_DIR] = kept
        began = time.perf_counter()
        done = subprocess.run(
            [str(self.python), *arguments],
            cwd=self.folder,
            env=clean | environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        seconds = time.perf_counter() - began
        said = (done.stdout + done.stderr).strip()
        good = done.returncode == code and expect in said and not (code and "\n" in said)
        lines = said.splitlines() if expect or not good else []
        counts = [line for line in lines if expect in line] or lines[-1:] or [""]
        return Step(_typed(arguments), seconds, good, counts[-1])


def elsewhere(folder: Path) -> Elsewhere:
    """Make a fresh environment in a folder, with pip and nothing else."""
    venv.create(folder / "environment", with_pip=True)
    (folder / "empty").mkdir()
    return Elsewhere(folder / "environment" / "bin" / "python", folder / "empty")


def without_extras(there: Elsewhere, wheel: Path) -> list[Step]:
    """Install the wheel alone: the client works, and what needs more says so."""
    client = "import interhuman_stream.client as client; print(client.StreamClient.__name__)"
    return [
        there.run([*PIP, "install", str(wheel)]),
        there.run([*COMMAND, "--version"], __version__),
        there.run(["-c", client], "StreamClient"),
        *(there.run([*COMMAND, name], INSTALL, code=1) for name in ("demo", "serve", "analyze")),
    ]


def with_service(there: Elsewhere, wheel: Path) -> list[Step]:
    """Install what serving takes too: without model files it says what fetches them, with them all of it works."""
    nothing = {MODELS_DIR: str(there.folder / "models")}
    return [
        there.run([*PIP, "install", f"{wheel}[service]"]),
        *(there.run([*COMMAND, name], PULL, code=1, **nothing) for name in ("demo", "serve", "analyze")),
        there.run([*COMMAND, "models", "pull"], "all model files are in"),
        there.run([*COMMAND, "demo", "--fast"], "6 of 6 segments completed"),
        there.run([*COMMAND, "analyze"], "agreement"),
    ]


def main() -> None:
    """Do it all, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bare", action="store_true", help="only without extras, which downloads little")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="interhuman-wheel-") as scratch:
        began = time.perf_counter()
        wheel = built(Path(scratch))
        took = time.perf_counter() - began
        print(f"{wheel.name}: {wheel.stat().st_size / MEGABYTE:.2f} MB, built in {took:.1f} s")
        there = elsewhere(Path(scratch))
        empty = _size(there.python.parents[1])
        steps = _reported("without extras", without_extras(there, wheel))
        print(f"installed without extras: {_size(there.python.parents[1]) - empty:.1f} MB beside pip")
        if not options.bare:
            steps += _reported("with [service]", with_service(there, wheel))
            print(f"installed with [service]: {_size(there.python.parents[1]) - empty:.1f} MB beside pip")
    bad = [step.name for step in steps if not step.good]
    print(f"{len(steps) - len(bad)} of {len(steps)} commands ended as they should", *bad, sep="; not: ")
    sys.exit(bool(bad))


def _reported(title: str, steps: list[Step]) -> list[Step]:
    table = Table("command", "seconds", "good", "said", title=escape(title))
    for step in steps:
        table.add_row(escape(step.name), f"{step.seconds:.1f}", "yes" if step.good else "NO", escape(step.said))
    Console().print(table)
    return steps


def _typed(arguments: Sequence[str]) -> str:
    """Write a command as one would type it."""
    words = [Path(word).name if word.startswith("/") else word for word in arguments]
    if tuple(words[:2]) == COMMAND:
        return " ".join(["interhuman-stream", *words[2:]])
    if tuple(words[: len(PIP)]) == PIP:
        return " ".join(["pip", *words[len(PIP) :]])
    return " ".join(["python", *words])


def _size(folder: Path) -> float:
    """Megabytes of the files in a folder."""
    return sum(each.lstat().st_size for each in folder.rglob("*") if each.is_file()) / MEGABYTE


if __name__ == "__main__":
    main()
