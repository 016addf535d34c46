"""One picture of an analysis under one time axis, as SVG: what was measured and said, seen and heard, and meant."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from interhuman_stream.analysis.cues import KINDS
from interhuman_stream.signals import Modality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Findings, Word

WIDTH, LEFT, ROW, BAR, CURVE = 1200, 170, 22, 14, 40
SEEN, HEARD, MEANT, NOT_JUDGED = "#3b82b8", "#b8763b", "#3d8f5f", "#999999"
SURE: dict[str, float] = {"low": 0.4, "medium": 0.7, "high": 1.0}


def plot(analysis: Findings, tracks: Tracks | None, title: str) -> str:
    """Draw the analysis over what was measured; returns the text of an SVG file."""
    length = max(analysis.end - analysis.start, 0.1)
    per_second = (WIDTH - LEFT - 20) / length

    def across(time: float) -> float:
        return LEFT + (min(max(time, analysis.start), analysis.end) - analysis.start) * per_second

    body: list[str] = []
    y = 50.0
    for line in _lines(tracks) if tracks else ():
        body += _curve(line, [across(time) for time in line.time], y)
        y += CURVE + 8
    if analysis.words:
        body += [
            _label("words", y),
            *(_word(across(word.start), y, at, word.text) for at, word in _staggered(analysis)),
        ]
        y += 3 * ROW
    for rows in (_cue_rows(analysis), _limit_rows(analysis), _signal_rows(analysis)):
        for row in rows:
            body.append(_label(row.name.replace("_", " "), y, row.weight))
            body += [_bar(across(bar.start), across(bar.end), y, row.colour, bar.opacity, bar.tip) for bar in row.bars]
            y += ROW
        y += ROW / 2
    step = next(step for step in (1, 2, 5, 10, 30, 60, 300, 1800) if length / step <= 15)  # noqa: PLR2004 - fit the width
    ticks = [_tick(across(analysis.start + at), y, at) for at in range(0, int(length) + 1, step)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 40:.0f}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>'
        f'<text x="20" y="28" font-size="16">{escape(title)}</text>'
        f'<text x="{LEFT + 250}" y="28" fill="{SEEN}">seen</text>'
        f'<text x="{LEFT + 300}" y="28" fill="{HEARD}">heard</text>'
        f'<text x="{LEFT + 355}" y="28" fill="{MEANT}">signal (darker is surer)</text>'
        f'<text x="{LEFT + 510}" y="28" fill="{NOT_JUDGED}">not judged</text>'
        + "".join(ticks)
        + "".join(body)
        + "</svg>\n"
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """When something was, in seconds of the session, and what is said of it where one points at it."""

    start: float
    end: float
    opacity: float
    tip: str


@dataclass(frozen=True, slots=True)
class Lane:
    """All that there was of one thing."""

    name: str
    colour: str
    bars: tuple[Bar, ...]
    weight: str = "normal"


def _cue_rows(analysis: Findings) -> Iterator[Lane]:
    for kind in KINDS:
        cues = [cue for cue in analysis.cues if cue.name == kind.name]
        bars = tuple(
            Bar(cue.start, cue.end, 0.25 + 0.75 * cue.strength, f"{cue.phrase}, strength {cue.strength:.2f}")
            for cue in cues
        )
        if bars:
            yield Lane(kind.name, SEEN if kind.lane.modality is Modality.VIDEO else HEARD, bars)


def _limit_rows(analysis: Findings) -> Iterator[Lane]:
    limits = analysis.perceived.limits
    for why in dict.fromkeys(limit.why for limit in limits):
        there = (limit for limit in limits if limit.why is why)
        yield Lane(why, NOT_JUDGED, tuple(Bar(limit.start, limit.end, 1.0, why.sentence) for limit in there))


def _signal_rows(analysis: Findings) -> Iterator[Lane]:
    for kind in sorted({signal.type for signal in analysis.signals}):
        there = (signal for signal in analysis.signals if signal.type is kind)
        bars = tuple(
            Bar(
                signal.start,
                signal.end,
                SURE[signal.probability],
                f"{signal.probability}: {signal.rationale(analysis.start)}",
            )
            for signal in there
        )
        yield Lane(kind, MEANT, bars, "bold")


@dataclass(frozen=True, slots=True)
class Line:
    """One measured track: its name with its unit, and the range that fills its height."""

    name: str
    time: list[float]
    values: list[float]
    low: float
    high: float
    colour: str


def _lines(tracks: Tracks) -> Iterator[Line]:
    if tracks.face:
        time = tracks.face.time.tolist()
        for axis, name in enumerate(("pitch", "yaw", "roll")):
            values = tracks.face.pose[:, axis].tolist()
            yield Line(f"head {name} ±30°", time, values, -30, 30, SEEN)
        smile = tracks.face.shape("mouthSmileLeft", "mouthSmileRight").tolist()
        yield Line("mouth smile 0–1", time, smile, 0, 1, SEEN)
        yield Line("brow height 0.1–0.4", time, tracks.face.brow.tolist(), 0.1, 0.4, SEEN)
    if tracks.voice:
        time = tracks.voice.time.tolist()
        yield Line("voice pitch 80–400 Hz", time, tracks.voice.pitch.tolist(), 6.5, 34.4, HEARD)
        yield Line("loudness −60–0 dB", time, tracks.voice.loudness.tolist(), -60, 0, HEARD)


def _curve(line: Line, xs: list[float], y: float) -> Iterator[str]:
    """Draw a track; it breaks off where nothing is known."""
    yield _label(line.name, y + CURVE / 2 - BAR / 2)
    yield f'<rect x="{LEFT}" y="{y:.1f}" width="{WIDTH - LEFT - 20}" height="{CURVE}" fill="#f6f6f6"/>'
    pen, path = "M", []
    for x, value in zip(xs, line.values, strict=True):
        if value != value:  # noqa: PLR0124 - NaN, as plain floats know it
            pen = "M"
            continue
        share = min(1.0, max(0.0, (value - line.low) / (line.high - line.low)))
        path.append(f"{pen}{x:.1f} {y + CURVE * (1 - share):.1f}")
        pen = "L"
    yield f'<path d="{"".join(path)}" fill="none" stroke="{line.colour}" stroke-width="1.2"/>'


def _staggered(analysis: Findings) -> Iterator[tuple[int, Word]]:
    yield from ((index % 3, word) for index, word in enumerate(analysis.words))


def _label(text: str, y: float, weight: str = "normal") -> str:
    return f'<text x="{LEFT - 10}" y="{y + BAR - 2:.1f}" text-anchor="end" font-weight="{weight}">{escape(text)}</text>'


def _word(x: float, y: float, row: int, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y + BAR - 2 + row * 16:.1f}">{escape(text)}</text>'


def _bar(start: float, end: float, y: float, colour: str, opacity: float, tip: str) -> str:
    return (
        f'<rect x="{start:.1f}" y="{y:.1f}" width="{max(2.0, end - start):.1f}" height="{BAR}" rx="2" '
        f'fill="{colour}" fill-opacity="{opacity:.2f}"><title>{escape(tip)}</title></rect>'
    )


def _tick(x: float, bottom: float, seconds: int) -> str:
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="42" y2="{bottom:.1f}" stroke="#ddd"/>'
        f'<text x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle" fill="#666">{seconds} s</text>'
    )
