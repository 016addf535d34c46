"""Clips marked by several people second by second: `marks/MARKER/CLIP.json`, and the clips in `clips` here or beside.

A mark file has `seconds`, `signals` (type, start, end, sure from 1 to 3), `engagement` (start, end, state) over the
whole clip, and `events` (what, start, end): plain things that can be seen, such as a nod. `people.csv` (clip,person)
says who is in several clips, and `drawn.txt` names clips that show nobody real, one a line; without them the names
below are known, and every other clip has a person of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.evaluation.corpora import PICTURE, rows_of
from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.signals import EngagementState, SignalType

if TYPE_CHECKING:
    from pathlib import Path

MARKS: Final = "marks"
SAME_PERSON: Final = (
    ("feifeili",), ("andrew",), ("Obama",), ("st_furious_talk",), ("st_happyenglish",), ("sad_aoc", "ed_pose1"),
)  # fmt: skip
"""Parts of the names of clips that show one person (StyleTalk's, SadTalker's and EDTalk's examples)."""
DRAWN: Final = ("muse_sun", "muse_yongen", "echo_")
"""Beginnings of the names of clips that are drawn, animated or all but a still (MuseTalk's, EchoMimic's examples)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one marker saw from ``start`` to ``end`` (seconds): a signal, a level or an event; ``sure`` from 1 to 3."""

    what: str
    start: float
    end: float
    sure: int = 3


@dataclass(frozen=True, slots=True)
class Marker:
    """Everything that one marker marked in a clip."""

    signals: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    events: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """One clip, who is in it, how long it is in seconds, and what each marker saw."""

    name: str
    path: Path
    person: str
    seconds: float
    drawn: bool
    markers: tuple[Marker, ...]


def has_markings(folder: Path) -> bool:
    """Whether a folder is laid out so."""
    return any((folder / MARKS).glob("*/*.json"))


def markings(folder: Path) -> list[Marked]:
    """Read a folder of marked clips, by name.

    Raises:
        EvaluationError: A clip is missing, or markers marked different clips, or a file is not in the format.
    """
    markers = sorted(path for path in (folder / MARKS).iterdir() if path.is_dir())
    names = {path.name: sorted(each.stem for each in path.glob("*.json")) for path in markers}
    first = names[markers[0].name]
    for marker, clips in names.items():
        if clips != first:
            odd = ", ".join(sorted(set(clips) ^ set(first)))
            raise EvaluationError(f"{folder / MARKS}: {marker} and {markers[0].name} marked different clips: {odd}.")
    people, drawn = _people(folder), _drawn(folder)
    found = []
    for name in first:
        files = [_read(path / f"{name}.json") for path in markers]
        found.append(
            Marked(
                name=name,
                path=_clip(folder, name),
                person=people.get(name) or _person(name),
                seconds=float(files[0]["seconds"]),
                drawn=name in drawn if drawn is not None else name.startswith(DRAWN),
                markers=tuple(_marker(path / f"{name}.json", each) for path, each in zip(markers, files, strict=True)),
            )
        )
    return found


def _clip(folder: Path, name: str) -> Path:
    for place in (folder / "clips", folder, folder.parent / "clips"):
        for ending in PICTURE:
            if (path := place / f"{name}{ending}").exists():
                return path
    raise EvaluationError(f"{folder} has marks for {name}, and no such video in its `clips`, nor in `clips` beside it.")


def _people(folder: Path) -> dict[str, str]:
    table = folder / "people.csv"
    return {row["clip"]: row["person"] for row in rows_of(table, "clip", "person")} if table.exists() else {}


def _drawn(folder: Path) -> set[str] | None:
    names = folder / "drawn.txt"
    return set(names.read_text(encoding="utf-8").split()) if names.exists() else None


def _person(name: str) -> str:
    return next((parts[0] for parts in SAME_PERSON if any(part in name for part in parts)), name)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EvaluationError(f"{path} is no JSON: {error}.") from error
    missing = {"seconds", "signals", "engagement", "events"} - set(found)
    if missing:
        raise EvaluationError(f"{path} should have seconds, signals, engagement and events; {min(missing)} is missing.")
    return dict(found)


def _marker(path: Path, found: dict[str, Any]) -> Marker:
    try:
        return Marker(
            tuple(Mark(SignalType(m["type"]), m["start"], m["end"], m["sure"]) for m in found["signals"]),
            tuple(Mark(EngagementState(m["state"]), m["start"], m["end"]) for m in found["engagement"]),
            tuple(Mark(m["what"], m["start"], m["end"]) for m in found["events"]),
        )
    except (KeyError, ValueError) as error:
        raise EvaluationError(
            f"{path}: {error}; expected type, start, end and sure of a signal, start, end and state of an engagement "
            "level, what, start and end of an event."
        ) from error
