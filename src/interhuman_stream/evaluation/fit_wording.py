"""Fit the weights in ``analysis/cues/utterances.toml`` on dialogue acts and in ``emotions.toml`` on emotions."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.utterances import features, grams
from interhuman_stream.evaluation.dialogue_acts import (
    LONGEST_CONVERSATION,
    TAGS,
    WORD,
    Act,
    conversations,
    labels,
    read,
)
from interhuman_stream.evaluation.measures import best_threshold, threshold_at_precision
from interhuman_stream.evaluation.sparse_logistic import design, fit
from interhuman_stream.evaluation.text_sets import NUMBERS, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

# Chosen among 1, 3 and 6 for AUC and F1 on the last fold: 3 and 6 are alike, and more makes a shorter file.
PENALTY = 4.0
# In so many stretches of a conversation's length a feature must occur: what a meeting was about is no purpose.
LEAST_CONVERSATIONS = 10
FOLDS = 4
FIND_PRECISION = 0.6
LEAST_WEIGHT = 0.01
LEAST_FOUND = 0.3
"""How strong a cue is where its purpose is just found, in ordinary wordings: alone too little."""
EMOTIONS = {
    "says_blocked_effort": ("annoyance", "anger"),
    "says_strain": ("nervousness", "fear"),
}
"""Which emotions stand for what is said.

Curiosity in writing is little more than a question; confusion, approval and disapproval told nothing on other people's
labels that was not known without them (docs/accuracy.md).
"""
PLAIN = ("s", "qy", "qw", "qr", "qrr", "qo")
FALSE_SHARE = 0.01
"""The share of plain statements and questions in speech in which an emotion may be found that was fitted on writing.

Questions as well: in writing they are mostly asked out of curiosity, in a meeting mostly for what is needed."""
LEAST_FELT = 0.78
"""So few, that the least of them may be reported."""
HEADER = """\
# What an utterance is for, as log-odds by feature: written by `interhuman-stream fit-wording`.
# Fitted on the training part of the MRDA corpus (Shriberg et al. 2004) as published in NathanDuran/MRDA-Corpus, whose
# files are under GPL-3.0; nothing but how often word sequences and pauses go with which tag is taken from it.
# A weight adds to the log-odds where its feature is seen. "[" and "]" stand for an utterance's beginning and end, “…”
# for the whole utterance ("“…”" itself for one of more than three words), "silent" and "then" for seconds up to which
# the person was silent before and after, "after" for what they said before.
"""
EMOTIONS_HEADER = """\
# What somebody feels who says so, as log-odds by word sequence: written by `interhuman-stream fit-emotions`.
# Fitted on the training part of GoEmotions (Demszky et al. 2020, https://github.com/google-research/google-research,
# folder goemotions), which is published under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); taken from it,
# and changed, is how often word sequences go with which emotion. Where each is found was chosen on the plain statements
# and questions of the training part of the MRDA corpus. "[" and "]" stand for an utterance's beginning and end.
"""


def fit_wording(training: Path) -> str:
    """Fit on a file of dialogue acts and give the text of the weights' file."""
    acts = read(training)
    # A recogniser drops most fillers: the model must know utterances with and without.
    bare = read(training, fillers=False)
    parts = [HEADER]
    for purpose in TAGS:
        label = labels(acts, purpose)
        score = _held_out(acts, bare, label, purpose)
        threshold = best_threshold(score, label)
        find = min(max(threshold, threshold_at_precision(score, label, FIND_PRECISION)), 1.0)
        bias, weights = _fit(acts, bare, label, purpose)
        parts += [
            f"\n[{purpose}]\n# {', '.join(sorted(TAGS[purpose]))}: {label.mean():.1%} of {len(acts)} utterances\n",
            f"bias = {bias:.3f}\nthreshold = {threshold:.3f}\nfind = {find:.3f}\nleast = {LEAST_FOUND}\n\n",
            f"[{purpose}.weights]\n",
        ]
        parts += _lines(weights)
    return "".join(parts)


