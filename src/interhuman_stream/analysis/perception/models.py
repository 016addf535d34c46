"""The loaded models of one process, shared by all sessions in it."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, WHISPER, WHISPER_BASE, locate, missed
from interhuman_stream.analysis.perception.face_model import FaceLandmarker
from interhuman_stream.analysis.perception.voice import VoiceModels, load_voice_models
from interhuman_stream.analysis.perception.whisper import BASE, Recogniser, load_recogniser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Models:
    """Everything that is loaded once: 0.25 GB resident, with the larger recogniser 0.4. One session at a time uses it.

    Attributes:
        face: Looks at pictures.
        voice: Listens to sound.
        words: Recognises speech.
        larger: Gives the recogniser that is asked where the first is not sure. It is loaded when that first happens, or
            whoever serves live streams asks for it before, and kept. None where its files are not there.
        looking: The thread in which faces are looked at, beside decoding, voice and words.
    """

    face: FaceLandmarker
    voice: VoiceModels
    words: Recogniser
    larger: Callable[[], Recogniser] | None = None
    looking: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "face"))


def load_models(directory: Path | None = None) -> Models:
    """Load the models from ``directory``, or from where `models pull` puts them.

    Raises:
        ModelMissing: A file is absent or not the one it should be; the message names the command that fetches it.
            What can be done without (see ``model_files.missed``) is left out.
    """
    face, words = locate(FACE_LANDMARKER, directory), locate(WHISPER, directory)
    larger = None if missed(directory) else _once(partial(load_recogniser, locate(WHISPER_BASE, directory), BASE))
    return Models(FaceLandmarker(face), load_voice_models(), load_recogniser(words), larger)


def _once(load: Callable[[], Recogniser]) -> Callable[[], Recogniser]:
    """Load when first asked, whoever asks; who asks meanwhile waits."""
    loaded, loading = cache(load), Lock()

    def give() -> Recogniser:
        with loading:
            return loaded()

    return give
