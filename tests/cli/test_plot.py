"""The picture that `analyze --plot` draws: the page's own, from twenty seconds to an hour, as SVG and as PNG."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
import typer

from interhuman_stream.cli import engine
from interhuman_stream.cli.plot import EXPORT, IMPORT, as_png, bundle, plot
from interhuman_stream.findings import Limit
from interhuman_stream.sample import CLIP
from interhuman_stream.signals import SignalType
from tests.cli.hour import analysis

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"
LANES = len(SignalType)


def _texts(picture: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314 - our own picture


@pytest.mark.parametrize("seconds", [20.0, 300.0, 3600.0])
def test_a_picture_has_the_same_twelve_lanes_however_long_it_is(seconds: float) -> None:
    picture = plot(analysis(seconds), "talk.webm")
    texts = _texts(picture)
    assert sum(text in set(SignalType) for text in texts) == LANES
    assert "talk.webm" in texts
    assert {"overall level", "not judged", "said"} <= set(texts)
    height = float(ET.fromstring(picture).attrib["height"])  # noqa: S314 - our own picture
    assert height < 500


def test_words_stand_where_they_fit_and_nowhere_else() -> None:
    assert any(text.startswith("so I think") for text in _texts(plot(analysis(20.0), "")))
    assert not any("think" in text for text in _texts(plot(analysis(3600.0), "")))


def test_every_stretch_of_a_short_file_is_there_with_its_reason() -> None:
    document = analysis(60.0)
    groups = [
        each.attrib["aria-label"]
        for each in ET.fromstring(plot(document, "")).iter(f"{SVG}g")  # noqa: S314 - our own picture
        if "data-span" in each.attrib
    ]
    assert len(groups) == len(document["signals"])
    assert all("said “exactly”" in label for label in groups)


def test_an_hour_is_small_and_quick_as_svg_and_png() -> None:
    document = analysis(3600.0)
    began = time.perf_counter()
    picture = plot(document, "hour.webm")
    drawn = time.perf_counter()
    png = as_png(picture)
    done = time.perf_counter()
    print(  # noqa: T201 - the figures of the docs
        f"an hour, {len(document['signals'])} stretches: SVG {len(picture) / 1024:.0f} KB in {drawn - began:.2f} s, "
        f"PNG {len(png) / 1024:.0f} KB in {done - drawn:.2f} s more"
    )
    assert len(picture) < 500_000
    assert len(png) < 500_000
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24])[0] == 3200


def test_letters_are_drawn_where_the_system_has_no_fonts() -> None:
    """The same picture without its texts has far fewer dark pixels."""
    import cv2  # noqa: PLC0415 - takes a second
    import numpy as np  # noqa: PLC0415

    def dark(picture: str) -> int:
        raw = cv2.imdecode(np.frombuffer(as_png(picture), np.uint8), cv2.IMREAD_GRAYSCALE)
        assert raw is not None
        return int((raw[:, :240] < 100).sum())  # where the lanes' names are

    picture = plot(analysis(20.0), "talk.webm")
    assert dark(picture) > 3 * dark(re.sub("<text.*?</text>", "", picture))


def test_what_a_file_is_called_and_what_was_said_is_text_and_no_markup() -> None:
    document = analysis(20.0)
    document["words"][0]["word"] = "<script>\x00&\ufffe"
    texts = _texts(plot(document, '<a href="x">\x07 & "b".webm'))
    assert any("<script>" in text for text in texts)
    assert any("<a href" in text for text in texts)


def test_nothing_found_is_said_and_is_no_empty_picture() -> None:
    empty = analysis(20.0) | {"signals": [], "words": []}
    assert "attending, nothing to report" in _texts(plot(empty, ""))


def test_every_reason_why_something_is_not_judged_has_its_words() -> None:
    limits = [{"why": why, "start": 1.0, "end": 2.0, "sentence": why.sentence} for why in Limit]
    picture = plot(analysis(20.0) | {"perceived": {"limits": limits}}, "")
    assert picture.count("<title>") >= len(Limit)


def test_modules_are_bundled_whole() -> None:
    for name in ("history", "timeline", "overview", "text"):
        source = (files("interhuman_stream.service") / "web" / f"{name}.js").read_text()
        assert len(IMPORT.findall(source)) == len(re.findall("^import ", source, re.MULTILINE)), name
        assert len(EXPORT.findall(source)) == len(re.findall("^export ", source, re.MULTILINE)), name
    assert "import " not in re.sub(r"/\*.*?\*/|//.*", "", bundle("timeline"), flags=re.DOTALL)


def test_without_its_packages_nothing_is_analysed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "find_spec", lambda name: None if name == "resvg_py" else object())
    monkeypatch.setattr(engine, "_models", lambda _: pytest.fail("the models were loaded first"))
    with pytest.raises(typer.Exit):
        engine.analyze(CLIP, plot=tmp_path / "x.png")
    said = capsys.readouterr().err
    assert "resvg_py" in said
    assert "pip install --upgrade 'interhuman-stream[engine]'" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_analyze_writes_a_real_png(tmp_path: Path) -> None:
    picture = tmp_path / "talk.PNG"
    command = [sys.executable, "-m", "interhuman_stream", "analyze", str(CLIP), "--plot", str(picture)]
    subprocess.run(command, check=True, capture_output=True)
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
