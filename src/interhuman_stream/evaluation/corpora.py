"""Public data sets by folder, in the layouts their makers published: which clip shows whom doing what.

None of them is shipped or fetched. RAVDESS is CC BY-NC-SA 4.0, DAiSEE, BAH, MIT Interview and First Impressions are for
research only: they evaluate, and nothing that is fitted on them ships. CREMA-D is under the Open Database License.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from interhuman_stream.evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

SOUND: Final = (".flac", ".wav")
PICTURE: Final = (".avi", ".mkv", ".mov", ".mp4", ".mpg", ".webm")
RAVDESS: Final = re.compile(r"\d\d-\d\d-(\d\d)-\d\d-\d\d-\d\d-(\d\d)")
RAVDESS_EMOTIONS: Final = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgusted", "surprised")
CREMA: Final = re.compile(r"(\d{4})_[A-Z]{3}_([A-Z]{3})_[A-Z]{2}")
CREMA_EMOTIONS: Final = {
    "ANG": "angry", "DIS": "disgusted", "FEA": "fearful", "HAP": "happy", "NEU": "neutral", "SAD": "sad",
}  # fmt: skip
DAISEE_SCALES: Final = ("Boredom", "Engagement", "Confusion", "Frustration")


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of one subject with one label."""

    path: Path
    subject: str
    label: str

    def samples(self) -> NDArray[np.float32]:
        """Its sound, float32 mono at 16 kHz."""
        from interhuman_stream.evaluation.sound import read_sound  # noqa: PLC0415 - names alone need no decoder

        return read_sound(self.path)


@dataclass(frozen=True, slots=True)
class Rated:
    """One clip of one subject with one number for each of several scales."""

    path: Path
    subject: str
    ratings: dict[str, float]


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """A stretch of a file, in seconds, in which a person saw a signal."""

    path: Path
    start: float
    end: float
    signal: str


def ravdess(folder: Path) -> list[Clip]:
    """Read RAVDESS: modality-channel-EMOTION-intensity-statement-repetition-ACTOR, FLAC or WAV."""
    return list(_ravdess(folder))


def crema_d(folder: Path) -> list[Clip]:
    """Read CREMA-D: ACTOR_SENTENCE_EMOTION_LEVEL, FLAC or WAV."""
    return [
        Clip(path, match[1], CREMA_EMOTIONS[match[2]])
        for path in _files(folder, SOUND)
        if (match := CREMA.fullmatch(path.stem)) and match[2] in CREMA_EMOTIONS
    ]


def daisee(folder: Path) -> list[Rated]:
    """Read DAiSEE: `Labels/AllLabels.csv` with ClipID and four scales of 0 to 3, `DataSet/<part>/<subject>/<clip>/`."""
    table = folder / "Labels" / "AllLabels.csv"
    where = {path.name: path for path in _files(folder / "DataSet", PICTURE)}
    return [
        Rated(where[name], where[name].parent.parent.name, {scale: float(row[scale]) for scale in DAISEE_SCALES})
        for row in rows_of(table, "ClipID", *DAISEE_SCALES)
        if (name := row["ClipID"]) in where
    ]


def mit_interview(folder: Path) -> list[Rated]:
    """Read the MIT Interview features: `prosodic_features.csv` and `turker_scores_full_interview.csv` by participant.

    The recordings themselves are not public: what is rated here has features instead of a clip.
    """
    table = folder / "Labels" / "turker_scores_full_interview.csv"
    found: dict[str, list[dict[str, float]]] = {}
    for row in rows_of(table, "Participant", "Worker"):
        numbers = {name: float(value) for name, value in row.items() if name not in ("Participant", "Worker")}
        found.setdefault(row["Participant"].lower(), []).append(numbers)
    return [
        Rated(table, re.sub(r"^pp?", "", who), {name: sum(each[name] for each in all_) / len(all_) for name in all_[0]})
        for who, all_ in found.items()
    ]


def first_impressions(folder: Path) -> list[Rated]:
    """Read First Impressions as a table: `annotation.csv` with video and trait columns from 0 to 1, clips beside it.

    The subject is the part of a clip's name before its number: clips of one video are of one person.
    """
    where = {path.name: path for path in _files(folder, PICTURE)}
    return [
        Rated(
            where[row["video"]],
            row["video"].rsplit(".", 2)[0],
            {name: float(value) for name, value in row.items() if name != "video"},
        )
        for row in rows_of(folder / "annotation.csv", "video", "interview")
        if row["video"] in where
    ]


def bah(folder: Path) -> list[Rated]:
    """Read BAH (ambivalence and hesitancy) as a table: `labels.csv` with video, participant, question, label 0 or 1.

    Score within a question: which question was asked gives AUC .77 by itself.
    """
    return [
        Rated(
            folder / row["video"], row["participant"], {"question": float(row["question"]), "ah": float(row["label"])}
        )
        for row in rows_of(folder / "labels.csv", "video", "participant", "question", "label")
    ]


def labelled_spans(table: Path) -> list[LabelledSpan]:
    """Read a table with the columns file, start, end (seconds) and signal; files are looked for beside it."""
    spans = [
        LabelledSpan(table.parent / row["file"], float(row["start"]), float(row["end"]), row["signal"])
        for row in rows_of(table, "file", "start", "end", "signal")
    ]
    for span in spans:
        if not span.path.exists():
            raise EvaluationError(f"{table} names {span.path.name}, which is not beside it. Put it there.")
    return spans


def videos(folder: Path) -> list[Path]:
    """The video files of a folder, by name."""
    return _files(folder, PICTURE)


def _ravdess(folder: Path) -> Iterator[Clip]:
    for path in _files(folder, SOUND):
        if match := RAVDESS.fullmatch(path.stem):
            yield Clip(path, match[2], RAVDESS_EMOTIONS[int(match[1]) - 1])


def _files(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in endings)


def rows_of(table: Path, *columns: str) -> Iterator[dict[str, str]]:
    """Read a CSV table row by row.

    Raises:
        EvaluationError: It is missing, or one of ``columns`` is.
    """
    if not table.exists():
        raise EvaluationError(f"{table} is missing; it should be a CSV with the columns {', '.join(columns)}.")
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, skipinitialspace=True)
        names = [name.strip() for name in reader.fieldnames or []]
        if missing := [name for name in columns if name not in names]:
            raise EvaluationError(f"{table} has the columns {', '.join(names)}; {', '.join(missing)} missing.")
        reader.fieldnames = names
        yield from reader
