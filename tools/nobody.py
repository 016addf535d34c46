"""Print what is reported where nobody is: pictures without a person, noise, music, babble, speech in other languages.

Nothing should be. Takes espeak-ng for the voices. What is given as files is tried as well.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.console import Console
from rich.table import Table

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.faults import ModelMissing
from tools.answers_bench import FRAMES_PER_SECOND, analyse, file
from tools.bench.speakers import NoSpeech, Speaker, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SECONDS: Final = 8
SIZE: Final = (240, 320, 3)
SPOKEN: Final = {
    "de": "Wir gehen morgen in die Stadt und kaufen Brot. Das glaube ich nicht, aber es ist ja auch egal.",
    "fr-fr": "Je voudrais aller au marché demain matin. Non, je ne crois pas, mais c'est possible.",
    "ru": "Сегодня очень хорошая погода. Нет, я так не думаю, но мы пойдём завтра в город.",
    "ja": "きょうはとてもいいてんきです。いいえ、そうはおもいません。あしたまちへいきます。",
    "cmn": "今天天气很好。不是，我不这么认为。我们明天去城里。",
}
VOICES: Final = ("", "+f3", "+m7")
CROWD: Final = ("en-us", "en-gb", "en-us+f3", "en-gb+m7", "en-us+m3", "en-gb+f5")


def inputs() -> Iterator[tuple[str, NDArray[np.float64], list[NDArray[np.uint8]]]]:
    """Yield each kind of input: what it is, its sound, and its pictures."""
    random = np.random.default_rng(0)
    count = SECONDS * FRAMES_PER_SECOND
    silence = np.zeros(SECONDS * SAMPLE_RATE)
    noise = random.normal(0, 0.05, len(silence))
    yield "black, silent", silence, [np.zeros(SIZE, np.uint8)] * count
    yield "grey, silent", silence, [np.full(SIZE, 128, np.uint8)] * count
    yield "noise, noise", noise, [random.integers(0, 256, SIZE, np.uint8) for _ in range(count)]
    yield "white noise", noise, []
    yield "music", music(), []
    yield "a crowd's babble", babble(), []
    for language, text in SPOKEN.items():
        for voice in VOICES:
            yield f"speech, {language}", 0.3 * say(Speaker("espeak-ng", language + voice), text), []


def music() -> NDArray[np.float64]:
    """Chords with a melody over them, each note struck and fading."""
    time = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    beats = []
    for beat in range(2 * SECONDS):
        root = 110.0 * 2 ** ((0, 5, 7, 3)[beat // 2 % 4] / 12)
        notes = (root, root * 1.26, root * 1.5, 4 * root * 2 ** ((0, 2, 4, 7, 9)[beat * 3 % 5] / 12))
        beats.append(sum(np.sin(2 * np.pi * note * time) for note in notes) * np.exp(-3 * time))
    return np.asarray(0.05 * np.concatenate(beats))


def babble() -> NDArray[np.float64]:
    """Six voices at once."""
    text = "I know the way to the yard, and now we are going to buy some bread for the others in the house."
    spoken = [say(Speaker("espeak-ng", voice), text) for voice in CROWD]
    longest = max(len(each) for each in spoken)
    return np.asarray(0.1 * sum(np.pad(each, (0, longest - len(each))) for each in spoken))


def main() -> int:
    """Print a row for each kind of input, and for each file."""
    parser = argparse.ArgumentParser(prog="python -m tools.nobody", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="more inputs without a person")
    options = parser.parse_args()
    table = Table(title="signals where nobody is")
    for column in ("input", "tried", "with any", "which"):
        table.add_column(column)
    tried, with_any, which = Counter[str](), Counter[str](), dict[str, Counter[str]]()
    try:
        models = load_models()
        made = [(name, file((sound * 32767).astype(np.int16), pictures)) for name, sound, pictures in inputs()]
    except (ModelMissing, NoSpeech) as error:
        sys.exit(str(error))
    for name, data in (*made, *((each.name, each.read_bytes()) for each in options.files)):
        found = analyse(models, data).signals
        tried[name] += 1
        with_any[name] += bool(found)
        which.setdefault(name, Counter()).update(each.type.value for each in found)
    for name, count in tried.items():
        table.add_row(
            name, str(count), str(with_any[name]), ", ".join(f"{kind} {n}" for kind, n in which[name].items())
        )
    Console(width=100).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
