"""Set phrases by what they are said for: sayings that mean as a whole, and turns of phrase of one use.

What a phrase is said for is our reading; how often plain statements hold one was counted (docs/accuracy.md).
"""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.phrasing import ASKED, CANT, DONT, END, FREELY, IM, OPENING, THATS, VERY
from interhuman_stream.analysis.cues.phrasing import wording as _wording

IT: Final = r"(?:it|that|this)"
WE: Final = r"(?:i|we|you|he|she|they|it|this|that)"
NICE: Final = r"(?:nice|good|great|lovely|fine|interesting|clever|cute|sweet|noble|tempting)"
OBJECTS: Final = (
    r"(?=[^.?!]*?(?<![\w'])(?:not|never|no|nothing|too|won't|wouldn't|doesn't|don't|isn't|can't|wrong|problem|risky|"
    r"expensive|impossible|forget|enough)(?![\w']))"
    r"(?: (?:it|that|this|we|i|you) (?:won't|wouldn't|doesn't|don't|can't) \w+)?"
)
"""Something against it is still to come; what it is that fails is no complaint here ("nice, but it won't work")."""

AGREED: Final = _wording(
    "says_agreement",
    1.0,
    r"you(?:'ve| have)? (?:convinced|persuaded|sold) me|you(?:'ve| have)? won me over",
    rf"(?:i (?:have|see|'ve got) |i've got )?no (?:objections?|complaints?|issues?|quarrel|arguments?) "
    rf"(?:to|with|about|against) {IT}",
    rf"{OPENING}(?:okay,? |all right,? |fine,? )*you win{END}",
    rf"{OPENING}(?:i stand corrected|touch[eé]|quite so|just so|great minds think alike|that makes two of us|you "
    rf"and me "
    rf"both|amen to that|you said it|don't i know it|that's for sure|how right you are){END}",
    r"(?:i|we) feel (?:exactly |just |pretty much )?the same(?: way)?",
    rf"{IM} (?:right there with you|of the same mind|a hundred percent with you)",
    r"i (?:also )?see (?:it|this|that|things) (?:exactly |just |pretty much )?(?:the (?:same|way)|like|as) (?:way|"
    r"you|that)(?: (?:you )?do)?",
    rf"{OPENING}good (?:thinking|idea|one|suggestion|plan){END}",
    r"i (?:really |quite |do )?like (?:that|the|your|this) (?:idea|plan|suggestion|thinking|approach)",
    r"(?:nobody|no one|who) (?:could|can|would) (?:possibly )?(?:argue|disagree) with (?:that|it|you)",
    r"(?:we're|we are) on the same (?:page|wavelength)",
    r"i(?:'d| would) say (?:so|(?:that's|that is|it's) (?:about |pretty |quite )?(?:right|fair|true|accurate))",
    rf"{OPENING}(?:that's|that sounds) (?:about|pretty much|more or less|basically) right",
    r"(?:that|which) (?:about |pretty much |just about )?sums it up",
    r"(?:i(?:'ll| will| must| have to)?) (?:give|grant) you that",
    r"(?:i (?:must|have to|gotta) )?(?:admit|concede|confess),? (?:that )?(?:you're|that's|it's) (?:right|true)",
    rf"i {FREELY}{DONT} (?:think|believe|say) (?:that )?(?:you're|that's|it's|he's|she's) (?:wrong|mistaken|"
    rf"exaggerating|"
    rf"unreasonable|unfair|a bad idea|crazy)",
    r"you(?:'re| are) not (?:kidding|joking|exaggerating)",
    r"(?:ain't|isn't) that the truth",
    r"i(?:'m| am) afraid you(?:'re| are) right",
    rf"{OPENING}(?:okay|fine|all right),? (?:point taken|i'm convinced|have it your way|fair enough|if you insist)",
    rf"{IM} (?:totally |completely |fully |absolutely )?(?:behind|in support of) (?:you|{IT})(?: on (?:{IT}))?",
)