def fit_emotions(training: Path, speech: Path) -> str:
    """Fit on texts with emotions, choose where each is found on dialogue acts, and give the text of the weights' file.

    Args:
        training: GoEmotions' `train.tsv`. What is looked at is words alone, as a recogniser would give them.
        speech: A file of dialogue acts: writing is not speech, and how often people say so in it neither.
    """
    texts = numbered(training)
    rows = [grams(tuple(WORD.findall(text.lower()))) for text, _ in texts]
    counted = Counter(feature for row in rows for feature in row)
    names = tuple(sorted(name for name, count in counted.items() if count >= LEAST_CONVERSATIONS))
    seen = design(rows, names)
    acts = read(speech)
    plain = [grams(act.utterance.words) for act in acts if act.tag in PLAIN]
    parts = [EMOTIONS_HEADER]
    for purpose, emotions in EMOTIONS.items():
        wanted = {NUMBERS[emotion] for emotion in emotions}
        label = np.array([not wanted.isdisjoint(given) for _, given in texts])
        bias, weights = _kept(seen.names, *fit(seen, label, PENALTY))
        score = _probabilities(bias, weights, rows)
        threshold = best_threshold(score, label)
        # Where it is right often enough on writing, and no earlier than speech allows.
        allowed = float(np.quantile(_probabilities(bias, weights, plain), 1 - FALSE_SHARE))
        find = min(max(threshold_at_precision(score, label, FIND_PRECISION), allowed), 1.0)
        parts += [
            f"\n[{purpose}]\n# {', '.join(emotions)}: {label.mean():.1%} of {len(texts)} texts\n",
            f"bias = {bias:.3f}\nthreshold = {threshold:.3f}\nfind = {find:.3f}\nleast = {LEAST_FELT}\n\n",
            f"[{purpose}.weights]\n",
            *_lines(weights),
        ]
    return "".join(parts)


def _lines(weights: dict[str, float]) -> list[str]:
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return [f"{json.dumps(name, ensure_ascii=False)} = {weight:.2f}\n" for name, weight in ordered]


def _kept(names: tuple[str, ...], bias: float, weights: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
    return bias, {
        name: round(float(weight), 2)
        for name, weight in zip(names, weights, strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }


def _held_out(acts: list[Act], bare: list[Act], label: NDArray[np.bool_], purpose: str) -> NDArray[np.float64]:
    """Score each quarter of the file by a fit on the rest of it that shares no conversation with the quarter."""
    score = np.zeros(len(acts))
    for fold in np.array_split(np.arange(len(acts)), FOLDS):
        first, last = fold[0] - LONGEST_CONVERSATION, fold[-1] + LONGEST_CONVERSATION
        rest = [at for at in range(len(acts)) if not first < at < last]
        model = _fit([acts[at] for at in rest], [bare[at] for at in rest], label[rest], purpose)
        score[fold] = score_with(*model, [acts[at] for at in fold])
    return score


def _fit(acts: list[Act], bare: list[Act], label: NDArray[np.bool_], purpose: str) -> tuple[float, dict[str, float]]:
    rows = [features(act.utterance) for act in acts]
    where = Counter(feature for feature, _ in set(_places(rows, acts)))
    names = tuple(sorted(feature for feature, count in where.items() if count >= LEAST_CONVERSATIONS))
    penalty = PENALTY
    if purpose == "says_floor_holder":
        rows += [features(act.utterance) for act in bare]
        label = np.concatenate((label, label))
        penalty *= 2
    seen = design(rows, names)
    return _kept(seen.names, *fit(seen, label, penalty))


def _places(rows: list[set[str]], acts: list[Act]) -> Iterator[tuple[str, int]]:
    for row, at in zip(rows, conversations(acts).tolist(), strict=True):
        yield from ((feature, at) for feature in row)


def score_with(bias: float, weights: dict[str, float], acts: list[Act]) -> NDArray[np.float64]:
    """The probability of each utterance under the given model."""
    return _probabilities(bias, weights, [features(act.utterance) for act in acts])


def _probabilities(bias: float, weights: dict[str, float], rows: list[set[str]]) -> NDArray[np.float64]:
    # Exactly, whatever order a set comes in: thresholds must be the same in every run.
    odds = np.array([bias + math.fsum(weights.get(each, 0.0) for each in row) for row in rows])
    return np.asarray(1 / (1 + np.exp(-odds)))
