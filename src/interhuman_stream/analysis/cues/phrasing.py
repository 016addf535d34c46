"""How a family of wordings is written down: its cue, its strength, its pattern, and the pieces that patterns share.

Patterns run over lower-case words joined by single spaces; commas and sentence ends stay with the word before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    """One family: its cue's name, how strongly a match speaks for it (0 to 1), and the pattern."""

    name: str
    strength: float
    pattern: re.Pattern[str]


def wording(name: str, strength: float, *patterns: str) -> Wording:
    """Make a family of alternatives, each of whole words."""
    return Wording(name, strength, re.compile(r"(?<![\w'])(?:" + "|".join(patterns) + r")(?![\w'])"))


# What begins a turn often is, elsewhere, nothing of the kind ("right" as a direction): such words count only at the
# beginning of what is said, or as all of it.
OPENING: Final = r"(?:^|(?<=[.?!] ))(?:(?:oh|well|and|so|yeah|yes|okay|um|uh|no|hmm|hey),? )*"
END: Final = r"(?= ?[.!,]|$)"
"""A clause ends here, and not with a question."""
ASKED: Final = r"(?= ?\?)"
VERY: Final = (
    r"(?:(?:absolutely|completely|totally|entirely|extremely|exactly|really|pretty|quite|rather|just|simply|still|so|"
    r"very|too|all|a bit|a little|kind of|getting|always|honestly|fully|strongly|clearly|actually|seriously|highly|"
    r"even|super|incredibly|bloody|fucking|damn) )*"
)
"""Any words of degree, with a space behind each."""
IM: Final = r"i(?:'m| am)"
IVE: Final = r"i(?:'ve| have)"
DONT: Final = r"(?:don't|do not|didn't|did not)"
CANT: Final = r"(?:can't|cannot|can not|couldn't|could not)"
THATS: Final = r"(?:that's|that is|this is|it's|it is)"
YOURE: Final = r"(?:you're|you are|he's|he is|she's|she is|they're|they are)"
THIS: Final = r"(?:it|this|that|these|those)"
