"""What the words say about the speaker's stance, by the families of ``lexicon``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interhuman_stream.analysis.cues.cue import Cue
from interhuman_stream.analysis.cues.lexicon import WORDINGS
from interhuman_stream.signals import Modality

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from interhuman_stream.analysis.baseline import Baseline
    from interhuman_stream.analysis.cues.lexicon import Wording
    from interhuman_stream.analysis.tracks import Tracks, Word

# Words the recogniser is less sure of than this are too often other words.
LEAST_PROBABILITY = 0.3
STOPS = ".?!"
PUNCTUATION = ".,?!;:"


def wording_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find the wordings, the longest first where several lie over each other."""
    del baseline  # words mean what they mean for everybody
    words = tracks.words
    text, starts = _text(words)
    matches = [(wording, match) for wording in WORDINGS for match in wording.pattern.finditer(text)]
    taken: list[tuple[int, int]] = []
    for wording, match in sorted(matches, key=lambda each: (each[1].start() - each[1].end(), -each[0].strength)):
        begin, end = _core(match)
        if begin == end or any(begin < other_end and other_begin < end for other_begin, other_end in taken):
            continue
        taken.append((begin, end))
        yield from _cue(wording, words, starts, begin, end)


def _text(words: tuple[Word, ...]) -> tuple[str, list[int]]:
    """The words as one text with sentence ends, and where in it each word begins."""
    text = ""
    starts = []
    for word in words:
        starts.append(len(text))
        text += word.text
        mark = word.raw[-1:]
        text += (mark if mark in STOPS or mark == "," else "") + " "
    return text.rstrip(), starts


def _core(match: re.Match[str]) -> tuple[int, int]:
    """The match without the sentence end that an opening pattern looks back at."""
    text = match.group()
    begin = match.start() + len(text) - len(text.lstrip(". ?!"))
    return begin, match.end()


def _cue(wording: Wording, words: tuple[Word, ...], starts: list[int], begin: int, end: int) -> Iterator[Cue]:
    said = [word for word, at in zip(words, starts, strict=True) if at < end and at + len(word.text) > begin]
    probability = sum(word.probability for word in said) / max(1, len(said))
    if not said or probability < LEAST_PROBABILITY:
        return
    quoted = " ".join(word.raw for word in said).strip(PUNCTUATION)
    strength = wording.strength * min(1.0, 0.4 + probability)
    yield Cue(wording.name, said[0].start, said[-1].end, strength, f"said “{quoted}”", Modality.AUDIO)
