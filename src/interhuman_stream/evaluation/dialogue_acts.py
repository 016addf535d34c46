"""Dialogue acts as text (MRDA, Switchboard): utterances with tags, and what tags count as what.

A line of MRDA is `speaker|utterance|basic tag|general tag|full tag`, one of Switchboard `speaker|utterance|tag`, as
published by N. Duran; conversations follow one another without a mark. There are no times: how long a person was silent
is estimated from how many words the others said meanwhile.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.pauses import FILLERS
from interhuman_stream.analysis.cues.utterances import STOPS, Utterance
from interhuman_stream.evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

# People speak about three words a second in conversation (Yuan, Liberman & Cieri 2006).
WORDS_A_SECOND = 3.0
# The longest conversation of the corpus has 3391 utterances: lines further apart are of different ones.
LONGEST_CONVERSATION = 3400
FIELDS, FEWER_FIELDS = 5, 3
JOINED: Final = {"aap_am": "am", "arp_nd": "nd"}
"""Switchboard's tags that stand for two of MRDA's each."""
WORD: Final = re.compile(r"[\w']+")

# Which tags (MRDA manual, Dhillon et al. 2004) count as what: full tags, or the basic class of floor mechanisms.
TAGS: Final[dict[str, frozenset[str]]] = {
    "says_agreement": frozenset({"aa", "aap"}),
    "says_disagreement": frozenset({"ar", "arp", "nd", "ng"}),
    "says_hedge": frozenset({"am", "no"}),
    "says_floor_holder": frozenset({"basic F"}),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One utterance, its full tag and its basic one, empty in Switchboard; ``place`` counts lines."""

    place: int
    speaker: str
    text: str
    tag: str
    basic: str
    utterance: Utterance


def read(path: Path, *, fillers: bool = True) -> list[Act]:
    """Read a file of dialogue acts.

    Args:
        path: The file.
        fillers: Whether "um" and "uh" stay in; a recogniser leaves most of them out.

    Raises:
        EvaluationError: A line is not in the format.
    """
    rows = list(_rows(path))
    said = [tuple(WORD.findall(text.lower())) for _, text, _, _ in rows]
    before, after = _silences([speaker for speaker, _, _, _ in rows], said)
    last: dict[str, Utterance] = {}
    acts: list[Act] = []
    for place, ((speaker, text, basic, tag), words) in enumerate(zip(rows, said, strict=True)):
        kept = words if fillers else tuple(word for word in words if word not in FILLERS)
        mark = text[-1:] if text[-1:] in STOPS else ""
        previous = last[speaker].summary if speaker in last else ""
        last[speaker] = utterance = Utterance(kept, mark, before[place], after[place], previous)
        acts.append(Act(place, speaker, text, tag, basic, utterance))
    return acts


def labels(acts: list[Act], purpose: str) -> NDArray[np.bool_]:
    """Which utterances carry one of the purpose's tags."""
    return np.array([not TAGS[purpose].isdisjoint({act.tag, f"basic {act.basic}"}) for act in acts])


def conversations(acts: list[Act], length: int = 1400) -> NDArray[np.int64]:
    """A number for each stretch of about a conversation, to draw whole ones for intervals."""
    return np.array([act.place // length for act in acts])


def _rows(path: Path) -> Iterator[tuple[str, str, str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split("|")
        if len(parts) == FEWER_FIELDS:
            yield parts[0], parts[1], "", JOINED.get(parts[2], parts[2])
        elif len(parts) >= FIELDS:
            yield parts[0], "|".join(parts[1:-3]), parts[-3], parts[-1]
        else:
            raise EvaluationError(
                f"{path}, line {number}: expected speaker|utterance|basic|general|full tag or speaker|utterance|tag, "
                f"found {line[:60]!r}."
            )


def _silences(speakers: list[str], said: list[tuple[str, ...]]) -> tuple[list[float], list[float]]:
    """How long each speaker was silent before and after each utterance, in estimated seconds."""
    before, after = [math.inf] * len(said), [math.inf] * len(said)
    spoken = 0
    last: dict[str, tuple[int, int]] = {}
    for place, (speaker, words) in enumerate(zip(speakers, said, strict=True)):
        if speaker in last:
            earlier, until = last[speaker]
            before[place] = after[earlier] = (spoken - until) / WORDS_A_SECOND
        spoken += len(words)
        last[speaker] = place, spoken
    return before, after
