"""What comes of recordings and places that broke others, kind by kind, in this version or any other.

    make field
    make field FIELD="--program ../earlier/.venv/bin/interhuman-stream"
    make field FIELD="--only 06 07"

Ten seconds of the sample clip as the field leaves them: each is given to `analyze`, to `stream` or, piece by piece, to
a service, and held against what the same version makes of the talk as it is. The talk is there where all its words are
heard and agreement and disagreement overlap those of the talk by 0.8 or more (intersection over union), as sure as they
are there; of what the client sends, where both are found. Ends with 1 where something is lost. The inputs were looked
at while mending.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from tools.field.commands import TRIES, tried, wrong
from tools.field.inputs import INPUTS, TALK
from tools.field.ways import Span, analyzed, sent, started, streamed
from tools.field.wire import WIRES
from tools.matrix.media import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.field.inputs import Input
    from tools.field.ways import Given, Program

OVERLAP: Final = 0.8
SECONDS: Final = 0.5
"""By which the length of a recording may differ: a picture lasts, of a pause the recorder's own part is not known."""
STEP: Final = 0.01
LEVELS: Final = ("", "low", "medium", "high")
WIDTH: Final = 150


def main() -> int:
    """Print the table; 0 where nothing is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = Path(sys.executable).with_name("interhuman-stream")
    parser.add_argument("--program", type=Path, default=here, help="the `interhuman-stream` to try")
    parser.add_argument("--only", nargs="+", metavar="KIND", help="these kinds alone, by their numbers")
    asked = parser.parse_args()
    os.environ.setdefault("SVT_LOG", "1")  # the AV1 encoder tells its settings otherwise
    with started(asked.program.absolute()) as program, TemporaryDirectory() as folder:
        rows = list(_rows(program, Path(folder), asked.only or [""]))
    table = Table("kind", "input", "what it gave", title=str(asked.program))
    for kind, name, problem in rows:
        table.add_row(kind, name, problem or "right")
    Console(width=WIDTH).print(table)
    lost = sum(bool(problem) for *_, problem in rows)
    print(f"{len(rows)} inputs of {len({kind for kind, *_ in rows})} kinds, {lost} not as they should be")
    return bool(lost)


def _rows(program: Program, folder: Path, kinds: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    """Each input: its kind, its name, and what is not as it should be."""
    own = {clients: _given(program, folder, replace(TALK, clients=clients)) for clients in (False, True)}
    for each in INPUTS:
        if each.kind.startswith(tuple(kinds)):
            yield each.kind, each.name, "; ".join(differences(each, _given(program, folder, each), own[each.clients]))
    for wire in WIRES:
        if wire.kind.startswith(tuple(kinds)):
            yield wire.kind, wire.name, "; ".join(wire.differences(sent(program, wire.pieces())))
    clip = TALK.make()
    for case in TRIES:
        if case.kind.startswith(tuple(kinds)):
            yield case.kind, case.name, wrong(case, tried(program, case, folder, clip))


def _given(program: Program, folder: Path, each: Input) -> Given:
    path = folder / f"talk.{each.suffix}"
    path.write_bytes(each.make())
    return (streamed if each.clients else analyzed)(program, path)


def differences(meant: Input, given: Given, own: Given) -> list[str]:
    """What is not as in the talk itself."""
    found = list(given.refused)
    if given.seconds is not None and abs(given.seconds - meant.seconds) > SECONDS:
        found.append(f"{given.seconds:.1f} s instead of {meant.seconds:g}")
    if not meant.talks:
        return found
    expected = [
        Span(span.type, meant.put(span.start, begin), meant.put(span.end, begin), span.sure)
        for begin in meant.begins
        for span in own.spans
    ]
    if own.words is not None and given.words != (words := " ".join([own.words] * len(meant.begins))):
        heard = len((given.words or "").split())
        found.append(f"{heard} words of {len(words.split())}" + ": others" * (heard == len(words.split())))
    shares = {type_: overlap(given.spans, expected, type_) for type_ in SIGNALS}
    found += [f"{type_} {share:.2f}" for type_, share in shares.items() if share < OVERLAP]
    levels = {type_: (surest(given.spans, type_), surest(expected, type_)) for type_ in SIGNALS}
    return found + [f"{type_} {now}, not {own}" for type_, (now, own) in levels.items() if now and now != own]


def overlap(given: Iterable[Span], expected: Iterable[Span], type_: str) -> float:
    """Intersection over union of the times of a signal."""
    times = [{step for span in spans if span.type == type_ for step in _steps(span)} for spans in (given, expected)]
    return len(times[0] & times[1]) / len(times[0] | times[1]) if times[0] | times[1] else 1.0


def surest(spans: Iterable[Span], type_: str) -> str:
    """How sure a signal is where it is surest; empty where it is not there, or nobody said."""
    return max((span.sure for span in spans if span.type == type_), key=LEVELS.index, default="")


def _steps(span: Span) -> range:
    return range(round(span.start / STEP), round(span.end / STEP))


if __name__ == "__main__":
    sys.exit(main())
