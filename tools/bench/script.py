"""What the puppets do: every visible cue twice in an order of its own, and nods and shakes from slow to fast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.puppet.performance import Performance

# The person of the portrait holds her chin low; this much up, and she looks straight at the camera.
POSTURE = 4.0
WARM_UP = 6.5
REST = 1.4
EXTRA_BLINK = 0.7  # after every third thing done, so long into the rest
BURST, BETWEEN_BLINKS = 10.0, 0.85
SEGMENT = 5.0
DOWNWARDS = 0.3  # of the turns away
TURNING, CLOSING = 0.55, 0.16  # seconds, as `Performance.look_away` and `close_eyes` take
SWEEP = (0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
# Faster heads go less far.
SWEEP_NOD, SWEEP_SHAKE, SWEEP_LEAST = 14.0, 28.0, 0.5


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: the cue that it is, seconds, and the moment from which on it shows.

    Attributes:
        cue: Its name.
        start: Seconds.
        end: Seconds.
        onset: When a nod begins to move, and when anything that is held is half there.
        hertz: Of a nod or a shake, else 0.
    """

    cue: str
    start: float
    end: float
    onset: float
    hertz: float = 0.0


@dataclass(frozen=True, slots=True)
class Act:
    """A performance and what is in it."""

    performance: Performance
    done: list[Done]


def everything(fps: float, seed: int, seconds: float | None = None, times: int = 2) -> Act:
    """Act every cue so many times in a shuffled order, then blink often. With ``seconds`` only what ends before."""
    random = np.random.default_rng(seed)
    length = 75.0
    performance = Performance(np.arange(round(length * fps)) / fps)
    performance.idle(random)
    performance.add("pitch", np.full(len(performance.time), POSTURE))
    done: list[Done] = []
    now = WARM_UP
    for number, at in enumerate(random.permutation(times * len(MOVES))):
        one = MOVES[at // times](performance, random, now)
        done.append(one)
        if number % 3 == 2:
            performance.blink(one.end + EXTRA_BLINK)
        now = one.end + REST
    start = np.ceil(now / SEGMENT) * SEGMENT
    for at in np.arange(start + 0.2, start + BURST - 0.5, BETWEEN_BLINKS):
        performance.blink(float(at))
    done.append(Done("frequent_blinks", start, start + BURST, start))
    return _until(Act(performance, done), seconds or start + BURST)


def sweep(fps: float, seed: int) -> Act:
    """Nod and shake at every speed of ``SWEEP``, one and a half times or more."""
    random = np.random.default_rng(seed)
    performance = Performance(np.arange(round(120 * fps)) / fps)
    performance.idle(random)
    performance.add("pitch", np.full(len(performance.time), POSTURE))
    done: list[Done] = []
    now = WARM_UP
    for hertz in SWEEP:
        cycles = 2 if hertz < 1 else 3
        less = max(SWEEP_LEAST, min(1.0, 2.0 / hertz))
        end = performance.nod(now, cycles, hertz, SWEEP_NOD * less)
        done.append(Done("nod", now, end, now, hertz))
        now = end + REST
        end = performance.shake(now, cycles, hertz, SWEEP_SHAKE * less)
        done.append(Done("shake", now, end, now, hertz))
        now = end + REST
    return _until(Act(performance, done), now)


def _until(act: Act, seconds: float) -> Act:
    keep = act.performance.time < seconds
    kept = Performance(act.performance.time[keep])
    kept.tracks = {name: values[keep] for name, values in act.performance.tracks.items()}
    return Act(kept, [one for one in act.done if one.end <= seconds])


def _side(random: np.random.Generator) -> float:
    return float(random.choice((-1.0, 1.0)))


def _held(act: Performance, cue: str, start: float, seconds: float, attack: float, tracks: dict[str, float]) -> Done:
    for name, value in tracks.items():
        act.add(name, value * act.hold(start, start + seconds, attack, attack))
    return Done(cue, start, start + seconds, start + attack / 2)


def _nod(act: Performance, random: np.random.Generator, start: float) -> Done:
    hertz = float(random.uniform(0.8, 2.6))
    end = act.nod(start, int(random.integers(2, 4)), hertz, float(random.uniform(9, 15)))
    return Done("nod", start, end, start, hertz)


def _shake(act: Performance, random: np.random.Generator, start: float) -> Done:
    hertz = float(random.uniform(0.8, 2.2))
    end = act.shake(start, int(random.integers(2, 4)), hertz, float(random.uniform(18, 32)))
    return Done("shake", start, end, start, hertz)


def _away(act: Performance, random: np.random.Generator, start: float) -> Done:
    end = start + float(random.uniform(1.8, 2.6))
    side = _side(random)
    if random.random() < DOWNWARDS:
        act.look_away(start, end, yaw=8 * side, pitch=-26, gaze=0)
    else:
        act.look_away(start, end, yaw=side * float(random.uniform(32, 40)), pitch=-3, gaze=side * 12)
    return Done("face_away", start, end, start + TURNING / 2)


def _closed(act: Performance, random: np.random.Generator, start: float) -> Done:
    end = start + float(random.uniform(0.9, 1.5))
    act.close_eyes(start, end)
    return Done("eyes_closed", start, end, start + CLOSING / 2)


def _gaze(act: Performance, random: np.random.Generator, start: float) -> Done:
    aside = {"gaze_x": _side(random) * float(random.uniform(19, 24)), "gaze_y": float(random.uniform(-6, 6))}
    return _held(act, "gaze_away", start, float(random.uniform(1.2, 2.0)), 0.15, aside)


def _lower(act: Performance, random: np.random.Generator, start: float) -> Done:
    frown = {"frown": float(random.uniform(0.8, 1))}
    return _held(act, "brow_lower", start, float(random.uniform(1.2, 2.2)), 0.3, frown)


def _raised(act: Performance, random: np.random.Generator, start: float) -> Done:
    brows = {"brow_raise": float(random.uniform(0.75, 1))}
    return _held(act, "brow_raise", start, float(random.uniform(0.8, 1.4)), 0.25, brows)


def _smile(act: Performance, random: np.random.Generator, start: float) -> Done:
    smile = {"smile": float(random.uniform(0.7, 1))}
    return _held(act, "smile", start, float(random.uniform(1.2, 2.2)), 0.35, smile)


def _tilt(act: Performance, random: np.random.Generator, start: float) -> Done:
    roll = {"roll": _side(random) * float(random.uniform(12, 17))}
    return _held(act, "tilt", start, float(random.uniform(1.4, 2.2)), 0.45, roll)


MOVES = (_nod, _shake, _away, _closed, _gaze, _lower, _raised, _smile, _tilt)
