"""Synthetic speakers hesitate when they are said to, and the engine hears it without words."""

from __future__ import annotations

import numpy as np
import pytest

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from tools.bench.hesitations import DRAWN, FILLED, KNOWN, LONGEST, SHORTEST, talk, with_noise
from tools.bench.measure import score
from tools.bench.speakers import NoSpeech, Speaker, say
from tools.filler_bench import listen

SPEAKER = Speaker("espeak-ng", "en-us")


@pytest.fixture(autouse=True)
def _voices() -> None:
    try:
        say(SPEAKER, "um")
    except NoSpeech as error:
        pytest.skip(str(error))


def test_a_voice_says_a_word_as_long_as_asked() -> None:
    assert len(say(SPEAKER, "um", 0.5)) / SAMPLE_RATE == pytest.approx(0.5, abs=0.1)
    assert len(say(SPEAKER, "um", 0.35)) < len(say(SPEAKER, "um", 0.6))


@pytest.mark.long
def test_hesitations_are_heard_where_they_are_and_hardly_elsewhere() -> None:
    said = talk(SPEAKER, 0, 3)
    assert len(said.done) == 8
    assert set(DRAWN) >= {"the", "to", "and"}
    for one in said.done:
        assert SHORTEST * 0.7 < one.end - one.start < LONGEST
        inside = said.samples[round(one.start * SAMPLE_RATE) : round(one.end * SAMPLE_RATE)]
        assert np.sqrt(np.mean(inside**2)) > 0.01
    result, _ = score(FILLED, said.done, listen(with_noise(said.samples, 40, np.random.default_rng(0)))[0], slack=0.0)
    assert result.hit >= 5
    assert result.wrong <= 2


def test_every_voice_has_something_to_say_and_no_two_parts_are_alike() -> None:
    assert SPEAKER in KNOWN
    one, other = (talk(SPEAKER, part, 3) for part in (0, 1))
    assert one.spoken > 20 < other.spoken
    assert len(one.samples) != len(other.samples)
