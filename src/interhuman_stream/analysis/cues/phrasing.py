"""How a family of wordings is written down: its cue, its strength, its pattern, and the pieces that patterns share.

Patterns run over lower-case words joined by single spaces; commas and sentence ends stay with the word before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ORDINARY: Final = 0.85
"""The strength of a wording that shows a stance; 1 is for one that declares it ("I agree", "I'm so frustrated")."""
OUTRIGHT: Final = 1 / ORDINARY
"""What to give ``wording`` for those."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One family: its cue's name, how strongly a match speaks for it (0 to 1), and the pattern."""

    name: str
    strength: float
    pattern: re.Pattern[str]


def wording(name: str, strength: float, *patterns: str) -> Wording:
    """Make a family of alternatives, each of whole words; strength 1 is that of an ordinary wording."""
    return Wording(name, ORDINARY * strength, re.compile(r"(?<![\w'])(?:" + "|".join(patterns) + r")(?![\w'])"))


# What begins a turn often is, elsewhere, nothing of the kind ("right" as a direction): such words count only at the
# beginning of what is said, or as all of it.
OPENING: Final = (
    r"(?:^|(?<=[.?!] ))(?:(?:oh|ooh|ah|well|and|so|yeah|yes|okay|um|uh|no|hmm|hey|wow|ugh|man|look|listen|i mean|"
    r"honestly|actually|frankly|to be honest|you know|seriously|god|please|see),? )*"
)
END: Final = r"(?= ?[.!,]|$| (?:you know|i (?:guess|suppose|mean)|honestly|to be honest|though|then|man|dude)(?![\w']))"
"""A clause ends here, and not with a question."""
GOES_ON: Final = (
    r"(?= ?[.!,]|$| (?:i|i'm|i've|i'd|i'll|we|we're|you|you're|they|he|she|that's|it's|yeah|yes|yep|right|no|and|"
    r"because|"
    r"totally|exactly|absolutely|definitely)(?![\w']))"
)
"""A clause ends here, or another begins where the recogniser wrote no mark."""
ASKED: Final = r"(?= ?\?)"
VERY: Final = (
    r"(?:(?:absolutely|dead|fairly|awfully|terribly|completely|totally|entirely|extremely|exactly|really|pretty|"
    r"quite|rather|just|simply|still|so|"
    r"very|too|all|a bit|a little|kind of|getting|always|honestly|fully|strongly|clearly|actually|seriously|highly|"
    r"even|super|incredibly|bloody|fucking|freaking|damn|utterly|literally|truly|genuinely|deeply|increasingly|"
    r"definitely|"
    r"sort of|kinda|so so|sick and|quite frankly|frankly|starting to get|feeling|also|already|slightly|thoroughly|"
    r"perfectly|100%|a hundred percent|one hundred percent|hundred percent) )*"
)
"""Any words of degree, with a space behind each."""
FREELY: Final = (
    r"(?:(?:honestly|really|just|truly|actually|frankly|simply|still|personally|seriously|sincerely|kind of|sort of|"
    r"kinda|"
    r"also|always|even|totally|completely|quite|rather|very much|highly|strongly|definitely|certainly|absolutely|"
    r"fully|"
    r"genuinely|often|probably) )*"
)
"""Any words between "I" and its verb, with a space behind each."""
MORE: Final = r"(?:couldn't|could not|can't) (?:be|feel|get) (?:any )?more"
"""Not possibly more: as much as can be ("I couldn't be more sure")."""
IM: Final = rf"(?:i(?:'m| am| {MORE})|i(?:'ve| have) never (?:been|felt) (?:so|more|this|as))"
IVE: Final = r"i(?:'ve| have)"
DONT: Final = r"(?:don't|do not|didn't|did not)"
CANT: Final = r"(?:can't|cannot|can not|couldn't|could not)"
THATS: Final = rf"(?:that's|that is|this is|it's|it is|(?:it|this|that) {MORE})"
YOURE: Final = rf"(?:you're|you are|he's|he is|she's|she is|they're|they are|(?:you|he|she|they) {MORE})"
THIS: Final = r"(?:it|this|that|these|those)"
