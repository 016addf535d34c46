"""Wordings that mean other than their words say: understatement, ironic assent, questions that want no answer.

Sources: litotes (Horn 1991), irony as pretence (Clark & Gerrig 1984), questions that challenge (Koshik 2003).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import ASKED, CANT, END, IM, OPENING, THATS, THIS, VERY, YOURE
from interhuman_stream.analysis.cues.phrasing import wording as _wording

ASSENT: Final = r"(?:yes|yeah|yep|sure|right|okay|ok|fine|great|cool|all right|alright|of course|no)"
DEVIL: Final = r"(?:on earth|in the world|in god's name|the hell|the heck|the fuck)"
DO: Final = r"(?:do|does|did|would|should|could|will|is|are|am|was|were|can|has|have)"
ANYONE: Final = r"(?:i|we|you|he|she|they|it|anyone|anybody|people|that|this)"

UNDERSTATED: Final = (
    _wording(
        "says_agreement",
        1.0,
        rf"(?:{THATS}|{YOURE}|you were) {VERY}not (?:(?:at all|entirely|exactly|really|so|too|that|completely|half|"
        rf"all that|really that) )*"
        r"(?:wrong|mistaken|far off|off|untrue|incorrect|unreasonable|unfair|crazy|(?:such )?a (?:bad|stupid|crazy|"
        r"terrible) (?:idea|point|"
        r"plan|thought|suggestion|way|argument))(?: there| at all| about (?:it|that|this))?",
        r"not (?:such )?a bad (?:idea|point|plan|thought|suggestion)(?: at all)?",
        r"i (?:can't|couldn't|wouldn't|won't) (?:really |honestly )?say (?:that )?(?:i (?:disagree|blame you|mind)|"
        r"you(?:'re| are|'re all) wrong|(?:that's|it's) (?:wrong|not true|untrue))",
        rf"there's (?:nothing|little|not much) (?:i (?:can|could|would) )?(?:to )?(?:add|argue|object|disagree "
        rf"with)(?: "
        rf"to (?:that|it))?{END}",
    ),
)

IRONIC: Final = (
    _wording(
        "says_indifference",
        1.0,
        rf"{OPENING}(?:{ASSENT},? )+whatever(?: you (?:say|want|like|think|prefer)| makes you happy| works)?"
        rf"(?= ?[.!,]|$| (?:boss|man|dude|i|you|do))",
    ),
    _wording(
        "says_doubt",
        1.0,
        rf"{OPENING}(?:{ASSENT},? )*(?:if you say so|as if{END}|as if (?:that|this|it|i|he|she|they|you|we)(?:'s|"
        rf"'d|'ll|"
        r"'re)?(?: [\w']+){0,3})",
        rf"{OPENING}(?:yeah|yes|oh yeah|sure|oh sure|right),? (?:because|like|cause) (?:that|this|it|he|she|they|you)"
        r"(?:'s|'ll|'d|'ve|'re)?(?: [\w']+){1,3}",
        r"(?:yeah,? (?:yeah|sure|right),? )?i(?:'ve| have) heard that (?:one |story |song )?before",
    ),
    # "Sure he did" is often meant as it is said.
    _wording(
        "says_doubt", 0.8, rf"{OPENING}(?:yeah,? )?sure,? (?:you|he|she|they|it) (?:did|do|does|are|were|have){END}"
    ),
    _wording(
        "says_blocked_effort",
        1.0,
        rf"{OPENING}(?:great|wonderful|perfect|fantastic|brilliant|lovely|terrific|nice|awesome|marvelous|"
        rf"excellent),? "
        r"(?:just (?:what (?:i|we) (?:needed|wanted|always wanted)|great|perfect|wonderful|my luck)|another|now "
        r"(?:what|"
        r"(?:it|the|my|this|they|we|i)(?:'s|'re|'m)? [\w' ]*(?:broken|late|gone|lost|stuck|again|n't))|"
        r"(?:that's |this is )?(?:all|just what|exactly what) (?:i|we) needed|"
        r"(?:the|my|it|it's|he's|she's|they're)(?: [\w']+){0,3} (?:late|broken|down|dead|closed|gone|cancelled|"
        r"stuck|again|"
        r"crashed|frozen|full|lost)(?: again)?)",
        rf"{OPENING}(?:sure|fine|of course|right|go ahead|go on),? blame (?:me|it on)",
        rf"thanks (?:a lot )?for nothing{END}",
        rf"(?:just|exactly) (?:great|perfect|wonderful|what i needed){END}",
    ),
)

RHETORICAL: Final = (
    _wording(
        "says_disagreement",
        1.0,
        rf"why {DEVIL} {DO}(?:n't)? {ANYONE}(?: (?:even|ever))?(?: [\w']+)?",
        rf"(?:how|what|who|where) {DEVIL} (?:would|should|could) {ANYONE}(?: [\w']+)?",
        r"why (?:(?:should|would) (?:i|anyone|anybody)|should (?:we|they)|would (?:we|they) (?:even|ever)) (?:even "
        r"|ever |possibly |have to )?(?:want|do|care|pay|"
        r"believe|go|be|need|trust|listen|help|bother|waste|agree|apologi[sz]e|wait|change|stop|give|accept|let|"
        r"spend)",
        rf"what(?:'s| is| does| do| has)? {THIS} (?:got |have |supposed )?(?:to do with|have to do with)",
        r"how (?:is|was) (?:that|this|it) (?:my (?:problem|fault|job|business)|(?:even |remotely |in any way "
        r")?(?:fair|"
        r"relevant|okay|acceptable|better|an improvement|a solution)|any (?:better|different|of your business)|"
        r"supposed to (?:help|be (?:fair|better)))",
        r"how (?:would|will|is|does) (?:that|this|it) (?:going to |gonna |even |possibly |really )*(?:help|solve|"
        r"change|fix|"
        r"prove|justify) (?:us|me|anything|anyone|anybody|that|this|it)",
        r"what good (?:would|will|does|is|did) (?:that|this|it)(?: (?:do|going to do))?",
        r"who (?:gave you the right|put you in charge|died and made you)",
        rf"you {CANT} (?:possibly )?be right(?: about (?:that|this|it))?",
    ),
    _wording(
        "says_doubt",
        1.0,
        r"(?:isn't|wasn't) (?:that|this|it) (?:just |really )?(?:a (?:bit|little)|rather|kind of|too) [\w']+",
        rf"don't you (?:think|find|feel) (?:that )?(?:{THATS}|you're|we're|he's|she's) (?:just )?(?:a (?:bit|"
        rf"little)|rather|too|"
        rf"being)",
        rf"{OPENING}(?:you|he|she|they) (?:really |actually |honestly )?(?:believe|believed|trust|bought|fell for) "
        rf"(?:him|her|them|that|it|this|all that)(?: story| guy| stuff)?{ASKED}",
        r"who in (?:his|their|her) right mind (?:would|believes?|thinks?)(?: [\w']+)?",
        r"(?:can|could|should) (?:we|you|i|they|anyone) (?:really |even |actually )?(?:trust|believe) (?:him|her|"
        r"them|that|it|"
        r"this|these|those|you|his|her|their)",
        r"who (?:told|said|says) (?:you )?(?:that|so|it|this)(?: (?:nonsense|story|rubbish|crap))?(?= ?\?|$)",
        rf"{OPENING}(?:supposedly|allegedly|or so (?:he|she|they|you|the \w+) (?:say|says|said|claims?|tells? me|"
        rf"thinks?))",
        r"(?:i (?:wouldn't|would not)|don't) be (?:so|too|that) (?:sure|certain)(?: (?:about|of) (?:that|it|this))?",
        r"there(?:'s| is| must be) something (?:off|fishy|odd|strange|wrong|not right|suspicious) (?:about|with|"
        r"here)",
        r"(?:i have|i've|i'm having|i am having) (?:a (?:lot|bit|little) of |some |real )?(?:trouble|difficulty) "
        r"(?:believing|"
        r"buying|accepting|imagining|trusting)",
        rf"{IM} {VERY}not (?:really )?buying (?:it|that|this|any of)",
    ),
    _wording(
        "says_blocked_effort",
        1.0,
        r"is (?:this|that|it) (?:supposed to be|meant to be|some (?:kind|sort) of)(?: an?)? (?:funny|joke|help)",
        rf"is (?:this|that) a joke{ASKED}",
        r"(?:who asked (?:you|for (?:that|this|it|your))|what's (?:it|that) to you)",
        r"what(?:'s| is) the (?:point|use)(?: (?:of|in) (?:even )?(?:that|this|it|all (?:this|that)|trying|having|"
        r"doing|"
        r"asking|going|talking|\w+ing))?(?= ?[?.!]|$| (?:this|that|it|if|when))",
        r"would it kill (?:you|them|him|her|anyone|anybody) to",
        r"how (?:hard|difficult) (?:can|could|is) (?:it|that)(?: (?:be|really))?(?= ?[?.!]|$| to)",
    ),
    _wording(
        "says_indifference",
        1.0,
        rf"(?:not )?(?:that|like|as if) (?:i|anyone|anybody) (?:care|cares|give a (?:damn|crap|shit)|minds?){END}",
        rf"{OPENING}(?:don't|do not) (?:really |even |honestly )?care(?: at all| anymore| either way)?{END}",
    ),
    _wording(
        "says_hedge",
        1.0,
        r"what do i know(?= ?[?.!]|$)",
        r"(?:who can|who could|who's to|who is to|who am i to) (?:say|tell|judge|know)(?: (?:for )?(?:sure|"
        r"certain))?",
    ),
)

INDIRECT: Final = (*UNDERSTATED, *IRONIC, *RHETORICAL)
