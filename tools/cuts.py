"""Does what is found depend on where the bytes were cut? Analyse clips whole and in pieces, and compare.

    make cuts
    make cuts CUTS="--clips one.mp4 folder --repeat 3"

Every clip is one stream of bytes, cut in six ways: whole, at 5, 2.5, 1 and 0.25 seconds, and at random bytes. All must
decode the same pictures and hear the same voice, no piece may be refused, the signals judged over the same spans of
five seconds must overlap with those of the 5-second pieces (intersection over union over time, all signals together) by
.95, and a second of video may take 1.15 times as much CPU in 0.25-second pieces as in 5-second ones, each piece
answered as the service answers it. Ends with 1 where that is not so.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.session import AnalysisSession, result
from interhuman_stream.faults import MalformedSegment, ModelMissing
from interhuman_stream.sample import CLIP
from tools.streamable import NoStream, Streamable, streamable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.signals import Signal

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
FOLDERS: Final = (DATA / "clips", DATA / "natural" / "clips")
WHOLE, REFERENCE, SHORTEST, RANDOM = "whole", "5 s", "0.25 s", "random"
PIECES: Final = {REFERENCE: 5.0, "2.5 s": 2.5, "1 s": 1.0, SHORTEST: 0.25}
ANSWERED: Final = (REFERENCE, SHORTEST)
"""The cuts of which also the cost is measured if each piece is answered, one after the other."""
LEAST_OVERLAP: Final = 0.95
MOST_CPU: Final = 1.15
WIDTH: Final = 120
STEP: Final = 0.01
"""Seconds to which overlap is counted."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What became of one clip, cut in one way.

    Attributes:
        pieces: How many there were.
        refused: How many of them were called malformed.
        pictures: Frames of video decoded.
        voice: Frames of 16 ms of voice measured.
        signals: What was judged, every five seconds.
        cpu: Seconds of CPU, of the whole process.
    """

    pieces: int
    refused: int
    pictures: int
    voice: int
    signals: tuple[Signal, ...]
    cpu: float


@dataclass(frozen=True, slots=True)
class Row:
    """One clip cut in one way, beside the same cut into pieces of 5 seconds.

    Attributes:
        cpu: For a second of video; the least of the repetitions, which other work on the machine disturbed least.
        answering: The same where each piece is answered; None where that is not measured.
        overlap: Intersection over union of all signals, 1 where neither has any.
        same: Whether pictures and voice are as many, and no piece was refused.
    """

    clip: str
    way: str
    watched: Watched
    seconds: float
    cpu: float
    answering: float | None
    overlap: float
    same: bool

    @property
    def good(self) -> bool:
        """Whether the cut made no difference."""
        return self.same and self.overlap >= LEAST_OVERLAP


def ways(clip: Streamable, name: str) -> dict[str, list[bytes]]:
    """Cut a clip in every way; the random one by the clip's name."""
    timed = {way: clip.every(seconds) for way, seconds in PIECES.items()}
    return {WHOLE: [clip.data], **timed, RANDOM: clip.anywhere(name)}


def watch(models: Models, pieces: Iterable[bytes]) -> Watched:
    """Feed the pieces to a session of their own that is asked nothing before the end: it judges every five seconds."""
    began = time.process_time()
    count = refused = 0
    with AnalysisSession(models) as session:
        for piece in pieces:
            count += 1
            try:
                result(session.take(piece))
            except MalformedSegment:
                refused += 1
        found = session.finish()
        cpu = time.process_time() - began
        return Watched(count, refused, session.video_frames, session.voice_frames, found.signals, cpu)


def answered(models: Models, pieces: Iterable[bytes]) -> float:
    """Feed the pieces to a session that answers each as the service does; the CPU seconds it takes."""
    began = time.process_time()
    with AnalysisSession(models) as session:
        for piece in pieces:
            session.feed(piece)
        return time.process_time() - began


def overlap(one: Iterable[Signal], other: Iterable[Signal]) -> float:
    """Intersection over union over time, of all types together; 1 where there is nothing."""
    marked, others = _marked(one), _marked(other)
    union = len(marked | others)
    return len(marked & others) / union if union else 1.0


def _marked(signals: Iterable[Signal]) -> set[tuple[str, int]]:
    """Each hundredth of a second in which each type of signal is."""
    return {
        (str(signal.type), step)
        for signal in signals
        for step in range(round(signal.start / STEP), round(signal.end / STEP))
    }


