"""Send damaged video to a real service over real sockets, and count what becomes of it.

    make fuzz                          20 000 cases
    make fuzz FUZZ="--cases 500 --seed 7"
    make fuzz CASE=1234 FUZZ="--seed 7"    one case again, with those its session had before it

Every case follows from the run's seed and its own number. The run fails where the service dies, where a segment is not
answered within the limit, or where an analysis ends in an error nobody foresaw. A lost worker is a finding that is
counted and named: it costs its segment, and the run goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from rich.console import Console
from rich.table import Table

from fuzzing.cases import CASES_A_SESSION, session
from fuzzing.seeds import make_seeds, recordings
from fuzzing.traffic import FAILED, LOST, OUTCOMES, UNANSWERED, Outcome, send_all
from interhuman_stream.protocol.limits import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "interhuman_stream")
START_SECONDS = 120
STOP_SECONDS = 60
PROGRESS = 1000


def main() -> None:
    """Run, print the table, and fail where the service did."""
    asked = _arguments()
    seeds = make_seeds(ROOT / "samples" / "sample.webm")
    if not asked.no_recordings:
        seeds += recordings(ROOT.parent / "shared" / "data" / "browser")
    numbers = range((asked.cases + CASES_A_SESSION - 1) // CASES_A_SESSION)
    if asked.case is not None:
        numbers = range(asked.case // CASES_A_SESSION, asked.case // CASES_A_SESSION + 1)
    print(f"seed {asked.seed}, {len(numbers) * CASES_A_SESSION} cases from {len(seeds)} files", flush=True)
    outcomes: list[Outcome] = []
    begun = time.monotonic()

    def told(outcome: Outcome) -> None:
        outcomes.append(outcome)
        again = f"make fuzz CASE={outcome.case.number} FUZZ='--seed {asked.seed}'"
        if outcome.what in {LOST, FAILED, UNANSWERED} or asked.case is not None:
            damage = ", ".join(outcome.case.damage)
            print(f"{outcome.what}: {outcome.case.container} ({damage}); {outcome.message} {again}", flush=True)
        if len(outcomes) % PROGRESS == 0:
            print(f"{len(outcomes)} cases, {len(outcomes) / (time.monotonic() - begun):.1f} a second", flush=True)

    with _service(asked.workers) as (url, key, process):
        sessions = [partial(session, asked.seed, number, seeds) for number in numbers]
        socket_url = url.replace("http", "ws", 1) + "/v0/stream/analyze"
        asyncio.run(send_all(socket_url, key, sessions, asked.at_once, asked.limit, told))
        alive = process.poll() is None and httpx.get(f"{url}/healthz").is_success
        process.send_signal(signal.SIGTERM)
        code = process.wait(STOP_SECONDS)
    _print(outcomes, time.monotonic() - begun)
    over = sum(outcome.seconds > asked.limit for outcome in outcomes)
    failed = sum(outcome.what in {FAILED, UNANSWERED} for outcome in outcomes)
    print(f"service alive at the end: {alive}, its exit code: {code}, over the limit of {asked.limit:g} s: {over}")
    sys.exit(0 if alive and code == 0 and not over and not failed else 1)


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="of the run; printed")
    parser.add_argument("--case", type=int, help="this one alone, and what its session had before it")
    parser.add_argument("--at-once", type=int, default=8, help="sessions side by side")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds that a segment may take")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-recordings", action="store_true", help="leave out the browsers' own recordings")
    return parser.parse_args()


@contextmanager
def _service(workers: int) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """A service in a process of its own: its address, an API key, and the process."""
    with tempfile.TemporaryDirectory() as folder:
        data = ("--data-dir", f"{folder}/data")
        scopes = [part for scope in SCOPES for part in ("--scope", scope)]
        made = subprocess.check_output([*COMMAND, "keys", "create", *data, *scopes, "--json"], text=True)
        options = ("--port", "0", "--workers", str(workers), "--max-sessions", "64")
        with Path(folder, "log").open("w") as log:
            process = subprocess.Popen([*COMMAND, "serve", *data, *options], stderr=log, text=True)
        try:
            yield _address(Path(folder, "log"), process), json.loads(made)["api_key"], process
        finally:
            process.kill()
            process.wait()


def _address(log: Path, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        text = log.read_text()
        if re.search(r"\bready\b", text) and (found := re.search(r"http://[\w.:]+", text)):
            return found[0]
        time.sleep(0.1)
    sys.exit(f"the service did not start:\n{log.read_text()}")


def _print(outcomes: list[Outcome], seconds: float) -> None:
    table = Table("container", "cases", *OUTCOMES, "p95 s", "longest s", title="What became of the cases")
    names = sorted({outcome.case.container for outcome in outcomes})
    for name in [*names, ""]:
        mine = [outcome for outcome in outcomes if name in {"", outcome.case.container}]
        took = sorted(outcome.seconds for outcome in mine)
        counts = Counter(outcome.what for outcome in mine)
        shown = [f"{counts[what]}" for what in OUTCOMES]
        p95 = took[int(0.95 * (len(took) - 1))]
        table.add_row(name or "all", f"{len(mine)}", *shown, f"{p95:.2f}", f"{took[-1]:.2f}")
    Console(width=120).print(table)
    print(f"{len(outcomes)} cases in {seconds:.0f} s, {len(outcomes) / seconds:.1f} a second")


if __name__ == "__main__":
    main()
