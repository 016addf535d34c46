"""The page of evidence is the table the engine uses."""

from __future__ import annotations

from pathlib import Path

from interhuman_stream.analysis.cues import KINDS
from interhuman_stream.analysis.evidence import SCALES, TABLE
from interhuman_stream.cli.evidence import MEANINGS, page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_in_docs_is_current() -> None:
    written = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8").splitlines()
    assert written == list(page()), "docs/evidence.md is behind the table; run: make evidence"


def test_every_cue_of_the_table_is_explained() -> None:
    explained = {kind.name for kind in KINDS}
    used = {row.cue for row in TABLE} | {cue for row in TABLE for cue in row.needs}
    assert used <= explained
    assert set(MEANINGS) == set(SCALES)
