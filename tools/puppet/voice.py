"""Synthetic speech, laid on a sound track, and what a mouth needs to know of it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import resample_poly  # type: ignore[import-untyped]  # scipy ships no types

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 48_000
SYNTHESISER = "flite"
AUDIBLE = 0.03


class NoVoice(RuntimeError):  # noqa: N818 - reads as the sentence it carries
    """No speech synthesiser is installed."""


def say(text: str, *, speed: float = 1.0, pitch: float = 0.0, range_hz: float = 0.0) -> NDArray[np.float64]:
    """Speak a text.

    Args:
        text: English.
        speed: 1 as the voice likes it, 2 twice as fast.
        pitch: Mean of the voice in hertz, 0 as it likes.
        range_hz: Spread of the pitch in hertz, 0 as the voice likes.

    Returns:
        Mono at 48 kHz, peak 1, without the silence around it.

    Raises:
        NoVoice: flite is not installed.
    """
    program = shutil.which(SYNTHESISER)
    if program is None:
        raise NoVoice(
            "The sample's voice is flite, which is not installed: `apt-get install flite` (Debian) and run this again."
        )
    settings = {"duration_stretch": 1 / speed, "int_f0_target_mean": pitch, "int_f0_target_stddev": range_hz}
    options = [part for name, value in settings.items() if value for part in ("--setf", f"{name}={value}")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run([program, "-voice", "slt", *options, "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float64)
    samples = resample_poly(samples, RATE, rate)
    samples /= np.abs(samples).max()
    heard = np.flatnonzero(np.abs(samples) > AUDIBLE)
    return np.asarray(samples[max(heard[0] - RATE // 50, 0) : heard[-1] + RATE // 20])


def sound_track(
    seconds: float, parts: list[tuple[float, NDArray[np.float64]]], random: np.random.Generator
) -> NDArray[np.float32]:
    """Lay the parts (start in seconds, samples) on a quiet room of their own."""
    track = random.normal(0, 0.0006, round(seconds * RATE))
    for start, samples in parts:
        first = round(start * RATE)
        track[first : first + len(samples)] += 0.5 * samples[: len(track) - first]
    return track.astype(np.float32)


def mouth(track: NDArray[np.float32], times: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How loud and how bright the sound is around each time: n of 0 to 1 each."""
    loud, bright = [], []
    half = RATE // 40
    window = np.hanning(2 * half)
    hertz = np.fft.rfftfreq(2 * half, 1 / RATE)
    speech = (hertz > 100) & (hertz < 5000)
    padded = np.pad(track.astype(np.float64), half)
    for time in times:
        at = round(time * RATE)
        power = np.abs(np.fft.rfft(padded[at : at + 2 * half] * window)) ** 2
        loud.append(np.sqrt(power.sum()))
        bright.append(float((hertz * power)[speech].sum() / max(power[speech].sum(), 1e-9)))
    loudness = np.clip((np.array(loud) / np.percentile(loud, 97)) - 0.02, 0, 1)
    return loudness, np.clip((np.array(bright) - 300) / 900, 0, 1)
