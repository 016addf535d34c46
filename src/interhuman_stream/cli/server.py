"""The command `serve`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from interhuman_stream.cli.keys import open_store
from interhuman_stream.cli.options import with_settings
from interhuman_stream.cli.output import fail

if TYPE_CHECKING:
    from pathlib import Path

    from interhuman_stream.engine.local.limits import Limits
    from interhuman_stream.service.access.store import Store
    from interhuman_stream.service.configuration import Configuration
    from interhuman_stream.service.context import Service
    from interhuman_stream.service.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(serve)


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
    from interhuman_stream.engine.local.engine import LocalEngine
    from interhuman_stream.service.run import Server
    from interhuman_stream.service.settings import DECLARED, SettingError
    from interhuman_stream.service.watch.log import log_to_stderr

    settings = configuration.settings
    # Known now; and the processes that will decode strangers' video get their environment from this one.
    for each in DECLARED:
        if each.about.secret:
            os.environ.pop(each.variable, None)
    models_or_fail(settings.models_dir)
    log_to_stderr(settings.log_level, settings.log_format)
    # Says what is wrong with the database, if anything is.
    open_store(settings).close()
    try:
        server = Server(settings, LocalEngine(settings.workers, settings.models_dir, _limits(settings)))
    except SettingError as error:
        fail(f"{error} (from: {configuration.origins[error.name]})")
    except OSError as error:
        fail(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Choose another with --port, or 0 for a free one."
        )
    if settings.log_format == "console":
        if not _keys(server.service.store):
            _print_first_key(server.service.store)
        typer.echo(f"Loading models; the page will be at {server.url}/{_invitation(server.service)}", err=True)
    else:  # logs that are kept are no place for a secret
        import structlog

        log = structlog.get_logger()
        if not _keys(server.service.store):
            log.warning("there is no key yet; make one with: interhuman-stream keys create")
        log.info("loading models", page=server.url)
    server.serve_until_stopped()


def _limits(settings: Settings) -> Limits:
    from interhuman_stream.engine.local.limits import Limits

    return Limits(settings.segment_limit_seconds, settings.file_limit_seconds, settings.worker_memory_bytes)


def _keys(store: Store) -> bool:
    """Whether there is any key that somebody made."""
    from interhuman_stream.service.access.page import PAGE_KEY

    made = store.keys()
    return any(key.name != PAGE_KEY for key in made)


def _invitation(service: Service) -> str:
    """What the page's address has behind it: a code that lets the page in, once; browsers send a fragment to nobody."""
    code = service.page.invite()
    return f"#once={code}" if code else ""


def _print_first_key(store: Store) -> None:
    from interhuman_stream.protocol.limits import SCOPES

    key = store.create(SCOPES)
    typer.echo("A first key was made; it is shown this once:", err=True)
    typer.echo(f"  key_id     {key.key_id}\n  key_secret {key.key_secret}\n  api_key    {key.api_key}", err=True)


def models_or_fail(directory: Path | None) -> None:
    """End the command with one sentence where a model file is missing, before anything is started.

    What can be done without is said and done without.
    """
    from interhuman_stream.analysis.model_files import FACE_LANDMARKER, WHISPER, locate, missed
    from interhuman_stream.faults import ModelMissing

    try:
        for name in (FACE_LANDMARKER, WHISPER):
            locate(name, directory)
    except ModelMissing as error:
        fail(str(error))
    if lacking := missed(directory):
        typer.echo(lacking, err=True)