SURE: Final = _wording(
    "says_assurance",
    1.0,
    rf"(?:there's |there is )?no way (?:that )?{WE}(?:'ll| will| can| could|'d)? (?:lose|fail|miss|be wrong|go "
    rf"wrong)",
    rf"{IT} (?:can't|won't|couldn't) (?:possibly )?(?:fail|go wrong|miss)",
    rf"i know {IT}(?: \w+)? (?:like the back of my hand|inside(?: and)? out|by heart)",
    rf"(?:i've got )?{IT}(?:'s| is)? (?:in the bag|covered|handled|a (?:sure thing|done deal|safe bet|no-?brainer|"
    rf"walk in "
    rf"the park|cinch)){END}",
    r"i(?:'ll| will|'d) bet (?:you )?(?:anything|my life|a (?:hundred|thousand|million)|money|the house)",
    rf"i {FREELY}{DONT} have (?:a|the slightest|any|a single) doubts?",
    r"not a (?:single )?doubt(?: in my mind)?",
    rf"{OPENING}of course (?:it(?:'s|'ll| will| is)|we(?:'ll| will| can)|i(?:'ll| will| can| know)|he will|she "
    rf"will)(?= \w)",
    rf"{IM} (?:exactly |just |definitely )?(?:the (?:right|best) (?:person|man|woman|one) for|good at (?:this|what "
    rf"i do)|the "
    rf"best at)",
    r"(?:i never (?:lose|fail|miss)|i always (?:win|deliver|get it right)|nothing (?:can|will|is going to) stop "
    r"(?:me|us)|i was "
    r"born (?:to do|for) this)",
    rf"{OPENING}(?:watch me|trust me on this|guaranteed|it goes without saying|no ifs,? (?:ands,? )?or buts){END}",
    r"i have (?:full|complete|every|total|absolute) (?:confidence|faith|trust) (?:in|that)",
    r"(?:i have|i've got|we have|we've got) (?:it|this|everything) (?:all )?under control",
    rf"{THATS} (?:absolutely|perfectly|crystal|quite|blindingly|as) (?:clear|obvious)",
    r"i can (?:do|handle|manage|solve|fix) (?:it|that|this)(?: easily|,? no problem|,? easy|,? trust me| "
    r"blindfolded)",
    rf"{IM} (?:a |one )?(?:hundred|100) ?(?:percent|%) (?:on|behind|for|about) {IT}",
)

LOST: Final = _wording(
    "says_not_understanding",
    1.0,
    r"(?:what|how|who|where|which) (?:on earth|in the world|the hell|the heck) (?:is|are|was|were|does|do|did|"
    r"happened|just)(?: "
    r"[\w']+)?",
    r"i (?:lost you|got lost) (?:at|after|there|somewhere|when|halfway)",
    rf"i {CANT} (?:keep (?:them|these|those|it|all (?:this|that)) (?:apart|straight)|work out (?:what|why|how|"
    rf"which|who))",
    r"i keep (?:mixing|confusing|getting) (?:them|these|those|it|you|the \w+)(?: all)?(?: up| confused| mixed up)",
    r"(?:which is which|who's who)(?= ?[?.!]|$| (?:here|again|anymore))",
    r"what (?:am i|are we) (?:even )?(?:looking at|supposed to (?:do|be|see)|meant to do)",
    r"i (?:think i |must have |may have |might have |seem to have )(?:'ve |have )?(?:missed (?:something|a step|"
    r"that)|misunderstood|"
    r"misheard|lost (?:the thread|track|the plot))",
    r"i(?:'ve| have)? lost (?:the thread|the plot|track of (?:what|who|this|it))",
    rf"{OPENING}(?:in english,? please|say again|repeat that|you what|how's that){ASKED}?{END}",
    rf"{OPENING}wait,? (?:isn't|wasn't|aren't|doesn't|didn't|don't|hasn't|who|what|which|how)(?= \w)",
    rf"{IM} (?:still )?(?:a (?:bit|little) )?(?:hazy|foggy|fuzzy|unclear|in the fog) (?:on|about)",
    rf"(?:{THATS}|it's all) (?:all )?a (?:complete |total |bit of a )?(?:blur|mystery|riddle|puzzle)(?: to me)?",
    r"how (?:am i|are we) supposed to (?:read|understand|know what|use|interpret)",
    r"(?:makes|making) my head (?:spin|hurt)",
    r"i (?:don't|do not|can't) (?:really )?see (?:how|where|what) (?:these|those|the|they|all|this fits|that "
    r"fits)(?: [\w']+){0,4} (?:connected|"
    r"related|fit|belongs?|goes?|to do)",
    r"what(?:'s| is) the difference(?= ?[?.]|$| between)",
)

