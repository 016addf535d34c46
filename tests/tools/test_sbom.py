"""What is listed as installed with the service is what its lock has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.sbom import licence, locked, reduced

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_licences_has_what_the_lock_has() -> None:
    lock = locked((ROOT / "requirements" / "run.txt").read_text())
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)[1:]
    assert {re.sub(r"[-_.]+", "-", name).lower(): version for name, version, _ in rows} == lock, "run: make sbom"
    assert not [name for name, _, said in rows if said in {"", "not said"}]


def test_what_is_there_for_tests_alone_is_left_out() -> None:
    def component(name: str, version: str) -> dict[str, str]:
        return {"bom-ref": f"{name}=={version}", "name": name, "version": version}

    sbom = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [component("Test_Tool", "1"), component("B.x", "2"), component("a", "1")],
        "dependencies": [{"ref": "a==1", "dependsOn": ["B.x==2", "Test_Tool==1"]}, {"ref": "Test_Tool==1"}],
    }
    made = reduced(sbom, {"a": "1", "b-x": "2"})
    assert [each["name"] for each in made["components"]] == ["a", "B.x"]
    assert made["dependencies"] == [{"ref": "a==1", "dependsOn": ["B.x==2"]}]
    with pytest.raises(SystemExit, match="make setup"):
        reduced(sbom, {"a": "2"})


def test_a_licence_is_its_spdx_id_where_it_has_one() -> None:
    classified = {"license": {"name": "License :: OSI Approved :: BSD License"}}
    both = [{"license": {"id": "MIT"}}, classified]
    assert licence({"name": "x", "licenses": both}) == "MIT"
    assert licence({"name": "x", "licenses": [{"expression": "MIT OR Apache-2.0"}]}) == "MIT OR Apache-2.0"
    assert licence({"name": "x", "licenses": [classified]}) == "BSD License"
