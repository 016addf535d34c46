"""Hears a recording as the engine does, without the recogniser: voice track and running baseline, piece by piece."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from interhuman_stream.analysis.judge import LOOK_BACK
from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.baseline import Baseline, BaselineMemory
from interhuman_stream.analysis.perception.tracks import FRAME_SECONDS, Span, Tracks
from interhuman_stream.analysis.perception.voice import VoiceModels, VoiceTracker, load_voice_models

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@cache
def _models() -> VoiceModels:
    return load_voice_models()


class Listener:
    """One person's voice, heard piece after piece."""

    def __init__(self) -> None:
        self._tracker, self._usual = VoiceTracker(_models()), BaselineMemory()
        self._end = self._known = 0.0

    def hear(self, samples: NDArray[np.floating]) -> tuple[Tracks, Baseline]:
        """Hear the next piece (mono at 16 kHz): what is to be looked at now, and what is usual by now."""
        segment = Span(self._end, self._end + len(samples) / SAMPLE_RATE)
        self._tracker.hear(samples.astype("float32"), segment.start)
        self._tracker.measure()
        voice, speech = self._tracker.track(), tuple(self._tracker.speech())
        if voice:
            self._usual.add_voice(voice.since(self._known))
            self._known = float(voice.time[-1]) + FRAME_SECONDS / 2
        self._tracker.forget(segment.end - LOOK_BACK)
        self._end = segment.end
        return Tracks(segment.end, None, voice, speech, ()), self._usual.baseline()
