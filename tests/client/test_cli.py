"""The commands, as processes: what goes to stdout, what to stderr, and the exit code."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.__main__ import concealed
from interhuman_stream.cli.progress import AboveLine, LiveLine
from interhuman_stream.client import Message
from interhuman_stream.client.events import Analysed, Happened, LetGo
from tests import warm
from tests.client import far_end
from tests.client.media import Clip, make

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection


SECRET = "s3cr3t-value"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("media") / "clip.mp4", Clip(seconds=10))


def environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    return {**clean, **more}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "interhuman_stream", *map(str, arguments)]


async def run(*arguments: object, **env: str) -> tuple[int, bytes, str]:
    """Run a command beside the test's own server; give exit code, stdout, stderr."""
    done = await asyncio.to_thread(warm.run, [*map(str, arguments)], environment(**env))
    return done.returncode, done.stdout, done.stderr.decode()


async def test_stream_prints_the_messages_and_nothing_else(clip: Path) -> None:
    session = far_end.Session()
    async with far_end.websocket(far_end.v0(session)) as url:
        code, out, err = await run(
            "stream",
            clip,
            "--fast",
            "--include",
            "conversation_quality_overall",
            INTERHUMAN_API_URL=url,
            INTERHUMAN_API_KEY="ih_live_1",
        )
    assert code == 0, err
    lines = out.splitlines()
    assert len(lines) == 3 * len(session.frames) == 6
    assert lines[0] == json.dumps({"status": "processing", "segment": 1, "bytes": len(session.frames[0])}).encode()
    assert "segment 1 sent" in err
    assert "agreement" in err
    assert "2 of 2 segments completed" in err
    assert session.headers["Authorization"] == "Bearer ih_live_1"
    assert session.path.endswith("?include[]=conversation_quality_overall")


async def test_quiet_says_nothing_on_stderr(clip: Path) -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        code, _, err = await run(
            "stream", clip, "--fast", "--quiet", "--url", url, "--token", "t", "--segment-seconds", 3
        )
    assert (code, err) == (0, "")


async def test_a_failed_segment_makes_1(clip: Path) -> None:
    async with far_end.websocket(far_end.v0(far_end.Session(), fails=(2,))) as url:
        code, out, err = await run("stream", clip, "--fast", "--url", url, "--token", "t")
    assert code == 1
    assert b'"error": "Video chunk is not decodable"' in out
    assert "failed: 2" in err


async def test_a_wrong_source_makes_2(tmp_path: Path) -> None:
    for arguments in (
        ["stream", tmp_path / "missing.mp4", "--token", "t"],
        ["stream", tmp_path, "--token", "t"],
        ["stream", __file__, "--token", "t"],
        ["stream", "x", "--url", "nowhere", "--token", "t"],
        ["stream", "x", "--segment-seconds", "2", "--token", "t"],
        ["stream"],
    ):
        code, out, err = await run(*arguments)
        assert (code, out) == (2, b""), err
        assert "Traceback" not in err


async def test_missing_and_refused_credentials_make_3(clip: Path) -> None:
    code, _, err = await run("stream", clip)
    assert code == 3
    assert "INTERHUMAN_API_KEY_ID" in err
    code, _, err = await run("stream", clip, INTERHUMAN_API_KEY_ID="id")
    assert code == 3
    assert "INTERHUMAN_API_KEY_SECRET" in err
    with far_end.http() as server:
        server.status, server.body = 401, b'{"error_id":"ih2002","message":"unknown pair"}'
        env = {"INTERHUMAN_API_KEY_ID": "id", "INTERHUMAN_API_KEY_SECRET": SECRET, "INTERHUMAN_API_URL": server.url}
        for arguments in (["stream", clip], ["token"], ["upload", clip]):
            code, out, err = await run(*arguments, **env)
            assert (code, out) == (3, b"")
            assert "unknown pair" in err
            assert SECRET not in err


