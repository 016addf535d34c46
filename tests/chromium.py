"""A real Chromium as a fixture: its camera shows the sample and its microphone plays it."""

from __future__ import annotations

import shutil
import wave
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
FAKE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


# Closed behind each module: while it is open, Playwright's event loop runs in this thread, and no other can.
@pytest.fixture(scope="module")
def browser(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    folder = tmp_path_factory.mktemp("camera")
    picture, sound = _picture(sample, folder / "camera.mjpeg"), _sound(sample, folder / "microphone.wav")
    files = (f"--use-file-for-fake-video-capture={picture}", f"--use-file-for-fake-audio-capture={sound}")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=[*QUIET, *FAKE, *files])
        yield launched
        launched.close()


def _picture(sample: Path, path: Path) -> Path:
    with av.open(sample) as source, path.open("wb") as out:
        for frame in source.decode(video=0):  # a motion JPEG is one JPEG after the other
            out.write(
                cv2.imencode(".jpg", frame.to_ndarray(format="bgr24"), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
            )
    return path


def _sound(sample: Path, path: Path) -> Path:
    resampler = av.AudioResampler("s16", "mono", 48_000)
    with av.open(sample) as source:
        parts = [part.to_ndarray()[0] for frame in source.decode(audio=0) for part in resampler.resample(frame)]
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(np.concatenate(parts).tobytes())
    return path
