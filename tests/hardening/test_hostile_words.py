"""What a server that means ill says, as the commands show it: stdout as it came, everything else as escapes."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.__main__ import concealed
from interhuman_stream.cli import output, tables
from interhuman_stream.cli.progress import JsonLines, LiveLine, PlainLines, summary
from interhuman_stream.client import ConnectionLost, InvalidAddress, Message, NotWritten, Report, Session, StreamClient
from interhuman_stream.client.address import http_address, stream_address
from interhuman_stream.client.books import Book, ByAnswer, BySession
from interhuman_stream.client.errors import api_error
from interhuman_stream.client.events import Event, Happened, Heard, Lost, unwatched
from interhuman_stream.client.message import progress
from interhuman_stream.client.report import MOST_NAMES
from interhuman_stream.client.told import told
from interhuman_stream.conformance.messages import engagement_states, said, signals_of, well_formed
from interhuman_stream.conformance.target import Failed
from interhuman_stream.plain import LONGEST, sentence
from tests.client.media import Clip, make
from tests.client.test_cli import run
from tests.hardening.hostile import BINARY, EVIL, STEERING, Caller, always, farewell, serving, streaming, text

if TYPE_CHECKING:
    from tests.hardening.hostile import Behaviour

WORDS = json.dumps(EVIL).encode()
RAW = text(EVIL.encode("utf-8", "surrogatepass"))
"""Nothing but such words, as no JSON at all."""
ERROR = text({"status": "error", "segment": 1, "error": EVIL})
SIGNALS = text({"status": "result", "segment": 1, "signals": [{"type": EVIL, "start": 0, "end": 1}]})
FAREWELL = farewell(4003, EVIL.replace("\ud800", "").encode()[:100])


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("media") / "clip.mp4", Clip(seconds=3))


def harmless(shown: str) -> None:
    """See that nothing in a text steers a terminal, and no line of it is a server's."""
    assert not STEERING.search(shown), shown
    assert not [line for line in shown.splitlines() if line.startswith("segment 1 completed")]
    assert "Traceback" not in shown


def event(kind: str, **data: object) -> bytes:
    return text({"type": kind, "timestamp": "x", "correlation_id": EVIL, "data": data})


async def _session(caller: Caller) -> None:
    await caller.upgrade()
    await caller.send(event("session.ready"))
    while (await caller.said())[0] == BINARY:
        pass
    await caller.send(
        event(f"signal.{EVIL}", signal_type=EVIL, start=0.5),
        event("signal.detected", signal_type=EVIL, start=0.5),
        event("error", code=EVIL, message=EVIL),
        event("coverage.dropped", ranges=[{"start": 0, "end": 1}]),
        FAREWELL,
    )


