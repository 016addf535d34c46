"""Wordings for doubt in what another says.

That these are the words of doubt is our reading: no labels of doubt in speech were at hand.
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
    OPENING,
    OUTRIGHT,
    THATS,
    THIS,
    VERY,
)
from interhuman_stream.analysis.cues.phrasing import wording as _wording
from interhuman_stream.analysis.cues.stances import TRUE

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
        rf"{OPENING}(?:really|seriously),? (?:is|are|was|were|do|does|did|has|have|since) "
        rf"(?:that|this|it|you|they|he|she|we|when)(?= \w)",
        rf"{OPENING}(?:seriously|are you (?:sure|serious)|you sure|you're sure|for real|no way){ASKED}",
        rf"i(?:'d| would)? {FREELY}question (?:that|whether|if|the|his|her|your|their)",
        rf"i {FREELY}wonder (?:if|whether) (?:that's|this is|it's|that is|that (?:will|would|really)|it (?:will|"
        rf"would|"
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
