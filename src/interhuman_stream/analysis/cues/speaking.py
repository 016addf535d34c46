"""Whether the person seen speaks, and whose voice is heard: told by the jaw, which opens and closes with syllables.

Sound only supports it. A voice that is heard while this mouth is still is somebody else's, and so is one that it does
not move with: a voice from another room must not become the stance of who is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.cues.kind import CueKind, Lane
from interhuman_stream.analysis.cues.lasting import SAMPLE
from interhuman_stream.analysis.cues.mouth import AROUND, EDGE, LEAST_SEEN, PAUSE, SWING, SWING_HEARD, Mouth
from interhuman_stream.analysis.cues.synchrony import open_with, synchrony
from interhuman_stream.analysis.perception.tracks import Span, joined, spans, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Cue

# Swings a second. Syllables come at 2 to 7 a second (Chandrasekaran et al. 2009), at ten pictures a second many are
# missed: 99 % of talkers' windows have 2 and more, 18 % of those of listeners who laugh, chew or make faces.
TALKING: Final = 2.0
# Where a voice is to be this person's: 98 % of talkers' windows have 2.6 and more, 5 % of those listeners'.
SURELY: Final = 2.3
LONG: Final = 2.0
"""Seconds of a window from which on it is told so strictly; in a short answer the jaw moves twice."""
STILL: Final = 1.4
# So short an answer is this person's also where the jaw moves less, if the mouth is at rest before and after it and
# opens with it (``Mouth.opens_with``). A mouth that talks on around it, or makes faces, answers nothing.
ANSWER: Final = 2.5
AS_LOUD: Final = 0.5
"""How far the jaw must be open where the answer is loud, as a correlation."""
LEAST_SHARE: Final = 0.5
"""Of what is said without a pause: a mouth that moves in less of it moves for other reasons."""
TOGETHER: Final = 2.58
"""How much a mouth that speaks must move with the voice for it to be its own: another's is taken for it in one case of
two hundred (standard normal distribution)."""
AT_ODDS: Final = 1.0
"""Where a mouth that speaks moves no more with the voice than this, it is not heard: then the voice gives none of its
short answers either. Half of those whose own voice it is reach 2.6, and five in six this."""
AT_ONCE: Final = 0.5
"""Seconds before and after a moment in which the jaw must move for somebody to speak in it."""
LEAST_SWINGS: Final = 2
RUN_GAP: Final = 0.5
"""Seconds without a voice after which somebody else may go on."""
GAP: Final = 1.0
SHORTEST: Final = 1.0
FAST: Final = 4.0
LASTING: Final = 6.0
"""Seconds; a mouth that goes on so long speaks as surely as one that is quick: grimaces and laughs are over sooner."""

SPEAKS: Final = CueKind(
    "speaks",
    Lane.FACE,
    f"the jaw opens and closes {TALKING:.0f} times a second or more ({SWING_HEARD} of `jawOpen` each where a voice is "
    f"heard, {SWING} where none is), for {SHORTEST} s",
    "Chandrasekaran et al. 2009; Haider & Al Moubayed 2012",
)
VOICE_ALONE: Final = CueKind(
    "voice_alone",
    Lane.SPEECH,
    f"a voice is heard for {SHORTEST} s, with breaks of up to {GAP} s, and there is no picture of anybody",
    "it has no weight: it says that somebody takes part",
)
ANSWERS: Final = CueKind(
    "answers",
    Lane.FACE,
    f"less than {ANSWER} s are said between pauses, and the mouth, at rest before and after, opens with it, wider "
    "where it is louder, and was not seen to speak without the voice in the seconds around",
    "Chandrasekaran et al. 2009",
)
KINDS: Final = (SPEAKS, VOICE_ALONE, ANSWERS)


class Whose(IntEnum):
    """Whose voice is heard."""

    UNSEEN = 0  # there is a face, the mouth is not seen well enough
    ANOTHERS = 1
    DOUBTFUL = 2
    OWN = 3
    NOBODY = 4  # there is no face
    APART = 5  # the mouth moves as in speech, but not with this voice


# How far it counts as this person's. Without any face in the pictures nobody is mistaken for who speaks; beside a face
# whose mouth is not seen, what is heard supports what is seen, and is too little by itself.
SHARES: Final = {
    Whose.NOBODY: 0.85,
    Whose.UNSEEN: 0.6,
    Whose.ANOTHERS: 0.0,
    Whose.DOUBTFUL: 0.35,
    Whose.OWN: 1.0,
    Whose.APART: 0.0,
}
SHARE: Final = np.array([SHARES[each] for each in Whose])
"""The same by the number of ``Whose``."""
NOT_OWN: Final = SHARE == 0.0
"""By the number of ``Whose``: whose voice is not this person's."""


