"""Tries the models on something made for the purpose: whether this machine can analyse at all, and how fast."""

from __future__ import annotations

import io
import math
import statistics
import time
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from interhuman_stream.analysis.perception.face_model import Region
from interhuman_stream.analysis.perception.tracks import Span
from interhuman_stream.analysis.perception.words import recognise
from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.faults import SelfTestError

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception.models import Models

SIDE: Final = 160
SECONDS: Final = 1
PICTURES: Final = 10
RATE: Final = 48_000
TIMED: Final = 9
COST_IN_LANDMARKS: Final = 27
"""A second of somebody who talks costs as much as fitting the landmarks to so many pictures: 24 to 30 were measured on
eight clips, in CPU time. `bench segment` prints both costs."""


def check(models: Models) -> None:
    """Have each model work once: on a second of a moving gradient and a tone, decoded from WebM, and directly.

    Raises:
        SelfTestError: One does not give what it should; the message says which.
    """
    with AnalysisSession(models) as session:
        found = session.feed(_clip())
    if not (found.has_video and found.has_audio and found.end > SECONDS / 2) or found.signals:
        raise SelfTestError("the self-test's clip is not decoded as it should be; is PyAV of this project's version?")
    picture = _pictures()[0]
    face = models.face.landmarks(picture, Region(SIDE / 2, SIDE / 2, SIDE, 0.0))
    if face is not None and not np.isfinite(models.face.blendshapes(face)).all():
        raise SelfTestError("the face model gives no numbers; is ai-edge-litert of this project's version?")
    tone = np.sin(np.arange(16_000) * (2 * math.pi * 220 / 16_000)).astype(np.float32)
    recognise(models.words, tone, 0.0, [Span(0.0, 1.0)])


def expected_cost(models: Models) -> float:
    """Seconds of a core that a second of video will about take, as fast as this machine is now.

    Measured in CPU time: while workers start beside each other, the clock counts what the others take as well.
    """
    picture, everywhere = _pictures()[0], Region(SIDE / 2, SIDE / 2, SIDE, 0.0)

    def fit() -> float:
        began = time.process_time()
        models.face.landmarks(picture, everywhere)
        return time.process_time() - began

    return COST_IN_LANDMARKS * statistics.median(fit() for _ in range(TIMED))


def _pictures() -> list[np.typing.NDArray[np.uint8]]:
    ramp = np.linspace(0, 255, SIDE, dtype=np.uint8)
    still = np.stack([np.tile(ramp, (SIDE, 1))] * 3, axis=2)
    return [np.ascontiguousarray(np.roll(still, 8 * shift, axis=1)) for shift in range(PICTURES)]


def _clip() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as container:
        video = container.add_stream("libvpx", rate=PICTURES)
        video.width = video.height = SIDE
        video.pix_fmt = "yuv420p"
        sound = container.add_stream("libopus", rate=RATE)
        for picture in _pictures():
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode())
        tone = (8000 * np.sin(np.arange(RATE * SECONDS) * (2 * math.pi * 220 / RATE))).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
        frame.rate = RATE
        container.mux(sound.encode(frame))
        container.mux(sound.encode())
    return file.getvalue()
