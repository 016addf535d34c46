"""A portrait as a mesh in three dimensions: the face's landmarks, the rest of the head, a fixed surrounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from scipy.spatial import Delaunay  # type: ignore[import-untyped]  # scipy ships no types

from tools.puppet.expression import Face, Pose
from tools.puppet.regions import (
    EYES,
    INNER_LIPS,
    LEFT_EAR,
    LEFT_JAW,
    LOWER_INNER,
    LOWER_MIDDLE,
    MESH_POINTS,
    OVAL,
    RIGHT_EAR,
    RIGHT_JAW,
    UPPER_INNER,
    UPPER_MIDDLE,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Rings between the face's edge and the head's outline, as shares of the way.
HEAD_RINGS = (0.3, 0.6, 0.85, 1.0)
# Rings outside the head: how far out (1 is the outline), and how much of the outline's movement they follow.
LOOSE_RINGS = ((1.06, 0.9), (1.2, 0.6), (1.4, 0.3), (1.6, 0.1))
FIXED_GRID = 80
# Behind the face's edge the head falls away at most this steeply (depth gained for each pixel outwards).
STEEPNESS = 0.9
# The sides of the face, which a portrait from the front hardly shows: deeper than this share of the ears' depth, the
# mesh is made flatter, so that a turned head stretches its hair rather than its cheek.
SIDES, FLATTER = 0.25, 0.45
# How far into the red of the lips their inner edge takes its colour from: the teeth shine through nearer.
LIP_INSET = 0.5
PARTED = Pose(smile=1.0, jaw=0.8)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture of a head to be moved.

    Attributes:
        image: H×W×3 uint8 RGB, larger than what is shown by ``margin`` on every side.
        size: Width and height of what is shown, in pixels.
        margin: In pixels.
        landmarks: 478×3, in pixels of what is shown; z in the same unit, nearer is smaller.
        outline: k×2, the head with its hair, in pixels of what is shown.
    """

    image: NDArray[np.uint8]
    size: tuple[int, int]
    margin: int
    landmarks: NDArray[np.float64]
    outline: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mesh:
    """The portrait in triangles.

    Attributes:
        points: n×3 in pixels, the portrait itself: the landmarks, the rest of the head, its surrounding.
        sources: n×2, where in the portrait each point takes its colour from.
        head: How many points are the head's.
        leaders: Of each point after the head: which head point it follows.
        follow: Of each point after the head: how much, 0 to 1.
        triangles: m×3 indices, all turning the same way in the portrait.
        eyes: For each eye, which triangles are its opening (m booleans).
        mouth: Which triangles lie between the lips (m booleans).
        pivot: The point that the head turns about.
    """

    points: NDArray[np.float64]
    sources: NDArray[np.float64]
    head: int
    leaders: NDArray[np.int64]
    follow: NDArray[np.float64]
    triangles: NDArray[np.int32]
    eyes: tuple[NDArray[np.bool_], ...]
    mouth: NDArray[np.bool_]
    pivot: NDArray[np.float64]


