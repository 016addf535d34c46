"""Who hesitates where: sentences with "um", "uh" and drawn-out words at known times, and sounds that resemble them.

How long they last and how level they are is drawn from what is reported of speakers: "uh" about a third of a second,
"um" longer, words drawn out to half a second and more; level or falling by a few semitones; a silence before, after or
on both sides of most of them (Shriberg 1999; Clark & Fox Tree 2002; Shriberg 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from tools.bench.script import Done
from tools.bench.speakers import LEVEL, Speaker, say

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILLED: Final = "filled_pause"
# Cues were mended on the first, and measured on the others.
KNOWN: Final = (
    Speaker("flite", "slt"),
    Speaker("flite", "kal16"),
    Speaker("espeak-ng", "en-us"),
    Speaker("espeak-ng", "en-gb+f2"),
    Speaker("espeak-ng", "en-gb-scotland+m3"),
)
HELD_OUT: Final = (
    Speaker("flite", "rms"),
    Speaker("flite", "awb"),
    Speaker("espeak-ng", "en-us+f4"),
    Speaker("espeak-ng", "en-gb-x-rp+m5"),
    Speaker("espeak-ng", "en-us-nyc+f1"),
)
# What a sentence is broken by, seconds it lasts (median) and how much that varies (of its logarithm).
FILLERS: Final = (("um", 0.46, 0.25), ("uh", 0.36, 0.25), ("er", 0.38, 0.25))
DRAWN: Final = {"the": "thee", "and": "and", "to": "two", "a": "eh", "so": "so"}
DRAWN_SECONDS, DRAWN_VARIES = 0.6, 0.2
SHORTEST, LONGEST = 0.2, 1.2
# With what is before and behind: whether there is a silence, and how long, seconds.
PAUSES, PAUSE = 0.65, (0.12, 0.7)
EVEN = (0.1, 0.6)
# "_" stands for a filler; a word in capitals is drawn out.
SENTENCES: Final = (
    ("_ I think we should leave before dinner.", "The meeting was moved _ to Thursday afternoon.",
     "We went to THE harbour with my cousin.", "She works for _ a small company in Leeds.",
     "I would like TO ask another question.", "Well _ it depends on the weather.",
     "They bought a house AND never lived there.", "My favourite part was _ the second chapter."),
    ("_ it began about three years ago.", "He asked me for _ some kind of permission.",
     "You take the left road AND follow the river.", "There were _ maybe twenty people in the room.",
     "It was hard TO understand the instructions.", "_ let me look at the numbers again.",
     "The doctor said that THE results look fine.", "I usually get up at _ half past six."),
)  # fmt: skip
# Nothing here is a hesitation: answers of one long vowel, stressed vowels, consonants that hum, listeners' sounds.
PLAIN: Final = (
    ("No! No way.", "Yeah. So we did.", "Oh no, that is awful!", "I know.", "Really? That is so good.",
     "Many men moaned in the morning.", "Come home soon, mum.", "Uh huh.", "Go! Go now!", "Who? Me?", "Right. Sure.",
     "The room is warm and calm."),
    ("Yeah.", "So! Here we are.", "No.", "Why? I told you why.", "Wow, how lovely!", "Nine men on the moon among them.",
     "My mother is a farmer.", "Mm hm.", "Stay here.", "Way too long!", "Well. Fine.", "All the more, all the same."),
)  # fmt: skip
STRESSED: Final = ("so", "no", "you", "more", "all", "really")
BETWEEN = (0.5, 1.3)
FADE = round(0.005 * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a speaker said.

    Attributes:
        samples: Mono at 16 kHz.
        done: Every hesitation sound.
        spoken: Seconds of speech.
    """

    samples: NDArray[np.float64]
    done: list[Done]
    spoken: float


