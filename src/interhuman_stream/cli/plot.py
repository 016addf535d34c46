"""One picture of an analysis under one time axis, as SVG: what was said, what was seen and heard, what it means."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.analysis.session import SegmentAnalysis
    from interhuman_stream.analysis.tracks import Word
    from interhuman_stream.signals import Probability

WIDTH, LEFT, ROW, BAR = 1200, 170, 22, 14
SEEN, HEARD, MEANT = "#3b82b8", "#b8763b", "#3d8f5f"
SURE = {"low": 0.4, "medium": 0.7, "high": 1.0}


def plot(analysis: SegmentAnalysis, title: str) -> str:
    """Draw the analysis; returns the text of an SVG file."""
    length = max(analysis.end - analysis.start, 0.1)
    per_second = (WIDTH - LEFT - 20) / length

    def across(time: float) -> float:
        return LEFT + (min(max(time, analysis.start), analysis.end) - analysis.start) * per_second

    body: list[str] = []
    y = 50.0
    if analysis.words:
        body += [
            _label("words", y),
            *(_word(across(word.start), y, at, word.text) for at, word in _staggered(analysis)),
        ]
        y += 3 * ROW
    for name in sorted({cue.name for cue in analysis.cues}):
        body.append(_label(name.replace("_", " "), y))
        for cue in analysis.cues:
            if cue.name == name:
                colour = SEEN if cue.modality == "video" else HEARD
                tip = f"{cue.phrase}, strength {cue.strength:.2f}"
                body.append(_bar(across(cue.start), across(cue.end), y, colour, 0.25 + 0.75 * cue.strength, tip))
        y += ROW
    y += ROW / 2
    for kind in sorted({signal.type for signal in analysis.signals}):
        body.append(_label(kind, y, weight="bold"))
        for signal in analysis.signals:
            if signal.type is kind:
                tip = f"{signal.probability}: {signal.rationale(analysis.start)}"
                body.append(_bar(across(signal.start), across(signal.end), y, MEANT, _sure(signal.probability), tip))
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
        + "".join(ticks)
        + "".join(body)
        + "</svg>\n"
    )


def _staggered(analysis: SegmentAnalysis) -> Iterator[tuple[int, Word]]:
    yield from ((index % 3, word) for index, word in enumerate(analysis.words))


def _sure(probability: Probability) -> float:
    return SURE[probability]


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
