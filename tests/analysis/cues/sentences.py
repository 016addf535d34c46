"""Tables of sentences with the signals that their words alone should show, and how many of them are right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interhuman_stream.evaluation.words_alone import heard_alone, timed
from interhuman_stream.signals import SignalType

HERE = Path(__file__).parent
UNCOUNTED = frozenset({SignalType.ENGAGEMENT, SignalType.CONFIDENCE, SignalType.HESITATION})
NONE = "–"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One row: what is said, what it must show, what it may show beside that."""

    family: str
    text: str
    shows: frozenset[SignalType]
    may: frozenset[SignalType]

    @property
    def shown(self) -> frozenset[SignalType]:
        """What the engine reports for the words."""
        return frozenset(signal.type for signal in heard_alone(timed(self.text, 0.0), 0.0).signals)

    def right(self, shown: frozenset[SignalType]) -> bool:
        """Whether everything that must show does, and nothing that may not."""
        return self.shows <= shown <= self.shows | self.may | UNCOUNTED

    def judged(self, shown: frozenset[SignalType]) -> str:
        """The row with what was found, to be read where it is wrong."""
        return f"{self.family}: “{self.text}” shows {_named(self.shows)}; found {_named(shown)}"


def table(name: str) -> tuple[Sentence, ...]:
    """Read the Markdown table of a file beside this one."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return tuple(Sentence(family, text, _signals(shows), _signals(may)) for family, text, shows, may in rows[2:])


def _signals(cell: str) -> frozenset[SignalType]:
    return frozenset() if cell == NONE else frozenset(SignalType(name) for name in cell.split(", "))


def _named(signals: frozenset[SignalType]) -> str:
    return ", ".join(sorted(signals)) or NONE
