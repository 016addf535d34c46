"""Lay one person's talk under another's picture, and print what the engine takes for the stance of who is seen.

Whoever is seen said nothing of it: a reason that was heard is a mistake. What the mouth itself shows is none.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from rich.console import Console
from rich.table import Table

from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.session import AnalysisSession, result
from interhuman_stream.faults import MalformedSegment, ModelMissing
from interhuman_stream.signals import Modality

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from av.packet import Packet
    from av.stream import Stream

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.signals import Signal

CLIPS = Path("../shared/data/clips")
NATURAL = Path("../shared/data/natural/clips")
WIDTH = 110


def dubbed(picture: Path, sound: Path) -> bytes:
    """The pictures of one file with the sound of another, as long as the shorter of the two, as Matroska."""
    target = io.BytesIO()
    with av.open(str(picture)) as seen, av.open(str(sound)) as heard, av.open(target, "w", format="matroska") as out:
        video, audio = seen.streams.video[0], heard.streams.audio[0]
        tracks = out.add_stream_from_template(video), out.add_stream_from_template(audio)
        end = min(float(seen.duration or 0), float(heard.duration or 0)) / av.time_base
        timed = sorted(
            (*_timed(seen.demux(video), tracks[0]), *_timed(heard.demux(audio), tracks[1])), key=itemgetter(0)
        )
        for time, packet, track in timed:
            if time <= end:
                packet.stream = track
                out.mux(packet)
    return target.getvalue()


def _timed(packets: Iterable[Packet[Any]], track: Stream) -> Iterator[tuple[float, Packet[Any], Stream]]:
    for packet in packets:
        if packet.dts is not None and packet.time_base is not None:
            yield float(packet.dts * packet.time_base), packet, track


def heard_signals(models: Models, data: bytes) -> list[Signal]:
    """What is reported for a reason that was heard."""
    with AnalysisSession(models) as session:
        found = result(session.whole(data)).signals
    return [each for each in found if Modality.AUDIO in each.modality]


def has_sound(file: Path) -> bool | None:
    """Whether a file has a sound track; None for what is no video."""
    try:
        with av.open(str(file)) as container:
            return bool(container.streams.audio) if container.streams.video else None
    except av.FFmpegError:
        return None


def main() -> None:
    """Lay each talk under each picture, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pictures", nargs="+", type=Path, help="whose sound is not theirs; those without any otherwise"
    )
    parser.add_argument("--talks", nargs="+", type=Path, help="whose voice is laid under them; talk_* otherwise")
    parser.add_argument("--said", action="store_true", help="print every such signal with its reasons")
    options = parser.parse_args()
    folders = sorted([*CLIPS.glob("*"), *NATURAL.glob("*")])
    pictures = options.pictures or [file for file in folders if has_sound(file) is False]
    talks = options.talks or sorted(CLIPS.glob("talk_*"))
    if not pictures or not talks:
        sys.exit("There are no clips here; name some: --pictures FILE … --talks FILE …")
    try:
        models = load_models()
    except ModelMissing as error:
        sys.exit(str(error))
    table = Table(title="signals with a reason that was heard, of a voice that is another's")
    for column in ("picture", "talks", "with any", "signals", "which"):
        table.add_column(column)
    with_any = _compare(models, pictures, talks, table, said=options.said)
    Console(width=max(Console().width, WIDTH)).print(table)
    print(f"{with_any} of {len(pictures) * len(talks)} with any")


def _compare(models: Models, pictures: Sequence[Path], talks: Sequence[Path], table: Table, *, said: bool) -> int:
    """Fill the table; in how many cases anything was reported."""
    total = 0
    for picture in pictures:
        counts, with_any = Counter[str](), 0
        for talk in talks:
            try:
                found = heard_signals(models, dubbed(picture, talk))
            except (MalformedSegment, av.FFmpegError) as error:
                print(f"left out {picture.name} with {talk.name}: {error}", file=sys.stderr)
                continue
            with_any += bool(found)
            counts.update(each.type.value for each in found)
            for each in found if said else ():
                print(f"{picture.name} with {talk.name}: {each.type} {each.probability}: {each.rationale()}")
        total += with_any
        which = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        table.add_row(picture.name, str(len(talks)), str(with_any), str(counts.total()), which)
    return total


if __name__ == "__main__":
    main()
