"""Texts with labels: GoEmotions' `test.tsv` and the dialogue acts that EMOTyDA gave MELD's utterances (`MELD.csv`).

GoEmotions (Demszky et al. 2020, CC BY 4.0): Reddit comments with emotions by their published numbers, 0 to 27. EMOTyDA
(Saha et al. 2020): lines of a comedy with one dialogue act and one emotion each; no licence stated, so that nothing is
fitted on it. Neither has the twelve signals: what stands for what is said here, and is a stand-in.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOEMOTIONS, EMOTYDA = "test.tsv", "MELD.csv"
HEAD: Final = ["text", "label", "id"]
EMOTIONS: Final = {
    SignalType.FRUSTRATION: ("annoyance", "3"),
    SignalType.STRESS: ("nervousness", "19"),
    SignalType.CONFUSION: ("confusion", "6"),
    SignalType.INTEREST: ("curiosity", "7"),
    SignalType.AGREEMENT: ("approval", "4"),
    SignalType.DISAGREEMENT: ("disapproval", "10"),
}
NEUTRAL: Final = "27"
NUMBERS: Final = {"anger": "2", "annoyance": "3", "fear": "14", "nervousness": "19"}
"""Of the emotions that weights are fitted on."""
PLACEHOLDER: Final = re.compile(r"\[(?:NAME|RELIGION)\]")
ACTS: Final = {
    SignalType.AGREEMENT: ("agreement, acknowledgement, backchannel", frozenset({"ag", "a", "b"})),
    SignalType.DISAGREEMENT: ("disagreement", frozenset({"dag"})),
}
FELT: Final = {SignalType.FRUSTRATION: "anger", SignalType.STRESS: "fear"}
STATEMENT: Final = "s"
APOSTROPHES: Final = str.maketrans("’‘", "''")
"""A recogniser writes the straight one."""
CONTROLS: Final = range(0x80, 0xA0)
"""What Windows' own characters, among them quotes and dashes, become when they are read as Latin-1."""


@dataclass(frozen=True, slots=True)
class TextSet:
    """Texts, each with the signals its labels stand for, whether they say it is neutral, and a group for intervals.

    Attributes:
        name: Of the set.
        labels: What stands for each signal, in the set's own words.
        texts: As a recogniser would write them.
        signals: Of each text.
        neutral: Of each text.
        group: Of each text: those of one conversation share it.
        looked_at: Whether the texts were looked at while the wordings were being built.
    """

    name: str
    labels: dict[SignalType, str]
    texts: tuple[str, ...]
    signals: tuple[frozenset[SignalType], ...]
    neutral: tuple[bool, ...]
    group: tuple[int, ...]
    looked_at: str = "its figures, not its texts"


def text_sets(folder: Path) -> Iterator[TextSet]:
    """Read the sets in a folder or in the folders in it."""
    for place in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        if _is_goemotions(place / GOEMOTIONS):
            yield goemotions(place / GOEMOTIONS)
        if (place / EMOTYDA).exists():
            yield emotyda(place / EMOTYDA)


def goemotions(path: Path) -> TextSet:
    """Read a part of GoEmotions: text, numbers of emotions with commas between, id; with tabs between.

    Raises:
        EvaluationError: A line is not in the format.
    """
    texts = _table(path)
    found = [given for _, given in texts]
    return TextSet(
        f"{path.parent.name} ({path.stem})",
        {signal: name for signal, (name, _) in EMOTIONS.items()},
        tuple(text for text, _ in texts),
        tuple(frozenset(signal for signal, (_, number) in EMOTIONS.items() if number in each) for each in found),
        tuple(each == {NEUTRAL} for each in found),
        tuple(range(len(found))),
    )


def numbered(path: Path) -> list[tuple[str, set[str]]]:
    """Read a part of GoEmotions as texts with the numbers of their emotions, without the names that were masked.

    Raises:
        EvaluationError: A line is not in the format.
    """
    return [(PLACEHOLDER.sub(" ", text), given) for text, given in _table(path)]


def _table(path: Path) -> list[tuple[str, set[str]]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
    for number, row in enumerate(rows, 1):
        if len(row) != len(HEAD):
            raise EvaluationError(f"{path}, line {number}: expected text, label and id with tabs between them.")
    return [(row[0].translate(APOSTROPHES), set(row[1].split(","))) for row in rows[1:]]


def emotyda(path: Path) -> TextSet:
    """Read EMOTyDA's table for MELD, whose quotes and dashes have been through two wrong encodings.

    Raises:
        EvaluationError: A column is missing.
    """
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8", errors="replace"), newline="")))
    needed = {"Utterance", "Dialogue Act", "Emotion", "Dialogue_ID"}
    if missing := needed - set(rows[0] if rows else ()):
        raise EvaluationError(f"{path} should have the columns {', '.join(sorted(needed))}; {min(missing)} is missing.")
    acts = [row["Dialogue Act"].strip() for row in rows]
    return TextSet(
        f"{path.parent.name} ({path.stem})",
        {signal: name for signal, (name, _) in ACTS.items()} | FELT,
        tuple(mended(row["Utterance"]).translate(APOSTROPHES) for row in rows),
        tuple(
            frozenset(
                [signal for signal, (_, these) in ACTS.items() if act in these]
                + [signal for signal, emotion in FELT.items() if row["Emotion"] == emotion]
            )
            for act, row in zip(acts, rows, strict=True)
        ),
        tuple(act == STATEMENT and row["Emotion"] == "neutral" for act, row in zip(acts, rows, strict=True)),
        tuple(int(row["Dialogue_ID"]) for row in rows),
        looked_at="its figures, and some of its texts",
    )


def mended(text: str) -> str:
    """Undo UTF-8 read as Mac Roman, then Windows-1252 read as Latin-1; what was not so stays as it is."""
    try:
        text = text.encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return text
    return "".join(bytes([ord(c)]).decode("cp1252", "replace") if ord(c) in CONTROLS else c for c in text)


def _is_goemotions(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as file:
        return file.readline().rstrip("\n").split("\t") == HEAD
