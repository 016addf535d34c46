"""The wordings that speak for a stance: what a listener would underline in a transcript.

Where two families match the same words, the longer match stands ("not sure" is a hedge, its "sure" no assurance; "yeah
but" objects, its "yeah" grants nothing).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.certainty import CERTAINTY
from interhuman_stream.analysis.cues.feelings import FEELINGS
from interhuman_stream.analysis.cues.phrasing import OPENING, Wording, wording
from interhuman_stream.analysis.cues.questions import QUESTIONS
from interhuman_stream.analysis.cues.stances import STANCES

NOTHING: Final = "says_nothing"
"""Wordings that look like one of the families and mean nothing of the kind; they only stand in the others' way, and
come first where both are as long."""

LOOKALIKES: Final = (
    wording(
        NOTHING,
        1.0,
        OPENING + r"no,? (?:problem|worries|wonder|need|rush|matter|hard feelings|big deal)",
        OPENING + r"(?:no|oh|well),? (?:that's|it's|i'm) (?:okay|ok|fine|all right|alright|good|nothing)",
        OPENING + r"(?:right|okay|yes|well),? (?:now|here|there|away|after|before|behind|next|behind)",
        OPENING + r"sure thing",
        OPENING + r"oh,? no(?! (?:i|you|we))",
        OPENING + r"true (?:love|story|friends?)",
        r"never mind",
        r"i'm afraid(?= (?:i|that's|not|so|you|it|we|there|this)(?![\w']))",
        r"so what(?! ?[.!?]|$)",
        r"what do you do(?= ?\?)",
    ),
)
WORDINGS: Final[tuple[Wording, ...]] = (*LOOKALIKES, *STANCES, *CERTAINTY, *QUESTIONS, *FEELINGS)
