"""The evidence table: which cue speaks for or against which signal, how much, and on whose word.

A row reads: this cue speaks for this signal with this weight, its meaning reaches so many seconds beyond it to both
sides, and so says this source. Weights are log-odds: they add up, 0.7 about doubles the odds, 2.2 about multiplies them
by nine. A signal starts from its prior (how seldom it is when nothing speaks for it) and is reported where the sum says
"more likely than not". A cue counts with its strength (0 to 1), once at any moment however often it was found there.
What was not perceived (no picture, no sound, a foreign language) adds nothing either way.

The weights are judgements from the sources in the rows. They were looked at on clips that three people marked, and not
fitted to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interhuman_stream.signals import SignalType


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row.

    Attributes:
        signal: What it speaks for or against.
        cue: The cue's name.
        weight: Log-odds at full strength; negative speaks against.
        reach: Seconds the meaning reaches beyond the cue, before and after.
        source: Why one may believe it.
        needs: Cues of which one must be there at the same time (within the reach); empty for none.
    """

    signal: SignalType
    cue: str
    weight: float
    reach: float
    source: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """What a signal is, and from where on it shows.

    Attributes:
        meaning: What it is a sign of, in words.
        prior: Log-odds with no evidence: how seldom it is.
        shortest: Seconds; what shows for less is not reported.
    """

    meaning: str
    prior: float
    shortest: float = 0.4


S = SignalType
WORDS: Final = "meaning of the words (dialogue-act manuals: MRDA, Dhillon et al. 2004)"

SCALES: Final[dict[SignalType, Scale]] = {
    S.AGREEMENT: Scale("alignment with another's position", -1.6),
    S.DISAGREEMENT: Scale("an active challenge or rejection", -1.6),
    S.CONFIDENCE: Scale("firm, assured delivery without visible doubt", -2.0),
    S.UNCERTAINTY: Scale("lack of sureness in one's own statement", -1.7),
    S.HESITATION: Scale("delay or reluctance before or inside an utterance", -1.5),
    S.CONFUSION: Scale("a gap in understanding", -1.8),
    S.INTEREST: Scale("curiosity, drawn in, wants more", -1.8),
    S.SKEPTICISM: Scale("doubt about a claim, weighing it", -1.5),
    S.FRUSTRATION: Scale("blocked effort, irritation", -2.1),
    S.STRESS: Scale("strain under demand", -2.2),
    S.ENGAGEMENT: Scale("sustained focus, eye contact, timely response", -2.1, shortest=1.0),
    S.DISENGAGEMENT: Scale("withdrawn, minimal, unresponsive", -1.7, shortest=1.0),
}

