"""Expressions as movements of the head's points, before the head is turned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.puppet.regions import (
    BROWS,
    CHEEKS,
    CHIN,
    EYE_POINTS,
    EYES,
    LIP_POINTS,
    LOWER_INNER,
    LOWER_MIDDLE,
    LOWER_OUTER,
    UPPER_INNER,
    UPPER_MIDDLE,
    UPPER_OUTER,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Pose:
    """What the puppet does in one frame. Angles in degrees, expressions from 0 (rest) to 1.

    Attributes:
        pitch: Chin up positive.
        yaw: Towards the picture's right positive.
        roll: Counter-clockwise in the picture positive.
        x: Shift to the picture's right, in pixels.
        y: Shift downwards, in pixels.
        gaze_x: Of the eyes in the head, towards the picture's right positive.
        gaze_y: Of the eyes in the head, up positive.
        brow_raise: Both brows up.
        frown: Both brows down and together.
        smile: Up to the portrait's own smile.
        jaw: Mouth open.
        rounding: Lips pushed together sideways, as for "oo".
        lids: Closure of both eyes.
    """

    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    x: float = 0.0
    y: float = 0.0
    gaze_x: float = 0.0
    gaze_y: float = 0.0
    brow_raise: float = 0.0
    frown: float = 0.0
    smile: float = 0.0
    jaw: float = 0.0
    rounding: float = 0.0
    lids: float = 0.0


class Face:
    """The head's points of one portrait that smiles with parted lips, and how they move."""

    def __init__(self, points: NDArray[np.float64]) -> None:
        """Take n×3 points of the head, of which the first 468 are the landmarks."""
        self._rest = points
        eyes = [points[list(eye.corners)].mean(0) for eye in EYES]
        # Between the outer corners of the eyes: the unit of every movement.
        self._unit = float(np.linalg.norm(points[EYES[0].corners[0], :2] - points[EYES[1].corners[0], :2]))
        self._axis = (eyes[1] - eyes[0])[:2] / np.linalg.norm((eyes[1] - eyes[0])[:2])
        self._down = np.array([-self._axis[1], self._axis[0]])
        self._not_eyes = np.ones(len(points))
        self._not_eyes[sorted(EYE_POINTS)] = 0.0
        self._relaxed = self._relax()
        self._level = self._meet()
        self._opened = self._open()
        self._rounded = self._round()
        self._raised = self._brows(inner=(0.0, -0.105), outer=(0.0, -0.09))
        self._knitted = self._brows(inner=(0.13, 0.135), outer=(0.075, 0.15))

    def move(self, pose: Pose) -> NDArray[np.float64]:
        """Return the n×3 points with the expression on, the head not yet turned."""
        relaxed = 1.0 - pose.smile
        moved = self._rest.copy()
        moved[:, 2] += relaxed * self._level
        moved[:, :2] += (
            relaxed * self._relaxed
            + pose.jaw * self._opened
            + pose.rounding * self._rounded
            + pose.brow_raise * self._raised
            + pose.frown * self._knitted
        )
        # Lids follow the eyes downwards, draw together in a frown, and part with raised brows.
        closure = pose.lids + 0.3 * pose.frown * (1 - pose.lids) - 0.12 * pose.brow_raise - 0.012 * pose.gaze_y
        self._close(moved, float(np.clip(closure, -0.15, 1.0)))
        return moved

    def _local(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """n×2 picture coordinates as n×2 along the face's own axes."""
        return np.stack((points @ self._axis, points @ self._down), -1)

    def _spread(self, controls: NDArray[np.int64], shifts: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
        """Let every point follow the control points near it: full at them, fading over ``reach`` units."""
        local = self._local(self._rest[:, :2])
        gap = (local[:, None] - local[None, controls]) / (self._unit * reach)
        weights = np.exp(-0.5 * (gap**2).sum(-1))
        strength = weights.max(1)
        mean = (weights**2) @ shifts / np.maximum((weights**2).sum(1), 1e-12)[:, None]
        return np.asarray(strength[:, None] * mean)

    def _brows(self, inner: tuple[float, float], outer: tuple[float, float]) -> NDArray[np.float64]:
        """Move the brows: (towards the middle, down) of the inner and the outer ends, in units."""
        controls, shifts = [], []
        for side, rows in zip((1.0, -1.0), BROWS, strict=True):
            for row in rows:
                for share, index in zip(np.linspace(0, 1, len(row)), row, strict=True):
                    across, down = (1 - share) * np.array(outer) + share * np.array(inner)
                    controls.append(index)
                    shifts.append(side * across * self._axis + down * self._down)
        spread = self._spread(np.array(controls), np.array(shifts) * self._unit, reach=0.09)
        return np.asarray(spread * (0.1 + 0.9 * self._not_eyes)[:, None])

    def _relax(self) -> NDArray[np.float64]:
        """From the smile to a closed mouth at rest: corners in and down, lips together and fuller, cheeks lower."""
        local = self._local(self._rest[:, :2])
        shift = np.zeros_like(local)
        upper, lower = local[list(UPPER_INNER)], local[list(LOWER_INNER)]
        middle = (upper[0] + upper[-1]) / 2
        half = (upper[-1, 0] - upper[0, 0]) / 2
        gap = lower[:, 1] - upper[:, 1]
        centre = len(UPPER_INNER) // 2
        # The line where the lips meet, at a third of the gap below the smiling upper lip; nearly straight.
        line = upper[centre, 1] + 0.3 * gap[centre]

        def put(row: tuple[int, ...], offset: NDArray[np.float64]) -> None:
            for index, away in zip(row, offset, strict=True):
                side = (local[index, 0] - middle[0]) / half
                shift[index, 0] = middle[0] + side * half * 0.83 - local[index, 0]
                shift[index, 1] = line + 0.028 * self._unit * side**2 + away - local[index, 1]

        put(UPPER_INNER, np.zeros(len(UPPER_INNER)))
        put(LOWER_INNER[1:-1], np.zeros(len(LOWER_INNER) - 2))
        for row in (UPPER_OUTER, *UPPER_MIDDLE):
            put(row, 1.2 * (local[list(row), 1] - upper[:, 1]))
        for row in (LOWER_OUTER, *LOWER_MIDDLE):
            put(row[1:-1], 1.15 * (local[list(row), 1] - lower[:, 1])[1:-1])

        lips = np.array(sorted(LIP_POINTS))
        ring = np.array(sorted({*UPPER_OUTER, *LOWER_OUTER}))
        controls = np.concatenate((ring, CHEEKS))
        cheeks = np.tile([0.0, 0.035 * self._unit], (len(CHEEKS), 1))
        spread = self._spread(controls, np.concatenate((shift[ring], cheeks)), reach=0.13)
        spread[list(EYE_POINTS)] *= 0.2
        spread[lips] = shift[lips]
        return self._picture(spread)

    def _meet(self) -> NDArray[np.float64]:
        """Bring the inner edges of closed lips to one depth, so that no turn of the head opens a gap between them."""
        depth = np.zeros(len(self._rest))
        for upper, lower in zip(UPPER_INNER, LOWER_INNER, strict=True):
            half = (self._rest[lower, 2] - self._rest[upper, 2]) / 2
            depth[upper] += half
            depth[lower] -= half
        return depth

    def _open(self) -> NDArray[np.float64]:
        """Let the jaw down: the lower lip and the chin fall, the corners come half way."""
        shift = np.zeros((len(self._rest), 2))
        fall = 0.26 * self._unit
        span = np.sin(np.linspace(0, np.pi, len(LOWER_INNER)))
        for row in (LOWER_INNER, LOWER_OUTER, *LOWER_MIDDLE):
            shift[list(row), 1] = fall * (0.25 + 0.75 * np.sqrt(span))
        for row in (UPPER_INNER, UPPER_OUTER, *UPPER_MIDDLE):
            shift[list(row[1:-1]), 1] = -0.06 * fall * span[1:-1] + fall * 0.25 * (1 - span[1:-1]) ** 2
        lips = np.array(sorted(LIP_POINTS))
        controls = np.array([*LOWER_OUTER, CHIN, 148, 377, 176, 400, 18, 200, 199, 175, 171, 396])
        shift[controls[len(LOWER_OUTER) :], 1] = 0.85 * fall
        spread = self._spread(controls, shift[controls], reach=0.16)
        spread[lips] = shift[lips]
        return self._picture(spread)

    def _round(self) -> NDArray[np.float64]:
        """Push the lips together sideways."""
        local = self._local(self._rest[:, :2])
        lips = np.array(sorted(LIP_POINTS))
        middle = local[lips, 0].mean()
        shift = np.zeros_like(local)
        shift[lips, 0] = -0.22 * (local[lips, 0] - middle)
        ring = np.array(sorted({*UPPER_OUTER, *LOWER_OUTER}))
        spread = self._spread(ring, shift[ring], reach=0.1)
        spread[lips] = shift[lips]
        return self._picture(spread)

    def _picture(self, local: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shifts along the face's axes as shifts in the picture."""
        return np.asarray(local[:, :1] * self._axis + local[:, 1:] * self._down)

    @staticmethod
    def _close(points: NDArray[np.float64], closure: float) -> None:
        """Bring the lids of both eyes together, in place; they meet low, since the upper lid does most of the way."""
        for eye in EYES:
            upper, lower = points[list(eye.upper), :2], points[list(eye.lower), :2]
            way = (0.04 * upper + 0.96 * lower) - upper
            points[list(eye.upper), :2] += closure * way
            points[list(eye.lower), :2] += closure * (upper + way - lower)
            points[list(eye.fold), :2] += 0.5 * closure * way
            points[list(eye.above), :2] += 0.04 * closure * way
