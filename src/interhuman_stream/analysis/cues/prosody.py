"""How the voice sounds against this person's usual: higher, louder, livelier, flat, slow; how a phrase ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.cues.kind import CueKind, Lane
from interhuman_stream.analysis.perception.tracks import Span, Tracks, VoiceTrack, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.baseline import Baseline, Level
    from interhuman_stream.findings import Cue

# A phrase is what is said between pauses of a quarter of a second (Goldman-Eisler 1968).
PHRASE_GAP, SHORTEST_PHRASE, LONGEST_PHRASE = 0.25, 0.6, 4.0
LEAST_VOICED = 20
# Raised pitch under stress is some 1 to 3 semitones of the speaker's own (Scherer 2003; Giddens et al. 2013).
HIGH_PITCH, CLEAR_HIGH_PITCH = 2.0, 5.0
LOUD, CLEAR_LOUD = 4.0, 9.0
# What acted anger and fear share is a high voice with much of its energy high up in the spectrum (Banse & Scherer 1996;
# Juslin & Laukka 2003). Deviations of the speaker's own; round numbers, not fitted. The least that a deviation is taken
# for, in semitones and dB: who spoke monotonously so far is not aroused by the first melody.
AROUSED, CLEARLY_AROUSED = 0.3, 1.0
LEAST_PITCH_DEVIATION, LEAST_SHARPNESS_DEVIATION = 1.5, 4.0
# Standard deviation inside a phrase, semitones: small sounds monotone, large lively (Traunmüller & Eriksson 1995).
FLAT, LIVELY, VERY_LIVELY = 1.2, 3.2, 5.5
FLUENT = 2.5
RISE, CLEAR_RISE = 2.5, 6.0
FALL, CLEAR_FALL = 3.0, 7.0
END = 0.25
# How far before a phrase's end its last voice may lie: "need it." ends on a stop and a breath.
LAST_VOICE = 0.5
# Words a second, pauses left out. English conversation runs at 2.5 to 3.5 (Yuan, Liberman & Cieri 2006).
SLOW, VERY_SLOW = 1.8, 1.1
SHORTEST_RATED, FEWEST_RATED = 1.5, 3


FLUENT_SPEECH: Final = CueKind(
    "fluent_speech",
    Lane.SPEECH,
    f"speech without a break of {PHRASE_GAP} s for {FLUENT} s",
    "Goldman-Eisler 1968",
)
SLOW_SPEECH: Final = CueKind(
    "slow_speech",
    Lane.SPEECH,
    f"fewer than {SLOW} words a second, pauses left out",
    "Yuan, Liberman & Cieri 2006",
)
VOICE_HIGH: Final = CueKind(
    "voice_high",
    Lane.VOICE,
    f"a phrase {HIGH_PITCH} semitones or more above the speaker's usual pitch",
    "Scherer 2003",
)
VOICE_LOW: Final = CueKind(
    "voice_low",
    Lane.VOICE,
    f"a phrase {HIGH_PITCH} semitones or more below it",
    "Scherer 2003",
)
VOICE_LOUD: Final = CueKind(
    "voice_loud",
    Lane.VOICE,
    f"a phrase {LOUD} dB or more above the speaker's usual loudness",
    "Scherer 2003",
)
VOICE_QUIET: Final = CueKind(
    "voice_quiet",
    Lane.VOICE,
    f"a phrase {LOUD} dB or more below it",
    "Scherer 2003",
)
VOICE_AROUSED: Final = CueKind(
    "voice_aroused",
    Lane.VOICE,
    f"a phrase both higher and sharper (more energy at 1 to 5 kHz against what is below) than usual, by "
    f"{AROUSED} of the speaker's own deviations or more; loudness does not count",
    "Banse & Scherer 1996; Juslin & Laukka 2003; arousal of any kind, joy included",
)
VOICE_LIVELY: Final = CueKind(
    "voice_lively",
    Lane.VOICE,
    f"pitch varies by {LIVELY} semitones or more inside a phrase (standard deviation)",
    "Traunmüller & Eriksson 1995",
)
VOICE_FLAT: Final = CueKind(
    "voice_flat",
    Lane.VOICE,
    f"pitch varies by less than {FLAT} semitones",
    "Traunmüller & Eriksson 1995",
)
RISING_END: Final = CueKind(
    "rising_end",
    Lane.VOICE,
    f"a phrase ends {RISE} semitones or more above its middle",
    "Brennan & Williams 1995",
)
FALLING_END: Final = CueKind(
    "falling_end",
    Lane.VOICE,
    f"a phrase ends {FALL} semitones or more below its middle",
    "Brennan & Williams 1995",
)
KINDS: Final = (
    FLUENT_SPEECH,
    SLOW_SPEECH,
    VOICE_HIGH,
    VOICE_LOW,
    VOICE_LOUD,
    VOICE_QUIET,
    VOICE_AROUSED,
    VOICE_LIVELY,
    VOICE_FLAT,
    RISING_END,
    FALLING_END,
)


def prosody_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find phrases that stand out from the person's usual voice. Nothing before that is known."""
    voice = tracks.voice
    if voice is None or baseline.pitch is None or baseline.loudness is None:
        return
    for phrase, ends in _phrases(tracks):
        inside = (voice.time >= phrase.start) & (voice.time <= phrase.end) & ~np.isnan(voice.pitch)
        if int(inside.sum()) < LEAST_VOICED:
            continue
        pitch, loudness = _trimmed(voice.pitch[inside]), voice.loudness[inside]
        yield from _against(phrase, float(np.median(pitch)), baseline.pitch, HIGH_PITCH, CLEAR_HIGH_PITCH, "pitch")
        yield from _against(phrase, float(np.median(loudness)), baseline.loudness, LOUD, CLEAR_LOUD, "loudness")
        yield from _arousal(phrase, float(np.median(pitch)), float(voice.sharpness[inside].mean()), baseline)
        yield from _melody(phrase, pitch)
        if ends:
            yield from _ending(phrase, voice)
    yield from _fluency(tracks)
    yield from _slowness(tracks)