TABLE: Final[tuple[Evidence, ...]] = (
    # agreement
    Evidence(S.AGREEMENT, "says_agreement", 3.06, 0.3, WORDS),
    Evidence(
        S.AGREEMENT,
        "says_yes",
        1.2,
        0.3,
        "alone as often a mere “go on” (Jurafsky et al. 1998): only where the answer is seen, our reading",
        needs=("answers",),
    ),
    Evidence(
        S.AGREEMENT,
        "rising_end",
        -0.8,
        0.2,
        "a rising yeah asks to go on (Gravano, Hirschberg & Beňuš 2012)",
        needs=("says_yes",),
    ),
    Evidence(S.AGREEMENT, "nod", 2.2, 0.3, "nods affirm and acknowledge (McClave 2000; Poggi et al. 2010)"),
    Evidence(S.AGREEMENT, "speech_nod", 1.3, 0.3, "speakers also nod in time with their words (McClave 2000): less"),
    Evidence(
        S.AGREEMENT,
        "smile",
        0.5,
        0.2,
        "smile with nod (Bousmalis et al. 2009)",
        needs=("nod", "speech_nod", "says_agreement"),
    ),
    Evidence(S.AGREEMENT, "says_disagreement", -3.06, 0.3, WORDS),
    Evidence(S.AGREEMENT, "shake", -1.6, 0.3, "Bousmalis, Mehu & Pantic 2009"),
    Evidence(S.AGREEMENT, "says_doubt", -1.4, 0.3, WORDS),
    # disagreement
    Evidence(S.DISAGREEMENT, "says_disagreement", 3.06, 0.3, WORDS),
    Evidence(S.DISAGREEMENT, "shake", 2.2, 0.3, "head shakes negate (Kendon 2002; Bousmalis et al. 2009)"),
    Evidence(
        S.DISAGREEMENT, "speech_shake", 1.3, 0.3, "speakers also sweep the head while they list (McClave 2000): less"
    ),
    Evidence(
        S.DISAGREEMENT,
        "brow_lower",
        0.5,
        0.3,
        "Bousmalis et al. 2009",
        needs=("shake", "speech_shake", "says_disagreement"),
    ),
    Evidence(
        S.DISAGREEMENT,
        "smile",
        -0.7,
        0.2,
        "smiles mark irony and play (Bavelas & Chovil 2018)",
        needs=("shake", "speech_shake"),
    ),
    Evidence(S.DISAGREEMENT, "says_agreement", -3.06, 0.3, WORDS),
    Evidence(S.DISAGREEMENT, "nod", -1.6, 0.3, "Bousmalis et al. 2009"),
    # uncertainty
    Evidence(S.UNCERTAINTY, "says_hedge", 2.83, 0.5, "hedges (Hyland 2005)"),
    Evidence(S.UNCERTAINTY, "filled_pause", 0.8, 0.8, "feeling of knowing (Smith & Clark 1993)"),
    Evidence(S.UNCERTAINTY, "silent_pause", 0.6, 0.5, "longer latency (Smith & Clark 1993; Brennan & Williams 1995)"),
    Evidence(S.UNCERTAINTY, "rising_end", 0.6, 0.8, "rising ends (Brennan & Williams 1995)", needs=("says_hedge",)),
    Evidence(
        S.UNCERTAINTY,
        "gaze_away",
        0.5,
        0.5,
        "Doherty-Sneddon & Phelps 2005; Swerts & Krahmer 2005",
        needs=("says_hedge", "filled_pause", "mouth_shrug"),
    ),
    Evidence(S.UNCERTAINTY, "mouth_shrug", 0.9, 0.5, "mouth shrug (Debras 2017)"),
    Evidence(
        S.UNCERTAINTY,
        "brow_raise",
        0.5,
        0.3,
        "Swerts & Krahmer 2005",
        needs=("says_hedge", "filled_pause", "mouth_shrug"),
    ),
    Evidence(S.UNCERTAINTY, "slow_speech", 0.6, 0.3, "slower (Jiang & Pell 2017)"),
    Evidence(S.UNCERTAINTY, "says_assurance", -2.82, 0.5, "boosters (Hyland 2005)"),
    # hesitation
    Evidence(S.HESITATION, "filled_pause", 2.6, 0.4, "Clark & Fox Tree 2002; Shriberg 2001"),
    Evidence(S.HESITATION, "silent_pause", 2.0, 0.3, "Goldman-Eisler 1968; Campione & Véronis 2002"),
    Evidence(
        S.HESITATION, "says_floor_holder", 1.0, 0.3, "floor holders (MRDA, Dhillon et al. 2004); alone too little"
    ),
    Evidence(
        S.HESITATION, "says_searching", 2.2, 0.4, "editing terms, repeated words (Levelt 1983; Clark & Fox Tree 2002)"
    ),
    Evidence(S.HESITATION, "says_reluctance", 2.6, 0.4, "put off what is not preferred (Pomerantz 1984)"),
    Evidence(S.HESITATION, "slow_speech", 0.5, 0.3, "drawn-out delivery (Shriberg 2001)"),
    Evidence(S.HESITATION, "gaze_away", 0.5, 0.4, "Kendon 1967", needs=("filled_pause", "silent_pause")),
    Evidence(S.HESITATION, "says_hedge", 0.7, 0.4, "Shriberg 2001"),
    # confidence
    Evidence(S.CONFIDENCE, "says_assurance", 3.2, 0.6, "boosters (Hyland 2005)"),
    Evidence(
        S.CONFIDENCE,
        "speaks",
        1.6,
        0.3,
        "who talks is taken for dominant (Schmid Mast 2002); for assured, by our reading",
    ),
    Evidence(
        S.CONFIDENCE,
        "scowl",
        -1.2,
        0.3,
        "strong anger is taken for less able (Gaertig et al. 2019), mild anger for more (Tiedens 2001)",
    ),
    Evidence(S.CONFIDENCE, "distress", -2.0, 0.3, "our reading: who is in distress is not at ease"),
    Evidence(S.CONFIDENCE, "fluent_speech", 0.9, 0.2, "faster, fewer pauses (Jiang & Pell 2017; Kirkland et al. 2022)"),
    Evidence(
        S.CONFIDENCE,
        "attention",
        0.8,
        0.0,
        "steady gaze (Murphy 2007)",
        needs=("speaks", "fluent_speech", "falling_end", "says_assurance"),
    ),
    Evidence(S.CONFIDENCE, "voice_loud", 0.7, 0.3, "louder (Jiang & Pell 2017)"),
    Evidence(S.CONFIDENCE, "voice_low", 0.4, 0.3, "lower and falling (Jiang & Pell 2017)"),
    Evidence(S.CONFIDENCE, "falling_end", 1.4, 0.0, "falling ends (Brennan & Williams 1995; Jiang & Pell 2017)"),
    Evidence(S.CONFIDENCE, "voice_quiet", -0.5, 0.3, "quieter where unsure (Jiang & Pell 2017)"),
    Evidence(S.CONFIDENCE, "slow_speech", -0.6, 0.3, "Jiang & Pell 2017"),
    Evidence(S.CONFIDENCE, "says_hedge", -2.82, 0.6, "Hyland 2005"),
    Evidence(S.CONFIDENCE, "filled_pause", -1.6, 0.8, "Brennan & Williams 1995"),
    Evidence(S.CONFIDENCE, "silent_pause", -1.0, 0.5, "Brennan & Williams 1995"),
    Evidence(S.CONFIDENCE, "rising_end", -0.7, 0.5, "Jiang & Pell 2017"),
    Evidence(S.CONFIDENCE, "gaze_away", -0.7, 0.3, "Murphy 2007"),
    # confusion
    Evidence(S.CONFUSION, "says_not_understanding", 3.3, 0.4, "requests for repair (Dingemanse & Enfield 2015)"),
    Evidence(S.CONFUSION, "brow_lower", 1.2, 0.3, "AU4 (Craig et al. 2008; Grafsgaard et al. 2011)"),
    Evidence(
        S.CONFUSION, "tilt", 0.7, 0.3, "El Kaliouby & Robinson 2005", needs=("brow_lower", "says_not_understanding")
    ),
    Evidence(
        S.CONFUSION,
        "narrowed_eyes",
        0.9,
        0.3,
        "AU7 with AU4 (Craig et al. 2008; Grafsgaard et al. 2011)",
        needs=("brow_lower", "says_not_understanding"),
    ),
    Evidence(S.CONFUSION, "speaks", -0.7, 0.3, "speakers lower the brows to stress words (Ekman 1979)"),
    Evidence(S.CONFUSION, "rising_end", 0.4, 0.6, "Dingemanse & Enfield 2015", needs=("says_not_understanding",)),
    Evidence(S.CONFUSION, "says_assurance", -1.4, 0.4, WORDS),
    Evidence(S.CONFUSION, "smile", -0.6, 0.2, "McDaniel et al. 2007"),
    # interest
    Evidence(S.INTEREST, "says_interest", 3.06, 0.4, WORDS),
    Evidence(
        S.INTEREST,
        "brow_raise",
        1.3,
        0.4,
        "our reading; Reeve 1993 found widened lids",
        needs=("says_interest", "attention", "smile"),
    ),
    Evidence(S.INTEREST, "smile", 0.8, 0.3, "Mortillaro et al. 2011", needs=("says_interest", "brow_raise")),
    Evidence(
        S.INTEREST, "lean_in", 1.2, 0.4, "leaning in (Mortillaro et al. 2011)", needs=("attention", "says_interest")
    ),
    Evidence(
        S.INTEREST, "tilt", 0.6, 0.4, "a head that listens is held aside, our reading", needs=("brow_raise", "lean_in")
    ),
    Evidence(S.INTEREST, "speaks", -1.2, 0.4, "speakers raise the brows to stress words (Ekman 1979)"),
    Evidence(S.INTEREST, "voice_lively", 0.5, 0.3, "Banse & Scherer 1996", needs=("says_interest", "brow_raise")),
    Evidence(S.INTEREST, "says_indifference", -3.06, 0.8, WORDS),
    Evidence(S.INTEREST, "face_away", -1.2, 0.2, "Mortillaro et al. 2011"),
    # skepticism
    Evidence(S.SKEPTICISM, "says_doubt", 3.0, 0.4, WORDS),
    Evidence(S.SKEPTICISM, "doubtful_pout", 2.8, 0.3, "as in a shrug (Debras 2017); that it is doubt, our reading"),
    Evidence(
        S.SKEPTICISM,
        "tight_lips",
        2.8,
        0.3,
        "part of the face of negation, with AU4 and AU17 (Benitez-Quiroz et al. 2016); alone, our reading",
    ),
    Evidence(S.SKEPTICISM, "one_brow", 1.3, 0.4, "one-sided brow (Poggi 2007); no public labels to check it"),
    Evidence(
        S.SKEPTICISM,
        "mouth_shrug",
        0.7,
        0.4,
        "Benitez-Quiroz et al. 2016",
        needs=("says_doubt", "one_brow", "brow_lower"),
    ),
    Evidence(
        S.SKEPTICISM, "narrowed_eyes", 0.8, 0.4, "narrowed eyes (Lee & Anderson 2017)", needs=("says_doubt", "one_brow")
    ),
    Evidence(S.SKEPTICISM, "lip_press", 0.6, 0.4, "Benitez-Quiroz et al. 2016", needs=("says_doubt", "one_brow")),
    Evidence(S.SKEPTICISM, "brow_lower", 0.5, 0.3, "Benitez-Quiroz et al. 2016", needs=("says_doubt", "one_brow")),
    Evidence(S.SKEPTICISM, "says_agreement", -1.9, 0.3, WORDS),
    # frustration
    Evidence(S.FRUSTRATION, "says_blocked_effort", 3.53, 0.6, WORDS),
    Evidence(S.FRUSTRATION, "scowl", 2.6, 0.4, "AU4 (Grafsgaard et al. 2013)"),
    Evidence(
        S.FRUSTRATION, "bared_teeth", 1.2, 0.4, "AU10 with AU4 (Ekman & Friesen 1975)", needs=("scowl", "brow_lower")
    ),
    Evidence(S.FRUSTRATION, "brow_lower", 0.9, 0.4, "AU4 (Grafsgaard et al. 2013)"),
    Evidence(
        S.FRUSTRATION,
        "lip_press",
        0.8,
        0.4,
        "AU14 (Craig et al. 2008; Grafsgaard et al. 2013); AU24 as in anger (Ekman & Friesen 1975)",
    ),
    Evidence(S.FRUSTRATION, "voice_loud", 0.9, 0.3, "louder (Ang et al. 2002)"),
    Evidence(S.FRUSTRATION, "voice_high", 0.6, 0.3, "higher (Ang et al. 2002)"),
    Evidence(
        S.FRUSTRATION,
        "voice_aroused",
        0.8,
        0.4,
        "arousal (Juslin & Laukka 2003), which alone could as well be joy",
        needs=("says_blocked_effort", "brow_lower", "lip_press"),
    ),
    Evidence(S.FRUSTRATION, "smile", -0.7, 0.2, "Hoque, McDuff & Picard 2012 (not always: people smile frustrated)"),
    # stress
    Evidence(S.STRESS, "says_strain", 3.53, 0.8, WORDS),
    Evidence(S.STRESS, "distress", 3.2, 0.4, "as in pain (Prkachin 1992); that it is strain, our reading"),
    Evidence(S.STRESS, "voice_high", 1.3, 0.3, "pitch above one's own usual (Giddens et al. 2013)"),
    Evidence(
        S.STRESS,
        "voice_aroused",
        0.8,
        0.4,
        "arousal (Juslin & Laukka 2003), which alone is no stress",
        needs=("says_strain", "frequent_blinks", "lip_press"),
    ),
    Evidence(S.STRESS, "frequent_blinks", 0.9, 0.0, "Haak et al. 2009"),
    Evidence(S.STRESS, "lip_press", 0.7, 0.3, "Dinges et al. 2005"),
    Evidence(S.STRESS, "brow_lower", 0.4, 0.3, "Dinges et al. 2005", needs=("voice_high", "says_strain")),
    # engagement
    Evidence(S.ENGAGEMENT, "speaks", 2.6, 0.5, "who speaks takes part (Rich et al. 2010; Oertel et al. 2020)"),
    Evidence(S.ENGAGEMENT, "attention", 1.2, 0.0, "gaze at the partner (Rich et al. 2010; Oertel et al. 2020)"),
    Evidence(S.ENGAGEMENT, "nod", 1.2, 0.6, "backchannels (Rich et al. 2010)", needs=("attention",)),
    Evidence(S.ENGAGEMENT, "brow_raise", 0.7, 0.5, "Whitehill et al. 2014", needs=("attention",)),
    Evidence(
        S.ENGAGEMENT, "smile", 1.6, 0.3, "listeners' smiles are backchannels (Brunner 1979)", needs=("attention",)
    ),
    Evidence(
        S.ENGAGEMENT,
        "voice_lively",
        0.8,
        0.2,
        "involvement is heard in pitch (Wrede & Shriberg 2003)",
        needs=("attention",),
    ),
    Evidence(S.ENGAGEMENT, "says_interest", 2.6, 0.8, WORDS),
    Evidence(S.ENGAGEMENT, "says_attending", 3.06, 0.8, "who says “go on” listens (Schegloff 1982)"),
    Evidence(S.ENGAGEMENT, "says_agreement", 0.7, 0.5, WORDS, needs=("attention",)),
    Evidence(S.ENGAGEMENT, "lean_in", 0.9, 0.3, "leaning in (D'Mello & Graesser 2010)", needs=("attention",)),
    Evidence(S.ENGAGEMENT, "yawn", -2.0, 0.5, "boredom, tiredness (Provine & Hamernik 1986)"),
    Evidence(S.ENGAGEMENT, "face_away", -3.0, 0.2, "Rich et al. 2010"),
    Evidence(S.ENGAGEMENT, "gaze_away", -1.0, 0.0, "also thinking (Doherty-Sneddon & Phelps 2005), so not more"),
    Evidence(S.ENGAGEMENT, "eyes_closed", -2.0, 0.2, "Whitehill et al. 2014"),
    Evidence(S.ENGAGEMENT, "distress", -2.0, 0.3, "sadness turns to oneself (Wood, Saltzberg & Goldsamt 1990)"),
    Evidence(S.ENGAGEMENT, "absent", -4.0, 0.0, "nobody there"),
    Evidence(S.ENGAGEMENT, "says_indifference", -3.06, 0.8, WORDS),
    # disengagement
    Evidence(S.DISENGAGEMENT, "face_away", 2.4, 0.0, "Rich et al. 2010; Whitehill et al. 2014"),
    Evidence(S.DISENGAGEMENT, "absent", 2.4, 0.0, "left the picture; never more than low alone"),
    Evidence(S.DISENGAGEMENT, "eyes_closed", 2.2, 0.0, "Whitehill et al. 2014"),
    Evidence(S.DISENGAGEMENT, "says_indifference", 3.0, 0.8, WORDS),
    Evidence(S.DISENGAGEMENT, "yawn", 2.2, 0.5, "boredom, tiredness (Provine & Hamernik 1986)"),
    Evidence(S.DISENGAGEMENT, "looks_elsewhere", 2.2, 0.0, "Nakano & Ishii 2010"),
    Evidence(S.DISENGAGEMENT, "lean_out", 0.7, 0.3, "leaning back (D'Mello & Graesser 2010)"),
    Evidence(S.DISENGAGEMENT, "voice_flat", 0.6, 0.2, "involvement is heard in pitch (Wrede & Shriberg 2003)"),
    Evidence(S.DISENGAGEMENT, "nod", -1.2, 0.4, "Rich et al. 2010"),
    Evidence(S.DISENGAGEMENT, "attention", -1.0, 0.0, "Rich et al. 2010"),
    Evidence(S.DISENGAGEMENT, "speaks", -1.6, 0.3, "who speaks takes part; speakers look away to plan (Kendon 1967)"),
    Evidence(
        S.DISENGAGEMENT, "fluent_speech", -1.0, 0.3, "who speaks takes part; speakers look away to plan (Kendon 1967)"
    ),
    Evidence(S.DISENGAGEMENT, "says_interest", -2.35, 0.8, WORDS),
    Evidence(S.DISENGAGEMENT, "filled_pause", -1.2, 0.5, "holds the floor (Clark & Fox Tree 2002)"),
    Evidence(S.DISENGAGEMENT, "says_hedge", -1.4, 0.5, "looking away here is thinking (Doherty-Sneddon & Phelps 2005)"),
)

# What one might expect here and will not find, and why.
LEFT_OUT: Final[dict[str, str]] = {
    "response latency": "the delay before an answer takes knowing when the question ended. A stream carries one "
    "person's camera and microphone; when the other is heard in it at all, the voices are not told apart",
    "jitter": "differences from one glottal period to the next, under a few percent, are lost in 16 ms frames, in "
    "speech codecs and in rooms; and what stress does to them is reported in both directions (Giddens et al. 2013)",
    "laughter": "a model that finds it is known (YAMNet: .88 of acted laughs, none in a thousand seconds of talk), but "
    "the one package that carries its weights as this engine could run them names no licence",
    "sighs": "likewise; and a long breath out sounds like wind, cloth or a fan at the microphone",
}

OPPOSITES: Final = (
    (S.AGREEMENT, S.DISAGREEMENT),
    (S.ENGAGEMENT, S.DISENGAGEMENT),
    (S.CONFIDENCE, S.UNCERTAINTY),
)
