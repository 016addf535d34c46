"""Fit the weights in ``analysis/cues/utterances.toml`` on dialogue acts, and write that file."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.utterances import features
from interhuman_stream.evaluation.dialogue_acts import LONGEST_CONVERSATION, TAGS, Act, conversations, labels, read
from interhuman_stream.evaluation.measures import best_threshold, threshold_at_precision
from interhuman_stream.evaluation.sparse_logistic import design, fit

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
HEADER = """\
# What an utterance is for, as log-odds by feature: written by `interhuman-stream fit-wording`.
# Fitted on the training part of the MRDA corpus (Shriberg et al. 2004) as published in NathanDuran/MRDA-Corpus, whose
# files are under GPL-3.0; nothing but how often word sequences and pauses go with which tag is taken from it.
# A weight adds to the log-odds where its feature is seen. "[" and "]" stand for an utterance's beginning and end, “…”
# for the whole utterance ("“…”" itself for one of more than three words), "silent" and "then" for seconds up to which
# the person was silent before and after, "after" for what they said before.
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
            f"bias = {bias:.3f}\nthreshold = {threshold:.3f}\nfind = {find:.3f}\n\n[{purpose}.weights]\n",
        ]
        ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        parts += [f"{json.dumps(name, ensure_ascii=False)} = {weight:.2f}\n" for name, weight in ordered]
    return "".join(parts)


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
    bias, weights = fit(seen, label, penalty)
    return bias, {
        name: round(float(weight), 2)
        for name, weight in zip(seen.names, weights, strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }


def _places(rows: list[set[str]], acts: list[Act]) -> Iterator[tuple[str, int]]:
    for row, at in zip(rows, conversations(acts).tolist(), strict=True):
        yield from ((feature, at) for feature in row)


def score_with(bias: float, weights: dict[str, float], acts: list[Act]) -> NDArray[np.float64]:
    """The probability of each utterance under the given model."""
    odds = np.array([bias + sum(weights.get(each, 0.0) for each in features(act.utterance)) for act in acts])
    return np.asarray(1 / (1 + np.exp(-odds)))
