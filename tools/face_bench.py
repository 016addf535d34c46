"""Measure what a picture's face costs: the models alone, the engine's tracker by its parts, MediaPipe's own package.

All three see the same pictures, one after the other, each picture before the next: what else the machine does falls on
all of them alike. Milliseconds are processor time.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import cv2
import numpy as np

from interhuman_stream.analysis.media.stream import MediaStream, Picture
from interhuman_stream.analysis.model_files import FACE_LANDMARKER, locate
from interhuman_stream.analysis.perception import face_measures, litert
from interhuman_stream.analysis.perception.face import FaceTracker
from interhuman_stream.analysis.perception.face_model import FaceLandmarker
from interhuman_stream.faults import MalformedSegment, ModelMissing
from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REFERENCE = Path(__file__).with_name("face_bench_reference.py")
PICTURES_PER_CLIP = 60
AIM = 1.2
# A picture with a face and one followed from the picture before takes these two; the detector runs now and then.
EVERY_PICTURE = ("face_landmarks_detector.tflite", "face_blendshapes.tflite")
# What each part of the tracker's time is spent in.
PARTS = {
    "crop": (FaceLandmarker, "_crop"),
    "write input": (litert.Model, "fill"),
    "models": (litert.Model, "run"),
    "head pose": (face_measures, "head_pose"),
    "light": (face_measures, "_light"),
}


class Times:
    """Milliseconds of processor time, by name, in the order they were measured."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    def measure(self, name: str, function: Callable[..., object], *arguments: object) -> object:
        """Call a function and add what it spends to ``name``."""
        begin = time.process_time()
        result = function(*arguments)
        self.add(name, (time.process_time() - begin) * 1e3)
        return result

    def add(self, name: str, milliseconds: float) -> None:
        """Add one measurement."""
        self.spent.setdefault(name, []).append(milliseconds)

    def median(self, name: str) -> float:
        """Of all of ``name``; 0 if there is none."""
        return float(np.median(self.spent.get(name, [0.0])))


def pictures(clip: Path) -> list[Picture]:
    """The first ``PICTURES_PER_CLIP``; none where the file has no pictures."""
    stream = MediaStream()
    try:
        return [item for item in stream.feed(clip.read_bytes()) if isinstance(item, Picture)][:PICTURES_PER_CLIP]
    except MalformedSegment:
        return []
    finally:
        stream.close()


def raw_models(task: Path) -> Callable[[], None]:
    """Both models that every picture takes, to be run on whatever their inputs hold."""
    with zipfile.ZipFile(task) as archive:
        runs = [litert.Model(archive.read(name)).run for name in EVERY_PICTURE]  # as they are, before parts are timed

    def run() -> None:
        for each in runs:
            each()

    return run


@contextlib.contextmanager
def parts_timed(times: Times) -> Iterator[None]:
    """Let every part of the tracker be measured while this lasts."""

    def timed(name: str, function: Callable[..., object]) -> Callable[..., object]:
        return lambda *arguments: times.measure(name, function, *arguments)

    with contextlib.ExitStack() as stack:
        for name, (owner, attribute) in PARTS.items():
            stack.enter_context(mock.patch.object(owner, attribute, timed(name, getattr(owner, attribute))))
        yield


class Mediapipe:
    """MediaPipe's face landmarker in its own interpreter, asked picture by picture."""

    def __init__(self, python: Path, task: Path, shown: list[Picture]) -> None:
        with tempfile.NamedTemporaryFile(suffix=".npz") as file:
            np.savez(file, allow_pickle=False, **{str(at): each.image for at, each in enumerate(shown)})
            file.flush()
            command = [str(each) for each in (python, REFERENCE, file.name, task)]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
            self._answer("")  # it has the pictures

    def spent(self, at: int) -> float:
        """Let it look at the picture with this number; return milliseconds."""
        return float(self._answer(f"{at}\n"))

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _answer(self, request: str) -> str:
        if self._process.stdin and self._process.stdout:
            self._process.stdin.write(request)
            self._process.stdin.flush()
            answer: str = self._process.stdout.readline()
            if answer:
                return answer
        sys.exit(f"MediaPipe ended by itself; {REFERENCE.name} says why where it is run by hand")


def bench(shown: list[Picture], landmarker: FaceLandmarker, raw: Callable[[], None], other: Mediapipe | None) -> Times:
    """Show the pictures of one clip to all three; the first one, which takes the detector, is not counted."""
    times, tracker = Times(), FaceTracker(landmarker)
    with parts_timed(times):
        tracker.observe(shown[0])
        times.spent.clear()
        if other:
            other.spent(0)
        for at, picture in enumerate(shown[1:], 1):
            times.measure("raw", raw)
            before = {name: sum(times.spent.get(name, [])) for name in PARTS}
            times.measure("observe", tracker.observe, picture)
            known = sum(sum(times.spent.get(name, [])) - before[name] for name in PARTS)
            times.add("rest", times.spent["observe"][-1] - known)
            times.add("models a picture", sum(times.spent.get("models", [])) - before["models"])
            if other:
                times.add("mediapipe", other.spent(at))
    return times


def line(name: str, times: Times) -> str:
    """One clip's row of the table."""
    raw, ours = times.median("raw"), times.median("observe")
    parts = [times.median(each) for each in ("models a picture", "crop", "write input", "head pose", "light", "rest")]
    theirs = times.median("mediapipe")
    return (
        f"{name:28} {raw:7.2f} {ours:8.2f} {ours / raw:6.2f}  "
        + " ".join(f"{each:7.3f}" for each in parts)
        + (f"  {theirs:9.2f} {theirs / raw:6.2f}" if theirs else "")
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", type=Path, default=[CLIP], help="video files")
    parser.add_argument("--python", type=Path, help="an interpreter with what requirements/oracle.in says")
    parser.add_argument("--models", type=Path, help="folder of the model files")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    task = locate(FACE_LANDMARKER, options.models)
    landmarker, raw = FaceLandmarker(task), raw_models(task)
    print(f"median ms of processor time a picture; the aim is observe / raw of at most {AIM}")
    print(
        f"{'clip':28} {'raw':>7} {'observe':>8} {'ratio':>6}   models    crop   write    pose   light    rest"
        + ("  mediapipe  ratio" if options.python else "")
    )
    ratios = []
    for clip in options.clips:
        shown = pictures(clip)
        if len(shown) < 2:
            continue
        other = Mediapipe(options.python, task, shown) if options.python else None
        times = bench(shown, landmarker, raw, other)
        if other:
            other.close()
        print(line(clip.name, times), flush=True)
        ratios.append(times.median("observe") / times.median("raw"))
    print(f"ratio, median of {len(ratios)} clips: {np.median(ratios):.2f}")


if __name__ == "__main__":
    try:
        main()
    except ModelMissing as error:
        sys.exit(str(error))
