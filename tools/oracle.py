"""Compare the engine's face perception with MediaPipe's own, picture by picture, on the same model file.

The engine runs the models of `face_landmarker.task` by itself. This holds it to what MediaPipe's face landmarker makes
of the same pictures, each taken by itself: landmarks, blendshapes, head angles.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.media.stream import MediaStream, Picture
from interhuman_stream.analysis.model_files import FACE_LANDMARKER, locate
from interhuman_stream.analysis.perception.face_model import LEFT_EYE_CORNER, RIGHT_EYE_CORNER, Face, FaceLandmarker
from interhuman_stream.analysis.perception.head_pose import head_pose
from interhuman_stream.faults import MalformedSegment, ModelMissing
from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

PICTURES_PER_CLIP = 12
# At most so far apart: pixels, blendshape scores, degrees.
LIMITS = {"landmarks": 1.0, "blendshapes": 0.02, "angles": 1.0}
# Two faces are the same one if their landmarks are nearer than this share of the distance of the eyes.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One clip: pictures in which both saw a face, how far apart they were at most, and on average.

    Attributes:
        clip: Its name.
        pictures: How many were looked at.
        both: In how many both saw the face.
        ours: In how many only the engine did; it looks a second time, closer.
        theirs: In how many only MediaPipe did.
        largest: By the names of ``LIMITS``.
        mean: By the names of ``LIMITS``.
    """

    clip: str
    pictures: int
    both: int
    ours: int
    theirs: int
    largest: dict[str, float]
    mean: dict[str, float]

    @property
    def within(self) -> bool:
        """Whether nothing is further apart than ``LIMITS``, and no face was missed."""
        return self.theirs == 0 and all(self.largest[name] <= limit for name, limit in LIMITS.items() if self.both)


def compare(clips: Iterable[Path], python: Path, landmarker: FaceLandmarker, task: Path) -> list[Row]:
    """Compare on every clip that has pictures.

    Args:
        clips: Files of any kind; those without pictures are passed over.
        python: The interpreter that has MediaPipe.
        landmarker: The engine's.
        task: The model file that both use.
    """
    pictures = {clip: chosen for clip in clips if (chosen := _pictures(clip))}
    with tempfile.TemporaryDirectory() as folder:
        images, found = Path(folder) / "images.npz", Path(folder) / "found.npz"
        named = {f"{clip.name}:{n}": each for clip, some in pictures.items() for n, each in enumerate(some)}
        np.savez(images, allow_pickle=False, **named)
        script = Path(__file__).with_name("oracle_reference.py")
        ran = subprocess.run([python, script, images, task, found], capture_output=True, text=True, check=False)
        if ran.returncode:
            sys.exit(f"MediaPipe failed:\n{ran.stderr}")
        with np.load(found) as theirs:
            return [_row(clip.name, some, theirs, landmarker) for clip, some in pictures.items()]


def _pictures(clip: Path) -> list[NDArray[np.uint8]]:
    """Up to ``PICTURES_PER_CLIP``, evenly over the clip."""
    stream = MediaStream()
    try:
        seen = [item.image for item in stream.feed(clip.read_bytes()) if isinstance(item, Picture)]
    except MalformedSegment:
        return []
    finally:
        stream.close()
    at = np.linspace(0, len(seen) - 1, min(PICTURES_PER_CLIP, len(seen))).round().astype(int)
    return [np.ascontiguousarray(seen[index]) for index in at]


