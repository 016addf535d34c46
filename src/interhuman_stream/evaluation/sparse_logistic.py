"""Logistic regression with an L1 penalty over named features, in numpy: few weights, each of which can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

STEPS = 250


@dataclass(frozen=True, slots=True)
class Design:
    """Which features are on in which of n rows: ``row[k]`` has feature ``names[column[k]]``, worth ``value[k]``."""

    names: tuple[str, ...]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float64]
    rows: int

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The design times a vector of weights, n."""
        return np.asarray(np.bincount(self.row, self.value * weights[self.column], self.rows), np.float64)

    def transposed_times(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The transposed design times a vector of n values."""
        return np.asarray(np.bincount(self.column, self.value * values[self.row], len(self.names)), np.float64)


def design(rows: Sequence[Iterable[str]], names: tuple[str, ...]) -> Design:
    """Number the named features; others are left out."""
    number = {name: index for index, name in enumerate(names)}
    pairs = [(at, number[feature]) for at, row in enumerate(rows) for feature in row if feature in number]
    row, column = np.array(pairs, np.int64).reshape(-1, 2).T
    return Design(names, row, column, np.ones(len(row)), len(rows))


def fit(
    seen: Design, label: NDArray[np.bool_], penalty: float, steps: int = STEPS
) -> tuple[float, NDArray[np.float64]]:
    """Find bias and weights by accelerated proximal gradient (Beck & Teboulle 2009).

    Args:
        seen: The features.
        label: What is to be predicted, n.
        penalty: Of the weights' absolute sum, in units of one row's log-likelihood.
        steps: How many; the step adapts to the curvature.
    """
    target = label.astype(np.float64)
    weights = np.zeros(len(seen.names))
    bias = float(np.log(target.mean() / (1 - target.mean())))
    # A row with k features bends the log-likelihood at most k/4 along each: rare features may take large steps.
    load = np.asarray(np.bincount(seen.row, seen.value, seen.rows) + 1, np.float64)
    step = 4 / np.maximum(seen.transposed_times(load), 1.0)
    bias_step = 4 / float(load.sum())
    at, at_bias, momentum = weights, bias, 1.0
    for _ in range(steps):
        residual = 1 / (1 + np.exp(-(seen.times(at) + at_bias))) - target
        moved = at - step * seen.transposed_times(residual)
        shrunk = np.sign(moved) * np.maximum(np.abs(moved) - step * penalty, 0)
        new_bias = at_bias - bias_step * float(residual.sum())
        later = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        push = (momentum - 1) / later
        at, at_bias = shrunk + push * (shrunk - weights), new_bias + push * (new_bias - bias)
        weights, bias, momentum = shrunk, new_bias, float(later)
    return bias, weights
