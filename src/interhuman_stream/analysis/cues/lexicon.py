"""The wordings that speak for a stance: what a listener would underline in a transcript.

Where two families match the same words, the longer match stands ("not sure" is a hedge, its "sure" no assurance; "yeah
but" objects, its "yeah" grants nothing).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.certainty import CERTAINTY
from interhuman_stream.analysis.cues.doubt import DOUBT
from interhuman_stream.analysis.cues.feelings import FEELINGS
from interhuman_stream.analysis.cues.indirect import INDIRECT
from interhuman_stream.analysis.cues.phrasing import OPENING, Wording, wording
from interhuman_stream.analysis.cues.questions import QUESTIONS
from interhuman_stream.analysis.cues.sayings import SAYINGS
from interhuman_stream.analysis.cues.stances import STANCES
from interhuman_stream.analysis.cues.taking_part import TAKING_PART

NOTHING: Final = "says_nothing"
"""Wordings that look like one of the families and mean nothing of the kind; they only stand in the others' way, and
come first where both are as long."""

LOOKALIKES: Final = (
    wording(
        NOTHING,
        1.0,
        OPENING
        + r"no,? (?:problem|worries|wonder|need|rush|matter|hard feelings|big deal|stress|pressure|hurry|trouble|"
        r"harm|"
        r"offen[sc]e taken|pain no gain|news is good news)",
        OPENING + r"(?:no|oh|well),? (?:that's|it's|i'm) (?:okay|ok|fine|all right|alright|good|nothing)",
        OPENING + r"(?:right|okay|yes|well),? (?:now|here|there|away|after|before|behind|next|behind)",
        OPENING + r"sure thing",
        OPENING + r"oh,? no(?! (?:i|you|we))",
        OPENING + r"true (?:love|story|friends?)",
        r"never mind",
        r"(?:^|(?<=[.?!] ))(?:(?:oh|well|no),? )*i know(?= ?[.!]|$)",  # alone it agrees, grants or waves aside
        r"not (?:too |so |half |all that )*bad(?! (?:idea|point|plan|thought|suggestion)) ?(?:at all)?",
        # who is not unsure is not unsure
        r"(?:i'm |i am |i was )?(?:not|isn't|wasn't|never) (?:really |at all |in the least |exactly |entirely "
        r")?(?:unsure|uncertain|undecided|uninterested|"
        r"unconvinced|uncomfortable|unhappy|unaware|unfamiliar)",
        # an offer
        r"are you sure (?:that )?(?:you (?:don't|do not|wouldn't|won't|can't|didn't)|you(?:'re| are)(?: going to "
        r"be)? (?:okay|ok|all right|alright|"
        r"fine|warm|comfortable|not))",
        # that time flies
        r"(?:hard|difficult|impossible) to (?:believe|imagine) (?:that )?(?:it's|it has|it is|we've|i've|he's|"
        r"she's|they're)"
        r"(?: (?:only|already|been|almost|over|really|just))+",
        r"can't believe (?:it's|we're|i'm|we|i|how) (?:(?:been|already|finally|almost|really|actually)(?![\w'])|"
        r"(?:won|made|did|beautiful|"
        r"lucky|good|well|nice|great|much))",
        r"i'm afraid(?! (?:of|to|for|about)(?![\w])| (?:that )?(?:i|we|it|he|she|they|something|this)(?: might| "
        r"may| could| won't| will|'ll"
        r"|'m going| am going)(?! have to)(?![\w'])| ?[.!,]|$)",
        OPENING + r"no (?:more|less|fewer|later|sooner|longer|earlier|bigger|smaller) than",
        OPENING + r"(?:no one|nobody|no later|no longer|no parking|no smoking|no entry)",
        r"so what(?! ?[.!?]|$)",
        r"what do you do(?= ?\?)",
    ),
)
WORDINGS: Final[tuple[Wording, ...]] = (
    *LOOKALIKES,
    *INDIRECT,
    *TAKING_PART,
    *SAYINGS,
    *STANCES,
    *CERTAINTY,
    *DOUBT,
    *QUESTIONS,
    *FEELINGS,
)
