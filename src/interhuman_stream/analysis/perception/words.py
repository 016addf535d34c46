"""What was said, word by word with times: Whisper on the stretches of speech alone.

Whisper always reads 30 seconds, silence included, and most of its cost is that window. CTranslate2 takes a shorter one:
here it reaches just past the speech, and cost follows what was said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage, get_suppressed_tokens

from interhuman_stream.analysis.media.stream import SAMPLE_RATE
from interhuman_stream.analysis.perception.tracks import Span
from interhuman_stream.findings import Word

if TYPE_CHECKING:
    from pathlib import Path

    import ctranslate2
    from numpy.typing import NDArray

# Mel frames. With 8 s, or less than 5 s behind the speech, Whisper tiny fell into loops ("of the coast of the coast")
# on two of seven clips of public speeches; with these it gave the long window's text.
SHORTEST_WINDOW = 1000
PADDING = 500
LONGEST_WINDOW = 3000
# Speech further apart than this is recognised by itself: Whisper loses its place in long silences.
UTTERANCE_GAP = 1.5
LONGEST_UTTERANCE = 25.0
MARGIN = 0.2
SHORTEST_UTTERANCE = 0.2
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
class Recogniser:
    """Whisper, loaded, one thread."""

    model: WhisperModel
    tokenizer: Tokenizer


def load_recogniser(directory: Path) -> Recogniser:
    """Load Whisper from a directory with CTranslate2's `model.bin`, `config.json`, `tokenizer.json` and vocabulary."""
    model = WhisperModel(str(directory), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
    multilingual = model.model.is_multilingual
    tokenizer = Tokenizer(model.hf_tokenizer, multilingual, task="transcribe", language="en")
    return Recogniser(model, tokenizer)


def recognise(recogniser: Recogniser, samples: NDArray[np.float32], start: float, speech: list[Span]) -> list[Word]:
    """Recognise the words in the stretches of speech.

    Args:
        recogniser: The model.
        samples: float32 mono at 16 kHz.
        start: Of ``samples``, in seconds of the session.
        speech: Where there is speech, in seconds of the session.
    """
    words: list[Word] = []
    for utterance in utterances(speech):
        if utterance.length < SHORTEST_UTTERANCE:
            continue
        first = max(0, int((utterance.start - MARGIN - start) * SAMPLE_RATE))
        last = int((utterance.end + MARGIN - start) * SAMPLE_RATE)
        words += _recognise(recogniser, samples[first:last], start + first / SAMPLE_RATE)
    return words


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


@dataclass(frozen=True, slots=True)
class _Text:
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


def _recognise(recogniser: Recogniser, samples: NDArray[np.float32], start: float) -> list[Word]:
    model, tokenizer = recogniser.model, recogniser.tokenizer
    mel = model.feature_extractor(samples, padding=0)
    length = mel.shape[-1]
    window = min(LONGEST_WINDOW, max(SHORTEST_WINDOW, length + PADDING))
    mel = np.pad(mel[:, :window], ((0, 0), (0, max(0, window - length))), constant_values=float(mel.min()))
    heard = model.model.encode(get_ctranslate2_storage(np.ascontiguousarray(mel[None])))
    seconds = len(samples) / SAMPLE_RATE
    text = _text(recogniser, heard, min(440, 16 + int(TOKENS_PER_SECOND * seconds)))
    if seconds <= SHORT_SOUND and len(_plain(tokenizer, text.tokens).split()) <= SHORT_WORDS:
        text = _short_answer(recogniser, heard, text)
    if not text.trusted:
        return []
    words = _words(model.find_alignment(tokenizer, [text.tokens], heard, min(length, window))[0], start)
    return [replace(word, probability=max(word.probability, text.probability)) for word in words]


def _text(recogniser: Recogniser, heard: ctranslate2.StorageView, longest: int) -> _Text:
    """The likeliest text, word by word."""
    (result,) = _generate(recogniser, heard, max_length=longest, no_repeat_ngram_size=LONGEST_REPEAT, beam_size=1)
    tokens = [token for token in result.sequences_ids[0] if token < recogniser.tokenizer.eot]
    return _Text(tokens, result.scores[0], result.no_speech_prob)


def _short_answer(recogniser: Recogniser, heard: ctranslate2.StorageView, text: _Text) -> _Text:
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
