"""What the puppet does when: gestures and expressions laid on a time axis, and what is written down about them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.puppet.expression import Pose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BLINK_SECONDS = 0.32


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens, as the ground truth has it: seconds, what it is, and which signals it should give.

    Attributes:
        start: Seconds.
        end: Seconds.
        what: One of ``puppet.measure.KINDS``.
        text: What is said, empty where nothing is.
        expect: Signal types that this stretch must give.
        forbid: Signal types that this stretch must not give.
        asked: How far, in the unit of ``puppet.measure``; NaN where no number was asked.
    """

    start: float
    end: float
    what: str
    text: str = ""
    expect: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    asked: float = math.nan

    def as_json(self) -> dict[str, Any]:
        """In the order of the file, without an empty text."""
        out: dict[str, Any] = {"start": round(self.start, 3), "end": round(self.end, 3), "what": self.what}
        if self.text:
            out["text"] = self.text
        return out | {"expect": list(self.expect), "forbid": list(self.forbid)}


@dataclass(slots=True)
class Performance:
    """Pose tracks over ``time`` (n seconds), to which gestures add, and the events they make."""

    time: NDArray[np.float64]
    tracks: dict[str, NDArray[np.float64]] = field(init=False)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tracks = {each.name: np.zeros(len(self.time)) for each in fields(Pose)}

    def add(self, name: str, values: NDArray[np.float64]) -> None:
        """Add to one track."""
        self.tracks[name] = self.tracks[name] + values

    def poses(self) -> Iterator[Pose]:
        """One pose a frame; expressions are kept between 0 and 1."""
        table = {
            name: values if name in {"pitch", "yaw", "roll", "x", "y", "gaze_x", "gaze_y"} else np.clip(values, 0, 1)
            for name, values in self.tracks.items()
        }
        for at in range(len(self.time)):
            yield Pose(**{name: float(values[at]) for name, values in table.items()})

    def hold(self, start: float, end: float, attack: float = 0.3, release: float = 0.4) -> NDArray[np.float64]:
        """0 before ``start``, smoothly up to 1 within ``attack``, down again to 0 at ``end``."""
        return _smooth((self.time - start) / attack) * _smooth((end - self.time) / release)

    def swing(self, start: float, cycles: float, hertz: float) -> tuple[float, NDArray[np.float64]]:
        """Return the end, and a sine of ``cycles`` from ``start`` that fades in and out within a third of a cycle."""
        end = start + cycles / hertz
        ease = 0.35 / hertz
        phase = 2 * np.pi * hertz * (self.time - start)
        return end, np.sin(phase) * self.hold(start, end, ease, ease)

    def nod(self, start: float, cycles: float, hertz: float, degrees: float) -> float:
        """Dip the head ``cycles`` times, ``degrees`` deep each; return when it ends."""
        end = start + cycles / hertz
        dip = 0.5 * (1 - np.cos(2 * np.pi * hertz * (self.time - start)))
        # Later dips are a little less deep, as people's are.
        fade = 1 - 0.12 * np.floor(np.clip((self.time - start) * hertz, 0, cycles - 1))
        self.add("pitch", -degrees * dip * fade * ((self.time >= start) & (self.time <= end)))
        return end

    def shake(self, start: float, cycles: float, hertz: float, degrees: float) -> float:
        """Turn the head from side to side, ``degrees`` from one side to the other; return when it ends."""
        end, wave = self.swing(start, cycles, hertz)
        self.add("yaw", degrees / 2 * wave)
        self.add("roll", -0.06 * degrees * wave)
        return end

    def look_away(self, start: float, end: float, yaw: float, pitch: float, gaze: float) -> None:
        """Turn the head and the eyes away, and back at the end. The eyes lead."""
        turned = self.hold(start, end, 0.55, 0.5)
        self.add("yaw", yaw * turned)
        self.add("pitch", pitch * turned)
        self.add("gaze_x", gaze * self.hold(start - 0.08, end - 0.12, 0.2, 0.2))

    def blink(self, at: float) -> Event:
        """Close and open the eyes once, quickly down and slower up."""
        down, up = 0.09, 0.19
        closed = _smooth((self.time - at) / down) * _smooth((at + BLINK_SECONDS - self.time) / up)
        self.tracks["lids"] = np.maximum(self.tracks["lids"], closed)
        return Event(at, at + BLINK_SECONDS, "blink", asked=1.0)

    def close_eyes(self, start: float, end: float) -> None:
        """Keep the eyes closed."""
        self.tracks["lids"] = np.maximum(self.tracks["lids"], self.hold(start, end, 0.16, 0.22))

    def idle(self, random: np.random.Generator, degrees: float = 1.2) -> None:
        """Let the head drift as people's does: slowly, irregularly, a degree or two; the eyes hold their target."""
        for name, size in (("pitch", 0.7 * degrees), ("yaw", degrees), ("roll", 0.6 * degrees), ("x", 2.0), ("y", 1.2)):
            drift = np.zeros(len(self.time))
            for hertz in (0.07, 0.13, 0.23, 0.41):
                weight = 0.13 / (0.13 + hertz)
                drift += weight * np.sin(
                    2 * np.pi * (hertz * random.uniform(0.85, 1.15) * self.time + random.uniform())
                )
            self.add(name, size * drift / 1.3)
            if name == "yaw":
                self.add("gaze_x", -0.8 * size * drift / 1.3)
            if name == "pitch":
                self.add("gaze_y", -0.8 * size * drift / 1.3)

    def speak(self, loudness: NDArray[np.float64], brightness: NDArray[np.float64]) -> None:
        """Move the mouth and, a little, the head to a voice.

        Args:
            loudness: One value a frame, 0 silent to 1 loud.
            brightness: One value a frame, 0 dark ("oo") to 1 bright ("ee"); counts where it is loud.
        """
        self.add("jaw", 0.55 * loudness**0.8)
        self.add("rounding", 0.7 * np.clip(0.45 - brightness, 0, 1) / 0.45 * np.clip(2 * loudness, 0, 1))
        slow = np.convolve(loudness, np.hanning(15) / np.hanning(15).sum(), "same")
        self.add("pitch", 1.2 * (slow - slow.mean()))


def _smooth(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 below 0, 1 above 1, with no corner between."""
    value = np.clip(value, 0, 1)
    return np.asarray(value * value * (3 - 2 * value))
