"""What the speech does between words: silent pauses inside an utterance, filled pauses ("um", "uh")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.cues.held_sounds import held_sounds
from interhuman_stream.findings import Cue
from interhuman_stream.signals import Modality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Word

FILLERS = frozenset({"um", "uh", "umm", "uhm", "uhh", "er", "erm", "eh", "hmm", "hm", "mm", "ah", "euh"})
# Listeners begin to hear a pause as a hesitation at about half a second inside a clause; over 3 s the turn is over
# (Campione & Véronis 2002; Heldner & Edlund 2010).
SHORTEST_PAUSE, CLEAR_PAUSE, LONGEST_PAUSE = 0.5, 1.4, 3.0
CLAUSE_END = frozenset(".?!")
CLEAR_SAID = 0.5


def pause_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find silent and filled pauses."""
    if tracks.voice is None or not tracks.speech:
        return
    yield from _silent(tracks)
    said = [word for word in tracks.words if word.text in FILLERS]
    for word in said:
        strength = 0.6 + 0.4 * ramp(word.end - word.start, 0.15, CLEAR_SAID)
        yield Cue("filled_pause", word.start, word.end, strength, f"said “{word.text}”", Modality.AUDIO)
    for cue in held_sounds(tracks.voice, tracks.speech, baseline):
        if not any(word.start < cue.end and cue.start < word.end for word in said):
            yield cue


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
