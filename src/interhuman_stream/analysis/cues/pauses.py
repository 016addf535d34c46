"""What the speech does between words: silent pauses inside an utterance, filled pauses ("um", "uh")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.cues.held_sounds import LEVEL, LONG, PAUSED, STILL, SURE, held_sounds
from interhuman_stream.analysis.cues.kind import CueKind, Lane

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Cue, Word

FILLERS = frozenset({"um", "uh", "umm", "uhm", "uhh", "er", "erm", "eh", "hmm", "hm", "mm", "ah", "euh"})
# Listeners begin to hear a pause as a hesitation at about half a second inside a clause; over 3 s the turn is over
# (Campione & Véronis 2002; Heldner & Edlund 2010).
SHORTEST_PAUSE, CLEAR_PAUSE, LONGEST_PAUSE = 0.5, 1.4, 3.0
CLAUSE_END = frozenset(".?!")
CLEAR_SAID = 0.5


SILENT_PAUSE: Final = CueKind(
    "silent_pause",
    Lane.SPEECH,
    f"{SHORTEST_PAUSE} to {LONGEST_PAUSE} s without speech after a word that ends no sentence",
    "Campione & Véronis 2002; Heldner & Edlund 2010",
)
FILLED_PAUSE: Final = CueKind(
    "filled_pause",
    Lane.SPEECH,
    "“um”, “uh” and the like; or by ear alone a held sound near speech, not high and not rising: four measures "
    f"reach {SURE} in all: spectrum moves less than usual ({STILL[0]}), pitch is level "
    f"({LEVEL[0]}), it lasts ({LONG[0]}; fully if {LONG[2]} s are held), "
    f"a silence goes before ({PAUSED[0]})",
    "O'Shaughnessy 1992; Shriberg 1999; Goto, Itou & Hayamizu 1999",
)
KINDS: Final = (SILENT_PAUSE, FILLED_PAUSE)


def pause_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find silent and filled pauses."""
    if tracks.voice is None or not tracks.speech:
        return
    yield from _silent(tracks)
    said = [word for word in tracks.words if word.text in FILLERS]
    for word in said:
        strength = 0.6 + 0.4 * ramp(word.end - word.start, 0.15, CLEAR_SAID)
        yield FILLED_PAUSE.found(word.start, word.end, strength, f"said “{word.text}”")
    for span, strength in held_sounds(tracks.voice, tracks.speech, baseline):
        if not any(word.start < span.end and span.start < word.end for word in said):
            yield FILLED_PAUSE.found(span.start, span.end, strength, "drew out a hesitation sound")


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
        yield SILENT_PAUSE.found(before.end, after.start, strength, phrase)


def _last_word(words: tuple[Word, ...], before: float) -> Word | None:
    earlier = [word for word in words if word.start < before]
    return max(earlier, key=lambda word: word.start, default=None)
