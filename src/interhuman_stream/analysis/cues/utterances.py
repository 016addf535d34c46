"""What an utterance is for: readable features of its words and pauses, and a linear score for each purpose.

The weights stand in ``utterances.toml`` (dialogue acts) and ``emotions.toml`` (what one feels; words alone), one line a
feature; `interhuman-stream fit-wording` and `interhuman-stream fit-emotions` write them.
Everything used here the engine has live: the person's own words, and how long they were silent before and after. What
others said is not among it.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from interhuman_stream.findings import Word

WEIGHTS = ("utterances.toml", "emotions.toml")
STOPS = ".?!"
# A silence this long ends an utterance even where the recogniser wrote no full stop.
UTTERANCE_PAUSE = 0.5
LONGEST_GRAM = 3
SHORT = 3  # words; a whole utterance that short is a feature of its own
LENGTHS = (1, 2, 3, 4, 5, 8, 14)
# Seconds of the person's own silence: none, a breath, a pause, another's sentence, another's turn.
SILENCES = (0.0, 1.0, 2.7, 6.7, 20.0)


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one person said in one go.

    Attributes:
        words: Lower case, without punctuation.
        end: The mark it ends with, one of ``.?!``, or nothing where it was left open.
        before: Seconds the person had been silent; infinite at the beginning.
        after: Seconds the person then was silent, as far as is known.
        previous: What they said before, as ``summary`` gives it; empty at the beginning.
    """

    words: tuple[str, ...]
    end: str
    before: float
    after: float
    previous: str

    @property
    def summary(self) -> str:
        """The whole utterance where it is short, else how long it is."""
        if len(self.words) < SHORT:
            return " ".join(self.words) + self.end
        return f"{_up_to(len(self.words), LENGTHS)} words{self.end}"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One linear model.

    Attributes:
        bias: Log-odds before any feature is seen.
        threshold: The probability from which on the purpose holds, chosen for the best F1.
        find: The probability from which on it is found: where it is right at least three times in five, or where few
            enough utterances are that are nothing of the kind.
        least: How strong the cue is there, in ordinary wordings (0 to 1).
        weights: Log-odds a feature adds.
    """

    bias: float
    threshold: float
    find: float
    least: float
    weights: dict[str, float]

    def probability(self, seen: Iterable[str]) -> float:
        """How likely the purpose is, 0 to 1, given an utterance's features."""
        odds = self.bias + sum(self.weights.get(feature, 0.0) for feature in seen)
        return 1 / (1 + math.exp(-odds))

    def knows(self, words: tuple[str, ...]) -> bool:
        """Whether any of the words bears on the purpose; a model says nothing about words it never met."""
        return any(word in self.weights or f"[ {word}" in self.weights or f"{word} ]" in self.weights for word in words)

    def weightiest(self, words: tuple[str, ...]) -> tuple[int, int]:
        """The words, from and to, that speak most for the purpose."""
        spans = [(a, b) for a in range(len(words)) for b in range(a + 1, min(a + LONGEST_GRAM, len(words)) + 1)]
        return max(spans, key=lambda span: self.weights.get(" ".join(words[slice(*span)]), 0.0))


@cache
def purposes() -> dict[str, Purpose]:
    """The fitted models by the cue they speak for."""
    found: dict[str, Purpose] = {}
    for file in WEIGHTS:
        text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
        for name, each in tomllib.loads(text).items():
            found[name] = Purpose(each["bias"], each["threshold"], each["find"], each["least"], each["weights"])
    return found


def grams(words: tuple[str, ...]) -> set[str]:
    """Every sequence of up to three words, with "[" and "]" for where the utterance begins and ends."""
    bounded = ("[", *words, "]")
    return {
        " ".join(gram)
        for size in range(1, LONGEST_GRAM + 1)
        for gram in (bounded[at : at + size] for at in range(len(bounded) - size + 1))
        if gram not in (("[",), ("]",))
    }


def features(utterance: Utterance) -> set[str]:
    """What is looked at: word n-grams with their place, length, ending, own silences, the own utterance before."""
    words = utterance.words
    seen = grams(words)
    ending = utterance.end or "open"
    before, after = f"silent {_up_to(utterance.before, SILENCES)}", f"then {_up_to(utterance.after, SILENCES)}"
    whole = f"“{' '.join(words)}”" if len(words) <= SHORT else "“…”"
    seen |= {f"{_up_to(len(words), LENGTHS)} words", f"ends {ending}", before, after, f"{before}, {after}"}
    seen |= {f"{whole} {ending}", f"{before}, {whole}", f"{whole}, {after}", f"{before}, {whole}, {after}"}
    seen |= {f"after “{utterance.previous}”", f"after “{utterance.previous}”, {whole}"}
    return seen


def utterances(words: tuple[Word, ...], now: float) -> Iterator[tuple[Utterance, tuple[Word, ...]]]:
    """Cut timed words into utterances, at sentence ends and at pauses; ``now`` is how far one has heard, in seconds."""
    pieces: list[list[Word]] = []
    for word in words:
        last = pieces[-1][-1] if pieces else None
        if last is None or last.raw[-1:] in STOPS or word.start - last.end >= UTTERANCE_PAUSE:
            pieces.append([])
        pieces[-1].append(word)
    edges = [-math.inf, *(edge for piece in pieces for edge in (piece[0].start, piece[-1].end)), now]
    silences = [max(0.0, b - a) for a, b in list(pairwise(edges))[::2]]
    previous = ""
    for piece, (before, after) in zip(pieces, pairwise(silences), strict=True):
        mark = piece[-1].raw[-1:]
        utterance = Utterance(
            tuple(word.text for word in piece), mark if mark in STOPS else "", before, after, previous
        )
        yield utterance, tuple(piece)
        previous = utterance.summary


def _up_to(value: float, edges: tuple[float, ...]) -> str:
    return next((f"{edge:g}" for edge in edges if value <= edge), "more")
