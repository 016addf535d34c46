"""Wordings for how what happens is taken: in the way, too much, all the same.

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
    r"doing (?:this|that|it)|interrupting|ignoring|forgetting|bothering|asking|telling me|coming back|messing|changing|"
    r"cutting out|rejecting|lying|making (?:the same|me)|moving the|pushing (?:it|this|us|me) back|putting (?:it|me|us) off|sending me|"
    r"giving me|saying no|logging me|kicking me|blocking|getting (?:it|this|that|my|worse|stuck)|turning (?:itself )?off|shutting (?:down|off)|"
    r"resetting|beeping|buffering|complaining|cancell?ing|delaying|postponing|passing me|transferring me|hanging up|blaming|stalling|"
    r"spinning|disappearing|breaking down|repeating|jamming|restarting|acting up|asking (?:me )?for|wasting|showing (?:me )?(?:the same|an error))"
)
STUPID: Final = r"(?:stupid|dumb|(?:an? )?(?:idiot|moron|asshole|jerk|fool)s?|useless|hopeless)"

UNBEARABLE: Final = (
    r"(?:frustrating|annoying|ridiculous|irritating|infuriating|maddening|outrageous|unfair|pathetic|exasperating|aggravating|"
    r"unacceptable|a joke|a farce|a disgrace|disgraceful|a nuisance|a hassle|crap|garbage|"
    r"bullshit|a pain(?: in the \w+)?|tiresome|a rip-?off|not fair|too slow|so slow|hopeless|such a waste|the last straw|the worst|"
    r"taking (?:forever|ages|way too long|too long|so long))"
)
WAITED: Final = r"(?:minutes?|hours?|days|weeks|months|years|ages|ever)"

IN_THE_WAY: Final = (
    _wording(
        "says_blocked_effort",
        OUTRIGHT,
        rf"(?:{IM}|we're|i feel|i was getting|i get) {VERY}(?:frustrated|annoyed|fed up|irritated|furious|exasperated|aggravated|pissed off|"
        rf"sick and tired|livid|at the end of my patience|running out of patience|out of patience|losing (?:my )?"
        rf"(?:patience|temper)|sick of (?:it|this|all|your|these|being|having|hearing|waiting|people))",
        rf"(?:{THATS}) (?:so|really|getting|just so|beyond|very|extremely|incredibly|unbelievably|insanely) {VERY}(?:frustrating|annoying|irritating|"
        rf"infuriating|maddening|exasperating)",
        rf"i {VERY}hate (?:this|it)(?: (?:so much|here))?{END}",
        rf"i(?:'ve| have) had (?:more than )?enough(?: of (?:this|it|you|that))?{END}",
        r"(?:drives?|driving|drove) me (?:absolutely |completely )?(?:crazy|nuts|mad|insane|up the wall|round the bend)",
    ),
    _wording(
        "says_blocked_effort",
        1.0,
        # what is tried fails
        rf"{SOMETHING} {FREELY}(?:still )?(?:doesn't|does not|won't|wouldn't|isn't|never|don't|can't|refuses to) (?:even |ever |just )?"
        r"(?:work(?:s|ing)?|load(?:s|ing)?|open|start|stop|respond(?:ing)?|connect(?:ing)?|listen|answer|do (?:what|anything|as)|"
        r"does what|go (?:away|through|in)|let(?:ting|s)? me|help|save|print(?:ing)?|turn on|boot|update|budge|move|cooperate|come (?:on|off|out)|"
        r"fit|recogni[sz]e|accept my)",
        rf"(?:stupid|damn|damned|bloody|goddamn|fucking|freaking|useless|wretched|blasted|lousy|dumb|crappy|ridiculous) (?:thing|computer|machine|"
        rf"phone|app|printer|car|system|website|software|program|rules?|meeting|forms?|line|traffic|update|password|internet|people)",
        rf"(?:nothing|none of (?:this|it)|not a thing) (?:i (?:do|try|say) )?(?:ever |really |here )*(?:works|is working|helps|goes right|changes|"
        rf"goes my way|gets done|seems to (?:work|help)|makes a difference|is going right)",
        rf"(?:{SOMETHING}|{SOMEBODY}|somebody|someone) (?:just |still |always )?keeps? (?:on )?{FAILING}",
        rf"(?:on hold|waiting|stuck|standing|sitting)(?: (?:here|there|in line|around|in traffic|like an idiot))*(?: for| over| more than)* (?:almost |"
        rf"nearly |about |over |more than |an? |the last |the past |half |\w+ ){{0,4}}{WAITED}",
        rf"(?:{IVE}|we've|i was|we were) been (?:on hold|waiting|stuck|standing|trying|asking|calling|at (?:it|this)|working on (?:it|this)|"
        rf"doing this)(?: [\w']+){{0,4}} (?:all (?:day|morning|week|night)|{WAITED}|and nothing|in vain)",
        rf"(?:{IVE}|i) {FREELY}tried (?:everything|again and again|so many|that (?:already|before|twice)|it (?:a|twice|so many|all)|(?:a )?(?:hundred|"
        rf"thousand|million|dozen|\w+ times)|for (?:hours|days|weeks)|and (?:tried|failed))",
        r"for the (?:second|third|fourth|fifth|sixth|tenth|hundredth|umpteenth|nth|thousandth|millionth) time(?= ?[.!,]|$| (?:today|this|in|now|and|"
        r"already))",
        rf"i {FREELY}{CANT} (?:even )?(?:get|make) (?:it|this|that|anything|through|the \w+|my \w+|anybody|anyone|a straight)(?: to)? ?(?:work|right|"
        rf"done|fixed|started|open|load|answer)?",
        rf"(?:still|again) (?:nothing|no (?:answer|reply|response|sign|signal|luck)|not working|waiting|broken|isn't (?:working|fixed)|doesn't work)",
        rf"(?:no|without any) (?:luck|success|progress) (?:at all|whatsoever|again|so far)",
        rf"(?:broken|broke|broke down|crashed|stuck|frozen|failed|wrong|rejected|cancelled|late|delayed|lost) (?:yet )?again",
        rf"{OPENING}(?:not (?:this )?again|oh no,? not again|here we go again|now what|what now|great,? just great|just great|just my luck|"
        rf"oh,? come on|come on,? (?:already|really|seriously)|for crying out loud|good grief|"
        rf"oh for (?:god's|heaven's|goodness|pete's|crying|the love)|this again|are you serious right now|give me a break|unbelievable|"
        rf"seriously,? again|why me|i can't even|god+)(?= ?[.!,?]|$)",
        r"(?:if it's not|if it isn't) one thing",
        r"(?:it's |there's )?(?:always something|one thing after another|one excuse after another|another excuse|always an excuse)",
        rf"(?:it's |there's |there is |what's )?(?:no|the) (?:point|use)(?: in (?:even )?(?:trying|talking|asking|doing)| of (?:even )?(?:trying|this|it)| "
        rf"anymore| (?:trying|talking to you))",
        r"(?:what's|what is) the (?:point|use)(?= ?[?.!]|$)",
        r"i don't know why (?:i|we) (?:even )?(?:bother|try)",
        r"why (?:do|should) i (?:even )?bother",
        # who is annoyed
        rf"(?:{IM}|we're|i feel) {VERY}(?:sick|tired|fed up|done|through|annoyed|angry|frustrated|mad|irritated|upset) (?:of|with|at|by|about)(?: all)?"
        rf"(?: of)? (?:this|it|that|these|those|hearing|being|having|doing|waiting|the|your|you|him|her|them|people|his|how|excuses|everything|my)",
        rf"{OPENING}{VERY}(?:sick|fed up|done|tired) (?:of|with)(?: all)? (?:this|it|that|these|hearing|being|having|waiting|your|you|people|everything)",
        rf"{OPENING}(?:so|how|really|very|super|incredibly) (?:annoying|frustrating|irritating|ridiculous|infuriating|unfair|annoyed|frustrated)",
        rf"(?:{THATS}|{YOURE}|it was|that was|it gets|it has been|it's been|which is|things are|everything is) {VERY}(?:such )?{UNBEARABLE}{GOES_ON}",
        rf"what (?:a|an) (?:\w+ )?(?:waste|joke|mess|nightmare|pain|disaster|nuisance|hassle|rip-?off|load of|stupid|ridiculous|pathetic|shambles|fiasco|farce)",
        rf"{IM} {VERY}(?:ready|about|going|this close) to (?:scream|quit|give up|lose it|snap|explode|throw|go (?:crazy|mad)|kill|smash|lose my)",
        r"i (?:could|want to|wanna|just want to|feel like|was about to|'m about to) (?:just )?(?:scream(?:ing)?|throw(?:ing)? (?:it|this|my|the|something)|"
        r"punch(?:ing)?|kill (?:him|her|them|it|someone|somebody)|smash(?:ing)?|bang(?:ing)? my head|pull(?:ing)? my hair|strangle)",
        rf"{IVE} (?:{VERY})(?:lost|run out of|no) (?:all )?(?:my )?patience",
        r"(?:my patience|i'm running out of patience|i've got no patience)",
        r"(?:(?:gets?|getting|got) (?:on my nerves|under my skin)|grinds my gears|(?:irks|bugs|bugging|bothers|riles) me|winds? me up|(?:ticks?|pisses) me off|"
        r"rubs? me the wrong way|(?:makes?|making|made|gets) me (?:really |so |very )?(?:angry|mad|furious))",
        r"makes? my blood boil",
        rf"i {FREELY}(?:hate|can't stand|detest|loathe) (?:this|that|it when|when|how|him|her|them|you|these|those|my|having|being|waiting|the way|"
        rf"doing|it here|working|people)",
        rf"i {FREELY}{CANT} (?:stand|bear|take|deal with|put up with|tolerate) (?:this|that|it|him|her|them|you|the|any more of|another|being)",
        rf"(?:that's|it's|this is) (?:all |exactly )?(?:the last straw|it,? i)",
        rf"(?:enough|so much) (?:of|with|for) (?:this|that|the|your|these|it)(?= ?[.!,]|$| (?:nonsense|excuses|crap|games|talk))",
        # who is to blame
        rf"(?:nobody|no one|not one person) (?:here )?(?:ever |even |seems to |wants to |bothers to |will |is )?(?:listens?|listening|helps?|helping|cares?|"
        rf"answers?|answering|pick(?:s|ed)? up|calls? (?:me )?back|repl(?:y|ies)|responds?|tells? me|told me|asks? me|asked me|takes? (?:me|it|responsibility)|"
        rf"understands? (?:me|what)|does anything|shows? up|knows? (?:anything|what they)|reads|bothers|appreciates)",
        rf"(?:you|he|she|they|people|the \w+) never (?:ever |even |once )?(?:listens?|helps?|cares?|answers?|lets? me|asks?|thinks?|does (?:what|any)|do (?:what|"
        rf"any)|pays?|calls?|tells? (?:me|us)|shows? up|reply|replies|cleans?|works?|comes? on time|learns?|says? (?:sorry|thank)|keeps? (?:your|his|their)|take)",
        rf"(?:{SOMEBODY}) (?:just |simply |still )?(?:just don't|just doesn't|don't even|doesn't even|won't|refuse to|refuses to) (?:even |ever )?(?:listen|care|get back to|answer|help|let me|give me "
        rf"a|take (?:me|it|this|any)|understand that|respond|reply|call (?:me )?back|bother)",
        rf"(?:i|we)(?:'ve| have)? {FREELY}(?:already )?(?:told|asked|explained|emailed|called|complained)(?: (?:you|that|this|it|them|him|her|to you))*"
        rf"(?: (?:this|that|it|about this))? (?:already|before|again|twice|three times|(?:a )?(?:hundred|thousand|million|dozen) times|(?:so )?many times|"
        rf"several times|over and over|repeatedly)",
        r"(?:as|like) i(?:'ve)? (?:already )?said (?:a (?:hundred|thousand|million)|(?:so )?many|three|ten) times",
        r"(?:why|how come) (?:does|do|is|are|must|did|can't|won't|doesn't|don't|can|am|isn't|has|have)(?: [\w']+){1,4} (?:always|never|keep|keeps|constantly|"
        r"every time|so (?:hard|difficult|complicated|slow|long|stupid|stubborn|much)|have to be|happen to me)",
        r"why (?:can't|won't|don't|doesn't|couldn't) (?:you|they|it|anyone|anybody|people|we|he|she|i|this|that|the \w+)(?: (?:just|ever|simply|even|for once))?"
        r"(?: (?:work|listen|stop|leave|do|understand|let|be|get|make|give|answer|help|see|admit|say))",
        r"(?:is|was) (?:it|that) (?:really )?(?:so|that|too) (?:hard|much|difficult)",
        r"how (?:hard|difficult|stupid|dumb) (?:can|could) (?:it|you|they|he|she|this|that) be",
        r"how (?:many (?:more )?times|much (?:longer|more)) (?:do|does|must|will|am|are) (?:i|we|you|this|they)",
        r"what (?:else|more) (?:do|does) (?:you|they|he|she) (?:want|need|expect)",
        r"(?:what did you|what do you people) expect",
        r"do i look like",
        r"who (?:does|do|the hell does) (?:he|she|they|you) think (?:he|she|they|you)",
        r"(?:are|were) you (?:even |actually )?(?:listening|paying attention|blind|deaf|out of your mind|insane|crazy|stupid)",
        r"(?:do|does|did|will|can) (?:you|he|she|they|anybody|anyone|nobody)(?: here)? (?:even |ever |actually )?(?:listen|care|read|bother|work here)(?= ?\?| to)",
        r"can't (?:you|they|anyone|anybody|people) (?:just |even |ever |see|read|do|for once)",
        r"when (?:is|are|will)(?: [\w']+){1,4} (?:ever|finally)",
        r"(?:you|they|he|she)(?:'ve| have| has|'s)? (?:ruined|wasted|messed up|screwed up|broke|lost) (?:my|our|it|everything|the whole)",
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

STRESSED: Final = (
    r"(?:stressed(?: out)?|stressing(?: out)?|nervous|anxious|overwhelmed|panicking|panicky|under (?:so much |a lot of |enormous )?(?:pressure|stress)|tense|"
    r"on edge|burned out|burnt out|burning out|swamped|freaking out|freaked out|worried sick|overworked|overloaded|frantic|frazzled|jittery)"
)
UNDER_STRAIN: Final = (
    _wording(
        "says_strain",
        OUTRIGHT,
        rf"(?:{IM}|i feel|i'm feeling|i've been(?: feeling)?|i get|i'm getting) {VERY}{STRESSED}",
        rf"i {FREELY}{CANT} cope(?: (?:anymore|any more|with (?:this|it|all)))?",
    ),
    _wording(
        "says_strain",
        1.0,
        rf"(?:{IM}|i feel|i'm feeling|i've been|we're) {VERY}(?:scared|afraid (?:of|to|that)|terrified|worried|frightened|uneasy|restless|shaky|trembling|"
        rf"sweating|drained|exhausted|wiped out|fried|buried|slammed|stretched|spread too thin|behind|up against|under the gun|in (?:a )?panic|"
        rf"at (?:my )?breaking point|on the (?:edge|verge|brink)|about to (?:break|cry|faint|throw up|collapse|burst|have a (?:panic|heart|nervous|breakdown|meltdown))|going to (?:cry|faint|be sick|panic|"
        rf"throw up|fail|lose my (?:job|mind))|going (?:crazy|insane|out of my mind)|losing (?:it|sleep|my mind)|a (?:nervous |total |complete )?wreck|"
        rf"hanging by a thread|having (?:a )?(?:panic|trouble (?:sleeping|breathing))|dreading|sick (?:with worry|to my stomach)|barely (?:coping|sleeping|"
        rf"hanging|holding)|not (?:sleeping|coping|going to make it)|so behind)",
        r"i feel (?:like |as if |as though )?(?:i'm |i am |everything is |everything's |the walls are )?(?:about to |going to |gonna )?(?:drown(?:ing)?|break(?:ing)?"
        r"(?: down)?|cry(?:ing)?|explod(?:e|ing)|burst(?:ing)?|fall(?:ing)? apart|suffocat(?:e|ing)|chok(?:e|ing)|crack(?:ing)?|los(?:e|ing) (?:it|control|my)|"
        r"closing in|too much|sick|crushed|trapped|so much pressure|the pressure|panic(?:king)?|paralyzed)",
        rf"i(?:'m| am)? (?:really |so |already |just )?dread(?:ing)? (?:it|this|that|tomorrow|the|having|going|monday|every|my)",
        r"(?:too much|so much|a lot|way too much|more than enough) (?:on my (?:plate|mind|shoulders)|going on|to do|to handle|pressure|stress|at once)",
        r"(?:there's|there is|it's) (?:just |simply )?(?:too much|so much|not enough time|never enough time)(?= ?[.!,]|$| (?:to|for|at|going|on))",
        r"(?:it's |this is )?(?:all )?(?:(?<=it's )too much|(?<=this is )too much|all too much|(?<=all )too much)(?= ?[.!,]|$| for me| i)",
        r"(?:it's |this is |things are )?(?:all )?(?:piling up|happening (?:all )?at once|getting to me|getting (?:to be )?too much|on me now|"
        r"weighing on me|crashing down|coming apart|falling apart)",
        r"(?:not enough|never enough|no more|there's no) (?:time|hours in the day)(?= ?[.!,]|$| (?:to (?:do|finish|breathe|rest|sleep|think|prepare)|left))",
        r"(?:two|three|four|five|six|so many|several|all these|all my) (?:deadlines|exams|assignments)",
        r"(?:haven't|have not) (?:even )?(?:started|slept|eaten|had (?:a break|any (?:sleep|rest)|time))(?= ?[.!,]|$| (?:yet|in|for|since|to|properly|well|a|more))",
        r"(?:running|ran|run) (?:out of|short (?:of|on)) time",
        r"the (?:clock is ticking|deadline is (?:tomorrow|tonight|today|in an hour)|pressure (?:is|keeps|has been|just))",
        r"i(?:'ve| have)? (?:really |honestly |just )?(?:don't|do not|got no idea|no idea|have no idea) ?(?:know )?how (?:i|we)(?:'m| am|'re| are|'ll| will| can)"
        r"(?: going to| gonna| supposed to| ever)? (?:get|manage|do|cope|survive|make|pull|finish|handle|pay|keep|face|go on|take)",
        rf"i {FREELY}{CANT} {FREELY}(?:sleep|eat|breathe|think straight|concentrate|focus|relax|calm down|switch off|keep up|go on|keep (?:this|it|going|doing)|stop "
        rf"(?:worrying|crying|shaking|thinking)|keep my (?:head|hands)|handle (?:it|this|that|all|any|the|much|another)|take (?:it|this|any|much|on|another)|do "
        rf"(?:this|it) (?:anymore|any (?:more|longer)|any longer)|face (?:it|this|tomorrow|another))",
        r"(?:keeps?|keeping|kept) me (?:up|awake)(?: at night| all night)?",
        r"(?:lying|lay|laying) awake|tossing and turning|losing sleep|sleepless nights?|(?:had|got|getting|on) no sleep",
        r"my (?:heart|mind|head|hands|stomach|chest|palms|nerves|legs)(?:'s| is| are|'re| was| feels?| keeps?| won't) (?:just |already |literally )?(?:racing|pounding|"
        r"shaking|spinning|in knots|shot|killing me|tight|sweaty|sweating|trembling|churning|stop|about to explode|all over the place|going a mile)",
        r"(?:butterflies|a knot|a pit) in my stomach",
        r"what if (?:i|it|they|we|something|he|she|the \w+|this) (?:just )?(?:fails?|don't|doesn't|can't|mess(?:es)?|loses?|goes wrong|screw|forget|get it wrong|am not|"
        r"isn't|aren't|never|blow|freeze|finds? out|fire)",
        r"i (?:really |desperately |just )?need (?:a break|to (?:calm down|breathe|get (?:some|away)|lie down|sleep)|some (?:rest|sleep|air|space))",
        r"(?:everything's|everything is|it's all) (?:falling apart|going wrong|happening at once|out of control|on me|crumbling|a blur)",
        rf"(?:it|this|that|he|she|everything|work|school)(?:'s| is| has been| was|'s been)? {FREELY}(?:stress(?:es|ing|ed) me(?: out)?|freak(?:s|ing) me out|"
        rf"scar(?:es|ing) me|terrif(?:ies|ying)|worr(?:ies|ying) me|mak(?:es|ing) me (?:so |really |very )?(?:nervous|anxious|uneasy|panic|sick|tense)|"
        rf"so stressful|nerve-?w?racking|overwhelming|wearing me (?:out|down))",
        r"i (?:nearly|almost) (?:broke down|cried|fainted|had a (?:panic|heart))",
        r"(?:so|too|very|really|incredibly|super) (?:stressful|stressed|nervous|overwhelmed|overwhelming|anxious)",
    ),
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
        rf"i (?:just )?{CANT} (?:handle|take|manage) (?:(?:it|this|that|all)(?: all)?(?: anymore)?|any ?more|"
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
        OUTRIGHT,
        rf"i {FREELY}(?:don't|do not) {FREELY}care(?: (?:at all|anymore|either way))?{END}",
        r"(?:i )?(?:couldn't|could not) care less",
        rf"{IM} {VERY}bored",
        rf"{IM} {VERY}not {VERY}interested{END}",
    ),
    _wording(
        "says_indifference",
        1.0,
        rf"i {FREELY}(?:don't|do not|couldn't|could not) {FREELY}(?:care(?: (?:less|either way|at all|anymore|what|about (?:it|this|that)))?|"
        rf"mind either way|give a (?:damn|crap|shit|hoot|toss|fuck)|have (?:an|any) opinion)(?! (?:for|of))",
        r"who (?:really )?cares",
        rf"{OPENING}whatever(?= ?[.!,]|$| (?:you (?:say|want|like|think)|do what|i don't))",
        rf"{OPENING}(?:so what|big deal|yawn|meh|blah(?: blah)*|suit yourself|who knows who cares|same old(?: same old| story| thing)?|same as always)(?= ?[.!,?]|$)",
        r"(?:do|say|have it|think|believe) (?:what|whatever|as|however) (?:you|they) (?:want|like|please|will)(?= ?[.!,]|$)",
        r"(?:it |that |this )?(?:makes no|doesn't make (?:any|a)|won't make (?:any|a)) difference to me",
        rf"(?:it|that) (?:really |honestly )?(?:doesn't|does not) (?:really )?(?:matter|interest|concern|bother)(?: to)? me",
        r"what (?:difference does it make|do i care|does it matter)|why should i care",
        rf"{IM} {VERY}not (?:{VERY})(?:bothered|fussed|fazed|interested|that into|in the mood|into (?:it|this|that)|listening|paying attention|following this anymore)",
        r"i (?:wasn't|was not|'m not|am not|haven't been|stopped) (?:really |even |quite )?(?:listening|paying attention|caring|interested)",
        rf"i {FREELY}(?:can't|cannot|couldn't) be (?:bothered|arsed)",
        r"(?:can|could|should|shall|may) (?:we|you|i) (?:just |please |maybe |all )*(?:get (?:this|it) over with|wrap (?:this|it|things) up|hurry(?: (?:this|it))? up|move on|"
        r"skip (?:this|it|that|ahead|to)|change the (?:subject|topic)|talk about something else|go (?:home )?now|be done|stop (?:here|now)|leave(?: now)?|go home|"
        r"finish (?:this|up)|call it a day)",
        r"(?:let's|let us|i(?:'d| just)? (?:want|like)?(?: to)?) (?:just )?(?:get (?:this|it) over with|wrap (?:this|it) up|move on|call it a day|get out of here|go home)"
        r"(?= ?[.!,]|$)",
        r"(?:are|aren't) we (?:nearly |almost |about )?(?:done|finished|there|through)(?: yet| here| now)*(?= ?\?|$)",
        r"(?:is|isn't) (?:it|this) (?:nearly |almost )?(?:over|done|finished)(?: yet)?(?= ?\?|$)",
        r"how much longer (?:is|will|does|do|until)",
        r"when (?:is|does|will|can) (?:this|it|we) (?:be )?(?:over|end|done|finish(?:ed)?|go|leave)(?= ?\?|$)",
        rf"i {FREELY}(?:want|wanna) (?:to )?(?:go home|leave|get out of here|be done|be somewhere else)",
        rf"i(?:'ve| have)? (?:kind of |sort of |totally |just |completely |kinda |must have )*(?:zoned|spaced|tuned|checked|dozed|drifted|nodded|switched) (?:it |you |them )?(?:out|off)",
        r"(?:i was|i got|my mind (?:was|is)|sorry,? i was) (?:just )?(?:distracted|miles away|somewhere else|daydreaming|elsewhere|wandering|not here|thinking about something else)",
        r"(?:i(?:'ve| have)? )?(?:lost|losing) (?:all )?interest",
        r"(?:not|none of) (?:my|our) (?:problem|business|concern|job|department|thing)",
        rf"(?:so|really|pretty|very|extremely|deadly|dead|incredibly|super|such a|how|getting|kind of) (?:boring|bored|dull|tedious|bore)",
        rf"{IM} (?:{VERY})(?:bored|losing interest|half asleep|falling asleep|barely awake|checked out|over (?:it|this)(?! (?:the|and)))",
        rf"(?:{THATS}) {VERY}(?:boring|dull|tedious|pointless to me|a snooze|putting me to sleep|a drag)",
        r"bor(?:es|ing|ed) (?:me|to (?:death|tears)|stiff|out of my)",
        rf"i(?:'ve| have)? (?:got )?nothing (?:more |else )?to (?:say|add)",
        rf"i {FREELY}(?:don't|do not) {FREELY}(?:feel like (?:it|talking|doing|going|being)|want to (?:talk about (?:it|this)|be here|do this|discuss))",
        rf"{OPENING}(?:don't ask me|up to you|it's up to you|your call|either way is fine|either is fine|i'm easy|makes no odds|doesn't matter|no opinion|if i have to|"
        rf"if i must){END}",
        r"(?:it's )?all the same to me",
    ),
)

FEELINGS: Final = (*IN_THE_WAY, *UNDER_STRAIN, *ALL_THE_SAME)
