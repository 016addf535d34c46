"""Draw the puppet: points turned in space, triangles back to front, eyes and mouth behind their openings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from tools.puppet.expression import Face, Pose
from tools.puppet.eyes import EyePainter
from tools.puppet.mesh import Portrait, build_mesh
from tools.puppet.regions import EYES

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Distance of the camera in pixels: a portrait lens rather than a webcam's, as in the photograph itself.
FOCAL = 1500.0
# Landmarks are flatter than faces: with this the measured angles follow the asked ones.
DEPTH = 1.15
SUBPIXEL = 4
MOUTH_DARK = (48.0, 20.0, 18.0)
# How far the blurred edges of the mouth reach, in pixels.
NEAR = 14


class Puppet:
    """A portrait that can be posed."""

    def __init__(self, portrait: Portrait) -> None:
        landmarks = portrait.landmarks.copy()
        landmarks[:, 2] *= DEPTH
        portrait = Portrait(portrait.image, portrait.size, portrait.margin, landmarks, portrait.outline)
        self._portrait = portrait
        self._mesh = build_mesh(portrait)
        self._centre = np.array(portrait.size) / 2
        self._pivot = self._to_space(self._mesh.pivot[None])[0]
        self._flat_face = Face(self._mesh.points[: self._mesh.head])
        self._eyes = [EyePainter(portrait, eye) for eye in EYES]
        self._irises = landmarks[[eye.iris for eye in EYES]]

    def draw(self, pose: Pose) -> NDArray[np.uint8]:
        """Return the posed portrait, H×W×3 uint8 RGB."""
        mesh = self._mesh
        moved = mesh.points.copy()
        moved[: mesh.head] = self._flat_face.move(pose)
        posed = self._turn(moved, pose)
        ids = self._paint(posed, np.ones(len(mesh.triangles), bool))
        picture = self._sample(ids, posed, mesh.sources)
        for painter, opening, iris in zip(self._eyes, mesh.eyes, self._irises, strict=True):
            self._eye(picture, opening[ids] & (ids >= 0), painter, iris, pose)
            painter.paint_lid(picture, posed[:, :2], pose.lids)
        self._mouth(picture, mesh.mouth[ids] & (ids >= 0), pose)
        return np.asarray(np.clip(picture + 0.5, 0, 255), np.uint8)

    def _to_space(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Undo the perspective: picture x and y with a depth to x, y, z in space, all in pixels."""
        away = (FOCAL + points[:, 2:] - self._mesh.pivot[2]) / FOCAL
        return np.column_stack(((points[:, :2] - self._centre) * away, points[:, 2] - self._mesh.pivot[2]))

    def _rotate(self, space: NDArray[np.float64], pose: Pose) -> NDArray[np.float64]:
        pitch, yaw, roll = np.radians([-pose.pitch, -pose.yaw, -pose.roll])
        cos, sin = np.cos, np.sin
        about_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
        about_y = np.array([[cos(yaw), 0, sin(yaw)], [0, 1, 0], [-sin(yaw), 0, cos(yaw)]])
        about_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
        turned = (space - self._pivot) @ (about_z @ about_y @ about_x).T + self._pivot
        return np.asarray(turned + np.array([pose.x, pose.y, 0.0]))

    def _project(self, space: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack((space[:, :2] * FOCAL / (FOCAL + space[:, 2:]) + self._centre, space[:, 2]))

    def _turn(self, moved: NDArray[np.float64], pose: Pose) -> NDArray[np.float64]:
        """Turn the head, and let what surrounds it follow."""
        mesh = self._mesh
        head = self._project(self._rotate(self._to_space(moved[: mesh.head]), pose))
        around = mesh.points[mesh.head :].copy()
        around[:, :2] += mesh.follow[:, None] * (head[mesh.leaders] - mesh.points[mesh.leaders])[:, :2]
        return np.concatenate((head, around))

    def _paint(self, posed: NDArray[np.float64], wanted: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Which triangle each pixel shows, -1 for none: back to front, triangles seen from behind left out."""
        corners = posed[self._mesh.triangles]
        one, two = corners[:, 1, :2] - corners[:, 0, :2], corners[:, 2, :2] - corners[:, 0, :2]
        seen = (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) > 1e-3
        order = np.argsort(-corners[..., 2].mean(1))
        width, height = self._portrait.size
        ids = np.full((height, width), -1, np.int32)
        fixed = np.round(corners[..., :2] * (1 << SUBPIXEL)).astype(np.int32)
        for index in order:
            if seen[index] and wanted[index]:
                cv2.fillConvexPoly(ids, fixed[index], int(index), cv2.LINE_8, SUBPIXEL)
        return ids

    def _sample(
        self,
        ids: NDArray[np.int32],
        posed: NDArray[np.float64],
        points: NDArray[np.float64],
        at: tuple[int, int] = (0, 0),
    ) -> NDArray[np.float32]:
        """Fetch every pixel from the portrait through the triangle it shows; ``at`` is the first's row and column."""
        corners = posed[self._mesh.triangles][..., :2]
        sources = points[self._mesh.triangles][..., :2]
        system = np.concatenate((corners, np.ones((*corners.shape[:2], 1))), -1)
        flat = np.abs(np.linalg.det(system)) < 1e-6
        system[flat] = np.eye(3)
        affine = np.linalg.solve(system, sources).astype(np.float32)  # m×3×2
        affine = np.concatenate((affine, np.eye(3, 2, dtype=np.float32)[None]))  # -1: where it always was
        rows, columns = np.mgrid[: ids.shape[0], : ids.shape[1]].astype(np.float32)
        rows, columns = rows + at[0], columns + at[1]
        picked = affine[ids]
        where = columns[..., None] * picked[..., 0, :] + rows[..., None] * picked[..., 1, :] + picked[..., 2, :]
        # The shown part lies inside a margin, in an image of its own scale.
        scale = self._portrait.image.shape[1] / (self._portrait.size[0] + 2 * self._portrait.margin)
        where = (where + self._portrait.margin + 0.5) * np.float32(scale) - np.float32(0.5)
        across, down = np.ascontiguousarray(np.moveaxis(where, -1, 0), np.float32)
        image = self._portrait.image
        sampled = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(sampled, np.float32)

    def _eye(
        self,
        picture: NDArray[np.float32],
        mask: NDArray[np.bool_],
        painter: EyePainter,
        iris: NDArray[np.float64],
        pose: Pose,
    ) -> None:
        if mask.sum() < 6:
            return
        shifted = iris + painter.shift(pose.gaze_x, pose.gaze_y)
        at = self._project(self._rotate(self._to_space(shifted[None]), pose))[0]
        painter.paint(picture, mask, at[:2], pose.yaw + pose.gaze_x)

    def _mouth(self, picture: NDArray[np.float32], mask: NDArray[np.bool_], pose: Pose) -> None:
        """Behind the lips: the portrait's upper teeth, which turn with the head only, before a dark throat."""
        if mask.sum() < 4:
            return
        # All of it happens near the opening.
        rows, columns = (slice(max(0, each.min() - NEAR), each.max() + NEAR) for each in np.nonzero(mask))
        picture, mask = picture[rows, columns], mask[rows, columns]
        still = self._turn(self._mesh.points, pose)
        ids = self._paint(still, self._mesh.mouth)[rows, columns]
        teeth = self._sample(ids, still, self._mesh.points, (rows.start, columns.start))
        there = cv2.GaussianBlur((ids >= 0).astype(np.float32), (0, 0), 1.2)[..., None]
        inside = there * teeth * 0.92 + (1 - there) * np.array(MOUTH_DARK, np.float32)
        edge = np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7), np.float32)[..., None]
        # The lips shade what is behind them.
        depth = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 3.0)[..., None]
        inside *= 0.2 + 0.8 * np.clip(1.3 * depth, 0, 1)
        picture += edge * (inside - picture)
