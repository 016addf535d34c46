"""Count in which acted emotions an aroused voice is found: each actor's clips in random order, heard as one stream.

What is usual for the actor is what was heard of them so far, as in a live session. Nothing is fitted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.prosody import prosody_cues
from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.evaluation.corpora import Clip, ravdess
from interhuman_stream.evaluation.measures import auc, with_interval
from tools.bench.hearing import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator

CUES = ("voice_aroused", "voice_high", "voice_loud")
AGAINST = (("angry",), ("fearful",), ("angry", "fearful"), ("angry", "fearful", "happy"))
SEED = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """One clip: whose, which emotion, and the strength of each of ``CUES``, 0 where it was not found."""

    subject: str
    emotion: str
    strengths: tuple[float, ...]


def hear(clips: list[Clip]) -> list[Heard]:
    """Hear one actor."""
    listener, heard = Listener(), []
    for at in np.random.default_rng(SEED).permutation(len(clips)):
        clip = clips[at]
        samples = clip.samples()
        tracks, usual = listener.hear(samples)
        if usual.pitch is None:
            continue  # nothing is said before the voice is known
        found = [cue for cue in prosody_cues(tracks, usual) if cue.end > tracks.now - len(samples) / SAMPLE_RATE]
        strengths = (max((cue.strength for cue in found if cue.name == name), default=0.0) for name in CUES)
        heard.append(Heard(clip.subject, clip.label, tuple(strengths)))
    return heard


def report(heard: list[Heard]) -> Iterator[str]:
    """The tables."""
    emotion = np.array([each.emotion for each in heard])
    strengths = np.array([each.strengths for each in heard])
    subject = np.unique([each.subject for each in heard], return_inverse=True)[1].astype(np.int64)
    yield f"{len(heard)} clips of {subject.max() + 1} actors; share of clips in which a cue is found"
    yield f"{'':10} {'clips':>6}" + "".join(f"{name:>15}" for name in CUES)
    for one in sorted(set(emotion.tolist())):
        own = strengths[emotion == one]
        yield f"{one:10} {len(own):6}" + "".join(f"{share:15.2f}" for share in (own > 0).mean(axis=0))
    yield ""
    yield "AUC of its strength against all other clips, with 95 % over actors"
    for which in AGAINST:
        label = np.isin(emotion, which)
        figures = [with_interval(auc, strengths[:, at], label, subject) for at in range(len(CUES))]
        yield f"{' or '.join(which):26}" + "".join(f"{each!s:>20}" for each in figures)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("speech", type=Path, help="a folder of RAVDESS clips")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    clips = ravdess(options.speech)
    actors = [[clip for clip in clips if clip.subject == each] for each in sorted({clip.subject for clip in clips})]
    with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as pool:
        print("\n".join(report([each for heard in pool.map(hear, actors) for each in heard])))


if __name__ == "__main__":
    main()