class _Tape:
    def __init__(self) -> None:
        self.pieces: list[NDArray[np.float64]] = []
        self.length = 0
        self.spoken = 0

    @property
    def now(self) -> float:
        return self.length / SAMPLE_RATE

    def silence(self, seconds: float) -> None:
        self._add(np.zeros(round(seconds * SAMPLE_RATE)))

    def sound(self, samples: NDArray[np.float64]) -> None:
        faded = samples.copy()
        edge = np.linspace(0, 1, FADE)
        faded[:FADE] *= edge
        faded[-FADE:] *= edge[::-1]
        self.spoken += len(faded)
        self._add(faded)

    def _add(self, samples: NDArray[np.float64]) -> None:
        self.pieces.append(samples)
        self.length += len(samples)


def talk(speaker: Speaker, part: int, seed: int) -> Talk:
    """Let a speaker say one half of the sentences and of what resembles hesitations, in an order of their own."""
    random = np.random.default_rng(seed)
    tape, done = _Tape(), list[Done]()
    texts = [*SENTENCES[part], *PLAIN[part], *(f"!{word}" for word in STRESSED)]
    # The engine says nothing of a voice that it has not heard for five seconds.
    tape.silence(0.5)
    tape.sound(say(speaker, "Good morning, thank you for asking me here. I grew up near the sea, in a small town."))
    for at in random.permutation(len(texts)):
        tape.silence(float(random.uniform(*BETWEEN)))
        text = texts[at]
        if text.startswith("!"):  # emphasis draws words out, too, and its pitch moves
            tape.sound(say(speaker, f"{text[1:]}!", float(random.uniform(0.4, 0.6)), 1.6))
        else:
            _sentence(tape, done, speaker, text, random)
    tape.silence(1.0)
    return Talk(np.concatenate(tape.pieces), done, tape.spoken / SAMPLE_RATE)


def _sentence(tape: _Tape, done: list[Done], speaker: Speaker, text: str, random: np.random.Generator) -> None:
    plain: list[str] = []
    for word in text.split():
        drawn = word.lower() if word.isupper() and word.lower() in DRAWN else None
        if word != "_" and drawn is None:
            plain.append(word)
            continue
        if plain:
            # A comma keeps the voice from ending the sentence here.
            tape.sound(say(speaker, " ".join(plain).rstrip(",") + ","))
        plain = []
        if drawn:
            sound, median, varies = DRAWN[drawn], DRAWN_SECONDS, DRAWN_VARIES
        else:
            sound, median, varies = FILLERS[int(random.integers(len(FILLERS)))]
        seconds = float(np.clip(median * np.exp(random.normal(0, varies)), SHORTEST, LONGEST))
        before, after = (float(random.uniform(*PAUSE)) * (random.random() < PAUSES) for _ in range(2))
        if not drawn:  # a word drawn out follows the one before
            tape.silence(before)
        start = tape.now
        tape.sound(0.8 * say(speaker, sound, round(seconds, 2), round(float(random.uniform(*EVEN)), 1)))
        done.append(Done(FILLED, start, tape.now, start))
        tape.silence(after)
    if plain:
        tape.sound(say(speaker, " ".join(plain)))


def with_noise(samples: NDArray[np.float64], decibels: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Add noise that falls off with frequency as rooms' and streets' does, so far below the speech."""
    shape = np.fft.rfft(random.normal(0, 1, len(samples)))
    shape /= np.sqrt(np.maximum(np.arange(len(shape)), 50))
    noise = np.fft.irfft(shape, len(samples))
    level = LEVEL * 10 ** (-decibels / 20) / np.sqrt(np.mean(noise**2))
    return np.asarray(samples + level * noise)


def with_echo(samples: NDArray[np.float64], seconds: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Say it in a room whose sound takes so long to fall by 60 dB; most of what is heard still comes directly."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    room = random.normal(0, 1, len(time)) * 10 ** (-3 * time / seconds)
    room *= 0.7 / np.sqrt(np.sum(room**2))
    size = 1 << (len(samples) + len(room)).bit_length()
    echo = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(room, size), size)[: len(samples)]
    return np.asarray(samples + echo)
