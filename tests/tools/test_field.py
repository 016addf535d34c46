"""The second list: its inputs are what they say, and what is lost is said."""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import replace

import pytest

from interhuman_stream.analysis.media.stream import MediaStream
from tools.field.__main__ import differences, overlap
from tools.field.commands import TRIES, Try, wrong
from tools.field.inputs import INPUTS
from tools.field.ways import Given, Span, plain
from tools.field.wire import AGAIN, WIRES, Wire

OWN = Given([Span("agreement", 1.2, 4.1), Span("disagreement", 5.6, 8.6)], "yes no", 10.0)


def test_there_are_three_of_every_kind() -> None:
    all_of_them = [(each.kind, each.name) for group in (INPUTS, WIRES, TRIES) for each in group]
    counted = Counter(kind for kind, _ in all_of_them)
    assert [kind[:2] for kind in sorted(counted)] == [f"{number:02}" for number in range(1, 17)]
    assert min(counted.values()) >= 3
    assert len(set(all_of_them)) == len(all_of_them)


@pytest.mark.parametrize("name", ["silence, then the voice", "wraps in between", "one a second, program stream"])
def test_an_input_is_a_recording(name: str) -> None:
    meant = next(each for each in INPUTS if each.name == name)
    stream = MediaStream()
    for _ in (*stream.feed(meant.make()), *stream.finish()):
        pass
    stream.close()
    assert stream.extent.end == pytest.approx(meant.seconds, abs=0.3)


def test_what_is_lost_is_said() -> None:
    meant = next(each for each in INPUTS if each.name == "paused for 45 s, WebM")
    moved = Given([Span("agreement", 1.2, 4.1), Span("disagreement", 50.6, 53.6)], "yes no", 55.0)
    assert differences(meant, moved, OWN) == []
    assert differences(meant, OWN, OWN) == ["10.0 s instead of 55", "disagreement 0.00"]
    assert differences(meant, Given(refused=["damaged"]), OWN) == [
        "damaged",
        "0 words of 2",
        "agreement 0.00",
        "disagreement 0.00",
    ]
    sure = [replace(span, sure="high") for span in OWN.spans]
    less = [replace(span, sure="low") for span in OWN.spans[:1]] + sure[1:]
    assert differences(INPUTS[0], replace(OWN, spans=less), replace(OWN, spans=sure)) == ["agreement low, not high"]
    assert overlap(OWN.spans, [Span("agreement", 2.2, 4.1)], "agreement") == pytest.approx(0.66, abs=0.01)
    assert plain([" That's", "right. "]) == "that's right"


def test_a_frame_that_came_before_must_be_named() -> None:
    wire = Wire("09", "again", list, 1, AGAIN)
    assert wire.differences(Given(OWN.spans, refused=["it repeats what came before"])) == []
    assert wire.differences(Given(refused=["damaged"])) == ["no agreement", "no disagreement", "says “damaged”"]


def test_a_command_must_say_a_sentence() -> None:
    def done(code: int, said: str) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], code, "", said)

    fails = Try("13", "disk", (), says="/nowhere")
    assert wrong(fails, done(2, "error: /nowhere is no folder")) == ""
    assert wrong(fails, done(0, "error: /nowhere is no folder")).startswith("exit 0")
    assert wrong(fails, done(1, "Traceback\nOSError")) == "a traceback; exit 1: OSError"
    assert wrong(Try("11", "near", (), works=True), done(1, "error: no proxy")) == "exit 1: error: no proxy"
