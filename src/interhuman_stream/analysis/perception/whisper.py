"""One Whisper model: sound in, its likeliest text out, with times word by word.

Whisper always reads 30 seconds, silence included, and most of its cost is that window. CTranslate2 takes a shorter one:
here it reaches just past the speech, and cost follows what was said.
"""

from __future__ import annotations

import ctypes
import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage, get_suppressed_tokens

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.findings import Word

if TYPE_CHECKING:
    from pathlib import Path

    import ctranslate2
    from numpy.typing import NDArray

LONGEST_WINDOW = 3000  # mel frames
SHORTEST_WORD = 0.02
# Whisper's own limits for text that is not there (Radford et al. 2022, section 4.5).
LEAST_LOG_PROBABILITY = -1.0
MOST_NO_SPEECH = 0.6
# Of a word or two the mean says little: much of it is how the one mark behind them is written ("No" could have gone on
# as "No." or "NO!"), and correctly heard "yes", "yeah" and "no" came out at -1.1 to -2. There the word counts, however
# it is written. Of synthetic voices most rightly heard answers had .6 to .8 of all there might be; of 258 foreign words
# and sentences one that sounds like an answer had .61 (Russian "but": "nope"), the next .49 (German "yes": "yeah").
# Nothing that was noise, music or many voices had more than .3, and no speech was the likelier there.
LEAST_SHORT_PROBABILITY = 0.62
SHORT_SOUND = 2.0  # seconds, with a margin at both ends
SHORT_WORDS = 3
SHORT_TOKENS = 8
SHORT_BEAM = 8
SENTENCE_ENDS = (".", "!", "?")
TOKENS_PER_SECOND = 12
# People say "no, no, no"; the model alone says five tokens twice.
LONGEST_REPEAT = 5
NOT_OF_WORDS = re.compile(r"[^\w' ]+")
WORD_EDGE = re.compile(r"^\W+|[^\w']+$")


@dataclass(frozen=True, slots=True)
class Window:
    """How much a model must be given, in mel frames of 10 ms: at least so many, and so many behind the speech."""

    shortest: int
    behind: int


# With 8 s, or less than 5 s behind the speech, Whisper tiny fell into loops ("of the coast of the coast") on two of
# seven clips of public speeches; with these it gave the long window's text.
TINY: Final = Window(1000, 500)
# With 8 s base made four errors for three with 30 s, with 6 s nearly three for one. On 78 stretches of public talk and
# acted sentences (697 words) it made 107 errors with 12 s, 108 with 20, for 0.57 of the time; languages were the same.
BASE: Final = Window(1200, 600)
# Of a word or two it is surer with more behind them ("yes": .88 for .81); what is sure enough was found with this.
BASE_IN_BRIEF: Final = Window(2000, 1000)


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Whisper, loaded, one thread."""

    model: WhisperModel
    tokenizer: Tokenizer
    window: Window


@dataclass(frozen=True, slots=True)
class Text:
    """What the model makes of a stretch of sound: tokens, their mean log-probability, how likely nothing was said.

    ``probability`` is that of a short answer, however it is written; 0 where none was found.
    """

    tokens: list[int]
    score: float
    no_speech: float
    probability: float = 0.0

    @property
    def trusted(self) -> bool:
        """Whether this was said, by all that is known, and is not text that is not there."""
        if self.no_speech > MOST_NO_SPEECH:
            return bool(self.tokens) and self.score >= LEAST_LOG_PROBABILITY / 2
        likely = self.score >= LEAST_LOG_PROBABILITY or self.probability >= LEAST_SHORT_PROBABILITY
        return bool(self.tokens) and likely


@dataclass(frozen=True, slots=True)
class Hearing:
    """A stretch of sound as one model hears it.

    Attributes:
        recogniser: The model.
        encoded: The sound, as the model keeps it.
        frames: Of the sound, in mel frames.
        text: What was said, as far as the model can tell.
        short: Whether that is an answer of a word or two.
    """

    recogniser: Recogniser
    encoded: ctranslate2.StorageView
    frames: int
    text: Text
    short: bool

    @property
    def plain(self) -> str:
        """The words alone: neither case nor punctuation."""
        return _plain(self.recogniser.tokenizer, self.text.tokens)

    def words(self, start: float) -> list[Word]:
        """The words, if they are trusted, with times from ``start`` on, in seconds of the session."""
        if not self.text.trusted:
            return []
        model, tokens = self.recogniser.model, [self.text.tokens]
        aligned = model.find_alignment(self.recogniser.tokenizer, tokens, self.encoded, self.frames)[0]
        return [
            replace(word, probability=max(word.probability, self.text.probability)) for word in _words(aligned, start)
        ]


def load_recogniser(directory: Path, window: Window = TINY) -> Recogniser:
    """Load Whisper from a directory with CTranslate2's `model.bin`, `config.json`, `tokenizer.json` and vocabulary."""
    model = WhisperModel(str(directory), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
    tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language="en")
    _give_back()
    return Recogniser(model, tokenizer, window)


def hear(recogniser: Recogniser, samples: NDArray[np.float32]) -> Hearing:
    """Make text of sound, float32 mono at 16 kHz, not longer than 30 s."""
    encoded, frames = encode(recogniser, samples)
    return understand(recogniser, encoded, frames, len(samples) / SAMPLE_RATE)


