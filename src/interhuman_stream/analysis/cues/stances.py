"""Wordings for a stance towards what was said: yes, no, perhaps, certainly, hardly.

Sources: dialogue-act manuals (Dhillon et al. 2004, MRDA: accept, reject, partial accept, maybe), hedges and boosters
(Hyland 2005), "yes, but" as disagreement after a token of agreement (Pomerantz 1984; Kotthoff 1993).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import ASKED, CANT, DONT, END, IM, IVE, OPENING, THATS, THIS, VERY, YOURE
from interhuman_stream.analysis.cues.phrasing import wording as _wording

I_AGREE: Final = (
    rf"(?:i|we) {VERY}(?:do |would |will |have to |must |can only )?{VERY}agree"
    r"(?: with (?:you|that|this|him|her|them|it)| that)?"
)
TRUE: Final = r"(?:right|true|correct|spot on|exactly right|a good point|a fair point|exactly it)"
YOU_ARE_RIGHT: Final = rf"(?:{THATS}|{YOURE}|you were|we're) {VERY}{TRUE}(?: about (?:that|this|it))?"
A_POINT: Final = (
    r"you(?:'ve| have| do have| make| made)? (?:got )?an? (?:very |really )?(?:good |fair |valid )?point(?: there)?"
)
AGREED: Final = rf"(?:{I_AGREE}|{YOU_ARE_RIGHT}|{A_POINT})"
YES: Final = r"(?:yes|yeah|yep|yup|sure|right|okay|ok|true|of course)"
GRANTED: Final = r"(?:i know|i see|i see what you mean|i understand|i get it|i get that|i hear you|fair enough)"
BUT: Final = r",? but"
# What follows objects: it denies, says too much or too little, asks back. Without it a "yeah, but" goes on as often.
OBJECTION: Final = (
    r"(?=[^.?!]*?(?<![\w'])(?:not|never|no|nothing|nobody|cannot|too|only|still|instead|wrong|problem|"
    r"already|enough|hardly|\w+n't|tried|what about|what if|who|why|how|where)(?![\w']))"
)
CLAIM: Final = rf"(?:(?:{THATS}|{YOURE}|there's|there is|we're|i agree|i believe|i buy|i trust|about)(?: [\w']+)?)"

AGREEMENT: Final = (
    _wording(
        "says_agreement",
        1.0,
        rf"(?:no,? )*{AGREED}",
        rf"(?:no,? )*(?:yeah|yes|yep),? (?:{AGREED}|{VERY}(?:right|true|correct|exactly))",
        rf"(?:so|very|how|quite|too) true{END}",
        rf"(?:no,? )*(?:(?:yes|yeah|yep|oh),? )?(?:exactly|absolutely|definitely|precisely|totally|agreed|"
        rf"certainly){END}",
        r"good point",
        r"i think so(?: too)?",
        r"fair enough",
        r"makes (?:perfect |total |a lot of )?sense",
        OPENING + r"of course(?= ?[.!]|$)",  # "of course, if …" grants nothing
        r"(?:that )?works(?: for me)(?= ?[.!]|$)",
        r"that works(?= ?[.!]|$)",
        OPENING + r"no doubt(?: about (?:that|it))?",
        rf"{IM} {VERY}(?:with you|on board|for it|in favor|of the same opinion)(?: on (?:that|this))?",
        rf"{THATS} {VERY}(?:what|how) i (?:think|thought|feel|mean|meant|was thinking|was going to say|see it)",
        r"i (?:think|feel|see it|thought) (?:exactly )?the same(?: way| thing)?",
        rf"(?:that |it )?sounds {VERY}(?:good|great|fair|reasonable|perfect|right)(?: to me| enough)?{END}",
        rf"tell me about it{END}",
        rf"(?:i )?{CANT} agree (?:more|with you more)",
        rf"i (?:{DONT}|can't|cannot|wouldn't) {VERY}(?:disagree|argue with that|object)(?: with (?:you|that|it))?",
        r"(?:can't|cannot) argue with that",
        r"you can say that again",
        r"you(?:'ve)? got that right",
        r"i second that",
        r"(?:i )?couldn't have said it better(?: myself)?",
        r"my thoughts exactly",
        r"i know,? right",
        rf"{IM} (?:fine|okay|ok|happy|good|cool) with (?:that|it|this)",
        rf"fine (?:by|with) me{END}",
        rf"count me in{END}",
        rf"{OPENING}(?:deal|amen|you bet|damn right|you're on|good idea|great idea){END}",
        rf"(?:that's|that is) an? {VERY}(?:good|great|excellent|brilliant) (?:idea|point|plan|suggestion)",
        rf"let's do (?:it|that){END}",
    ),
    _wording("says_agreement", 0.75, OPENING + r"(?:yes|yeah|yep|yup|sure|right|indeed|true|uh-huh|mm-hmm|mhm)"),
    # Shared lot, not always a shared view: alone too little.
    _wording("says_agreement", 0.6, r"me too", r"same here"),
    _wording("says_agreement", 0.5, OPENING + r"(?:okay|ok|all right|alright)"),
)

DISAGREEMENT: Final = (
    _wording(
        "says_disagreement",
        1.0,
        rf"{OPENING}{YES}(?:,? {GRANTED}| i do)?{BUT}{OBJECTION}",
        rf"{OPENING}{GRANTED}{BUT}{OBJECTION}",
        rf"(?:{YES},? )?{AGREED}(?: [\w']+){{0,5}}{BUT}{OBJECTION}",
        # agreement denied
        rf"i (?:{CANT}|{DONT}|won't|wouldn't|would not|never) {VERY}(?:say|think|believe|claim|feel like|"
        rf"see that|accept) "
        rf"(?:that )?{AGREED}",
        rf"i (?:{CANT}|{DONT}|won't|wouldn't) {VERY}(?:agree|accept|think so|go along)(?: with (?:you|that|this|"
        rf"it)| that)?",
        r"i (?:wish|would like|want|'d like|'d love) (?:to|i could) agree(?: with (?:you|that))?",
        rf"i {VERY}(?:would |respectfully |have to |must |beg to )*{VERY}(?:disagree|differ)",
        rf"(?:{THATS}|{YOURE}) {VERY}"
        r"(?:not (?:really |quite |even )?(?:true|right|correct|it|so|the case|how|the point|fair|acceptable|an option|"
        r"what (?:i|we|he|she|they|you) (?:said|meant|mean|asked|want|think)|okay|going to work|gonna work|a good idea)"
        r"|wrong|false|nonsense|mistaken|incorrect|unacceptable|bullshit|rubbish|a lie|lying|out of the question)",
        r"(?:that|this|it) (?:isn't|ain't|wasn't) (?:true|right|correct|fair|the case|acceptable|how)",
        r"you(?:'re| are) (?:not|never) (?:right|listening)",
        OPENING + r"(?:no way|no chance|hell no|definitely not|of course not)(?= ?[.!,]|$)",
        OPENING + r"not at all",
        r"(?:absolutely|definitely|certainly|of course|probably|obviously) not(?= ?[.!,]|$)",
        r"not (?:a chance|in a million years|on your life|going to happen|gonna happen|necessarily|true|happening)",
        r"over my dead body",
        r"on the contrary",
        r"quite the opposite",
        r"i (?:wouldn't|would not) (?:say (?:so|that)|go that far|do that|call it that)",
        r"not really(?= ?[.!,?]|$)",
        r"i see (?:it|that|this) differently",
        # rejection
        rf"i (?:{DONT}) {VERY}(?:want to|want that|want this|want it|want any of|like that|like this|like it|"
        rf"like the idea)"
        rf"(?: at all| anymore)?{END}",
        r"i (?:won't|will not|am not going to|refuse to|would never|will never|'m not going to) (?:do|accept|"
        r"allow|sign|have|"
        r"pay|stand for) (?:that|this|it|any|for)",
        r"i refuse",
        rf"{IM} not (?:doing|having|buying|accepting|signing|paying|taking|going to do|gonna do) (?:that|this|"
        rf"it|any|for)",
        rf"{IM} {VERY}(?:opposed to|against) (?:that|it|this|the)",
        r"(?:that's|that is|it's|what|that sounds like) (?:such )?an? (?:really |very )?(?:terrible|bad|stupid|"
        r"awful|horrible|"
        r"crazy|ridiculous|dumb|silly) (?:idea|plan|suggestion)",
        OPENING + rf"bad idea{END}",
        rf"forget (?:it|about it){END}",
        r"(?:just )?leave me alone",
        OPENING + rf"(?:nonsense|bullshit|rubbish|wrong|false|incorrect|no deal){END}",
        OPENING + r"don't be (?:ridiculous|silly|stupid|absurd|so sure)",
        r"why (?:on earth |the hell )?(?:would|should) i (?:do|want|go|pay|care|believe|have|ever|help)",
        rf"you (?:{CANT}) (?:just )?(?:do that|say that|be doing|talk to)",
        r"count me out",
    ),
    _wording("says_disagreement", 0.6, OPENING + r"no,? (?:thanks|thank you|deal)"),  # an offer turned down, no view
    # Granted, and then something else: neither the one nor the other, and not for nothing is it said.
    _wording("says_disagreement", 0.4, rf"{OPENING}{YES}(?:,? {GRANTED}| i do)?{BUT}(?! (?:yeah|yes|i agree))"),
    _wording(
        "says_disagreement",
        0.75,
        OPENING + r"(?:no|nope|nah|never)(?= ?[.!,]|$| (?:i|it|that|that's|it's|no|we|you|he|she|they)(?! doubt))",
    ),
)

UNSURE: Final = (
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
        r"(?! (?:how to thank|what you mean))",
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
        r"i(?:'d| would)? have to (?:check|think about (?:it|that)|look (?:it|that) up)",
    ),
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
        r"i (?:know|guarantee|promise|assure)(?: you)?(?: for (?:sure|a fact)| that)",
        rf"{IVE} (?:always|no doubt)(?! wanted| wondered)",
        r"i can (?:definitely|certainly|absolutely)",
        r"for sure",
        r"of that i(?:'m| am)",
    ),
    # In the midst of a sentence these are often mere emphasis: alone too little.
    _wording("says_assurance", 0.7, r"(?:definitely|certainly|clearly|obviously|undoubtedly)(?= \w)"),
)

DOUBT: Final = (
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
        rf"i {CANT} {VERY}(?:believe|buy|trust) (?:it|that|this|you|him|her|them|a word){END}",
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
        r"(?:says who|says you|who says(?: so)?|since when)",
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
        r"supposedly",
    ),
)

STANCES: Final = (*AGREEMENT, *DISAGREEMENT, *UNSURE, *ASSURANCE, *DOUBT)
