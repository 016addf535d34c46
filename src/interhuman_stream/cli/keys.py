"""The commands `keys`: make, list, rotate and revoke those of a service, and read what happened with them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interhuman_stream.cli.options import with_settings
from interhuman_stream.cli.output import fail
from interhuman_stream.cli.tables import print_table
from interhuman_stream.client.errors import NotWritten

if TYPE_CHECKING:
    from datetime import datetime

    from interhuman_stream.service.access.store import Key, NewKey, Store
    from interhuman_stream.service.configuration import Configuration
    from interhuman_stream.service.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WHERE = ("data_dir", "database_url")
KeyId = Annotated[str, typer.Argument(help="Of the key.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    keys = typer.Typer(name="keys", help="Make, list, rotate and revoke the keys of a service.", no_args_is_help=True)
    keys.command("create")(create)
    keys.command("list")(list_keys)
    keys.command("rotate")(rotate)
    keys.command("revoke")(revoke)
    keys.command("rotate-signing")(rotate_signing)
    keys.command("audit")(audit)
    app.add_typer(keys)


@with_settings(*WHERE)
def create(
    configuration: Configuration,
    scope: Annotated[list[str], typer.Option(help="What the key may be used for; may be given again.")],
    name: Annotated[str | None, typer.Option(help="A label, to know the key by.")] = None,
    expires_days: Annotated[float | None, typer.Option(min=0, help="Days until the key stops working.")] = None,
    max_sessions: Annotated[int | None, typer.Option(min=0, help="Streams and uploads it may have open.")] = None,
    max_bytes_per_hour: Annotated[int | None, typer.Option(min=0, help="Bytes of video it may send.")] = None,
    max_video_seconds_per_hour: Annotated[
        float | None, typer.Option(min=0, help="Seconds of video it may have analysed.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a key. Its secrets are shown this once.

    Limits that are not given are those of the service.
    """
    from interhuman_stream.protocol.tokens import granted_scopes
    from interhuman_stream.service.access.quota import Allowance

    try:
        scopes = granted_scopes(scope)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--scope") from None
    try:
        lifetime = timedelta(days=expires_days) if expires_days is not None else None
        allowance = Allowance(max_sessions, max_bytes_per_hour, max_video_seconds_per_hour)
        store = open_store(configuration.settings)
        key = store.create(scopes, name=name, lifetime=lifetime, allowance=allowance)
    except OverflowError:
        raise typer.BadParameter("is too far ahead; leave it out for no end", param_hint="--expires-days") from None
    store.close()
    _print_new(key, as_json=as_json)


@with_settings(*WHERE)
def list_keys(configuration: Configuration, as_json: Json = False) -> None:
    """List the keys, without their secrets."""
    store = open_store(configuration.settings)
    keys = store.keys()
    store.close()
    if as_json:
        typer.echo(json.dumps([_listed(key) for key in keys], indent=2))
        return
    if not keys:
        typer.echo("There are no keys yet; `interhuman-stream keys create` makes one.", err=True)
        return
    rows: list[tuple[str, ...]] = []
    for key in keys:
        limits = ", ".join(f"{name} {value}" for name, value in _limits(key).items() if value is not None)
        times = [f"{time:%Y-%m-%d %H:%M}" if time else "" for time in (key.created_at, key.expires_at, key.revoked_at)]
        rows.append((key.key_id, key.name or "", " ".join(key.scopes), limits, *times))
    heads = ("key_id", "name", "scopes", "limits", "created (UTC)", "expires (UTC)", "revoked (UTC)")
    print_table(heads, rows, wrapped=("name", "scopes", "limits"))


@with_settings(*WHERE)
def rotate(
    configuration: Configuration,
    key_id: KeyId,
    overlap: Annotated[
        float, typer.Option(min=0, max=366 * 86400, help="Seconds that the old secrets and their tokens stay good.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Give a key new secrets. They are shown this once.

    The old ones, and every token and stream made with them, end at once, or after the overlap.
    """
    store = open_store(configuration.settings)
    key = store.rotate(key_id, timedelta(seconds=overlap))
    store.close()
    if key is None:
        fail(f"There is no key {key_id} that is live; `interhuman-stream keys list` shows those there are.")
    _print_new(key, as_json=as_json)


@with_settings(*WHERE)
def revoke(configuration: Configuration, key_id: KeyId) -> None:
    """Revoke a key: it and every token made from it stop working at once."""
    store = open_store(configuration.settings)
    done = store.revoke(key_id)
    store.close()
    if not done:
        settings = configuration.settings
        where = "the database" if settings.database_url else settings.data_dir
        fail(f"There is no key {key_id} in {where}; `interhuman-stream keys list` shows those there are.")
    typer.echo(f"{key_id} is revoked.", err=True)


@with_settings(*WHERE)
def rotate_signing(
    configuration: Configuration,
    now: Annotated[bool, typer.Option("--now", help="Let no older token be good any more.")] = False,
) -> None:
    """Sign tokens with a new key. Those that are about stay good until they expire.

    Running services sign with it from their next token on.
    """
    store = open_store(configuration.settings)
    kid = store.rotate_signing(at_once=now)
    store.close()
    typer.echo(f"Tokens are signed by {kid} now.", err=True)


@with_settings(*WHERE)
def audit(
    configuration: Configuration,
    last: Annotated[int | None, typer.Option(min=1, help="Only so many, the newest.")] = None,
    as_json: Json = False,
) -> None:
    """Print what happened with keys and tokens, the oldest first."""
    store = open_store(configuration.settings)
    entries = store.audit(last)
    store.close()
    if as_json:
        rows = [
            {
                "time": _utc(each.time),
                "event": each.event,
                "key_id": each.key_id,
                "client": each.client,
                "detail": each.detail,
                "count": each.count,
            }
            for each in entries
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    cells = [
        (f"{each.time:%Y-%m-%d %H:%M:%S}", each.event, each.key_id, each.client, each.detail, str(each.count))
        for each in entries
    ]
    print_table(("time (UTC)", "event", "key_id", "client", "detail", "count"), cells, wrapped=("detail",))


def open_store(settings: Settings) -> Store:
    """Open the database, or end the command with one sentence."""
    from interhuman_stream.service.access.database import StoreError
    from interhuman_stream.service.access.store import Store

    try:
        return Store(settings.data_dir, settings.database_url)
    except StoreError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{settings.data_dir} cannot be used: {error.strerror}. Name another with --data-dir.")


def _print_new(key: NewKey, *, as_json: bool) -> None:
    secrets = {"key_id": key.key_id, "key_secret": key.key_secret, "api_key": key.api_key}
    try:
        typer.echo(
            json.dumps(secrets) if as_json else "\n".join(f"{name:10} {value}" for name, value in secrets.items())
        )
    except NotWritten as error:
        fail(
            f"error: {error}; the key {key.key_id} is made, and nobody knows its secrets: "
            f"`interhuman-stream keys rotate {key.key_id}` makes others"
        )


def _listed(key: Key) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created_at": _utc(key.created_at),
        "expires_at": _utc(key.expires_at),
        "revoked_at": _utc(key.revoked_at),
        **_limits(key),
    }


def _limits(key: Key) -> dict[str, float | None]:
    allowance = key.allowance
    return {
        "max_sessions": allowance.sessions,
        "max_bytes_per_hour": allowance.bytes_an_hour,
        "max_video_seconds_per_hour": allowance.video_seconds_an_hour,
    }


def _utc(time: datetime | None) -> str | None:
    return f"{time.isoformat(timespec='seconds')}Z" if time else None