def among(*which: Whose) -> NDArray[np.bool_]:
    """By the number of ``Whose``: which of them these are."""
    return np.array([each in which for each in Whose])


NOT_SEEN: Final = among(Whose.UNSEEN, Whose.NOBODY)
NOT_WITH_IT: Final = among(Whose.APART)
NOT_SURELY_OWN: Final = among(Whose.ANOTHERS, Whose.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Voices:
    """Whose voice is heard beside a face, at n moments of speech, each of which stands for ``SAMPLE`` seconds.

    Attributes:
        mouth: Of the face.
        time: n, seconds.
        whose: n, of ``Whose``.
        answers: The short answers that this mouth gives.
    """

    mouth: Mouth
    time: NDArray[np.float64]
    whose: NDArray[np.int64]
    answers: tuple[Span, ...] = ()

    def within(self, start: float, end: float) -> NDArray[np.int64]:
        """Whose it is at the moments from ``start`` to ``end``; of a sound beside speech ("um"), at those next to it.

        What stands alone is not known to come from a mouth that is seen.
        """
        first, last = np.searchsorted(self.time, (start - SAMPLE / 2, end + SAMPLE / 2))
        if first == last:
            first, last = np.searchsorted(self.time, (start - RUN_GAP, end + RUN_GAP))
        if first < last:
            return self.whose[first:last]
        return np.array([Whose.DOUBTFUL if self.mouth.sees(start, end) else Whose.UNSEEN])

    def share(self, start: float, end: float) -> float:
        """How far what is heard from ``start`` to ``end`` counts as this person's, 0 to 1."""
        return float(SHARE[self.within(start, end)].mean())


def speaking_cues(tracks: Tracks, voices: Voices | None) -> Iterator[Cue]:
    """Find where the person seen speaks: everybody's jaw moves in speech, so that nothing is usual for one person.

    Without a picture it is whoever is heard.
    """
    face = tracks.face
    if face is None:
        for span in joined(list(tracks.speech), GAP, SHORTEST):
            yield VOICE_ALONE.found(span.start, span.end, 1.0, f"spoke for {span.length:.1f} s")
    if face is None or voices is None or not face.present.any():
        return
    for answer in voices.answers:
        yield ANSWERS.found(answer.start, answer.end, 1.0, "gave a short answer")
    mouth = voices.mouth
    heard = within((Span(span.start - EDGE, span.end + EDGE) for span in tracks.speech), face.time)
    starts = np.maximum(face.time[0], face.time - AROUND)
    ends = np.minimum(face.time[-1], face.time + AROUND)
    heard &= ~_at(voices, face.time, NOT_WITH_IT)  # a voice that this mouth does not move with says nothing about it
    rate = np.where(heard, mouth.rate(SWING_HEARD, starts, ends), mouth.rate(SWING, starts, ends))
    now = mouth.count(SWING_HEARD, face.time - AT_ONCE, face.time + AT_ONCE) > 0
    talks = (rate >= TALKING) & now & face.present & (mouth.seen(starts, ends) >= LEAST_SEEN)
    talks &= ~_at(voices, face.time, NOT_SURELY_OWN)
    for span in joined(spans(talks, face.time, SAMPLE), GAP, SHORTEST):
        inside = (face.time >= span.start) & (face.time <= span.end)
        quick = ramp(float(np.median(rate[inside])), TALKING, FAST)
        strength = 0.5 + 0.5 * max(quick, ramp(span.length, SHORTEST, LASTING))
        silent = not heard[inside].any()
        phrase = f"moved the mouth as in speech for {span.length:.1f} s" if silent else f"spoke for {span.length:.1f} s"
        yield SPEAKS.found(span.start, span.end, strength, phrase)


def _at(heard: Voices, time: NDArray[np.float64], whose: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """At which of n moments a voice is heard that is one of these (by the number of ``Whose``), n."""
    if not len(heard.time):
        return np.zeros(len(time), np.bool_)
    nearest = np.clip(np.searchsorted(heard.time, time), 0, len(heard.time) - 1)
    there = np.abs(heard.time[nearest] - time) <= SAMPLE
    return np.asarray(there & whose[heard.whose[nearest]], np.bool_)


def listen(tracks: Tracks) -> Voices | None:
    """Whose voice is heard where there is speech; None where there is no picture, and so nobody else to be seen."""
    face = tracks.face
    if face is None:
        return None
    mouth = Mouth(face)
    runs = joined(list(tracks.speech), RUN_GAP, 0.0)
    moments = [np.arange(run.start, run.end, SAMPLE) for run in runs]
    time = np.concatenate([np.zeros(0), *moments])
    if not face.present.any():
        return Voices(mouth, time, np.full(len(time), Whose.NOBODY))
    answers = _answers(mouth, tracks, runs)
    whose = [_by_the_jaw(mouth, *each) for each in zip(runs, moments, answers, strict=True)]
    if tracks.voice is not None:
        others = [run for run, part in zip(runs, whose, strict=True) if Whose.OWN not in part]
        together = synchrony(face, tracks.voice, time, others)
        parts = np.split(together, np.cumsum([len(each) for each in moments]))
        unheard = False
        for answer, part, much in zip(answers, whose, parts, strict=False):
            if not answer:
                unheard |= bool(((part == Whose.OWN) & (much < AT_ODDS)).any())
                part[(part == Whose.OWN) & (much < TOGETHER)] = Whose.APART
        for answer, part in zip(answers, whose, strict=True):
            if answer and unheard:
                part[part == Whose.OWN] = Whose.APART
    given = tuple(run for run, answer, part in zip(runs, answers, whose, strict=True) if answer and Whose.OWN in part)
    return Voices(mouth, time, np.concatenate([np.zeros(0, np.int64), *whose]), given)


def _answers(mouth: Mouth, tracks: Tracks, runs: Sequence[Span]) -> list[bool]:
    """Which of what is said without a pause is a short answer that this mouth gives."""
    if tracks.face is None or tracks.voice is None:
        return [False] * len(runs)
    face, voice, beside = tracks.face, tracks.voice, EDGE + PAUSE
    return [
        run.length < ANSWER
        and not mouth.gapes(run)
        and mouth.opens_with(run, [other for other in runs if other != run])
        and open_with(face, voice, Span(run.start - beside, run.end + beside)) >= AS_LOUD
        for run in runs
    ]


def _by_the_jaw(mouth: Mouth, run: Span, at: NDArray[np.float64], answer: bool) -> NDArray[np.int64]:
    """Whose voice it is at n moments of what is said without a pause, by how the jaw moves."""
    starts, ends = np.maximum(run.start - EDGE, at - AROUND), np.minimum(run.end + EDGE, at + AROUND)
    count, rate = mouth.count(SWING_HEARD, starts, ends), mouth.rate(SWING_HEARD, starts, ends)
    surely = rate >= np.where(ends - starts < LONG, TALKING, SURELY)
    whose = np.select(
        [mouth.seen(starts, ends) < LEAST_SEEN, surely & (count >= LEAST_SWINGS), rate >= STILL],
        [Whose.UNSEEN, Whose.OWN, Whose.DOUBTFUL],
        Whose.ANOTHERS,
    ).astype(np.int64)
    if answer:
        whose[whose == Whose.DOUBTFUL] = Whose.OWN
    return _settled(whose)


def _settled(whose: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is said without a pause is mostly one person's: what is seen of it says whose the rest is."""
    seen = whose[whose != Whose.UNSEEN]
    if not len(seen):
        return whose
    mine = float((seen == Whose.OWN).mean())
    settled = np.where(whose == Whose.UNSEEN, Whose.OWN if mine >= LEAST_SHARE else Whose.ANOTHERS, whose)
    return settled if mine >= LEAST_SHARE else np.minimum(settled, Whose.DOUBTFUL)


def own(tracks: Tracks, heard: Voices | None) -> Tracks:
    """The tracks without the speech and the words of anybody else."""
    if heard is None or not NOT_OWN[heard.whose].any():
        return tracks
    speech: list[Span] = []
    for span in tracks.speech:
        inside = (heard.time >= span.start - SAMPLE / 2) & (heard.time <= span.end + SAMPLE / 2)
        mine = spans(~NOT_OWN[heard.whose[inside]], heard.time[inside], SAMPLE)
        speech += [Span(max(each.start, span.start), min(each.end, span.end)) for each in mine]
    words = tuple(word for word in tracks.words if not _anothers(heard.within(word.start, word.end)))
    return replace(tracks, speech=tuple(each for each in speech if each.length > 0), words=words)


def attributed(cue: Cue, heard: Voices | None) -> Iterator[Cue]:
    """Yield a cue from sound or words as far as it is this person's, and say where that was not seen."""
    if heard is None:
        yield cue
        return
    within = heard.within(cue.start, cue.end)
    share = heard.share(cue.start, cue.end)
    if not _anothers(within) and share >= LEAST_SHARE:
        unseen = " (the mouth was not seen)" if NOT_SEEN[within].all() else ""
        yield replace(cue, phrase=cue.phrase + unseen, quality=cue.quality * share)


def _anothers(whose: NDArray[np.int64]) -> bool:
    return float(NOT_OWN[whose].mean()) > 1 / 3