def encode(recogniser: Recogniser, samples: NDArray[np.float32]) -> tuple[ctranslate2.StorageView, int]:
    """The sound as the model keeps it, and its length in mel frames."""
    mel = recogniser.model.feature_extractor(samples, padding=0)
    length, window = mel.shape[-1], recogniser.window
    reach = min(LONGEST_WINDOW, max(window.shortest, length + window.behind))
    mel = np.pad(mel[:, :reach], ((0, 0), (0, max(0, reach - length))), constant_values=float(mel.min()))
    encoded = recogniser.model.model.encode(get_ctranslate2_storage(np.ascontiguousarray(mel[None])))
    return encoded, min(length, reach)


def understand(recogniser: Recogniser, encoded: ctranslate2.StorageView, frames: int, seconds: float) -> Hearing:
    """Make text of sound that is encoded."""
    text = _text(recogniser, encoded, min(440, 16 + int(TOKENS_PER_SECOND * seconds)))
    short = seconds <= SHORT_SOUND and len(_plain(recogniser.tokenizer, text.tokens).split()) <= SHORT_WORDS
    if short:
        text = _short_answer(recogniser, encoded, text)
    return Hearing(recogniser, encoded, frames, text, short)


def languages(recogniser: Recogniser, encoded: ctranslate2.StorageView) -> dict[str, float]:
    """How likely each language is, by its code, the likeliest first; of a multilingual model."""
    (likely,) = recogniser.model.model.detect_language(encoded)
    return {token.strip("<|>"): float(probability) for token, probability in likely}


def _give_back() -> None:
    """Return to the system what loading took besides the model: 80 MB of base's, which glibc would keep."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in musl
        if trim:
            trim(0)


def _text(recogniser: Recogniser, heard: ctranslate2.StorageView, longest: int) -> Text:
    """The likeliest text, word by word."""
    (result,) = _generate(recogniser, heard, max_length=longest, no_repeat_ngram_size=LONGEST_REPEAT, beam_size=1)
    tokens = [token for token in result.sequences_ids[0] if token < recogniser.tokenizer.eot]
    return Text(tokens, result.scores[0], result.no_speech_prob)


def _short_answer(recogniser: Recogniser, heard: ctranslate2.StorageView, text: Text) -> Text:
    """The likeliest word or two, all ways to write them taken together; ``text`` where nothing is likely enough."""
    (result,) = _generate(
        recogniser,
        heard,
        max_length=SHORT_TOKENS,
        beam_size=SHORT_BEAM,
        num_hypotheses=SHORT_BEAM,
        length_penalty=0,  # so that a score is the log-probability of the whole
    )
    spellings: dict[str, list[tuple[float, list[int]]]] = {}
    for sequence, score in zip(result.sequences_ids, result.scores, strict=True):
        tokens = [token for token in sequence if token < recogniser.tokenizer.eot]
        spellings.setdefault(_plain(recogniser.tokenizer, tokens), []).append((float(np.exp(score)), tokens))
    spellings.pop("", None)
    likeliest = max(spellings, key=lambda plain: sum(way[0] for way in spellings[plain]), default="")
    probability = min(1.0, sum(way[0] for way in spellings.get(likeliest, ())))
    if probability >= LEAST_SHORT_PROBABILITY:
        # Silence follows: a spelling that ends the sentence is the truer one, though the model may leave it open.
        ways = spellings[likeliest]
        ended = [way for way in ways if recogniser.tokenizer.decode(way[1]).rstrip()[-1:] in SENTENCE_ENDS]
        return replace(text, tokens=max(ended or ways)[1], probability=probability)
    return replace(text, probability=probability if likeliest == _plain(recogniser.tokenizer, text.tokens) else 0.0)


def _generate(
    recogniser: Recogniser, heard: ctranslate2.StorageView, **options: Any
) -> list[ctranslate2.models.WhisperGenerationResult]:
    tokenizer = recogniser.tokenizer
    return recogniser.model.model.generate(  # type: ignore[no-any-return]  # CTranslate2 has no types
        heard,
        [[*tokenizer.sot_sequence, tokenizer.no_timestamps]],
        return_scores=True,
        return_no_speech_prob=True,
        suppress_blank=True,
        suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1]) or ()),
        **options,
    )


def _plain(tokenizer: Tokenizer, tokens: list[int]) -> str:
    """The words alone: neither case nor punctuation."""
    return " ".join(NOT_OF_WORDS.sub(" ", tokenizer.decode(tokens).lower()).split())


def _words(aligned: list[dict[str, Any]], start: float) -> list[Word]:
    """Aligned pieces as words; a piece of punctuation alone belongs to the word before it."""
    words: list[Word] = []
    for each in aligned:
        raw = each["word"].strip()
        text = WORD_EDGE.sub("", raw.lower())
        if text:
            begin, end = start + float(each["start"]), start + float(each["end"])
            words.append(Word(text, begin, max(end, begin + SHORTEST_WORD), float(each["probability"]), raw))
        elif words:
            words[-1] = replace(words[-1], raw=words[-1].raw + raw)
    return words
