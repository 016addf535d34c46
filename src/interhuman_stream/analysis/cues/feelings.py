"""Wordings for how what happens is taken: not understood, wanted more of, in the way, too much, all the same.

Sources: requests for repair (Dingemanse & Enfield 2015: "what do you mean"), direct and indirect complaints
(Boxer 1993; Drew 1998: "you never", "every time"), questions that seek more (Huang et al. 2017: follow-up questions).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import ASKED, CANT, DONT, END, IM, IVE, OPENING, THATS, VERY, YOURE
from interhuman_stream.analysis.cues.phrasing import wording as _wording

SOMETHING: Final = r"(?:it|this|that|everything|(?:the|my|this|that|our|your) \w+)"
SOMEBODY: Final = r"(?:you|he|she|they|people|everybody|everyone)"
FAILING: Final = (
    r"(?:crashing|freezing|breaking|failing|stopping|happening|losing|dropping|disconnecting|going wrong|falling|"
    r"doing (?:this|that|it)|interrupting|ignoring|forgetting|bothering|asking|telling me|coming back|messing|changing|"
    r"cutting out|rejecting|lying|making (?:the same|me))"
)
STUPID: Final = r"(?:stupid|dumb|(?:an? )?(?:idiot|moron|asshole|jerk|fool)s?|useless|hopeless)"


CONFUSED: Final = (
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
        r"(?:confused|lost|puzzled|baffled|perplexed|bewildered|at a loss)(?! (?:my|the|a|it|him|her|\d))",
        r"(?:so|very|really|a bit|pretty) confus(?:ed|ing)",
        rf"(?:{IM} )?not (?:really |quite |exactly |entirely )?sure (?:why|what (?:you|this|that|it|to make|is)|"
        rf"how (?:this|that|it|you))",
        r"i (?:don't|do not) (?:really |even )?know why",
        rf"{IM} not (?:really |quite )?(?:following|getting it|getting this|with you)",
        r"you(?:'ve)? (?:just |totally |completely )?lost me",
        rf"(?:{THATS}|how) {VERY}(?:confusing|puzzling|baffling)",
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
        1.0,
        r"tell (?:me|us) (?:more|everything|all about|about (?!it[.!]|it$))(?: about (?:it|that|this|your \w+|you))?",
        r"do tell(?= ?[.!]|$)",
        r"(?:that's|that is|this is|it's|how|very|so|really|sounds|that sounds) (?:really |very |so |quite |super )?"
        r"(?:interesting|fascinating|intriguing|exciting|cool|amazing)",
        rf"{IM} {VERY}(?:interested|curious|fascinated|intrigued|excited|keen|dying to know|looking forward)",
        r"(?:(?:just|genuinely|really) )?curious(?= ?[.!,]|$| (?:what|how|why|if|whether|about|to|as|which|where|who))",
        r"out of curiosity",
        r"i(?:'d| would) (?:really |just )?(?:love|like) to (?:know|hear|learn|see|understand|try)",
        r"(?:i )?(?:really |just )?(?:want|can't wait) to (?:know|hear|learn|see) (?:more|how|what|why|that|"
        r"this|about)",
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
        r"what(?:'s| is| was) (?:the (?:story|idea|best|worst|hardest|most)|behind)",
        rf"(?:what|how) about you{ASKED}",
        r"(?:can|could|may) i (?:ask|see|try|have a look)",
        r"(?:can|could|would) you (?:please )?(?:show|tell|teach|walk) (?:me|us)(?: more| how)?",
        OPENING + rf"please (?:go on|keep going){END}",
        r"i was (?:just )?wondering",
        r"i(?:'ve)? (?:always )?wonder(?:ed)? (?:how|what|why|if|whether|who|where)",
    ),
    _wording("says_interest", 0.6, OPENING + r"(?:wow|really|oh)(?= ?[?!])"),
)

IN_THE_WAY: Final = (
    _wording(
        "says_blocked_effort",
        1.0,
        # what is tried fails
        rf"{SOMETHING} (?:just |still |simply |really )?(?:doesn't|does not|won't|isn't|never|don't) "
        r"(?:work(?:s|ing)?|load|open|start|stop|respond(?:ing)?|connect)",
        r"nothing (?:ever |really |here )*(?:works|is working|helps|goes right|changes)",
        rf"(?:{SOMETHING}|{SOMEBODY}) (?:just |still |always )?keeps? (?:on )?{FAILING}",
        r"(?:broken|broke|broke down|crashed|stuck|frozen|down|failed|wrong|happened) again",
        rf"{OPENING}not (?:this )?again",
        rf"{IVE} (?:already )?tried (?:everything|again and again|so many|that already|a (?:hundred|thousand|million))",
        r"for the (?:third|fourth|fifth|tenth|hundredth|last|umpteenth|millionth) time",
        rf"i (?:just |still )?{CANT} (?:get|make) (?:it|this|that) (?:to )?(?:work|right|done|fixed)",
        r"again and again",
        r"i give up",
        r"(?:i quit|screw (?:it|this|that|you)|to hell with)",
        r"(?:getting|going|gets us|get us) nowhere",
        r"(?:takes|taking|took) forever",
        rf"{IVE} been waiting (?:for )?(?:hours|ages|forever|so long|all day|weeks|months|an hour)",
        r"waste of (?:my |our )?(?:time|money|energy)",
        rf"{THATS} {VERY}(?:hopeless|pointless|useless|going nowhere|such a joke|a nightmare|a disaster|a mess|"
        rf"a total mess)",
        # who is annoyed
        rf"{IM} {VERY}(?:frustrated|annoyed|fed up|sick of|sick and tired of|tired of|irritated|angry|mad at|"
        rf"mad|furious|"
        r"pissed|pissed off|livid|done with (?:this|that|it|you|him|her|them))",
        r"(?:fed up|sick and tired)",
        rf"(?:{THATS}|{YOURE}|so|how|really|such an?|what an?) {VERY}"
        r"(?:frustrating|annoying|ridiculous|irritating|infuriating|maddening|outrageous|unfair|bullshit|"
        r"pathetic|pain|nuisance)",
        r"(?:annoying|annoys me|annoyed|frustrating|frustrated|infuriating|irritating|pissed off)",
        r"why (?:are|is|do|does|must) (?:you|he|she|they|people|it) (?:so|always|such|being|all so)",
        rf"(?:drives?|driving|drove) me {VERY}(?:crazy|nuts|mad|insane|up the wall)",
        r"(?:get|gets|getting|got) on my nerves",
        rf"(?:makes|making|made) me {VERY}(?:mad|angry|furious|sick|want to scream)",
        r"(?:pisses|pissing|ticks|pissed) me off",
        rf"{IVE} (?:really |just |had )?(?:had|seen|heard) (?:more than |quite )?enough(?! to| time| money)",
        rf"{IVE} had it(?: with| up to|{END})",
        r"enough (?:is enough|already|of this|of that)",
        rf"{OPENING}that's (?:it|enough)!",
        rf"i {VERY}hate (?:this|that|it|when|how|him|her|them|you|these|those|my)",
        rf"i {CANT} (?:stand|bear) (?:this|that|it|him|her|them|you|the|when)",
        rf"i {CANT} believe (?:this(?= ?[.!]|$)|you (?:did|would|said)|he (?:did|would)|they (?:did|would)|how)",
        rf"i (?:{CANT}|{DONT} want to|won't) (?:deal|put up) with",
        # who is to blame
        rf"{SOMEBODY} always (?:do|does|say|says|have to|has to|make|makes|forget|forgets|leave|leaves) (?:this|"
        rf"that|it|me|the)",
        r"(?:you|he|she|they) never (?:listens?|helps?|cares?|answers?|lets? me|asks?|thinks?|does|do|pays?|"
        r"calls?|tells? me)",
        r"(?:nobody|no one) (?:ever )?(?:listens|helps|tells me|told me|asked me|answers|asks me)",
        rf"{YOURE} not (?:even )?listening",
        r"every (?:single |damn |fucking )+time",
        r"how many times (?:do|did|have|must) (?:i|we)",
        r"i (?:already )?told you (?:already|again|a (?:hundred|thousand|million) times|so many|not to)",
        r"(?:why|how) (?:won't|doesn't|does|do|can't|don't) (?:it|this|that|you|he|she|they|we|i) "
        r"(?:just |even )?(?:work|keep|never|always|have to keep|listen|stop|understand anything|ever)",
        r"what(?:'s| is| the hell is) wrong with (?:you|this|that|him|her|them|people|it|these|my)",
        r"what were you thinking",
        r"(?:how dare you|shut up|knock it off|cut it out|give me a break|get off my back|mind your own business)",
        r"stop (?:it|that|this|doing (?:that|this)|interrupting|yelling|lying|bothering)(?= ?[.!,]|$)",
        rf"(?:{YOURE}|{THATS}) {VERY}(?:such )?{STUPID}",
        r"is (?:that|it) too much to ask",
        # cries
        r"for (?:god's|heaven's|christ's|pete's|goodness|fuck's|crying out loud)(?: sake)?",
        r"what the (?:hell|heck|fuck)",
        r"(?:god ?damn it|damn it|dammit|damnit)",
        rf"{OPENING}(?:ugh|argh|shit|fuck){END}",
        r"(?:it|this|that) (?:really |just |totally )?sucks",
    ),
)

UNDER_STRAIN: Final = (
    _wording(
        "says_strain",
        1.0,
        rf"(?:{IM}|i feel|i'm feeling|i've been) {VERY}"
        r"(?:stressed(?: out)?|nervous|anxious|overwhelmed|worried|exhausted|panicking|scared|terrified|"
        r"under pressure|tense|"
        r"on edge|burned out|burnt out|swamped|drowning|shaking|falling apart|breaking down|freaking out|freaked out|"
        r"losing (?:it|my mind)|a (?:nervous )?wreck|worn out|stretched thin|desperate|afraid of|overworked)",
        r"(?:so|too|way too) much (?:pressure|stress|to do|work|going on|on my plate|for me|at once|to handle)",
        r"(?:so|too) many (?:deadlines|things (?:to do|at once|going on))",
        r"(?:under|a lot of) (?:a lot of |so much |great |enormous )?(?:pressure|stress)",
        rf"i (?:just )?{CANT} (?:cope|breathe|sleep|keep up|calm down|relax|focus|stop (?:worrying|shaking|"
        rf"thinking)|go on)",
        rf"i (?:just )?{CANT} (?:handle|take|do|manage) (?:(?:it|this|that|all)(?: all)?(?: anymore)?|any ?more|"
        rf"much more)",
        r"i (?:haven't|have not|barely|hardly|couldn't) (?:been able to )?(?:slept|sleep)(?: at all| (?:for|in) \w+)?",
        r"at (?:the end of my rope|my wits'? end|my wit's end|my breaking point|my limit|breaking point)",
        r"(?:running|ran) out of time",
        r"(?:never|not going to|can't) (?:going to )?(?:get|finish|make|do) (?:[\w']+ ){1,5}(?:in time|on time)",
        rf"{THATS} {VERY}(?:stressful|nerve-wracking|nerve-racking|overwhelming|too much for me)",
        r"(?:stresses|stressing|stressed) (?:me|us) out",
        rf"(?:makes|making|made) me {VERY}(?:nervous|anxious|uneasy|panic)",
        r"(?:having|had) a (?:panic attack|breakdown|meltdown)",
        r"my (?:heart|hands|head|stomach|nerves)(?:'s| is| are|'re) (?:racing|pounding|shaking|spinning|"
        r"in knots|shot|killing me)",
        r"i don't know (?:how much (?:longer|more)|what to do (?:anymore|any more)|how i(?:'m| am) (?:going to|"
        r"gonna|supposed to))",
        r"what am i (?:going to|gonna|supposed to) do",
    ),
)

ALL_THE_SAME: Final = (
    _wording(
        "says_indifference",
        1.0,
        r"i (?:don't|do not|couldn't) (?:really )?care(?: less)?",
        r"who cares",
        r"whatever(?= ?[.!]|$)",
        rf"{IM} {VERY}bored",
        r"(?:this|that|it)(?:'s| is) (?:so |really )?boring",
        r"doesn't matter to me",
        rf"{IM} (?:really |just )?not (?:really |that |very )?interested",
        r"(?:it's )?all the same to me",
    ),
)

FEELINGS: Final = (*CONFUSED, *INTERESTED, *IN_THE_WAY, *UNDER_STRAIN, *ALL_THE_SAME)
