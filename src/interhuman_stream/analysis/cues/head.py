"""What the head does: nods, shakes, turns away, leans to one side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.cue import ramp, slope
from interhuman_stream.analysis.cues.kind import CueKind, Lane
from interhuman_stream.analysis.cues.lasting import SAMPLE, lasting
from interhuman_stream.analysis.perception.tracks import joined, spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import FaceTrack, Span, Tracks
    from interhuman_stream.findings import Cue

# Degrees from one turning point to the next. Listeners' nods are about 13° in pitch; a head that
# idles moves 3 to 7°.
LEAST_NOD, LEAST_SHAKE = 5.0, 8.0
CLEAR_NOD, CLEAR_SHAKE = 12.0, 22.0
# One swing (half a cycle): 4 Hz at the fastest, 0.4 Hz at the slowest (deliberate nods and shakes are 0.4 to 4 Hz).
SHORTEST_SWING, LONGEST_SWING = 0.09, 1.25
# A head this quick goes less far, and at ten pictures a second its turning points are seen short by up to a third.
# Then each swing may be small if there are more of them: degrees of one, and of all together.
QUICKEST, QUICK, LEAST_QUICK, LEAST_QUICK_WAY = 0.07, 0.22, 3.5, 15.0
# A listener's small nods and shakes go about one axis alone: each swing may be half as large if there are four and the
# head hardly moves about the other axis (how many times as far).
SMALLER, LEAST_SMALL, PURE = 0.5, 4, 2.5
# Three swings are there, back and there again: one and a half cycles. Less is a look, a beat or a single bow.
LEAST_SWINGS = 3
# A speaker's beat may be three movements as well: into position, the stroke, and back (Kendon 1980; McNeill 1992).
LEAST_SPEECH_SWINGS = 4
# The swings of one gesture are alike; talkers' beats are not.
LEAST_ALIKE = 0.4
# A head that stays for so many seconds within ``ONSET`` of a swing has ended it; at 0.4 Hz a sine's turn takes 0.63 s.
REST = 0.75
# Nods and shakes are cyclic: one swing passes into the next; what speakers do in time with their words is not (Hadar,
# Steiner & Rose 1985). A sine is within ``ONSET`` of its turning point for a quarter of each swing; longer is a rest.
RESTING = 0.25
# A gesture moves about its own axis more than about the other.
LEAST_OWN_AXIS = 1.2
# A swing has begun once it has left this share of its size behind.
ONSET = 0.15
# Where a gesture begins: its first swing, or the movement into it if that goes this share of the way, from where the
# head is this share as quick as at its quickest. A level would not do: a head drifts further before it nods.
LEAD, STIRRING = 0.3, 0.2
# A head turned so far no longer faces the partner (Ba & Odobez 2009: attention targets are 20 to 30° apart).
AWAY_YAW, AWAY_PITCH = 20.0, 17.0
SHORTEST_AWAY = 0.6
# A face that is not found is gone where its place is empty: hair and shoulders are not where they were. It may as well
# be covered, too dark (brightness of the picture), or have become too small (pixels, when it was seen last).
ABSENT = 0.8
EMPTY, DARK, SMALL = 0.9, 20.0, 55.0
# Against the upright: who listens with a tilted head does so for long, and a median of a few seconds takes that for
# usual (of marked tilts .70 of the time is found so, .41 from usual, both at better precision). And against what is
# usual, for who always holds it a little to the other side; but a head that comes back to the upright is not tilted.
TILT, CLEAR_TILT = 13.0, 22.0
ASIDE = 8.0
SHORTEST_TILT = 0.6
# The face's width against its usual: leaning in by a tenth of the distance makes it a tenth wider.
LEAN, CLEAR_LEAN = 1.13, 1.3
SHORTEST_LEAN = 0.8
FRONTAL = 15.0
# A gesture made while speaking may be a beat to the words. Speaking moves `jawOpen`; a listener's stays still.
SPOKEN, MOVING_JAW = 0.6, 0.02


NOD: Final = CueKind(
    "nod",
    Lane.HEAD,
    f"pitch of the head swings at least {LEAST_SWINGS} times in turn, {LEAST_NOD}° or more each, "
    f"{SHORTEST_SWING} to {LONGEST_SWING} s a swing, alike in size, without a rest between, "
    f"more than about the other axis; quick ones {LEAST_QUICK}°, {LEAST_QUICK_WAY:.0f}° together",
    "McClave 2000; Poggi, D'Errico & Vincze 2010; Hadar, Steiner & Rose 1985",
)
SHAKE: Final = CueKind(
    "shake",
    Lane.HEAD,
    f"the same for yaw, {LEAST_SHAKE}° or more",
    "Kendon 2002",
)
SPEECH_NOD: Final = CueKind(
    "speech_nod",
    Lane.HEAD,
    "a nod made while this person speaks (the mouth does; or there is speech, and this jaw moves); "
    f"{LEAST_SPEECH_SWINGS} swings or more, since a beat is up to three",
    "McClave 2000; McNeill 1992",
)
SPEECH_SHAKE: Final = CueKind(
    "speech_shake",
    Lane.HEAD,
    "a shake made while this person speaks, likewise",
    "McClave 2000",
)
TILTED: Final = CueKind(
    "tilt",
    Lane.HEAD,
    f"roll {TILT:.0f}° or more, or {ASIDE:.0f}° or more and {TILT:.0f}° from usual, for {SHORTEST_TILT} s",
    "El Kaliouby & Robinson 2005",
)
FACE_AWAY: Final = CueKind(
    "face_away",
    Lane.HEAD,
    f"yaw {AWAY_YAW}° or pitch {AWAY_PITCH}° or more from usual, for {SHORTEST_AWAY} s; "
    "a face lost in the turn stays away until it is back",
    "Ba & Odobez 2009",
)
ABSENCE: Final = CueKind(
    "absent",
    Lane.HEAD,
    f"no face for {ABSENT} s without a turn before, in a picture bright enough, where hair and shoulders are no longer "
    f"there (correlation below {1 - EMPTY:.1f}); not of a face last seen smaller than {SMALL:.0f} pixels",
    "–",
)
LEAN_IN: Final = CueKind(
    "lean_in",
    Lane.HEAD,
    f"face {LEAN - 1:.0%} wider than usual for {SHORTEST_LEAN} s, not turned",
    "Mortillaro et al. 2011",
)
LEAN_OUT: Final = CueKind(
    "lean_out",
    Lane.HEAD,
    f"face {LEAN - 1:.0%} narrower than usual, likewise",
    "D'Mello & Graesser 2010",
)
KINDS: Final = (NOD, SHAKE, SPEECH_NOD, SPEECH_SHAKE, TILTED, FACE_AWAY, ABSENCE, LEAN_IN, LEAN_OUT)


@dataclass(frozen=True, slots=True)
class Swing:
    """One movement from a turning point to the next: seconds and degrees; ``onset`` is where it leaves its start."""

    start: float
    onset: float
    end: float
    size: float


@dataclass(frozen=True, slots=True)
class Gesture:
    """A nod or a shake.

    Attributes:
        cue: As it counts for somebody who does not speak.
        swings: How many movements it is made of.
        small: Whether it is told by its purity alone: a speaker's head makes many such.
        by_size: How strong size and number alone make it, 0 to 1.
    """

    cue: Cue
    swings: int
    small: bool
    by_size: float


def head_cues(tracks: Tracks, baseline: Baseline, speaking: Sequence[Cue] = ()) -> Iterator[Cue]:
    """Find nods, shakes, a face turned away or gone, a tilted head, leaning in and out.

    Args:
        tracks: What was perceived, with no other speech than this person's.
        baseline: What is usual for the person.
        speaking: When the mouth speaks, with or without a voice.
    """
    face = tracks.face
    if face is None or not face.present.any():
        return
    pitch, yaw, roll = face.pose.T
    nods = _oscillations(NOD, "nodded", face.time, pitch, yaw, LEAST_NOD, CLEAR_NOD)
    shakes = _oscillations(SHAKE, "shook the head", face.time, yaw, pitch, LEAST_SHAKE, CLEAR_SHAKE)
    for gesture in (*nods, *shakes):
        cue = gesture.cue
        if not _speaks(tracks, speaking, cue):
            yield cue
        elif gesture.swings >= LEAST_SPEECH_SWINGS and not gesture.small:
            kind = SPEECH_NOD if cue.name == NOD.name else SPEECH_SHAKE
            yield replace(cue, name=kind.name, strength=gesture.by_size)
    yield from _away(face, baseline)
    yield from _lean(face, baseline.width)
    upright, moved = np.abs(roll), np.abs(roll - baseline.pose[2])
    tilted = np.where(upright > ASIDE, np.maximum(upright, moved), upright)
    shows = tilted > TILT
    yield from lasting(TILTED, "tilted the head", face.time, tilted, shows, SHORTEST_TILT, (TILT, CLEAR_TILT))


def _speaks(tracks: Tracks, speaking: Sequence[Cue], cue: Cue) -> bool:
    """Whether this person speaks for most of ``cue``: the mouth does, or there is speech and the jaw moves."""
    face = tracks.face
    if face is None:
        return False
    if _shared(speaking, cue) > SPOKEN:
        return True
    jaw = face.shape("jawOpen")[(face.time >= cue.start) & (face.time <= cue.end)]
    return _shared(tracks.speech, cue) > SPOKEN and float(np.nanstd(jaw)) > MOVING_JAW


def _shared(spans: Sequence[Cue] | Sequence[Span], cue: Cue) -> float:
    """The share of ``cue`` that lies in the spans."""
    inside = sum(max(0.0, min(span.end, cue.end) - max(span.start, cue.start)) for span in spans)
    return inside / max(cue.end - cue.start, SAMPLE)


def _lean(face: FaceTrack, usual: float | None) -> Iterator[Cue]:
    """Yield when the face is nearer or farther than usual. A turned head is narrower without being farther."""
    if usual is None:
        return
    ratio = np.where(np.abs(face.pose[:, 1]) < FRONTAL, face.width / usual, np.nan)
    for kind, phrase, nearer in ((LEAN_IN, "leaned in", ratio), (LEAN_OUT, "leaned back", 2 - ratio)):
        strong = (1 + (LEAN - 1) / 2, CLEAR_LEAN)
        yield from lasting(kind, phrase, face.time, nearer, nearer > LEAN, SHORTEST_LEAN, strong, gap=0.35)


def swings(time: NDArray[np.float64], angle: NDArray[np.float64], least: float) -> list[Swing]:
    """Cut a movement at its turning points and rests, leaving out wiggles smaller than ``least`` degrees.

    The angle is NaN where it is not known.
    """
    known = ~np.isnan(angle)
    time, angle = time[known], angle[known]
    if len(angle) == 0 or np.ptp(angle) < least:
        return []
    # Plain numbers: this walks from picture to picture.
    when, where = time.tolist(), angle.tolist()
    found: list[Swing] = []
    pivot = extreme = 0  # where the current swing began, and how far it has come
    rising = before = 0  # up, down or neither; what is a rest's length ago
    low = high = 0  # its lowest and highest since it last came to rest
    for at in range(1, len(where)):
        if rising == 0:
            low = at if where[at] < where[low] else low
            high = at if where[at] > where[high] else high
            if where[high] - where[low] >= least:
                pivot, extreme, rising = min(low, high), at, 1 if high > low else -1
            continue
        if (where[at] - where[extreme]) * rising > 0:
            extreme = at
        while when[before] < when[at] - REST:
            before += 1
        lately = where[before : at + 1] if before > pivot else []
        if lately and max(lately) - min(lately) < ONSET * abs(where[extreme] - where[pivot]):
            found.append(_swing(when, where, pivot, _arrival(where, pivot, extreme)))
            rising, low, high = 0, before + lately.index(min(lately)), before + lately.index(max(lately))
        elif (where[extreme] - where[at]) * rising >= least:
            found.append(_swing(when, where, pivot, extreme))
            pivot, extreme, rising = extreme, at, -rising
    if rising:
        found.append(_swing(when, where, pivot, extreme))
    return found


def _arrival(where: Sequence[float], begin: int, end: int) -> int:
    """Where a swing has come to rest, all but for ``ONSET`` of it."""
    little = ONSET * abs(where[end] - where[begin])
    return next(at for at in range(begin, end + 1) if abs(where[at] - where[end]) < little)


def _swing(when: Sequence[float], where: Sequence[float], begin: int, end: int) -> Swing:
    size = abs(where[end] - where[begin])
    onset = next(at for at in reversed(range(begin, end)) if abs(where[at] - where[begin]) <= ONSET * size)
    return Swing(when[begin], when[onset], when[end], size)


def _oscillations(
    kind: CueKind,
    verb: str,
    time: NDArray[np.float64],
    angle: NDArray[np.float64],
    other: NDArray[np.float64],
    least: float,
    clear: float,
) -> Iterator[Gesture]:
    """Find gestures of swings in turn."""
    usual = _runs(swings(time, angle, least), SHORTEST_SWING, LONGEST_SWING)
    quick = [
        run
        for run in _runs(swings(time, angle, min(least, LEAST_QUICK)), QUICKEST, QUICK)
        if sum(each.size for each in run) >= LEAST_QUICK_WAY and not _overlap(run, usual)
    ]
    small = [
        run
        for run in _runs(swings(time, angle, least * SMALLER), SHORTEST_SWING, LONGEST_SWING)
        if len(run) >= LEAST_SMALL and not _overlap(run, usual + quick) and _purity(run, time, other) >= PURE
    ]
    for run in usual + quick + small:
        size = float(np.median([each.size for each in run]))
        purity = _purity(run, time, other)
        if purity >= LEAST_OWN_AXIS:
            # A nod goes down and up again; a shake begins and ends in the middle, with half a swing.
            count = (len(run) + 1) // 2 if kind is NOD else len(run) // 2
            times = {1: "once", 2: "twice"}.get(count, f"{count} times")
            large, pure = ramp(size, least * 0.6, clear), ramp(purity, LEAST_OWN_AXIS, 2 * PURE)
            repeated, many = ramp(len(run), LEAST_SWINGS - 1, 4), ramp(len(run), LEAST_SWINGS - 1, 5)
            begin = _beginning(time, angle, run)
            cue = kind.found(begin, run[-1].end, (max(large, pure) + repeated) / 2, f"{verb} {times}")
            yield Gesture(cue, len(run), run in small, (large + many) / 2)


def _overlap(run: list[Swing], others: list[list[Swing]]) -> bool:
    return any(run[0].start < other[-1].end and other[0].start < run[-1].end for other in others)


def _purity(run: list[Swing], time: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """How many times as far a gesture goes about its own axis as about the other."""
    inside = (time >= run[0].onset) & (time <= run[-1].end)
    return float(np.median([each.size for each in run])) / max(_extent(other[inside]), 1e-6)


def _runs(found: list[Swing], shortest: float, longest: float) -> list[list[Swing]]:
    """The stretches of at least ``LEAST_SWINGS`` alike swings of ``shortest`` to ``longest`` seconds."""
    runs: list[list[Swing]] = [[]]
    for swing in found:
        fits = shortest <= swing.end - swing.onset <= longest
        if not (fits and _follows(runs[-1], swing)):
            runs.append([])
        if fits:
            runs[-1].append(swing)
    return [run for run in runs if len(run) >= LEAST_SWINGS]


def _beginning(time: NDArray[np.float64], angle: NDArray[np.float64], run: list[Swing]) -> float:
    """When the head began to move, in seconds: a shake begins with half a swing, that is too small for one."""
    known = ~np.isnan(angle)
    time, angle = time[known], angle[known]
    first = run[0]
    usual = float(np.median([each.end - each.start for each in run[1:]]))
    lead = (time >= first.start - usual) & (time <= first.start)
    since, until = first.start, first.end
    if np.ptp(angle[lead]) >= LEAD * first.size and not _from_rest(first):
        since, until = first.start - LONGEST_SWING, first.start
    near = (time >= since) & (time <= until)
    time, speed = time[near], np.abs(np.diff(angle[near]) / np.diff(time[near]))
    at = quickest = int(np.argmax(np.where(time[1:] > until - usual, speed, 0.0)))
    while at > 0 and speed[at - 1] > STIRRING * speed[quickest]:
        at -= 1
    return float(time[at])


def _follows(run: list[Swing], swing: Swing) -> bool:
    """Whether ``swing`` goes on with what ``run`` does: about as far, and without a rest before it."""
    if not run:
        return True
    sizes = [each.size for each in (*run, swing)]
    next_to_it = swing.start - run[-1].end < SAMPLE and not _from_rest(swing)
    return next_to_it and min(sizes) >= LEAST_ALIKE * max(sizes)


def _from_rest(swing: Swing) -> bool:
    return swing.onset - swing.start >= RESTING * (swing.end - swing.start) + SAMPLE


def _extent(values: NDArray[np.float64]) -> float:
    """How far a movement goes about the other axis, its slow drift taken out."""
    values = values[~np.isnan(values)]
    if len(values) < 3:  # noqa: PLR2004 - no line through fewer
        return 0.0
    return float(np.ptp(values - slope(values) * np.arange(len(values))))


def _away(face: FaceTrack, baseline: Baseline) -> Iterator[Cue]:
    pitch = np.abs(face.pose[:, 0] - baseline.pose[0])
    yaw = np.abs(face.pose[:, 1] - baseline.pose[1])
    turned = (yaw > AWAY_YAW) | (pitch > AWAY_PITCH)
    # A face that turns far enough is lost: what follows a turn until the face is back belongs to it.
    lost = ~face.present
    for span in joined(spans(turned | lost, face.time, SAMPLE), 0.3, SHORTEST_AWAY):
        inside = (face.time >= span.start) & (face.time <= span.end)
        if not turned[inside].any():
            if span.length >= ABSENT and _left(face, inside):
                yield ABSENCE.found(span.start, span.end, 1.0, "was out of the picture")
            continue
        degrees = float(np.nanmedian(np.hypot(yaw, pitch)[inside]))
        strength = ramp(degrees, 12.0, 30.0) * ramp(span.length, 0.0, 1.5)
        phrase = f"turned the face away for {span.length:.1f} s"
        yield FACE_AWAY.found(span.start, span.end, strength, phrase)


def _left(face: FaceTrack, lost: NDArray[np.bool_]) -> bool:
    """Whether the place is empty where a face was seen before; who was never there has not left."""
    vacant, light = face.vacant[lost], face.light[lost]
    if np.isnan(vacant).all() or not float(np.nanmedian(light)) > DARK:
        return False
    before = face.width[: int(np.argmax(lost))]
    before = before[~np.isnan(before)]
    small = len(before) > 0 and float(before[-1]) < SMALL
    return float(np.nanmedian(vacant)) > EMPTY and not small