OPPOSED: Final = _wording(
    "says_disagreement",
    1.0,
    rf"i {FREELY}(?:{DONT}) share (?:your|that|this|his|her|their|the)(?: \w+)?",
    r"i(?:'d| would)? (?:wouldn't|would not|would hardly|would never|hardly) call (?:that|it|this|him|her|them) "
    r"(?:an? |the |very )?\w+",
    rf"(?:{THATS}|that sounds|it sounds|sounds) (?:like )?an? (?:\w+ )?{NICE} (?:idea|thought|plan|point|theory|"
    rf"story|suggestion),? "
    rf"but{OBJECTS}",
    rf"(?:{OPENING}{NICE} (?:idea|try|thought|theory)),? but",
    r"i (?:really |honestly |still )?think (?:that )?(?:you're|that's|it's|they're|he's|she's) (?:all |completely |"
    r"just |totally |a )?(?:wrong|"
    r"mistaken|mistake|bad idea|nonsense|unfair|the wrong|too far)",
    r"not (?:from|in) my (?:experience|opinion|view|book)",
    r"(?:let's|have to|we'll|must|can) (?:just )?agree to disagree",
    rf"{OPENING}(?:dream on|you wish|in your dreams|nothing of the (?:sort|kind)|quite the (?:contrary|reverse)|i "
    rf"object|that won't "
    rf"do|i think not|no such luck){END}",
    rf"{THATS} (?:really |just |simply )?(?:going too far|a step too far|taking it too far|not fair (?:to|on) \w+|"
    rf"not what happened)",
    r"there's no (?:truth|evidence|basis|sense|justification|excuse) (?:in|for|to) (?:that|this|it)",
    rf"{IT} (?:proves|changes|solves) nothing",
    rf"{IT} (?:doesn't|does not) (?:make it|follow|change|justify|excuse|prove)(?: \w+)?",
    r"(?:you|he|she|they) (?:couldn't|could not|can't) be more wrong",
    r"(?:you're|you are) (?:kidding yourself|fooling yourself|being naive|jumping to conclusions|mixing (?:up|"
    r"things)|confusing \w+ with|"
    r"contradicting yourself|making (?:that|this|it) up|comparing apples)",
    r"i(?:'ll| will| would|'d) never (?:agree|accept|sign|allow|support|do (?:that|it|such)|let)",
    r"i (?:reject|oppose|dispute|object to|protest) (?:that|this|it|the|your)",
    r"i(?:'m| am|'d) (?:voting|vote) against",
    r"you(?:'ve| have)? (?:completely |totally |clearly |just )*(?:misunderstood|misread|misheard|missed the point|"
    r"twisted)",
    r"that's where (?:you're|he's|she's|they're) wrong|that's where (?:we|i) (?:differ|disagree|part)",
)

