"""The picture of an analysis: the page's own timeline, drawn by the page's modules in a small JavaScript engine.

They are `service/web/timeline.js` and what it imports; the picture is the same in a browser and here.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import quickjs
import resvg_py
from font_lato import font_files

if TYPE_CHECKING:
    from collections.abc import Iterator

PNG: Final = ".png"
WIDTH: Final = 1200
LONG_SECONDS, LONG_WIDTH = 600.0, 1600
"""From when on a picture is wider, and how wide: as the page saves it."""
FINE: Final = 2
"""Pixels of a PNG for each of the picture's own."""
IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT: Final = re.compile(r"^export (const|function|class) (\w+)", re.MULTILINE)
DRAW: Final = """
(analysis, look) => {
  const history = createHistory();
  apply(history, JSON.parse(analysis));
  return JSON.stringify(drawTimeline(history, JSON.parse(look)));
}
"""
"""Texts go in and out as JSON: the engine's ropes, which long concatenated texts are, do not come out of it."""


def plot(document: dict[str, Any], title: str) -> str:
    """Draw an analysis.

    Args:
        document: As `analyze --json` prints it.
        title: Stands above it.

    Returns:
        The text of an SVG file.
    """
    look = {"width": LONG_WIDTH if document["duration"] > LONG_SECONDS else WIDTH, "heading": title}
    context = quickjs.Context()
    draw = context.eval(f"{bundle('history', 'timeline')}\n({DRAW})")
    return str(json.loads(draw(json.dumps(document), json.dumps(look)))) + "\n"


def as_png(picture: str) -> bytes:
    """Make a PNG of an SVG file's text.

    Letters that the bundled font does not have are taken from the system's fonts, where it has any.
    """
    fonts = [str(path) for path in font_files.values()]
    return bytes(resvg_py.svg_to_bytes(svg_string=picture, zoom=FINE, font_files=fonts, sans_serif_family="Lato"))


def bundle(*names: str) -> str:
    """Modules of the page, and those they import, as one script: for an engine that has no files to import from.

    Each becomes a function of its own, so that what is private in two of them may have one name.
    """
    seen: dict[str, str] = {}
    for name in names:
        _collect(name, seen)
    return "\n".join(seen.values())


def _collect(name: str, seen: dict[str, str]) -> None:
    source = (files("interhuman_stream.service") / "web" / f"{name}.js").read_text(encoding="utf-8")
    for needed in IMPORT.findall(source):
        if needed not in seen:
            _collect(needed, seen)
    exported = ", ".join(_exported(source))
    body = EXPORT.sub(r"\1 \2", IMPORT.sub("", source))
    seen[name] = f"const {{ {exported} }} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _exported(source: str) -> Iterator[str]:
    return (found[2] for found in EXPORT.finditer(source))
