"""The loaded models of one process, shared by all sessions in it."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, WHISPER, locate
from interhuman_stream.analysis.perception.face_model import FaceLandmarker
from interhuman_stream.analysis.perception.voice import VoiceModels, load_voice_models
from interhuman_stream.analysis.perception.words import Recogniser, load_recogniser

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Models:
    """Everything that is loaded once: about 0.3 GB resident. Used by one session at a time.

    Attributes:
        face: Looks at pictures.
        voice: Listens to sound.
        words: Recognises speech.
        looking: The thread in which faces are looked at, beside decoding, voice and words.
    """

    face: FaceLandmarker
    voice: VoiceModels
    words: Recogniser
    looking: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "face"))


def load_models(directory: Path | None = None) -> Models:
    """Load the models from ``directory``, or from where `models pull` puts them.

    Raises:
        ModelMissing: A file is absent or not the one it should be; the message names the command that fetches it.
    """
    face, words = locate(FACE_LANDMARKER, directory), locate(WHISPER, directory)
    return Models(FaceLandmarker(face), load_voice_models(), load_recogniser(words))