APART: Final = _wording(
    "says_indifference",
    1.0,
    r"wake me (?:up )?when",
    rf"(?:does|do) (?:it|that|this|any of (?:it|this)) (?:even |really |actually )?matter{ASKED}",
    r"(?:i have|i've got|i got) (?:better|other|more important) things to do",
    r"(?:can|may|could) i (?:please |just )?(?:go|leave)(?: now| home| already)?(?= ?[?.!]|$)",
    rf"i {FREELY}(?:have|'ve got) no (?:interest|opinion|preference|stake|strong feelings|particular feelings)(?: "
    rf"(?:in|on|about|either))?",
    rf"{IT} {FREELY}(?:doesn't|does not) (?:concern|interest|excite|affect|move|do (?:it|anything|much) for) me",
    r"no skin off my (?:nose|back)|(?:it's|that's) nothing to me",
    rf"{OPENING}(?:as you (?:like|wish)|suit yourself|you (?:decide|choose|pick)|if you (?:like|want|must)|spare "
    rf"me(?: the details)?|yada yada|"
    rf"get to the point|and your point is|and i should care because){ASKED}?{END}",
    r"my mind (?:wandered|was (?:elsewhere|wandering))|i (?:drifted off|was (?:miles away|in another world|"
    r"somewhere else|half asleep))",
    rf"{THATS} (?:going on|dragging on|taking) (?:and on|forever)",
    rf"{IM} (?:just |really |so |only )*(?:over (?:it|this){END}|checked out|tuning out|losing interest|counting "
    rf"the minutes|falling asleep)",
    r"(?:i )?(?:could|can) (?:barely|hardly) (?:stay|keep my eyes) (?:awake|open)|keep my eyes open",
    r"i(?:'ve)? heard (?:it|this|that) all before",
    rf"i {FREELY}(?:didn't|don't) (?:hear|catch|follow) a (?:single )?word",
    r"(?:not|hardly) (?:exactly )?(?:thrilling|riveting|gripping|exciting)",
)

FED_UP: Final = _wording(
    "says_blocked_effort",
    1.0,
    r"(?:you've got to|you have to|you gotta|you must|you got to) be (?:kidding|joking) me",
    r"had it up to here",
    r"(?:it's|that's|this is) the (?:second|third|fourth|fifth|tenth|umpteenth) time (?:this|today|in|that|i|we|"
    r"now|already)",
    rf"{IM} {VERY}done (?:with|arguing|waiting|explaining|trying|talking|asking|listening|being)",
    r"(?:this|it)(?:'s| is) (?:getting|becoming|just) (?:ridiculous|old|out of hand|absurd|beyond a joke)",
    r"what(?:'s| is) taking (?:so long|forever|them|you|him|her|it)(?: so long)?",
    r"(?:nobody|no one)(?:'s| has| have) (?:even |ever |yet )?(?:bothered|told|explained|shown|offered|"
    r"apologi[sz]ed|asked|done|come|got back)",
    r"i (?:just|only) want (?:it|this|them|you|him|her|things) to (?:work|stop|listen|be over|end|go away|leave me)",
    r"(?:can|could|will|would) (?:you|somebody|someone|they|everybody) (?:please )?(?:just )?(?:stop (?!by)|shut "
    r"up|be quiet|leave me alone)",
    r"(?:stop|quit) (?:asking|interrupting|bothering|nagging|pushing|shouting|yelling|wasting|changing|"
    r"treating)(?: (?:me|at me|my))?",
    r"don't (?:tell me what to do|tell me to calm down|talk to me like|you dare|even start|give me that)",
    r"(?:are you|is (?:this|he|she)) (?:kidding|joking|serious)(?: me)? (?:right now|again)",
    rf"{IT}(?:'s| is) (?:always|constantly) (?:something|the same|broken|late|down|me)",
    rf"{IT} was (?:supposed|meant) to (?:be (?:done|ready|here|finished|easy|fixed)|work|arrive|take)",
    rf"{OPENING}(?:that does it|that tears it|i've about had it|i'm out of here|i'm done with this|i'm done){END}",
    r"(?:hours|days|weeks|months) of (?:my|our) (?:life|time|work),? (?:wasted|gone|down|for nothing)|all (?:that|"
    r"this) (?:work|effort|time) for nothing",
    r"i(?:'ve)? (?:just )?wasted (?:\w+ )*(?:hours?|days?|weeks?|time|morning|afternoon|evening)",
    r"(?:is|was) anyone (?:even |ever |actually )?(?:going to|listening|there|doing)(?: (?:help|answer|fix|do|"
    r"listen))?(?= ?\?)",
    r"one (?:more|another) (?:problem|error|delay|excuse|complaint) and",
    r"back to square one|banging my head|like talking to a (?:brick )?wall|running (?:around )?in circles|two "
    r"steps back",
)

