"""What the speech does between words: silent pauses inside an utterance, filled pauses ("um", "uh")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.cue import Cue, ramp
from interhuman_stream.analysis.tracks import Span, Word, joined, spans
from interhuman_stream.signals import Modality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from interhuman_stream.analysis.baseline import Baseline
    from interhuman_stream.analysis.tracks import Tracks, VoiceTrack

FILLERS = frozenset({"um", "uh", "umm", "uhm", "uhh", "er", "erm", "eh", "hmm", "hm", "mm", "ah", "euh"})
# Listeners begin to hear a pause as a hesitation at about half a second inside a clause; over 3 s the turn is over
# (Campione & Véronis 2002; Heldner & Edlund 2010).
SHORTEST_PAUSE, CLEAR_PAUSE, LONGEST_PAUSE = 0.5, 1.4, 3.0
CLAUSE_END = frozenset(".?!")
# Filled pauses last 300 to 450 ms and more, flat or slightly falling, low, the mouth held still (O'Shaughnessy 1992;
# Shriberg 1999).
SHORTEST_FILLED, CLEAR_FILLED = 0.28, 0.5
FLATTEST = 1.2  # semitones from end to end
HELD = 0.62  # of the speaker's own usual spectral change
HIGHEST_OVER_USUAL = 1.5  # semitones
BESIDE_PAUSE = 0.3
BREAK = 0.15
FRAME_SECONDS = 0.016


def pause_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find silent and filled pauses."""
    if tracks.voice is None or not tracks.speech:
        return
    yield from _silent(tracks)
    said = [word for word in tracks.words if word.text in FILLERS]
    for word in said:
        strength = 0.6 + 0.4 * ramp(word.end - word.start, 0.15, CLEAR_FILLED)
        yield Cue("filled_pause", word.start, word.end, strength, f"said “{word.text}”", Modality.AUDIO)
    for span in _held_vowels(tracks.voice, list(tracks.speech), baseline):
        if any(word.start < span.end and span.start < word.end for word in said):
            continue
        strength = 0.4 + 0.5 * ramp(span.length, SHORTEST_FILLED, CLEAR_FILLED)
        yield Cue("filled_pause", span.start, span.end, strength, "drew out a hesitation sound", Modality.AUDIO)


def _silent(tracks: Tracks) -> Iterator[Cue]:
    for before, after in zip(tracks.speech, tracks.speech[1:], strict=False):
        length = after.start - before.end
        if not SHORTEST_PAUSE <= length <= LONGEST_PAUSE:
            continue
        last = _last_word(tracks.words, before.end)
        # A pause after a finished sentence is breath, not hesitation; without words nobody can tell which it was.
        if last is None or last.raw[-1] in CLAUSE_END:
            continue
        strength = ramp(length, SHORTEST_PAUSE * 0.6, CLEAR_PAUSE)
        phrase = f"paused for {length:.1f} s after “{last.text}”"
        yield Cue("silent_pause", before.end, after.start, strength, phrase, Modality.AUDIO)


def _last_word(words: tuple[Word, ...], before: float) -> Word | None:
    earlier = [word for word in words if word.start < before]
    return max(earlier, key=lambda word: word.start, default=None)


def _held_vowels(voice: VoiceTrack, speech: list[Span], baseline: Baseline) -> Iterator[Span]:
    """Yield voiced stretches that are long, flat, low and unchanging, beside a break in the speech."""
    if baseline.pitch is None:
        return
    voiced = ~np.isnan(voice.pitch)
    usual_change = float(np.median(voice.change[voiced])) if voiced.any() else 1.0
    held = voiced & (voice.change < HELD * usual_change)
    for span in joined(spans(held, voice.time, FRAME_SECONDS), 0.05, SHORTEST_FILLED):
        inside = (voice.time >= span.start) & (voice.time <= span.end) & voiced
        pitch: NDArray[np.float64] = voice.pitch[inside]
        if len(pitch) * FRAME_SECONDS < SHORTEST_FILLED:
            continue
        slope = float(np.polyfit(np.linspace(0, 1, len(pitch)), pitch, 1)[0])
        flat = abs(slope) < FLATTEST and float(np.std(pitch)) < FLATTEST / 2
        low = float(np.median(pitch)) < baseline.pitch.median + HIGHEST_OVER_USUAL
        if flat and low and _beside_break(span, speech):
            yield span


def _beside_break(span: Span, speech: list[Span]) -> bool:
    """Whether the speech stops shortly before or after ``span``."""
    for before, after in zip([None, *speech], [*speech, None], strict=True):
        if before and after and after.start - before.end < BREAK:
            continue
        if before and abs(before.end - span.end) < BESIDE_PAUSE:
            return True
        if after and abs(after.start - span.start) < BESIDE_PAUSE:
            return True
    return False
