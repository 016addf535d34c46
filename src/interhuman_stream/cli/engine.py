"""Commands of the engine alone: `analyze` a file, `bench segment` for what a segment costs."""

from __future__ import annotations

import statistics
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interhuman_stream.cli.output import UNWRITTEN, check_writable, drawn_into, fail, file_name, json_text
from interhuman_stream.cli.tables import print_table
from interhuman_stream.findings import sentences
from interhuman_stream.plain import sentence
from interhuman_stream.protocol.v0 import perception
from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from collections.abc import Callable

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.findings import Findings

MILLISECONDS = 3
"""Digits of the times in JSON."""
STAGES = ("face", "voice", "words", "judge")
DECODE, SEGMENT = "decode (alone)", "segment to result"
ModelsDir = Annotated[
    Path | None, typer.Option(help="Where the model files are, if not where `models pull` puts them.")
]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(analyze)


def analyze(
    file: Annotated[
        Path,
        typer.Argument(
            help="A video file: MP4, MOV, AVI, MKV, WebM or MPEG-TS; by default the sample clip.", show_default=False
        ),
    ] = CLIP,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON with signals, cues, words and times.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Also draw the analysis into this file: PNG, or else SVG.")] = None,
    models_dir: ModelsDir = None,
) -> None:
    """Analyse a file with the engine alone and print the signals with their evidence."""
    data = _read(file)
    _check_plot(plot)
    models = _models(models_dir)
    from interhuman_stream.analysis.media.excess import OWN
    from interhuman_stream.analysis.session import AnalysisSession, Steps
    from interhuman_stream.faults import MalformedSegment, UnknownContainer

    try:
        with AnalysisSession(models, bounds=OWN) as session:
            for _ in (steps := Steps(session.whole(data))):
                pass
    except UnknownContainer:
        fail(f"{file} begins like no video file: name one that is MP4, MOV, AVI, MKV, WebM or MPEG-TS.")
    except MalformedSegment as error:
        fail(f"{file}: {error}")
    analysis = steps.result
    drawn = plot is None or _draw(plot, document(file, analysis), file)
    for notice in sentences(analysis.notices):
        typer.echo(sentence(f"{file_name(file)}: {notice}"), err=True)
    if as_json:
        typer.echo(json_text(document(file, analysis)))
    else:
        _print_table(file, analysis)
    if not drawn:
        raise typer.Exit(UNWRITTEN)


def _check_plot(plot: Path | None) -> None:
    """End the command before anything is analysed where a picture could not be drawn or written."""
    if plot is None:
        return
    check_writable(plot, "--plot")
    lacking = [name for name in ("quickjs", "resvg_py", "font_lato") if find_spec(name) is None]
    if lacking:
        needed = " and ".join(lacking)
        fail(f"--plot needs {needed}, not installed here; run: pip install --upgrade 'interhuman-stream[engine]'")


def _draw(plot: Path, told: dict[str, Any], file: Path) -> bool:
    """Draw the analysis into a file; whether that could be written."""
    from interhuman_stream.cli.plot import PNG, as_png
    from interhuman_stream.cli.plot import plot as draw

    picture = draw(told, file_name(file))
    return drawn_into(plot, as_png(picture) if plot.suffix.lower() == PNG else picture)


def bench_segment(
    file: Annotated[
        Path,
        typer.Argument(
            help="A video file, whose 5-second segments are measured; by default the sample clip.", show_default=False
        ),
    ] = CLIP,
    repeat: Annotated[int, typer.Option(min=1, help="How often the file is run through.")] = 3,
    models_dir: ModelsDir = None,
) -> None:
    """Measure what a 5-second segment costs by stage: median wall and CPU seconds from its last byte to its result."""
    _read(file)
    models = _models(models_dir)
    from interhuman_stream.analysis.media.stream import MediaStream
    from interhuman_stream.analysis.selftest import expected_cost
    from interhuman_stream.analysis.session import AnalysisSession
    from interhuman_stream.analysis.stopwatch import Stopwatch
    from interhuman_stream.client.sources.file import segments

    cut = [segment.data for segment in segments(file, seconds=5.0)]
    walls: dict[str, list[float]] = {}
    cpus: dict[str, list[float]] = {}
    seconds = 0.0
    if models.larger:
        models.larger()  # workers load it before anybody asks
    AnalysisSession(models).feed(cut[0])  # the first run allocates
    for _ in range(repeat):
        media, session = MediaStream(), AnalysisSession(models)
        for data in cut:
            decoding = Stopwatch()
            for _item in media.feed(data):
                pass
            decode, analysis = decoding.spent, session.feed(data)
            seconds += analysis.end - analysis.start
            whole = {DECODE: decode, SEGMENT: analysis.spent}
            stages = {name: analysis.stages[name] for name in STAGES if name in analysis.stages}
            for name, each in (stages | whole).items():
                walls.setdefault(name, []).append(each.wall)
            for name, spent in whole.items():
                cpus.setdefault(name, []).append(spent.cpu)
        media.close()
        session.close()
    rows: list[tuple[str, str, str]] = []
    for name in (DECODE, *STAGES, SEGMENT):
        if name in walls:
            cpu = f"{statistics.median(cpus[name]):.3f}" if name in cpus else ""
            rows.append((name, f"{statistics.median(walls[name]):.3f}", cpu))
    rows.append(("slowest segment to result", f"{max(walls[SEGMENT]):.3f}", ""))
    title = f"{len(cut)} segments of {file_name(file)}, {repeat} runs, medians"
    print_table(("stage", "wall s", "CPU s"), rows, title=title)
    typer.echo("Faces are looked at beside decoding, voice and words: what the stages take is more than the whole.")
    cost = sum(cpus[SEGMENT]) / seconds
    typer.echo(f"CPU for a second of video: {cost:.3f} s; expected by the self-test: {expected_cost(models):.3f} s")


