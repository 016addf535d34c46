"""Wordings for how what happens is taken: in the way, too much, all the same."""

from __future__ import annotations

from typing import Final

from interhuman_stream.analysis.cues.complaints import COMPLAINTS
from interhuman_stream.analysis.cues.phrasing import (
    CANT,
    END,
    FREELY,
    IM,
    OPENING,
    OUTRIGHT,
    THATS,
    VERY,
)
from interhuman_stream.analysis.cues.phrasing import wording as _wording

STRESSED: Final = (
    r"(?:stressed(?: out)?|stressing(?: out)?|nervous|anxious|overwhelmed|panicking|panicky|under (?:so much |"
    r"a lot of |enormous )?(?:pressure|stress)|tense|"
    r"on edge|burned out|burnt out|burning out|swamped|freaking out|freaked out|worried sick|overworked|overloaded|"
    r"frantic|frazzled|jittery)"
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
        rf"(?:{IM}|i feel|i'm feeling|i've been|we're) {VERY}(?:scared|afraid (?:of|to|that)|terrified|worried|"
        rf"frightened|uneasy|restless|shaky|trembling|"
        rf"sweating|drained|exhausted|wiped out|fried|buried|slammed|stretched|spread too thin|behind|up against|"
        rf"under the gun|in (?:a )?panic|"
        rf"at (?:my )?breaking point|on the (?:edge|verge|brink)|about to (?:break|cry|faint|throw up|collapse|burst|"
        rf"have a (?:panic|heart|nervous|breakdown|meltdown))|going to (?:cry|faint|be sick|panic|"
        rf"throw up|fail|lose my (?:job|mind))|going (?:crazy|insane|out of my mind)|losing (?:it|sleep|my mind)|"
        rf"a (?:nervous |total |complete )?wreck|"
        rf"hanging by a thread|having (?:a )?(?:panic|trouble (?:sleeping|breathing))|dreading|sick (?:with worry|"
        rf"to my stomach)|barely (?:coping|sleeping|"
        rf"hanging|holding)|not (?:sleeping|coping|going to make it)|so behind)",
        r"i feel (?:like |as if |as though )?(?:i'm |i am |everything is |everything's |the walls are )?(?:about to |"
        r"going to |gonna )?(?:drown(?:ing)?|break(?:ing)?"
        r"(?: down)?|cry(?:ing)?|explod(?:e|ing)|burst(?:ing)?|fall(?:ing)? apart|suffocat(?:e|ing)|chok(?:e|ing)|"
        r"crack(?:ing)?|los(?:e|ing) (?:it|control|my)|"
        r"closing in|too much|sick|crushed|trapped|so much pressure|the pressure|panic(?:king)?|paralyzed)",
        r"i(?:'m| am)? (?:really |so |already |just )?dread(?:ing)? (?:it|this|that|tomorrow|the|having|going|monday|"
        r"every|my)",
        r"(?:too much|so much|way too much|more than enough) (?:on my (?:plate|mind|shoulders)|going on|to do|"
        r"to handle|pressure|stress|at once)",
        r"(?:there's|there is|it's) (?:just |simply )?(?:too much|so much|not enough time|never enough time)(?= "
        r"?[.!,]|"
        r"$| (?:to|for|at|going|on))",
        r"(?:it's |this is )?(?:all )?(?:(?<=it's )too much|(?<=this is )too much|all too much|"
        r"(?<=all )too much)(?= ?[.!,]|$| for me| i)",
        r"(?:it's |this is |things are )?(?:all )?(?:piling up|happening (?:all )?at once|getting to me|"
        r"getting (?:to be )?too much|on me now|"
        r"weighing on me|crashing down|coming apart|falling apart)",
        r"(?:not enough|never enough|no more|there's no|aren't enough) (?:time|hours in the day)(?= ?[.!,]|$| "
        r"(?:to (?:do|finish|"
        r"breathe|rest|sleep|think|prepare)|left))",
        r"(?:two|three|four|five|six|so many|several|all these|all my) (?:deadlines|exams|assignments)",
        r"(?:haven't|have not) (?:even )?(?:started|slept|eaten|had (?:a break|any (?:sleep|rest)|time))(?= ?[.!,]|$|"
        r" (?:yet|in|for|since|to|properly|well|a|more))",
        r"(?:running|ran|run) (?:out of|short (?:of|on)) time",
        r"the (?:clock is ticking|deadline is (?:tomorrow|tonight|today|in an hour)|pressure (?:is|keeps|has been|"
        r"just))",
        r"i(?:'ve| have)? (?:really |honestly |just )?(?:don't|do not|got no idea|no idea|"
        r"have no idea) ?(?:know )?how (?:i|we)(?:'m| am|'re| are|'ll| will| can)"
        r"(?: going to| gonna| supposed to| ever)? (?:get|manage|do|cope|survive|make|pull|finish|handle|pay|keep|"
        r"face|"
        r"go on|take)",
        rf"i {FREELY}{CANT} {FREELY}(?:sleep|eat|breathe|think straight|concentrate|focus|relax|calm down|switch off|"
        rf"keep up|go on|keep (?:this|it|going|doing)|stop "
        rf"(?:worrying|crying|shaking|thinking)|keep my (?:head|hands)|handle (?:it|this|that|all|any|the|much|"
        rf"another)|take (?:it|this|any|much|on|another)|do "
        rf"(?:this|it) (?:anymore|any (?:more|longer)|any longer)|face (?:it|this|tomorrow|another))",
        r"(?:keeps?|keeping|kept) me (?:up|awake)(?: at night| all night)?",
        r"(?:lying|lay|laying) awake|tossing and turning|losing sleep|sleepless nights?|(?:had|got|getting|"
        r"on) no sleep",
        r"my (?:heart|mind|head|hands|stomach|chest|palms|nerves|legs)(?:'s| is| are|'re| was| feels?| keeps?|"
        r" won't) (?:just |already |literally )?(?:racing|pounding|"
        r"shaking|spinning|in knots|shot|killing me|tight|sweaty|sweating|trembling|churning|stop|about to explode|"
        r"all over the place|going a mile)",
        r"(?:butterflies|a knot|a pit) in my stomach",
        r"what if (?:i|it|they|we|something|he|she|the \w+|this) (?:just )?(?:fails?|don't|doesn't|can't|mess(?:es)?|"
        r"loses?|goes wrong|screw|forget|get it wrong|am not|"
        r"isn't|aren't|never|blow|freeze|finds? out|fire)",
        r"i (?:really |desperately |just )?need (?:a break|to (?:calm down|breathe|get (?:some|away)|lie down|sleep)|"
        r"some (?:rest|sleep|air|space))",
        r"(?:everything's|everything is|it's all) (?:falling apart|going wrong|happening at once|out of control|on "
        r"me|"
        r"crumbling|a blur)",
        rf"(?:it|this|that|he|she|everything|work|school)(?:'s| is| has been| was|'s been)? {FREELY}(?:stress(?:es|"
        rf"ing|"
        rf"ed) me(?: out)?|freak(?:s|ing) me out|"
        rf"scar(?:es|ing) me|terrif(?:ies|ying)|worr(?:ies|ying) me|mak(?:es|ing) me (?:so |really |very "
        rf")?(?:nervous|"
        rf"anxious|uneasy|panic|sick|tense)|"
        rf"so stressful|nerve-?w?racking|overwhelming|wearing me (?:out|down))",
        r"(?:wak(?:e|ing)|woke|lie|lying) (?:up|awake) (?:[\w']+ ){0,6}(?:worrying|worried|panicking|sweating|"
        r"anxious)",
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
        r"under (?:a lot of |so much |great |enormous |constant |huge |the |all (?:this|the) )(?:pressure|stress)|"
        r"(?:under|feel|feeling|have|having|had|with|there's|put|puts|it's|been) a lot of (?:pressure|"
        r"stress)",
        rf"i (?:just )?{CANT} (?:cope|breathe|sleep|keep up|calm down|relax|focus|stop (?:worrying|shaking|"
        rf"thinking)|go on)",
        rf"i (?:just )?{CANT} (?:handle|take|manage) (?:(?:it|this|that|all)(?: all)?(?: anymore)?|any ?more|"
        rf"much more)",
        r"i (?:haven't|have not|barely|hardly|couldn't) (?:been able to )?(?:slept|sleep)(?: at all| (?:for|in) "
        r"\w+)?",
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
        rf"{IM} {VERY}bored(?! (?:a|the|holes?))",
        rf"{IM} {VERY}not {VERY}interested{END}",
    ),
    _wording(
        "says_indifference",
        1.0,
        rf"i {FREELY}(?:don't|do not|couldn't|could not) {FREELY}(?:care(?: (?:less|either way|at all|anymore|what|"
        rf"about (?:it|this|that)))?|"
        rf"mind either way|give a (?:damn|crap|shit|hoot|toss|fuck)|have (?:an|any) opinion)(?! (?:for|of))",
        r"who (?:really |even )?cares(?= ?[.!?,]|$| (?:about|what|if|whether|how|why|who|where|when|anyway|though|"
        r"really|i|it|he|she|they|"
        r"we|you|that|that's|it's)(?![\w']))",
        rf"{OPENING}whatever(?= ?[.!,]|$| (?:you (?:say|want|like|think)|do what|i don't))",
        rf"{OPENING}(?:so what|big deal|not that (?:i|anyone) (?:care|cares)|yawn|meh|blah(?: blah)*|suit yourself|"
        rf"who knows who cares|same old(?: same old|"
        rf" story| thing)?|same as always)(?= ?[.!,?]|$)",
        r"(?:do|say|have it|think|believe) (?:what|whatever|as|however) (?:you|they) (?:want|like|please|"
        r"will)(?= ?[.!,]|$)",
        r"(?:it |that |this )?(?:makes no|doesn't make (?:any|a)|won't make (?:any|a)) difference to me",
        r"(?:it|that) (?:really |honestly )?(?:doesn't|does not) (?:really )?(?:matter|interest|concern|"
        r"bother)(?: to)? me",
        r"what (?:difference does it make|do i care|does it matter)|why should i care",
        rf"{IM} {VERY}not (?:{VERY})(?:bothered|fussed|fazed|interested|that into|in the mood|into (?:it|this|that)|"
        rf"listening|paying attention|following this anymore)",
        r"i (?:wasn't|was not|'m not|am not|haven't been|stopped) (?:really |even |quite )?(?:listening|"
        r"paying attention|caring|interested)",
        rf"i {FREELY}(?:can't|cannot|couldn't) be (?:bothered|arsed)",
        r"(?:can|could|should|shall|may) (?:we|you|i) (?:just |please |maybe |all )*(?:get (?:this|it) over with|"
        r"wrap (?:this|it|things) up|hurry(?: (?:this|it))? up|move on|"
        r"skip (?:this|it|that|ahead|to)|change the (?:subject|topic)|talk about something else|go (?:home )?now|"
        r"be done|stop (?:here|now)|leave(?: now)?|go home|"
        r"finish (?:this|up)|call it a day)",
        r"(?:let's|let us|i(?:'d| just)? (?:want|like)?(?: to)?) (?:just )?(?:get (?:this|it) over with|wrap (?:this|"
        r"it) up|move on|call it a day|get out of here|go home)"
        r"(?= ?[.!,]|$)",
        r"(?:are|aren't) we (?:nearly |almost |about )?(?:done|finished|there|through)(?: yet| here| now)*(?= ?\?|$)",
        r"(?:is|isn't) (?:it|this) (?:nearly |almost )?(?:over|done|finished)(?: yet)?(?= ?\?|$)",
        r"how much longer (?:is|will|does|do|until)",
        r"when (?:is|does|will|can) (?:this|it|we) (?:be )?(?:over|end|done|finish(?:ed)?|go|leave)(?= ?\?|$)",
        rf"i(?:'d)? {FREELY}(?:want|wanna|rather) (?:to )?(?:go home|leave|get out of here|be done|be (?:somewhere|"
        rf"anywhere) else|"
        rf"be (?:at home|in bed))",
        rf"{IM} (?:just |only )?here because (?:i|they|my \w+) (?:have to|had to|must|made me|told me)",
        r"i(?:'ve| have)? (?:kind of |sort of |totally |just |completely |kinda |must have )*(?:zoned|spaced|tuned|"
        r"checked|dozed|drifted|nodded|switched) (?:it |you |them )?(?:out|off)",
        r"(?:i was|i got|my mind (?:was|is)|sorry,? i was) (?:just )?(?:distracted|miles away|somewhere else|"
        r"daydreaming|elsewhere|wandering|not here|thinking about something else)",
        r"(?:i(?:'ve| have)? )?(?:lost|losing) (?:all )?interest",
        r"(?:not|none of) (?:my|our) (?:problem|business|concern|job|department|thing)",
        r"(?:so|really|pretty|very|extremely|deadly|dead|incredibly|super|such a|how|getting|kind of) (?:boring|"
        r"bored|"
        r"dull|tedious|bore)",
        rf"{IM} (?:{VERY})(?:bored|losing interest|half asleep|falling asleep|barely awake|checked out|over (?:it|"
        rf"this)(?! (?:the|and)))",
        rf"(?:{THATS}) {VERY}(?:boring|dull|tedious|pointless to me|a snooze|putting me to sleep|a drag)",
        r"bor(?:es|ing|ed) (?:me|to (?:death|tears)|stiff|out of my)",
        r"(?:dying of boredom|(?:like )?watching (?:grass grow|paint dry)|leaves me cold|(?:isn't|"
        r"not) (?:really )?my (?:cup of tea|thing))",
        rf"{IM} {VERY}not {VERY}(?:enjoying|engaged|invested)",
        r"(?:mind-?numbing|monotonous|tedious|uninteresting|unengaging)(?:ly)?(?: boring)?",
        r"i(?:'ve| have)? (?:got )?nothing (?:more |else )?to (?:say|add)",
        rf"i {FREELY}(?:don't|do not) {FREELY}(?:feel like (?:it|talking|doing|going|being)|"
        rf"want to (?:talk about (?:it|this)|be here|do this|discuss))",
        rf"{OPENING}(?:don't ask me|up to you|it's up to you|your call|either way is fine|either is fine|i'm easy|"
        rf"makes no odds|doesn't matter|no opinion|if i have to|"
        rf"if i must){END}",
        r"(?:it's )?all the same to me",
    ),
)

FEELINGS: Final = (*COMPLAINTS, *UNDER_STRAIN, *ALL_THE_SAME)