HELD_BACK: Final = _wording(
    "says_reluctance",
    1.0,
    r"(?:how|what) (?:do|should|shall|can|would) i say(?= ?[,?.]|$)",
    rf"{OPENING}(?:bear with me|not (?:right |just )?now|maybe (?:later|another time|some other time|not|not "
    rf"(?:right )?now))(?= ?[.!,]|$)",
    r"i(?:'ll| will) (?:have to )?(?:think (?:about it|it over)|sleep on it|let you know)(?= ?[.!,]|$)",
    r"i need (?:some |more |a (?:bit|little) more )?time(?: to (?:think|decide|consider))?(?= ?[.!,]|$)",
    rf"{IM} {VERY}not {VERY}ready(?: (?:to|for|yet))?",
    rf"i {FREELY}{DONT} (?:feel (?:ready|comfortable|right)|want to (?:commit|say|answer|rush|decide)|like "
    rf"(?:talking|speaking) about)",
    r"(?:can|could|may) we (?:please |maybe |just )?(?:wait|postpone|put (?:it|this|that) off|do (?:it|this|that) "
    r"(?:later|tomorrow|another)|leave "
    r"(?:it|that)|hold off)",
    r"(?:i )?(?:keep|kept|am|'m|'ve been) putting (?:it|this|that) off",
    rf"{OPENING}(?:that's a |what a |ooh,? )?(?:tough|tricky|hard|difficult) (?:one|question|call|choice)(?= "
    rf"?[.!,]|$)",
    r"(?:must i|if i really have to|if i absolutely must)(?= ?[?.!,]|$)",
    r"where (?:do|should|shall) i (?:even )?(?:start|begin)",
    r"i(?:'m| am)? (?:having|have|getting|got) (?:second thoughts|cold feet)",
    r"i(?:'m| am) (?:a (?:bit|little) )?(?:afraid|scared|embarrassed|ashamed|shy) to (?:ask|say|tell|admit|speak|"
    r"talk)",
)

DRAWN: Final = _wording(
    "says_interest",
    1.0,
    r"(?:fill me in|give me (?:all )?the details|i want (?:all )?the details|spill the beans|sign me up)",
    r"how on earth did (?:you|he|she|they|it) \w+",
    r"what (?:ever )?(?:happened|became) (?:to|of|with) (?:your|the|that|this|him|her|them)(?: \w+)?",
    rf"i {FREELY}(?:want|need|have) to (?:hear|see|know|read|try) (?:this|that|it|everything|more|all)(?: (?:about|"
    rf"for))?",
    r"(?:where|how) can i (?:find|learn|read|get|buy|sign|see|try)(?: \w+)?",
    r"who (?:made|built|wrote|invented|designed|painted|composed|came up with|thought of) (?:it|that|this)",
    r"(?:when|how) did (?:it|that|this|all (?:that|this)) (?:all )?(?:start|happen|begin|come about|go)",
    r"i(?:'ve| have) never (?:seen|heard|tried|tasted|met|read) (?:one|that|anything like|such|it)",
    rf"is there (?:more|anything else|a sequel|another one){ASKED}",
    r"tell me (?:the (?:whole )?(?:story|rest|details)|again how)",
    r"what(?:'s| is) (?:it|that|this|your \w+) (?:all )?(?:about|made of|like)(?= ?\?|$)",
    r"i(?:'d| would) (?:be (?:so |really |very )?(?:keen|curious|interested|excited|fascinated)|love|give "
    r"anything) to",
    r"(?:i'm|i am) (?:on the edge of my seat|hanging on your every word|glued|captivated|itching to)",
    rf"{OPENING}(?:no way|wow|whoa|oh my god|really),? (?:tell me|that's (?:so )?(?:amazing|incredible|cool|wild|"
    rf"awesome|fascinating))",
)

