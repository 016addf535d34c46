"""Measure the filled pauses heard without a recogniser: on synthetic speakers who hesitate at known times, and alarms.

Takes espeak-ng and flite for the voices and scipy. Words are left out on purpose: recognisers drop most fillers.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.pauses import pause_cues
from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.evaluation.sound import read_sound
from tools.bench.hearing import Listener
from tools.bench.hesitations import FILLED, HELD_OUT, KNOWN, talk, with_echo, with_noise
from tools.bench.measure import SAME, Found, Missed, Score, score
from tools.bench.speakers import NoSpeech, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CONDITIONS = ("clean", "noise 20 dB below", "noise 10 dB below", "echo of 0.5 s")
SECONDS = 5.0
SEED = 5
ROOM = 60.0  # decibels that a quiet room's noise is below the speech
DRAWS = 1000
GOAL = 0.7


@dataclass(frozen=True, slots=True)
class Result:
    """One speaker under one condition."""

    speaker: Speaker
    condition: str
    score: Score
    missed: list[Missed]


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was found where nobody hesitates: how often, in how many seconds, and of those how many of speech."""

    found: int
    seconds: float
    spoken: float


def listen(samples: NDArray[np.float64]) -> tuple[list[Found], float]:
    """Hear a recording in segments as the engine does, without the recogniser.

    Returns:
        Every filled pause once; and the seconds of speech.
    """
    listener = Listener()
    found: list[Found] = []
    spoken = 0.0
    for first in range(0, len(samples), round(SECONDS * SAMPLE_RATE)):
        tracks, usual = listener.hear(samples[first : first + round(SECONDS * SAMPLE_RATE)])
        start = first / SAMPLE_RATE
        spoken += sum(max(0.0, each.end - max(each.start, start)) for each in tracks.speech)
        for cue in pause_cues(tracks, usual):
            if cue.name == FILLED:
                _note(found, Found(cue.name, cue.start, cue.end))
    return found, spoken


def _note(found: list[Found], cue: Found) -> None:
    """What goes on over a segment's border, or is heard again with the next, is one."""
    for at, known in enumerate(found):
        if cue.start <= known.end + SAME and known.start <= cue.end + SAME:
            found[at] = Found(cue.cue, min(cue.start, known.start), max(cue.end, known.end))
            return
    found.append(cue)


def run(speaker: Speaker, part: int, seed: int) -> list[Result]:
    """Let a speaker talk and listen under every condition."""
    said = talk(speaker, part, seed)
    random = np.random.default_rng(seed)
    heard = {
        "clean": with_noise(said.samples, ROOM, random),
        "noise 20 dB below": with_noise(said.samples, 20, random),
        "noise 10 dB below": with_noise(said.samples, 10, random),
        "echo of 0.5 s": with_noise(with_echo(said.samples, 0.5, random), ROOM, random),
    }
    # Only what overlaps counts: the words beside a hesitation are none.
    return [
        Result(speaker, name, *score(FILLED, said.done, listen(samples)[0], slack=0.0))
        for name, samples in heard.items()
    ]


def alarms(files: list[Path]) -> Alarms:
    """Hear one actor's clips one after the other."""
    found, spoken = listen(np.concatenate([read_sound(file) for file in files]).astype(np.float64))
    return Alarms(len(found), sum(len(read_sound(file)) for file in files) / SAMPLE_RATE, spoken)


def summed(results: list[Result]) -> Score:
    """Everything together."""
    total = Score()
    for each in results:
        total.add(each.score)
    return total


def interval(results: list[Result]) -> tuple[float, float]:
    """95 % of F1 when speakers are drawn anew, with all their conditions."""
    random = np.random.default_rng(SEED)
    own = {speaker: summed([each for each in results if each.speaker == speaker]) for speaker in _speakers(results)}
    counts = np.array([(each.hit, each.done, each.wrong) for each in own.values()])
    drawn = counts[random.integers(len(counts), size=(DRAWS, len(counts)))].sum(axis=1)
    low, high = np.percentile(2 * drawn[:, 0] / drawn.sum(axis=1), (2.5, 97.5))
    return float(low), float(high)


def _speakers(results: list[Result]) -> list[Speaker]:
    return list(dict.fromkeys(each.speaker for each in results))


def report(results: list[Result], heard: list[Alarms]) -> Iterator[str]:
    """The tables."""
    for name, speakers in (("held-out voices", HELD_OUT), ("voices the cue was mended on", KNOWN)):
        own = [each for each in results if each.speaker in speakers]
        if not own:
            continue
        yield f"{name}: {', '.join(f'{each.program} {each.voice}' for each in speakers)}"
        yield f"{'':20} {'done':>5} {'recall':>7} {'precis.':>8} {'F1':>5}  95 %"
        for condition in CONDITIONS:
            yield _line(condition, [each for each in own if each.condition == condition])
        yield _line("all", own) + "  short of the goal" * (summed(own).f1 < GOAL)
        for speaker in speakers:
            yield _line(speaker.voice, [each for each in own if each.speaker == speaker], of_many=False)
        yield ""
    if heard:
        found = sum(each.found for each in heard)
        minutes, spoken = sum(each.seconds for each in heard) / 60, sum(each.spoken for each in heard) / 60
        yield f"alarms on acted speech without fillers: {found} in {minutes:.1f} minutes, {spoken:.1f} of them speech:"
        yield f"{found / minutes:.2f} a minute, {found / spoken:.2f} a minute of speech"


def _line(name: str, results: list[Result], *, of_many: bool = True) -> str:
    total = summed(results)
    ends = f"  {interval(results)[0]:.2f}–{interval(results)[1]:.2f}" if of_many else ""
    return f"{name:20} {total.done:5} {total.recall:7.2f} {total.precision:8.2f} {total.f1:5.2f}{ends}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known", action="store_true", help="only the voices the cue was mended on")
    parser.add_argument("--speech", type=Path, help="a folder of RAVDESS clips, for alarms")
    parser.add_argument("--wrong", action="store_true", help="also say when each thing that went wrong did")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    actors: dict[str, list[Path]] = {}
    for file in sorted(options.speech.glob("*.flac")) if options.speech else []:
        actors.setdefault(file.stem.split("-")[-1], []).append(file)
    everybody = [(speaker, 0) for speaker in KNOWN] + [(speaker, 1) for speaker in HELD_OUT] * (not options.known)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, spawn) as pool:
        waiting = [pool.submit(run, speaker, part, SEED + at) for at, (speaker, part) in enumerate(everybody)]
        hearing = [pool.submit(alarms, files) for files in actors.values()]
        results = [result for each in waiting for result in each.result()]
        heard = [each.result() for each in hearing]
    print("\n".join(report(results, heard)))
    if options.wrong:
        for each in results:
            for one in each.missed:
                what = "missed" if one.done else "false alarm"
                print(f"{each.speaker.voice:20} {each.condition:20} {one.at:6.2f} s {what}")


if __name__ == "__main__":
    try:
        main()
    except NoSpeech as error:
        sys.exit(str(error))
