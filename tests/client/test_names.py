"""The names programs import: which there are, where, and what it takes to have them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, get_args, get_type_hints

import pytest

import interhuman_stream
from interhuman_stream import client
from interhuman_stream.client import Message, sync, v0
from interhuman_stream.protocol.schemas import SCHEMAS
from interhuman_stream.signals import EngagementState, Probability, SignalType

if TYPE_CHECKING:
    from pathlib import Path
    from typing import assert_type

CLIENT = [
    "STREAM_SCOPE",
    "UPLOAD_SCOPE",
    "Answer",
    "ApiError",
    "ApiKey",
    "AuthClient",
    "ClientError",
    "Completed",
    "ConnectionFailed",
    "ConnectionLost",
    "Delivery",
    "DeliveryOptions",
    "FileSink",
    "Forbidden",
    "Grant",
    "HttpOptions",
    "InvalidAddress",
    "InvalidProxy",
    "JobClient",
    "JobPending",
    "KeyPair",
    "LiveMessage",
    "MediaSupportMissing",
    "Message",
    "MissingCredentials",
    "NotJson",
    "NotOpened",
    "NotWritten",
    "Processing",
    "Progress",
    "ProxyFailed",
    "Record",
    "Redirected",
    "Report",
    "Result",
    "Segment",
    "SegmentError",
    "Session",
    "Sink",
    "SinkClosed",
    "SourceBroken",
    "SourceError",
    "StaticToken",
    "StreamClient",
    "StreamOptions",
    "TokenCommand",
    "TokenProvider",
    "Unauthorized",
    "UnusableAnswer",
    "UploadClient",
    "V0Message",
    "progress",
]
"""A name that is taken away breaks programs: it stays for a release, and the changelog says what became of it."""
ENGINE = ["AnalysisSession", "Fault", "Findings", "MalformedSegment", "ModelMissing", "analyze", "load_models"]


def test_the_names_are_these() -> None:
    assert sorted(client.__all__) == sorted(sync.__all__) == sorted(CLIENT)
    assert sorted(interhuman_stream.__all__) == sorted([*CLIENT, *ENGINE, "__version__"])
    assert {*interhuman_stream.__all__} <= {*dir(interhuman_stream)}


def test_the_top_gives_what_the_rooms_have() -> None:
    for name in CLIENT:
        assert getattr(interhuman_stream, name) is getattr(client, name)
    assert interhuman_stream.AnalysisSession.__module__ == "interhuman_stream.analysis.session"
    with pytest.raises(AttributeError, match="has no attribute 'nonesuch'"):
        _ = interhuman_stream.nonesuch


def ran(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_importing_the_package_loads_next_to_nothing() -> None:
    code = "import sys; had = {*sys.modules}; import interhuman_stream; print(*({*sys.modules} - had))"
    loaded = ran(code).split()
    assert [name for name in loaded if name.startswith("interhuman_stream.")] == []
    assert not {"asyncio", "websockets", "httpx", "numpy", "av"} & {*loaded}
    used = "import sys, interhuman_stream; interhuman_stream.StreamClient; print('numpy' in sys.modules)"
    assert ran(used) == "False"


@pytest.mark.parametrize("name", ["AnalysisSession", "load_models", "analyze"])
def test_without_the_engine_one_sentence_says_what_to_install(name: str) -> None:
    code = (
        "import sys; sys.modules['numpy'] = sys.modules['av'] = sys.modules['cv2'] = None\n"
        "try:\n"
        f"    from interhuman_stream import {name}\n"
        f"    {name}('any.mp4')\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    assert ran(code).endswith("which is not installed: pip install 'interhuman-stream[engine]'")
    assert len(ran(code).splitlines()) == 1


def test_a_file_is_analysed_by_the_engine_alone(sample_segments: list[bytes], tmp_path: Path) -> None:
    sample = tmp_path / "sample.webm"
    sample.write_bytes(sample_segments[0])
    try:
        found = interhuman_stream.analyze(str(sample))
    except interhuman_stream.ModelMissing as error:
        pytest.skip(str(error))
    assert found.end == pytest.approx(5.0, abs=0.2)
    assert "agreement" in {signal.type for signal in found.signals}
    broken = tmp_path / "broken.webm"
    broken.write_bytes(b"no media at all" * 1000)
    with pytest.raises(interhuman_stream.MalformedSegment):
        interhuman_stream.analyze(broken)
    with pytest.raises(FileNotFoundError):
        interhuman_stream.analyze(tmp_path / "none.webm")
    with pytest.raises(interhuman_stream.ModelMissing):
        interhuman_stream.analyze(sample, models_dir=tmp_path)


def test_what_a_message_may_hold_is_what_the_wire_says() -> None:
    for type_, schemas in (
        (v0.Processing, ("Processing", "ExtendedProcessing")),
        (v0.Result, ("Result", "ExtendedResult")),
        (v0.Completed, ("Completed", "ExtendedCompleted")),
        (v0.SegmentError, ("SegmentError", "ExtendedSegmentError")),
        (v0.Signal, ("Signal", "ReasonedSignal")),
        (v0.EngagementSpan, ("EngagementSpan",)),
        (v0.ConversationQuality, ("ConversationQuality",)),
    ):
        plain, *later = (SCHEMAS[name] for name in schemas)
        assert {*get_type_hints(type_)} == {*plain["properties"]}.union(*(each["properties"] for each in later))
        # What is required in both dialects is there without asking.
        sure = {*plain["required"]}.intersection(*(each["required"] for each in later))
        assert {*type_.__required_keys__} == sure
    for type_, name, values in (
        (v0.Signal, "type", SignalType),
        (v0.Signal, "probability", Probability),
        (v0.EngagementSpan, "state", EngagementState),
    ):
        assert [*get_args(get_type_hints(type_)[name])] == [str(value) for value in values]


def test_a_checker_knows_a_message_by_its_status() -> None:
    """What is looked at here is mypy's business; that it runs shows the types tell the truth."""
    text = '{"status":"result","segment":1,"signals":[{"type":"interest","start":0.0,"end":1.5}],"new":3}'
    said = Message(text.encode()).parsed
    if TYPE_CHECKING:
        assert_type(said, v0.Processing | v0.Result | v0.Completed | v0.SegmentError)
    assert said["status"] == "result"
    if TYPE_CHECKING:
        assert_type(said, v0.Result)
    assert [(signal["type"], signal["end"]) for signal in said["signals"]] == [("interest", 1.5)]
    assert json.dumps(said, separators=(",", ":")) == text
