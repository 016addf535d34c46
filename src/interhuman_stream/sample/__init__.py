"""The sample clip: 30 seconds of a portrait that nods and speaks, for the demo, the benches and a first try."""

from __future__ import annotations

from pathlib import Path
from typing import Final

CLIP: Final = Path(__file__).with_name("sample.webm")
"""640×480, 25 frames a second, VP8 and Opus; README.md beside it says what is in it and where it comes from."""
TRUTH: Final = CLIP.with_suffix(".json")
"""What happens in it when, and the signals to expect there."""
