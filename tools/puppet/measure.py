"""What the engine's own eyes see of a performance, against what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.media.stream import MediaStream, Picture
from interhuman_stream.analysis.perception.face import FaceTracker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.face_model import FaceLandmarker
    from interhuman_stream.analysis.perception.tracks import FaceTrack
    from tools.puppet.performance import Event


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of event is measured.

    Attributes:
        unit: Of the asked and the measured number; a blendshape where it is one.
        value: The track that it moves.
        moving: Whether the track's range over the event counts, else its median's distance from rest.
    """

    unit: str
    value: Callable[[FaceTrack], NDArray[np.float64]]
    moving: bool = False


KINDS = {
    "nod": Kind("° pitch", lambda face: face.pose[:, 0], moving=True),
    "shake": Kind("° yaw", lambda face: face.pose[:, 1], moving=True),
    "look_away": Kind("° yaw", lambda face: face.pose[:, 1]),
    "tilt": Kind("° roll", lambda face: face.pose[:, 2]),
    "gaze_aside": Kind("° gaze", lambda face: face.gaze[:, 1]),
    "frown": Kind("browDown", lambda face: face.shape("browDownLeft", "browDownRight")),
    "brow_raise": Kind("browInnerUp", lambda face: face.shape("browInnerUp")),
    "smile": Kind("mouthSmile", lambda face: face.shape("mouthSmileLeft", "mouthSmileRight")),
    "blink": Kind("eyeBlink", lambda face: face.shape("eyeBlinkLeft", "eyeBlinkRight"), moving=True),
    "eyes_closed": Kind("eyeBlink", lambda face: face.shape("eyeBlinkLeft", "eyeBlinkRight")),
    "speech": Kind("jawOpen", lambda face: face.shape("jawOpen"), moving=True),
    "filled_pause": Kind("jawOpen", lambda face: face.shape("jawOpen"), moving=True),
}


def watch(path: Path, landmarker: FaceLandmarker) -> FaceTrack | None:
    """Decode a file and follow the face in it, as the engine does; None where there is no picture."""
    stream, tracker = MediaStream(), FaceTracker(landmarker)
    for item in stream.feed(path.read_bytes()):
        if isinstance(item, Picture):
            tracker.observe(item)
    stream.close()
    return tracker.track()


def table(events: list[Event], face: FaceTrack) -> str:
    """One line an event: when, what, how far it was asked to go, how far it was seen to go."""
    idle = np.ones(len(face.time), bool)
    for event in events:
        idle &= (face.time < event.start) | (face.time > event.end)
    lines = [f"{'seconds':>13}  {'what':12} {'asked':>6} {'seen':>6}  unit"]
    for event in events:
        kind = KINDS[event.what]
        values = kind.value(face)
        inside = values[(face.time >= event.start) & (face.time <= event.end)]
        seen = np.ptp(inside) if kind.moving else np.median(inside) - np.median(values[idle])
        asked = "" if np.isnan(event.asked) else f"{event.asked:.1f}"
        lines.append(f"{event.start:6.2f}-{event.end:6.2f}  {event.what:12} {asked:>6} {seen:6.2f}  {kind.unit}")
    return "\n".join(lines)
