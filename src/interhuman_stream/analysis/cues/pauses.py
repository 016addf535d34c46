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
SHORTEST_FILLED, CLEAR_FILLED, LONGEST_FILLED = 0.28, 0.5, 1.5
STEEPEST_FALL, STEEPEST_RISE, LARGEST_DEVIATION = 1.2, 0.6, 0.5  # semitones from end to end; around the mean
HELD = 0.7  # of the speaker's own usual spectral change
HIGHEST_OVER_USUAL = 1.0  # semitones
SILENCE_BELOW = 18.0  # dB under the speaker's usual loudness
BESIDE, MOSTLY = 0.3, 0.6
NEAR_SPEECH = 2.0
GAP = 0.05
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
    for span in _held_sounds(tracks.voice, list(tracks.speech), baseline):
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


def _held_sounds(voice: VoiceTrack, speech: list[Span], baseline: Baseline) -> Iterator[Span]:
    """Yield voiced stretches that are long, flat, low and unchanging, beside a silence, near speech."""
    if baseline.pitch is None or baseline.loudness is None:
        return
    voiced = ~np.isnan(voice.pitch)
    usual_change = float(np.median(voice.change[voiced])) if voiced.any() else 1.0
    silent = voice.loudness < baseline.loudness.median - SILENCE_BELOW
    highest = baseline.pitch.median + HIGHEST_OVER_USUAL
    stretches = [
        *joined(spans(voiced & (voice.change < HELD * usual_change), voice.time, FRAME_SECONDS), GAP, SHORTEST_FILLED),
        *joined(spans(voiced, voice.time, FRAME_SECONDS), GAP, SHORTEST_FILLED),
    ]
    found: list[Span] = []
    for span in stretches:
        near = any(each.start - NEAR_SPEECH < span.end and span.start < each.end + NEAR_SPEECH for each in speech)
        taken = any(each.start < span.end and span.start < each.end for each in found)
        if taken or not near or span.length > LONGEST_FILLED or not _beside_silence(span, voice, silent):
            continue
        inside = (voice.time >= span.start) & (voice.time <= span.end) & voiced
        pitch: NDArray[np.float64] = voice.pitch[inside]
        held = float(voice.change[inside].mean()) < HELD * usual_change
        if held and _flat(pitch) and float(np.median(pitch)) < highest:
            found.append(span)
            yield span


def _flat(pitch: NDArray[np.float64]) -> bool:
    if len(pitch) * FRAME_SECONDS < SHORTEST_FILLED:
        return False
    slope = float(np.polyfit(np.linspace(0, 1, len(pitch)), pitch, 1)[0])
    return -STEEPEST_FALL < slope < STEEPEST_RISE and float(np.std(pitch)) < LARGEST_DEVIATION


def _beside_silence(span: Span, voice: VoiceTrack, silent: NDArray[np.bool_]) -> bool:
    """Whether most of a short while before or after ``span`` is silent."""
    before = silent[(voice.time > span.start - BESIDE) & (voice.time < span.start)]
    after = silent[(voice.time > span.end) & (voice.time < span.end + BESIDE)]
    return any(len(part) and float(part.mean()) > MOSTLY for part in (before, after))
