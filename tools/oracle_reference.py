"""What MediaPipe's own face landmarker finds in pictures; runs in an environment of its own (requirements/oracle.in).

Takes a file of pictures, the model file, and the file to write: landmarks, blendshapes and pose of every face.
"""

from __future__ import annotations

import sys
from pathlib import Path

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions

MOST_FACES = 4


def main(pictures: Path, task: Path, out: Path) -> None:
    """Write ``out``, an npz: for picture ``n`` the arrays ``n/landmarks``, ``n/blendshapes``, ``n/poses``."""
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=task.read_bytes()),
        num_faces=MOST_FACES,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    found: dict[str, np.ndarray] = {}
    with FaceLandmarker.create_from_options(options) as landmarker, np.load(pictures) as images:
        for name in images.files:
            image = images[name]
            height, width = image.shape[:2]
            result = landmarker.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image))
            found[f"{name}/landmarks"] = np.array(
                [[(each.x * width, each.y * height) for each in face] for face in result.face_landmarks]
            )
            found[f"{name}/blendshapes"] = np.array([[each.score for each in face] for face in result.face_blendshapes])
            found[f"{name}/poses"] = np.array(result.facial_transformation_matrixes)
    np.savez(out, allow_pickle=False, **found)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
