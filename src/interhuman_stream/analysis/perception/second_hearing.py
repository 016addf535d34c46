"""Asks a larger model where the small one is not sure: other words, or none because it is another language.

Whisper base errs less than tiny.en and costs several times as much; asked about the least sure stretches alone it
brings much of that. It also knows languages, where tiny.en writes English nonsense to whatever it hears.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.whisper import (
    BASE_IN_BRIEF,
    LEAST_SHORT_PROBABILITY,
    encode,
    languages,
    understand,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.whisper import Hearing, Recogniser, Text

UNSURE: Final = -0.45
"""Mean log-probability of the small model's text below which the larger one is asked."""
LOOP: Final = 3
"""Words in a row that, said twice, may be the small model in a loop."""
NONSENSE: Final = -0.6
"""The same, where it may not be English at all. Of 93 stretches of synthetic speech in twelve other languages the
surest had -.71; of those stretches of public speech two were less sure than -.6, and none less than -.7."""
ENGLISH: Final = "en"
TAKEN_FOR_IT: Final = ("cy", "la", "nn", "haw")
"""What base takes accented or quiet English for (Welsh, with .61, on a clip of plain British English)."""
FOREIGN: Final = 0.1
"""English that is less likely than this is none."""
ENGLISH_ENOUGH: Final = 0.3
"""English that is likelier than this may be written down anew: of another language the larger model makes a
translation, whose words nobody said."""
ENGLISH_IN_BRIEF: Final = 0.7
"""The same of a word or two, which sound alike in many languages: Russian "но" is a "nope" of .63, in English with .65;
most synthetic voices' own answers are English with .78 to .97."""
CONFIRMED: Final = 0.83
"""How likely the larger model must find a word or two, and the same ones: of so little sound both make something, and
what one makes alone is often an answer that was not given ("yellow" became "yeah, look"). Synthetic voices' "exactly",
"absolutely" and "yes" had .84 to .95, "snow" taken for "no" up to .80, "но" for "nope" .63, and "no" itself .53 to .75:
that is not gained."""
CONFIRMABLE: Final = 0.3
"""How likely the small model must find them to be worth asking: of 50 short answers and false friends of which it was
not sure, by synthetic voices, the larger confirmed 8, and those had .36 and more; 19 had less than .3."""
NAMED: Final = 0.5
"""A language that is likelier than this is told by its name."""
LEAST_SOUND: Final = 2.0
"""Seconds with less than which no language is told from another."""
SHARE: Final = 0.25
"""Of the sound that may be heard a second time."""
AT_FIRST: Final = 10.0
"""Seconds that may be heard a second time before that, and may be saved up: in a language that is not known, or in
song, the small model is never sure."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What counts of a stretch of speech.

    Attributes:
        heard: The text that stands.
        foreign: Whether it stands for nothing: the speech is not English.
        language: Which it is, by its ISO 639-1 code, where that is clear.
    """

    heard: Hearing
    foreign: bool = False
    language: str | None = None


class SecondHearing:
    """One stream's use of the larger model.

    Args:
        larger: Gives the model, which is loaded when it is asked for the first time.
    """

    def __init__(self, larger: Callable[[], Recogniser]) -> None:
        self._larger = larger
        self._left = AT_FIRST
        self._foreign: Opinion | None = None  # what was spoken last, if it was not English

    def opinion(self, heard: Hearing, samples: NDArray[np.float32]) -> Opinion:
        """Say what counts of a stretch of which the small model has ``heard`` something."""
        seconds = len(samples) / SAMPLE_RATE
        self._left = min(AT_FIRST, self._left + SHARE * seconds)
        sure = heard.text.probability >= LEAST_SHORT_PROBABILITY or (
            heard.text.score >= UNSURE and not loops(heard.plain.split())
        )
        brief = heard.short or seconds < LEAST_SOUND
        if brief and self._foreign:  # a "ja" sounds like "yeah"
            return replace(self._foreign, heard=heard)
        hopeless = heard.short and heard.text.probability < CONFIRMABLE
        if not sure and not hopeless and self._left >= seconds:
            self._left -= seconds
            return self._again(heard, samples, brief=brief)
        if sure and not brief:
            self._foreign = None
        return replace(self._foreign, heard=heard) if self._foreign else Opinion(heard)

    def _again(self, heard: Hearing, samples: NDArray[np.float32], *, brief: bool) -> Opinion:
        larger = replace(self._larger(), window=BASE_IN_BRIEF) if brief else self._larger()
        encoded, frames = encode(larger, samples)
        likely = languages(larger, encoded)
        english = likely.get(ENGLISH, 0.0)
        nonsense = not brief and heard.text.score < NONSENSE
        if nonsense and english + sum(likely.get(each, 0.0) for each in TAKEN_FOR_IT) < FOREIGN:
            likeliest = max(likely, key=lambda each: likely[each])
            known = self._foreign.language if self._foreign else None
            self._foreign = Opinion(heard, True, likeliest if likely[likeliest] >= NAMED else known)
            return self._foreign
        if english < (ENGLISH_IN_BRIEF if brief else ENGLISH_ENOUGH):
            return replace(self._foreign, heard=heard) if self._foreign else Opinion(heard)
        if not brief:
            self._foreign = None
        again = understand(larger, encoded, frames, len(samples) / SAMPLE_RATE)
        better = confirmed(again, heard) if heard.short or again.short else surer(again.text, heard.text)
        return Opinion(again if better else heard)


def confirmed(again: Hearing, heard: Hearing) -> bool:
    """Whether a word or two that the small model was not sure of are those that the larger one surely hears."""
    return again.text.probability >= CONFIRMED and again.plain == heard.plain


def loops(words: list[str]) -> bool:
    """Whether the same words in a row come twice."""
    rows = [tuple(words[at : at + LOOP]) for at in range(len(words) - LOOP + 1)]
    return len(set(rows)) < len(rows)


def surer(one: Text, other: Text) -> bool:
    """Whether ``one`` is the likelier text: by what is trusted, then by the mean log-probability."""
    return (one.trusted, one.score) > (other.trusted, other.score)