UNCONVINCED: Final = _wording(
    "says_doubt",
    1.0,
    r"(?:(?:yeah|sure|right|oh),? )*(?:and )?pigs (?:can|might|will|could) fly",
    r"who's to say (?:that )?(?:he|she|it|they|that|this|you|we)(?:'s|'re)?(?: \w+n't| \w+)",
    r"i (?:smell a rat|need (?:more |some |to see (?:some |the )?)(?:proof|evidence|convincing))",
    r"(?:i'll|i'd|i would|you'd) have to see it to believe it",
    rf"you {CANT} (?:seriously|really|honestly|possibly) (?:mean|think|believe|expect|be)(?: that)?",
    r"(?:nobody|no one|who) (?:really |actually |seriously |would |'d )?(?:believes?|buys?|is buying) (?:that|this|"
    r"it)",
    rf"{OPENING}(?:convince me|don't make me laugh|my foot|sez who|according to (?:whom|who)|tell me another(?: "
    rf"one)?|you don't say){ASKED}?{END}",
    r"are (?:we|you|they) (?:really |seriously |honestly )?(?:supposed|meant|expected|asking (?:me|us)|expecting "
    r"(?:me|us)|telling me) (?:to )?(?:believe|trust|buy|"
    r"accept|that)",
    r"you(?:'re| are)? (?:mean to tell|telling|trying to tell|asking) me (?:that |to believe )?(?:he|she|it|they|"
    r"you|this|that|we|nobody|everyone)",
    r"(?:why|how) (?:should|would|can|could) (?:i|we|anyone) (?:possibly )?(?:trust|believe) (?:you|him|her|them|"
    r"that|this|it|\w+)",
    r"i (?:wouldn't|would not) (?:trust|believe|rely on|bank on|put (?:any |much )?(?:faith|trust)) (?:him|her|"
    r"them|that|this|it|in|a word)?",
    rf"{THATS} (?:just |only |merely |all )?(?:a theory|speculation|hearsay|marketing|hype|your opinion|wishful "
    rf"thinking|a publicity stunt|talk|empty promises|"
    rf"propaganda|too convenient)",
    rf"{IT} (?:seems|sounds|looks|strikes me as|feels) (?:too|rather|a bit|a little|kind of|somewhat|very|pretty|"
    rf"awfully|highly) (?:convenient|odd|strange|suspicious|"
    rf"vague|exaggerated|dodgy|improbable|overblown)",
    r"(?:on|based on) what (?:evidence|basis|grounds|authority)",
    rf"{THATS} (?:highly|very|rather|extremely|pretty) (?:unlikely|questionable|debatable|doubtful|dubious)",
    r"(?:i )?(?:have|had) (?:serious |real |grave |strong |some |my )?(?:doubts|reservations|misgivings)",
    r"(?:i'm|i am) (?:taking|going to take) (?:that|it|this) with",
)

