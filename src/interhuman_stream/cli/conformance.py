"""The command `conformance`: does a server keep the contract? A table of pass, fail and skip."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Never

import typer

from interhuman_stream.cli.credentials import (
    ApiKeyOption,
    Given,
    KeyId,
    KeySecret,
    TokenCommandOption,
    TokenOption,
    key_pair,
    provider,
)
from interhuman_stream.cli.output import fail, json_text
from interhuman_stream.cli.tables import print_table
from interhuman_stream.cli.wrapper import CONNECTION, CREDENTIALS, SOME_FAILED, USAGE
from interhuman_stream.client.address import http_address
from interhuman_stream.client.errors import ClientError, InvalidAddress, MissingCredentials
from interhuman_stream.client.tokens import KeyPair, bearer
from interhuman_stream.plain import sentence
from interhuman_stream.protocol.limits import SCOPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.client.tokens import TokenProvider
    from interhuman_stream.conformance.check import Check
    from interhuman_stream.conformance.clip import Clip
    from interhuman_stream.conformance.room import Full
    from interhuman_stream.conformance.run import Outcome
    from interhuman_stream.conformance.target import Target

COLOURS = {"pass": "green", "fail": "bold red", "skip": "yellow", "full": "magenta"}
EPILOG = """
Example: interhuman-stream conformance http://127.0.0.1:8000 --clip talk.webm

