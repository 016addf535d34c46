"""Whether a wording is meant where it stands: not under a "not" or an "if", and not merely asked.

Patterns with a negation inside them ("I don't agree") are longer than what they deny, and so stand in its place; this
is for the rest of the clause, where the denier may be some words away ("nobody here says I agree").
Source for scope that ends with the clause: Chapman et al. 2001 (NegEx), Councill et al. 2010.
"""

from __future__ import annotations

import re
from typing import Final

DENIABLE: Final = frozenset(
    {
        "says_agreement",
        "says_disagreement",
        "says_assurance",
        "says_not_understanding",
        "says_doubt",
        "says_blocked_effort",
        "says_strain",
        "says_interest",
    }
)
"""Families that mean nothing where they are denied; to deny a hedge hedges still."""
COMPLAINT: Final = "says_blocked_effort"
"""To tell what others say is a way to complain ("they told me for the third time"); to tell what they feel is none."""
OWN_FEELING: Final = re.compile(r"i(?:'m| am| feel| hate) ")
ANSWERS: Final = frozenset({"says_agreement", "says_assurance"})
"""Families that give an answer, and give none where they are the question themselves ("you're right?")."""

CLAUSE: Final = re.compile(r"[.?!,] |\b(?:but|because|so|then|although|though|cause) ")
DENIER: Final = re.compile(
    r"(?<![\w'])(?:(?:do|does|did|is|are|was|were|would|could|should|has|have|had|ca|wo)n't(?! (?:you|we|i|it|"
    r"that)\b)"
    r"|not|never|nobody|no one|cannot|neither|nor|without|hardly|if|whether|unless|whenever|wish|as though)(?![\w'])"
)
# "Can't believe", "can't stand", "don't know why" deny nothing of what follows them.
EXCLAMATION: Final = re.compile(r"(?:can't|cannot|couldn't) (?:believe|stand|help)|not only|don't know why|if not")
SOMEBODY: Final = r"(?:he|she|they|people|everybody|everyone|somebody|someone|(?:my|the|our|his|her|their) \w+)"
SAID: Final = (
    r"(?:said|says|told (?:me|him|her|us|them|everybody|(?:my|the|his|her|our) \w+)|"
    r"asked(?: (?:me|him|her|us|them))?|claims?|claimed|thinks|"
    r"thought|was like|"
    r"were like|goes|kept saying|keeps saying|wrote|replied|answered|shouted)"
)
QUOTED_BEFORE: Final = re.compile(
    rf"(?<![\w']){SOMEBODY} {SAID}(?: that| if| whether)?,?(?: (?:oh|well|no|yes|yeah),?)? $"
)
QUOTED_AFTER: Final = re.compile(rf"[.?!,]? {SOMEBODY} (?:said|asked|says|told|replied|shouted)(?![\w'])")
"""Words that are somebody else's: "he said I agree", "they told me I was wrong"."""
# "I used to be nervous", "I thought I agreed", "it's not that I'm confused"
UNTRUE: Final = re.compile(
    r"(?<![\w'])(?:used to(?: be| feel| get)?|i (?:once |always )?thought|it(?:'s not| isn't) (?:that|like|as if|"
    r"as though)|not that|"
    r"would(?:n't)? have(?: been)?|if i were)(?: i| that i)?(?: (?:so|really|very))* ?$"
)
FELT: Final = re.compile(
    r"(?<![\w'])(?:angry|mad|upset|annoyed|frustrated|furious|irritated|scared|worried|afraid|nervous|anxious|"
    r"terrified|"
    r"frightened|stressed|overwhelmed|panicking|fed up|pissed|exhausted|freaking out|terrible|horrible|"
    r"awful|scary)(?![\w'])"
)
THEIRS: Final = re.compile(
    rf"(?:(?<![\w'])(?:{SOMEBODY}|you)(?: (?:is|was|were|are|has been|got|gets|felt|feels|seem(?:s|ed)?|look(?:s|"
    rf"ed)?|"
    rf"sound(?:s|ed)?|works?)|'s|'re)|(?<![\w'])(?:are|were|is|was) (?:{SOMEBODY}|you)"
    rf")(?: [\w']+){{0,3}} ?$|(?<!i'm )(?<!i am )(?<![\w'])(?:an?|the|some|these|those|his|her|their|your)(?: very|"
    rf" really| most)? $"
)
"""What somebody else is said to feel, or what is so called ("an angry crowd")."""
OWN_ONLY: Final = frozenset(
    {
        "says_indifference",
        "says_strain",
        "says_not_understanding",
        "says_interest",
        "says_doubt",
        "says_hedge",
        "says_reluctance",
        "says_searching",
    }
)
OTHERS: Final = re.compile(
    r"(?<![\w'])(?:he|she|they|people|(?:my|his|her|their) \w+)(?:'s|'ve|'d)?(?: (?:has|have|had|is|was|were|just|"
    r"really|never|also|"
    r"then|soon|quickly))* $"
)
"""Whose verb it is, where a wording begins with the verb ("he lost interest")."""
PAST: Final = re.compile(r"(?<![\w'])(?:i|we) (?:was|were|felt|got|had been)(?: [\w']+){1,5}$")
SINCE: Final = re.compile(
    r"[^.?!]*?(?<![\w'])(?:at first|but (?:now|it's|i'm|then|that|those)|back then|yesterday|last (?:week|month|"
    r"year|night|time)|ago|"
    r"when i was|as a (?:kid|child)|in the beginning|not anymore)(?![\w'])"
)
"""What is over ("I was annoyed at first")."""
OWN: Final = re.compile(r"(?:i|we)(?![\w])")
PERHAPS: Final = re.compile(r"(?<![\w'])(?:maybe|perhaps|possibly) $")
"""What makes of an answer a mere thought ("maybe you're right")."""
SUBJECT: Final = re.compile(r"(?:i|you|we|he|she|they|it|that|this)(?:'\w+)? ")
CONDITIONS: Final = frozenset({"if", "whether", "unless", "whenever", "wish", "as though"})
# "I don't think I agree" denies it; "I'm not confused I just disagree", written without a comma, does not.
TAKES_CLAUSE: Final = re.compile(
    r"(?<![\w'])(?:says?|saying|said|thinks?|thinking|thought|believes?|mean|claim(?:s|ing|ed)?|knows?|that|if|"
    r"whether|"
    r"sure|certain|convinced|like|feel|feels|admit|pretend|suppose|imagine|expect|want|hope|see|find|remember|"
    r"understand|hear|because|why|how|what|told|tell|bet|guess|sense|way|until|when|as|you|me|one) $"
)
ASKING: Final = re.compile(r"(?<![\w'])(?:what|how|why|who|where|when|everything|all)$")
REACH: Final = 6
"""Words that a denier reaches over, as in NegEx."""


