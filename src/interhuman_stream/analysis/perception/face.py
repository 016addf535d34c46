"""One person's face over time: found, held from picture to picture, measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from interhuman_stream.analysis.perception.face_measures import brightness, measure
from interhuman_stream.analysis.perception.face_table import FaceSample, FaceTable
from interhuman_stream.analysis.perception.place import vacancy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from interhuman_stream.analysis.media.stream import Picture
    from interhuman_stream.analysis.perception.face_model import Face, FaceLandmarker, Region
    from interhuman_stream.analysis.perception.tracks import FaceTrack

# Below this width the landmarks were measured to jump about: the face is as good as lost.
LEAST_WIDTH = 36.0
# To be taken for a face in the first place; to be followed, the model's own threshold is enough. On a clip without a
# face one picture of 39 reached 0.76; real faces were at 0.99 and more.
SURE_PRESENCE = 0.9
HOLD = 3.0
MOST_GROWTH = 2.0


class FaceTracker:
    """Follows one face, the subject's, and ignores others; the detector runs only when there is none to follow.

    The subject is the largest, most central face. When it is lost, only a face near where it was is taken for it for
    three seconds; after that, whoever is most prominent is the subject.
    """

    def __init__(self, landmarker: FaceLandmarker) -> None:
        self._landmarker = landmarker
        self._region: Region | None = None  # of the subject, where it was seen last
        self._seen: NDArray[np.uint8] | None = None  # the picture in which that was
        self._lost_at: float | None = None
        self._table = FaceTable()

    def observe(self, picture: Picture) -> None:
        """Measure the face in the next picture, or note that there is none."""
        face = self._find(picture)
        if face:
            self._region, self._seen, self._lost_at = face.region, picture.image, None
        self._table.append(measure(picture, face, self._landmarker) if face else self._without(picture))

    def track(self) -> FaceTrack | None:
        """Everything since the last ``forget``, in order of time; None before the first picture.

        It costs next to nothing: the arrays are views, and stay as they are whatever is seen or forgotten later.
        """
        return self._table.track()

    def forget(self, before: float) -> None:
        """Drop what was seen earlier than ``before`` seconds."""
        self._table.forget(before)

    def _without(self, picture: Picture) -> FaceSample:
        """What a picture without a face says: how bright it is, and whether the subject's place is empty."""
        vacant = math.nan
        if self._region and self._seen is not None:
            vacant = vacancy(self._seen, self._region, picture.image)
        return FaceSample(picture.time, light=brightness(picture.image), vacant=vacant)

    def _find(self, picture: Picture) -> Face | None:
        """The subject's face: where it was, near there for a while after it was lost, else the most prominent one."""
        image = picture.image
        if self._region and self._lost_at is None:
            face = self._landmarker.landmarks(image, self._region)
            if face and face.width >= LEAST_WIDTH:
                return face
            self._lost_at = picture.time
        found = self._landmarker.detect(image)
        if self._region and self._lost_at is not None and picture.time - self._lost_at < HOLD:
            found = [region for region in found if _near(region, self._region)]
        for region in sorted(found, key=lambda region: -_prominence(region, image)):
            face = self._landmarker.landmarks(image, region)
            if face and face.width >= LEAST_WIDTH and face.presence > SURE_PRESENCE:
                return face
        return None


def _near(region: Region, before: Region) -> bool:
    """Whether a face may be the one that was lost: about as large, no further off than it is large."""
    distance = math.hypot(region.x - before.x, region.y - before.y)
    return distance < before.side and MOST_GROWTH > region.side / before.side > 1 / MOST_GROWTH


def _prominence(region: Region, image: NDArray[np.uint8]) -> float:
    """How much a face is the picture's subject: its size, up to half less towards the corners."""
    height, width = image.shape[:2]
    off = math.hypot(region.x - width / 2, region.y - height / 2) / math.hypot(width / 2, height / 2)
    return region.side * (1 - off / 2)
