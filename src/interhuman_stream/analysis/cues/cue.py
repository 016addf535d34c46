"""How strong a cue is, and other measures that several families take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def ramp(value: float, zero: float, one: float) -> float:
    """Strength that grows from 0 at ``zero`` to 1 at ``one``, and stays inside."""
    return min(1.0, max(0.0, (value - zero) / (one - zero)))


def slope(values: NDArray[np.float64]) -> float:
    """By how much values rise from one to the next along the line that fits them best; 0 for fewer than two."""
    at = np.arange(len(values)) - (len(values) - 1) / 2
    return float(at @ values / (at @ at)) if len(values) > 1 else 0.0
