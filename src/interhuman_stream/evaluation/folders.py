"""Which data set a folder holds, told by its files, and the rows that are measured on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from interhuman_stream.evaluation import corpora
from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.evaluation.markings import has_markings, markings
from interhuman_stream.evaluation.text_sets import EMOTYDA, GOEMOTIONS, text_sets
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from interhuman_stream.evaluation.report import Row

SPANS = "spans.csv"
MARKED_LOOKED_AT = "yes"
"""Unless it is said otherwise: cues and weights were built looking at clips marked like this."""
ACTS = ("val_set.txt", "test_set.txt")
TALKING = "talk_"
# Which scale stands for which signal, and from where on a rating means it is there.
DAISEE = {
    "Boredom": (SignalType.DISENGAGEMENT, 2.0),
    "Engagement": (SignalType.ENGAGEMENT, 3.0),
    "Confusion": (SignalType.CONFUSION, 2.0),
    "Frustration": (SignalType.FRUSTRATION, 2.0),
}
FIRST_IMPRESSIONS = {"interview": (SignalType.CONFIDENCE, 0.5)}
BAH = {"ah": (SignalType.HESITATION, 1.0)}


def rows(folder: Path, models_dir: Path | None = None, *, unseen: bool = False) -> Iterator[Row]:
    """Measure whatever data set a folder holds.

    Args:
        folder: The folder.
        models_dir: Where the model files are, if not where they are put by default.
        unseen: Whether nobody looked at the folder while what is measured was being built.

    Raises:
        EvaluationError: It holds none that is known.
        ModelMissing: A model file is not there.
    """
    found = _rows(folder, models_dir)
    yield from (replace(row, looked_at="no") for row in found) if unseen else found


def _rows(folder: Path, models_dir: Path | None) -> Iterator[Row]:
    if any((folder / name).exists() for name in ACTS):
        from interhuman_stream.evaluation.wording import wording_rows  # noqa: PLC0415 - text needs no media libraries

        yield from wording_rows(folder)
    elif has_markings(folder):
        yield from _marked(folder, models_dir)
    elif texts := list(text_sets(folder)):
        from interhuman_stream.evaluation.words_alone import text_rows  # noqa: PLC0415 - as above

        for each in texts:
            yield from text_rows(each)
    elif clips := corpora.ravdess(folder) or corpora.crema_d(folder):
        from interhuman_stream.analysis.perception.voice import load_voice_models  # noqa: PLC0415 - as above
        from interhuman_stream.evaluation.arousal import arousal_rows  # noqa: PLC0415 - as above

        yield from arousal_rows(folder.name, clips, load_voice_models())
    else:
        yield from _watched(folder, models_dir)


def _marked(folder: Path, models_dir: Path | None) -> Iterator[Row]:
    from interhuman_stream.analysis.perception.models import load_models  # noqa: PLC0415 - as above
    from interhuman_stream.evaluation.marked import compare, fitted_rows, marked_rows  # noqa: PLC0415 - as above
    from interhuman_stream.evaluation.marked_events import event_rows  # noqa: PLC0415 - as above
    from interhuman_stream.evaluation.watching import watch  # noqa: PLC0415 - as above

    marked = markings(folder)
    models = load_models(models_dir)
    watched = [watch(clip.path, models) for clip in marked]
    compared = compare(marked, watched)
    yield from marked_rows(folder.name, compared, MARKED_LOOKED_AT)
    real = [at for at, clip in enumerate(marked) if not clip.drawn]
    if len(real) < len(marked):
        people = compare([marked[at] for at in real], [watched[at] for at in real])
        yield from marked_rows(f"{folder.name}, without {len(marked) - len(real)} drawn", people, MARKED_LOOKED_AT)
    yield from event_rows(folder.name, marked, watched, MARKED_LOOKED_AT)
    yield from fitted_rows(f"{folder.name}, the border alone", compared, marked, watched)


def _watched(folder: Path, models_dir: Path | None) -> Iterator[Row]:
    from interhuman_stream.analysis.perception.models import load_models  # noqa: PLC0415 - as above
    from interhuman_stream.evaluation.watching import rated_rows, span_rows, talk_rows, watch  # noqa: PLC0415 - as above

    rated, scales, confound = _rated(folder)
    spans = corpora.labelled_spans(folder / SPANS) if (folder / SPANS).exists() else []
    talking = [path for path in corpora.videos(folder) if path.name.startswith(TALKING)] or corpora.videos(folder)
    if not (rated or spans or talking):
        raise EvaluationError(
            f"{folder} holds no data set known here: no {' or '.join(ACTS)}, no marks/MARKER/CLIP.json, "
            f"no {GOEMOTIONS} or {EMOTYDA}, no RAVDESS or CREMA-D file names, no {SPANS} (file,start,end,signal), no "
            "Labels/AllLabels.csv, annotation.csv or labels.csv, and no video."
        )
    models = load_models(models_dir)
    if rated:
        yield from rated_rows(folder.name, rated, [watch(each.path, models) for each in rated], scales, confound)
    elif spans:
        files = sorted({span.path for span in spans})
        yield from span_rows(folder.name, spans, [watch(path, models) for path in files])
    else:
        yield from talk_rows(folder.name, [watch(path, models) for path in talking])


def _rated(folder: Path) -> tuple[list[corpora.Rated], dict[str, tuple[SignalType, float]], str | None]:
    if (folder / "Labels" / "turker_scores_full_interview.csv").exists():
        people = len(corpora.mit_interview(folder))
        raise EvaluationError(
            f"{folder} holds the MIT Interview ratings of {people} people, whose recordings are not public: "
            "the engine has nothing to watch. Put recordings and a spans.csv or labels.csv beside them."
        )
    if (folder / "Labels" / "AllLabels.csv").exists():
        return corpora.daisee(folder), DAISEE, None
    if (folder / "annotation.csv").exists():
        return corpora.first_impressions(folder), FIRST_IMPRESSIONS, None
    if (folder / "labels.csv").exists():
        return corpora.bah(folder), BAH, "question"
    return [], {}, None
