"""Hears a recording as the engine does, without the recogniser: voice track and running baseline, piece by piece."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from interhuman_stream.analysis.media.stream import SAMPLE_RATE
from interhuman_stream.analysis.perception.baseline import Baseline, BaselineMemory
from interhuman_stream.analysis.perception.tracks import Span, Tracks
from interhuman_stream.analysis.perception.voice import VoiceModels, VoiceTracker, load_voice_models, speech_spans
from interhuman_stream.analysis.session import MEMORY

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
        self._end = 0.0

    def hear(self, samples: NDArray[np.floating]) -> tuple[Tracks, Baseline]:
        """Hear the next piece (mono at 16 kHz): what is to be looked at now, and what is usual by now."""
        segment = Span(self._end, self._end + len(samples) / SAMPLE_RATE)
        self._tracker.hear(samples.astype("float32"), segment.start)
        voice = self._tracker.track()
        speech = tuple(speech_spans(voice)) if voice else ()
        if voice:
            self._usual.add_voice(voice.since(segment.start))
        self._tracker.forget(segment.end - MEMORY)
        self._end = segment.end
        return Tracks(segment, None, voice, speech, ()), self._usual.baseline()
