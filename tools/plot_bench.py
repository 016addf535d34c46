"""Analyses a long recording and draws it: how long that takes, and how large the pictures are, which stay.

Without a file the sample is taken, as often as it fills `--minutes`: joined recordings are one file to the engine.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from interhuman_stream.analysis.media.excess import OWN
from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.session import AnalysisSession, result
from interhuman_stream.cli.engine import document
from interhuman_stream.cli.plot import as_png, plot
from interhuman_stream.sample import CLIP

SAMPLE_SECONDS = 30.0


def main() -> None:
    """Measure, and print a line for each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="a recording")
    parser.add_argument("--minutes", type=float, default=60, help="of the sample, where no file is given")
    parser.add_argument("--into", type=Path, default=Path("build"), help="the folder of the pictures")
    asked = parser.parse_args()
    file: Path = asked.file or CLIP
    data = file.read_bytes() * (1 if asked.file else max(1, round(asked.minutes * 60 / SAMPLE_SECONDS)))
    models = load_models()
    began = time.perf_counter()
    with AnalysisSession(models, bounds=OWN) as session:
        found = result(session.whole(data))
    analysed = time.perf_counter()
    picture = plot(document(file, found), file.name)
    drawn = time.perf_counter()
    png = as_png(picture)
    done = time.perf_counter()
    asked.into.mkdir(parents=True, exist_ok=True)
    for ending, content in (("svg", picture.encode()), ("png", png)):
        (asked.into / f"plot.{ending}").write_bytes(content)
    print(f"{(found.end - found.start) / 60:.1f} minutes, {len(found.signals)} stretches of signals")
    print(f"analysed in {analysed - began:.0f} s")
    print(f"SVG: {len(picture.encode()) / 1024:.0f} KB in {drawn - analysed:.2f} s")
    print(f"PNG: {len(png) / 1024:.0f} KB in {done - drawn:.2f} s more")


if __name__ == "__main__":
    main()
