"""Measure the visible cues on puppets that do known things: recall, precision, onset, and how they fall off.

Each puppet acts a script in which every cue comes twice; the frames are encoded as a browser encodes them and streamed
through the engine in five-second segments. Takes scikit-image and scipy, and the models (`interhuman-stream models
pull`).
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2

from interhuman_stream.analysis.perception.models import Models, load_models
from interhuman_stream.faults import ModelMissing
from tools.bench.conditions import BASE, LIGHTS, QUALITIES, RATES, SIZES, Camera, Condition
from tools.bench.measure import Missed, Score, find, score
from tools.bench.script import SWEEP, everything, sweep
from tools.puppet.faces import LOOKS, Look, face
from tools.puppet.render import Puppet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CUES = (
    "nod", "shake", "face_away", "gaze_away", "brow_lower", "brow_raise", "smile", "tilt", "eyes_closed",
    "frequent_blinks",
)  # fmt: skip
ALL_CUES = ("all: done", "recall", "precision", "onset")
CONDITIONED = "each cue once on each of three faces (frame rates: on one)"
# Windows of five seconds have no onset.
NO_ONSET = frozenset({"frequent_blinks"})
ALARMS = ("nod", "speech_nod", "shake", "speech_shake")
LEAST_F1, LATEST_ONSET = 0.9, 0.25
SEED = 11
# Drawn no larger than this: the face is about 145 pixels wide.
DRAWN, ENLARGED = (320, 288), 1.6


@dataclass(frozen=True, slots=True)
class Take:
    """One performance before cameras.

    Attributes:
        look: Whose.
        seed: Of the script.
        shots: The conditions it is shot under, each with which frames it takes: one of so many.
        fps: Frames drawn a second.
        speeds: Nods and shakes from slow to fast instead of everything.
        seconds: Only so much of it, if said.
        times: How often each cue is done in it.
    """

    look: Look
    seed: int
    shots: tuple[tuple[Condition, int], ...]
    fps: float = 25.0
    speeds: bool = False
    seconds: float | None = None
    times: int = 2


@dataclass(frozen=True, slots=True)
class Result:
    """What one camera of one take gave."""

    take: Take
    condition: Condition
    scores: dict[str, Score]
    missed: list[Missed]


@dataclass(slots=True)
class Alarms:
    """Cues found in clips of people who talk, and the minutes looked at."""

    minutes: float = 0.0
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ALARMS, 0))


def takes(quick: bool) -> list[Take]:
    """What is to be done, the longest first."""
    one, *others = LOOKS
    base = (BASE, 1)
    if quick:
        return [Take(one, SEED, (base,), seconds=40.0), Take(others[0], SEED + 1, (base,), seconds=40.0)]
    fastest = RATES[0]
    worse = tuple((each, 1) for each in (*SIZES, *LIGHTS, *QUALITIES))
    return [
        *(Take(look, SEED + 10 + number, worse, times=1) for number, look in enumerate(LOOKS)),
        Take(one, SEED, tuple((rate, round(fastest.fps / rate.fps)) for rate in RATES), fps=fastest.fps, times=1),
        Take(one, SEED, (base,), speeds=True),
        *(Take(look, SEED + number, (base,)) for number, look in enumerate(LOOKS)),
    ]


@cache
def _models(folder: Path | None) -> Models:
    cv2.setNumThreads(1)
    return load_models(folder)


@cache
def _puppet(look: Look, folder: Path | None) -> tuple[Puppet, float]:
    portrait = face(look, _models(folder).face, DRAWN, ENLARGED)
    return Puppet(portrait), float(portrait.landmarks[:, 0].max() - portrait.landmarks[:, 0].min())


def run(take: Take, folder: Path | None) -> list[Result]:
    """Act, shoot, and measure."""
    models = _models(folder)
    puppet, width = _puppet(take.look, folder)
    act = sweep(take.fps, take.seed) if take.speeds else everything(take.fps, take.seed, take.seconds, take.times)
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        clips = [Path(temporary) / f"{number}.webm" for number in range(len(take.shots))]
        cameras = [
            Camera(clip, condition, width, every) for clip, (condition, every) in zip(clips, take.shots, strict=True)
        ]
        for pose in act.performance.poses():
            picture = puppet.draw(pose)
            for camera in cameras:
                camera.shoot(picture)
        for clip, camera, (condition, _) in zip(clips, cameras, take.shots, strict=True):
            camera.close()
            found, _ = find(clip, models)
            scores, missed = {}, []
            for cue in CUES:
                scores[cue], wrong = score(cue, act.done, found)
                missed += wrong
            results.append(Result(take, condition, scores, missed))
    return results


def alarms(clips: list[Path], folder: Path | None) -> Alarms:
    """Count what is found in clips of talking people."""
    result = Alarms()
    for clip in clips:
        found, seconds = find(clip, _models(folder))
        result.minutes += seconds / 60
        for cue in found:
            if cue.cue in result.found:
                result.found[cue.cue] += 1
    return result


def added(results: Iterable[Result]) -> dict[str, Score]:
    """All scores together, by cue."""
    total = {cue: Score() for cue in CUES}
    for result in results:
        for cue, each in result.scores.items():
            total[cue].add(each)
    return total


def report(results: list[Result], talking: Alarms | None) -> str:
    """The tables."""
    base = [each for each in results if each.condition == BASE and not each.take.speeds]
    speeds = [each for each in results if each.take.speeds]
    rest = [each for each in results if each.condition != BASE]
    lines = [f"640×480, 25 frames/s, faces 160 px wide: {', '.join(each.take.look.name for each in base)}", _head()]
    lines += [_line(cue, each) for cue, each in added(base).items()]
    if len(base) > 1:
        lines += ["", "F1 by face", _row("", CUES)]
        lines += [_row(each.take.look.name, (_number(each.scores[cue].f1) for cue in CUES)) for each in base]
    if rest:
        lines += ["", f"F1 by condition, {CONDITIONED}", _row("", (*CUES, *ALL_CUES))]
        for condition in (BASE, *SIZES, *LIGHTS, *QUALITIES, *RATES):
            if shot := [each for each in (*base, *rest) if each.condition == condition]:
                lines.append(_row(condition.name, _by_condition(added(shot))))
    for each in speeds:
        lines += ["", "nods and shakes by speed (– missed)", _row("", (f"{hertz} Hz" for hertz in SWEEP))]
        for cue in ("nod", "shake"):
            gone = {one.hertz for one in each.missed if one.cue == cue and one.done}
            lines.append(_row(cue, ("–" if hertz in gone else "found" for hertz in SWEEP)))
        wrong = sum(not one.done for one in each.missed)
        lines.append(f"other cues found in the same {sum(s.wrong for s in each.scores.values())} times" * bool(wrong))
    if talking:
        lines += ["", f"alarms a minute on people who talk ({talking.minutes:.1f} minutes)"]
        lines += [f"{cue:16} {count / talking.minutes:5.2f}  ({count})" for cue, count in talking.found.items()]
    return "\n".join(lines)


def _by_condition(scores: dict[str, Score]) -> Iterator[str]:
    yield from (_number(scores[cue].f1) for cue in CUES)
    total = Score()
    for cue, each in scores.items():
        total.add(replace(each, late=[] if cue in NO_ONSET else each.late))
    yield from (f"{total.done}", _number(total.recall), _number(total.precision), f"{total.onset(50):.2f} s")


def _head() -> str:
    return f"{'cue':16} {'done':>5} {'recall':>7} {'precis.':>7} {'F1':>5}  onset off by: {'median':>7} {'p90':>7}"


def _line(cue: str, each: Score) -> str:
    onset = "" if cue in NO_ONSET else f"{each.onset(50):19.2f} s {each.onset(90):5.2f} s"
    short = each.f1 < LEAST_F1 or (cue not in NO_ONSET and each.onset(50) > LATEST_ONSET)
    figures = f"{_number(each.recall):>7} {_number(each.precision):>7} {_number(each.f1):>5}"
    return f"{cue:16} {each.done:5} {figures} {onset}{'  short of the goal' * short}"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:20}" + " ".join(f"{cell.replace('frequent_', ''):>11}" for cell in cells)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def as_json(results: list[Result], talking: Alarms | None) -> dict[str, Any]:
    """Everything, for programs."""

    def figure(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 4)

    return {
        "runs": [
            {
                "face": each.take.look.name,
                "script": "speeds" if each.take.speeds else "everything",
                "condition": each.condition.name,
                "cues": {
                    cue: {
                        "done": one.done,
                        "recall": figure(one.recall),
                        "precision": figure(one.precision),
                        "f1": figure(one.f1),
                        "onset_median": None if cue in NO_ONSET else figure(one.onset(50)),
                        "onset_p90": None if cue in NO_ONSET else figure(one.onset(90)),
                    }
                    for cue, one in each.scores.items()
                },
                "wrong": [
                    {"cue": one.cue, "at": round(one.at, 2), "what": "missed" if one.done else "false alarm"}
                    for one in each.missed
                ],
            }
            for each in results
        ],
        "talking": talking and {"minutes": round(talking.minutes, 3), "found": talking.found},
    }


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two faces, part of the script, one condition")
    parser.add_argument("--json", type=Path, help="a file to write as well, with the time of all that went wrong")
    parser.add_argument("--talking", type=Path, nargs="*", default=[], help="clips of people who talk, for alarms")
    parser.add_argument("--models", type=Path, help="folder of the model files")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    load_models(options.models)  # what is missing is said here, once
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, spawn) as pool:
        waiting = [pool.submit(run, take, options.models) for take in takes(options.quick)]
        talked = pool.submit(alarms, options.talking, options.models) if options.talking else None
        results = [result for each in waiting for result in each.result()]
        talking = talked.result() if talked else None
    if options.json:
        options.json.write_text(json.dumps(as_json(results, talking), indent=1) + "\n")
    print(report(results, talking))


if __name__ == "__main__":
    try:
        main()
    except ModelMissing as error:
        sys.exit(str(error))