def meant(name: str, text: str, begin: int, end: int) -> bool:
    """Whether the words of a family, from ``begin`` to ``end`` in the text, are said and not denied or asked."""
    if name in DENIABLE and _denied(text[:begin], text[begin:]):
        return False
    quotable = name != COMPLAINT or OWN_FEELING.match(text, begin)
    if quotable and (QUOTED_BEFORE.search(text[:begin]) or _told(text, begin, end)):
        return False
    if UNTRUE.search(text[:begin]) or (name in OWN_ONLY and OTHERS.search(text[:begin])):
        return False
    if FELT.search(text, begin, end) and PAST.search(text[:end]) and SINCE.search(text, end):
        return False
    if FELT.search(text, begin, end) and THEIRS.search(text[:begin]) and not OWN.match(text, begin):
        return False
    return name not in ANSWERS or not (_asked(text, end) or PERHAPS.search(text[:begin]))


def _denied(before: str, after: str) -> bool:
    clause = EXCLAMATION.sub(" ", CLAUSE.split(before)[-1])
    deniers = list(DENIER.finditer(clause))
    if not deniers:
        return False
    between = clause[deniers[-1].end() :]
    if SUBJECT.match(after) and deniers[-1][0] not in CONDITIONS and len(between.split()) > 0:
        return bool(TAKES_CLAUSE.search(between)) and len(between.split()) < REACH
    return len(between.split()) < REACH


def _told(text: str, begin: int, end: int) -> bool:
    """Whether "he said" follows; in "I want to know what he said" it is what is wanted, and no quotation."""
    return bool(QUOTED_AFTER.match(text, end)) and not ASKING.search(text, begin, end)


def _asked(text: str, end: int) -> bool:
    """Whether the clause goes on to a question mark; a comma before it parts an answer from what is asked next."""
    mark = re.search(r"[.?!,]", text[max(0, end - 1) :])
    return mark is not None and mark[0] == "?"
