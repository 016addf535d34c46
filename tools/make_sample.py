"""Make the sample clip, a portrait that nods and speaks, and its ground truth: what it does when.

Takes scikit-image and scipy for the portrait, flite for the voice, and the face landmark model (`interhuman-stream
models pull`).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.faults import ModelMissing
from interhuman_stream.sample import CLIP, TRUTH
from tools.puppet.encode import write_webm
from tools.puppet.measure import table, watch
from tools.puppet.performance import Event, Performance
from tools.puppet.portraits import astronaut
from tools.puppet.render import Puppet
from tools.puppet.voice import RATE, NoVoice, mouth, say, sound_track

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECONDS = 30.0
FRAMES_PER_SECOND = 25
SEED = 1999
# The person of the portrait holds her chin low; this much up, and she looks straight at the camera.
POSTURE = 4.0
BLINKS = (0.6, 3.9, 8.8, 10.3, 17.5, 19.4, 22.2, 24.4, 27.3)


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

    def note(
        start: float,
        end: float,
        what: str,
        asked: float,
        expect: tuple[str, ...] = (),
        forbid: tuple[str, ...] = (),
    ) -> None:
        act.events.append(Event(start, end, what, "", expect, forbid, asked))

    # 0 to 5: agreement.
    note(1.5, act.nod(1.5, 3, 1.9, 14), "nod", 14, ("agreement",), ("disagreement",))
    speak(1.8, "Yes, exactly, that's right.", ("agreement",), ("disagreement",))

    # 5 to 10: disagreement.
    note(5.8, act.shake(5.8, 3, 1.6, 34), "shake", 34, ("disagreement",), ("agreement",))
    speak(6.1, "No, I don't think so. I disagree.", ("disagreement",), ("agreement",))

    # 10 to 15: turned away, silent; then the eyes closed for a while, the head a little back.
    act.look_away(10.4, 13.5, yaw=40, pitch=-3, gaze=18)
    note(10.4, 13.5, "look_away", 40, (), ("engagement", "agreement", "disagreement"))
    act.close_eyes(13.8, 14.7)
    act.add("pitch", 4 * act.hold(13.8, 14.7, 0.3, 0.3))
    note(13.8, 14.7, "eyes_closed", 1, (), ("engagement",))

    # 15 to 20: "um", flat, low and drawn out, a pause, and doubt, the eyes turned aside.
    um = 0.7 * say("Uhm", speed=0.5, pitch=152, range_hz=1)
    end = speak(15.5, "Um", ("hesitation",), (), "filled_pause", um)
    speak(end + 0.8, "Well, I'm not really sure. Maybe.", ("uncertainty",), ("confidence",))
    act.add("gaze_x", -20 * act.hold(15.3, 17.4, 0.15, 0.15))
    act.add("gaze_y", -8 * act.hold(15.3, 17.4, 0.15, 0.15))
    note(15.3, 17.4, "gaze_aside", -20, (), ("confidence",))
    act.add("frown", act.hold(15.2, 18.6))
    note(15.2, 18.6, "frown", 1)

    # 20 to 25: confusion.
    end = speak(20.7, "What do you mean? I don't understand.", ("confusion",), ("confidence",))
    act.add("frown", act.hold(20.4, end + 0.4))
    note(20.4, end + 0.4, "frown", 1, ("confusion",))
    act.add("pitch", 3 * act.hold(20.5, end + 0.5, 0.5, 0.5))
    act.add("roll", -12 * act.hold(20.5, end + 0.5, 0.5, 0.5))
    note(20.5, end + 0.5, "tilt", -12)

    # 25 to 30: interest, then certainty with a steady gaze.
    speak(25.2, "Oh, really? Tell me more!", ("interest",), ("disengagement",))
    act.add("brow_raise", 0.9 * act.hold(25.1, 26.3, 0.2, 0.4))
    note(25.1, 26.3, "brow_raise", 0.9, ("interest",))
    act.add("smile", 0.85 * act.hold(25.7, 27.7, 0.35, 0.5))
    note(25.7, 27.7, "smile", 0.85, (), ("frustration",))
    speak(27.6, "I am absolutely certain this works.", ("confidence",), ("uncertainty", "hesitation"))

    for at in BLINKS:
        act.events.append(act.blink(at))
    act.events.sort(key=lambda event: (event.start, event.what))
    return said


def main() -> None:
    """Make both files, and print what the engine sees of what was asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, help="folder of the model files")
    parser.add_argument("--out", type=Path, default=CLIP.parent, help="folder to write to")
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
    write_webm(options.out / CLIP.name, frames, track, FRAMES_PER_SECOND, RATE)
    lines = ",\n".join("  " + json.dumps(event.as_json()) for event in performance.events)
    (options.out / TRUTH.name).write_text(f"[\n{lines}\n]\n")
    face = watch(options.out / CLIP.name, models.face)
    if face is not None:
        print(table(performance.events, face))


def _noisy(image: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """As a sensor is."""
    return np.clip(image + random.normal(0, 0.8, image.shape[:2])[..., None] + 0.5, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    try:
        main()
    except (ModelMissing, NoVoice) as error:
        sys.exit(str(error))
