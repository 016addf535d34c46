"""Send damaged video to a real service over real sockets, and count what becomes of it.

    make fuzz                              20 000 cases
    make fuzz FUZZ="--cases 800 --seed 7"
    make fuzz CASES="mkv:cut=17,splice=3 mp4-pieces/2:flip_bits=5"    these again, on one socket

Hypothesis draws the cases; what fails is made as small as it can be, said, and tried first the next time. The run fails
where the service dies, where a segment is not answered within the limit, or where an analysis ends in an error nobody
foresaw. A lost worker is a finding that is counted and named: it costs its segment, and the run goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from interhuman_stream.protocol.limits import SCOPES
from interhuman_stream.sample import CLIP
from tools.fuzzing.cases import Case, parsed, segment, sessions
from tools.fuzzing.seeds import make_seeds, recordings
from tools.fuzzing.traffic import FAILED, LOST, OUTCOMES, UNANSWERED, Outcome, send_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tools.fuzzing.seeds import Seed

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "interhuman_stream")
START_SECONDS = 120
STOP_SECONDS = 60
PROGRESS = 1000
AT_ONCE = 16
"""Sessions that are sent side by side, as one example."""
EXAMPLES = 20
STREAM = "/v0/stream/analyze"


def main() -> None:
    """Run, print the table, and fail where the service did."""
    asked = _arguments()
    made = make_seeds(CLIP)
    if not asked.no_recordings:
        made += recordings(ROOT.parent / "shared" / "data" / "browser")
    seeds = {each.name: each for each in made}
    outcomes: list[Outcome] = []
    answered: set[Case] = set()
    begun, failure = time.monotonic(), ""

    def told(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if outcome.what in {LOST, FAILED, UNANSWERED} or asked.case:
            print(f"{outcome.what} in {outcome.seconds:.1f} s: {outcome.case} {outcome.message}", flush=True)
        if len(outcomes) % PROGRESS == 0:
            print(f"{len(outcomes)} cases, {len(outcomes) / (time.monotonic() - begun):.1f} a second", flush=True)

    with _service(asked.workers) as (url, key, process):

        def send(many: Sequence[Sequence[Case]]) -> None:
            """Send sessions side by side, and fail where the service did."""
            before = len(outcomes)
            # Hypothesis varies what it has drawn, and so draws much of it again.
            new = [cases for cases in many if not answered.issuperset(cases)]
            made = [[(case, segment(case, seeds)) for case in cases] for cases in new]
            asyncio.run(send_all(url.replace("http", "ws", 1) + STREAM, key, made, asked.limit, told))
            assert process.poll() is None, "the service has ended"  # noqa: S101 - what Hypothesis looks for
            bad = [str(each.case) for each in outcomes[before:] if each.what in {FAILED, UNANSWERED}]
            assert not bad, f"not answered as it should be: {' '.join(bad)}"  # noqa: S101 - likewise
            answered.update(outcome.case for outcome in outcomes[before:])

        try:
            if asked.case:
                send([list(map(parsed, asked.case))])
            else:
                print(f"seed {asked.seed}, {asked.cases} different cases from {len(seeds)} files", flush=True)
            run = itertools.count(asked.seed)
            while not asked.case and len(answered) < asked.cases:
                _draw(next(run), seeds, send)
        except AssertionError as error:
            failure = "\n".join([str(error), *getattr(error, "__notes__", [])])
        alive = process.poll() is None and httpx.get(f"{url}/healthz").is_success
        process.send_signal(signal.SIGTERM)
        code = process.wait(STOP_SECONDS)
    _print(outcomes, time.monotonic() - begun)
    over = sum(outcome.seconds > asked.limit for outcome in outcomes)
    print(f"service alive at the end: {alive}, its exit code: {code}, over the limit of {asked.limit:g} s: {over}")
    if failure:
        print(failure)
    sys.exit(0 if alive and code == 0 and not over and not failure else 1)


def _draw(number: int, seeds: dict[str, Seed], send: Callable[[Sequence[Sequence[Case]]], None]) -> None:
    """Have Hypothesis draw some examples."""
    drawn = st.lists(sessions(list(seeds.values())), min_size=AT_ONCE, max_size=AT_ONCE)
    patient = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    seed(number)(patient(given(drawn)(send)))()


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="of the run; printed")
    parser.add_argument("--case", nargs="+", help="these alone, one after the other on one socket")
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
    table = Table("made from", "cases", *OUTCOMES, "p95 s", "longest s", title="What became of the cases")
    names = sorted({outcome.case.seed for outcome in outcomes})
    for name in [*names, ""]:
        mine = [outcome for outcome in outcomes if name in {"", outcome.case.seed}]
        took = sorted(outcome.seconds for outcome in mine)
        counts = Counter(outcome.what for outcome in mine)
        shown = [f"{counts[what]}" for what in OUTCOMES]
        p95 = took[int(0.95 * (len(took) - 1))]
        table.add_row(name or "all", f"{len(mine)}", *shown, f"{p95:.2f}", f"{took[-1]:.2f}")
    Console(width=120).print(table)
    different, speed = len({outcome.case for outcome in outcomes}), len(outcomes) / seconds
    print(f"{len(outcomes)} cases, {different} of them different, in {seconds:.0f} s: {speed:.1f} a second")


if __name__ == "__main__":
    main()
