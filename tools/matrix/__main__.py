"""Is the same seen and heard in every container and codec, on every way into the engine?

    make matrix
    make matrix MATRIX="--only mpegts flv"

Ten seconds of the sample clip are written as other programs would and analysed as a whole file, in pieces of five
seconds over a real socket to the service, and as the client's `stream` makes segments of them. Each must give all 250
pictures and the words of the sample itself. Ends with 1 where one does not. The sample clip is what was built with: the
table says that the ways agree, not how good the engine is.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.faults import ModelMissing
from tools.matrix.media import FPS, SECONDS, SIGNALS
from tools.matrix.rows import ROWS
from tools.matrix.ways import analyzed, served, streamed

if TYPE_CHECKING:
    from tools.matrix.media import Row
    from tools.matrix.ways import Seen

WAYS: Final = ("analyze", "service", "stream")
PICTURES: Final = int(SECONDS * FPS)
WORDS: Final = "yes exactly that's right no i don't think so i disagree"
WIDTH: Final = 150


def main() -> int:
    """Print the table; 0 where all ways agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="CONTAINER", help="these containers alone")
    asked = parser.parse_args()
    rows = [row for row in ROWS if not asked.only or row.container in asked.only]
    os.environ.setdefault("SVT_LOG", "1")  # the AV1 encoder tells its settings otherwise
    try:
        models = load_models(None)
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return 2
    began = time.process_time()
    found = list(
        zip(
            rows,
            [analyzed(models, row) for row in rows],
            served(models, rows),
            [streamed(models, row) for row in rows],
            strict=True,
        )
    )
    table = Table("container", "codecs", "with", *WAYS, title=f"{PICTURES} pictures, “{WORDS}”")
    for row, *ways in found:
        table.add_row(row.container, row.codecs, row.name, *(said(each) for each in ways))
    Console(width=WIDTH).print(table)
    for row, *ways in found:
        for way, each in zip(WAYS, ways, strict=True):
            for line in (*each.faults, *sorted(set(each.notices))):
                print(f"{label(row)}, {way}: {line}")
    wrong = sum(differences(each) != [] for _, *ways in found for each in ways)
    print(f"{len(found)} rows, {wrong} cells differ, {(time.process_time() - began) / 60:.1f} CPU minutes")
    return bool(wrong)


def label(row: Row) -> str:
    """The row, for people."""
    return f"{row.container}, {row.codecs}" + f", {row.name}" * bool(row.name)


def said(seen: Seen) -> str:
    """What a cell says: nothing special, or what differs."""
    return "same" if not (found := differences(seen)) else "; ".join(found)


def differences(seen: Seen) -> list[str]:
    """What is not as it should be."""
    found = [f"{seen.pictures} pictures"] if seen.pictures != PICTURES else []
    found += [f"“{seen.words}”"] if seen.words != WORDS else []
    found += [f"no {signal}" for signal in sorted({*SIGNALS} - seen.signals)]
    return found + [f"{len(seen.faults)} refused"] * bool(seen.faults)


if __name__ == "__main__":
    sys.exit(main())
