"""What is written where: full disks, closed streams, missing folders, names that are no text, narrow terminals."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import typer
from rich.cells import cell_len

from interhuman_stream.cli import output, progress, tables
from interhuman_stream.client import FileSink, Message, NotWritten, UploadClient
from interhuman_stream.client.events import Heard, Sent
from tests import warm
from tests.client import far_end
from tests.client.media import Clip, make
from tests.client.test_cli import command, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.asyncio.server import ServerConnection

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
SCOPE = ("--scope", "interhumanai.stream")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("media") / "clip.mp4", Clip(seconds=6))


def run(*arguments: object, stdout: str = "", **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command with its stdout as a shell's redirection says, and expect no traceback."""
    if stdout or env.keys() & {"PYTHONIOENCODING", "PYTHONUNBUFFERED"}:  # what Python itself sees to
        shell = ["bash", "-c", f'"$@" {stdout}', "bash", *command(*arguments)]
        done = subprocess.run(shell, capture_output=True, env=environment(**env), check=False)
    else:
        done = warm.run([*map(str, arguments)], environment(**env))
    assert b"Traceback" not in done.stderr, done.stderr
    assert b"Exception ignored" not in done.stderr
    return done


def sentences(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """What was said on stderr beside progress."""
    return [line for line in done.stderr.decode().splitlines() if line.startswith("error: ")]


# stdout


@pytest.mark.parametrize(
    ("arguments", "where", "why"),
    [
        (["--version"], ">&-", "it is closed"),
        (["evidence"], ">&-", "it is closed"),
        pytest.param(["stream", "--help"], ">/dev/full", "No space left", marks=needs_full),
        pytest.param(["conformance", "--list", "--json"], ">/dev/full", "No space left", marks=needs_full),
    ],
)
def test_what_cannot_be_printed_is_said_in_one_sentence(arguments: list[str], where: str, why: str) -> None:
    """These stand for all: the stream they print to knows it, not they."""
    done = run(*arguments, stdout=where)
    (said,) = sentences(done)
    assert done.returncode == 1
    assert why in said


@needs_full
def test_a_key_whose_secrets_were_lost_is_named(tmp_path: Path) -> None:
    done = run("keys", "create", "--data-dir", tmp_path, *SCOPE, stdout=">/dev/full", PYTHONUNBUFFERED="1")
    (listed,) = json.loads(run("keys", "list", "--data-dir", tmp_path, "--json").stdout)
    assert done.returncode == 1
    assert f"keys rotate {listed['key_id']}" in sentences(done)[0]


@needs_full
async def test_what_a_server_said_cannot_be_printed(clip: Path, tmp_path: Path) -> None:
    """Of a stream, the report is written all the same."""
    report = tmp_path / "report.json"
    pair = {"INTERHUMAN_API_KEY_ID": "id", "INTERHUMAN_API_KEY_SECRET": "secret"}
    with far_end.http() as server:
        server.body = b'{"access_token":"t","expires_in":900}'
        token = await _run("token", "--url", server.url, stdout=">/dev/full", **pair)
        upload = await _run("upload", clip, "--url", server.url, stdout=">&-", **pair)
    assert [token.returncode, upload.returncode] == [1, 1]
    assert "No space left" in sentences(token)[0]
    assert "it is closed" in sentences(upload)[0]
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        arguments = ["stream", clip, "--fast", "--url", url, "--token", "t", "--report", report]
        done = await _run(*arguments, stdout=">/dev/full")
    assert done.returncode == 1
    assert "No space left" in sentences(done)[0]
    assert json.loads(report.read_bytes())["segments"] > 0


async def _run(*arguments: object, stdout: str = "", **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command while a server of the test goes on."""
    return await asyncio.to_thread(run, *arguments, stdout=stdout, **env)


@pytest.mark.parametrize("where", [pytest.param("2>/dev/full", marks=needs_full), "2>&-"])
async def test_messages_go_on_where_nothing_can_be_said_of_them(where: str, clip: Path) -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        done = await _run("stream", clip, "--fast", "--url", url, "--token", "t", stdout=where)
    assert done.returncode == 0
    assert all(json.loads(line)["segment"] for line in done.stdout.splitlines())
    assert b"completed" in done.stdout


@needs_full
def test_a_sink_says_that_its_file_is_full_or_closed(tmp_path: Path) -> None:
    with FULL.open("wb", buffering=0) as file, pytest.raises(NotWritten, match=r"/dev/full \(No space left"):
        asyncio.run(FileSink(file).write(Message(b"{}")))
    with (tmp_path / "closed").open("wb") as file:
        sink = FileSink(file)
    with pytest.raises(NotWritten, match="closed file"):
        asyncio.run(sink.write(Message(b"{}")))


# Files


@pytest.mark.parametrize(
    "arguments",
    [["stream", "CLIP", "--token", "t", "--report"], ["analyze", "CLIP", "--plot"], ["evaluate", ".", "--plot"]],
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_begun(
    arguments: list[str], clip: Path, tmp_path: Path
) -> None:
    place = tmp_path / "none" / "x"
    done = run(*(clip if each == "CLIP" else each for each in arguments), place)
    (said,) = sentences(done)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said.startswith(f"error: {arguments[-1]} cannot be written to {place} (No such file or directory); nothing")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["evaluate"], "No such file or directory"),
        (["fit-wording"], "No such file or directory"),
        (["models", "pull", "--models-dir"], "Not a directory"),
    ],
)
def test_what_is_not_there_is_named_with_what_to_do(arguments: list[str], why: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / ("file" if arguments[-1] == "--models-dir" else ".") / "none"
    done = run(*arguments, place)
    said = done.stderr.decode().splitlines()[-1]
    assert done.returncode == 1
    assert said.startswith(f"{place} cannot be used ({why}); name a f")


def test_the_reasons_why_a_file_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "locked").mkdir(mode=0o500)
    places = {tmp_path: "Is a directory", tmp_path / "file" / "x": "Not a directory", FULL: "No space left on device"}
    if os.geteuid() != 0:  # who may do everything
        places[tmp_path / "locked" / "x"] = "Permission denied"
    if not FULL.exists():
        del places[FULL]
    for place, why in places.items():
        with pytest.raises(typer.Exit):
            output.check_writable(place, "--plot")
        assert f"cannot be written to {place} ({why})" in capsys.readouterr().err


def test_a_file_is_tried_without_being_touched(tmp_path: Path) -> None:
    there, absent = tmp_path / "there", tmp_path / "absent"
    there.write_bytes(b"kept")
    for path in (there, absent, Path(os.devnull), None):
        output.check_writable(path, "--plot")
    assert there.read_bytes() == b"kept"
    assert not absent.exists()
    os.mkfifo(tmp_path / "fifo")
    output.check_writable(tmp_path / "fifo", "--plot")  # does not wait for a reader


async def test_a_report_that_fails_at_the_end_ends_in_1(clip: Path, tmp_path: Path) -> None:
    """Its folder goes while the stream runs."""
    folder = tmp_path / "folder"
    folder.mkdir()

    async def leave(connection: ServerConnection) -> None:
        folder.rmdir()
        await far_end.v0(far_end.Session())(connection)

    async with far_end.websocket(leave) as url:
        done = await _run(
            "stream", clip, "--fast", "--url", url, "--token", "t", "--report", folder / "report.json", "-q"
        )
    assert done.returncode == 1
    assert b"completed" in done.stdout
    assert "report.json cannot be written" in sentences(done)[0]


# Names

NAMES = [b"clip\xff.mp4", b"a\nb \x1b[31m.mp4", b'"quoted" \\ [-b].mp4', "ü\u2028ß.mp4".encode(), b"%0A;filename=x.mp4"]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="here a file's name is text")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_uploaded(name: bytes, clip: Path, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(clip.read_bytes())
    with far_end.http() as server:
        server.body = b"{}"
        asyncio.run(UploadClient(server.url, token="t").analyze(path))
        (_, _, body) = server.requests[0]
    assert path.read_bytes() in body
    head = body[: body.index(path.read_bytes())].decode()  # UTF-8
    assert head.count("filename=") - head.count("%0A;filename=") == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="here a file's name is text")
def test_any_name_can_be_printed(clip: Path, tmp_path: Path) -> None:
    absent = [tmp_path / os.fsdecode(name) for name in NAMES]
    for arguments in (
        ["upload", absent[0], "--token", "t"],
        ["stream", absent[1], "--token", "t"],
        ["analyze", absent[2]],
    ):
        done = run(*arguments, PYTHONIOENCODING="ascii")
        assert done.returncode in {1, 2}
        assert done.stderr.count(b"\n") == 1
        assert b"\x1b" not in done.stderr
    strange = tmp_path / os.fsdecode(NAMES[0] + b"\n[-b]\x1b")
    strange.write_bytes(clip.read_bytes())
    drawing = tmp_path / os.fsdecode(b"\xff.svg")
    done = run("analyze", strange, "--json", "--plot", drawing, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["file"] == strange.name
    assert ET.parse(drawing).getroot().tag.endswith("svg")  # noqa: S314 - our own


def test_text_that_is_none_is_written_as_json_escapes(tmp_path: Path) -> None:
    output.write_file(tmp_path / "x.json", json.dumps({"detail": "\ud800"}, ensure_ascii=False))
    assert json.loads((tmp_path / "x.json").read_bytes()) == {"detail": "\ud800"}


# Narrow terminals


def wide(text: str) -> int:
    return max(cell_len(line.rstrip()) for line in text.splitlines())


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_tables_hold_at_any_width(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    key = "ihk_0123456789abcdef"
    rows: Sequence[Sequence[str | None]] = [
        [key, "a [/b] name", "interhumanai.stream interhumanai.upload", "2026-01-01 00:00", None],
        [key, "汉字" * 20, "", "2026-01-01 00:00", "2026-01-01 00:00"],
    ]
    tables.print_table(("key_id", "name", "scopes", "created (UTC)", "revoked (UTC)"), rows, wrapped=("name", "scopes"))
    shown = capsys.readouterr().out
    assert wide(shown) <= columns
    assert shown.count(key) == 2
    assert "[/b]" in shown
    assert "…" not in shown


def test_keys_are_listed_whole(tmp_path: Path) -> None:
    made = json.loads(run("keys", "create", "--data-dir", tmp_path, *SCOPE, "--json").stdout)
    for columns, what in (("40", "list"), ("80", "audit")):
        shown = run("keys", what, "--data-dir", tmp_path, COLUMNS=columns).stdout.decode()
        assert made["key_id"] in shown
        assert wide(shown) <= int(columns)


@pytest.mark.parametrize("columns", [1, 10, 40, 100])
def test_the_live_line_is_one_line_at_any_width(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    file = io.StringIO()
    line = progress.LiveLine(file)
    line(Sent(12, 1, 12, 166_154, 55.0, 60.0, 0.3))
    line(Heard(12, "result", "agreement, engagement, confidence\n汉字汉字汉字", 1.0))
    for shown in file.getvalue().split(progress.ERASE):
        assert "\n" not in shown
        assert cell_len(shown) < columns
    last = file.getvalue().rpartition(progress.ERASE)[2]
    if columns >= 40:
        assert last.startswith("segment 12")
        assert "0 finished" in last


def test_the_width_is_that_of_the_terminal_the_line_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of stdout's: messages may go into a file."""
    pty = pytest.importorskip("pty")
    monkeypatch.delenv("COLUMNS", raising=False)
    import fcntl  # noqa: PLC0415 - not on Windows
    import struct  # noqa: PLC0415 - as above
    import termios  # noqa: PLC0415 - as above

    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 37, 0, 0))
    with os.fdopen(far, "w") as terminal:
        assert progress.columns(terminal) == 37
    os.close(near)
    assert progress.columns(io.StringIO()) == 80
