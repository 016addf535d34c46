"""Which credential a command uses: what stands on the command line before what stands in the environment."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from interhuman_stream.client.errors import MissingCredentials
from interhuman_stream.client.tokens import ApiKey, AuthClient, KeyPair, StaticToken, TokenCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.client.tokens import TokenProvider

KeyId = Annotated[str | None, typer.Option(envvar="INTERHUMAN_API_KEY_ID", help="The id of a key pair.")]
KeySecret = Annotated[
    str | None,
    typer.Option(
        envvar="INTERHUMAN_API_KEY_SECRET",
        help="The secret of a key pair. Better in the environment: others can read a command line.",
    ),
]
ApiKeyOption = Annotated[
    str | None, typer.Option(envvar="INTERHUMAN_API_KEY", help="An API key. Better in the environment.")
]
TokenOption = Annotated[
    str | None,
    typer.Option(
        envvar="INTERHUMAN_TOKEN", help="A token that was got before, used as it is. Better in the environment."
    ),
]

TokenCommandOption = Annotated[
    str | None,
    typer.Option(
        envvar="INTERHUMAN_TOKEN_COMMAND",
        help="A program that prints a token, or the JSON of POST /v0/auth; it is run whenever one is needed.",
    ),
]


@dataclass(frozen=True, slots=True)
class Given:
    """What a command was given to authenticate with."""

    key_id: str | None = None
    key_secret: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    token_command: str | None = field(default=None, repr=False)


def key_pair(given: Given) -> tuple[str, str]:
    """Give the id and the secret.

    Raises:
        MissingCredentials: One of them, or both, are not there.
    """
    key_id, key_secret = (given.key_id or "").strip(), (given.key_secret or "").strip()
    if key_id and key_secret:
        return key_id, key_secret
    if key_id or key_secret:
        missing = "secret; set INTERHUMAN_API_KEY_SECRET" if key_id else "id; set INTERHUMAN_API_KEY_ID"
        raise MissingCredentials(f"the key pair lacks its {missing}")
    raise MissingCredentials(
        "no key pair: set INTERHUMAN_API_KEY_ID and INTERHUMAN_API_KEY_SECRET, or give --key-id and --key-secret"
    )


def provider(context: typer.Context, url: str, given: Given, scopes: Sequence[str]) -> TokenProvider:
    """Choose what gives the token: a token, a program, a key pair or an API key; the command line goes first.

    Raises:
        MissingCredentials: There is none.
    """
    offered = {
        "token": bool(given.token),
        "token_command": bool((given.token_command or "").strip()),
        "key_secret": bool(given.key_id or given.key_secret),
        "api_key": bool(given.api_key),
    }
    there = [name for name, given_so in offered.items() if given_so]
    typed = [name for name in there if _typed(context, name)]
    chosen = next(iter(typed or there), None)
    if chosen == "token":
        return StaticToken((given.token or "").strip())
    if chosen == "token_command":
        return TokenCommand(_words(given.token_command or ""))
    if chosen == "api_key":
        return ApiKey((given.api_key or "").strip())
    if chosen == "key_secret":
        key_id, key_secret = key_pair(given)
        return KeyPair(AuthClient(url), key_id, key_secret, scopes=scopes)
    raise MissingCredentials(
        "no credentials: set INTERHUMAN_API_KEY_ID and INTERHUMAN_API_KEY_SECRET, or INTERHUMAN_API_KEY,"
        " or give --token-command"
    )


def _words(command: str) -> list[str]:
    """Take a command apart as a shell does.

    Raises:
        MissingCredentials: A quote in it is not closed.
    """
    try:
        return shlex.split(command)
    except ValueError as error:
        raise MissingCredentials(
            f"the token command cannot be read ({error}); write it as a shell would take it"
        ) from None


def _typed(context: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
