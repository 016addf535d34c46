"""What the small model is not sure of is heard again: better words, or none and the language's name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception import second_hearing
from interhuman_stream.analysis.perception.second_hearing import (
    AT_FIRST,
    Opinion,
    SecondHearing,
    confirmed,
    loops,
    surer,
)
from interhuman_stream.analysis.perception.sound import Waveform
from interhuman_stream.analysis.perception.tracks import Foreign, Span, language
from interhuman_stream.analysis.perception.transcript import Transcript
from interhuman_stream.analysis.perception.voice import VoiceTracker
from interhuman_stream.analysis.perception.whisper import Hearing, Text, hear
from interhuman_stream.evaluation.sound import read_sound
from tools.bench.speakers import NoSpeech, Speaker, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.analysis.perception.whisper import Recogniser

GERMAN = "Ich habe gestern ein neues Buch gelesen, und heute gehe ich mit meiner Schwester ins Kino."
JAPANESE = "わたしはまいにちほんをよみます。それからともだちとえいがをみます。"
FRENCH = "Nous avons mangé du pain avec du fromage, puis nous sommes allés au marché."
RUSSIAN = "Она читает книгу дома, а потом пойдёт в магазин за хлебом."
ENGLISH = "I read a new book yesterday, and today I am going to the cinema with my sister."
TALKS = ("talk_feifeili_clip1.mp4", "talk_andrew_clip_1.mp4", "talk_01_woman_interview.mp4", "jfk_audio_only.flac")


@pytest.fixture(scope="session")
def larger(models: Models) -> Callable[[], Recogniser]:
    if models.larger is None:
        pytest.skip("Whisper base is not there; fetch it with: interhuman-stream models pull")
    return models.larger


def spoken(*said: tuple[str, str]) -> NDArray[np.float32]:
    """Texts by espeak-ng's voices one after the other, with two seconds of a quiet room around each."""
    room = np.random.default_rng(0)
    pieces: list[NDArray[np.float64]] = []
    for voice, text in said:
        try:
            pieces += [
                room.normal(0, 0.0008, 2 * SAMPLE_RATE),
                say(Speaker("espeak-ng", voice), text),
            ]
        except NoSpeech as error:
            pytest.skip(str(error))
    pieces.append(room.normal(0, 0.0008, 2 * SAMPLE_RATE))
    return np.concatenate(pieces).astype(np.float32)


def streamed(models: Models, sound: NDArray[np.float32], larger: Callable[[], Recogniser] | None) -> Transcript:
    """Hear second by second, with an answer every five, as a stream is heard, without forgetting."""
    voice, transcript = VoiceTracker(models.voice), Transcript(models.words, larger)
    for at in range(0, len(sound), SAMPLE_RATE):
        piece = sound[at : at + SAMPLE_RATE]
        voice.hear(piece, at / SAMPLE_RATE)
        transcript.hear(Waveform(at / SAMPLE_RATE, piece))
        voice.measure()
        answering = 5.0 if at // SAMPLE_RATE % 5 == 4 else 0.0
        transcript.understand(voice.speech(), voice.end, answering)
    voice.flush()
    transcript.finish(voice.speech(), voice.end)
    return transcript


@pytest.mark.slow
@pytest.mark.parametrize(("voice", "text", "name"), [("de", GERMAN, "de"), ("ja", JAPANESE, "ja")])
def test_another_language_has_no_words_and_a_name(
    models: Models, larger: Callable[[], Recogniser], voice: str, text: str, name: str
) -> None:
    heard = streamed(models, spoken((voice, text)), larger)
    assert not heard.words
    assert language(heard.foreign) == name
    assert language(heard.foreign, 60.0) is None
    heard.forget(60.0)
    assert language(heard.foreign) is None


@pytest.mark.slow
@pytest.mark.parametrize(("voice", "text"), [("fr-fr", FRENCH), ("ru", RUSSIAN)])
def test_where_the_language_is_not_clear_it_is_still_not_english(
    models: Models, larger: Callable[[], Recogniser], voice: str, text: str
) -> None:
    """These synthetic voices are taken for several languages, none of them with much confidence."""
    assert not streamed(models, spoken((voice, text)), larger).words


@pytest.mark.slow
def test_after_german_a_ja_is_no_yeah_and_english_is_heard_again(
    models: Models, larger: Callable[[], Recogniser]
) -> None:
    sound = spoken(("de", GERMAN), ("de", "Ja."), ("en-us", ENGLISH), ("en-us", "Yes."))
    heard = streamed(models, sound, larger)
    said = " ".join(word.text for word in heard.words)
    assert said.startswith("i read a new book yesterday"), said
    assert said.endswith("yes"), said
    assert language(heard.foreign) == "de"
    assert language(heard.foreign, heard.words[0].start) is None


@pytest.mark.parametrize(
    "name",
    [
        *(pytest.param(name, marks=pytest.mark.long) for name in TALKS[:-1]),
        pytest.param(TALKS[-1], marks=pytest.mark.slow),
    ],
)
def test_english_is_never_foreign(
    models: Models, larger: Callable[[], Recogniser], shared_data: Path, name: str
) -> None:
    heard = streamed(models, read_sound(shared_data / "clips" / name), larger)
    assert not heard.foreign
    assert len(heard.words) > 10


