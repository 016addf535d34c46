"""Eyeballs behind the lids: white, iris and pupil painted with the portrait's own colours, turned by gaze."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tools.puppet.mesh import Portrait
    from tools.puppet.regions import Eye

# An eyeball's radius in widths of its iris: 12 mm against 11.7 mm.
BALL = 12.0 / 11.7
LASHES = (72.0, 50.0, 40.0)


class EyePainter:
    """One eye of one portrait."""

    def __init__(self, portrait: Portrait, eye: Eye) -> None:
        """Take the colours from where the portrait shows them."""
        points = portrait.landmarks[:, :2]
        self._radius = float(np.linalg.norm(points[list(eye.iris_rim)] - points[eye.iris], axis=1).mean())
        scale = portrait.image.shape[1] / (portrait.size[0] + 2 * portrait.margin)
        outline = (points[list(eye.outline)] + portrait.margin) * scale
        opening = np.zeros(portrait.image.shape[:2], np.uint8)
        cv2.fillPoly(opening, [np.round(outline).astype(np.int32)], 1)
        rows, columns = np.nonzero(opening)
        middle = (points[eye.iris] + portrait.margin) * scale
        away = np.hypot(columns - middle[0], rows - middle[1]) / (self._radius * scale)
        colours = portrait.image[rows, columns].astype(np.float32)
        light = colours.sum(1)
        white = away > 1.15
        bright = white & (light >= np.percentile(light[white], 85))
        self._white = np.median(colours[bright], axis=0)
        self._iris = np.median(colours[(away > 0.5) & (away < 0.85)], axis=0) * 0.8
        self._pupil = np.percentile(colours[away < 0.5], 10, axis=0) * 0.8
        self._eye = eye
        self._skin = _skin(portrait, eye, scale)
        self._lash = np.array(LASHES, np.float32)

    def shift(self, gaze_x: float, gaze_y: float) -> NDArray[np.float64]:
        """How far the iris moves on the eyeball for a gaze in degrees (right and up positive): x, y, z in pixels."""
        ball = 2 * self._radius * BALL
        x, y = math.radians(gaze_x), math.radians(gaze_y)
        return np.asarray(ball * np.array([math.sin(x), -math.sin(y), 1 - math.cos(x) * math.cos(y)]))

    def paint(
        self, picture: NDArray[np.float32], mask: NDArray[np.bool_], at: NDArray[np.float64], turn: float
    ) -> None:
        """Paint the eyeball where ``mask`` shows it, the iris at ``at``, narrowed by ``turn`` degrees, in place."""
        rows, columns = np.nonzero(mask)
        top, bottom = max(rows.min() - 3, 0), min(rows.max() + 4, mask.shape[0])
        left, right = max(columns.min() - 3, 0), min(columns.max() + 4, mask.shape[1])
        y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
        opening = mask[top:bottom, left:right].astype(np.float32)
        away = np.hypot((x - at[0]) / max(math.cos(math.radians(turn)), 0.5), y - at[1])[..., None]
        soft = 0.13 * self._radius

        def disc(radius: float) -> NDArray[np.float32]:
            return np.asarray(np.clip(0.5 + (radius - away) / (2 * soft), 0, 1), np.float32)

        ball = np.broadcast_to(self._white, (*x.shape, 3)).astype(np.float32)
        rim = self._iris * 0.75
        ball = ball + disc(self._radius) * (rim - ball)
        ball = ball + disc(self._radius * 0.8) * (self._iris * 1.1 - ball)
        ball = ball + disc(self._radius * 0.42) * (self._pupil - ball)
        # The lids throw a shadow, the upper one the deeper.
        shade = cv2.GaussianBlur(opening, (0, 0), 0.35 * self._radius)
        shade = np.minimum(
            shade, cv2.warpAffine(shade, np.array([[1, 0, 0], [0, 1, 0.25 * self._radius]]), shade.shape[::-1])
        )
        ball = ball * (0.42 + 0.58 * np.clip(1.35 * shade, 0, 1))[..., None]
        glint = np.hypot(x - at[0] + 0.3 * self._radius, y - at[1] + 0.32 * self._radius)[..., None]
        ball = ball + 0.75 * np.clip(0.5 + (0.17 * self._radius - glint), 0, 1) * (235 - ball)
        edge = cv2.GaussianBlur(opening, (0, 0), 0.8)[..., None]
        region = picture[top:bottom, left:right]
        region += edge * (ball - region)

    def paint_lid(self, picture: NDArray[np.float32], points: NDArray[np.float64], closure: float) -> None:
        """Draw the upper lid smooth over its folded, lashed picture while it comes down, in place.

        Args:
            picture: H×W×3.
            points: The mesh in the picture, at least 468×2, lids where they are.
            closure: 0 open, nothing is drawn, to 1.
        """
        if closure <= 0.02:
            return
        eye = self._eye
        edge = points[[eye.corners[0], *eye.upper, eye.corners[1]]]
        fold = points[[eye.corners[0], *eye.fold, eye.corners[1]]]
        band = np.concatenate((edge, fold[-2:0:-1]))
        pad = 8
        left, top = np.maximum(np.floor(band.min(0)).astype(int) - pad, 0)
        right, bottom = np.ceil(band.max(0)).astype(int) + pad
        region = picture[top:bottom, left:right]
        if region.size == 0:
            return
        shift = (left, top)
        skin = _drawn(region.shape, lambda canvas, line: cv2.fillPoly(canvas, [line], 255), band - shift)
        skin = cv2.GaussianBlur(skin, (0, 0), 1.6)[..., None] * min(1.0, 2.5 * closure)
        # A lid is a ball's cover: it darkens a little towards its edge.
        line = _drawn(
            region.shape, lambda canvas, line: cv2.polylines(canvas, [line], False, 255, 5, cv2.LINE_AA), edge - shift
        )
        shade = cv2.GaussianBlur(line, (0, 0), 3.0)[..., None]
        region += skin * (self._skin * (0.96 - 0.2 * shade) - region)
        lashes = np.clip(1.3 * cv2.GaussianBlur(line, (0, 0), 1.0), 0, 0.85)[..., None] * min(1.0, 2.5 * closure)
        region += lashes * (self._lash - region)


def _skin(portrait: Portrait, eye: Eye, scale: float) -> NDArray[np.float32]:
    """The colour of clean skin between the fold of the lid and the brow."""
    at = np.round((portrait.landmarks[list(eye.above[2:5]), :2] + portrait.margin) * scale).astype(int)
    smooth = cv2.GaussianBlur(portrait.image, (0, 0), 2.5 * scale)
    return np.asarray(np.mean([smooth[y, x] for x, y in at], axis=0), np.float32)


def _drawn(
    shape: tuple[int, ...], draw: Callable[[NDArray[np.uint8], NDArray[np.int32]], object], points: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Draw on a canvas four times as fine, return it at the right size, 0 to 1."""
    fine = 4
    canvas = np.zeros((shape[0] * fine, shape[1] * fine), np.uint8)
    draw(canvas, np.round((points + 0.5) * fine).astype(np.int32))
    return np.asarray(cv2.resize(canvas, (shape[1], shape[0]), interpolation=cv2.INTER_AREA), np.float32) / np.float32(
        255
    )
