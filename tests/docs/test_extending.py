"""The examples of "Add a cue, a dialect, an engine" do what the page says they do."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.client import connect

from interhuman_stream.analysis.cues import KINDS
from interhuman_stream.engine.pool import Engine, EngineSession
from interhuman_stream.protocol import v0
from interhuman_stream.protocol.dialect import Dialect
from interhuman_stream.sample import CLIP
from tests.service.serving import serving

if TYPE_CHECKING:
    from tests.conftest import Running

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
RECIPES = {
    heading: "\n".join(re.findall(r"^```python\n(.*?)^```$", recipe, re.DOTALL | re.MULTILINE))
    for heading, _, recipe in (part.partition("\n") for part in PAGE.split("\n## ")[1:])
}


def shown(heading: str) -> dict[str, Any]:
    """What a recipe's examples define, its test included."""
    names: dict[str, Any] = {}
    exec(compile(RECIPES[heading], f"docs/extending.md, {heading}", "exec"), names)  # noqa: S102 - our own page
    return names


def public(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")} | set(inspect.get_annotations(protocol))


def test_the_cue_is_found_as_its_test_says_and_its_row_fits_the_table() -> None:
    names = shown("A cue")
    names["test_wide_eyes_are_found_and_a_flutter_is_not"]()
    kind, row = names["WIDE_EYES"], names["ROW"]
    assert row.cue == kind.name
    assert {each.name for each in fields(kind)} == {"name", "lane", "what", "source"}
    assert set(row.needs) <= {each.name for each in KINDS}
    assert kind.name not in {each.name for each in KINDS}, "the example has become part of the product"


def test_the_dialect_is_one_and_passes_its_test() -> None:
    names = shown("A dialect")
    names["test_what_was_taken_is_told_before_it_closes"]()
    assert public(Dialect) - {"state"} <= set(vars(names["Lines"]))


@pytest.mark.slow
@pytest.mark.usefixtures("running")  # skips where the models are missing
async def test_the_engine_is_one_and_passes_its_test() -> None:
    names = shown("An engine")
    await names["test_a_stream_goes_on_behind_what_was_damaged"]()
    engine, session = names["ThreadEngine"](), names["ThreadSession"]
    assert all(hasattr(engine, name) for name in public(Engine))
    assert public(EngineSession) <= set(vars(session))


@pytest.mark.usefixtures("running")
async def test_the_service_speaks_the_dialect_and_runs_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, engine = shown("A dialect")["Lines"], shown("An engine")["ThreadEngine"]()
    monkeypatch.setattr(v0, "V0", lambda _extension: lines())
    with serving(tmp_path, engine) as running:
        said = await asyncio.wait_for(agreement(running), 60)
    assert said["end"] <= 5.0


async def agreement(running: Running) -> dict[str, Any]:
    """Send the sample in small pieces; the first agreement that is told of it."""
    data = CLIP.read_bytes()
    async with connect(running.socket_url, additional_headers={"Authorization": f"Bearer {running.token()}"}) as socket:
        for at in range(0, 200_000, 5_000):
            await socket.send(data[at : at + 5_000])
        async for text in socket:
            said: dict[str, Any] = json.loads(text)
            if said.get("type") == "agreement":
                return said
    raise AssertionError("it was not told")
