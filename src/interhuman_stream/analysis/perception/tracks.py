"""What was perceived over time, as plain arrays: the face, the voice, the words. Times in seconds of the session."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.face_model import BLENDSHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from interhuman_stream.findings import Word

FRAME = 256  # samples of a voice frame
FRAME_SECONDS = FRAME / SAMPLE_RATE
INDEX = {name: index for index, name in enumerate(BLENDSHAPES)}


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """The face in n pictures, about ten a second. Where no face was, the values of the face are NaN.

    Attributes:
        time: n, seconds.
        pose: n×3, degrees: pitch (chin up positive), yaw (towards the picture's right positive), roll.
        gaze: n×2, degrees against the camera: up positive, towards the picture's right positive.
        shapes: n×52, blendshape scores 0 to 1 in the order of ``face_model.BLENDSHAPES``.
        brow: n, height of the inner brows over the inner eye corners, in eye distances, as seen from the front.
        aperture: n, how far the eyes are open: height over width, the mean of both.
        light: n, mean brightness of the face, 0 to 255; of the whole picture where no face was.
        detail: n, how much fine structure the face shows for its contrast, without unit (``perception.detail``).
        shown: n, how much the least seen of eyes and mouth stands out: the spread of its brightness over the face's.
        width: n, of the face, in pixels of the analysed picture.
        vacant: n, where no face was, how little is left of who was there before, 0 to 1; NaN where that is not known.
        box: n×4, left, top, right and bottom of the face as shares of the picture as it is shown.
    """

    time: NDArray[np.float64]
    pose: NDArray[np.float64]
    gaze: NDArray[np.float64]
    shapes: NDArray[np.float64]
    brow: NDArray[np.float64]
    aperture: NDArray[np.float64]
    light: NDArray[np.float64]
    detail: NDArray[np.float64]
    shown: NDArray[np.float64]
    width: NDArray[np.float64]
    vacant: NDArray[np.float64]
    box: NDArray[np.float64]

    @property
    def present(self) -> NDArray[np.bool_]:
        """Where a face was seen, n."""
        return ~np.isnan(self.width)

    @property
    def inside(self) -> NDArray[np.float64]:
        """How much of the face lies inside the picture, n, 0 to 1: landmarks outside it are guessed."""
        left, top, right, bottom = self.box.T
        clipped = (np.clip(right, 0, 1) - np.clip(left, 0, 1)) * (np.clip(bottom, 0, 1) - np.clip(top, 0, 1))
        return np.asarray(clipped / np.maximum((right - left) * (bottom - top), 1e-9))

    def shape(self, *names: str) -> NDArray[np.float64]:
        """The mean of the named blendshapes, n."""
        if len(names) == 1:
            return self.shapes[:, INDEX[names[0]]]
        return np.asarray(self.shapes[:, [INDEX[name] for name in names]].mean(axis=1))

    def since(self, start: float) -> FaceTrack:
        """The part from ``start`` on."""
        return _part(self, slice(int(np.searchsorted(self.time, start)), None))

    def until(self, end: float) -> FaceTrack:
        """The part before ``end``."""
        return _part(self, slice(0, int(np.searchsorted(self.time, end))))


@dataclass(frozen=True, slots=True)
class VoiceTrack:
    """The voice in n frames of 16 ms.

    Attributes:
        time: n, seconds, the middle of each frame.
        speech: n, how likely it is speech, 0 to 1.
        pitch: n, fundamental frequency in semitones over 55 Hz; NaN where unvoiced.
        loudness: n, decibels below full scale.
        change: n, how much the spectrum's shape turns, 0 (held) to about 1 (another sound).
        sharpness: n, decibels by which 1 to 5 kHz exceed 50 to 1000 Hz (alpha ratio): the same however loud it is.
        clipped: n, 1 where the sound is cut off at full scale, else 0.
    """

    time: NDArray[np.float64]
    speech: NDArray[np.float64]
    pitch: NDArray[np.float64]
    loudness: NDArray[np.float64]
    change: NDArray[np.float64]
    sharpness: NDArray[np.float64]
    clipped: NDArray[np.float64]

    def since(self, start: float) -> VoiceTrack:
        """The part from ``start`` on."""
        return _part(self, slice(int(np.searchsorted(self.time, start)), None))


AnyTrack = TypeVar("AnyTrack", FaceTrack, VoiceTrack)


def _part(track: AnyTrack, keep: slice) -> AnyTrack:
    return type(track)(**{each.name: getattr(track, each.name)[keep] for each in fields(track)})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in seconds of the session."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """In seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Foreign:
    """A stretch of speech in another language than English, by its ISO 639-1 code; None where that is not clear."""

    span: Span
    language: str | None


@dataclass(frozen=True, slots=True)
class Tracks:
    """Everything that was perceived in the last seconds.

    Attributes:
        now: How far the stream has been perceived, in seconds of the session.
        face: None where there was no picture.
        voice: None where there was no sound.
        speech: Where somebody spoke.
        words: What was said.
        foreign: Where another language than English was spoken, of which no words are known.
    """

    now: float
    face: FaceTrack | None
    voice: VoiceTrack | None
    speech: tuple[Span, ...]
    words: tuple[Word, ...]
    foreign: tuple[Foreign, ...] = ()

    def since(self, start: float) -> Tracks:
        """What reaches beyond ``start``."""
        return Tracks(
            self.now,
            self.face.since(start) if self.face else None,
            self.voice.since(start) if self.voice else None,
            tuple(span for span in self.speech if span.end > start),
            tuple(word for word in self.words if word.end > start),
            tuple(each for each in self.foreign if each.span.end > start),
        )


def language(foreign: Iterable[Foreign], start: float = 0.0, end: float = math.inf) -> str | None:
    """In which language, other than English, most was said from ``start`` to ``end`` seconds; None: none is known."""
    seconds: dict[str, float] = {}
    for each in foreign:
        length = min(each.span.end, end) - max(each.span.start, start)
        if each.language and length > 0:
            seconds[each.language] = seconds.get(each.language, 0.0) + length
    return max(seconds, key=lambda name: seconds[name], default=None)


def spans(mask: NDArray[np.bool_], time: NDArray[np.float64], step: float) -> list[Span]:
    """The stretches where ``mask`` holds; each sample stands for ``step`` seconds around its time."""
    if not mask.any():
        return []
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [
        Span(float(time[begin]) - step / 2, float(time[end - 1]) + step / 2)
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def within(found: Iterable[Span], time: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of n moments lie in one of the spans, their ends included."""
    inside = np.zeros(len(time), np.bool_)
    for span in found:
        inside |= (time >= span.start) & (time <= span.end)
    return inside


def joined(found: list[Span], gap: float, shortest: float) -> list[Span]:
    """Join stretches that are less than ``gap`` apart, then leave out those shorter than ``shortest`` (seconds)."""
    out: list[Span] = []
    for span in found:
        if out and span.start - out[-1].end < gap:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return [span for span in out if span.length >= shortest]