def build_mesh(portrait: Portrait) -> Mesh:
    """Make the mesh of a portrait."""
    face = portrait.landmarks[:MESH_POINTS].copy()
    ears = face[[RIGHT_EAR, LEFT_EAR]].mean(0)
    jaw = face[[RIGHT_JAW, LEFT_JAW]].mean(0)
    # The head turns about the top of the spine: between the ears, a little below them.
    pivot = np.array([ears[0], (ears[1] + jaw[1]) / 2, ears[2]])
    side = SIDES * pivot[2]
    face[:, 2] = np.where(face[:, 2] > side, side + FLATTER * (face[:, 2] - side), face[:, 2])
    oval = face[list(OVAL)]
    centre = oval[:, :2].mean(0)
    outline = np.array([_edge(portrait.outline, centre, point[:2]) for point in oval])

    breadth = np.linalg.norm(outline - oval[:, :2], axis=1)
    fall = np.minimum(pivot[2] - oval[:, 2], STEEPNESS * breadth)

    head = [face]
    for share in HEAD_RINGS:
        flat = oval[:, :2] + share * (outline - oval[:, :2])
        # A ball's profile: the surface falls away ever faster towards the outline.
        deep = oval[:, 2] + (1 - np.sqrt(1 - share**2)) * fall
        head.append(np.column_stack((flat, deep)))
    head_points = np.concatenate(head)
    first_of_outline = len(head_points) - len(OVAL)

    loose, leaders, follow = [], [], []
    for reach, share in LOOSE_RINGS:
        flat = centre + reach * (outline - centre)
        loose.append(np.column_stack((flat, np.full(len(OVAL), pivot[2]))))
        leaders.append(np.arange(len(OVAL)) + first_of_outline)
        follow.append(np.full(len(OVAL), share))
    fixed = _fixed(portrait, (centre + 1.75 * (outline - centre)).astype(np.float32))
    loose.append(np.column_stack((fixed, np.full(len(fixed), pivot[2]))))
    leaders.append(np.zeros(len(fixed), np.int64))
    follow.append(np.zeros(len(fixed)))

    points = np.concatenate((head_points, *loose))
    # The triangles are cut with the mouth open, so that none of them reaches across from lip to lip.
    shift = Face(head_points).move(PARTED)[:, :2] - head_points[:, :2]
    shift = np.concatenate((shift, np.concatenate(follow)[:, None] * shift[np.concatenate(leaders)]))
    parted = points[:, :2] + shift
    triangles = Delaunay(parted).simplices.astype(np.int32)
    return Mesh(
        points=points,
        sources=_sources(points),
        head=len(head_points),
        leaders=np.concatenate(leaders),
        follow=np.concatenate(follow),
        triangles=triangles,
        eyes=tuple(_inside(parted, triangles, eye.outline) for eye in EYES),
        mouth=_inside(parted, triangles, INNER_LIPS),
        pivot=pivot,
    )


def _edge(
    outline: NDArray[np.float64], centre: NDArray[np.float64], through: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where the ray from ``centre`` through a point of the face's edge leaves the head, at least just outside it."""
    ray = through - centre
    furthest = 1.04
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        side = end - start
        cross = ray[0] * side[1] - ray[1] * side[0]
        if abs(cross) < 1e-9:
            continue
        gap = start - centre
        along = (gap[0] * side[1] - gap[1] * side[0]) / cross
        across = (gap[0] * ray[1] - gap[1] * ray[0]) / cross
        if 0 <= across <= 1:
            furthest = max(furthest, along)
    return np.asarray(centre + furthest * ray)


def _fixed(portrait: Portrait, around: NDArray[np.float32]) -> NDArray[np.float64]:
    """Points of a grid over the whole image, margin included, that keep clear of the head."""
    width, height = portrait.size
    margin = portrait.margin
    columns = np.linspace(-margin, width + margin, (width + 2 * margin) // FIXED_GRID + 1)
    rows = np.linspace(-margin, height + margin, (height + 2 * margin) // FIXED_GRID + 1)
    border = {float(columns[0]), float(columns[-1])}, {float(rows[0]), float(rows[-1])}
    return np.array(
        [
            (x, y)
            for x in columns
            for y in rows
            if x in border[0] or y in border[1] or cv2.pointPolygonTest(around, (float(x), float(y)), False) < 0
        ]
    )


def _inside(points: NDArray[np.float64], triangles: NDArray[np.int32], outline: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which triangles have all corners on an outline and lie inside it."""
    polygon = points[list(outline)].astype(np.float32)
    found: NDArray[np.bool_] = np.asarray(np.isin(triangles, outline).all(1))
    for index in np.flatnonzero(found):
        middle = points[triangles[index]].mean(0)
        found[index] = cv2.pointPolygonTest(polygon, (float(middle[0]), float(middle[1])), False) >= 0
    return found


def _sources(points: NDArray[np.float64]) -> NDArray[np.float64]:
    sources = points[:, :2].copy()
    for inner, middle in ((UPPER_INNER, UPPER_MIDDLE[0]), (LOWER_INNER, LOWER_MIDDLE[0])):
        sources[list(inner)] += LIP_INSET * (points[list(middle), :2] - points[list(inner), :2])
    return sources
