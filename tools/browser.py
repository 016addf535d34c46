"""Debian's Chromium with a clip before its camera, and how the page is opened in it."""

from __future__ import annotations

import shutil
import wave
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import av
import cv2
import numpy as np
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
DEVICES: Final = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
RATE: Final = 48_000


@contextmanager
def chromium(clip: Path, folder: Path, *more: str) -> Iterator[Browser]:
    """Run a Chromium whose camera shows a clip and whose microphone plays it, over and over.

    Args:
        clip: The clip.
        folder: Where what Chromium reads is written.
        more: Options of Chromium's.
    """
    files = (
        f"--use-file-for-fake-video-capture={camera(clip, folder / 'camera.mjpeg')}",
        f"--use-file-for-fake-audio-capture={microphone(clip, folder / 'microphone.wav')}",
    )
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=[*QUIET, *DEVICES, *files, *more]
        )
        yield launched
        launched.close()


def camera(clip: Path, path: Path) -> Path:
    """Write a clip's pictures as Chromium's fake camera reads them: a motion JPEG is one JPEG after the other."""
    with av.open(str(clip)) as source, path.open("wb") as out:
        for frame in source.decode(video=0):
            picture = frame.to_ndarray(format="bgr24")
            out.write(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes())
    return path


def microphone(clip: Path, path: Path) -> Path:
    """Write a clip's sound as its fake microphone reads it."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(clip)) as source:
        parts = [part.to_ndarray()[0] for frame in source.decode(audio=0) for part in resampler.resample(frame)]
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.concatenate(parts).tobytes())
    return path
