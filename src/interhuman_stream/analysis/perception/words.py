"""What was said, word by word with times: Whisper on the stretches of speech alone.

A small model hears everything; where it is not sure, and somebody lends an ear, a larger one is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.tracks import Foreign, Span
from interhuman_stream.analysis.perception.whisper import hear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.second_hearing import SecondHearing
    from interhuman_stream.analysis.perception.whisper import Recogniser
    from interhuman_stream.findings import Word

# Speech further apart than this is recognised by itself: Whisper loses its place in long silences.
UTTERANCE_GAP = 1.5
LONGEST_UTTERANCE = 25.0
MARGIN = 0.2
SHORTEST_UTTERANCE = 0.2


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was said in stretches of speech.

    Attributes:
        words: The English words, in order.
        foreign: Where another language was spoken.
    """

    words: list[Word]
    foreign: list[Foreign]


def recognise(
    recogniser: Recogniser,
    samples: NDArray[np.float32],
    start: float,
    speech: list[Span],
    second: SecondHearing | None = None,
) -> Recognised:
    """Recognise the words in the stretches of speech.

    Args:
        recogniser: The model.
        samples: float32 mono at 16 kHz.
        start: Of ``samples``, in seconds of the session.
        speech: Where there is speech, in seconds of the session.
        second: Who is asked where the model is not sure.
    """
    found = Recognised([], [])
    for utterance in utterances(speech):
        if utterance.length < SHORTEST_UTTERANCE:
            continue
        first = max(0, int((utterance.start - MARGIN - start) * SAMPLE_RATE))
        last = int((utterance.end + MARGIN - start) * SAMPLE_RATE)
        heard = hear(recogniser, samples[first:last])
        if second:
            opinion = second.opinion(heard, samples[first:last])
            if opinion.foreign:
                found.foreign.append(Foreign(utterance, opinion.language))
                continue
            heard = opinion.heard
        found.words.extend(heard.words(start + first / SAMPLE_RATE))
    return found


def utterances(speech: list[Span]) -> list[Span]:
    """Put stretches of speech together that are close enough to be heard as one."""
    out: list[Span] = []
    for span in speech:
        if out and span.start - out[-1].end < UTTERANCE_GAP and span.end - out[-1].start < LONGEST_UTTERANCE:
            out[-1] = Span(out[-1].start, span.end)
        else:
            out.append(span)
    cut: list[Span] = []
    for span in out:
        pieces = max(1, int(np.ceil(span.length / LONGEST_UTTERANCE)))
        edges = np.linspace(span.start, span.end, pieces + 1)
        cut += [Span(float(a), float(b)) for a, b in pairwise(edges)]
    return cut
