"""Where the client runs: proxies from the environment, names of files, places that cannot be written."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.field.ways import last

if TYPE_CHECKING:
    import subprocess

    from tools.field.ways import Program

FAR: Final = "http://192.0.2.1"
"""An address of nobody (RFC 5737)."""
CLOSED: Final = "127.0.0.1:9"
FULL: Final = Path("/dev/full")
CLIP: Final = "CLIP"
"""Stands for the clip, with the name that the try gives it."""


@dataclass(frozen=True, slots=True)
class Try:
    """A command in a place.

    Attributes:
        kind: Of what is the matter with it.
        name: What is.
        arguments: Of the program.
        works: Whether it is to work all the same; else it is to say one sentence and end with no zero.
        says: What that sentence must hold.
        variables: Of the environment.
        file: What the clip is called.
        into: Where what it prints goes.
    """

    kind: str
    name: str
    arguments: tuple[object, ...]
    works: bool = False
    says: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    file: bytes = b"clip.webm"
    into: Path | None = None


def near(value: str, variable: str = "ALL_PROXY", command: str = "token") -> Try:
    """This machine is asked directly, whatever proxy is named."""
    arguments = (command, *((CLIP,) if command != "token" else ()), "--url", "URL")
    return Try("11 proxies", f"{variable}={value}, {command} on this machine", arguments, True, "", {variable: value})


def far(value: str, variable: str = "http_proxy") -> Try:
    """The variable is named where its proxy cannot be used."""
    name = f"{variable}={value}, another machine"
    return Try("11 proxies", name, ("token", "--url", FAR), says=variable, variables={variable: value})


def named(name: str, file: bytes, command: str) -> Try:
    """A file with a name."""
    arguments = (command, CLIP, *(("--url", "URL") if command != "analyze" else ()))
    return Try("12 names", f"{name}, {command}", arguments, True, file=file)


TRIES: Final = (
    near(f"socks5://{CLOSED}"),
    near(f"socks4a://{CLOSED}", command="upload"),
    near("foo://proxy:1", "http_proxy"),
    near("http://[::1", "HTTP_PROXY"),
    near(f"http://{CLOSED}", "http_proxy", "upload"),
    far(f"http://{CLOSED}"),
    far("gopher://proxy:70", "HTTP_PROXY"),
    far("http://proxy.invalid:3128"),
    far("http://proxy:notaport", "ALL_PROXY"),
    named("not UTF-8", b"clip\xff\xfe.webm", "upload"),
    named("a new line", b"cl\nip.webm", "upload"),
    named("quotes", b"cl\"i';p.webm", "upload"),
    named("an emoji, not UTF-8", "😀".encode() + b"\x80.webm", "analyze"),
    named("255 bytes", b"a" * 250 + b".webm", "upload"),
    named("none but its kind", b".webm", "upload"),
    Try("13 disks", "analyze --json, a full disk", ("analyze", CLIP, "--json"), into=FULL),
    Try("13 disks", "token, a full disk", ("token", "--url", "URL"), into=FULL),
    Try("13 disks", "upload, a full disk", ("upload", CLIP, "--url", "URL"), into=FULL),
    Try("13 disks", "plot in no folder", ("analyze", CLIP, "--plot", "/nowhere/plot.svg"), says="/nowhere"),
    Try("13 disks", "plot is a folder", ("analyze", CLIP, "--plot", "/dev"), says="/dev"),
    Try(
        "13 disks",
        "report on a full disk",
        ("stream", CLIP, "--fast", "--url", "URL", "--report", FULL),
        says="/dev/full",
    ),
    Try(
        "13 disks",
        "report in no folder",
        ("stream", CLIP, "--fast", "--url", "URL", "--report", "/nowhere/report.json"),
        says="/nowhere",
    ),
)


def tried(program: Program, case: Try, folder: Path, clip: bytes) -> subprocess.CompletedProcess[str]:
    """Run it."""
    path = Path(os.fsdecode(os.path.join(os.fsencode(folder), case.file)))  # noqa: PTH118 - names that are no text
    path.write_bytes(clip)
    meant: dict[object, object] = {"URL": program.url, CLIP: path}
    done = program.run(*(meant.get(each, each) for each in case.arguments), variables=case.variables, into=case.into)
    path.unlink()
    return done


def wrong(case: Try, done: subprocess.CompletedProcess[str]) -> str:
    """What is not as it should be; nothing where all is."""
    said = done.stderr.strip()
    if "Traceback" in said:
        return f"a traceback; {last(done)}"
    if case.works:
        return "" if done.returncode == 0 else last(done)
    return last(done) if done.returncode == 0 or not said or case.says not in said else ""
