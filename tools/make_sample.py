"""Make samples/sample.webm and samples/sample.json: a portrait that nods, shakes its head and speaks, and what it does when.

Takes scikit-image and scipy for the portrait, flite for the voice, and the face landmark model (`interhuman-stream
models pull`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.perception import load_models
from puppet.encode import write_webm
from puppet.performance import Event, Performance
from puppet.portraits import astronaut
from puppet.render import Puppet
from puppet.voice import RATE, mouth, say, sound_track

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
SECONDS = 30.0
FRAMES_PER_SECOND = 25
SEED = 1999
# The person of the portrait holds her chin low; this much up, and she looks straight at the camera.
POSTURE = 4.0


def script(performance: Performance) -> list[tuple[float, NDArray[np.float64]]]:
    """Act. Every five seconds hold one stretch: the stream is cut there.

    Returns:
        What is said: start in seconds and samples at 48 kHz.
    """
    act = performance
    said: list[tuple[float, NDArray[np.float64]]] = []

    def speak(
        start: float,
        text: str,
        expect: tuple[str, ...] = (),
        forbid: tuple[str, ...] = (),
        what: str = "speech",
        samples: NDArray[np.float64] | None = None,
    ) -> float:
        samples = say(text) if samples is None else samples
        end = start + len(samples) / RATE
        said.append((start, samples))
        act.events.append(Event(start, end, what, text, expect, forbid))
        return end

    def note(start: float, end: float, what: str, expect: tuple[str, ...] = (), forbid: tuple[str, ...] = ()) -> None:
        act.events.append(Event(start, end, what, "", expect, forbid))

    # 0 to 5: agreement.
    note(1.5, act.nod(1.5, 3, 1.9, 14), "nod", ("agreement",), ("disagreement",))
    speak(1.8, "Yes, exactly, that's right.", ("agreement",), ("disagreement",))

    # 5 to 10: disagreement.
    note(5.8, act.shake(5.8, 3, 1.6, 34), "shake", ("disagreement",), ("agreement",))
    speak(6.1, "No, I don't think so. I disagree.", ("disagreement",), ("agreement",))

    # 10 to 15: turned away, silent; then the eyes closed for a while.
    act.look_away(10.4, 13.5, 40, -3, 18)
    note(10.4, 13.5, "look_away", (), ("engagement", "agreement", "disagreement"))
    act.close_eyes(13.8, 14.7)
    note(13.8, 14.7, "eyes_closed", (), ("engagement",))

    # 15 to 20: um.
    doubt = ("hesitation", "uncertainty")
    um = 0.7 * say("Uhm", speed=0.5, pitch=152, range_hz=1)  # flat, low and drawn out, as hesitation sounds are
    end = speak(15.5, "Um", ("hesitation",), (), "filled_pause", um)
    speak(end + 0.8, "Well, I'm not really sure. Maybe.", doubt, ("confidence",))
    act.add("gaze_x", -20 * act.hold(15.3, 17.4, 0.15, 0.15))
    act.add("gaze_y", -8 * act.hold(15.3, 17.4, 0.15, 0.15))
    note(15.3, 17.4, "gaze_aside", (), ("confidence",))
    act.add("frown", act.hold(15.2, 18.6))
    note(15.2, 18.6, "frown")

    # 20 to 25: confusion.
    end = speak(20.7, "What do you mean? I don't understand.", ("confusion",), ("confidence",))
    act.add("frown", act.hold(20.4, end + 0.4))
    note(20.4, end + 0.4, "frown", ("confusion",))
    act.add("roll", 14 * act.hold(20.5, end + 0.5, 0.5, 0.5))
    note(20.5, end + 0.5, "tilt")

    # 25 to 30: interest, then certainty.
    end = speak(25.2, "Oh, really? Tell me more!", ("interest",), ("disengagement",))
    act.add("brow_raise", 0.9 * act.hold(25.1, 26.3, 0.2, 0.4))
    note(25.1, 26.3, "brow_raise", ("interest",))
    act.add("smile", 0.85 * act.hold(25.7, 27.7, 0.35, 0.5))
    note(25.7, 27.7, "smile", (), ("frustration",))
    speak(27.6, "I am absolutely certain this works.", ("confidence",), ("uncertainty", "hesitation"))

    for at in (0.6, 3.9, 8.8, 10.3, 17.5, 19.4, 22.2, 24.4, 27.3):
        act.events.append(act.blink(at))
    return said


def main() -> None:
    """Make both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, help="folder of the model files")
    parser.add_argument("--out", type=Path, default=SAMPLES, help="folder to write to")
    options = parser.parse_args()
    models = load_models(options.models)
    random = np.random.default_rng(SEED)
    performance = Performance(np.arange(round(SECONDS * FRAMES_PER_SECOND)) / FRAMES_PER_SECOND)
    performance.idle(random)
    performance.add("pitch", np.full(len(performance.time), POSTURE))
    track = sound_track(SECONDS, script(performance), random)
    performance.speak(*mouth(track, performance.time))
    puppet = Puppet(astronaut(models.face))
    options.out.mkdir(parents=True, exist_ok=True)
    frames = (_noisy(puppet.draw(pose), random) for pose in performance.poses())
    write_webm(options.out / "sample.webm", frames, track, FRAMES_PER_SECOND, RATE)
    events = sorted(performance.events, key=lambda event: (event.start, event.what))
    lines = ",\n".join("  " + json.dumps(event.as_json()) for event in events)
    (options.out / "sample.json").write_text(f"[\n{lines}\n]\n")


def _noisy(image: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """As a sensor is."""
    return np.clip(image + random.normal(0, 0.8, image.shape[:2])[..., None] + 0.5, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main()