async def test_nobody_there_makes_4(clip: Path) -> None:
    with far_end.http() as server:
        url = server.url
    for arguments in (["stream", clip, "--token", "t"], ["upload", clip, "--token", "t"]):
        code, out, err = await run(*arguments, "--url", url)
        assert (code, out) == (4, b"")
        assert "cannot be reached" in err


async def test_a_server_that_leaves_makes_4_and_says_what_is_unanswered(clip: Path) -> None:
    async with far_end.websocket(far_end.v0(far_end.Session(), leaves_after=0)) as url:
        code, _, err = await run("stream", clip, "--fast", "--url", url, "--token", "t", "--reconnect-for", 0)
    assert code == 4
    assert "unanswered: 1" in err
    assert "1011" in err


async def test_a_reader_who_has_read_enough_ends_it_cleanly(clip: Path) -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        line = " ".join(
            f"'{part}'" for part in command("stream", clip, "--fast", "--quiet", "--url", url, "--token", "t")
        )
        process = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            f"set -o pipefail; {line} | head -1",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.count(b"\n") == 1
    assert json.loads(out)["status"] == "processing"


GRANT = b'{"access_token":"tok.1",  "token_type":"Bearer","expires_in":9e2,"scope":"interhumanai.stream"}'


async def test_token_prints_the_servers_json_exactly() -> None:
    with far_end.http() as server:
        server.body = GRANT
        code, out, err = await run(
            "token",
            "--url",
            server.url,
            "--scope",
            "interhumanai.stream",
            "--scope",
            "interhumanai.upload",
            INTERHUMAN_API_KEY_ID="id",
            INTERHUMAN_API_KEY_SECRET=SECRET,
        )
        asked = json.loads(server.requests[0][2])
    assert (code, out, err) == (0, GRANT, "")
    assert asked["scopes"] == ["interhumanai.stream", "interhumanai.upload"]


async def test_upload_prints_the_servers_json_exactly(clip: Path) -> None:
    body = b'{"signals": [],\r\n "x":3e0}'
    with far_end.http() as server:
        server.body = body
        code, out, err = await run("upload", clip, "--api", "v1", "--url", server.url, "--token", "t")
        assert (code, out, err) == (0, body, "")
        assert server.requests[0][0] == "/v1/upload/analyze"
        server.status, server.body = 413, b'{"error_id":"ih4003","message":"The file is over 32 MB"}'
        code, out, err = await run("upload", clip, "--url", server.url, "--token", "t")
        assert (code, out) == (1, b"")
        assert "The file is over 32 MB" in err
        assert server.requests[1][0] == "/v0/upload/analyze"


async def test_what_is_typed_goes_before_the_environment(clip: Path) -> None:
    with far_end.http() as server:
        server.body = b"{}"
        env = {"INTERHUMAN_API_KEY_ID": "id", "INTERHUMAN_API_KEY_SECRET": SECRET, "INTERHUMAN_API_KEY": "from-env"}
        code, _, err = await run("upload", clip, "--url", server.url, "--api-key", "typed", **env)
        assert code == 0, err
        assert [headers["authorization"] for _, headers, _ in server.requests] == ["Bearer typed"]


def test_on_a_terminal_one_line_changes_and_messages_stand_above_it(clip: Path) -> None:
    """Both outputs on one pseudo-terminal: every message is a line of its own."""
    pty = pytest.importorskip("pty")

    async def main() -> bytes:
        async with far_end.websocket(far_end.v0(far_end.Session(), fails=(2,))) as url:
            near, far = pty.openpty()
            process = await asyncio.create_subprocess_exec(
                *command("stream", clip, "--fast", "--url", url, "--token", "t"),
                stdout=far,
                stderr=far,
                stdin=subprocess.DEVNULL,
                env=environment(COLUMNS="100"),
            )
            os.close(far)
            read = asyncio.create_task(asyncio.to_thread(read_all, near))
            assert await process.wait() == 1
            return await read

    shown = asyncio.run(main())
    # What is before the last erasure of a line is gone.
    lines = [line.rsplit(b"\x1b[2K", 1)[-1].rstrip(b"\r") for line in shown.split(b"\n")]
    messages = [json.loads(line) for line in lines if line.startswith(b"{")]
    assert [message["status"] for message in messages] == ["processing", "result", "completed", "error"]
    assert any(line.startswith(b"segment 2 error") for line in lines)
    assert lines[-2] == b"1 of 2 segments completed; failed: 2"