def _read(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}. Name a video file.")
    if not data:
        fail(f"{file} is empty. Name a video file.")
    return data


def _models(directory: Path | None) -> Models:
    try:
        from interhuman_stream.analysis.model_files import missed
        from interhuman_stream.analysis.perception.models import load_models
        from interhuman_stream.faults import ModelMissing
    except ImportError as error:
        fail(f"The engine's {error.name} is not installed; run: pip install 'interhuman-stream[engine]'")
    try:
        models = load_models(directory)
    except ModelMissing as error:
        fail(str(error))
    if lacking := missed(directory):
        typer.echo(sentence(lacking), err=True)
    return models


def document(file: Path, analysis: Findings) -> dict[str, Any]:
    """What `analyze --json` prints, and pictures are drawn from."""
    seconds: Callable[[float], float] = lambda value: round(value, MILLISECONDS)  # noqa: E731 - one line reads best here
    return {
        "file": file.name,
        "duration": seconds(analysis.end - analysis.start),
        "signals": [
            {
                "type": signal.type,
                "start": seconds(signal.start),
                "end": seconds(signal.end),
                "probability": signal.probability,
                "rationale": signal.rationale(),
                "modality": list(signal.modality),
                "evidence": [
                    {"phrase": seen.phrase, "start": seconds(seen.start), "end": seconds(seen.end)}
                    for seen in signal.because
                ],
            }
            for signal in analysis.signals
        ],
        "engagement_state": [
            {"start": seconds(span.start), "end": seconds(span.end), "state": span.state}
            for span in analysis.engagement
        ],
        "perceived": {
            "has_video": analysis.has_video,
            "has_audio": analysis.has_audio,
            **perception(analysis.perceived, 0.0, MILLISECONDS),
        },
        "cues": [
            {
                "name": cue.name,
                "start": seconds(cue.start),
                "end": seconds(cue.end),
                "strength": seconds(cue.strength),
                "phrase": cue.phrase,
                "modality": cue.modality,
            }
            for cue in analysis.cues
        ],
        "words": [
            {
                "word": word.raw,
                "start": seconds(word.start),
                "end": seconds(word.end),
                "probability": seconds(word.probability),
            }
            for word in analysis.words
        ],
        "notices": sentences(analysis.notices),
        "stages": {
            name: {"began": seconds(stage.began), "wall": seconds(stage.wall)}
            for name, stage in analysis.stages.items()
        },
        "spent": {"wall": seconds(analysis.spent.wall), "cpu": seconds(analysis.spent.cpu)},
    }


def _print_table(file: Path, analysis: Findings) -> None:
    title = f"{file_name(file)}, {analysis.end - analysis.start:.1f} s"
    rows = [
        (signal.type, f"{signal.start:.1f}", f"{signal.end:.1f}", signal.probability, signal.rationale())
        for signal in analysis.signals
    ]
    if rows:
        print_table(("signal", "from", "to", "sure", "why"), rows, wrapped=("why",), title=title)
    else:
        typer.echo(sentence(f"{title}: no signal."))
    there = analysis.perceived
    typer.echo(
        f"Perceived: a face for {there.face:.1f} s, this person speaking for {there.speaking:.1f} s, "
        f"a voice for {there.voice:.1f} s, {there.words} {'word' if there.words == 1 else 'words'} understood."
    )
    for limit in there.limits:
        typer.echo(f"{limit.start:.1f}–{limit.end:.1f} s: {limit.why.sentence}")
