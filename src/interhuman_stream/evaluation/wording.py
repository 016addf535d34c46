"""How well words alone tell what an utterance is for, on dialogue acts: no voice, no face, no other speaker's words."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.pauses import FILLERS
from interhuman_stream.analysis.cues.utterances import features, purposes
from interhuman_stream.analysis.cues.wording import lexicon_strength
from interhuman_stream.evaluation.bands import band_rows
from interhuman_stream.evaluation.dialogue_acts import TAGS, conversations, labels, read
from interhuman_stream.evaluation.measures import auc, best_threshold, f1
from interhuman_stream.evaluation.report import Row, measured
from interhuman_stream.evaluation.sparse_logistic import design, fit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.evaluation.dialogue_acts import Act

TRAINING: Final = "train_set.txt"
MEASURED: Final = {
    "val_set.txt": "yes: which tags count and where the bands lie was settled on it",
    "test_set.txt": "no",
}
"""The files that are measured on, and whether MRDA's were looked at while the wordings were being built."""
LEAST_ROWS = 8
REACH = 5  # lines back in which another speaker's utterance counts as what was answered
WORD_EDGES = re.compile(r"[^\w',.?! -]")


def wording_rows(folder: Path) -> Iterator[Row]:
    """Measure the shipped weights on a folder's `val_set.txt` and `test_set.txt`, whichever is there.

    Beside them stand baselines, some from its `train_set.txt`.
    """
    training = read(folder / TRAINING) if (folder / TRAINING).exists() else []
    for part, looked_at in MEASURED.items():
        if (folder / part).exists():
            yield from _part_rows(folder / part, training, looked_at)


def _part_rows(path: Path, training: list[Act], looked_at: str) -> Iterator[Row]:
    name = f"{path.parent.name} ({path.stem})"
    acts, bare = read(path), read(path, fillers=False)
    if not any(act.basic for act in acts):
        looked_at = "no"  # Switchboard: it has no basic tags, so that nothing is known of who holds the floor either
    for purpose in TAGS:
        label = labels(acts, purpose)
        if not label.any():
            continue
        row = _row(purpose, f"{name}: words and own silences", acts, label, looked_at)
        row.baselines.update(_baselines(purpose, acts, label, training))
        yield row
    label = labels(bare, "says_floor_holder")
    if label.any():
        yield from _bare_rows(name, bare, label, looked_at)
    yield from band_rows(name, acts, looked_at)


def _bare_rows(name: str, bare: list[Act], label: NDArray[np.bool_], looked_at: str) -> Iterator[Row]:
    yield _row("says_floor_holder", f"{name}: fillers stripped", bare, label, looked_at)
    left = np.array([bool(act.utterance.words) for act in bare])
    kept = [act for act, worded in zip(bare, left, strict=True) if worded]
    yield _row("says_floor_holder", f"{name}: fillers stripped, something left", kept, label[left], looked_at)


def _row(purpose: str, data: str, acts: list[Act], label: NDArray[np.bool_], looked_at: str) -> Row:
    model = purposes()[purpose]
    score = np.array([model.probability(features(act.utterance)) for act in acts])
    figures = measured(score, label, conversations(acts), threshold=model.threshold, probability=True)
    size = f"{len(label)} utterances, {int(label.sum())} so tagged"
    return Row(purpose, data, size, figures, _majority(label), looked_at)


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
        bags = [[_bag(act.utterance.words) for act in each] for each in (training, acts)]
        score, threshold = _scored(bags[0], bags[1], labels(training, purpose))
        known["words and pairs of words"] = f"F1 {f1(score >= threshold, label):.2f}, AUC {auc(score, label):.2f}"
        known |= _with_others(purpose, acts, label, training)
    return known


def _with_others(purpose: str, acts: list[Act], label: NDArray[np.bool_], training: list[Act]) -> dict[str, str]:
    """What could be reached if the engine heard the others: an upper reference, not a thing that is shipped."""
    score, threshold = _scored(_answering(training), _answering(acts), labels(training, purpose))
    hindsight = f1(score >= best_threshold(score, label), label)
    reached = f"F1 {f1(score >= threshold, label):.2f}, AUC {auc(score, label):.2f}"
    return {"with the others' words": f"{reached} (F1 {hindsight:.2f} at the threshold best in hindsight)"}


def _answering(acts: list[Act]) -> list[set[str]]:
    """The features of each utterance, and of the one by another speaker that it may answer."""
    rows = []
    for place, act in enumerate(acts):
        seen = features(act.utterance)
        before = range(place - 1, max(-1, place - 1 - REACH), -1)
        other = next((acts[at] for at in before if acts[at].speaker != act.speaker), None)
        if other is not None:
            said, own = other.utterance.words, " ".join(act.utterance.words[:2])
            ending, length = other.utterance.end or "open", str(min(len(said), 15) // 3)
            seen |= {f"they: {word}" for word in (*said[-4:], *said[:3])}
            seen |= {f"they begin: {' '.join(said[:2])}", f"they end: {' '.join(said[-2:])}", f"they: {ending}"}
            seen |= {f"they: {ending}, I: {own}", f"they: {length}, I: {own}", f"they: {' '.join(said[:2])}, I: {own}"}
        rows.append(seen)
    return rows


def _scored(
    rows: list[set[str]], others: list[set[str]], target: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """Fit a logistic regression to rows and targets; give the scores of the others, and the best threshold before."""
    counts: dict[str, int] = {}
    for row in rows:
        for gram in row:
            counts[gram] = counts.get(gram, 0) + 1
    names = tuple(sorted(gram for gram, count in counts.items() if count >= LEAST_ROWS))
    seen = design(rows, names)
    bias, weights = fit(seen, target, 1.0, steps=120)
    threshold = best_threshold(seen.times(weights) + bias, target)
    return design(others, names).times(weights) + bias, threshold


def _bag(words: tuple[str, ...]) -> set[str]:
    return {*words, *(" ".join(pair) for pair in pairwise(words))}