@pytest.mark.long
def test_acted_english_is_never_foreign(models: Models, larger: Callable[[], Recogniser], shared_data: Path) -> None:
    for path in sorted((shared_data / "ravdess_dev").glob("*.flac"))[::24]:
        assert not streamed(models, read_sound(path), larger).foreign, path.name


@pytest.mark.long
def test_what_was_unclear_is_heard_better(models: Models, larger: Callable[[], Recogniser], shared_data: Path) -> None:
    """The small model alone went on with "today, today, today" there."""
    sound = read_sound(shared_data / "natural" / "clips" / "Obama_clip2.mp4")
    small, both = (" ".join(word.text for word in streamed(models, sound, ear).words) for ear in (None, larger))
    assert "today today" in small
    assert "today today" not in both


def test_without_the_larger_model_all_is_as_before(models: Models) -> None:
    heard = streamed(models, spoken(("en-us", ENGLISH), ("de", GERMAN)), None)
    assert heard.words[0].text == "i"
    assert language(heard.foreign) is None


def unsure(models: Models, sound: NDArray[np.float32]) -> Hearing:
    heard = hear(models.words, sound)
    assert heard.text.score < second_hearing.NONSENSE
    return heard


@pytest.mark.slow
def test_no_more_than_a_share_is_heard_again(models: Models, larger: Callable[[], Recogniser]) -> None:
    """Of somebody who speaks German for long only some is heard twice; the rest is taken for German too."""
    asked: list[float] = []

    def ask() -> Recogniser:
        asked.append(seconds)
        return larger()

    sound = spoken(("de", GERMAN))[SAMPLE_RATE:-SAMPLE_RATE]
    seconds = len(sound) / SAMPLE_RATE
    heard, second = unsure(models, sound), SecondHearing(ask)
    opinions = [second.opinion(heard, sound) for _ in range(8)]
    assert opinions == [Opinion(heard, foreign=True, language="de")] * 8
    assert sum(asked) <= AT_FIRST + second_hearing.SHARE * 8 * seconds
    assert len(asked) >= 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("voice", "text"), [("en-gb", "Snow."), ("en-us+f3", "Snow."), ("ru", "Но."), ("ru+f3", "Но."), ("de+m7", "Ja.")]
)
def test_what_sounds_like_an_answer_is_none(
    models: Models, larger: Callable[[], Recogniser], voice: str, text: str
) -> None:
    """Both models hear an answer there; they were believed once."""
    assert not {word.text for word in streamed(models, spoken((voice, text)), larger).words} & {"no", "nope", "yeah"}


def test_a_word_or_two_count_where_both_hear_them_and_the_larger_is_sure(models: Models) -> None:
    heard = hear(models.words, spoken(("en-us", "Absolutely.")))
    again = replace(heard, text=replace(heard.text, probability=0.9))
    assert again.plain == "absolutely"
    assert confirmed(again, heard)
    assert not confirmed(replace(again, text=replace(again.text, probability=0.8)), heard)
    assert not confirmed(again, replace(heard, text=replace(heard.text, tokens=heard.text.tokens * 2)))


def test_a_word_that_cannot_be_confirmed_is_not_asked_about(models: Models) -> None:
    class AskedError(Exception):
        """The larger model was asked."""

    def ask() -> Recogniser:
        raise AskedError

    sound = spoken(("en-us", "Absolutely."))[2 * SAMPLE_RATE : -2 * SAMPLE_RATE]
    heard = hear(models.words, sound)
    unlikely, likely = (replace(heard, text=replace(heard.text, score=-1.5, probability=each)) for each in (0.1, 0.5))
    assert heard.short
    assert SecondHearing(ask).opinion(unlikely, sound) == Opinion(unlikely)
    with pytest.raises(AskedError):
        SecondHearing(ask).opinion(likely, sound)


def test_what_is_said_twice_may_be_a_loop() -> None:
    assert loops(["dogs", "are", "sitting", "by", "the", "door", "dogs", "are", "sitting"])
    assert not loops(["no", "no", "i", "said", "dogs", "are", "sitting", "by", "the", "door"])


def test_the_surer_text_stands() -> None:
    text = Text([1, 2], -0.5, 0.1)
    assert surer(replace(text, score=-0.4), text)
    assert not surer(replace(text, score=-0.6), text)
    assert surer(replace(text, score=-1.2, probability=0.8), replace(text, score=-1.1))  # a short answer
    assert not surer(replace(text, score=-0.3, no_speech=0.9, tokens=[]), text)


def test_the_language_of_most_is_told() -> None:
    foreign = [
        Foreign(Span(0.0, 2.0), "de"),
        Foreign(Span(2.0, 5.0), "fr"),
        Foreign(Span(5.0, 9.0), None),
        Foreign(Span(9.0, 10.5), "de"),
    ]
    assert language(foreign) == "de"
    assert language(foreign, 1.0) == "fr"
    assert language(foreign, 1.0, 3.5) == "fr"
    assert language(foreign, 5.0, 9.0) is None