def _phrases(tracks: Tracks) -> Iterator[tuple[Span, bool]]:
    """Yield what is said between pauses, and of a long run without any the pieces of ``LONGEST_PHRASE``.

    With each, whether it was heard to end: a piece inside a run goes on, and so may what the last words heard began.
    """
    for run in joined(list(tracks.speech), PHRASE_GAP, SHORTEST_PHRASE):
        ended = tracks.now - run.end >= PHRASE_GAP
        start = run.start
        while run.end - start > LONGEST_PHRASE + SHORTEST_PHRASE:
            yield Span(start, start + LONGEST_PHRASE), False
            start += LONGEST_PHRASE
        yield Span(start, run.end), ended


def _against(phrase: Span, value: float, usual: Level, least: float, clear: float, what: str) -> Iterator[Cue]:
    kinds = {"pitch": (VOICE_HIGH, VOICE_LOW), "loudness": (VOICE_LOUD, VOICE_QUIET)}[what]
    said = {"pitch": ("higher", "lower", "semitones"), "loudness": ("louder", "quieter", "dB")}[what]
    by = value - usual.median
    if abs(by) < max(least, usual.deviation):
        return
    high = by > 0
    text = f"spoke {abs(by):.0f} {said[2]} {said[0] if high else said[1]} than usual"
    strength = ramp(abs(by), least * 0.6, clear)
    yield kinds[0 if high else 1].found(phrase.start, phrase.end, strength, text)


def _arousal(phrase: Span, pitch: float, sharpness: float, baseline: Baseline) -> Iterator[Cue]:
    """Yield a voice that is both higher and sharper: the lesser of the two counts, in the person's own deviations."""
    if baseline.pitch is None or baseline.sharpness is None:
        return
    higher = (pitch - baseline.pitch.median) / max(LEAST_PITCH_DEVIATION, baseline.pitch.deviation)
    sharper = (sharpness - baseline.sharpness.median) / max(LEAST_SHARPNESS_DEVIATION, baseline.sharpness.deviation)
    if (both := min(higher, sharper)) > AROUSED:
        text = "spoke in a higher and sharper voice than usual"
        strength = ramp(both, 0.0, CLEARLY_AROUSED)
        yield VOICE_AROUSED.found(phrase.start, phrase.end, strength, text)


def _melody(phrase: Span, pitch: NDArray[np.float64]) -> Iterator[Cue]:
    spread = float(np.std(pitch))
    if spread < FLAT:
        yield VOICE_FLAT.found(phrase.start, phrase.end, ramp(-spread, -FLAT, -0.4), "spoke in a flat voice")
    elif spread > LIVELY:
        strength = ramp(spread, LIVELY * 0.8, VERY_LIVELY)
        yield VOICE_LIVELY.found(phrase.start, phrase.end, strength, "spoke in a lively voice")


def _ending(phrase: Span, voice: VoiceTrack) -> Iterator[Cue]:
    """Yield a rise of the voice at the end of a phrase (a question, or a statement left open), or a clear fall."""
    voiced = (voice.time >= phrase.start) & (voice.time <= phrase.end) & ~np.isnan(voice.pitch)
    time, pitch = voice.time[voiced], voice.pitch[voiced]
    if not len(time) or phrase.end - time[-1] > LAST_VOICE:
        return
    body, end = pitch[time < time[-1] - END], pitch[time >= time[-1] - END]
    if len(body) < LEAST_VOICED or len(end) < 5:  # noqa: PLR2004 - 80 ms of voice
        return
    rise = float(np.median(end[-5:]) - np.median(body))
    if rise > RISE:
        strength = ramp(rise, RISE * 0.6, CLEAR_RISE)
        yield RISING_END.found(phrase.end - END, phrase.end, strength, "ended on a rising voice")
    elif rise < -FALL:
        strength = ramp(-rise, FALL * 0.6, CLEAR_FALL)
        phrase_said = f"ended a phrase of {phrase.length:.1f} s on a falling voice"
        yield FALLING_END.found(phrase.start, phrase.end, strength, phrase_said)


def _fluency(tracks: Tracks) -> Iterator[Cue]:
    """Yield stretches of unbroken speech."""
    for span in joined(list(tracks.speech), PHRASE_GAP, FLUENT):
        strength = ramp(span.length, FLUENT * 0.5, 6.0)
        phrase = f"spoke without a break for {span.length:.1f} s"
        yield FLUENT_SPEECH.found(span.start, span.end, strength, phrase)


def _slowness(tracks: Tracks) -> Iterator[Cue]:
    """Yield runs of speech with few words a second, pauses left out."""
    for run in joined(list(tracks.speech), PHRASE_GAP, SHORTEST_RATED):
        words = sum(run.start <= (word.start + word.end) / 2 <= run.end for word in tracks.words)
        spoken = sum(max(0.0, min(each.end, run.end) - max(each.start, run.start)) for each in tracks.speech)
        rate = words / max(spoken, 0.1)
        if words >= FEWEST_RATED and rate < SLOW:
            strength = ramp(-rate, -SLOW * 1.15, -VERY_SLOW)
            phrase = f"spoke slowly, {rate:.1f} words a second"
            yield SLOW_SPEECH.found(run.start, run.end, strength, phrase)


def _trimmed(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out octave errors: pitch more than an octave from the phrase's median."""
    return pitch[np.abs(pitch - np.median(pitch)) < 12]  # noqa: PLR2004 - semitones in an octave
