"""Commands of the service: `serve` it, and `keys` for those who may use it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from interhuman_stream.cli.options import with_settings

if TYPE_CHECKING:
    from interhuman_stream.engine.limits import Limits
    from interhuman_stream.service.configuration import Configuration
    from interhuman_stream.service.settings import Settings
    from interhuman_stream.service.store import Store

DataDir = Annotated[
    Path, typer.Option(envvar="INTERHUMAN_DATA_DIR", help="Where keys are kept; made if it is not there.")
]
DEFAULT_DATA_DIR = Path("interhuman-data")


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command()(serve)
    keys = typer.Typer(name="keys", help="Make, list and revoke the keys of a service.", no_args_is_help=True)
    keys.command("create")(create)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke)
    app.add_typer(keys)


@with_settings()
def serve(
    configuration: Configuration,
    show_config: Annotated[
        bool, typer.Option("--show-config", help="Print the settings and where each comes from, and do nothing else.")
    ] = False,
) -> None:
    """Serve the API and the page on this machine.

    Each setting is given as an option, in the environment or in a TOML file (the name without dashes in front, with
    underscores: `max_sessions = 8`); the first of these counts.

    SIGTERM and Ctrl-C end it in good order: no new streams, the segments at hand are answered, and clients are told to
    come back (close code 1012). Ctrl-C again ends it at once.
    """
    if show_config:
        typer.echo(configuration.shown())
        return
    from interhuman_stream.engine.local import LocalEngine
    from interhuman_stream.service.log import log_to_stderr
    from interhuman_stream.service.run import Server
    from interhuman_stream.service.settings import SettingError

    settings = configuration.settings
    models_or_fail(settings.models_dir)
    log_to_stderr(settings.log_level, settings.log_format)
    _store(settings.data_dir).close()  # says what is wrong with the directory, if anything is
    try:
        server = Server(settings, LocalEngine(settings.workers, settings.models_dir, _limits(settings)))
    except SettingError as error:
        _fail(f"{error} (from: {configuration.origins[error.name]})")
    except OSError as error:
        _fail(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Choose another with --port, or 0 for a free one."
        )
    if settings.log_format == "console":
        if not server.service.store.keys():
            _print_first_key(server.service.store)
        typer.echo(f"Loading models; the page will be at {server.url}", err=True)
    else:  # logs that are kept are no place for a secret
        import structlog

        log = structlog.get_logger()
        if not server.service.store.keys():
            log.warning("there is no key yet; make one with: interhuman-stream keys create")
        log.info("loading models", page=server.url)
    server.serve_until_stopped()


def _limits(settings: Settings) -> Limits:
    from interhuman_stream.engine.limits import Limits

    return Limits(settings.segment_limit_seconds, settings.file_limit_seconds, settings.worker_memory_bytes)


def create(
    scope: Annotated[list[str], typer.Option(help="What the key may be used for; may be given again.")],
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a key. Its secrets are shown this once."""
    from interhuman_stream.protocol.limits import SCOPES

    need_service()
    if unknown := [each for each in scope if each not in SCOPES]:
        raise typer.BadParameter(f"{unknown[0]!r} is not known; use one of: {', '.join(SCOPES)}", param_hint="--scope")
    store = _store(data_dir)
    key = store.create(list(dict.fromkeys(scope)))
    store.close()
    secrets = {"key_id": key.key_id, "key_secret": key.key_secret, "api_key": key.api_key}
    typer.echo(json.dumps(secrets) if as_json else "\n".join(f"{name:10} {value}" for name, value in secrets.items()))


def list_keys(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the keys, without their secrets."""
    need_service()
    store = _store(data_dir)
    keys = store.keys()
    store.close()
    if as_json:
        rows = [
            {
                "key_id": key.key_id,
                "scopes": list(key.scopes),
                "created_at": f"{key.created_at.isoformat(timespec='seconds')}Z",
                "revoked_at": f"{key.revoked_at.isoformat(timespec='seconds')}Z" if key.revoked_at else None,
            }
            for key in keys
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("key_id", "scopes", "created (UTC)", "revoked (UTC)")
    for key in keys:
        revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
        table.add_row(key.key_id, " ".join(key.scopes), f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
    Console().print(table)


def revoke(key_id: Annotated[str, typer.Argument(help="Of the key.")], data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Revoke a key: it and every token made from it stop working at once."""
    need_service()
    store = _store(data_dir)
    done = store.revoke(key_id)
    store.close()
    if not done:
        _fail(f"There is no key {key_id} in {data_dir}; `interhuman-stream keys list` shows those there are.")
    typer.echo(f"{key_id} is revoked.", err=True)


def _print_first_key(store: Store) -> None:
    from interhuman_stream.protocol.limits import SCOPES

    key = store.create(SCOPES)
    typer.echo("A first key was made; it is shown this once:", err=True)
    typer.echo(f"  key_id     {key.key_id}\n  key_secret {key.key_secret}\n  api_key    {key.api_key}", err=True)


def models_or_fail(directory: Path | None) -> None:
    """End the command with one sentence where a model file is missing, before anything is started."""
    from interhuman_stream.analysis.errors import ModelMissing
    from interhuman_stream.analysis.models import FACE_LANDMARKER, WHISPER, locate

    try:
        for name in (FACE_LANDMARKER, WHISPER):
            locate(name, directory)
    except ModelMissing as error:
        _fail(str(error))


def need_service() -> None:
    """End the command with one sentence where the service's packages are not installed."""
    try:
        import interhuman_stream.service.app  # noqa: F401 - is it all installed?
    except ImportError as error:
        _fail(f"The service's {error.name} is not installed; run: pip install 'interhuman-stream[service]'")


def _store(data_dir: Path) -> Store:
    from interhuman_stream.service.store import Store

    try:
        return Store(data_dir)
    except OSError as error:
        _fail(f"{data_dir} cannot be used: {error.strerror}. Name another with --data-dir.")


def _fail(message: str) -> Never:
    typer.echo(message, err=True)
    sys.exit(1)