Exit codes: 0 all passed or skipped, 1 some failed, 2 usage, 3 credentials, 4 no connection, or a server that is full,
130 interrupted (Ctrl-C).
"""
CONTRACT = "what the contract says"
OTHERWISE = "what the contract says, and what the server did otherwise"
COUNTED = {"pass": "passed", "fail": "failed", "skip": "skipped", "full": "not tried"}


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(conformance)


def conformance(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Argument(envvar="INTERHUMAN_API_URL", help="The server's base URL, such as https://api.example.com."),
    ] = None,
    clip: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A video file of 10 KB to 20 MB to send; else a test picture with a tone.",
        ),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run this check alone; may be given again.")] = None,
    list_checks: Annotated[
        bool, typer.Option("--list", help="Print the checks and what of the contract they verify, and stop.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for a server that is full (503, 429); 0 never waits.")
    ] = 120.0,
    key_id: KeyId = None,
    key_secret: KeySecret = None,
    api_key: ApiKeyOption = None,
    token: TokenOption = None,
    token_command: TokenCommandOption = None,
) -> None:
    """Check that a server keeps the contract of the API: any server, over the network alone."""
    checks = _chosen(only or [])
    if list_checks:
        _print_list(checks, as_json=as_json)
        return
    if url is None:
        _fail("no server: give its URL, or set INTERHUMAN_API_URL", USAGE)
    if any(mark in url for mark in "@?#"):
        _fail("the address must hold no user name, password, query or fragment; leave them out", USAGE)
    try:
        base = http_address(url, "")
        given = Given(key_id, key_secret, api_key, token, token_command)
        tokens = provider(context, base, given, SCOPES)
        pair = key_pair(given) if isinstance(tokens, KeyPair) else None
    except InvalidAddress as error:
        _fail(str(error), USAGE)
    except MissingCredentials as error:
        _fail(str(error), CREDENTIALS)
    media = _media(clip)
    outcomes = asyncio.run(_run(base, media, pair, tokens, checks, wait))
    if as_json:
        typer.echo(json_text(_document(base, media, outcomes)))
    else:
        _print_outcomes(outcomes)
    if _count(outcomes, "fail"):
        raise typer.Exit(SOME_FAILED)
    if _count(outcomes, "full"):
        raise typer.Exit(CONNECTION)


async def _run(
    base: str,
    media: Clip,
    pair: tuple[str, str] | None,
    tokens: TokenProvider,
    checks: Sequence[Check],
    wait: float,
) -> list[Outcome]:
    from interhuman_stream.conformance.run import run

    target = await _target(base, media, pair, tokens, wait)
    outcomes = []
    async for outcome in run(target, checks, wait=wait, told=_say_full):
        outcomes.append(outcome)
        if sys.stderr.isatty():
            typer.echo(f"\r\x1b[K{len(outcomes)} of {len(checks)} checks", err=True, nl=False)
    if sys.stderr.isatty():
        typer.echo("\r\x1b[K", err=True, nl=False)
    return outcomes


def _say_full(full: Full, pause: float, wait: float) -> None:
    erased = "\r\x1b[K" if sys.stderr.isatty() else ""
    again = f"trying again in {pause:g} s, giving up after {wait:g} s"
    typer.echo(erased + sentence(f"the server is full ({full}); {again}"), err=True)


async def _target(base: str, media: Clip, pair: tuple[str, str] | None, tokens: TokenProvider, wait: float) -> Target:
    from interhuman_stream.conformance.prepare import CannotConnect, NoAccess, with_bearer, with_key
    from interhuman_stream.conformance.target import KeyPair as Pair

    try:
        if pair is not None:
            return await with_key(base, media, Pair(*pair), wait=wait, told=_say_full)
        token = await tokens.token()
        bearer(token)
        return await with_bearer(base, media, token, wait=wait, told=_say_full)
    except CannotConnect as error:
        _fail(str(error), CONNECTION)
    except (NoAccess, ClientError) as error:  # the latter from a program that should have given the token
        _fail(str(error), CREDENTIALS)


def _chosen(only: Sequence[str]) -> list[Check]:
    from interhuman_stream.conformance.run import CHECKS

    names = [check.name for check in CHECKS]
    if unknown := [name for name in only if name not in names]:
        raise typer.BadParameter(f"there is no check {unknown[0]!r}; --list shows them all", param_hint="--only")
    return [check for check in CHECKS if not only or check.name in only]


def _media(path: str | None) -> Clip:
    from interhuman_stream.conformance.clip import UnusableClip, made, read

    try:
        return made() if path is None else read(Path(path))
    except UnusableClip as error:
        _fail(str(error), USAGE)


def _document(base: str, media: Clip, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "url": base,
        "clip": {"bytes": len(media.data), "seconds": media.seconds},
        **{counted.replace(" ", "_"): _count(outcomes, verdict) for verdict, counted in COUNTED.items()},
        "checks": [
            {
                "name": outcome.check.name,
                "section": outcome.check.section,
                "contract": outcome.check.contract,
                "result": outcome.verdict,
                "seconds": round(outcome.seconds, 3),
            }
            | {name: text for name in ("expected", "got", "reason") if (text := getattr(outcome, name)) is not None}
            for outcome in outcomes
        ],
    }


def _count(outcomes: Sequence[Outcome], verdict: str) -> int:
    return sum(outcome.verdict == verdict for outcome in outcomes)


def _print_list(checks: Sequence[Check], *, as_json: bool) -> None:
    if as_json:
        rows = [{"name": check.name, "section": check.section, "contract": check.contract} for check in checks]
        typer.echo(json_text(rows))
        return
    if not sys.stdout.isatty():
        typer.echo("\n".join(f"{check.name}  {check.contract}" for check in checks))
        return
    cells = [(check.name, check.contract) for check in checks]
    print_table(("check", CONTRACT), cells, wrapped=(CONTRACT,))


def _print_outcomes(outcomes: Sequence[Outcome]) -> None:
    counts = ", ".join(
        f"{count} {counted}"
        for verdict, counted in COUNTED.items()
        if (count := _count(outcomes, verdict)) or verdict != "full"
    )
    if not sys.stdout.isatty():
        for outcome in outcomes:
            typer.echo("  ".join(filter(None, (outcome.verdict, outcome.check.name, _remark(outcome)))))
        typer.echo(counts)
        return
    from rich.text import Text

    rows: list[tuple[Text | str, ...]] = []
    for outcome in outcomes:
        said = Text(outcome.check.contract)
        if remark := _remark(outcome):
            said.append(f"\n{remark}", style=COLOURS[outcome.verdict])
        rows.append((Text(outcome.verdict, style=COLOURS[outcome.verdict]), outcome.check.name, said))
    print_table(("result", "check", OTHERWISE), rows, wrapped=(OTHERWISE,))
    typer.echo(counts)


def _remark(outcome: Outcome) -> str:
    """Say what there is to say beside the verdict; what is told of a server is on one line already (see ``run``)."""
    if outcome.expected is not None:
        return f"expected {outcome.expected}; got {outcome.got}"
    return outcome.reason or ""


def _fail(message: str, code: int) -> Never:
    fail(f"error: {message}", code)
