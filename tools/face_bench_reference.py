"""What MediaPipe's own face landmarker spends on pictures; runs in an environment of its own (requirements/oracle.in).

Takes a file of pictures and the model file; says "ready", then answers each number on stdin with the milliseconds of
processor time, over all its threads, that the picture took.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode


def main(pictures: Path, task: Path) -> None:
    """Answer until stdin ends."""
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=task.read_bytes()),
        running_mode=RunningMode.VIDEO,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    with np.load(pictures) as images:
        shown = {name: images[name] for name in images.files}
    print("ready", flush=True)
    with FaceLandmarker.create_from_options(options) as landmarker:
        for line in sys.stdin:
            image = shown[line.strip()]
            begin = time.process_time()
            landmarker.detect_for_video(
                mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image), int(line) * 100
            )
            print((time.process_time() - begin) * 1e3, flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
