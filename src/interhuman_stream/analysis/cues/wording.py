"""What the words say about the speaker's stance: the families of ``lexicon``, and what whole utterances are for.

The lexicon stands by itself. The fitted purposes of ``utterances`` do two things beside it: they weaken a wording that
says less in its place than it could ("yeah" in passing, "right" before another word), and they find what it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.cues.kind import CueKind, Lane
from interhuman_stream.analysis.cues.lexicon import NOTHING, WORDINGS
from interhuman_stream.analysis.cues.phrasing import ORDINARY
from interhuman_stream.analysis.cues.scope import meant
from interhuman_stream.analysis.cues.utterances import features, purposes, utterances

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from interhuman_stream.analysis.cues.phrasing import Wording
    from interhuman_stream.analysis.cues.utterances import Purpose, Utterance
    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Cue, Word

# Words the recogniser is less sure of than this are too often other words.
LEAST_PROBABILITY = 0.3
# A wording this strong means what it says wherever it stands.
UNMISTAKABLE = 0.9 * ORDINARY
# What is only found by its weights is never as strong as a wording.
MOST_FOUND = 0.9
STOPS = ".?!"
SHORT_FORMS: Final = {
    **{(verb, "not"): f"{verb}n't" for verb in ("do", "does", "did", "could", "would", "should", "has", "have", "had")},
    ("will", "not"): "won't",
    ("can", "not"): "can't",
    ("i", "am"): "i'm",
    **{(who, "are"): f"{who}'re" for who in ("you", "we", "they")},
    **{(who, "is"): f"{who}'s" for who in ("it", "that", "he", "she", "what", "who", "where", "there")},
}
"""What patterns are written in, for what is said in full ("I do not agree")."""
DOTS = ("..", "…")
PUNCTUATION = ".,?!;:"


BY_PATTERN: Final = "words: the patterns of `lexicon.py`"
FITTED: Final = f"{BY_PATTERN}, and utterances that `utterances.toml` gives away (fitted on MRDA)"
FELT: Final = f"{BY_PATTERN}, and utterances that `emotions.toml` gives away (fitted on GoEmotions)"
HELD_FLOOR: Final = (
    "words: utterances that hold the floor while what comes is sought, by `utterances.toml` (fitted on MRDA)"
)
KINDS: Final = (
    CueKind("says_agreement", Lane.WORDS, FITTED, "Dhillon et al. 2004 (MRDA: accept)"),
    CueKind(
        "says_yes",
        Lane.WORDS,
        "words: a yes, yeah, right that is all of an utterance and, by `utterances.toml`, is a mere “go on” as often",
        "Jurafsky et al. 1998; Gravano, Hirschberg & Beňuš 2012",
    ),
    CueKind("says_disagreement", Lane.WORDS, FITTED, "Dhillon et al. 2004 (MRDA: reject)"),
    CueKind("says_hedge", Lane.WORDS, FITTED, "Hyland 2005; Dhillon et al. 2004 (MRDA: maybe)"),
    CueKind("says_floor_holder", Lane.WORDS, HELD_FLOOR, "Dhillon et al. 2004 (MRDA: floor holder, hold)"),
    CueKind("says_searching", Lane.WORDS, BY_PATTERN, "Levelt 1983; Clark & Fox Tree 2002"),
    CueKind("says_assurance", Lane.WORDS, BY_PATTERN, "Hyland 2005"),
    CueKind("says_not_understanding", Lane.WORDS, BY_PATTERN, "Dingemanse & Enfield 2015; Dhillon et al. 2004"),
    CueKind("says_interest", Lane.WORDS, BY_PATTERN, "–"),
    CueKind("says_doubt", Lane.WORDS, BY_PATTERN, "–"),
    CueKind("says_blocked_effort", Lane.WORDS, FELT, "Demszky et al. 2020 (GoEmotions)"),
    CueKind("says_strain", Lane.WORDS, FELT, "Demszky et al. 2020 (GoEmotions)"),
    CueKind("says_indifference", Lane.WORDS, BY_PATTERN, "–"),
    CueKind("says_attending", Lane.WORDS, BY_PATTERN, "Schegloff 1982"),
    CueKind("says_reluctance", Lane.WORDS, BY_PATTERN, "Pomerantz 1984"),
)
KIND: Final = {kind.name: kind for kind in KINDS}
AGREES: Final = "says_agreement"
ALONE: Final = "says_yes"


def wording_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find the wordings, the longest first where several lie over each other, then the purposes no wording shows.

    A wording that is denied or asked, or that only looks like one, shows nothing, nor may a purpose where it stands.
    """
    del baseline  # words mean what they mean for everybody
    purposeful = list(_purposeful(tracks))
    text, starts = _text(tracks.words)
    understood: list[Sequence[Word]] = []
    for match in _matches(text):
        said = _said(match, tracks.words, starts)
        understood.append(said)
        for cue in _cue(match, said):
            yield from _weighed(cue, purposeful)
    for cue, probability, purpose in purposeful:
        shown = any(said[0].start < cue.end and cue.start < said[-1].end for said in understood if said)
        if probability >= purpose.find and not shown:
            yield cue


