"""Short answers are heard, and nothing that is no English answer is taken for one: on synthetic voices and sounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from interhuman_stream.analysis import judge
from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.baseline import BaselineMemory
from interhuman_stream.analysis.perception.second_hearing import SecondHearing
from interhuman_stream.analysis.perception.tracks import Span, Tracks
from interhuman_stream.analysis.perception.voice import VoiceTracker
from interhuman_stream.analysis.perception.words import recognise
from interhuman_stream.signals import SignalType
from tools.bench.speakers import NoSpeech, Speaker, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.findings import Word

    Sound = NDArray[np.float32]
    Kind = Callable[[np.random.Generator, int], NDArray[np.float64]]

VOICES = (
    Speaker("espeak-ng", "en-us"),
    Speaker("espeak-ng", "en-gb"),
    Speaker("espeak-ng", "en-us+f3"),
    Speaker("flite", "slt"),
    Speaker("flite", "awb"),
    Speaker("flite", "kal16"),
)
CLEAR = VOICES[::3]
SPEEDS = (None, 0.4)  # as the voice likes, and seconds
FOREIGN = (
    ("de", "Ja."),
    ("de", "Jahr."),
    ("de", "Nein."),
    ("de", "Noch einmal."),
    ("de", "Ich habe gestern ein neues Buch gelesen."),
    ("fr-fr", "Oui."),
    ("fr-fr", "Non."),
    ("fr-fr", "Exactement."),
    ("fr-fr", "Nous avons mangé du pain."),
    ("ru", "Да."),
    ("ru", "Нет."),
    ("ru", "Она читает книгу дома."),
    ("ja", "はい。"),
    ("ja", "いいえ。"),
    ("ja", "わたしはほんをよみます。"),
    ("cmn", "是。"),
    ("cmn", "不是。"),
    ("cmn", "他在家看书。"),
)
STANCES = {SignalType.AGREEMENT, SignalType.DISAGREEMENT}


def spoken(speaker: Speaker, text: str, seconds: float | None = None) -> Sound:
    """What is said, with a second of a quiet room around it."""
    try:
        said = say(speaker, text, seconds)
    except NoSpeech as error:
        pytest.skip(str(error))
    room = np.random.default_rng(0).normal(0, 0.0008, len(said) + 2 * SAMPLE_RATE)
    room[SAMPLE_RATE : SAMPLE_RATE + len(said)] += said
    return room.astype(np.float32)


def hear(models: Models, sound: Sound, speech: list[Span] | None = None) -> tuple[list[Word], set[SignalType]]:
    """The words and the signals they come to, by the engine's own voice activity where ``speech`` is not given."""
    if speech is None:
        voice = VoiceTracker(models.voice)
        voice.hear(sound, 0.0)
        voice.flush()
        speech = voice.speech()
    second = SecondHearing(models.larger) if models.larger else None
    words = recognise(models.words, sound, 0.0, speech, second).words
    now = len(sound) / SAMPLE_RATE
    tracks = Tracks(now, None, None, tuple(speech), tuple(words))
    signals = judge.judge(tracks, BaselineMemory().baseline(), Span(0.0, now)).signals if words else ()
    return words, {signal.type for signal in signals} & STANCES


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "stance", "least"),
    [
        ("Yes.", SignalType.AGREEMENT, 7),
        ("Exactly.", SignalType.AGREEMENT, 3),
        ("No.", SignalType.DISAGREEMENT, 5),
        ("No way.", SignalType.DISAGREEMENT, 10),
    ],
)
def test_most_short_answers_are_heard(models: Models, text: str, stance: SignalType, least: int) -> None:
    """By twelve voices. Judged by the mean log-probability alone, "yes" was six of them and "no" three."""
    shown = [hear(models, spoken(speaker, text, seconds))[1] for speaker in VOICES for seconds in SPEEDS]
    assert shown.count({stance}) >= least, shown
    assert not any(each - {stance} for each in shown)


@pytest.mark.long
def test_a_yeah_is_heard_though_alone_it_may_only_mean_go_on(models: Models) -> None:
    """By twelve voices, of whom two were heard by the mean log-probability alone."""
    heard = [hear(models, spoken(speaker, "Yeah.", seconds))[0] for speaker in VOICES for seconds in SPEEDS]
    assert sum([word.text for word in words] == ["yeah"] for words in heard) >= 4, heard


@pytest.mark.parametrize("text", ["Yes.", "No."])
def test_a_short_answer_is_heard(models: Models, text: str) -> None:
    """By the voices that speak clearly; `make long` asks twelve."""
    stance = {"Yes.": SignalType.AGREEMENT, "No.": SignalType.DISAGREEMENT}[text]
    assert {stance} in [hear(models, spoken(speaker, text))[1] for speaker in CLEAR]


@pytest.mark.parametrize("variant", ["", pytest.param("+f3", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("language", "text"),
    [pytest.param(*each, marks=[pytest.mark.long] * (at % 3 > 0)) for at, each in enumerate(FOREIGN)],
)
def test_foreign_speech_is_no_stance(models: Models, language: str, text: str, variant: str) -> None:
    words, shown = hear(models, spoken(Speaker("espeak-ng", language + variant), text))
    assert not shown, words


def noise(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    return rng.normal(0, 1, count)


def rumble(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    return np.cumsum(rng.normal(0, 1, count))


def melody(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    time = np.arange(count) / SAMPLE_RATE
    pitch = np.repeat(rng.choice([220.0, 262.0, 330.0, 392.0], count // 8000 + 1), 8000)[:count]
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    return np.asarray(sum(np.sin(k * phase) / k for k in range(1, 8)) * np.exp(-2 * (time % 0.5)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [noise, rumble, melody])
@pytest.mark.parametrize("seconds", [0.6, 1.2, 4.0])
def test_noise_and_music_say_nothing_even_if_taken_for_speech(models: Models, kind: Kind, seconds: float) -> None:
    sound = kind(np.random.default_rng(1), int(seconds * SAMPLE_RATE))
    sound = (sound * 0.06 / np.sqrt(np.mean(sound**2))).astype(np.float32)
    words, shown = hear(models, sound, [Span(0.0, seconds)])
    assert not words
    assert not shown
