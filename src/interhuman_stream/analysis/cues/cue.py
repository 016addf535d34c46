"""How strong a cue is, and other measures that several families take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import FaceTrack

# Degrees of pitch from usual within which the head is level.
LEVEL_PITCH = 8.0


def ramp(value: float, zero: float, one: float) -> float:
    """Strength that grows from 0 at ``zero`` to 1 at ``one``, and stays inside."""
    return min(1.0, max(0.0, (value - zero) / (one - zero)))


def slope(values: NDArray[np.float64]) -> float:
    """By how much values rise from one to the next along the line that fits them best; 0 for fewer than two."""
    at = np.arange(len(values)) - (len(values) - 1) / 2
    return float(at @ values / (at @ at)) if len(values) > 1 else 0.0


def head_level(face: FaceTrack, baseline: Baseline) -> NDArray[np.bool_]:
    """Where the head is neither raised nor lowered, n: that moves brows and lids in the picture."""
    return np.asarray(np.abs(face.pose[:, 0] - baseline.pose[0]) < LEVEL_PITCH)
