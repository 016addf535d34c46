"""The wordings that speak for a stance: what a listener would underline in a transcript.

Patterns run over lower-case words joined by single spaces, sentence ends kept as `.`, `?`, `!`. Where two families
match the same words, the longer match stands ("not sure" is a hedge, its "sure" no assurance).
Sources: dialogue-act manuals (Dhillon et al. 2004, MRDA: accept, reject, maybe, understanding check), hedges and
boosters (Hyland 2005), requests for repair (Dingemanse & Enfield 2015: "what do you mean").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A turn of agreement often begins with what, elsewhere, is no agreement at all ("right" as a direction): such words
# count only at the beginning of what is said, or as all of it.
OPENING = r"(?:^|(?<=[.?!] ))(?:(?:oh|well|and|so|yeah|yes|okay|um|uh|no|hmm),? )*"


@dataclass(frozen=True, slots=True)
class Wording:
    """One family: its cue's name, how strongly a match speaks for it (0 to 1), and the pattern."""

    name: str
    strength: float
    pattern: re.Pattern[str]


def _wording(name: str, strength: float, *patterns: str) -> Wording:
    return Wording(name, strength, re.compile(r"(?<![\w'])(?:" + "|".join(patterns) + r")(?![\w'])"))


WORDINGS = (
    _wording(
        "says_agreement",
        1.0,
        r"i (?:completely |totally |fully |absolutely |do |really |would |strongly )?agree(?: with| that|d)?",
        r"(?:that's|that is|you're|you are|yeah|yes|yep|exactly|quite) "
        r"(?:so |absolutely |exactly |totally |very |quite )?(?:right|true|correct|exactly right)",
        r"(?:yes|yeah|yep|oh)? ?(?:exactly|absolutely|definitely|precisely)(?= ?[.!,?]|$)",
        r"good point",
        r"i think so(?: too)?",
        r"me too",
        r"same here",
        r"fair enough",
        r"makes sense",
        OPENING + r"of course(?= ?[.!]|$)",  # "of course, if …" grants nothing
        r"that works(?= ?[.!]|$)",
        r"no doubt",
    ),
    _wording("says_agreement", 0.75, OPENING + r"(?:yes|yeah|yep|yup|sure|right|indeed|true|uh-huh|mm-hmm|mhm)"),
    _wording("says_agreement", 0.5, OPENING + r"(?:okay|ok|all right|alright)"),
    _wording(
        "says_disagreement",
        1.0,
        r"i (?:completely |totally |strongly |really |would |respectfully |have to |must )*disagree",
        r"i (?:really )?(?:don't|do not|can't|cannot) (?:agree|accept|think so|buy that)",
        r"(?:that's|that is|you're|you are) (?:just |simply |really |completely |totally )?"
        r"(?:not (?:true|right|correct|it|so|the case|how)|wrong|false|nonsense)",
        OPENING + r"no way(?= ?[.!,]|$)",
        r"not at all",
        r"absolutely not",
        r"of course not",
        r"on the contrary",
        r"i (?:wouldn't|would not) say (?:so|that)",
        r"not really(?= ?[.!,?]|$)",
    ),
    _wording(
        "says_disagreement",
        0.75,
        OPENING + r"(?:no|nope|nah|never)(?= ?[.!,?]|$| (?:i|it|that|that's|no|we|you)(?! doubt))",
    ),
    _wording(
        "says_hedge",
        1.0,
        r"i(?:'m| am) (?:really |still |just |honestly |quite )?not "
        r"(?:really |so |quite |entirely |totally |very |too |100% )?(?:sure|certain|positive|convinced)",
        r"i (?:really |honestly |just )?(?:don't|do not) (?:really |actually |exactly )?know"
        r"(?! (?:how to thank|what you mean))",
        r"i have no idea",
        r"i(?:'m| am) (?:unsure|uncertain)",
        r"(?:hard|difficult) to (?:say|tell)",
        r"i can't (?:really )?(?:say|tell|remember)",
    ),
    _wording("says_hedge", 0.9, r"not (?:really |so |quite |entirely |totally |very |too )?(?:sure|certain)"),
    _wording(
        "says_hedge",
        0.6,
        r"maybe",
        r"perhaps",
        r"possibly",
        r"i (?:guess|suppose)(?: so)?",
        r"(?:sort|kind) of(?= (?:a |like |not |maybe|\w+ly|\w+ing|think|feel))",
        r"(?:might|could) (?:be|have been)",
        r"i(?:'m| am) not sure",
        r"probably",
        r"i(?:'d| would) (?:guess|imagine)",
        r"as far as i (?:know|remember)",
        r"if i remember",
        r"or something(?: like that)?",
    ),
    _wording(
        "says_assurance",
        1.0,
        r"i(?:'m| am) (?:absolutely |completely |very |quite |pretty |totally |100% |really |so )?"
        r"(?:sure|certain|confident|positive|convinced)",
        r"(?:without|no|there is no|there's no) (?:a |any )?(?:doubt|question)(?: about it)?",
        r"i (?:know|guarantee|promise|assure)(?: you)?(?: for (?:sure|a fact)| that)",
        r"(?:definitely|certainly|clearly|obviously|undoubtedly)(?= \w)",
        r"i(?:'ve| have) (?:always|no doubt)",
        r"i can (?:definitely|certainly|absolutely)",
        r"for sure",
        r"of that i(?:'m| am)",
    ),
    _wording(
        "says_not_understanding",
        1.0,
        r"i (?:really |still |just )?(?:don't|do not|didn't|did not|can't) (?:really |quite |fully )?"
        r"(?:understand|get it|get that|follow|see what you)",
        r"what do you mean(?: by)?",
        r"what does (?:that|this|it) mean",
        r"i(?:'m| am) (?:a (?:little|bit) |so |totally |really |quite )?(?:confused|lost|puzzled)",
        r"(?:that's|this is|it's) (?:so |very |a bit |really )?confusing",
        r"(?:could|can|would) you (?:please )?(?:repeat|explain|clarify|say that again)",
        r"(?:doesn't|does not|didn't) make (?:any )?sense",
        r"come again",
        r"wait,? what",
        r"which one do you mean",
    ),
    _wording("says_not_understanding", 0.7, OPENING + r"(?:sorry|pardon|huh|what)(?= ?\?)"),
    _wording(
        "says_interest",
        1.0,
        r"tell me more",
        r"(?:that's|that is|this is|it's|how|very|so|really) (?:really |very |so |quite |super )?"
        r"(?:interesting|fascinating|intriguing|exciting|cool|amazing)",
        r"i(?:'m| am) (?:very |really |so |quite )?(?:interested|curious|fascinated|intrigued)",
        r"i(?:'d| would) (?:love|like) to (?:know|hear|learn|see|understand)",
        r"(?:i )?want to (?:know|hear|learn) more",
        r"how did (?:you|that|it|they)",
        r"what happened (?:then|next)",
        r"i was wondering",
        r"i wonder (?:how|what|why|if|whether)",
    ),
    _wording("says_interest", 0.6, OPENING + r"(?:wow|really|oh)(?= ?[?!])"),
    _wording(
        "says_doubt",
        1.0,
        r"are you (?:really |absolutely |quite |so )?(?:sure|certain|serious)",
        r"i (?:really |seriously |highly )?doubt (?:it|that|if|whether|he|she|they|this|we|you)",
        r"i(?:'m| am) (?:very |a bit |rather |quite |still )?"
        r"(?:skeptical|sceptical|doubtful|not convinced|unconvinced)",
        r"(?:hard|difficult) to believe",
        r"i (?:don't|do not|can't) (?:really )?believe (?:it|that|this|you)",
        r"(?:that's|it's|this is) (?:hardly|unlikely|doubtful|questionable)",
        r"sounds too good",
        r"how can (?:you|that|it|they) (?:be|know)",
        r"where(?:'s| is) the (?:proof|evidence)",
        r"i(?:'ll| will) believe it when",
        r"says who",
        r"if you say so",
    ),
    _wording(
        "says_blocked_effort",
        1.0,
        r"(?:this|that|it|nothing|the \w+) (?:just |still |simply |really )?"
        r"(?:doesn't|does not|won't|isn't|never|don't) work(?:s|ing)?",
        r"i(?:'m| am) (?:so |really |very |getting |totally )?(?:frustrated|annoyed|fed up|sick of|tired of|irritated)",
        r"(?:that's|this is|it's|so) (?:so |really |very |just )?(?:frustrating|annoying|ridiculous|irritating)",
        r"i(?:'ve| have) tried (?:everything|again and again|so many)",
        r"for the (?:third|fourth|fifth|tenth|hundredth|last|umpteenth) time",
        r"i (?:just )?(?:can't|cannot) (?:get|make) (?:it|this|that) (?:to )?(?:work|right|done)",
        r"(?:over and over|again and again)",
        r"i give up",
        r"why (?:won't|doesn't|does) (?:it|this|that) (?:work|keep|never)",
        r"come on(?= ?!)",
        r"waste of (?:my |our )?time",
    ),
    _wording(
        "says_strain",
        1.0,
        r"i(?:'m| am) (?:so |really |very |a bit |quite |extremely |getting )?"
        r"(?:stressed|nervous|anxious|overwhelmed|worried|exhausted|panicking|scared|under pressure)",
        r"(?:so|too) much (?:pressure|stress|to do)",
        r"(?:under|a lot of) (?:a lot of |so much |great )?(?:pressure|stress)",
        r"i (?:can't|cannot) (?:cope|handle|take|breathe|sleep)",
        r"running out of time",
        r"(?:that's|this is|it's) (?:so |really |very )?(?:stressful|too much)",
    ),
    _wording(
        "says_indifference",
        1.0,
        r"i (?:don't|do not|couldn't) (?:really )?care(?: less)?",
        r"whatever(?= ?[.!]|$)",
        r"i(?:'m| am) (?:so |really |a bit )?bored",
        r"(?:this|that|it)(?:'s| is) (?:so |really )?boring",
        r"doesn't matter to me",
    ),
)
