"""What the engine reports against what several markers marked, moment by moment; beside it what simpler answers reach.

Moments are a quarter of a second. A moment has a signal where most markers marked it. What lies beyond a clip's marked
length does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.fusion import log_odds
from interhuman_stream.evaluation.leaving_out import left_out_rows
from interhuman_stream.evaluation.measures import f1, over_groups, precision, recall
from interhuman_stream.evaluation.report import Row, single
from interhuman_stream.signals import EngagementState, SignalType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.evaluation.markings import Marked
    from interhuman_stream.evaluation.measures import Figure
    from interhuman_stream.evaluation.watching import Watched

    Moments = NDArray[np.bool_]

MOMENT: Final = 0.25
"""Seconds; the markers' times are right to about so much."""
CLEARLY: Final = 2
"""How sure a marker is of what most people would say so."""
STATES: Final = tuple(EngagementState)
UNDECIDED: Final = -1


@dataclass(frozen=True, slots=True)
class Compared:
    """Every moment of every clip, one clip after another: n moments, m markers.

    Attributes:
        clip: n, the number of the clip.
        person: n, the number of the person.
        marked: m×n for each signal.
        reported: n for each signal.
        speaking: n, whether the mouth says that this person speaks.
        levels: m×n, the level as a place in ``STATES``.
        level: n, the level that was reported.
        clear: The clips in which all markers saw one signal clearly.
    """

    clip: NDArray[np.int64]
    person: NDArray[np.int64]
    marked: dict[SignalType, Moments]
    reported: dict[SignalType, Moments]
    speaking: Moments
    levels: NDArray[np.int64]
    level: NDArray[np.int64]
    clear: tuple[int, ...]

    def most(self, kind: SignalType) -> Moments:
        """Where most markers have the signal, n."""
        return most(self.marked[kind])

    def seconds(self, moments: Moments) -> str:
        """How long that is, and how many people it is from."""
        people = len(set(self.person[moments].tolist()))
        return f"{moments.sum() * MOMENT:.1f} s of {people}" if people else "0 s"


def most(marked: Moments) -> Moments:
    """Where more than half of the rows hold, of m×n."""
    return np.asarray(2 * marked.sum(axis=0) > len(marked))


def moments(spans: Iterable[tuple[float, float]], count: int) -> Moments:
    """The moments that lie in one of the spans (seconds), both ends rounded to the grid."""
    found = np.zeros(count, np.bool_)
    for start, end in spans:
        found[max(0, round(start / MOMENT)) : max(0, round(end / MOMENT))] = True
    return found


def length(clip: Marked) -> int:
    """How many moments a clip has."""
    return round(clip.seconds / MOMENT)


def compare(marked: Sequence[Marked], watched: Sequence[Watched]) -> Compared:
    """Put marks and reports on one grid."""
    people = sorted({clip.person for clip in marked})
    parts = [
        _compare(at, people.index(clip.person), clip, seen)
        for at, (clip, seen) in enumerate(zip(marked, watched, strict=True))
    ]
    return Compared(
        clip=np.concatenate([part.clip for part in parts]),
        person=np.concatenate([part.person for part in parts]),
        marked={kind: np.concatenate([part.marked[kind] for part in parts], axis=1) for kind in SignalType},
        reported={kind: np.concatenate([part.reported[kind] for part in parts]) for kind in SignalType},
        speaking=np.concatenate([part.speaking for part in parts]),
        levels=np.concatenate([part.levels for part in parts], axis=1),
        level=np.concatenate([part.level for part in parts]),
        clear=tuple(at for part in parts for at in part.clear),
    )


def marked_rows(name: str, compared: Compared, looked_at: str) -> Iterator[Row]:
    """A row for each signal, and one each for the level, for silent clips, and for what nobody marked."""
    for kind in SignalType:
        yield _signal_row(name, compared, kind, looked_at)
    yield _level_row(name, compared, looked_at)
    yield _silent_row(name, compared, looked_at)
    yield _unmarked_row(name, compared, looked_at)


def fitted_rows(name: str, compared: Compared, marked: Sequence[Marked], watched: Sequence[Watched]) -> Iterator[Row]:
    """What the border above which a signal is reported would be on people it was not chosen on.

    The border alone is chosen anew, without one person in turn; weights and cues stay, and have seen everybody.
    """
    scores = {
        kind: np.concatenate(
            [
                log_odds(kind, seen.cues, np.asarray((np.arange(length(clip)) + 0.5) * MOMENT, np.float64))
                for clip, seen in zip(marked, watched, strict=True)
            ]
        )
        for kind in SignalType
    }
    there = {f"border of {kind}": compared.most(kind) for kind in SignalType}
    known = {what: score for what, score in zip(there, scores.values(), strict=True) if there[what].any()}
    if len(set(compared.person.tolist())) > 1:
        yield from left_out_rows(name, known, there, compared.person)


def _compare(number: int, person: int, clip: Marked, seen: Watched) -> Compared:
    count = length(clip)

    def marked_by(kind: SignalType) -> Moments:
        return np.array(
            [
                moments(((mark.start, mark.end) for mark in marker.signals if mark.what == kind), count)
                for marker in clip.markers
            ]
        )

    return Compared(
        clip=np.full(count, number),
        person=np.full(count, person),
        marked={kind: marked_by(kind) for kind in SignalType},
        reported={
            kind: moments(((each.start, each.end) for each in seen.signals if each.type is kind), count)
            for kind in SignalType
        },
        speaking=seen.mouth.speaking(np.asarray((np.arange(count) + 0.5) * MOMENT, np.float64)),
        levels=np.array(
            [_levels(((mark.start, mark.end, mark.what) for mark in marker.levels), count) for marker in clip.markers]
        ),
        level=_levels(((each.start, each.end, each.state) for each in seen.levels), count),
        clear=(number,) if _clear(clip) else (),
    )


