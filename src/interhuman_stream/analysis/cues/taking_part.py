"""Wordings for how somebody takes part in the talk: follows it, or holds back.

Sources: who says "go on" shows that he listens (Schegloff 1982), what is not preferred is put off (Pomerantz 1984).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import END, FREELY, IM, OPENING, VERY
from interhuman_stream.analysis.cues.phrasing import wording as _wording

BACKCHANNEL: Final = r"(?:mm-?hmm?|mhm|uh-?huh|mm|hmm|right|yeah|yes|okay|oh)"

ATTENDING: Final = (
    _wording(
        "says_attending",
        1.0,
        rf"(?:{IM}|we're) {VERY}(?:following(?: (?:you|along|so far))*{END}|with you so far|still with you|"
        rf"following (?:your )?every (?:single )?word|all (?:attention|yours)|paying "
        rf"attention|"
        rf"taking notes|right (?:here|with you)|hanging on (?:your )?every word)",
        rf"{OPENING}i hear (?:you(?: loud and clear)?|what you(?:'re| are) saying){END}",
        r"you(?:'ve| have)? (?:got|have) (?:all )?(?:my|our) (?:full |undivided |complete )*attention",
        rf"{OPENING}(?:{BACKCHANNEL},? ){{2,}}(?:go ahead|go on|keep going|continue|i see){END}",
        rf"{OPENING}(?:talk to me|keep talking|don't stop(?: there| now)?|let's hear it){END}",
        rf"(?:{OPENING}|let's )(?:look at|work on|figure out|try|do|go through|solve) (?:it|this|that) together",
        r"(?:walk me through|take me through|show me) (?:it|that|this|(?:how|what|where)(?: [\w']+){0,4})(?= "
        r"?[.!?,]|$)",
    ),
)

RELUCTANT: Final = (
    _wording(
        "says_reluctance",
        1.0,
        rf"i(?:'d| would) {FREELY}(?:rather not|prefer not to) (?:say|talk|answer|discuss|go into|get into|comment|"
        rf"tell|"
        rf"think)(?: about)?(?: (?:it|that|this))?",
        rf"(?:{IM}|i feel) {VERY}(?:reluctant|hesitant|not (?:{VERY})comfortable|uncomfortable) (?:to|about|saying|"
        rf"talking|"
        rf"sharing|with)(?: \w+)?",
        r"i (?:hesitate|hate|don't like|don't really like) to (?:ask|say|tell|bring|mention|bother|admit|speculate|"
        r"guess)",
        r"i (?:probably |really )?shouldn't (?:say|be saying|be telling|tell|talk|ask)(?: (?:this|that|you|it))*",
        r"(?:maybe|perhaps|i don't know,?) (?:we|i) (?:shouldn't|should(?:n't)? (?:wait|leave it|hold off))",
        r"do i (?:really )?(?:have to|need to|got to)(?= ?\?|$| (?:answer|say|do|go|tell|decide))",
        r"(?:can|could|may) (?:i|we) (?:just |maybe |please )?(?:think about (?:it|that|this)|sleep on it|get back "
        r"to you|"
        r"come back to (?:it|that|this)|skip (?:that|this) (?:one|question)|do (?:it|this|that) (?:later|another "
        r"time))",
        r"(?:let me|i'll|i will|i'd have to|i'll have to|i need to|i have to) (?:get back to you|sleep on (?:it|"
        r"that|this)|"
        r"come back to (?:you|that|it|this))(?: on (?:it|that|this))?",
        r"(?:it's|this is|that's) (?:a bit |kind of |a little |very |rather )?(?:hard|difficult|awkward|embarrassing|"
        r"uncomfortable) (?:for me )?to (?:talk about|admit|explain|ask|put into words)",
        # The doubt before it is a hedge; what is held back comes after.
        r"(?:(?<=not sure )|(?<=not sure if )|(?<=not sure whether )|(?<=not sure that )|(?<=don't know if )|"
        r"(?<=don't know whether ))(?:i|we) (?:should|ought to|want to|can) (?:really |be )?(?:tell|say|do|go|ask|"
        r"talk|mention|"
        r"answer|share|sign|telling|saying|doing)",
    ),
)

TAKING_PART: Final = (*ATTENDING, *RELUCTANT)
