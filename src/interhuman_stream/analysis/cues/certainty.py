"""Wordings for how sure somebody is: perhaps, certainly, hardly, and the search for what to say.

Sources: hedges and boosters (Hyland 2005), MRDA's "maybe" (Dhillon et al. 2004), editing terms and repetitions as signs
of trouble (Levelt 1983; Clark & Fox Tree 2002).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import (
    CANT,
    DONT,
    END,
    FREELY,
    IM,
    IVE,
    OPENING,
    OUTRIGHT,
    THATS,
    VERY,
    YOURE,
)
from interhuman_stream.analysis.cues.phrasing import wording as _wording

CLAIM: Final = rf"(?:(?:{THATS}|{YOURE}|there's|there is|we're|i agree|i believe|i buy|i trust|about)(?: [\w']+)?)"

PERHAPS: Final = r"(?:maybe|perhaps|possibly|i (?:guess|suppose)|might|could be|i'm guessing|presumably|or something)"

# Words that are said twice where one stumbles; "no no" and "very very" are not among them.
SMALL: Final = (
    r"(?:i|i'm|i've|it|it's|we|we're|they|he|she|the|a|an|and|but|so|to|in|of|on|for|with|if|is|was|are|this|there's|"
    r"my|your|"
    r"i don't|i mean|you know|what|when|how|because|or)"
)

EDITING: Final = r"(?:i mean|you know|well|like|i don't know|i guess|i suppose|sort of|kind of|how do i say)"
"""What fills the time until the right words are found (Levelt 1983); one alone does not."""
ACQUAINTED: Final = (
    r"how to thank|what you mean|(?:him|her|them|you|anyone|anybody|anything about)(?![\w'])|about you,? but|"
    r"the (?:guy|man|woman|person|people)"
)
"""Who does not know somebody is not unsure."""

UNSURE: Final = (
    _wording(
        "says_hedge",
        OUTRIGHT,
        rf"{IM} {VERY}not {VERY}(?:sure|certain)(?: (?:yet|either|anymore))?{END}",
        rf"(?:{IVE}|i)(?: got)? (?:absolutely |really |honestly )?no (?:idea|clue)(?: (?:yet|either|really))?{END}",
        rf"i {FREELY}(?:don't|do not) {FREELY}know(?: (?:yet|either|for sure|for certain|to be honest))?{END}",
    ),
    _wording(
        "says_hedge",
        1.0,
        rf"(?:{IM}|we're|i feel|i was) {VERY}(?:in two minds|of two minds|torn|undecided|unsure|uncertain|unclear|"
        rf"on the fence|just guessing|only guessing|having second thoughts|having doubts|going back and forth)",
        r"(?:i )?(?:keep )?(?:go|going|changing|change) (?:back and forth|my mind)",
        rf"(?:it|that|things?|i|we|you) (?:could|can|might|may) {VERY}(?:go|be|swing) (?:(?:either|both|any) ways?|"
        rf"either(?: one|"
        rf" of (?:them|the two))?|one or the other)",
        r"(?:there's|there is) a (?:good |real |small )?(?:chance|possibility) (?:that )?(?:i'm|i am|it's|we're) "
        r"(?:wrong|not)",
        r"(?:could|might|may)(?: be)? [\w']+(?: [\w']+)?(?:,| or) (?:it )?(?:could|might|may)(?: not|n't)?(?: be)?",
        rf"i {FREELY}(?:{CANT}) {FREELY}(?:remember|recall|think of)(?: (?:if|whether|who|what|where|when|how|"
        rf"which|why|"
        rf"his|her|the|my|your|their|exactly))?",
        rf"i {FREELY}(?:{DONT}) {FREELY}(?:think|believe) i (?:know|remember|can (?:say|tell))",
        rf"i {FREELY}(?:{CANT}|wouldn't|couldn't) {FREELY}(?:say|tell|know|guarantee|promise|swear|"
        rf"be)(?: (?:for )?(?:sure|certain|"
        rf"either way|one way or the other|exactly|with (?:any )?certainty))(?: that)?",
        rf"i {FREELY}(?:couldn't|can't|cannot|wouldn't) {FREELY}(?:tell you|say|know|be (?:sure|certain))(?= "
        rf"?[.!,]|$|"
        rf" (?:if|whether|"
        rf"how|what|why|which|when|where|who))",
        rf"i {FREELY}(?:don't|do not) {FREELY}(?:know|remember|recall)(?! (?:{ACQUAINTED}))",
        r"not that i(?:'m| am|'ve| have| can| could)? ?(?:know|aware|remember|recall|think|heard|noticed|seen)(?: "
        r"of)?",
        rf"(?:it's|that's|it is|this is) {VERY}(?:hard|difficult|tough|tricky|impossible|not easy|too early|"
        rf"too soon) to (?:say|tell|"
        rf"know|judge|predict|be sure)",
        r"(?:hard|difficult|tough|tricky|impossible|too early|too soon) to (?:say|tell|judge|predict)",
        r"(?:there's|there is|there was) no (?:way (?:of|to) (?:know|knowing|tell|telling|be|being|find)|telling|"
        r"guarantee|"
        r"knowing)(?: \w+)?",
        r"(?:that |it |which )?remains to be seen",
        rf"{OPENING}(?:i guess |i suppose )?(?:we'll|we will|we shall) (?:just )?(?:have to )?see{END}",
        r"(?:only )?time will tell",
        r"(?:who|god|heaven|goodness|lord) (?:really |only )?knows(?= ?[.!?,]|$| (?:if|what|how|why|when|whether))",
        rf"(?:i )?{FREELY}(?:haven't|have not) {FREELY}(?:decided|made up my mind|figured|worked (?:it|that) out|"
        rf"got (?:a|the) (?:clue|"
        rf"faintest|foggiest|slightest)|the faintest|thought (?:it|that) through|made a decision)(?: yet)?",
        r"(?:not|haven't) the (?:faintest|foggiest|slightest)(?: idea| clue)?",
        r"(?:up in the air|a toss-?up|anybody's guess|anyone's guess|a (?:wild |rough )?guess|my best guess|"
        r"fifty-?fifty|50-?50)",
        r"(?:just|only) (?:a guess|guessing|speculating)",
        r"(?:maybe|perhaps),? (?:maybe|perhaps) not",
        rf"{OPENING}(?:maybe|perhaps|possibly|it's possible|could be|might be|i guess so|i suppose so|i think so "
        rf"maybe|"
        rf"probably|"
        rf"presumably|hard to say|not sure|dunno|no clue|beats me){END}",
        r"as far as i(?: can|'m)? (?:know|remember|recall|can tell|tell|aware|understand|see)(?: (?:it|of))?",
        r"(?:if i (?:remember|recall|'m not mistaken|'m not wrong)(?: (?:right|rightly|correctly))?|if memory "
        r"serves)",
        r"off the top of my head",
        r"i(?:'d| would) (?:have to )?(?:guess|say maybe|say probably)",
        r"(?:i )?(?:could|might|may) (?:well |very well |easily )?be (?:totally |completely |way )*(?:wrong|mistaken|"
        r"off)(?: (?:here|about|on|there)"
        r"(?: (?:this|that|it))?)?",
        rf"{IM} not {VERY}(?:sure|certain|clear|positive) (?:what|which|whether|if|how|where|who|when) (?:to|i|"
        rf"we)(?: (?:should|"
        rf"want|would|can|could|need))?",
        r"not (?:100|a hundred|one hundred) ?(?:percent|%)(?: (?:sure|certain|convinced)| on (?:that|this|it)|(?= "
        r"?[.!,]|$))",
        r"i wouldn't (?:swear to|stake|put money on)(?: it| that)?",
    ),
    _wording(
        "says_hedge",
        1.0,
        rf"(?:{IM}|i was|i wasn't) (?:{VERY})(?:not )?(?:(?:really|so|quite|entirely|totally|very|too|100%|"
        rf"exactly) )*"
        r"(?:unsure|uncertain|undecided|torn|on the fence|of two minds)",
        rf"{IM} {VERY}not (?:(?:really|so|quite|entirely|totally|very|too|100%|all that|even) )*"
        r"(?:sure|certain|positive)",
        r"i (?:wasn't|am not) (?:really |quite |so )?(?:sure|certain)",
        r"i (?:really |honestly |just )?(?:don't|do not|wouldn't) (?:really |actually |exactly |even )?(?:know|"
        r"remember|recall)"
        rf"(?! (?:{ACQUAINTED}))",
        rf"(?:{IVE}|i)(?: got)? (?:absolutely |really )?no (?:idea|clue)",
        OPENING + r"(?:no|not a) (?:idea|clue)",
        r"(?:hard|difficult) to (?:say|tell)",
        rf"i {CANT} (?:really |quite |honestly )?(?:say|tell|remember|recall|decide|be sure|make up my mind)"
        r"(?! (?:you|him|her|them|me|us|i|it|what|how))",
        r"i (?:couldn't|can't) tell you",
        r"i haven't (?:really )?(?:decided|made up my mind)",
        r"i (?:could|might|may) be (?:totally |completely )?(?:wrong|mistaken|off)",
        r"correct me if i(?:'m| am) wrong",
        r"(?:don't|do not) (?:quote me|hold me to (?:it|that))",
        r"your guess is as good as mine",
        r"(?:who knows|beats me|it's anyone's guess)(?= ?[.!?,]|$)",
        rf"(?:it|that) (?:all |really |kind of )?depends{END}",
        r"i(?:'d| would)? have to (?:check|look (?:it|that) up)",
        r"(?:(?<=i have to )|(?<=i'd have to )|(?<=i would have to )|(?<=i'll have to )|(?<=i need to ))think "
        r"about (?:it|that|this)",
    ),
    # Two of the small ones in a clause are no mere softening, or not often.
    _wording("says_hedge", 0.85, rf"{PERHAPS}(?![\w'])(?:,? [\w']+){{0,4}},? {PERHAPS}"),
    _wording(
        "says_hedge",
        0.9,
        r"not (?:really |so |quite |entirely |totally |very |too )?(?:sure|certain|positive)",
    ),
    _wording(
        "says_hedge",
        0.6,
        r"maybe",
        r"perhaps",
        r"possibly",
        r"i (?:guess|suppose)(?: so)?",
        r"(?:sort|kind) of(?= (?:a |like |not |maybe|\w+ly|\w+ing|think|feel))",
        r"(?:might|could) (?:be|have been)",
        r"probably",
        r"i(?:'d| would) (?:guess|imagine)",
        rf"{IM} guessing",
        r"as far as i (?:know|remember|can tell)",
        r"if i(?:'m not mistaken| remember)",
        r"or something(?: like that)?",
        r"something like that",
        r"more or less",
    ),
    # Not the speaker's own statement is doubted, but another's.
    _wording(
        "says_doubt",
        1.0,
        rf"{IM} {VERY}not (?:(?:really|so|quite|entirely|totally|very|too|100%|all that|even) )*(?:sure|certain|"
        rf"convinced) "
        rf"(?:that |if )?{CLAIM}",
    ),
)

ASSURANCE: Final = (
    _wording(
        "says_assurance",
        1.0,
        rf"{IM} {VERY}(?:100% )?(?:sure|certain|confident|positive|convinced)",
        r"(?:without|no|there is no|there's no) (?:a |any )?(?:doubt|question)(?: about (?:it|that))?",
        r"i (?:guarantee|promise|assure) (?:you )?that",
        r"i can (?:definitely|certainly|absolutely)",
        r"for sure",
        r"of that i(?:'m| am)",
    ),
    _wording(
        "says_assurance",
        OUTRIGHT,
        rf"{IM} {VERY}(?:sure|certain|confident|positive|convinced) (?:of (?:it|that)|about (?:it|that|this)|it|"
        rf"that)",
        rf"{IM} (?:absolutely|completely|totally|quite|very|fully|entirely|100%|a hundred percent) (?:sure|certain|"
        rf"confident|positive|"
        rf"convinced)",
        r"(?:there's|there is|i have) (?:absolutely )?no doubts?(?: (?:about (?:it|that)|in my mind|whatsoever))?",
    ),
    _wording(
        "says_assurance",
        1.0,
        rf"i {FREELY}know (?:exactly|precisely|perfectly well|full well|very well|for (?:sure|certain|"
        rf"a fact))(?: (?:what|how|why|who|"
        rf"where|that))?",
        r"i know (?:it|that|this) for (?:sure|certain|a fact)",
        r"i (?:can |could |will |'ll )?(?:absolutely |definitely |personally )?(?:guarantee|promise|assure|swear it|"
        r"swear to)(?: (?:you|it|that|to "
        r"(?:you|god)))?",
        rf"{OPENING}(?:trust|believe) me(?= ?[.!,]|$| (?:i|it|this|that|we|on))",
        r"(?:mark my words|take my word(?: for it)?|take it from me|make no mistake|rest assured|bet on it|"
        r"you can (?:count|bet|rely) "
        r"on (?:it|me|that)|bet your life|i'd bet (?:my|anything|money))",
        r"(?:without|beyond|no|not) (?:a |any |the )?(?:shadow of a |slightest )?(?:doubt|question|"
        r"hesitation)(?: about (?:it|that))?",
        rf"{IVE} (?:done|seen|been doing|been through|handled|given) (?:this|it|that)(?: [\w']+){{0,3}} (?:times|"
        rf"years|"
        rf"before|"
        rf"(?:my )?whole life)",
        rf"(?:{IVE}|we've) got (?:this|it under control)",
        rf"i {FREELY}can (?:definitely |certainly |absolutely |easily )?(?:(?:handle|manage) (?:it|this|that|"
        rf"anything)|"
        rf"do this)(?= ?[.!,]|$)",
        r"i know what i(?:'m| am) (?:doing|talking about)",
        r"(?:i|we)(?:'m| am|'re| are|'ll| will)? (?:definitely |certainly |absolutely )?(?:going to |gonna )?(?:nail|"
        r"win|crush|ace|succeed)"
        r"(?: (?:it|this|that))?(?= ?[.!,]|$)",
        r"(?:piece of cake|no sweat|easy peasy|hands down|of that i'm sure|as sure as)",
        rf"{OPENING}(?:definitely|certainly|obviously|clearly|undoubtedly|unquestionably|without question|"
        rf"without a doubt|"
        rf"no question),? (?:the|this|that|it|we|he|she|they|i)",
        r"(?:it|this|that|we|i)(?:'ll| will) (?:definitely|certainly|absolutely|surely)(?= \w)",
        r"(?:it|this|that)(?:'ll| will) (?:work|be fine|happen),? (?:period|trust me|believe me|i promise|no "
        r"question|guaranteed)",
        r"i(?:'ll| will|'d)? (?:stake|bet|put) my (?:reputation|life|name|house|money) on",
        r"(?:with my eyes (?:closed|shut)|in my sleep)(?= ?[.!,]|$)",
        rf"(?:leave (?:it|this|that) to me|you have my word|you can take that to the bank|that's a (?:fact|promise|"
        rf"guarantee)){END}",
        r"i know what i (?:saw|heard|said|want|know|need)(?= ?[.!,]|$)",
    ),
    # In the midst of a sentence these are often mere emphasis: alone too little.
    _wording("says_assurance", 0.7, r"(?:definitely|certainly|clearly|obviously|undoubtedly)(?= \w)"),
)

SEARCHING: Final = (
    _wording(
        "says_searching",
        1.0,
        r"(?:let me|let's) (?:just )?(?:think|see)(?: about (?:it|that|this))?(?: for a (?:second|moment|minute|"
        r"sec))?(?= ?[.!,?]|$| "
        r"(?:what|how|where|it|i|was|well|um|uh|now|the))",
        r"how (?:do|should|can|shall|would|could) i (?:put|say|phrase|explain|describe|word) (?:this|it|that)",
        r"how to (?:put|say|phrase|explain|word) (?:this|it|that)",
        r"what(?:'s| is| was) the (?:right |exact )?(?:word|name|term)(?: for (?:it|that|this))?",
        r"what(?:'s| is| was) (?:it|that|his name|her name|that) called",
        r"what(?:'s| is| was) (?:his|her|its) name(?: again)?",
        r"what do (?:you|they) call (?:it|that|them)",
        r"what was (?:it|i (?:going to say|saying|about to say))(?: again)?",
        r"(?:where was i|it's on the tip of my tongue|on the tip of my tongue|i lost my train of thought|"
        r"i've lost my thread)",
        rf"{IM} (?:still )?(?:just )?(?:trying|struggling) to (?:think|remember|recall|find (?:the|"
        rf"a) (?:right )?words?)",
        r"(?:give me|just) (?:a|one) (?:second|moment|minute|sec)(?: to think)?(?= ?[.!,]|$)",
        rf"(?:i {FREELY}(?:don't|do not) {FREELY}know|{IM} {VERY}not {VERY}sure) (?:how|where) to (?:put|say|"
        rf"phrase|explain|begin|start)",
        r"(?:well|so|but|and),? (?:i|it's|you know|it|that's),? (?:i mean|you know|well|like),? (?:i|it's|it|that's|"
        r"you know)",
        # what is to be thought over first is not said yet
        rf"i(?:'d| would|'ll| will)? {FREELY}(?:have|need|want) (?:to|(?:a|some) (?:moment|minute|second|time) "
        rf"to)(?= think)",
        # cut off and begun again, or drawn out; a recogniser writes dots
        r"[\w']+\.\.(?: [\w']+){1,5}\.\.(?= \w)",
        rf"{OPENING}(?:well|i|so|but|it's|hmm|maybe|i mean|you know)\.\.(?= \w)",
        rf"(?:{EDITING},? ){{2}}{EDITING}",
        rf"{EDITING}, (?:{EDITING},|(?P<cut>{SMALL}),? (?P=cut)(?![\w'])) ",
        rf"(?P<anew>{SMALL}), (?P=anew)(?![\w'])(?:,? [\w']+){{0,4}},? (?:i mean|you know|sort of|kind of|how do i|"
        rf"let me|let's see|"
        rf"what's|hard|difficult|i don't know)",
        r"(?:should|could|would|can|did|do|is) (?:i|you|we|it), (?:i mean|you know|sorry|well)",
        # the same small words over again, twice within one utterance
        rf"(?P<once>{SMALL}),? (?P=once)(?![\w'])(?:,? [\w']+){{0,5}},? (?P<again>{SMALL}),? (?P=again)",
    ),
    # A recogniser that writes a comma heard a break.
    _wording("says_searching", 0.85, rf"{OPENING}(?P<first>{SMALL}), (?P=first)"),
    _wording("says_searching", 0.5, rf"(?P<small>{SMALL}(?: [\w']+)?),? (?P=small)"),
)

CERTAINTY: Final = (*UNSURE, *ASSURANCE, *SEARCHING)