def lexicon_strength(text: str, name: str) -> float:
    """How strongly the lexicon alone finds a family in a text with sentence ends, 0 where it does not."""
    return max(
        (match.wording.strength for match in _matches(text) if match.wording.name == name and match.meant), default=0.0
    )


@dataclass(frozen=True, slots=True)
class _Match:
    """A wording at characters of the text, and whether it is meant there."""

    wording: Wording
    begin: int
    end: int
    meant: bool


@lru_cache(maxsize=256)  # the same seconds are judged again and again
def _matches(text: str) -> tuple[_Match, ...]:
    matches = [(wording, match) for wording in WORDINGS for match in wording.pattern.finditer(text)]
    found: list[_Match] = []
    for wording, match in sorted(matches, key=lambda each: (each[1].start() - each[1].end(), -each[0].strength)):
        begin, end = match.span()
        over = [at for at, other in enumerate(found) if begin < other.end and other.begin < end]
        if not over:
            found.append(_Match(wording, begin, end, wording.name != NOTHING and meant(wording.name, text, begin, end)))
        for at in over:  # "I'm so frustrated" declares it, whatever it is that it goes on to say
            longer = found[at]
            if (
                longer.wording.name == wording.name
                and longer.begin <= begin
                and longer.wording.strength < wording.strength
            ):
                found[at] = replace(longer, wording=wording)
    return tuple(found)


def _weighed(cue: Cue, purposeful: list[tuple[Cue, float, Purpose]]) -> Iterator[Cue]:
    """Yield the cue, the weaker the more seldom its whole utterance is for what it says ("yeah" is mostly "go on").

    A "yeah" that is all of an utterance is told as well: where it is seen to be an answer, it is a yes.
    """
    for other, probability, purpose in purposeful:
        if other.name == cue.name and cue.strength < UNMISTAKABLE and other.start < cue.end and cue.start < other.end:
            yield replace(cue, strength=cue.strength * ramp(probability, 0.0, purpose.find))
            alone = cue.start <= other.start and other.end <= cue.end
            if alone and cue.name == AGREES and probability < purpose.find:
                yield replace(cue, name=ALONE)
            return
    yield cue


def _purposeful(tracks: Tracks) -> Iterator[tuple[Cue, float, Purpose]]:
    """Yield for each utterance and purpose the cue it would be, how likely it is, and the purpose."""
    for utterance, words in utterances(tracks.words, tracks.now):
        for name, purpose, probability in _likely(utterance):
            first, last = purpose.weightiest(utterance.words)
            said = words[first:last] if probability >= purpose.find else words
            certainty = sum(word.probability for word in said) / len(said)
            if certainty < LEAST_PROBABILITY:
                continue
            if not meant(name, *_placed(utterance.words, first, last)):
                continue
            strength = ORDINARY * (purpose.least + (MOST_FOUND - purpose.least) * ramp(probability, purpose.find, 1.0))
            cue = KIND[name].found(said[0].start, said[-1].end, strength, f"said “{_quoted(said)}”")
            yield cue, probability, purpose


def _placed(words: tuple[str, ...], first: int, last: int) -> tuple[str, int, int]:
    """The utterance as a text, and where in it the words from ``first`` to ``last`` begin and end."""
    begin = len(" ".join((*words[:first], "")))
    return " ".join(words), begin, begin + len(" ".join(words[first:last]))


@lru_cache(maxsize=256)  # likewise
def _likely(utterance: Utterance) -> tuple[tuple[str, Purpose, float], ...]:
    """The purposes that know any of an utterance's words, with how likely each is."""
    seen = features(utterance)
    return tuple(
        (name, purpose, purpose.probability(seen))
        for name, purpose in purposes().items()
        if purpose.knows(utterance.words)
    )


def _text(words: tuple[Word, ...]) -> tuple[str, list[int]]:
    """The words as one text with sentence ends, and where in it each word begins."""
    text = ""
    starts: list[int] = []
    last = ""
    for word in words:
        starts.append(len(text))
        short = SHORT_FORMS.get((last, word.text))
        if short:
            text = text[: -len(last) - 1] + short
            starts[-1] = len(text) - len(word.text)
        else:
            text += word.text
        mark = word.raw[-1:]
        dots = word.raw.endswith(DOTS)  # of more than one, two are kept: said with a pause, and no end of a sentence
        text += (".." if dots else mark if mark in STOPS or mark == "," else "") + " "
        last = word.text if word.raw[-1:] not in PUNCTUATION else ""
    return text.rstrip(), starts


def _said(match: _Match, words: tuple[Word, ...], starts: list[int]) -> Sequence[Word]:
    return [
        word for word, at in zip(words, starts, strict=True) if at < match.end and at + len(word.text) > match.begin
    ]


def _cue(match: _Match, said: Sequence[Word]) -> Iterator[Cue]:
    probability = sum(word.probability for word in said) / max(1, len(said))
    if not match.meant or not said or probability < LEAST_PROBABILITY:
        return
    strength = match.wording.strength * min(1.0, 0.4 + probability)
    yield KIND[match.wording.name].found(said[0].start, said[-1].end, strength, f"said “{_quoted(said)}”")


def _quoted(said: Sequence[Word]) -> str:
    return " ".join(word.raw for word in said).strip(PUNCTUATION)
