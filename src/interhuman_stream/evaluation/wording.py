"""How well words alone tell what an utterance is for, on dialogue acts: no voice, no face, no other speaker's words."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.pauses import FILLERS
from interhuman_stream.analysis.cues.utterances import features, purposes
from interhuman_stream.analysis.cues.wording import lexicon_strength
from interhuman_stream.evaluation.dialogue_acts import TAGS, conversations, labels, read
from interhuman_stream.evaluation.measures import auc, best_threshold, f1
from interhuman_stream.evaluation.report import Row, measured
from interhuman_stream.evaluation.sparse_logistic import design, fit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.evaluation.dialogue_acts import Act

TRAINING, VALIDATION = "train_set.txt", "val_set.txt"
LEAST_ROWS = 8
WORD_EDGES = re.compile(r"[^\w',.?! -]")


def wording_rows(folder: Path) -> Iterator[Row]:
    """Measure the shipped weights on a folder's `val_set.txt`; beside them baselines, some from its `train_set.txt`."""
    name = folder.name
    acts, bare = read(folder / VALIDATION), read(folder / VALIDATION, fillers=False)
    training = read(folder / TRAINING) if (folder / TRAINING).exists() else []
    for purpose in TAGS:
        label = labels(acts, purpose)
        row = _row(purpose, f"{name}: words and own silences", acts, label)
        row.baselines.update(_baselines(purpose, acts, label, training))
        yield row
    label = labels(bare, "says_floor_holder")
    yield _row("says_floor_holder", f"{name}: fillers stripped", bare, label)
    left = np.array([bool(act.utterance.words) for act in bare])
    kept = [act for act, worded in zip(bare, left, strict=True) if worded]
    yield _row("says_floor_holder", f"{name}: fillers stripped, something left", kept, label[left])


def _row(purpose: str, data: str, acts: list[Act], label: NDArray[np.bool_]) -> Row:
    model = purposes()[purpose]
    score = np.array([model.probability(features(act.utterance)) for act in acts])
    figures = measured(score, label, conversations(acts), threshold=model.threshold, probability=True)
    return Row(purpose, data, f"{len(label)} utterances, {int(label.sum())} so tagged", figures, _majority(label))


def _majority(label: NDArray[np.bool_]) -> dict[str, str]:
    return {"always yes": f"F1 {f1(np.ones_like(label), label):.2f}"}


def _baselines(purpose: str, acts: list[Act], label: NDArray[np.bool_], training: list[Act]) -> dict[str, str]:
    length = -np.array([float(len(act.utterance.words)) for act in acts])
    known = {"shortness alone": f"AUC {auc(length, label):.2f}"}
    if purpose == "says_floor_holder":
        filler = np.array([bool(FILLERS.intersection(act.utterance.words)) for act in acts])
        known["a filler, yes or no"] = f"F1 {f1(filler, label):.2f}"
    else:
        strength = np.array([lexicon_strength(WORD_EDGES.sub("", act.text.lower()), purpose) for act in acts])
        known["lexicon alone"] = f"F1 {f1(strength > 0, label):.2f}, AUC {auc(strength, label):.2f}"
    if training:
        known |= _bag_of_words(purpose, acts, label, training)
    return known


def _bag_of_words(purpose: str, acts: list[Act], label: NDArray[np.bool_], training: list[Act]) -> dict[str, str]:
    """Logistic regression over words and pairs of words, threshold from the training rows."""
    rows = [_bag(act.utterance.words) for act in training]
    counts: dict[str, int] = {}
    for row in rows:
        for gram in row:
            counts[gram] = counts.get(gram, 0) + 1
    names = tuple(sorted(gram for gram, count in counts.items() if count >= LEAST_ROWS))
    seen, target = design(rows, names), labels(training, purpose)
    bias, weights = fit(seen, target, 1.0, steps=120)
    threshold = best_threshold(seen.times(weights) + bias, target)
    score = design([_bag(act.utterance.words) for act in acts], names).times(weights) + bias
    return {"words and pairs of words": f"F1 {f1(score >= threshold, label):.2f}, AUC {auc(score, label):.2f}"}


def _bag(words: tuple[str, ...]) -> set[str]:
    return {*words, *(" ".join(pair) for pair in pairwise(words))}
