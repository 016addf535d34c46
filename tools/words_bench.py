"""Measure the words heard: errors against transcripts and what they cost, by the small model, the larger and both.

Takes clips with a folder of transcripts, CLIP.json (`words`: start, end, word), or RAVDESS's spoken clips, whose two
sentences are known. The sound is heard as it streams, in five-second answers.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.perception.sound import Waveform
from interhuman_stream.analysis.perception.transcript import Transcript
from interhuman_stream.analysis.perception.voice import VoiceModels, VoiceTracker
from interhuman_stream.evaluation.sound import read_sound

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.whisper import Recogniser

STEP, ANSWER = 1, 5  # seconds
SENTENCES = {"01": "Kids are talking by the door.", "02": "Dogs are sitting by the door."}
ACTED = re.compile(r"03-01-\d\d-\d\d-(\d\d)-\d\d-\d\d$")


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a clip.

    Attributes:
        text: The words.
        spoken: Seconds of speech.
        cost: Seconds of CPU for the words.
        languages: Those that were told from English.
    """

    text: str
    spoken: float
    cost: float
    languages: frozenset[str]


def listen(
    sound: NDArray[np.float32], voices: VoiceModels, words: Recogniser, larger: Callable[[], Recogniser] | None
) -> Heard:
    """Hear a clip as the engine hears a stream of it."""
    voice, transcript, cost = VoiceTracker(voices), Transcript(words, larger), 0.0
    for at in range(0, len(sound), STEP * SAMPLE_RATE):
        piece = sound[at : at + STEP * SAMPLE_RATE]
        voice.hear(piece, at / SAMPLE_RATE)
        transcript.hear(Waveform(at / SAMPLE_RATE, piece))
        voice.measure()
        asked = float(ANSWER) if at // SAMPLE_RATE % ANSWER == ANSWER - STEP else 0.0
        began = time.process_time()
        transcript.understand(voice.speech(), voice.end, asked)
        cost += time.process_time() - began
    voice.flush()
    began = time.process_time()
    transcript.finish(voice.speech(), voice.end)
    cost += time.process_time() - began
    return Heard(
        " ".join(word.raw for word in transcript.words),
        sum(span.length for span in voice.speech()),
        cost,
        frozenset(each.language or "?" for each in transcript.foreign),
    )


def plain(text: str) -> list[str]:
    """The words alone."""
    return re.sub(r"[^\w']+", " ", text.lower().replace("-", " ")).split()


def errors(heard: list[str], said: list[str]) -> int:
    """Words to put in, take out or change until one is the other (Levenshtein)."""
    row = list(range(len(said) + 1))
    for at, word in enumerate(heard, 1):
        before, row = row, [at]
        for to, right in enumerate(said, 1):
            row.append(min(before[to] + 1, row[-1] + 1, before[to - 1] + (word != right)))
    return row[-1]


def said_in(clip: Path, transcripts: Path) -> list[str] | None:
    """What is said in a clip, if that is known."""
    if acted := ACTED.match(clip.stem):
        return plain(SENTENCES[acted.group(1)])
    path = transcripts / f"{clip.stem}.json"
    return plain(" ".join(word[2] for word in json.loads(path.read_text())["words"])) if path.exists() else None


def main() -> int:
    """Print a row for each way to hear."""
    parser = argparse.ArgumentParser(prog="python -m tools.words_bench", description=__doc__)
    parser.add_argument("clips", type=Path, nargs="+", help="clips")
    parser.add_argument("--transcripts", type=Path, default=Path(), help="folder with CLIP.json")
    parser.add_argument("--way", action="append", help="only this row (repeat for more)")
    parser.add_argument("--verbose", action="store_true", help="print what is heard in each clip")
    options = parser.parse_args()
    models = load_models()
    if models.larger is None:
        sys.exit("The larger model is not there; fetch it with: interhuman-stream models pull")
    larger = models.larger()
    ways = {"small alone": (models.words, None), "with larger": (models.words, models.larger), "larger": (larger, None)}
    clips = [(clip, said) for clip in options.clips if (said := said_in(clip, options.transcripts))]
    sounds = [(clip.stem, read_sound(clip), said) for clip, said in clips]
    for name in options.way or ways:
        words, asked = ways[name]
        wrong = known = right = found = 0
        spoken = cost = 0.0
        for clip, sound, said in sounds:
            heard = listen(sound, models.voice, words, asked)
            got = plain(heard.text)
            wrong, known = wrong + errors(got, said), known + len(said)
            right, found = right + (Counter(got) & Counter(said)).total(), found + len(got)
            spoken, cost = spoken + heard.spoken, cost + heard.cost
            if options.verbose or heard.languages:
                print(f"  {clip} {', '.join(sorted(heard.languages))} {heard.text}")
        print(
            f"{name:12} {len(sounds)} clips, {known} words: errors {wrong / known:.3f}, "
            f"F1 {2 * right / (known + found):.3f}, CPU for a second of speech {cost / spoken:.3f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
