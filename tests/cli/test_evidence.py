"""The page of evidence is the table the engine uses."""

from __future__ import annotations

from pathlib import Path

from interhuman_stream.analysis.cues import KINDS
from interhuman_stream.analysis.evidence import SCALES, TABLE
from interhuman_stream.cli.evidence import page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_in_docs_is_current() -> None:
    written = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8").splitlines()
    assert written == list(page()), "docs/evidence.md is behind the table; run: make evidence"


def test_every_cue_of_the_table_is_explained() -> None:
    explained = {kind.name for kind in KINDS}
    used = {row.cue for row in TABLE} | {cue for row in TABLE for cue in row.needs}
    assert used <= explained


def test_of_each_signal_stands_what_it_is_and_every_row_by_weight() -> None:
    sections = "\n".join(page()).partition("\n## The cues")[0].split("\n### ")[1:]
    assert [each.partition(":")[0] for each in sections] == list(SCALES)
    for section, (signal, scale) in zip(sections, SCALES.items(), strict=True):
        rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
        weights = [float(row[1].replace("−", "-")) for row in rows]
        assert section.startswith(f"{signal}: {scale.meaning}\n")
        assert sorted(row[0][2:] for row in rows) == sorted(row.cue for row in TABLE if row.signal is signal)
        assert weights == sorted(weights, reverse=True)
