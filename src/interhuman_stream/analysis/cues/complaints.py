"""Wordings for what is in the way: what fails, who is annoyed, who is to blame.

Sources: direct and indirect complaints (Boxer 1993; Drew 1998: "you never", "every time").
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import (
    CANT,
    DONT,
    END,
    FREELY,
    GOES_ON,
    IM,
    IVE,
    OPENING,
    OUTRIGHT,
    THATS,
    VERY,
    YOURE,
)
from interhuman_stream.analysis.cues.phrasing import wording as _wording

SOMETHING: Final = r"(?:it|this|that|everything|(?:the|my|this|that|our|your|another)(?: [\w']+){1,2}?|nothing here)"
SOMEBODY: Final = r"(?:you|he|she|they|people|everybody|everyone)"
FAILING: Final = (
    r"(?:crashing|freezing|breaking|failing|stopping|happening|losing|dropping|disconnecting|going wrong|falling|"
    r"doing (?:this|that|it)|interrupting|ignoring|forgetting|bothering|asking|telling me|coming back|messing|"
    r"changing|"
    r"cutting out|rejecting|lying|making (?:the same|me)|moving the|pushing (?:it|this|us|me) back|putting (?:it|me|"
    r"us) off|sending me|"
    r"giving me|saying no|logging me|kicking me|blocking|getting (?:it|this|that|my|worse|stuck)|"
    r"turning (?:itself )?off|shutting (?:down|off)|"
    r"resetting|beeping|buffering|complaining|cancell?ing|delaying|postponing|passing me|transferring me|hanging up|"
    r"blaming|stalling|"
    r"spinning|disappearing|breaking down|repeating|jamming|restarting|acting up|asking (?:me )?for|wasting|"
    r"showing (?:me )?(?:the same|an error))"
)
STUPID: Final = r"(?:stupid|dumb|(?:an? )?(?:idiot|moron|asshole|jerk|fool)s?|useless|hopeless)"

UNBEARABLE: Final = (
    r"(?:frustrating|annoying|ridiculous|irritating|infuriating|maddening|outrageous|unfair|pathetic|exasperating|"
    r"aggravating|"
    r"unacceptable|a joke|a farce|a disgrace|disgraceful|a nuisance|a hassle|crap|garbage|"
    r"bullshit|a pain(?: in the \w+)?|tiresome|a rip-?off|not fair|too slow|so slow|hopeless|such a waste|"
    r"the last straw|the worst|"
    r"taking (?:forever|ages|way too long|too long|so long))"
)
WAITED: Final = r"(?:minutes?|hours?|days|weeks|months|years|ages|ever)"

COMPLAINTS: Final = (
    _wording(
        "says_blocked_effort",
        OUTRIGHT,
        rf"(?:{IM}|we're|i feel|i was getting|i get) {VERY}(?:frustrated|annoyed|fed up|irritated|furious|"
        rf"exasperated|"
        rf"aggravated|pissed off|"
        rf"sick and tired|livid|at the end of my patience|running out of patience|out of patience|losing (?:my )?"
        rf"(?:patience|temper)|sick of (?:it|this|all|your|these|being|having|hearing|waiting|people))",
        rf"(?:{THATS}) (?:so|really|getting|just so|beyond|very|extremely|incredibly|unbelievably|"
        rf"insanely) {VERY}(?:frustrating|annoying|irritating|"
        rf"infuriating|maddening|exasperating)",
        rf"i {VERY}hate (?:this|it)(?: (?:so much|here))?{END}",
        rf"i(?:'ve| have) had (?:more than )?enough(?: of (?:this|it|you|that))?{END}",
        r"(?:drives?|driving|drove) me (?:absolutely |completely )?(?:crazy|nuts|mad|insane|up the wall|"
        r"round the bend)",
    ),
    _wording(
        "says_blocked_effort",
        1.0,
        # what is tried fails
        rf"{SOMETHING} {FREELY}(?:still )?(?:doesn't|does not|won't|wouldn't|isn't|never|don't|can't|"
        rf"refuses to) (?:even |ever |just )?"
        r"(?:work(?:s|ing)?|load(?:s|ing)?|open|start|stop|respond(?:ing)?|connect(?:ing)?|listen|answer|do (?:what|"
        r"anything|as)|"
        r"does what|go (?:away|through|in)|let(?:ting|s)? me|help|save|print(?:ing)?|turn on|boot|update|budge|move|"
        r"cooperate|come (?:on|off|out)|"
        r"fit|recogni[sz]e|accept my)",
        r"(?:stupid|damn|damned|bloody|goddamn|fucking|freaking|useless|wretched|blasted|lousy|dumb|crappy|"
        r"ridiculous) (?:thing|computer|machine|"
        r"phone|app|printer|car|system|website|software|program|rules?|meeting|forms?|line|traffic|update|password|"
        r"internet|people)",
        r"(?:nothing|none of (?:this|it)|not a thing) (?:i (?:do|try|say) )?(?:ever |really |here )*(?:works|"
        r"is working|helps|goes right|changes|"
        r"goes my way|gets done|seems to (?:work|help)|makes a difference|is going right)",
        rf"(?:{SOMETHING}|{SOMEBODY}|somebody|someone) (?:just |still |always )?keeps? (?:on )?{FAILING}",
        rf"(?:on hold|waiting|stuck|standing|sitting)(?: (?:here|there|in line|around|in traffic|"
        rf"like an idiot))*(?: for| over| more than)* (?:almost |"
        rf"nearly |about |over |more than |an? |the last |the past |half |\w+ ){{0,4}}{WAITED}",
        rf"(?:{IVE}|we've|i was|we were) been (?:on hold|waiting|stuck|standing|trying|asking|calling|at (?:it|this)|"
        rf"working on (?:it|this)|"
        rf"doing this)(?: [\w']+){{0,4}} (?:all (?:day|morning|week|night)|{WAITED}|and nothing|in vain)",
        rf"(?:{IVE}|i) {FREELY}tried (?:everything|again and again|so many|that (?:already|before|twice)|it (?:a|"
        rf"twice|"
        rf"so many|all)|(?:a )?(?:hundred|"
        rf"thousand|million|dozen|\w+ times)|for (?:hours|days|weeks)|and (?:tried|failed))",
        r"for the (?:second|third|fourth|fifth|sixth|tenth|hundredth|umpteenth|nth|thousandth|"
        r"millionth) time(?= ?[.!,]|$| (?:today|this|in|now|and|"
        r"already))",
        rf"i {FREELY}{CANT} (?:even )?(?:get|make) (?:it|this|that|anything|through|the \w+|my \w+|anybody|anyone|"
        rf"a straight)(?: to)? ?(?:work|right|"
        rf"done|fixed|started|open|load|answer)?",
        r"(?:still (?:hasn't|haven't|have not|has not|didn't|won't|can't|doesn't|don't) (?:been )?(?:work|fix|"
        r"answer|repl|arriv|come|"
        r"pa(?:y|id)|call|respond|load|deliver|show|let|finish|get|got)\w*|(?:they|you|he|she|it) (?:still "
        r")?(?:haven't|hasn't) (?:even )?"
        r"(?:fixed|answered|replied|arrived|paid|called|responded|delivered) \w+)",
        rf"it(?:'s| has) been (?:over |more than |almost |nearly |about )?(?:an? |two |three |four |five |six |\w+ "
        rf")?{WAITED} and "
        rf"(?:still|nobody|no one|nothing|they|you|he|she|it|i still)(?:'s|'ve|n't)?(?: [\w']+)?",
        r"every time (?:i|we) (?:[\w']+,? ){1,5}(?:it|something(?: else)?|someone|he|she|they|you|the \w+|this|"
        r"that) (?:\w+ )?(?:breaks?|"
        r"crash(?:es)?|fails?|freezes?|goes? wrong|stops?|interrupts?|changes?|dies|gets? (?:stuck|worse)|"
        r"disappears?|hangs?|won't|"
        r"doesn't|don't|can't|jams?|comes? back)",
        r"(?:still|again) (?:nothing|no (?:answer|reply|response|sign|signal|luck)|not working|waiting|broken|"
        r"isn't (?:working|fixed)|doesn't work)",
        r"(?:no|without any) (?:luck|success|progress) (?:at all|whatsoever|again|so far)",
        r"(?:broken|broke|broke down|crashed|stuck|frozen|failed|wrong|rejected|cancelled|late|delayed|"
        r"lost) (?:yet )?again",
        rf"{OPENING}(?:not (?:this )?again|oh no,? not again|here we go again|now what|what now|great,? just great|"
        rf"just great|just my luck|"
        rf"oh,? come on|come on,? (?:already|really|seriously)|for crying out loud|good grief|"
        rf"oh for (?:god's|heaven's|goodness|pete's|crying|the love)|this again|are you serious right now|"
        rf"give me a break|unbelievable|"
        rf"seriously,? again|why me|i can't even|god+)(?= ?[.!,?]|$)",
        r"(?:if it's not|if it isn't) one thing",
        r"(?:it's |there's )?(?:always something|one thing after another|one excuse after another|another excuse|"
        r"always an excuse)",
        r"(?:it's |there's |there is |what's )?(?:no|the) (?:point|use)(?: in (?:even )?(?:trying|talking|asking|"
        r"doing)| of (?:even )?(?:trying|this|it)| "
        r"anymore| (?:trying|talking to you))",
        r"(?:what's|what is) the (?:point|use)(?= ?[?.!]|$)",
        r"i don't know why (?:i|we) (?:even )?(?:bother|try)",
        r"why (?:do|should) i (?:even )?bother",
        # who is annoyed
        rf"(?:{IM}|we're|i feel) {VERY}(?:sick|tired|fed up|done|through|annoyed|angry|frustrated|mad|irritated|"
        rf"upset) (?:of|with|at|by|about)(?: all)?"
        rf"(?: of)? (?:this|it|that|these|those|hearing|being|having|doing|waiting|the|your|you|him|her|them|people|"
        rf"his|how|excuses|everything|my)",
        rf"{OPENING}{VERY}(?:sick|fed up|done|tired) (?:of|with)(?: all)? (?:this|it|that|these|hearing|being|having|"
        rf"waiting|your|you|people|everything)",
        rf"{OPENING}(?:so|how|really|very|super|incredibly) (?:annoying|frustrating|irritating|ridiculous|"
        rf"infuriating|"
        rf"unfair|annoyed|frustrated)",
        rf"(?:{THATS}|{YOURE}|it was|that was|it gets|it has been|it's been|which is|things are|"
        rf"everything is) {VERY}(?:such )?{UNBEARABLE}{GOES_ON}",
        r"what (?:a|an) (?:\w+ )?(?:waste|joke|mess|nightmare|pain|disaster|nuisance|hassle|rip-?off|load of|stupid|"
        r"ridiculous|pathetic|shambles|fiasco|farce)",
        rf"{IM} {VERY}(?:ready|about|going|this close) to (?:scream|quit|give up|lose it|snap|explode|throw|"
        rf"go (?:crazy|mad)|kill|smash|lose my)",
        r"i (?:could|want to|wanna|just want to|feel like|was about to|'m about to) (?:just )?(?:scream(?:ing)?|"
        r"throw(?:ing)? (?:it|this|my|the|something)|"
        r"punch(?:ing)?|kill (?:him|her|them|it|someone|somebody)|smash(?:ing)?|bang(?:ing)? my head|"
        r"pull(?:ing)? my hair|strangle)",
        rf"{IVE} (?:{VERY})(?:lost|run out of|no) (?:all )?(?:my )?patience",
        r"(?:my patience|i'm running out of patience|i've got no patience)",
        r"(?:(?:gets?|getting|got) (?:on my nerves|under my skin)|grinds my gears|(?:irks|bugs|bugging|bothers|"
        r"riles) me|winds? me up|(?:ticks?|pisses) me off|"
        r"rubs? me the wrong way|(?:makes?|making|made|gets) me (?:really |so |very )?(?:angry|mad|furious))",
        r"makes? my blood boil",
        rf"i {FREELY}(?:hate|can't stand|detest|loathe) (?:this|that|it when|when|how|him|her|them|you|these|those|"
        rf"my|"
        rf"having|being|waiting|the way|"
        rf"doing|it here|working|people)",
        rf"i {FREELY}{CANT} (?:stand|bear|take|deal with|put up with|tolerate) (?:this|that|it|him|her|them|you|the|"
        rf"any more of|another|being)",
        r"(?:that's|it's|this is) (?:all |exactly )?(?:the last straw|it,? i)",
        r"(?:enough|so much) (?:of|with|for) (?:this|that|the|your|these|it)(?= ?[.!,]|$| (?:nonsense|excuses|crap|"
        r"games|talk))",
        # who is to blame
        r"(?:nobody|no one|not one person)(?:'s| has| have| had)? (?:here )?(?:ever |even |seems to |wants to |"
        r"bothers to |will |"
        r"is )?(?:listens?|listening|helps?|helping|cares?|"
        r"answer(?:s|ed)?|answering|pick(?:s|ed)? up|call(?:s|ed)? (?:me |us )?back|helped|listened|fixed|come|"
        r"repl(?:y|ies)|responds?|tells? me|told me|asks? me|"
        r"asked me|takes? (?:me|it|responsibility)|"
        r"understands? (?:me|what)|does anything|shows? up|knows? (?:anything|what they)|reads|bothers|appreciates)",
        r"(?:you|he|she|they|people|the \w+) never (?:ever |even |once )?(?:listens?|helps?|cares?|answers?|lets? me|"
        r"asks?|thinks?|does (?:what|any)|do (?:what|"
        r"any)|pays?|calls?|tells? (?:me|us)|shows? up|reply|replies|cleans?|works?|comes? on time|learns?|"
        r"says? (?:sorry|thank)|keeps? (?:your|his|their)|take)",
        rf"(?:{SOMEBODY}) (?:just |simply |still )?(?:just don't|just doesn't|don't even|doesn't even|won't|refuse "
        rf"to|"
        rf"refuses to) (?:even |ever )?(?:listen|care|get back to|answer|help|let me|give me "
        rf"a|take (?:me|it|this|any)|understand that|respond|reply|call (?:me )?back|bother)",
        rf"(?:i|we)(?:'ve| have)? {FREELY}(?:already )?(?:told|asked|explained|emailed|called|complained)(?: (?:you|"
        rf"that|this|it|them|him|her|to you))*"
        rf"(?: (?:this|that|it|about this))? (?:already|before|again|twice|three times|(?:a )?(?:hundred|thousand|"
        rf"million|dozen) times|(?:so )?many times|"
        rf"several times|over and over|repeatedly)",
        r"(?:as|like) i(?:'ve)? (?:already )?said (?:a (?:hundred|thousand|million)|(?:so )?many|three|ten) times",
        r"(?:why|how come) (?:does|do|is|are|must|did|can't|won't|doesn't|don't|can|am|isn't|has|"
        r"have)(?: [\w']+){1,4} (?:always|never|keep|keeps|constantly|"
        r"every time|so (?:hard|difficult|complicated|slow|long|stupid|stubborn|much)|have to be|happen to me)",
        r"why (?:can't|won't|don't|doesn't|couldn't) (?:you|they|it|anyone|anybody|people|we|he|she|i|(?:this|that|"
        r"my)(?: \w+)?|"
        r"the \w+)(?: (?:just|ever|simply|even|for once))?"
        r"(?: (?:work|listen|stop|leave|do|understand|let|be|get|make|give|answer|help|see|admit|say))",
        r"(?:is|was) (?:it|that) (?:really )?(?:so|that|too) (?:hard|much|difficult)",
        r"how (?:hard|difficult|stupid|dumb) (?:can|could) (?:it|you|they|he|she|this|that) be",
        r"how (?:many (?:more )?times|much (?:longer|more)) (?:do|does|must|will|am|are) (?:i|we|you|this|they)",
        r"what (?:else|more) (?:do|does) (?:you|they|he|she) (?:want|need|expect)",
        r"(?:what did you|what do you people) expect",
        r"do i look like",
        r"who (?:does|do|the hell does) (?:he|she|they|you) think (?:he|she|they|you)",
        r"(?:are|were) you (?:even |actually )?(?:listening|paying attention|blind|deaf|out of your mind|insane|"
        r"crazy|"
        r"stupid)",
        r"(?:do|does|did|will|can) (?:you|he|she|they|anybody|anyone|nobody)(?: here)? (?:even |ever |"
        r"actually )?(?:listen|care|read|bother|work here)(?= ?\?| to)",
        r"can't (?:you|they|anyone|anybody|people) (?:just|even|ever|see|read|do|for once|simply|at least)",
        r"when (?:is|are|will)(?: [\w']+){1,4} (?:ever|finally)",
        r"(?:you|they|he|she)(?:'ve| have| has|'s)? (?:ruined|wasted|messed up|screwed up|broke|lost) (?:my|our|it|"
        r"everything|the whole)",
        r"(?:it|this|that)(?:'s| is) (?:always|all) (?:the same|your fault|my fault|me who|like this|about)",
    ),
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
        rf"{IVE} (?:already )?tried (?:everything|again and again|so many|that already|a (?:hundred|thousand|"
        rf"million))",
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
        r"(?:annoying|annoys me|frustrating|infuriating|irritating)",
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
        rf"i {CANT} believe (?:this(?= ?[.!]|$)|you (?:did|would|said)|he (?:did|would)|they (?:did|would)|how "
        rf"(?:rude|stupid|"
        rf"slow|bad|long|selfish|lazy))",
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
