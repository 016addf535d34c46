"""Wordings for how sure somebody is: perhaps, certainly, hardly, and the search for what to say.

Sources: hedges and boosters (Hyland 2005), MRDA's "maybe" (Dhillon et al. 2004), editing terms and repetitions as signs
of trouble (Levelt 1983; Clark & Fox Tree 2002).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import (
    ASKED,
    CANT,
    DONT,
    END,
    FREELY,
    IM,
    IVE,
    OPENING,
    OUTRIGHT,
    THATS,
    THIS,
    VERY,
    YOURE,
)
from interhuman_stream.analysis.cues.phrasing import wording as _wording
from interhuman_stream.analysis.cues.stances import TRUE

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
        rf"(?:it|that|things?|i|we|you) (?:could|can|might|may) {VERY}(?:go|be|swing) (?:(?:either|both|any) ways?|either(?: one|"
        rf" of (?:them|the two))?|one or the other)",
        r"(?:there's|there is) a (?:good |real |small )?(?:chance|possibility) (?:that )?(?:i'm|i am|it's|we're) (?:wrong|not)",
        r"(?:could|might|may)(?: be)? [\w']+(?: [\w']+)?(?:,| or) (?:it )?(?:could|might|may)(?: not|n't)?(?: be)?",
        rf"i {FREELY}(?:{CANT}) {FREELY}(?:remember|recall|think of)(?: (?:if|whether|who|what|where|when|how|which|why|"
        rf"his|her|the|my|your|their|exactly))?",
        rf"i {FREELY}(?:{DONT}) {FREELY}(?:think|believe) i (?:know|remember|can (?:say|tell))",
        rf"i {FREELY}(?:{CANT}|wouldn't|couldn't) {FREELY}(?:say|tell|know|guarantee|promise|swear|"
        rf"be)(?: (?:for )?(?:sure|certain|"
        rf"either way|one way or the other|exactly|with (?:any )?certainty))(?: that)?",
        rf"i {FREELY}(?:couldn't|can't|cannot|wouldn't) {FREELY}(?:tell you|say|know|be (?:sure|certain))(?= ?[.!,]|$|"
        rf" (?:if|whether|"
        rf"how|what|why|which|when|where|who))",
        rf"i {FREELY}(?:don't|do not) {FREELY}(?:know|remember|recall)(?! (?:{ACQUAINTED}))",
        r"not that i(?:'m| am|'ve| have| can| could)? ?(?:know|aware|remember|recall|think|heard|noticed|seen)(?: of)?",
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
        rf"{OPENING}(?:maybe|perhaps|possibly|it's possible|could be|might be|i guess so|i suppose so|i think so maybe|"
        rf"probably|"
        rf"presumably|hard to say|not sure|dunno|no clue|beats me){END}",
        r"as far as i(?: can|'m)? (?:know|remember|recall|can tell|tell|aware|understand|see)(?: (?:it|of))?",
        r"(?:if i (?:remember|recall|'m not mistaken|'m not wrong)(?: (?:right|rightly|correctly))?|if memory serves)",
        r"off the top of my head",
        r"i(?:'d| would) (?:have to )?(?:guess|say maybe|say probably)",
        r"(?:i )?(?:could|might|may) (?:well |very well |easily )?be (?:totally |completely |way )*(?:wrong|mistaken|"
        r"off)(?: (?:here|about|on|there)"
        r"(?: (?:this|that|it))?)?",
        rf"{IM} not {VERY}(?:sure|certain|clear|positive) (?:what|which|whether|if|how|where|who|when) (?:to|i|"
        rf"we)(?: (?:should|"
        rf"want|would|can|could|need))?",
        r"not (?:100|a hundred|one hundred) ?(?:percent|%)(?: (?:sure|certain|convinced)| on (?:that|this|it)|(?= ?[.!,]|$))",
        r"i wouldn't (?:swear to|stake|put money on)(?: it| that)?",
    ),
    _wording(
        "says_hedge",
        1.0,
        rf"(?:{IM}|i was|i wasn't) (?:{VERY})(?:not )?(?:(?:really|so|quite|entirely|totally|very|too|100%|exactly) )*"
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
        r"(?:it|that) (?:all |really |kind of )?depends(?= ?[.!,]|$)",
        r"i(?:'d| would)? have to (?:check|look (?:it|that) up)",
        r"(?:(?<=i have to )|(?<=i'd have to )|(?<=i would have to )|(?<=i'll have to )|(?<=i need to ))think about (?:it|that|this)",
    ),
    # Two of the small ones in a clause are no mere softening, or not often.
    _wording("says_hedge", 0.92, rf"{PERHAPS}(?![\w'])(?:,? [\w']+){{0,4}},? {PERHAPS}"),
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
        rf"(?:that |if |whether )?{CLAIM}",
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
        rf"{IM} {VERY}(?:sure|certain|confident|positive|convinced) (?:of (?:it|that)|about (?:it|that|this)|it|that)",
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
        rf"{IVE} (?:done|seen|been doing|been through|handled|given) (?:this|it|that)(?: [\w']+){{0,3}} (?:times|years|"
        rf"before|"
        rf"(?:my )?whole life)",
        rf"(?:{IVE}|we've) got (?:this|it under control)",
        rf"i {FREELY}can (?:definitely |certainly |absolutely |easily )?(?:(?:handle|manage) (?:it|this|that|anything)|"
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
        r"(?:it|this|that)(?:'ll| will) (?:work|be fine|happen),? (?:period|trust me|believe me|i promise|no question|guaranteed)",
        r"i(?:'ll| will|'d)? (?:stake|bet|put) my (?:reputation|life|name|house|money) on",
        r"(?:with my eyes (?:closed|shut)|in my sleep)(?= ?[.!,]|$)",
        rf"(?:leave (?:it|this|that) to me|you have my word|you can take that to the bank|that's a (?:fact|promise|guarantee)){END}",
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
        rf"(?:i {FREELY}(?:don't|do not) {FREELY}know|{IM} {VERY}not {VERY}sure) (?:how|where) to (?:put|say|phrase|explain|begin|start)",
        r"(?:well|so|but|and),? (?:i|it's|you know|it|that's),? (?:i mean|you know|well|like),? (?:i|it's|it|that's|"
        r"you know)",
        # what is to be thought over first is not said yet
        rf"i(?:'d| would|'ll| will)? {FREELY}(?:have|need|want) (?:to|(?:a|some) (?:moment|minute|second|time) to)(?= think)",
        # cut off and begun again, or drawn out; a recogniser writes dots
        r"[\w']+\.\.(?: [\w']+){1,5}\.\.(?= \w)",
        rf"{OPENING}(?:well|i|so|but|it's|hmm|maybe|i mean|you know)\.\.(?= \w)",
        rf"(?:{EDITING},? ){{2}}{EDITING}",
        rf"{EDITING}, (?:{EDITING},|(?P<cut>{SMALL}),? (?P=cut)(?![\w'])) ",
        rf"(?P<anew>{SMALL}), (?P=anew)(?![\w'])(?:,? [\w']+){{0,4}},? (?:i mean|you know|sort of|kind of|how do i|let me|let's see|"
        rf"what's|hard|difficult|i don't know)",
        rf"(?:should|could|would|can|did|do|is) (?:i|you|we|it), (?:i mean|you know|sorry|well)",
        # the same small words over again, twice within one utterance
        rf"(?P<once>{SMALL}),? (?P=once)(?![\w'])(?:,? [\w']+){{0,5}},? (?P<again>{SMALL}),? (?P=again)",
    ),
    # A recogniser that writes a comma heard a break.
    _wording("says_searching", 0.85, rf"{OPENING}(?P<first>{SMALL}), (?P=first)"),
    _wording("says_searching", 0.5, rf"(?P<small>{SMALL}(?: [\w']+)?),? (?P=small)"),
)

DOUBT: Final = (
    _wording(
        "says_doubt",
        OUTRIGHT,
        rf"i(?:'d| would)? {FREELY}doubt (?:it|that|this){END}",
        rf"i {FREELY}(?:{DONT}) {FREELY}(?:believe|buy) (?:it|that|this|a word|you){END}",
        rf"{IM} {VERY}(?:skeptical|sceptical|unconvinced|not {VERY}convinced)",
    ),
    _wording(
        "says_doubt",
        1.0,
        r"(?:i )?(?:have|had|'m having) (?:a )?(?:hard|difficult|tough) time (?:believing|buying|seeing|accepting|"
        r"imagining|trusting)",
        r"i have (?:real |serious |some |my )*(?:doubts?|trouble (?:believing|buying|seeing)|reservations|"
        r"misgivings)(?: about)?",
        rf"(?:that's|it's|this is|that is|i find (?:it|that|this)|which is)? ?{VERY}(?:hard|difficult|impossible|"
        rf"tough) to (?:believe|"
        rf"swallow|buy|imagine|take seriously)",
        rf"i {FREELY}(?:{DONT}|won't|wouldn't) {FREELY}(?:believe|buy|trust|swallow) (?:it|that|this|you|him|"
        rf"her|them|a word|any of|"
        rf"these|those|the|his|your|their|what)",
        rf"{IM} (?:{VERY})not (?:{VERY})(?:convinced|sold|persuaded|buying|so sure about|sure (?:that's|that is|"
        rf"this is|it's) (?:true|right|"
        rf"correct|a good|the (?:right|best)|such a|even|really|possible))(?: (?:it|that|this|on that))?",
        rf"(?:{IM} )?not (?:so |too |all that )(?:sure|certain|convinced)(?: about (?:that|this|it))?{END}",
        rf"i(?:'m| am) (?:{VERY})(?:wary|leery|cynical|dubious|suspicious|distrustful)",
        r"colou?r me (?:skeptical|sceptical|unconvinced|doubtful|suspicious)",
        rf"(?:that'll be the day|when (?:pigs fly|hell freezes)|fat chance|as if|pull the other one|tell me another|"
        rf"in your dreams|"
        rf"that's a stretch|i've heard that (?:one )?before|heard that (?:one )?before|we've heard that before|"
        rf"a likely story|"
        rf"what a load){END}",
        rf"{OPENING}(?:yeah|oh|sure),? (?:right|sure),? (?:like|as if|because)",
        rf"{OPENING}like (?:that's|that is|it's|that'll|that would|this is) (?:ever |really |actually )?(?:going to|"
        rf"gonna|happen|work|help|true|"
        rf"ever)(?: \w+)?",
        r"(?:something|it|this|that|the whole thing|the story)(?:'s| is| just)? (?:about (?:this|that|it|him|"
        r"her) )?(?:just |"
        r"really |still )?(?:(?:doesn't|don't|isn't) (?:quite |really )?(?:add up|ring true|feel right|sound right|"
        r"seem right|sit right|"
        r"right|smell right|make sense to me)|smells? (?:fishy|off|funny)|sounds? (?:fishy|off|made up|fake|"
        r"like (?:an excuse|a lie|nonsense|"
        r"a sales pitch|a scam))|(?:is |seems? )(?:off|fishy|suspicious|not right))",
        rf"(?:that|it|this) (?:sounds|seems|looks) {VERY}(?:unlikely|implausible|improbable|doubtful|questionable|"
        rf"suspicious|fishy|shady|"
        rf"sketchy|optimistic|far-?fetched|too (?:good|easy|optimistic|simple))",
        r"(?:a (?:bit|little) )?(?:far-?fetched|hard to swallow|too good to be true)",
        r"you (?:really |honestly |seriously )?(?:expect|want) me to (?:believe|buy|trust|think)",
        r"am i (?:really |honestly )?(?:supposed|meant|expected) to (?:believe|buy|trust)",
        r"do (?:you|they|we) (?:really|honestly|seriously|actually) (?:think|believe|expect)",
        r"do i look (?:stupid|dumb|like (?:a fool|an idiot|i was born))",
        r"how (?:can|could|do|would) (?:you|we|they|anyone|anybody|i) (?:even |possibly |really |"
        r"ever )?(?:be (?:so )?(?:sure|certain)|trust|"
        r"believe|know (?:that|this|it|if|for|whether)|tell|prove)",
        r"(?:what|where)(?:'s| is| are) (?:the|your) (?:proof|evidence|source|sources|basis|catch|guarantee)",
        r"what (?:proof|evidence|guarantee)(?: \w+)? (?:do|have|is|does)",
        r"who (?:told|said|says) (?:you )?(?:that|so|it)(?= ?\?)",
        r"where did you (?:hear|read|get) (?:that|this)(?= ?\?| from|$)",
        r"(?:is|was) that (?:so|a fact|really (?:true|so|what|how|why|necessary)|even (?:true|possible|legal|real)|"
        r"for real)",
        rf"{OPENING}(?:really|seriously|honestly),? (?:is|are|was|were|do|does|did|you|that|since|says)(?= \w)",
        rf"{OPENING}(?:seriously|are you (?:sure|serious)|you sure|you're sure|for real|no way){ASKED}",
        rf"i(?:'d| would)? {FREELY}question (?:that|whether|if|the|his|her|your|their)",
        rf"i {FREELY}wonder (?:if|whether) (?:that's|this is|it's|that is|that (?:will|would|really)|it (?:will|would|"
        rf"really)|"
        rf"(?:he|she|they|you)(?:'s|'re| is| are| really)) (?:really|true|actually|even|possible|work|telling|worth)",
        rf"i {FREELY}(?:{DONT}) {FREELY}(?:think|see|believe) (?:that|this|it|he|she|they)(?:'ll| will|'s going to|"
        rf" is going to| would|"
        rf" can|'s| is) {FREELY}(?:ever )?(?:work|help|happen|make (?:a|any)|change|solve|going to|last|be enough|"
        rf"realistic|possible|"
        rf"likely)",
        r"(?:i'll|i will) believe (?:it|that) when",
        r"(?:if|when) you say so",
        rf"{OPENING}prove it(?: to me)?",
        r"take (?:that|it|this|everything [\w']+ says?) with a (?:grain|pinch) of salt",
        r"what's (?:the|your) (?:angle|agenda|motive)",
    ),
    _wording(
        "says_doubt",
        1.0,
        rf"are you {VERY}(?:sure|certain|serious|kidding|joking|for real|"
        rf"out of your mind)(?: me)?(?: about (?:that|this|it))?",
        r"you(?:'ve got to| have to| got to| gotta| must) be (?:kidding|joking)(?: me)?",
        r"you(?:'re| are) (?:kidding|joking|pulling my leg)(?: me)?(?= ?[.?!,]|$)",
        rf"you {CANT} be serious",
        OPENING + rf"seriously{ASKED}",
        rf"i (?:'d |would )?{VERY}doubt(?! (?:your|my|his|her|their)\b)",
        OPENING + r"doubtful",
        rf"{IM} {VERY}(?:skeptical|sceptical|doubtful|suspicious|dubious|unconvinced|not (?:so |really |"
        rf"quite )?convinced)",
        r"(?:i find (?:that|it|this) )?(?:very |really |pretty )?(?:hard|difficult) to believe",
        rf"i (?:{DONT}|won't) {VERY}(?:believe|buy|trust) (?:it|that|this|you|him|her|them|a word)",
        rf"i {CANT} {VERY}(?:(?:buy|trust) (?:it|that|this)|(?:believe|buy|trust) (?:you|him|her|them|a word)){END}",
        rf"(?:{THATS}|that seems|it seems|that sounds|it sounds|sounds|seems) {VERY}"
        r"(?:hardly|unlikely|doubtful|questionable|dubious|implausible|improbable|fishy|suspicious|far-fetched|"
        r"too good|"
        r"wrong to me|off to me|like a scam)(?: to be true)?",
        rf"{THIS} (?:doesn't|does not|didn't|don't|can't) {VERY}(?:sound|seem|look|feel|ring) {VERY}"
        r"(?:right|true|plausible|likely|possible|convincing|real|legit|good)(?: to me)?",
        r"(?:doesn't|does not|don't|didn't) (?:quite |really )?add up",
        rf"{THIS} {CANT} (?:really |possibly |all )?be (?:that|so|true|right|possible|real|the|all)",
        r"(?:there's|there is|there must be|there has to be|there's got to be|what's|what is) (?:a|some|the) catch",
        r"how (?:do|can|would|could) (?:you|we|they|he|she|i) (?:even |possibly |really )?know"
        rf"(?: (?:{THATS}|(?:that|it|this|if)(?: [\w']+)?))?(?: {TRUE})?",
        r"how can (?:you|that|it|they) be",
        r"what makes you (?:so )?(?:sure|certain|think)",
        r"where(?:'s| is) (?:the|your) (?:proof|evidence)",
        r"(?:what|any) (?:proof|evidence)(?= ?\?| do| is)",
        rf"{OPENING}prove it",
        r"i(?:'ll| will) believe (?:it|that) when",
        r"(?:says who|who says so|who says(?= ?\?)|since when)",
        r"who(?:'d| would| is going to| 's going to)? (?:ever |really )?(?:believe|buy|fall for)s? (?:that|this|"
        r"it|such)",
        r"(?:do )?you (?:really|honestly|seriously|actually) (?:think|believe|expect|want me to believe)",
        r"is (?:that|it|this) (?:really|actually|even) (?:true|so|possible|necessary|real)",
        rf"if you say so{END}",
        r"i (?:have|still have|'ve got) my doubts",
        r"i (?:wouldn't|would not) (?:bet|count) on (?:it|that)",
        rf"i (?:{DONT}|{CANT}) see (?:how|why) (?:that|it|this)",
        rf"{THATS} what (?:they|you) (?:all|always) say",
        r"too good to be true",
        rf"a likely story{END}",
    ),
)

CERTAINTY: Final = (*UNSURE, *ASSURANCE, *SEARCHING, *DOUBT)
