"""What an evaluation says: rows of figures, as JSON and as one picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from interhuman_stream.evaluation.measures import (
    Figure,
    auc,
    calibration_error,
    f1,
    precision_at_recall,
    recall_at_precision,
    with_interval,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, LEFT, RIGHT, LINE = 1000, 430, 40, 26
UNKNOWN = "not known"
COLOURS = {"AUC": "#3b82b8", "F1": "#3d8f5f"}


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing.

    Attributes:
        what: What was told from what.
        data: On which data.
        size: How many rows, and of what.
        figures: Measure to value; those of one row are shown in this order.
        baselines: What simpler answers reach, by name.
        looked_at: Whether the data was looked at while what is measured was being built: in that case it may be better
            here than elsewhere.
    """

    what: str
    data: str
    size: str
    figures: dict[str, Figure]
    baselines: dict[str, str] = field(default_factory=dict)
    looked_at: str = UNKNOWN


def measured(
    score: NDArray[np.float64],
    label: NDArray[np.bool_],
    group: NDArray[np.int64],
    *,
    threshold: float | None = None,
    probability: bool = False,
) -> dict[str, Figure]:
    """All measures of a score with intervals over groups.

    Args:
        score: The higher the likelier, n.
        label: What is true, n.
        group: Subject or conversation, n.
        threshold: From where on the answer is yes, chosen on other data; without it F1 is left out.
        probability: Whether the score is one, so that its calibration can be measured.
    """
    figures = {"AUC": with_interval(auc, score, label, group)}
    if threshold is not None:
        at = threshold
        figures["F1"] = with_interval(lambda s, y: f1(s >= at, y), score, label, group)
    figures["precision at recall .5"] = with_interval(precision_at_recall, score, label, group)
    figures["recall at precision .6"] = with_interval(recall_at_precision, score, label, group)
    if probability:
        figures["ECE"] = with_interval(calibration_error, score, label, group)
    return figures


def single(value: float) -> Figure:
    """A value that is counted, not estimated: it has no interval."""
    return Figure(value, float("nan"), float("nan"))


def document(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows as JSON values; what could not be measured is null."""
    return [
        {
            "what": row.what,
            "data": row.data,
            "looked_at": row.looked_at,
            "size": row.size,
            "figures": {
                name: {"value": _known(each.value), "low": _known(each.low), "high": _known(each.high)}
                for name, each in row.figures.items()
            },
            "baselines": row.baselines,
        }
        for row in rows
    ]


def picture(rows: list[Row]) -> str:
    """AUC and F1 of every row with their intervals, as the text of an SVG file."""
    drawn = [row for row in rows if any(name in row.figures for name in COLOURS)]
    height = 70 + LINE * len(drawn)
    body = []
    for tenth in range(11):
        x = _across(tenth / 10)
        body.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="40" y2="{height - 25}" stroke="#ddd"/>')
        body.append(f'<text x="{x:.0f}" y="{height - 8}" text-anchor="middle" fill="#666">{tenth / 10:g}</text>')
    for at, row in enumerate(drawn):
        y = 56 + at * LINE
        body.append(f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(f"{row.what}, {row.data}")}</text>')
        for shift, (name, colour) in zip((-4, 4), COLOURS.items(), strict=True):
            figure = row.figures.get(name)
            if figure and not math.isnan(figure.value):
                body.append(_interval(figure, y + shift, colour, f"{name} {figure}"))
    legend = "".join(
        f'<text x="{LEFT + 60 * at}" y="24" fill="{colour}">{name}</text>'
        for at, (name, colour) in enumerate(COLOURS.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>{legend}{"".join(body)}</svg>\n'
    )


def _across(value: float) -> float:
    return LEFT + value * (WIDTH - LEFT - RIGHT)


def _interval(figure: Figure, y: float, colour: str, tip: str) -> str:
    low, high = (_across(figure.value if math.isnan(edge) else edge) for edge in (figure.low, figure.high))
    return (
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
        f'<circle cx="{_across(figure.value):.1f}" cy="{y}" r="4" fill="{colour}"><title>{escape(tip)}</title></circle>'
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