def read_all(near: int) -> bytes:
    read = b""
    while True:
        try:
            data = os.read(near, 65536)
        except OSError:
            return read
        if not data:
            return read
        read += data


def test_the_client_loads_no_more_than_it_needs() -> None:
    code = (
        "import sys, interhuman_stream.client, interhuman_stream.client.sync, interhuman_stream.cli.wrapper\n"
        "heavy = {'av', 'httpx', 'numpy', 'cv2', 'onnxruntime', 'msgspec', 'starlette', 'sqlalchemy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_a_line_drawn_while_a_message_is_written_does_not_come_before_it() -> None:
    file = io.StringIO()
    line = LiveLine(file)

    class Slow:
        async def write(self, message: Message) -> None:
            line.draw()  # a segment is sent meanwhile
            file.write(f"{message}\n")

    await AboveLine(Slow(), line).write(Message(b"{}"))
    assert file.getvalue().startswith("\r\x1b[2K{}\n")


def command_lines() -> list[str]:
    """Give the command line of every process, as ps shows it."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


async def test_secrets_are_gone_from_the_process_list() -> None:
    """Where others could read them: /proc/PID/cmdline, which is what ps shows."""
    seen: list[str] = []

    async def handler(connection: ServerConnection) -> None:
        assert connection.request is not None
        assert connection.request.headers["Authorization"] == f"Bearer {SECRET}"
        seen.extend(command_lines())
        async for _ in connection:
            await connection.send('{"status":"completed","segment":1}')

    if not command_lines():
        pytest.skip("there is no /proc to look at")
    async with far_end.websocket(handler) as url:
        process = await asyncio.create_subprocess_exec(
            *command("stream", "-", "--raw", "--url", url, "--token", SECRET),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(INTERHUMAN_API_KEY="another"),
        )
        _, err = await process.communicate(b"x" * 10_000)
    assert process.returncode == 0, err
    assert [line for line in seen if url in line]
    assert not [line for line in seen if SECRET in line]


def test_a_password_in_an_address_is_taken_off_the_command_line_too() -> None:
    typed = ["stream", "rtsp://me:pass@camera/1", "--api-key=k", "--key-id", "id", "--", "--token"]
    kept, environment = concealed(typed, {"PATH": "/bin", "INTERHUMAN_API_KEY_SECRET": "old"})
    assert kept == ["stream", "--key-id", "id", "--", "--token"]
    assert environment == {
        "PATH": "/bin",
        "INTERHUMAN_SOURCE": "rtsp://me:pass@camera/1",
        "INTERHUMAN_API_KEY": "k",
    }
    harmless = ["stream", "rtsp://camera/1", "--url", "http://host", "--token"]
    assert concealed(harmless, {"INTERHUMAN_API_KEY": "k"}) == (harmless, {"INTERHUMAN_API_KEY": "k"})


TOKEN = f"{sys.executable} -c 'print(\"tok.9\")'"


async def test_a_program_gives_the_token(clip: Path) -> None:
    session = far_end.Session()
    async with far_end.websocket(far_end.v0(session)) as url:
        code, _, err = await run("stream", clip, "--fast", "--url", url, "--token-command", TOKEN)
        assert code == 0, err
        assert session.headers["Authorization"] == "Bearer tok.9"
        for wrong, said in (
            ("nonesuch-program", "cannot be run"),
            ("false", "exit code 1"),
            ("true", "printed nothing"),
        ):
            code, out, err = await run("stream", clip, "--url", url, INTERHUMAN_TOKEN_COMMAND=wrong)
            assert (code, out) == (3, b"")
            assert said in err


async def test_messages_behind_their_lengths(clip: Path) -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        code, out, err = await run("stream", clip, "--fast", "--framing", "length", "--url", url, "--token", "t")
    assert code == 0, err
    messages = []
    while out:
        size = int.from_bytes(out[:4], "big")
        messages.append(json.loads(out[4 : 4 + size]))
        out = out[4 + size :]
    assert [message["status"] for message in messages] == ["processing", "result", "completed"] * 2


async def test_the_report_is_written_also_when_it_ends_badly(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    async with far_end.websocket(far_end.v0(far_end.Session(), fails=(2,))) as url:
        code, _, _ = await run("stream", clip, "--fast", "--url", url, "--token", "t", "--report", path)
    report = json.loads(path.read_bytes())
    assert code == 1
    assert (report["completed"], report["failed"]) == (1, [2])
    assert report["records"][1]["detail"] == "Video chunk is not decodable"
    async with far_end.websocket(far_end.v0(far_end.Session(), leaves_after=1, code=1008)) as url:
        code, _, _ = await run("stream", clip, "--fast", "--url", url, "--token", "t", "--report", path)
    assert code == 4
    report = json.loads(path.read_bytes())
    assert (report["completed"], report["unanswered"]) == (1, [2])
    assert [record["fate"] for record in report["records"]] == ["completed", "sent"]


async def test_progress_as_json(clip: Path) -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        code, _, err = await run("stream", clip, "--fast", "--json-logs", "--url", url, "--token", "t")
    assert code == 0, err
    events = [json.loads(line) for line in err.splitlines()]
    assert [event["event"] for event in events if event["event"] != "heard"] == ["sent", "sent", "ended"]
    assert all(event["time"].endswith("+00:00") for event in events)
    assert (events[-1]["completed"], events[-1]["failed"]) == (2, [])


async def test_a_lost_connection_is_told_and_mended(clip: Path) -> None:
    lives = [1]

    async def once(connection: ServerConnection) -> None:
        leaves_after = lives.pop() if lives else None
        await far_end.v0(far_end.Session(), leaves_after=leaves_after)(connection)

    async with far_end.websocket(once) as url:
        code, out, err = await run("stream", clip, "--fast", "--url", url, "--token", "t")
    assert code == 0, err
    assert [json.loads(line)["segment"] for line in out.splitlines()] == [1, 1, 1, 1, 1, 1]
    assert "connection 1 lost: the server ended the stream (close code 1011: enough)" in err
    assert "segment 2 sent" in err
    assert "may be analysed twice (connection 2, there 1)" in err
    assert "2 of 2 segments completed; sent more than once: 2" in err


async def test_an_interrupt_ends_a_live_source_and_its_last_segment_is_answered() -> None:
    session = far_end.Session()
    graph = "device:lavfi:testsrc2=size=160x120:rate=10,realtime[out0];sine[out1]"
    async with far_end.websocket(far_end.v0(session)) as url:
        process = await asyncio.create_subprocess_exec(
            *command("stream", graph, "--segment-seconds", 3, "--url", url, "--token", "t"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert process.stdout is not None
        await process.stdout.readline()
        await asyncio.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert process.returncode == 0, err
    sent = len(session.frames)
    assert sent >= 2
    assert f"{sent} of {sent} segments completed".encode() in err


async def test_help_has_examples_and_the_shell_is_completed() -> None:
    code, out, _ = await run("stream", "--help", COLUMNS="120")
    assert code == 0
    assert b"interhuman-stream stream camera:0" in out
    # The shell is the one the command is run from; whoever runs the tests may have none.
    line = " ".join(f"'{part}'" for part in command("--show-completion"))
    process = await asyncio.create_subprocess_exec("bash", "-c", f"{line}; exit $?", stdout=subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert b"complete" in out


async def test_v2_prints_every_event_and_says_what_came(clip: Path, tmp_path: Path) -> None:
    detected = far_end.event("signal.detected", signal_type="agreement", start=1.50, probability="high")
    dropped = far_end.event("coverage.dropped", ranges=[{"start": 2.0, "end": 3.5}])
    wrong = far_end.event("error", code="ih6001", message="What?", link=None)
    server = far_end.Live(lambda _, number: [detected, wrong, dropped, '{"new":1.0}'] if number == 2 else [])
    report = tmp_path / "report.json"
    async with far_end.websocket(server) as url:
        arguments = ["--fast", "--api", "v2", "--model", "inter-2", "--segment-seconds", 1]
        arguments += ["--include", "conversation_quality_overall"]
        code, out, err = await run("stream", clip, *arguments, "--url", url, "--token", "t", "--report", report)
    assert code == 1  # something was not analysed
    lines = out.decode().splitlines()
    assert lines[0] == far_end.event("session.ready", **far_end.READY)
    assert lines[2:6] == [detected, wrong, dropped, '{"new":1.0}']
    assert json.loads(lines[-1])["type"] == "session.ended"
    assert server.paths == ["/v2/stream/analyze?model=inter-2"]
    assert server.texts == [['{"include": ["conversation_quality_overall"]}', '{"type":"session.close"}']]
    assert len(server.frames[0]) == 10
    for said in ("signal.detected agreement from 1.5 s", "error ih6001: What?", "coverage.dropped 2.0-3.5 s"):
        assert said in err
    assert err.splitlines()[-1].endswith("; signals: agreement 1; not analysed: 2.0-3.5 s; errors: ih6001 1")
    document = json.loads(report.read_bytes())
    assert document["session"] == {
        "signals": {"agreement": 1},
        "errors": {"ih6001": 1},
        "coverage_dropped": [{"connection": 1, "start": 2.0, "end": 3.5}],
        "coverage_degraded": [],
    }


async def test_v1_with_nothing_wrong_makes_0(clip: Path) -> None:
    async with far_end.websocket(far_end.Live()) as url:
        arguments = ["--fast", "--api", "v1", "--json-logs"]
        code, out, err = await run("stream", clip, *arguments, "--url", url, "--token", "t")
    assert code == 0, err
    assert [json.loads(line)["type"] for line in out.splitlines()] == [
        "session.ready",
        "session.closing",
        "session.ended",
    ]
    logged = [json.loads(line) for line in err.splitlines()]
    assert {each["event"] for each in logged} == {"sent", "happened", "analysed", "ended"}
    assert logged[-1]["session"]["signals"] == {}
    assert logged[-1]["segments"] == 2  # a recording is cut as seldom as in v0


async def test_a_session_that_is_refused(clip: Path) -> None:
    said = far_end.event("error", code="ih2003", message="No scope.", link=None)

    async def refuses(connection: ServerConnection) -> None:
        await connection.send(said)
        await connection.close(4003, "the credential lacks the scope")

    async with far_end.websocket(refuses) as url:
        code, out, err = await run("stream", clip, "--api", "v2", "--url", url, "--token", "t")
    assert (code, out) == (3, said.encode() + b"\n")
    assert "No scope." in err
    for arguments in (["--model", "inter-2"], ["--api", "v1", "--model", "inter-2"], ["--api", "v3"]):
        assert (await run("stream", clip, *arguments, "--token", "t"))[0] == 2


def test_a_session_on_a_terminal() -> None:
    """What is worth a word stays above the line; signals stand in it."""
    file = io.StringIO()
    line = LiveLine(file)
    line(Happened(1, "signal.detected", "agreement from 1.5 s"))
    assert file.getvalue().endswith("0 finished · signal.detected agreement from 1.5 s")
    line(Analysed(1, 2.0))
    line(Happened(1, "error", "ih5004: Malformed.", 2))
    line(LetGo(3))
    assert "segment 2 error ih5004: Malformed.\n" in file.getvalue()
    assert "segment 3 was sent, is not known to be analysed" in file.getvalue()
    assert "2 finished, 1 failed" in file.getvalue()
