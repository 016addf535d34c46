"""Commands that measure: `evaluate` on data sets by folder; `fit-wording` and `fit-emotions` on texts."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interhuman_stream.cli.output import (
    UNWRITTEN,
    check_writable,
    drawn_into,
    fail,
    file_name,
    json_text,
    unusable,
    write_file,
)
from interhuman_stream.client.errors import NotWritten
from interhuman_stream.plain import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from interhuman_stream.evaluation.report import Row


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command()(evaluate)
    app.command()(fit_wording)
    app.command()(fit_emotions)


def evaluate(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="Folders that hold clips marked by several people (marks/MARKER/CLIP.json), dialogue acts "
            "(val_set.txt, test_set.txt), GoEmotions (test.tsv), EMOTyDA (MELD.csv), RAVDESS, CREMA-D, DAiSEE, First "
            "Impressions or BAH, videos with a spans.csv (file,start,end,signal), or videos alone."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Nobody looked at these folders while building: say so in every row.")
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Also draw AUC and F1 into this SVG file.")] = None,
    models_dir: Annotated[
        Path | None, typer.Option(help="Where the model files are, if not where `models pull` puts them.")
    ] = None,
) -> None:
    """Measure on each folder and print every figure with its 95 % interval and with what simpler answers reach."""
    from interhuman_stream.evaluation.errors import EvaluationError
    from interhuman_stream.evaluation.folders import rows
    from interhuman_stream.evaluation.report import document, picture
    from interhuman_stream.faults import ModelMissing

    check_writable(plot, "--plot")
    found: list[Row] = []
    try:
        for folder in folders:
            typer.echo(f"measuring on {file_name(folder)}", err=True)
            found += rows(folder, models_dir, unseen=unseen)
    except (EvaluationError, ModelMissing) as error:
        fail(error)
    except OSError as error:
        fail(unusable(error, "name a folder that holds a data set; `evaluate --help` lists those that are known"))
    drawn = plot is None or drawn_into(plot, picture(found))
    if as_json:
        typer.echo(json_text(document(found)))
    else:
        for line in _table(found):
            typer.echo(line)
    if not drawn:
        raise typer.Exit(UNWRITTEN)


def fit_wording(
    training: Annotated[Path, typer.Argument(help="A file of dialogue acts, such as MRDA's train_set.txt.")],
    output: Annotated[Path, typer.Argument(help="Where the weights go.")] = Path(
        "src/interhuman_stream/analysis/cues/utterances.toml"
    ),
) -> None:
    """Fit the weights by which utterances are read, and write them one a line."""
    from interhuman_stream.evaluation import fit_wording as fitting

    _write_weights(output, lambda: fitting.fit_wording(training))


def fit_emotions(
    training: Annotated[Path, typer.Argument(help="Texts with emotions: GoEmotions' train.tsv.")],
    speech: Annotated[Path, typer.Argument(help="A file of dialogue acts, such as MRDA's train_set.txt.")],
    output: Annotated[Path, typer.Argument(help="Where the weights go.")] = Path(
        "src/interhuman_stream/analysis/cues/emotions.toml"
    ),
) -> None:
    """Fit the weights by which feelings are read from words, with thresholds for speech, and write them one a line."""
    from interhuman_stream.evaluation import fit_wording as fitting

    _write_weights(output, lambda: fitting.fit_emotions(training, speech))


def _write_weights(output: Path, fitted: Callable[[], str]) -> None:
    """Fit, and write the text of the weights; where that could not be written is said before."""
    from interhuman_stream.evaluation.errors import EvaluationError

    check_writable(output, "the weights")
    try:
        write_file(output, fitted())
    except (EvaluationError, NotWritten) as error:
        fail(error)
    except OSError as error:
        fail(unusable(error, "name a file to fit the weights on"))
    typer.echo(f"written to {sentence(output)}", err=True)


def _table(rows: list[Row]) -> list[str]:
    """One Markdown table for rows with the same figures, so that it can stand in a document as it is."""
    lines: list[str] = []
    for (names, compared), each in groupby(rows, lambda row: (tuple(row.figures), bool(row.baselines))):
        head = ["what", "data", "looked at while building", "size", *names, *["beside it: simpler answers"] * compared]
        lines += ["", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
        for row in each:
            simpler = "; ".join(f"{name} {value}" for name, value in row.baselines.items())
            cells = [
                row.what,
                row.data,
                row.looked_at,
                row.size,
                *map(str, row.figures.values()),
                *[simpler] * compared,
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return lines[1:]
