"""Which system calls do workers make, and is each on their list?

    make jail-calls
    make jail-calls CALLS="--only webm avi"

Runs the engine under `strace -f`: every container and codec of `make matrix`, as a file and in pieces, pictures and
sound, raw samples, what is damaged, and what is watched. Prints for both lists of ``engine/local/calls.py`` each call
that was made, how often and how often refused. Ends with 1 where a call was refused that no library is known to do
without, or where one is allowed that was not made and no reason is given. Needs strace; takes some minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from interhuman_stream.engine.local import calls
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.faults import Fault
from interhuman_stream.medium import TALKING_FACE, UNOPENED, VOICE, raw_voice
from interhuman_stream.sample import CLIP
from interhuman_stream.terms import Terms
from tools.matrix.media import RATE, talk, written
from tools.matrix.rows import ROWS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from interhuman_stream.findings import Findings

PIECE: Final = 5.0
PHASES: Final = ("loading", "working")
LISTS: Final = {"loading": calls.loading, "working": calls.working}
UNSEEN: Final = {"loading": calls.UNSEEN_LOADING | calls.UNSEEN, "working": calls.UNSEEN}
REFUSED: Final = ("EPERM", "ENOSYS")
LINE: Final = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)$")
PATH: Final = re.compile(r'"([^"]*)"')
OPENS: Final = ("open", "openat")
RESULT: Final = re.compile(r"= (-?\d+|\?)(?: (E\w+))?[^=]*$")


@dataclass(slots=True)
class Made:
    """Calls of one list's time: how many, and what of each was refused."""

    calls: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)  # that were refused
    refused: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def main() -> int:
    """Run it, print both lists, and say whether they are as they should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="CONTAINER", help="these containers alone")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        asyncio.run(_work(asked.run))
        return 0
    strace = shutil.which("strace")
    if strace is None:
        print("strace is not here; Debian and Ubuntu have it by: apt install strace", file=sys.stderr)
        return 2
    os.environ.setdefault("SVT_LOG", "1")  # the AV1 encoder tells its settings otherwise
    with tempfile.TemporaryDirectory() as scratch:
        folder, trace = Path(scratch) / "media", Path(scratch) / "trace"
        folder.mkdir()
        for number, row in enumerate(row for row in ROWS if not asked.only or row.container in asked.only):
            name = f"{number:02} {row.container}"
            (folder / f"{name}.whole").write_bytes(written(row))
            if row.whole:
                for at, begin in enumerate((0.0, PIECE)):
                    (folder / f"{name}.{at}.piece").write_bytes(written(row, begin, begin + PIECE))
        command = [
            strace,
            "-f",
            "-qq",
            "-o",
            str(trace),
            sys.executable,
            "-m",
            "tools.jail_calls",
            "--run",
            str(folder),
        ]
        subprocess.run(command, check=True)
        with trace.open(encoding="utf-8", errors="replace") as lines:
            workers, made = read(lines)
    print(f"{workers} workers")
    return max([_print(phase, made[phase]) for phase in PHASES])


async def _work(folder: Path) -> None:
    """Have the engine analyse what is in the folder on every way, and end."""
    engine = LocalEngine(1)
    await engine.start()
    if engine.unconfined:
        print(f"confined less than could be: {engine.unconfined}", file=sys.stderr)
    done: Counter[str] = Counter()
    sample = CLIP.read_bytes()
    samples = (talk()[1][:: RATE // 16_000] * 32767).astype("<i2").tobytes()
    for whole, pieces in _media(folder):
        for medium in (TALKING_FACE, VOICE, UNOPENED):
            await _counted(done, engine.analyze(whole, medium))
        session = await engine.session()
        for piece in pieces:
            await _counted(done, session.analyze(piece))
        await session.close()
    for broken in (b"", b"\0" * 20_000, os.urandom(20_000), sample[: len(sample) // 3] + os.urandom(50_000)):
        await _counted(done, engine.analyze(broken))
    await _counted(done, engine.analyze(samples, raw_voice(16_000)))
    session = await engine.session(Terms(every=0.5))
    done["watched"] += len([each async for each in session.watch(sample)])
    done["watched"] += len([each async for each in session.rest()])
    await session.close()
    await engine.stop()
    print(", ".join(f"{count} {name}" for name, count in done.items()), flush=True)


def _media(folder: Path) -> list[tuple[bytes, list[bytes]]]:
    """Each file, and what a client would make of it: files of its parts where it cannot be cut."""
    found = []
    for path in sorted(folder.glob("*.whole")):
        whole = path.read_bytes()
        pieces = [each.read_bytes() for each in sorted(folder.glob(f"{path.stem}.*.piece"))]
        found.append((whole, pieces or [whole[: len(whole) // 2], whole[len(whole) // 2 :]]))
    return found


async def _counted(done: Counter[str], analysis: Awaitable[Findings]) -> None:
    try:
        await analysis
        done["analysed"] += 1
    except Fault as fault:
        done[type(fault).__name__] += 1


def read(lines: Iterable[str]) -> tuple[int, dict[str, Made]]:
    """What a trace says of workers: how many there were, and what they called in each list's time.

    A worker is a process that confines itself: of its calls of seccomp the first closes the first list, the second the
    second. Threads are its own.
    """
    made = {phase: Made() for phase in PHASES}
    phase: dict[str, int] = {}
    process: dict[str, str] = {}
    begun: dict[str, str] = {}
    for line in lines:
        found = LINE.match(line)
        if not found:
            continue
        thread, call, rest = found.groups()
        result = RESULT.search(rest)
        own = process.get(thread, thread)
        if "<unfinished" in rest:
            begun[thread] = rest
        elif call in {"clone", "clone3"} and result and "CLONE_THREAD" in begun.pop(thread, "") + rest:
            process[result[1]] = own
        stage = phase.get(own, 0)
        if stage and " resumed>" not in line:
            made[PHASES[stage - 1]].calls[call] += 1
        if stage and result and result[2] in REFUSED:
            made[PHASES[stage - 1]].refused[call][result[2]] += 1
            made[PHASES[stage - 1]].files.update(PATH.findall(begun.get(thread, "") + rest) if call in OPENS else ())
        if call == "seccomp" and result and result[1] == "0":
            phase[own] = stage + 1
    return len(phase), made


def _print(phase: str, made: Made) -> int:
    """Print one list; 1 where it is not as it should be."""
    allowed = LISTS[phase](0)
    table = Table("call", "made", "refused", "", title=f"{phase}: {len(allowed)} calls allowed")
    unknown = [path for path in made.files if not _done_without(path)]
    wrong = 0
    for call in sorted({*made.calls, *allowed}):
        refused = made.refused.get(call, Counter())
        remark = "" if call in allowed or (call in OPENS and not unknown) else "NOT ALLOWED"
        remark = "a library does without" if call in calls.PROBED else remark
        if call in allowed and not made.calls[call]:
            remark = UNSEEN[phase].get(call, "NEVER MADE, and no reason given")
        wrong += remark.isupper() or remark.startswith("NEVER")
        table.add_row(call, str(made.calls[call]), _said(refused), remark)
    Console(width=140).print(table)
    for path, count in made.files.items():
        print(f"{phase}: {path} was refused {count} times: {_done_without(path) or 'FOR NO KNOWN REASON'}")
    print(f"{phase}: {wrong} calls are not as they should be")
    return int(wrong > 0)


def _done_without(path: str) -> str | None:
    return next((why for part, why in calls.DONE_WITHOUT.items() if part in path), None)


def _said(refused: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in refused.items())


if __name__ == "__main__":
    sys.exit(main())