def compare(models: Models, file: Path, repeat: int) -> list[Row]:
    """Watch a clip cut in every way, the ways taking turns, so that whatever else the machine does meets them all.

    Raises:
        NoStream: It is no video.
    """
    clip = streamable(file)
    cut = ways(clip, file.name)
    rounds = [{way: watch(models, pieces) for way, pieces in cut.items()} for _ in range(repeat)]
    costs = [{way: answered(models, cut[way]) for way in ANSWERED} for _ in range(repeat)]
    seen = rounds[0]
    wanted = seen[REFERENCE]
    return [
        Row(
            clip=file.name,
            way=way,
            watched=watched,
            seconds=clip.seconds,
            cpu=min(each[way].cpu for each in rounds) / clip.seconds,
            answering=min(each[way] for each in costs) / clip.seconds if way in ANSWERED else None,
            overlap=overlap(watched.signals, wanted.signals),
            same=(watched.pictures, watched.voice, watched.refused) == (wanted.pictures, wanted.voice, 0),
        )
        for way, watched in seen.items()
    ]


def table(rows: Sequence[Row]) -> Table:
    """A line for each clip and way; what is not as it should be is marked."""
    shown = Table("clip", "cut", "pieces", "refused", "pictures", "voice frames", "overlap", "CPU s/s", "answering", "")
    for row in rows:
        seen = row.watched
        counts = [str(number) for number in (seen.pieces, seen.refused, seen.pictures, seen.voice)]
        name = row.clip if row.way == WHOLE else ""
        costs = [f"{row.cpu:.3f}", "" if row.answering is None else f"{row.answering:.3f}"]
        shown.add_row(name, row.way, *counts, f"{row.overlap:.3f}", *costs, "" if row.good else "differs")
    return shown


def summary(rows: Sequence[Row]) -> tuple[str, bool]:
    """Say in a line what came of it all, and whether it is good."""
    bad = [row for row in rows if not row.good]
    refused = sum(row.watched.refused for row in rows)
    ratio = _cost(rows, SHORTEST) / _cost(rows, REFERENCE)
    same = sum(row.same for row in rows)
    overlaps = [row.overlap for row in rows]
    said = (
        f"{len({row.clip for row in rows})} clips, {len(rows)} cuts: {same} decode and hear the same, "
        f"{sum(each >= LEAST_OVERLAP for each in overlaps)} overlap by {LEAST_OVERLAP} (least {min(overlaps):.3f}, "
        f"median {statistics.median(overlaps):.3f}), {refused} pieces refused; "
        f"CPU with {SHORTEST} pieces answered {ratio:.2f} times that at {REFERENCE}"
    )
    return said, not bad and ratio <= MOST_CPU


def _cost(rows: Sequence[Row], way: str) -> float:
    """CPU seconds of all clips cut in one way, each piece answered."""
    return sum((row.answering or 0.0) * row.seconds for row in rows if row.way == way)


def main() -> None:
    """Compare all clips, and print the table and what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--clips", nargs="+", type=Path, default=[CLIP, *FOLDERS], help="video files, or folders of them"
    )
    parser.add_argument("--repeat", type=int, default=1, help="how often each is watched; the least CPU counts")
    options = parser.parse_args()
    try:
        models = load_models()
    except ModelMissing as error:
        sys.exit(str(error))
    watch(models, [CLIP.read_bytes()])  # the first run loads and allocates
    rows = list[Row]()
    for file in _files(options.clips):
        try:
            rows += compare(models, file, options.repeat)
        except NoStream as error:
            print(f"left out {file.name}: {error}", file=sys.stderr)
    if not rows:
        sys.exit("There is no clip to compare; name some: --clips FILE or FOLDER.")
    said, good = summary(rows)
    Console(width=max(Console().width, WIDTH)).print(table(rows))  # whole in a file too
    print(said)
    sys.exit(not good)


def _files(named: Iterable[Path]) -> Iterator[Path]:
    """Give the files, and those in the folders; what is not there is said and left out."""
    for path in named:
        if path.is_dir():
            yield from sorted(path.iterdir())
        elif path.is_file():
            yield path
        else:
            print(f"{path} is not here", file=sys.stderr)


if __name__ == "__main__":
    main()
