"""Wordings for what is not understood, and for what more is wanted of.

Sources: requests for repair (Dingemanse & Enfield 2015: "what do you mean"), questions that seek more (Huang et al.
2017: follow-up questions).
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
    VERY,
)
from interhuman_stream.analysis.cues.phrasing import wording as _wording

HOLD_ON: Final = r"(?:wait|hold on|hang on|sorry|i'm sorry|excuse me)(?: (?:a|one) (?:minute|second|sec|moment))?,?"
ASKS: Final = r"(?:what|which|who|whose|how|why|where|when)(?:'s|'re|'d)?"

CONFUSED: Final = (
    _wording(
        "says_not_understanding",
        OUTRIGHT,
        rf"(?:{IM}|i was|we're) {VERY}(?:confused|puzzled|baffled|perplexed|bewildered)(?: (?:now|here|about (?:it|"
        rf"this|that)))?{END}",
        rf"i {FREELY}(?:{DONT}|{CANT}) {FREELY}(?:understand|get it)(?: (?:this|that|it|at all|any of (?:this|"
        rf"it)))*{END}",
        rf"{IM} {VERY}lost(?: (?:here|now))?{END}",
    ),
    _wording(
        "says_not_understanding",
        1.0,
        rf"i {FREELY}(?:{DONT}|{CANT}|never) {FREELY}(?:understand|understood|get (?:it|that|this|the|why|what|how|"
        rf"where|your)|follow|see "
        rf"(?:what you|why|how (?:these|those|the|they|to)|the (?:point|connection|difference|logic))|"
        rf"make (?:any )?sense of|"
        rf"make (?:head (?:n?or|or) tails?|heads (?:n?or|or) tails|anything) of|comprehend|grasp|work (?:it|this|"
        rf"that) out|tell what|"
        rf"figure (?:out|it|this|that)|know what (?:you(?:'re| are| mean)|to make|(?:this|that|it)(?:'s| is| "
        rf"means)))",
        rf"{IM} (?:{VERY})not (?:{VERY})(?:sure|certain|clear) (?:(?:that )?i (?:understand|understood|follow|get|"
        rf"see|"
        rf"know what|caught|heard)|"
        rf"(?:what|how|why) (?:you|this|that|it|the|he|she|they)(?:'s|'re| are| is)?)",
        rf"{IM} (?:{VERY})not (?:{VERY})(?:following|getting|clear|with you|seeing)(?: (?:you|it|this|that|on "
        rf"(?:that|"
        rf"this)))?",
        rf"{IM} {VERY}(?:having|have) (?:a hard time|trouble|difficulty|a little trouble) (?:understanding|following|"
        rf"seeing|figuring|"
        rf"making sense|keeping up|wrapping)",
        rf"{IM} {VERY}(?:struggling|trying) to (?:understand|follow|make sense|figure (?:this|it|that) out|see "
        rf"(?:the|"
        rf"how|why)|wrap my head)",
        rf"(?:{IM}|i was|that's got me|you've got me|i feel) {VERY}(?:mixed up|stumped|clueless|in the dark|thrown|"
        rf"at a loss|"
        rf"scratching my head|none the wiser|out of my depth|missing something|totally lost|completely lost|"
        rf"confused)",
        r"(?:none the wiser|scratching my head|drawing a blank|it's (?:all )?(?:greek|double dutch|gibberish) to me)",
        r"(?:that|this|it|all of (?:that|this)|it all)(?:'s| is| just| goes| went| flew)? (?:(?:right|way|"
        r"straight) )?"
        r"(?:over my head|beyond me)",
        r"(?:doesn't|does not|didn't|don't|isn't|not|wouldn't) (?:really |quite |even |exactly )?mak(?:e|ing) "
        r"(?:any |"
        r"much |a lot of )?sense",
        r"(?:that|this|it|none of (?:this|that|it)) (?:just |really |still )?mak(?:es|e|ing) (?:absolutely |"
        r"really )?no sense",
        r"makes no sense",
        rf"{OPENING}{HOLD_ON} (?:so |but |and )?{ASKS}(?![\w'])",
        rf"{OPENING}(?:{HOLD_ON}|huh,?|that's (?:odd|strange|weird),?) (?:but )?(?:wait,? )?(?:i thought|didn't you|"
        rf"isn't it|weren't)",
        rf"{OPENING}(?:{HOLD_ON} |pardon,? )?(?:what|who|which)(?:'s| is| was)? (?:was )?that(?: again)?{ASKED}",
        r"(?:which|what|who|where)(?: \w+)? (?:are|were) (?:we|you) (?:(?:even|actually) )?(?:talking about|"
        r"referring to|on(?= ?\?)|at now|"
        r"getting at)",
        r"what (?:exactly |the hell )?(?:do|did|are|were) (?:you|they|he|she|we) (?:even |actually |really )?(?:mean|"
        r"saying|referring|"
        r"getting at|talking about|asking|trying to say|doing here|supposed to)",
        r"(?:what|which) (?:one |part |bit )?(?:did|do) you (?:just )?(?:say|mean)",
        r"(?:(?:could|can|would|will) you|do you mind|would you mind) (?:please |maybe |possibly |"
        r"just )?(?:repeat(?:ing)?|explain(?:ing)?|clarif"
        r"(?:y|ying)|rephrase|rephrasing|spell|say(?:ing)? (?:that|it)|run(?:ning)? (?:that|it|this|me)|"
        r"go(?:ing)? (?:over|through|back)|walk me|"
        r"slow(?:ing)? down|be more specific|break (?:it|that) down|elaborate|speak up|tell me what)",
        r"(?:say|run|explain|repeat|go over|go through|tell me|read) (?:that|it|this|the \w+)(?: to me| by me|"
        r" past me)? "
        r"(?:again|one more time|once more)",
        rf"(?:one more time|once more|come again|run that by me|say what|what was that|pardon me|"
        rf"what's that)(?:,? please)?{ASKED}",
        rf"{OPENING}(?:what(?:'s| is) (?:going on|happening|all this)|what just happened|what on earth|how come|"
        rf"where are we|where were we)"
        r"(?: here| now)?(?= ?[?.!]|$)",
        r"(?:did|have) i miss(?:ed)? (?:something|anything)",
        r"(?:am i|are we) (?:missing|misunderstanding|supposed to|looking at the (?:wrong|same)|"
        r"talking about the same)",
        r"(?:am i|i must be|i think i'm|maybe i'm) (?:missing|misunderstanding|misreading|confused|reading this)",
        r"is it just me or",
        r"how (?:is|can|could) (?:that|this|it) (?:even |really )?(?:possible|be possible|be right|happen)",
        r"how (?:do|does|can|could|would) (?:these|those|this|that|they|it)(?: \w+)? (?:even )?(?:fit together|"
        r"relate|"
        r"connect|make sense|go together)",
        r"why (?:is|are|was|does|did|would) (?:it|this|that|he|she|they) (?:even |suddenly )?(?:different|there|here|"
        r"blank|empty|missing|"
        r"red|say(?:ing)?|show(?:ing)?|do(?:ing)? that)",
        r"which is it",
        rf"i thought (?:you|we|he|she|they|it|that|this) (?:said|was|were|had|meant|already|would|"
        rf"did)(?: (?:\w+)){{0,6}}{ASKED}",
        r"(?:^|(?<=[.?!] ))(?:what|pardon|sorry what|wait what|excuse me what)(?= ?[?]|$)",
    ),
    _wording(
        "says_not_understanding",
        1.0,
        rf"i (?:really |still |just |honestly )?(?:{DONT}|{CANT}|never) (?:really |quite |fully |even )?"
        r"(?:understand|understood|get it|get that|get why|get what|get how|follow|make sense of|see what you|"
        r"know what (?:you mean|you're talking about|this means|that means|it means|is going on)|"
        r"wrap my head around|figure (?:it|this|that) out)",
        r"i (?:didn't|did not) (?:quite |really )?(?:catch|hear|get) (?:that|you|what|the)",
        r"what do you mean(?: by)?",
        r"how do you mean",
        r"what (?:does|did|do) (?:[\w']+ ){1,4}mean",
        r"what(?:'s| is) that supposed to mean",
        r"what are you (?:even )?(?:talking about|trying to say|saying)",
        r"(?:no|any) (?:idea|clue) what (?:you|that|this|it|he|she|they|i|is|'s)(?:'re|'s|'m)?(?: [\w']+)?",
        rf"(?:{IM}|i was|i got|that's got me|you've got me) {VERY}"
        r"(?:confused|lost|puzzled|baffled|perplexed|bewildered|at a loss)"
        r"(?! (?:my|the|a|it|him|her|\d|in (?!here|this)|on the way|driving|walking|once|"
        r"at the (?:mall|airport|station)))",
        r"(?:so|very|really|a bit|pretty) confus(?:ed|ing)",
        rf"(?:{IM} )?not (?:really |quite |exactly |entirely )?sure (?:why|what (?:you|this|that|it|to make|is)|"
        rf"how (?:this|that|it|you))",
        r"i (?:don't|do not) (?:really |even )?know why",
        rf"{IM} not (?:really |quite )?(?:following|getting it|getting this|with you)",
        r"you(?:'ve)? (?:just |totally |completely )?lost me",
        rf"(?:{THATS}|how) {VERY}(?:confusing|puzzling|baffling|unclear|hard to follow)",
        r"not (?:really |very |quite |so )*clear (?:to me|on (?:that|this)|what|why|how)",
        r"(?:what|who|where) (?:was|were) (?:the question|we (?:talking about|saying|on about))(?: again)?",
        r"which [\w']+,? (?:this|that|the)(?: \w+)? (?:one )?or (?:this|that|the)(?: \w+)?",
        rf"{OPENING}wait,? (?:so )?(?:is|are|do|does|did|was|were|we're|you're|it's|that's|he's|she's|they're)(?= "
        rf"\w)",
        rf"{OPENING}(?:how so|how do you mean|in what sense|meaning what)(?= ?[?.]|$)",
        rf"{OPENING}i thought (?:you|we|he|she|they) (?:said|agreed on)(?: [\w']+){{1,3}}{END}",
        r"(?:could|can|would) you (?:please |maybe )?(?:repeat|explain|clarify|say that again|rephrase)",
        r"(?:doesn't|does not|didn't|don't) (?:really )?make (?:any |much )?sense",
        r"(?:makes|made|making) (?:absolutely |really )?no sense",
        r"(?:come again|say (?:that )?again|say what)(?= ?[.?!]|$)",
        r"wait,? what",
        r"(?:sorry|pardon|excuse me|wait),? (?:what|who|how|which)(?: was that| did you say| do you mean|"
        r" is that)?(?= ?\?)",
        r"which (?:one|part)(?: do you mean)?(?= ?\?)",
        r"am i missing something",
        r"what am i missing",
        r"why is (?:it|this|that|he|she) (?:not )?(?:doing|\w+ing)",
        r"how is (?:that|this|it) (?:even )?possible",
        r"i beg your pardon",
    ),
    _wording("says_not_understanding", 0.7, OPENING + r"(?:sorry|pardon|huh|what|excuse me)(?= ?\?)"),
)

INTERESTED: Final = (
    _wording(
        "says_interest",
        OUTRIGHT,
        rf"{IM} {VERY}(?:interested|curious|fascinated|intrigued)(?= ?[.!,]|$| (?:what|how|why|about|to (?:know|hear|"
        rf"see|learn)|in (?:that|"
        rf"this|how|what|it)))",
        rf"(?:{THATS}|how|sounds|that sounds|oh) {VERY}(?:interesting|fascinating|intriguing){END}",
        r"(?:please )?(?:tell|show) me more(?: about [\w']+(?: \w+)?)?",
    ),
    _wording(
        "says_interest",
        1.0,
        rf"i(?:'d| would)? {FREELY}(?:love|like|be (?:very |really |so )*(?:interested|curious|keen|happy|excited)|"
        rf"be dying) to (?:know|hear|learn|"
        rf"see|read|find out|understand|ask|try|visit|join|explore)",
        rf"i(?:'m| am)? {FREELY}(?:want|wanna|dying|itching) (?:to )?(?:know|hear|learn|find out|understand) (?:more|"
        rf"everything|how|what|why|who|where|all)",
        r"(?:i |we )?(?:can't|cannot|can hardly) wait(?= ?[.!,]|$| (?:to|for|until|till))",
        rf"(?:{IM}|we're) (?:{VERY})(?:all ears|hooked|eager|keen|thrilled|listening|into (?:this|that|it)|enjoying|"
        rf"loving)",
        rf"{IM} {VERY}wondering (?:how|what|why|who|where|about)",
        r"tell (?:me|us) (?:how|what|why|where|who|when|a (?:bit|little)|the (?:story|whole)|something)"
        r"(?! to (?:do|say)| you want| i )(?: (?:you|it|that|happened|about))?",
        r"(?:say|hear|know|learn|read) more(?: about (?:it|that|this|you|how|your \w+))?(?= ?[.!?,]|$)",
        rf"{OPENING}(?:please )?(?:go on|keep going|keep talking|continue|do go on|do tell|elaborate|"
        rf"i'm listening){END}",
        rf"{OPENING}(?:go on|and then|how come|like what|such as|what else|anything else|who else|"
        rf"what then|and then what)"
        rf"{ASKED}",
        r"i (?:never|didn't) (?:knew|know|realized?|thought|think|heard|hear)(?: (?:about|of))? (?:that|of it that "
        r"way|"
        r"about it like that|you "
        r"could|you had)(?= ?[.!,]|$| before)",
        r"i had no idea(?= ?[.!,]|$| (?:you|that|it|there|they))",
        rf"{THATS} {VERY}(?:new to me|news to me|intriguing|eye-?opening|thought-?provoking|mind-?blowing)",
        r"what an? (?:great|fascinating|cool|interesting|brilliant|wonderful|neat|fun|amazing|incredible|clever|"
        r"lovely) "
        r"(?:story|idea|question|thought|way|place|job|project|book|find|life|experience|concept|topic|point)",
        r"how (?:very |really |absolutely )?(?:interesting|exciting|cool|wonderful|fun|lovely|neat|amazing|"
        r"intriguing|"
        r"fascinating|clever)",
        rf"{OPENING}(?:amazing|incredible|fascinating|interesting|intriguing|how cool|(?:wow|whoa),? (?:that's|"
        rf"really|"
        rf"how|i (?:never|didn't|had no)))"
        r"(?= ?[.!,]|$| (?:knew|know|idea))",
        r"(?:(?:a|an|such a|that's a) )?(?:really |very )?(?:good|great|interesting|fascinating|excellent|intriguing|"
        r"lovely) question",
        # follow-up questions
        rf"{OPENING}(?:really|wow|oh|ooh|nice|cool|great|interesting|amazing|and|so),? (?:and |so )?(?:how|what|when|"
        rf"where|why|who) "
        rf"(?:did|do|does|was|were|is|are|made|got|would|inspired|taught|happened) (?:you|your|it|that|they|he|she|"
        rf"the|"
        rf"this)",
        r"(?:how|why|when|where|what) (?:else )?did (?:you|your|it all|that|they|he|she) (?:first |ever |end up |"
        r"manage to |decide to |start|"
        r"become|get|learn|find|come|make|know|do|meet|feel|choose|discover|think|begin|build|pull|go|react|handle|"
        r"teach|happen|do next|take|"
        r"realize|grow|study|write|work|see)",
        r"(?:how|what|where) (?:is|was|were|are) (?:it|that|your \w+|they|he|she|the \w+) (?:like|called|for you|"
        r"made|"
        r"work(?:ing)?|grow|born|from|going)",
        r"how (?:was|were|is) (?:your|the) (?!plan|number)\w+(?= ?\?)",
        r"what (?:kind|sort|type) of \w+ (?:do|did|are|is|was|were|would) (?:you|it|they|that|he|she)",
        r"what (?:would|do|did|else) (?:you|she|he|they) (?:do|recommend|suggest|like|want|enjoy|hope|dream|learn|"
        r"think|see|find|remember|say)"
        r"(?= ?\?|$| (?:about|if|most|to|in|when|next|then|for|best))",
        r"(?:what|who)(?:'s| is| was| were) (?:your|the) (?:favou?rite|best part|hardest part|secret|coolest)",
        rf"{OPENING}(?:then,? )?then,? what did (?:you|he|she|they) (?:\w+)",
        r"what (?:brings|brought) you(?: here| to \w+)?",
        r"what (?:goes|went) into (?:it|that|making|doing|writing|building)",
        r"how do you (?:stay|keep|deal with|cope with|prepare|choose|get|go about|balance|even do)(?= \w)",
        r"who (?:taught|inspired|helped|showed|got) you",
        r"when (?:did|do) you (?:first|start|begin|know|realize|decide|find)",
        r"where (?:do|did|can) (?:you|i|one|we) (?:get|find|learn|grow|read|see|come up|buy|sign up)",
        r"how (?:often|long|far|big|old|many|much) (?:do|did|have|had|were|was|are|is|does) (?:you|your|it|that|they)"
        r"(?= (?:do|been|take|play|go|practice|spend|live|work|travel|get|run|train))",
        r"(?:do you mind if i|mind if i|can i|may i|could i) (?:just )?(?:ask|see|try|have a (?:look|go)|take a look|"
        r"join|touch|hear)",
        r"(?:can|could|would|will) you (?:please |maybe )?(?:show|tell|teach) (?:me|us)(?: more| how| about| what|"
        r" the)?",
        r"(?:have|had) you (?:ever|always|thought|considered|tried|been|seen)(?=[^.?!]*\?|(?: [\w']+){1,8}$)",
        r"i(?:'ve| have)? (?:always |often |just )?wonder(?:ed)?,? (?:how|what|why|who|where|about)",
        r"is it true (?:that|you)",
        rf"{OPENING}(?:so )?what happened(?: (?:then|next|after(?: that)?|to (?:you|him|her|them)))?(?= ?[?.]|$)",
    ),
    _wording(
        "says_interest",
        1.0,
        r"tell (?:me|us) (?:more|everything|all about|about (?!it[.!]|it$))(?: about (?:it|that|this|your \w+|you))?",
        r"do tell(?= ?[.!]|$)",
        r"(?:that's|that is|this is|it's|how|very|so|really|sounds|that sounds) (?:really |very |so |quite |super )?"
        r"(?:interesting|fascinating|intriguing|exciting|cool|amazing)",
        rf"{IM} {VERY}(?:interested|curious|fascinated|intrigued|excited|keen|dying to know|looking forward)",
        r"(?:(?:just|genuinely|really) )?curious(?= ?[.!,]|$| (?:as to|what|how|why|if|whether|about|to|as|which|"
        r"where|"
        r"who))",
        r"out of curiosity",
        r"i(?:'d| would) (?:really |just )?(?:love|like) to (?:know|hear|learn|see|understand|try)",
        rf"{IVE} always (?:wanted|wondered)(?: to (?:know|hear|see|learn|ask|try|do|go))?",
        r"i (?:never knew|didn't know) (?:that|you could)(?= ?[.!,]|$)",
        r"(?:how|why) did (?:you|that|it|they|he|she)",
        r"how (?:do|does|did) (?:it|this|that|you|they|he|she|the \w+|your \w+) (?:work|do (?:it|that|this)|"
        r"make|feel|manage|"
        r"find|start|learn|come up|decide|get (?:into|started|that)|handle|look|sound)",
        r"(?:and )?(?:then )?what happened(?: then| next| after| to you)?(?= ?[?.]|$)",
        rf"(?:and )?then what{ASKED}",
        r"what(?:'s| is| was) (?:it|that|this) like",
        r"what (?:made|makes|led|got|brought|inspired) (?:you|him|her|them)",
        r"what do you (?:think|like|enjoy|love|do)(?: about| of| for| most)?(?= |\?)",
        r"what did you (?:find|learn|see|think|do next|discover)",
        r"what(?:'s| is) your (?:favorite|secret|opinion|take|story|view)",
        r"how long (?:have you|did (?:it|you|that))",
        r"where did you (?:learn|get|find|grow|hear)",
        r"have you (?:ever|always)",
        r"(?:do|did) you (?:like|enjoy|love|remember|still|ever|feel|find|prefer|know (?:how|why|what|if|where|"
        r"who|that|anything))"
        r"(?=[^.?!]*\?)",
        r"why (?:do|would) you (?:think|like|want|prefer|find|choose)",
        r"what(?:'s| is| was) (?:the story|behind)",
        rf"(?:what|how) about you{ASKED}",
        r"(?:can|could|may) i (?:ask|see|try|have a look)",
        r"(?:can|could|would) you (?:please )?(?:show|tell|teach|walk) (?:me|us)(?: more| how)?",
        OPENING + rf"please (?:go on|keep going){END}",
        r"i wonder (?:how|what|why|who|where)",
    ),
    # Often no more than praise, a polite way to ask, or a thought.
    _wording(
        "says_interest",
        0.6,
        rf"{THATS} {VERY}(?:neat|brilliant|incredible|remarkable|impressive|awesome|wild|clever|wonderful)",
    ),
    _wording("says_interest", 0.6, r"i was (?:just )?wondering", r"i wonder(?:ed)? (?:if|whether)"),
    _wording("says_interest", 0.6, OPENING + r"(?:wow|really|oh)(?= ?[?!])"),
)

QUESTIONS: Final = (*CONFUSED, *INTERESTED)
