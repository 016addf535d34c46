"""Wordings for a stance towards what was said: yes, no, perhaps, certainly, hardly.

Sources: dialogue-act manuals (Dhillon et al. 2004, MRDA: accept, reject, partial accept, maybe), hedges and boosters
(Hyland 2005), "yes, but" as disagreement after a token of agreement (Pomerantz 1984; Kotthoff 1993).
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
    OPENING,
    OUTRIGHT,
    THATS,
    VERY,
    YOURE,
)
from interhuman_stream.analysis.cues.phrasing import wording as _wording

I_AGREE: Final = (
    rf"(?:i|we) {VERY}(?:do |would |will |have to |must |can only )?{VERY}agree"
    r"(?: with (?:you|that|this|him|her|them|it)| that)?"
)
# "Right next to the door", "right after the war" are places and times.
TRUE: Final = (
    r"(?:(?<!all )right(?! (?:handed|hand|side|wing|angle|angled|footed|click|turn|on time|next|behind|in|here|after|"
    r"before|now|around|beside|by|above|below|away|up|down|over|across|outside|under|"
    r"between|through|back|at|from|where|when)(?![\w'])| on the)|(?:true|correct)(?! (?:that|for|if|in|as|of))|"
    r"spot on|exactly right|a good point|"
    r"a fair point|a valid point|exactly it|bang on|dead on|dead right)"
)
YOU_ARE_RIGHT: Final = rf"(?:{THATS}|{YOURE}|you were|we're) {VERY}{TRUE}(?: about (?:that|this|it))?"
A_POINT: Final = (
    r"you(?:'ve| have| do have| make| made)? (?:got )?an? (?:very |really )?(?:good |fair |valid )?point(?: there)?"
)
AGREED: Final = rf"(?:{I_AGREE}|{YOU_ARE_RIGHT}|{A_POINT})"
YES: Final = r"(?:yes|yeah|yep|yup|sure|right|okay|ok|true|of course)"
GRANTED: Final = r"(?:i know|i see|i see what you mean|i understand|i get it|i get that|i hear you|fair enough)"
# Who says so is about to differ, whatever follows the "but".
CONCEDED: Final = (
    r"(?:(?:that|it|this) (?:may|might|could)(?: very)?(?: well)? be(?: (?:true|right|so|the case))?|"
    r"you (?:may|might|could)(?: well| very well)? (?:be right|have a point)|(?:fair|good|true|valid) (?:point|"
    r"enough)|"
    r"point taken|i (?:see|get|take|understand|hear|respect|appreciate) (?:your point|what you're saying|what you "
    r"mean|"
    r"where you're coming from|your (?:concern|view|opinion|position))|that's (?:one way (?:to look at it|"
    r"of looking at it)|"
    r"a (?:fair|good|valid) point|all well and good)|with (?:all )?(?:due )?respect|no offense|granted|in theory|"
    r"on paper|"
    r"i'd (?:like|love) to(?: agree| believe (?:that|it|you))?|i hear you|i get that|"
    r"(?:i )?(?:agree|right|true|okay)?,? ?(?:up to a point|to (?:some|a certain) (?:extent|degree)|in principle))"
)
BUT: Final = r",? (?:but|except|however)"
# What follows objects: it denies, says too much or too little, asks back. Without it a "yeah, but" goes on as often.
OBJECTION: Final = (
    r"(?=[^.?!]*?(?<![\w'])(?:not|never|no|nothing|nobody|cannot|too|only|still|instead|wrong|problem|"
    r"already|enough|hardly|\w+n't|tried|what (?:about|if|cost|happens|will|would|should|am i|are we)|(?:who|why|"
    r"how|where)(?:'s|'d|'re)?|i'd|rather|differently|"
    r"mistake|forgetting|ignoring|missing|ago|expensive|impossible|difficult|hard|risky|waste)(?![\w']))"
)

AGREEMENT: Final = (
    _wording(
        "says_agreement",
        1.0,
        rf"(?:no,? )*{AGREED}",
        rf"(?:no,? )*(?:yeah|yes|yep),? (?:{AGREED}|{VERY}(?:right|true|correct|exactly))",
        rf"(?:so|very|how|quite|too) true{END}",
        rf"(?:(?:{OPENING}|(?<=, ))(?:no,? )*|(?:yes|yeah|yep|oh),? )(?:exactly|absolutely|definitely|precisely|"
        rf"totally|agreed|"
        rf"certainly){END}",
        r"good point",
        r"i think so(?: too)?(?= ?[.!,]|$)",
        r"fair enough",
        r"makes (?:perfect |total |a lot of )?sense",
        OPENING + r"of course(?= ?[.!]|$)",  # "of course, if …" grants nothing
        r"(?<!how )(?:that )?works(?: for me)(?= ?[.!]|$)",
        r"(?<!how )that works(?= ?[.!]|$)",
        OPENING + rf"no doubt(?: about (?:that|it))?{END}",
        rf"{IM} {VERY}(?:with you|on board|for it|in favor|of the same opinion)(?: on (?:that|this))?",
        rf"{THATS} {VERY}(?:what|how) i (?:think|thought|feel|was thinking|was going to say|see it)",
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
    _wording(
        "says_agreement",
        0.75,
        OPENING + r"(?:yes|yeah|yep|yup|sure|right|indeed|true|uh-?huh|mm-?hmm?|mhm|"
        r"aye)",
    ),
    _wording(
        "says_agreement",
        OUTRIGHT,
        rf"(?:i|we) {VERY}(?:do )?{VERY}agree(?: with (?:you|that|this|him|her|them|it)(?: on (?:that|this))?|"
        rf" completely|"
        rf" entirely| totally)?{GOES_ON}",
        rf"(?:no,? )*(?:(?:yes|yeah|yep),? )?{YOURE} {VERY}right{END}",
        rf"(?:i )?couldn't agree more{END}",
    ),
    _wording(
        "says_agreement",
        1.0,
        r"(?:i )?couldn't have (?:said|put) (?:it|that) (?:any )?better(?: myself)?",
        rf"(?:{IM}|i was) (?:just )?(?:about|going|gonna) to say (?:(?:exactly |just )(?:that|this)|the same|"
        rf"as much)(?: thing)?",
        r"(?:just|exactly|precisely) what i (?:was|would|'d|wanted|meant|mean|think|thought|said|say)(?: "
        r"[\w']+){0,4}",
        r"what i(?:'ve| have) (?:been|always) (?:saying|thinking|said|thought|believed)(?: all along)?",
        rf"(?:no|without) (?:arguments?|objections?|disagreement|complaints)(?: there| here| from (?:me|us|"
        rf"my side))?{END}",
        rf"{OPENING}(?:totally|absolutely|completely|definitely|exactly|precisely|indeed|agreed|naturally|"
        rf"certainly){GOES_ON}",
        rf"{OPENING}{VERY}(?:exactly right|quite right|too right|right on|spot on|bingo|true enough|true that|"
        rf"fair point|"
        rf"good call|point taken|well said|well put|hear hear|ditto|likewise|by all means|gladly|with pleasure|"
        rf"no question|"
        rf"without a doubt|for sure|no kidding|no objection|my thoughts too|i'll say|of course you (?:can|may|"
        rf"should)|"
        rf"most (?:definitely|certainly))(?: about (?:it|that))?{GOES_ON}",
        rf"{OPENING}(?:a |one )?(?:hundred|100) ?(?:percent|%){END}",
        rf"(?:yes|yeah|yep|sure|right|okay|exactly|totally|absolutely|definitely) {VERY}(?:no question|hundred "
        rf"percent|"
        rf"100 percent|100%|for sure|totally|absolutely|exactly|definitely|of course|i agree|agreed)",
        rf"{OPENING}(?:so do|so am|so did|so would|neither do|neither am|nor do|neither would) i{END}",
        rf"(?:i|we|i'd|i'll|we'd|i would) {FREELY}(?:go along with|second|support|back|endorse|echo|subscribe to|"
        rf"side with|"
        rf"stand by|vote for|be up for) (?:you|that|this|it|the (?:idea|proposal|plan)|what (?:you|he|she))",
        rf"(?:{IM}|we're) {VERY}(?:in (?:full |complete |total |perfect )?agreement|of (?:the same|one) mind|"
        rf"on the same page|"
        rf"on your side|all for (?:that|it|this)|up for (?:that|it|this)|sold|game|down with (?:that|it|this)|"
        rf"okay with that|"
        rf"comfortable with (?:that|it|this)|happy to (?:do that|go along|go with))",
        rf"(?:{IM}|we're) in{END}",
        r"we see eye to eye",
        r"same here(?=,? i)",
        r"you(?:'ve| have)? (?:just )?(?:hit the nail|nailed it|hit it on the head|"
        r"took the words)(?: right)?(?: on the head|"
        r" out of my mouth)?",
        r"(?:i )?(?:believe|reckon|figure|should think|would think|feel) so(?: too)?(?= ?[.!,]|$)",
        r"i (?:think|feel|thought|believe|see it)(?: (?:exactly|pretty much|just|much))? (?:the same|so too|that too|"
        r"likewise)",
        rf"(?:that's|this is) {VERY}(?:pretty much |basically |more or less )?(?:how|what) (?:i|we) (?:see|saw|feel|"
        rf"felt|think|"
        rf"thought|believe|look at)(?: it| that)?(?: too| as well)?",
        r"(?:i (?:think )?|we )?(?:share|shared) (?:your|that|this|the same) (?:view|views|opinion|concern|concerns|"
        r"feeling)",
        r"(?:that's|that is) (?:fair|reasonable|sensible)(?: enough)?(?= ?[.!,]|$)",
        r"(?:that's|that is) an? (?:really |very )?(?:fair|reasonable|sensible|sound|good|valid|great|excellent|"
        r"brilliant) (?:point|argument|way to "
        r"put it|suggestion|idea|plan|comparison|assessment|observation|summary|take|question to raise)(?= ?[.!,]|$)",
        r"you(?:'ve| have)? (?:make|made|raise|raised|got) an? (?:\w+ )?(?:case|point|argument)(?: there)?",
        rf"{IM} (?:inclined|tempted|happy|forced|glad) to agree(?: with (?:you|that|this))?",
        rf"{OPENING}(?:all right|alright|okay|ok|fine),? (?:we'll|i'll|let's) (?:do (?:it|that)|go with|try (?:it|"
        rf"that))",
        rf"{THATS} {VERY}(?:just|exactly|precisely) (?:it|the point|my point|the thing|the problem|the issue)",
        rf"{OPENING}(?:exactly |just |precisely )?my point{END}",
        r"let's (?:go with (?:that|it|your)|do it your way|do that|go for it|go ahead)",
        r"i (?:won't|wouldn't|can't|couldn't|am not going to|'m not going to|don't want to) (?:argue|quarrel|"
        r"disagree|"
        r"object|"
        r"deny|fault)(?: with)?(?: (?:that|this|it|you))?",
        r"(?:i'm|we're) not (?:going to|gonna) (?:argue|disagree|object)(?: with (?:that|you|it))?",
        r"(?:there's |there is )?no (?:denying|disputing|arguing with|getting around) (?:that|it|this)?",
        r"(?:i )?can't (?:deny|fault|dispute|argue against) (?:that|it|this)",
        r"i can live with (?:that|it)",
        rf"(?:you're|you are) (?:telling me|preaching to the choir){END}",
        rf"(?:you|he|she|they)(?:'ve| have)? {VERY}got it(?: exactly)? right",
        r"you've got a (?:very |really )?(?:good |fair |valid )?point(?: there)?",
        r"(?:yes|yeah|sure|okay),? (?:i'd|i would|we'd) (?:say so|love to|be happy to|go along)",
        rf"(?:that|it) (?:would |should |'ll |will )?(?:works?|suits?|does it)(?: perfectly| fine| well)? (?:for|"
        rf"with)? ?"
        rf"(?:me|us)(?: (?:too|fine|perfectly))?{GOES_ON}",
        r"(?:that|it)(?:'s| is) (?:fine|okay|ok|good|great|perfect|alright) (?:with|by|for) (?:me|us)",
        r"(?:that|this|it) (?:rings|holds) true",
        rf"{OPENING}(?:true|fair|granted){END}(?!,? but)",
    ),
    # Shared lot, not always a shared view: alone too little.
    _wording("says_agreement", 1.0, rf"{OPENING}(?:me too|same here){END}"),
    _wording("says_agreement", 0.92, rf"{OPENING}i know(?= ?[.!]|$)"),
    _wording("says_agreement", 0.6, r"me too", r"same here(?!,? i)"),
    _wording("says_agreement", 0.5, OPENING + r"(?:okay|ok|all right|alright)"),
)

AFTER_ALL: Final = (
    r"(?![^.?!]{0,30}(?<![\w'])(?:you(?:'re| are) (?:\w+ )?right|i agree|(?:that|it)(?:'s| is) (?:\w+ )?(?:true|right|"
    r"fine|okay|ok|good|"
    r"great|perfect|fair)|exactly|absolutely|thank you|thanks|no problem|i (?:\w+ )?(?:get|like|love|understand|"
    r"understood) )"
    r"(?<!not true)(?<!not right)(?<!not fair)(?<!not okay)(?<!not fine)(?<!not good))"
)
"""A "no" is none where what follows it grants ("no, no, you're right")."""

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
        r"i (?:wish|would like|want|'d like|'d love) (?:(?:to|i could) agree|i agreed)(?: with (?:you|that))?",
        rf"i {VERY}(?:would |respectfully |have to |must |beg to )*{VERY}(?:disagree|differ)",
        rf"(?:{THATS}|{YOURE}) {VERY}"
        r"(?:not (?:really |quite |even )?(?:true|right|correct|it(?= ?[.!,]|$)|so(?= ?[.!,]|$)|the case|how|the "
        r"point|"
        r"fair|acceptable|an option|"
        r"what (?:i|we|he|she|they|you) (?:said|meant|mean|asked|want|think)|okay|going to work|gonna work|a good "
        r"idea)"
        r"|wrong(?! (?:to|for|with))|false|nonsense|mistaken|incorrect|unacceptable|bullshit|rubbish|a lie|lying|"
        r"out of the question)",
        r"(?:that|this|it) (?:isn't|ain't|wasn't) (?:true|right|correct|fair|the case|acceptable|how)",
        r"you(?:'re| are) (?:not|never) right",
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
        rf"{IM} not (?:doing|having|accepting|signing|paying|taking|going to do|gonna do) (?:that|this|"
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
    _wording(
        "says_disagreement",
        OUTRIGHT,
        rf"i(?:'d|'ll)? {VERY}(?:would |have to |must |beg to |respectfully )*{VERY}(?:disagree|differ)(?: with "
        rf"(?:you|"
        rf"that|"
        rf"this|it|him|her))?",
        rf"i (?:{DONT}) {VERY}agree(?: with (?:you|that|this|it|him|her|them|a word|any))?",
        rf"(?:{THATS}|{YOURE}) {VERY}wrong{END}",
        r"(?:i )?couldn't (?:possibly )?disagree more",
        rf"{OPENING}(?:no,? ){{2,}}(?!(?:you're|that's|i agree|i|problem|it's (?:fine|okay|ok|good)|worries|exactly|"
        rf"yeah))",
    ),
    _wording(
        "says_disagreement",
        1.0,
        # another view
        rf"{OPENING}(?:(?:{YES}),? )?{CONCEDED}{BUT}(?! (?:yeah|yes|i agree|you're right))",
        rf"(?:{IM} )?sorry,? but(?: (?:that|this|it|i|you|no|we)(?:'s|'re|'m| is| are)?)(?: [\w']+){{0,2}} (?:not|"
        rf"wrong|no|"
        rf"disagree|\w+n't)",
        rf"i(?:'d|'ll| would| will)? {FREELY}(?:have to |want to |like to |need to |must )?(?:push back|take issue|"
        rf"object|"
        rf"dispute (?:that|this|it)|draw the line)(?: (?:on|with|to))?(?: (?:that|this|it|you))?",
        rf"i(?:'d| would)? {FREELY}(?:see|look at|remember|view|put|do|say|think about|think of) (?:it|that|this|"
        rf"things) "
        rf"(?:{VERY})(?:differently|another way|the other way|in a different)",
        r"i have (?:a )?(?:very |completely |totally |slightly )*(?:different|another|opposite) (?:view|opinion|take|"
        r"idea|"
        r"perspective|impression|experience)",
        rf"i {FREELY}(?:{CANT}|{DONT}|wouldn't) {FREELY}(?:see it (?:that|like that|this|your)|look at it that|"
        rf"share (?:your|"
        rf"that|this)|feel that|believe that|accept (?:that|this|it)|go along|support (?:that|this|it|the)|get "
        rf"behind|"
        rf"condone|approve|sign off|think (?:that's|that is|it's|this is|you're|"
        rf"it works|so) (?:true|right|fair|a good|correct|necessary|how|the case|why|possible|the right|the point|"
        rf"enough))(?: way| on| with| of)?",
        rf"{IM} {VERY}(?:afraid|sorry,?) (?:not|but no|i (?:can't|cannot|don't|won't|disagree|have to (?:disagree|"
        rf"object|"
        rf"say no))|that's (?:not|wrong|incorrect)|you(?:'re| are) (?:wrong|mistaken)|it (?:isn't|doesn't|won't|"
        rf"can't))",
        rf"{IM} not (?:{VERY})(?:with you|on board|in favou?r|okay|ok|comfortable|happy|a (?:big |huge )?fan|having|"
        rf"going "
        rf"along|for)(?: (?:on|with|of))? (?:that|this|it|any|the|your)",
        # how it is not
        r"(?:there's|there is) (?:absolutely |just )?no way (?:in hell|that|i|we|it|he|she|they|you|this)(?:'m|'s|"
        r"'re|"
        r"'ll|'d)?"
        r"(?! to)",
        r"no way (?:i'm|we're|i'll|i'd|am i)",
        r"(?:nothing|couldn't|could not) (?:could )?be further from (?:the truth|it|that)",
        r"(?:that's |it's )?far from (?:it|true|the truth|over|okay)(?= ?[.!,]|$)",
        rf"(?:{THATS}|it's) {VERY}(?:the opposite|the other way (?:a)?round|anything but|beside the point|"
        rf"besides the point|"
        rf"irrelevant|off the table|out of the question|misleading|inaccurate|untrue|unreasonable|unrealistic|"
        rf"impossible to accept|a (?:terrible|bad|big|huge) mistake|a myth|an exaggeration|oversimplified|absurd|"
        rf"crazy talk|"
        rf"backwards|inappropriate|no (?:excuse|reason|solution|way to)|where (?:i disagree|you're wrong))",
        r"you(?:'ve| have)? (?:got|have|had) (?:it|that|this|me|your facts)(?: \w+)? (?:all |completely |totally |"
        r"quite )*"
        r"(?:wrong|backwards|upside down|mixed up|the wrong way)",
        rf"(?:you're|you are) {VERY}(?:missing|not getting|not seeing|overlooking|forgetting|exaggerating|twisting|"
        rf"misreading|"
        rf"misunderstanding|way off|off base|mistaken|barking up|putting words|being unfair|being unreasonable|"
        rf"dead wrong|"
        rf"contradicting|dreaming)",
        r"(?:that|it|this) (?:totally |completely |just )?(?:misses|isn't|ain't) the (?:point|issue)",
        r"(?:that|this|it) (?:has|had) nothing to do with",
        rf"(?:that|this|it) {FREELY}(?:isn't|ain't|wasn't|doesn't|don't|won't|can't) {VERY}(?:true|right|correct|"
        rf"fair|"
        rf"the case|"
        rf"acceptable|how (?:it|that|this)|mean (?:that|it|you|we)|what (?:i|we|he|she)|prove|follow|count|hold up|"
        rf"a good "
        rf"(?:idea|plan|reason)|an (?:option|excuse))",
        rf"(?:{OPENING}not (?:true|so|quite|exactly|necessarily|really|at all|always|anymore)|but not (?:true|so|"
        rf"quite|"
        rf"exactly|necessarily))(?= ?[.!,]|$| (?:i|my|you|we))",
        rf"{OPENING}(?:hardly|by no means|under no circumstances|in no way|i think not|no can do|not having it|"
        rf"no thank you|far from it|says you|never ever|never in a|that'll never|not on my watch|don't count on it|"
        rf"no such thing|nonsense|wrong|false|incorrect|objection|disagree)(?= ?[.!,]|$)",
        rf"{OPENING}(?:absolutely|definitely|certainly|of course|probably|obviously|clearly|most definitely|hell|"
        rf"heck) (?:not|no)"
        rf"(?![\w'])(?! (?:only|just|all))",
        # rejection
        rf"i(?:'d| would) {FREELY}(?:rather|prefer) not",
        r"(?:that|this|it)(?:'s| is| will|'ll) (?:just |simply |definitely )?(?:never|not) (?:ever )?(?:going to |"
        r"gonna )?(?:work|"
        r"happen|fly|help)(?: out)?(?: like (?:that|this))?(?= ?[.!,]|$| for)",
        r"(?:we|you) (?:can't|cannot|shouldn't|mustn't) (?:just |simply |possibly |really )?(?:ignore|allow|accept|"
        r"keep doing|pretend|agree)",
        r"we(?:'re| are) (?:not|never) (?:doing|having|going to do|gonna do|accepting) (?:it|that|this)(?= ?[.!,]|$)",
        rf"i(?:'ve| have)? {FREELY}never (?:said|agreed|wanted|claimed|asked for|meant|did) (?:that|this|it|any|to)",
        r"i (?:am|'m) (?:strongly |totally |completely |dead |firmly )?(?:against|opposed)(?: to)? ?(?:it|that|this|"
        r"the|any)?",
        r"what (?:nonsense|rubbish|garbage)|(?:that's |what )?(?:a load|a bunch|a lot) of (?:nonsense|crap|rubbish|"
        r"bull\w*|garbage)",
        r"(?:please )?(?:stop|quit) (?:telling|saying|blaming|putting words|making excuses)",
    ),
    _wording("says_disagreement", 0.6, OPENING + r"no,? (?:thanks|thank you|deal)"),  # an offer turned down, no view
    # Granted, and then something else: neither the one nor the other, and not for nothing is it said.
    _wording("says_disagreement", 0.4, rf"{OPENING}{YES}(?:,? {GRANTED}| i do)?{BUT}(?! (?:yeah|yes|i agree))"),
    _wording(
        "says_disagreement",
        0.75,
        OPENING
        + r"(?:no|nope|nah|never)(?= ?[.!,]|$| (?:i|it|that|that's|it's|no|we|you|he|she|they)(?! doubt))"
        + AFTER_ALL,
    ),
)

STANCES: Final = (*AGREEMENT, *DISAGREEMENT)
