"""What was said so far: when it is time to recognise speech, and which words stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.perception.second_hearing import SecondHearing
from interhuman_stream.analysis.perception.sound import Waveform
from interhuman_stream.analysis.perception.tracks import Span
from interhuman_stream.analysis.perception.words import recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from interhuman_stream.analysis.perception.tracks import Foreign
    from interhuman_stream.analysis.perception.whisper import Recogniser
    from interhuman_stream.findings import Word

# Speech that was cut is heard again from its last pause, at most so far, so that no word is cut in two.
MEMORY: Final = 3.0
# A silence this long ends an utterance: recognised then, its words are whole.
UTTERANCE_END: Final = 0.35
# Speech that goes on is recognised after so many seconds, sooner by as much as an answer covers: one for five seconds
# is worth a recognition of its own, twenty for a quarter of a second each are not.
PATIENCE: Final = 4.0
LEAST_NEW: Final = 1.0
# Where nobody asks, speech waits no longer than this: what waits is kept in memory.
LONGEST_WAIT: Final = 8.0
ONSET: Final = 0.5
# How exactly the end of speech and of what was recognised agree, in seconds.
EDGE: Final = 0.05


class Transcript:
    """Recognises one stream's speech, every part of it once, in its own time.

    Attributes:
        words: What was said, in order, since the last ``forget``.
        foreign: Where it was said in another language than English, since then.

    Args:
        recogniser: Hears everything.
        larger: Gives the model that is asked where the first is not sure; None where there is none.
    """

    def __init__(self, recogniser: Recogniser, larger: Callable[[], Recogniser] | None = None) -> None:
        self.words: list[Word] = []
        self.foreign: list[Foreign] = []
        self._recogniser = recogniser
        self._second = SecondHearing(larger) if larger else None
        self._parts: list[Waveform] = []  # each follows on the one before
        self._known = 0.0  # how far speech has been recognised, in seconds

    def hear(self, sound: Waveform) -> None:
        """Take in the next sound."""
        if self._parts and abs(sound.start - self._parts[-1].end) > EDGE:
            self._parts = []
        self._parts.append(sound)

    def understand(self, speech: list[Span], now: float, answering: float = 0.0) -> None:
        """Recognise what has been said, if it is time to.

        Args:
            speech: Where somebody speaks, as far as is known.
            now: How far that is, in seconds of the session.
            answering: Seconds that the answer covers for which this is asked; 0 where nobody asks.
        """
        new = [span for span in speech if span.end > self._known + EDGE]
        if new and not self._due(new, now, answering):
            return
        if new:
            self._recognise(speech, now)
        # What begins to be spoken is known a little later; where nothing was, it is heard from before that.
        self._known = now if new else max(self._known, now - ONSET)
        self._parts = [each for each in self._parts if each.end > now - MEMORY]

    def finish(self, speech: list[Span], now: float) -> None:
        """Recognise what is left: nothing follows."""
        self.understand(speech, now, answering=np.inf)

    def forget(self, before: float) -> None:
        """Drop what ended earlier than ``before`` seconds."""
        self.words = [word for word in self.words if word.end >= before]
        self.foreign = [each for each in self.foreign if each.span.end >= before]

    def _due(self, new: list[Span], now: float, answering: float) -> bool:
        waited = now - max(self._known, new[0].start)
        if not answering:
            return waited > LONGEST_WAIT
        return now - new[-1].end >= UTTERANCE_END or waited >= max(LEAST_NEW, PATIENCE - answering)

    def _recognise(self, speech: list[Span], now: float) -> None:
        if not self._parts:
            return
        heard = Waveform(self._parts[0].start, np.concatenate([each.samples for each in self._parts]))
        start = max(heard.start, _last_pause(speech, self._known))
        new = [
            Span(max(span.start, start), min(span.end, now)) for span in speech if span.end > max(start, self._known)
        ]
        heard = heard.since(start)
        found = recognise(self._recogniser, heard.samples, heard.start, new, self._second)
        kept = [word for word in self.words if word.start < start]
        # Where speech ran on for longer than is heard again, its first word was cut, and known whole before.
        known = max((word.end for word in kept), default=start)
        self.words = kept + [word for word in found.words if (word.start + word.end) / 2 >= known]
        self.foreign = [each for each in self.foreign if each.span.start < start] + found.foreign


def _last_pause(speech: list[Span], border: float) -> float:
    """Where to begin recognising so that no word is cut at ``border``: the last pause before, if speech crosses it."""
    crossing = [span for span in speech if span.start < border < span.end]
    return max(border - MEMORY, crossing[0].start) if crossing else border
