"""What there was to go by in a stretch, and why something of it could not be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.conditions import (
    BLURRED,
    BRIGHT,
    CLEAR,
    CUT,
    DARK,
    FEATURES_FINE,
    FEATURES_LOST,
    HIDDEN,
    LEAST_QUALITY,
    NOISY,
    SHARP,
    SHOWN,
    TOO_BRIGHT,
    TOO_DARK,
    WHOLE,
    clearness,
)
from interhuman_stream.analysis.cues.frozen import frozen
from interhuman_stream.analysis.cues.head import ABSENCE
from interhuman_stream.analysis.cues.lasting import SAMPLE
from interhuman_stream.analysis.cues.mouth import MOST_YAW
from interhuman_stream.analysis.cues.speaking import NOT_OWN, NOT_SEEN, SPEAKS, Whose
from interhuman_stream.analysis.perception.tracks import Span, joined, language, spans, within
from interhuman_stream.findings import Limit, Limited, Look, Perceived

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.cues.speaking import Voices
    from interhuman_stream.analysis.perception.tracks import FaceTrack, Tracks
    from interhuman_stream.findings import Cue

GAP: Final = 1.0
"""Seconds; a limit that is away for less is one limit."""
SHORTEST: Final = 0.8
"""Seconds; what is over sooner is not worth a word."""


def _limit(lost: float, fine: float) -> float:
    """Where, between what is lost and what is fine, a cue begins to be left out."""
    return lost + LEAST_QUALITY * (fine - lost)


LEAST_LIGHT: Final = _limit(TOO_DARK, DARK)
MOST_LIGHT: Final = _limit(TOO_BRIGHT, BRIGHT)
LEAST_WIDTH: Final = _limit(FEATURES_LOST, FEATURES_FINE)
LEAST_DETAIL: Final = _limit(BLURRED, SHARP)
LEAST_SHOWN: Final = _limit(HIDDEN, SHOWN)
LEAST_INSIDE: Final = _limit(CUT, WHOLE)
LEAST_CLEAR: Final = _limit(NOISY, CLEAR)


def perceived(
    tracks: Tracks, voices: Voices | None, cues: Sequence[Cue], span: Span, heard: float | None = None
) -> Perceived:
    """Say what there was to go by from ``span.start`` to ``span.end``.

    Args:
        tracks: What was perceived.
        voices: Whose voice it was; None where no picture could tell.
        cues: What was found.
        span: The stretch, in seconds of the session.
        heard: From where words and their language count: they are understood seconds late. The stretch's start if None.
    """
    heard = span.start if heard is None else heard
    face = tracks.face.since(span.start).until(span.end) if tracks.face else None
    away = [Span(cue.start, cue.end) for cue in cues if cue.name == ABSENCE.name]
    limits = [*_of_the_picture(tracks.face, away, span), *_of_the_sound(tracks, voices, span)]
    mine = [word for word in tracks.words if heard <= word.start < span.end]
    if voices is not None:
        mine = [word for word in mine if not NOT_OWN[voices.within(word.start, word.end)].any()]
    return Perceived(
        face=_covered(spans(face.present, face.time, SAMPLE), span) if face and len(face.time) else 0.0,
        speaking=_covered((Span(cue.start, cue.end) for cue in cues if cue.name == SPEAKS.name), span),
        voice=_covered(tracks.speech, span),
        words=len(mine),
        language=language(tracks.foreign, heard, span.end),
        limits=tuple(sorted(limits, key=lambda each: (each.start, each.why))),
        look=_look(face),
    )


def added(parts: Sequence[Perceived]) -> Perceived:
    """What there was to go by in consecutive stretches."""
    limits: list[Limited] = []
    for why in Limit:
        there = [Span(each.start, each.end) for part in parts for each in part.limits if each.why is why]
        limits += [Limited(why, each.start, each.end) for each in joined(there, GAP, 0.0)]
    return Perceived(
        face=sum(part.face for part in parts),
        speaking=sum(part.speaking for part in parts),
        voice=sum(part.voice for part in parts),
        words=sum(part.words for part in parts),
        language=next((part.language for part in reversed(parts) if part.language), None),
        limits=tuple(sorted(limits, key=lambda each: (each.start, each.why))),
        look=parts[-1].look if parts else None,
    )


def _look(face: FaceTrack | None) -> Look | None:
    """The face in the last picture."""
    if face is None or not len(face.time) or not face.present[-1]:
        return None
    left, top, right, bottom = face.box[-1].tolist()
    pitch, yaw, roll = face.pose[-1].tolist()
    up, aside = face.gaze[-1].tolist()
    return Look((left, top, right, bottom), (pitch, yaw, roll), (up, aside))


def _of_the_picture(known: FaceTrack | None, away: Sequence[Span], span: Span) -> Iterator[Limited]:
    face = known.since(span.start).until(span.end) if known else None
    if known is None or face is None or not len(face.time):
        # Sound ends a moment later than the picture in many files.
        if known is None or not len(known.time) or span.end - known.time[-1] >= SHORTEST:
            yield Limited(Limit.NO_PICTURE, span.start, span.end)
        return
    seen = face.present
    dark, bright = face.light < LEAST_LIGHT, face.light > MOST_LIGHT
    small, turned = face.width < LEAST_WIDTH, np.abs(face.pose[:, 1]) > MOST_YAW
    empty = within(away, face.time)
    # Of several the first says most.
    why = {
        Limit.DARK: dark,
        Limit.NOBODY: ~seen & empty,
        Limit.COVERED: (~seen & ~np.isnan(face.vacant)) | (face.inside < LEAST_INSIDE) | (face.shown < LEAST_SHOWN),
        Limit.NO_FACE: ~seen,
        Limit.FROZEN: within(frozen(known), face.time),
        Limit.BRIGHT: bright,
        Limit.SMALL: small,
        Limit.BLURRED: face.detail < LEAST_DETAIL,
        Limit.TURNED: turned,
    }
    rest = np.ones(len(face.time), np.bool_)
    for limit, holds in why.items():
        yield from _lasting(limit, rest & holds, face.time, span)
        rest &= ~holds


def _of_the_sound(tracks: Tracks, voices: Voices | None, span: Span) -> Iterator[Limited]:
    if tracks.voice is None:
        yield Limited(Limit.NO_SOUND, span.start, span.end)
        return
    if _covered(tracks.speech, span) >= SHORTEST and clearness(tracks.voice, span.start, span.end) < LEAST_QUALITY:
        yield Limited(Limit.NOISY, span.start, span.end)
    for each in joined([each.span for each in tracks.foreign], GAP, SHORTEST):
        if each.end > span.start and each.start < span.end:
            yield Limited(Limit.FOREIGN_WORDS, max(each.start, span.start), min(each.end, span.end))
    if voices is None:
        return
    inside = (voices.time >= span.start) & (voices.time < span.end)
    time, whose = voices.time[inside], voices.whose[inside]
    yield from _lasting(Limit.ANOTHERS_VOICE, NOT_OWN[whose] | (whose == Whose.DOUBTFUL), time, span)
    yield from _lasting(Limit.MOUTH_UNSEEN, NOT_SEEN[whose], time, span)


def _lasting(why: Limit, holds: NDArray[np.bool_], time: NDArray[np.float64], span: Span) -> Iterator[Limited]:
    for each in joined(spans(holds, time, SAMPLE), GAP, min(SHORTEST, span.length / 2)):
        yield Limited(why, max(each.start, span.start), min(each.end, span.end))


def _covered(found: Iterable[Span], span: Span) -> float:
    """Seconds of the stretch that the spans cover."""
    inside = [Span(max(each.start, span.start), min(each.end, span.end)) for each in found]
    return sum(each.length for each in joined([each for each in inside if each.length > 0], 0.0, 0.0))