@pytest.mark.parametrize("said_as", [["--json-logs"], []])
@pytest.mark.parametrize(
    ("behave", "api"),
    [(streaming(RAW, SIGNALS, ERROR, FAREWELL, stays=False), "v0"), (_session, "v1"), (_session, "v2")],
)
async def test_a_stream(behave: Behaviour, api: str, said_as: list[str], clip: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    async with serving(behave) as server:
        arguments = ["--fast", "--url", server.url, "--token", "t", "--api", api, "--report", report, *said_as]
        code, out, err = await run("stream", clip, *arguments)
    assert code in {1, 3}, err
    harmless(err)
    assert "EVIL" in err
    if said_as:
        assert all(json.loads(line)["event"] for line in err.splitlines() if not line.startswith("error: "))
    if api == "v0":  # as it came, to the byte
        assert out == b"".join(each[2 if each[1] < 126 else 4 :] + b"\n" for each in (RAW, SIGNALS, ERROR))
    written = report.read_text(encoding="ascii")
    assert json.loads(written)["segments"] == 1
    assert not STEERING.search(written)


@pytest.mark.parametrize(
    "behave",
    [
        always("401 No", b'{"error_id":%s,"message":%s,"correlation_id":%s}' % (WORDS, WORDS, WORDS)),
        always("403 No", EVIL.encode("utf-8", "surrogatepass")),
        always("401 No", b"", b"X-Correlation-ID: \x1b[31m\x9b31m"),
        always("307 No", b"RESULT", b"Location: http://\x1b[2J.example/v0/\x9b31m"),
        always("302 No", b"{}", b"Location: /\x1b]0;x\x07"),
        always("500 \x1b[2J\x1b[31m", b"\x1b[2J"),
        always("200 OK", b"\x1b[2J", b"Content-Encoding: \x9b31m"),
        always("202 OK", b'{"job_id":"a","status":"failed","error":{"error_id":%s,"message":%s}}' % (WORDS, WORDS)),
    ],
    ids=["words", "text", "header", "elsewhere", "path", "phrase", "coding", "job"],
)
async def test_refusals(behave: Behaviour, clip: Path) -> None:
    pair = {"INTERHUMAN_API_KEY_ID": "id", "INTERHUMAN_API_KEY_SECRET": "secret"}
    async with serving(behave) as server:
        for arguments in (["token"], ["upload", clip], ["upload", clip, "--job", "--wait-for", "0"], ["stream", clip]):
            token = {} if arguments == ["token"] else {"INTERHUMAN_TOKEN": "t"}
            code, out, err = await run(*arguments, "--url", server.url, **(token or pair))
            if (code, arguments[:1]) != (0, ["upload"]):  # a success of the server's own words, which stdout has
                assert code in {1, 2, 3, 4}
                harmless(err)
                assert err
            if b"RESULT" in out:
                pytest.fail("a redirect was printed")


async def test_what_the_checks_tell_of_a_server() -> None:
    async def behave(caller: Caller) -> None:
        if b"upgrade: websocket" not in caller.head.lower():
            size = int((re.search(rb"(?i)content-length: (\d+)", caller.head) or [b"", b"0"])[1])
            await caller.reader.readexactly(size)
            await caller.answer("418 \x1b[2J", b'{"error_id":%s,"access_token":"token-1"}' % WORDS)
            return
        await caller.upgrade()
        await caller.said()
        await caller.send(text({"status": EVIL, "segment": EVIL}), FAREWELL)

    checks = ("auth-malformed", "error-undecodable", "error-body-upload", "upload-answer", "order-one")
    async with serving(behave) as server:
        known = (await run("conformance", "--list"))[1].decode()
        only = [part for check in checks if f"\n{check} " in f"\n{known}" for part in ("--only", check)]
        for more in ([], ["--json"]):
            code, out, err = await run("conformance", server.url, *only, *more, "--wait", 0, INTERHUMAN_TOKEN="token-1")
            assert code == 1, err
            harmless(out.decode())
            harmless(err)
    async with serving(always("503 Full", b"", b"Retry-After: \x9b31m 7\x1b[2J")) as server:
        code, out, err = await run("conformance", server.url, "--wait", 0, INTERHUMAN_TOKEN="token-1")
        assert code == 4
        harmless(out.decode() + err)


def test_a_table_escapes_its_cells(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of `keys audit`: where a proxy is trusted, the client's address is what somebody wrote into a header."""
    for columns in ("20", "400"):
        monkeypatch.setenv("COLUMNS", columns)
        tables.print_table(("client", "detail"), [(EVIL, EVIL)], wrapped=("detail",), title=EVIL)
        shown = capsys.readouterr().out
        assert "EVIL" in shown.replace("\n", "").replace(" ", "")
        assert not STEERING.search(shown)


def test_progress_on_a_terminal_erases_its_own_line_and_steers_nothing_else() -> None:
    happenings: list[Event] = [
        Heard(1, "error", EVIL, 1.0),
        Heard(1, EVIL, EVIL, 1.0),
        Heard(1, "result", EVIL, 1.0),
        Happened(1, "error", EVIL, 1),
        Happened(1, f"signal.{EVIL}", EVIL),
        Lost(1, True, EVIL, (1,), 0.5),
    ]
    for kind in (LiveLine, PlainLines, JsonLines):
        file = io.StringIO()
        printer = kind(file)
        for happening in happenings:
            printer(happening)
        harmless(file.getvalue().replace("\r\x1b[2K", ""))


def test_a_summary_of_many_names_is_one_line() -> None:
    session = Session()
    for number in range(3 * MOST_NAMES):
        heard = told(Message(json.dumps({"type": "error", "data": {"code": f"{number}{EVIL}" * 50}}).encode()))
        assert heard
        session.count(1, heard)
    assert len(session.errors) <= MOST_NAMES + 1
    report = Report(session=session)
    harmless(summary(report))
    assert len(summary(report)) < 30_000
    assert not report.good


@given(st.text(st.characters(), max_size=300) | st.binary(max_size=300).map(repr) | st.just(EVIL * 1000))
def test_a_sentence_is_one_line_that_any_stream_takes(words: str) -> None:
    shown = sentence(words)
    assert len(shown) <= LONGEST
    assert not STEERING.search(shown)
    assert "\n" not in shown
    assert sentence(shown) == shown
    shown.encode()
    if words.isprintable() and len(words) <= LONGEST:
        assert shown == words


def test_an_error_shows_escapes_and_keeps_the_words_as_they_came() -> None:
    body = b'{"error_id":%s,"message":%s}' % (WORDS, WORDS)
    error = api_error(401, {"X-Correlation-ID": EVIL}, body, "http://127.0.0.1/v0/auth")
    harmless(str(error))
    assert (error.error_id, error.correlation_id, error.body) == (EVIL, EVIL, body)
    lost = ConnectionLost(4003, EVIL)
    harmless(str(lost))
    assert lost.reason == EVIL


# Addresses


@pytest.mark.parametrize(
    "url", ["http://me:s3cret@h/", "ws://s3cret@h", "s3cret@h", "http://a@b:s3cret@h", "//x:s3cret@h"]
)
def test_an_address_with_a_password_is_refused_and_not_repeated(url: str) -> None:
    for take in (lambda: http_address(url, "/v0/auth"), lambda: stream_address(url), lambda: StreamClient(url)):
        with pytest.raises(InvalidAddress) as caught:
            take()
        assert "s3cret" not in str(caught.value)
    if "://" in url:
        assert "INTERHUMAN_API_KEY" in str(caught.value)


async def test_the_command_says_where_a_credential_belongs(clip: Path) -> None:
    for arguments in (["stream", clip], ["upload", clip], ["token"]):
        for given_as in ({"INTERHUMAN_API_URL": "http://me:s3cret@127.0.0.1"}, {}):
            option = [] if given_as else ["--url", "http://me:s3cret@127.0.0.1"]
            pair = {"INTERHUMAN_API_KEY_ID": "i", "INTERHUMAN_API_KEY_SECRET": "s"}
            code, out, err = await run(*arguments, *option, **given_as, **pair)
            assert (code, out) == (2, b"")
            assert "INTERHUMAN_API_KEY_SECRET" in err
            assert "s3cret" not in err


@pytest.mark.parametrize(
    ("arguments", "variable"),
    [
        (["stream", "clip.mp4", "--url", "http://me:s3cret@h"], "INTERHUMAN_API_URL"),
        (["token", "--url=http://s3cret@h"], "INTERHUMAN_API_URL"),
        (["conformance", "https://me:s3cret@h", "--json"], "INTERHUMAN_API_URL"),
        (["conformance", "--json", "https://me:s3cret@h"], "INTERHUMAN_API_URL"),
        (["stream", "--fast", "rtsp://me:s3cret@cam/1"], "INTERHUMAN_SOURCE"),
        (["stream", "--quiet", "--", "rtsp://me:s3cret@cam/1"], "INTERHUMAN_SOURCE"),
        (["stream", "--speed=2", "rtsp://s3cret@cam/1"], "INTERHUMAN_SOURCE"),
        (["upload", "a.mp4", "--token", "s3cret"], "INTERHUMAN_TOKEN"),
        (["upload", "a.mp4", "--api-key=s3cret"], "INTERHUMAN_API_KEY"),
    ],
)
def test_no_secret_stays_on_the_command_line(arguments: list[str], variable: str) -> None:
    kept, environment = concealed(arguments, {})
    assert "s3cret" not in " ".join(kept)
    assert "s3cret" in environment[variable]


# Reports


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_report_is_written_whole_or_not_at_all(fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "report.json"
    output.write_file(report, "before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if fails == "fsync" else Path, fails, full)
    with pytest.raises(NotWritten, match="No space left"):
        output.write_file(report, "after" * 10_000)
    assert report.read_text() == "before"
    assert [*tmp_path.iterdir()] == [report]


@pytest.mark.skipif(sys.platform == "win32", reason="its files have no modes and few links")
def test_a_report_keeps_its_links_and_modes(tmp_path: Path) -> None:
    report, link = tmp_path / "report.json", tmp_path / "latest.json"
    report.write_text("before")
    report.chmod(0o640)
    link.symlink_to(report)
    output.write_file(link, "half a character \ud800")
    assert link.is_symlink()
    assert report.read_text() == "half a character \\ud800"
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    output.write_file(tmp_path / "new.json", "new")
    (tmp_path / "usual").touch()
    assert (tmp_path / "new.json").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
async def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = asyncio.create_task(asyncio.to_thread(pipe.read_text))
    await asyncio.to_thread(output.write_file, pipe, "whole")
    assert await reading == "whole"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


# Anything at all


NUMBERS = st.integers() | st.floats() | st.booleans() | st.integers(10**300, 10**400)
ANY = st.recursive(
    st.none() | NUMBERS | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "data", "segment", "status", "signals", "start", "end", "ranges", "code", "error"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["completed", "error", "result", "processing"]) | ANY,
        "segment": st.just(1) | ANY,
        "signals": st.lists(st.fixed_dictionaries({"type": ANY, "start": ANY, "end": ANY}), max_size=2) | ANY,
        "error": ANY,
        "message": ANY,
        "type": st.sampled_from(["session.ready", "session.closing", "session.ended", "error", "coverage.dropped"])
        | ANY,
        "data": st.fixed_dictionaries(
            {},
            optional={
                "start": ANY,
                "end": ANY,
                "segment": st.just(1) | ANY,
                "code": ANY,
                "message": ANY,
                "max_drain_seconds": ANY,
                "ranges": st.lists(st.fixed_dictionaries({"start": NUMBERS, "end": NUMBERS}), max_size=2) | ANY,
                "timeline": ANY,
                "overall": st.fixed_dictionaries({"quality_index": ANY}) | ANY,
            },
        )
        | ANY,
    },
)
BODIES = (
    st.binary(max_size=60)
    | ANY.map(lambda value: json.dumps(value).encode())
    | MESSAGES.map(lambda value: json.dumps(value).encode())
)


@given(st.lists(BODIES, max_size=5))
async def test_no_message_is_more_than_words(bodies: list[bytes]) -> None:
    session = Session()
    books: list[Book] = [ByAnswer(3, unwatched, 0.0), BySession(1, session, unwatched, 0.0)]
    for book in books:
        book.finishing()
    for body in bodies:
        message = Message(body)
        heard, event_told = progress(message), told(message)
        if heard is not None:
            assert isinstance(heard.detail, str)
        if event_told is not None:
            assert isinstance(event_told.detail, str)
            assert event_told.reaches >= 0.0
        for book in books:
            assert book.heard(message, 1.0) == []
    output.json_text(Report(session=session).document()).encode("ascii")
    harmless(summary(Report(session=session)))


@given(BODIES, st.integers(100, 999), st.text(st.characters(), max_size=40))
def test_no_refusal_is_more_than_an_error(body: bytes, status: int, header: str) -> None:
    headers = {"Location": header, "X-Correlation-ID": header, "Content-Type": header}
    error = api_error(status, headers, body, "http://127.0.0.1:1/v0/auth")
    harmless(str(error))


@given(ANY)
def test_the_checks_fail_what_is_none_of_the_contracts(value: Any) -> None:
    for check in (said, lambda body: well_formed(signals_of(body), 5.0), engagement_states):
        if check is said or isinstance(value, dict):
            try:
                check(value)
            except Failed as failed:
                harmless(sentence(failed))