def _row(name: str, pictures: list[NDArray[np.uint8]], theirs: np.lib.npyio.NpzFile, landmarker: FaceLandmarker) -> Row:
    apart: dict[str, list[float]] = {name: [] for name in LIMITS}
    both = ours = missed = 0
    for number, image in enumerate(pictures):
        key = f"{name}:{number}"
        faces = [face for region in landmarker.detect(image) if (face := landmarker.landmarks(image, region))]
        others = theirs[f"{key}/landmarks"]
        pairs = [(face, index) for face in faces if (index := _same(face, others)) is not None]
        both += bool(pairs)
        ours += bool(faces) and not pairs
        missed += bool(len(others)) and not pairs
        for face, index in pairs:
            matrix = theirs[f"{key}/poses"][index]
            apart["landmarks"].append(float(np.linalg.norm(face.landmarks[:, :2] - others[index], axis=1).max()))
            shapes = landmarker.blendshapes(face) - theirs[f"{key}/blendshapes"][index]
            apart["blendshapes"].append(float(np.abs(shapes).max()))
            pose = head_pose(face.columns, image.shape[1], image.shape[0], landmarker.geometry)
            angles = np.array([pose.pitch, pose.yaw, pose.roll]) - _angles(matrix[:3, :3])
            apart["angles"].append(float(np.abs(angles).max()))
    largest = {name: max(values, default=math.nan) for name, values in apart.items()}
    mean = {name: float(np.mean(values)) if values else math.nan for name, values in apart.items()}
    return Row(name, len(pictures), both, ours, missed, largest, mean)


def _same(face: Face, others: NDArray[np.float64]) -> int | None:
    if len(others) == 0:
        return None
    eyes = float(np.linalg.norm((face.landmarks[LEFT_EYE_CORNER] - face.landmarks[RIGHT_EYE_CORNER])[:2]))
    gaps = np.linalg.norm(others - face.landmarks[:, :2], axis=2).mean(1)
    nearest = int(np.argmin(gaps))
    return nearest if gaps[nearest] < SAME * eyes else None


def _angles(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pitch, yaw and roll in degrees, as ``HeadPose`` has them, of a rotation with a scale."""
    rotation = matrix / np.cbrt(np.linalg.det(matrix))
    return np.degrees(
        [
            -math.atan2(rotation[2, 1], rotation[2, 2]),
            math.asin(float(np.clip(-rotation[2, 0], -1, 1))),
            math.atan2(rotation[1, 0], rotation[0, 0]),
        ]
    )


def table(rows: list[Row]) -> str:
    """One line a clip: pictures with a face, then the largest and the mean difference of each kind."""
    lines = [f"{'clip':30} {'both saw':>10}  {'landmarks, px':>15}  {'blendshapes':>15}  {'angles, °':>15}"]
    for row in rows:
        numbers = "  ".join(
            f"{row.largest[name]:7.3f} ({row.mean[name]:.3f})" if row.both else f"{'–':>15}" for name in LIMITS
        )
        others = f"  only the engine: {row.ours}" * bool(row.ours) + f"  only MediaPipe: {row.theirs}" * bool(
            row.theirs
        )
        lines.append(f"{row.clip:30} {row.both:4} of {row.pictures:2}  {numbers}{others}")
    limits = "  ".join(f"{limit:7.3f} {'':7}" for limit in LIMITS.values())
    lines.append(f"{'at most':30} {'':10}  {limits}".rstrip())
    return "\n".join(lines)


def main() -> None:
    """Print the table; end with 1 where a clip is outside the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", type=Path, default=[CLIP], help="video files")
    parser.add_argument(
        "--python", type=Path, required=True, help="an interpreter with what requirements/oracle.in says"
    )
    parser.add_argument("--models", type=Path, help="folder of the model files")
    options = parser.parse_args()
    task = locate(FACE_LANDMARKER, options.models)
    rows = compare(options.clips, options.python, FaceLandmarker(task), task)
    print("largest difference in any picture (mean over pictures of each one's largest)")
    print(table(rows))
    outside = [row.clip for row in rows if not row.within]
    if outside or not any(row.both for row in rows):
        sys.exit(f"outside the limits: {', '.join(outside) or 'no face in any clip'}")


if __name__ == "__main__":
    try:
        main()
    except ModelMissing as error:
        sys.exit(str(error))