STRAINED: Final = _wording(
    "says_strain",
    1.0,
    r"(?:up|awake) (?:all|half the) night (?:worrying|thinking|because|with|over|stressing)",
    r"(?:i've been|i'm|i keep|i can't stop|i am) (?:\w+ )*(?:worrying|fretting|stressing|panicking|obsessing|"
    r"agonizing|losing sleep)(?: (?:about|over|that))?",
    rf"{IM} {VERY}(?:running on (?:empty|fumes)|hanging on by|at the end of my (?:tether|rope)|in over my head|out "
    rf"of my depth|up to my (?:neck|eyes|ears)|on my last legs|"
    rf"cracking up|close to tears|shattered|spread thin|barely keeping)",
    rf"(?:i|we)(?:'ll| will)? (?:{CANT}|never) (?:going to )?(?:make|meet|hit) (?:the|this|that|my|our) deadline",
    r"the (?:pressure|stress|tension|anxiety|workload) (?:is|'s|has been) (?:\w+ )?(?:getting|killing|unbearable|"
    r"on(?! the)|crushing|too|eating|immense|enormous)",
    r"my (?:anxiety|stress levels?|nerves|panic)|my blood pressure(?:'s| is| goes| shoots)? (?:\w+ )*(?:up|high|"
    r"rising|"
    r"through the roof)",
    r"(?:having|have|had) (?:panic attacks|nightmares|palpitations|trouble sleeping)",
    rf"{IM} (?:going to|gonna) (?:get fired|fail|lose (?:my job|everything|it)|have a (?:breakdown|heart attack|"
    rf"panic)|be sick|collapse|pass out)",
    rf"{IM} {VERY}afraid (?:that )?(?:i|we|it|he|she|they|something|this)(?: might| may| could| won't| will|'ll)",
    r"(?:everything|it all|all of (?:it|this)|all this|this|it)(?:'s| is| gets| got| was)? (?:just |simply |"
    r"getting |becoming )*too much(?: for me)?"
    r"(?= ?[.!,]|$| (?:at|right|these|to (?:take|handle|bear)))",
    r"(?:cracking|buckling|breaking|crumbling) (?:up|under)",
    r"what have i (?:done|got(?:ten)? myself into)",
    r"i (?:have|'ve got) (?:so|too|way too) (?:much|many) (?:\w+ )*(?:to do|at once|on|due|left|deadlines|exams)",
    rf"(?:{THATS}|it's) (?:just |all |simply |getting )?(?:too much|more than i can (?:take|handle|bear))(?: for "
    rf"me)?(?: right now| at the moment| these days)?{END}",
    r"(?:i )?haven't had (?:a (?:day off|break|moment|proper night)|any (?:sleep|rest|time))",
    r"i(?:'m| am) (?:so |really |way |already )*behind(?: (?:on|with|schedule))",
    r"(?:i )?(?:don't know|no idea) (?:how|where) (?:to|i'll|i'm (?:going|supposed) to|i can|i'd) (?:cope|manage|"
    r"start|find the time|carry on|survive|get through)",
)

UNDECIDED: Final = _wording(
    "says_hedge",
    1.0,
    rf"(?:(?<!did )(?<!do )i forget|i've forgotten|it slips my mind|it escapes me){END}",
    r"i want to say (?:it (?:was|is)|it's|maybe|around|\w+day)",
    rf"i (?:think|guess|believe){ASKED}",
    rf"{IM} (?:still )?(?:deciding|weighing|debating (?:whether|if|with myself)|wavering|back and forth)",
    r"(?:the )?jury(?:'s| is) still out",
    rf"{THATS} (?:a (?:coin (?:toss|flip)|gr[ae]y area|tough call)|anyone's guess|an open question|up in the air|"
    rf"unclear|not clear|uncertain)(?: (?:whether|if|yet|when|how|what))?",
    r"we (?:can't|cannot|can never|never) (?:really |quite )?(?:know|be sure|tell)(?: for (?:sure|"
    r"certain))?(?= ?[.!,]|$| (?:if|whether|what|how))",
    r"(?:it's|it is) (?:possible|conceivable|hard to know)(?: that)?",
    rf"{IM} {VERY}not {VERY}(?:sure|certain) (?:whether|if) (?:[\w']+ ){{1,6}}or (?:not|[\w']+)",
    r"(?:let me|i'd better|i should) (?:double-?check|check|look it up)",
    r"(?:i|we) (?:may|might) (?:or may not|or might not|be misremembering|be mistaken|have (?:the wrong|mixed))",
    r"(?:if|unless) i(?:'m| am) (?:mistaken|wrong|remembering (?:it )?(?:right|wrong|correctly))",
)

SAYINGS: Final = (AGREED, SURE, LOST, OPPOSED, APART, FED_UP, HELD_BACK, DRAWN, UNCONVINCED, STRAINED, UNDECIDED)
