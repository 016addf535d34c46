"""What each cue is, in words a psychologist can argue with; the numbers are the ones the code uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interhuman_stream.analysis.cues import eyes, head, held_sounds, mimic, pauses, prosody


@dataclass(frozen=True, slots=True)
class CueKind:
    """One cue: its name in the evidence table, what counts as it, and where the numbers come from."""

    name: str
    what: str
    source: str


def _expressions() -> tuple[CueKind, ...]:
    return tuple(
        CueKind(
            each.name,
            f"mean of {', '.join(each.shapes)} at least {each.rise} over the person's usual and {each.floor} in all, "
            f"for {each.shortest} s",
            f"{each.unit} (Ekman & Friesen 1978)",
        )
        for each in mimic.EXPRESSIONS
    )


WORDS: Final = "words: the patterns of `lexicon.py`"
FITTED: Final = f"{WORDS}, and utterances that `utterances.toml` gives away (fitted on MRDA)"

KINDS: Final[tuple[CueKind, ...]] = (
    CueKind(
        "nod",
        f"pitch of the head swings at least {head.LEAST_SWINGS} times in turn, {head.LEAST_NOD}° or more each, "
        f"{head.SHORTEST_SWING} to {head.LONGEST_SWING} s a swing, alike in size, without a rest between, "
        f"more than about the other axis; quick ones {head.LEAST_QUICK}°, {head.LEAST_QUICK_WAY:.0f}° together",
        "McClave 2000; Poggi, D'Errico & Vincze 2010; Hadar, Steiner & Rose 1985",
    ),
    CueKind("shake", f"the same for yaw, {head.LEAST_SHAKE}° or more", "Kendon 2002"),
    CueKind(
        "speech_nod",
        "a nod made while this person speaks (there is speech, and this jaw moves); "
        f"{head.LEAST_SPEECH_SWINGS} swings or more, since a beat is up to three",
        "McClave 2000; McNeill 1992",
    ),
    CueKind("speech_shake", "a shake made while this person speaks, likewise", "McClave 2000"),
    CueKind("tilt", f"roll {head.TILT}° or more from usual, for {head.SHORTEST_TILT} s", "El Kaliouby & Robinson 2005"),
    CueKind(
        "face_away",
        f"yaw {head.AWAY_YAW}° or pitch {head.AWAY_PITCH}° or more from usual, for {head.SHORTEST_AWAY} s; "
        "a face lost in the turn stays away until it is back",
        "Ba & Odobez 2009",
    ),
    CueKind("absent", f"no face for {head.ABSENT} s without a turn before", "–"),
    CueKind(
        "lean_in",
        f"face {head.LEAN - 1:.0%} wider than usual for {head.SHORTEST_LEAN} s, not turned",
        "Mortillaro et al. 2011",
    ),
    CueKind("lean_out", f"face {head.LEAN - 1:.0%} narrower than usual, likewise", "D'Mello & Graesser 2010"),
    CueKind(
        "attention",
        f"head not away, gaze within {eyes.GAZE_ON}° of usual for {eyes.SHORTEST_ATTENTION} s; blinks do not end it",
        "Ba & Odobez 2009",
    ),
    CueKind(
        "gaze_away",
        f"gaze {eyes.GAZE_AWAY}° or more from usual for {eyes.SHORTEST_GLANCE} s, the head not turned away",
        "Ba & Odobez 2009",
    ),
    CueKind(
        "eyes_closed",
        f"lids closed for {eyes.SHORTEST_CLOSURE} s or longer",
        "Schleicher et al. 2008",
    ),
    CueKind(
        "narrowed_eyes",
        f"eyes {eyes.NARROW:.0%} less open than usual for {eyes.SHORTEST_NARROW} s, not looking down",
        "AU7; Lee & Anderson 2017",
    ),
    CueKind(
        "frequent_blinks",
        f"more than {eyes.MANY_BLINKS:.0f} blinks a minute over {eyes.BLINK_WINDOW:.0f} s",
        "Bentivoglio et al. 1997; Haak et al. 2009",
    ),
    *_expressions(),
    CueKind(
        "brow_lower",
        f"inner brows {mimic.LOW_BROW:.1%} or more lower over the eyes than usual for {mimic.SHORTEST_LOW_BROW} s "
        f"({mimic.LOW_BROW_SHOWN:.0%} where `browDown` shows it too), "
        "eyes open, head level",
        "AU4 (Ekman & Friesen 1978)",
    ),
    CueKind("one_brow", f"brows uneven by {mimic.ONE_BROW} more than usual", "AU2 on one side; Poggi 2007"),
    CueKind("yawn", f"mouth wide open for {mimic.SHORTEST_YAWN} s or longer, without speech", "Provine 1986"),
    CueKind(
        "silent_pause",
        f"{pauses.SHORTEST_PAUSE} to {pauses.LONGEST_PAUSE} s without speech after a word that ends no sentence",
        "Campione & Véronis 2002; Heldner & Edlund 2010",
    ),
    CueKind(
        "filled_pause",
        "“um”, “uh” and the like; or by ear alone a held sound near speech, not high and not rising: four measures "
        f"reach {held_sounds.SURE} in all: spectrum moves less than usual ({held_sounds.STILL[0]}), pitch is level "
        f"({held_sounds.LEVEL[0]}), it lasts ({held_sounds.LONG[0]}; fully if {held_sounds.LONG[2]} s are held), "
        f"a silence goes before ({held_sounds.PAUSED[0]})",
        "O'Shaughnessy 1992; Shriberg 1999; Goto, Itou & Hayamizu 1999",
    ),
    CueKind(
        "fluent_speech",
        f"speech without a break of {prosody.PHRASE_GAP} s for {prosody.FLUENT} s",
        "Goldman-Eisler 1968",
    ),
    CueKind("slow_speech", f"fewer than {prosody.SLOW} words a second, pauses left out", "Yuan, Liberman & Cieri 2006"),
    CueKind(
        "voice_high", f"a phrase {prosody.HIGH_PITCH} semitones or more above the speaker's usual pitch", "Scherer 2003"
    ),
    CueKind("voice_low", f"a phrase {prosody.HIGH_PITCH} semitones or more below it", "Scherer 2003"),
    CueKind("voice_loud", f"a phrase {prosody.LOUD} dB or more above the speaker's usual loudness", "Scherer 2003"),
    CueKind(
        "voice_aroused",
        f"a phrase both higher and sharper (more energy at 1 to 5 kHz against what is below) than usual, by "
        f"{prosody.AROUSED} of the speaker's own deviations or more; loudness does not count",
        "Banse & Scherer 1996; Juslin & Laukka 2003; arousal of any kind, joy included",
    ),
    CueKind("voice_quiet", f"a phrase {prosody.LOUD} dB or more below it", "Scherer 2003"),
    CueKind(
        "voice_lively",
        f"pitch varies by {prosody.LIVELY} semitones or more inside a phrase (standard deviation)",
        "Traunmüller & Eriksson 1995",
    ),
    CueKind("voice_flat", f"pitch varies by less than {prosody.FLAT} semitones", "Traunmüller & Eriksson 1995"),
    CueKind(
        "rising_end", f"a phrase ends {prosody.RISE} semitones or more above its middle", "Brennan & Williams 1995"
    ),
    CueKind(
        "falling_end", f"a phrase ends {prosody.FALL} semitones or more below its middle", "Brennan & Williams 1995"
    ),
    CueKind("says_agreement", FITTED, "Dhillon et al. 2004 (MRDA: accept)"),
    CueKind("says_disagreement", FITTED, "Dhillon et al. 2004 (MRDA: reject)"),
    CueKind("says_hedge", FITTED, "Hyland 2005; Dhillon et al. 2004 (MRDA: maybe)"),
    CueKind(
        "says_floor_holder",
        "words: utterances that hold the floor while what comes is sought, by `utterances.toml` (fitted on MRDA)",
        "Dhillon et al. 2004 (MRDA: floor holder, hold)",
    ),
    CueKind("says_assurance", WORDS, "Hyland 2005"),
    CueKind("says_not_understanding", WORDS, "Dingemanse & Enfield 2015; Dhillon et al. 2004"),
    CueKind("says_interest", WORDS, "–"),
    CueKind("says_doubt", WORDS, "–"),
    CueKind("says_blocked_effort", WORDS, "–"),
    CueKind("says_strain", WORDS, "–"),
    CueKind("says_indifference", WORDS, "–"),
)