def _levels(spans: Iterable[tuple[float, float, str]], count: int) -> NDArray[np.int64]:
    """The level at each moment; neutral where none is given."""
    found = np.full(count, STATES.index(EngagementState.NEUTRAL))
    for start, end, state in spans:
        found[moments([(start, end)], count)] = STATES.index(EngagementState(state))
    return found


def _clear(clip: Marked) -> bool:
    """Whether there is a signal that every marker saw somewhere in the clip, and was sure of."""
    seen = [{mark.what for mark in marker.signals if mark.sure >= CLEARLY} for marker in clip.markers]
    return bool(set.intersection(*seen))


def _signal_row(name: str, compared: Compared, kind: SignalType, looked_at: str) -> Row:
    said, there = compared.reported[kind], compared.most(kind)
    anybody: Moments = np.asarray(compared.marked[kind].any(axis=0), np.bool_)

    def figure(measure: Callable[[Moments, Moments], float], label: Moments) -> Figure:
        return over_groups(lambda rows: measure(said[rows], label[rows]), compared.person)

    figures = {
        "marked, share": single(float(there.mean())),
        "reported, share": single(float(said.mean())),
        "precision": figure(precision, there),
        "precision, any marker": figure(precision, anybody),
        "recall": figure(recall, there),
        "F1": figure(f1, there),
    }
    baselines = {
        "always": f"F1 {_shown(f1(np.ones_like(there), there))}",
        "whenever this person speaks": f"F1 {_shown(f1(compared.speaking, there))}",
        "one marker against the others": f"F1 {_shown(_one_against_others(compared.marked[kind]))}",
    }
    size = f"marked {compared.seconds(there)}, reported {compared.seconds(said)}"
    return Row(str(kind), name, size, figures, baselines, looked_at)


def _one_against_others(marked: Moments) -> float:
    """How well a marker finds what all the others have, F1, the mean of all markers; NaN with one alone."""
    if len(marked) == 1:
        return float("nan")
    others = [np.asarray(np.delete(marked, at, axis=0).all(axis=0), np.bool_) for at in range(len(marked))]
    scores = [f1(one, other) for one, other in zip(marked, others, strict=True)]
    known = [score for score in scores if not np.isnan(score)]
    return float(np.mean(known)) if known else float("nan")


def _level_row(name: str, compared: Compared, looked_at: str) -> Row:
    votes = np.array([(compared.levels == place).sum(axis=0) for place in range(len(STATES))])
    # Where no level has more votes than every other, nobody can say what is right.
    decided = (votes == votes.max(axis=0)).sum(axis=0) == 1
    level = np.where(decided, votes.argmax(axis=0), UNDECIDED)

    def agree(one: NDArray[np.int64], rows: Moments) -> float:
        return float((one == level)[rows].mean()) if rows.any() else float("nan")

    engaged, neutral = (STATES.index(each) for each in (EngagementState.ENGAGED, EngagementState.NEUTRAL))
    speaking = np.where(compared.speaking, engaged, neutral)
    right = compared.level == level
    known = np.flatnonzero(decided)
    pairs = [(a, b) for a in range(len(compared.levels)) for b in range(a)]
    between = [float((compared.levels[a] == compared.levels[b]).mean()) for a, b in pairs]
    return Row(
        "engagement level",
        name,
        f"{decided.sum() * MOMENT:.0f} s of {len(set(compared.person.tolist()))} people",
        {"agreement": over_groups(lambda rows: float(right[known][rows].mean()), compared.person[known])},
        {
            "always engaged": _shown(agree(np.full_like(level, engaged), decided)),
            "engaged whenever this person speaks, else neutral": _shown(agree(speaking, decided)),
            "one marker against another": _shown(float(np.mean(between)) if between else float("nan")),
        },
        looked_at,
    )


def _silent_row(name: str, compared: Compared, looked_at: str) -> Row:
    anything = np.any(list(compared.reported.values()), axis=0)
    silent = np.array([not anything[compared.clip == at].any() for at in compared.clear], np.bool_)
    mute = sum(not compared.speaking[compared.clip == at].any() for at in compared.clear)
    person = np.array([compared.person[compared.clip == at][0] for at in compared.clear], np.int64)
    share = over_groups(lambda rows: float(silent[rows].mean()), person) if len(silent) else single(float("nan"))
    return Row(
        "nothing reported at all",
        name,
        f"{silent.sum()} of {len(silent)} clips in which all markers saw one signal clearly",
        {"silent share": share},
        {"whenever this person speaks": f"{mute} of {len(silent)} silent"},
        looked_at,
    )


def _unmarked_row(name: str, compared: Compared, looked_at: str) -> Row:
    nobody = ~np.any([marked.any(axis=0) for marked in compared.marked.values()], axis=0)
    anything = np.any(list(compared.reported.values()), axis=0)
    wrong = {kind: said & nobody for kind, said in compared.reported.items()}
    which = ", ".join(f"{kind} {compared.seconds(said)}" for kind, said in wrong.items() if said.any())
    return Row(
        "reported where nobody marked anything",
        name,
        f"{nobody.sum() * MOMENT:.1f} s without any mark" + (f"; reported: {which}" if which else ""),
        {
            "seconds": single(float((anything & nobody).sum() * MOMENT)),
            "share of what is reported": over_groups(
                lambda rows: precision(anything[rows], nobody[rows]), compared.person
            ),
        },
        {"whenever this person speaks": f"{(compared.speaking & nobody).sum() * MOMENT:.1f} s"},
        looked_at,
    )


def _shown(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"
