"""Synthetic speakers: words as espeak-ng and flite say them, as fast, as long and as evenly as asked."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np
from scipy.signal import resample_poly  # type: ignore[import-untyped]  # scipy ships no types

from interhuman_stream.analysis.media.mix import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

AUDIBLE = 0.02
LEVEL = 0.06  # root mean square of what is said
# Words a minute; espeak-ng goes no slower than the first.
SLOWEST, USUAL = 80, 165
# flite's own spread of pitch where a voice says nothing else, hertz.
USUAL_SPREAD = 15.0


class NoSpeech(RuntimeError):  # noqa: N818 - reads as the sentence it carries
    """A speech synthesiser is not installed."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of one of the two programs."""

    program: str
    voice: str


def say(speaker: Speaker, text: str, seconds: float | None = None, lively: float = 1.0) -> Samples:
    """Speak a text.

    Args:
        speaker: Who.
        text: English.
        seconds: How long it shall be, about; as the voice likes if not said.
        lively: How much the pitch moves: 1 as the voice likes, 0 not at all (some voices of flite cannot).

    Returns:
        Mono at 16 kHz without the silence around it.

    Raises:
        NoSpeech: The program is not installed.
    """
    said = _spoken(speaker, text, 1.0, lively)
    if seconds is not None:
        said = _spoken(speaker, text, round(seconds * SAMPLE_RATE / len(said), 2), lively)
    return said


@cache
def _spoken(speaker: Speaker, text: str, slower: float, lively: float) -> Samples:
    if shutil.which(speaker.program) is None:
        raise NoSpeech(
            f"{speaker.program} is not installed: `apt-get install espeak-ng flite` (Debian) and run this again."
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        order = _flite if speaker.program == "flite" else _espeak
        subprocess.run([speaker.program, *order(speaker.voice, text, slower, lively), str(path)], check=True)
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
    samples = resample_poly(samples, SAMPLE_RATE, rate)
    heard = np.flatnonzero(np.abs(samples) > AUDIBLE * np.abs(samples).max())
    samples = samples[heard[0] : heard[-1] + 1]
    return np.asarray(samples * LEVEL / np.sqrt(np.mean(samples**2)))


def _flite(voice: str, text: str, slower: float, lively: float) -> list[str]:
    spread = ["--setf", f"int_f0_target_stddev={USUAL_SPREAD * lively}"] if lively != 1 else []
    return ["-voice", voice, "--setf", f"duration_stretch={slower}", *spread, "-t", text, "-o"]


def _espeak(voice: str, text: str, slower: float, lively: float) -> list[str]:
    speed = max(SLOWEST, round(USUAL / slower))
    # -w takes the file's name as its last argument's follower, so the text goes before it.
    marked = f'<prosody range="{lively:.0%}">{escape(text)}</prosody>' if lively != 1 else escape(text)
    return ["-v", voice, "-s", str(speed), "-m", marked, "-w"]
