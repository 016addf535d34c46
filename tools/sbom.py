"""Says what is installed with the service: an SBOM in CycloneDX's JSON, and its licences as a page (`make sbom`).

CycloneDX's own tool reads the environment; what is there for tests alone, and not in requirements/run.txt, is left out.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from importlib.metadata import files, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
MIT: Final = "Permission is hereby granted, free of charge, to any person obtaining a"
"""The first line of that licence, which some packages carry without its name."""
PAGE: Final = """\
# Licences

Of all that `pip install 'interhuman-stream[service]'` installs, at the versions of `requirements/run.txt`. Written by
`make sbom` from what the packages say of themselves; the same is in `build/sbom.json` (CycloneDX 1.6), with versions,
sources and what depends on what. Beside it come with an extra alone: psycopg (`[postgres]`, LGPL-3.0-only) and
OpenTelemetry (`[telemetry]`, Apache-2.0). What `models pull` fetches, and under which licences, is in
[install.md](install.md).

| package | version | licence |
|---|---|---|
"""


def main() -> None:
    """Write both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, help="the command cyclonedx-py")
    parser.add_argument("--sbom", type=Path, default=ROOT / "build" / "sbom.json", help="where the SBOM goes")
    parser.add_argument("--licences", type=Path, default=ROOT / "docs" / "licences.md", help="where the page goes")
    asked = parser.parse_args()
    options = (
        "--pyproject",
        str(ROOT / "pyproject.toml"),
        "--output-reproducible",
        "--short-PURLs",
        "--spec-version=1.6",
    )
    said = subprocess.run([asked.tool, "environment", *options, sys.executable], check=True, stdout=subprocess.PIPE)
    sbom = reduced(json.loads(said.stdout), locked((ROOT / "requirements" / "run.txt").read_text()))
    asked.sbom.parent.mkdir(parents=True, exist_ok=True)
    asked.sbom.write_text(json.dumps(sbom, indent=2) + "\n")
    rows = [f"| {each['name']} | {each['version']} | {licence(each)} |\n" for each in sbom["components"]]
    asked.licences.write_text(PAGE + "".join(rows))
    print(f"{len(rows)} packages: {asked.sbom} and {asked.licences}")


def locked(text: str) -> dict[str, str]:
    """The versions of a lock, by the packages' names as all tools write them (PEP 503)."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {_name(name): version for name, version in found}


def reduced(sbom: dict[str, Any], lock: dict[str, str]) -> dict[str, Any]:
    """The SBOM without what is not in the lock, in the order of names.

    Raises:
        SystemExit: Something of the lock is not installed, or at another version.
    """
    kept = [each for each in sbom["components"] if lock.get(_name(each["name"])) == each["version"]]
    if missing := lock.keys() - {_name(each["name"]) for each in kept}:
        raise SystemExit(f"Not installed as requirements/run.txt has it: {', '.join(sorted(missing))}; run: make setup")
    refs = {each["bom-ref"] for each in kept} | {sbom["metadata"]["component"]["bom-ref"]}
    depends = [
        each | ({"dependsOn": [ref for ref in each["dependsOn"] if ref in refs]} if "dependsOn" in each else {})
        for each in sbom.get("dependencies", [])
        if each["ref"] in refs
    ]
    return sbom | {"components": sorted(kept, key=lambda each: _name(each["name"])), "dependencies": depends}


def licence(component: dict[str, Any]) -> str:
    """The licences that a component has, in one line: by their SPDX ids where it gives any, else as it calls them."""
    given = component.get("licenses", [])
    ids = [each.get("expression") or each["license"].get("id") for each in given]
    names = [each["license"]["name"].rpartition(" :: ")[2] for each in given if "name" in each.get("license", {})]
    said = [each for each in ids if each] or names or [_declared(component["name"])]
    return "; ".join(dict.fromkeys(text.strip().partition("\n")[0].replace("|", "/") for text in said))


def _declared(package: str) -> str:
    """What a package's own metadata or its file of the licence has, where CycloneDX's tool finds nothing."""
    said = metadata(package)
    if "License" in said:
        return str(said["License"])
    texts = [each.read_text() for each in files(package) or () if each.name.upper().startswith("LICEN")]
    return next(("MIT" for text in texts if text and MIT in text), "not said")


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
