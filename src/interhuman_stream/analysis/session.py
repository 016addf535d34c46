"""One person's stream from bytes to findings: perceive, and judge each piece as it comes."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

from interhuman_stream.analysis.fusion import LONGEST_GAP
from interhuman_stream.analysis.judge import LATE, LOOK_BACK, ONE_FRAME, RECENT, judge, usual_for
from interhuman_stream.analysis.level import engagement
from interhuman_stream.analysis.media.excess import STRANGERS
from interhuman_stream.analysis.perceived import added
from interhuman_stream.analysis.perceiver import INSTANT, STEP, Perceiver
from interhuman_stream.analysis.perception.tracks import Span
from interhuman_stream.analysis.quality import quality
from interhuman_stream.analysis.stopwatch import Stopwatch
from interhuman_stream.faults import MalformedSegment
from interhuman_stream.findings import Findings, Limit
from interhuman_stream.signals import MOST_REASONS
from interhuman_stream.terms import USUAL

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from types import TracebackType

    from interhuman_stream.analysis.judge import Judgement, Told
    from interhuman_stream.analysis.media.excess import Bounds
    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Cue, Note, Word
    from interhuman_stream.signals import Signal
    from interhuman_stream.terms import Terms

T = TypeVar("T")

LEAST_JUDGED: Final = 0.5
"""Seconds that are worth being judged: what is shorter is judged with what follows. A nod, a shake, a word and what
makes them one take as long; who sends a quarter of a second at a time is told at every second of them."""


class AnalysisSession:
    """One byte stream and the person in it.

    Args:
        models: The loaded models. One session at a time may use them.
        header: The container's header, where a stream is taken up again in the middle.
        position: Seconds of the session at which it is.
        terms: What the bytes are, what of them is to be perceived, and how much is judged at a time.
        bounds: The most that one piece of it may hold: ``OWN`` for a file of one's own, however long.
    """

    def __init__(
        self,
        models: Models,
        *,
        header: bytes = b"",
        position: float = 0.0,
        terms: Terms = USUAL,
        bounds: Bounds = STRANGERS,
    ) -> None:
        self._perceiver = Perceiver(models, header, position, terms.medium, min(STEP, terms.every), bounds)
        self._every = terms.every
        self._begin = self._judged = position  # of what is to be answered for, and how far it has been judged
        self._found: list[Judgement] = []
        self._said: list[Word] = []
        self._told: tuple[Told, ...] = ()
        self._heard = position  # what was said until then was counted, where what is understood late is told late
        self._notices: Counter[Note] = Counter()
        self._unasked = position  # where what was only taken in ends
        self._watch = Stopwatch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def position(self) -> float:
        """How far the stream has come, in seconds of the session."""
        return self._perceiver.position

    @property
    def header(self) -> bytes:
        """What a session that takes this one's stream up in the middle must be given."""
        return self._perceiver.header

    @property
    def video_frames(self) -> int:
        """Video frames decoded so far."""
        return self._perceiver.video_frames

    @property
    def voice_frames(self) -> int:
        """Frames of 16 ms of voice measured so far."""
        return self._perceiver.voice_frames

    @property
    def tracks(self) -> Tracks:
        """What was perceived in the last seconds."""
        return self._perceiver.tracks(0.0)

    def feed(self, data: bytes) -> Findings:
        """Analyse the next bytes of the stream: a complete file, or any number of bytes that continue the one at hand.

        Raises:
            MalformedSegment: Nothing in them decodes. The session goes on.
        """
        return result(self.steps(data))

    def steps(self, data: bytes) -> Generator[None, None, Findings]:
        """Do what ``feed`` does in steps of about a second of media: yields after each, returns what was found."""
        # Times lie inside the piece: what nobody asked about is told with it only where it is understood with it.
        self._begin = max(self._begin, self._unasked)
        yield from self._perceive(data)
        return self._answer()

    def watch(self, data: bytes) -> Generator[Findings | None, None, None]:
        """Take in the next bytes, and say what is in each stretch as soon as it has come, whoever sent it in how many.

        Yields:
            After each step, what was found in the stretch that ended with it, or None where none did. A signal may
            begin before its stretch, by as much as is looked back: what is understood late is said in its own time.
        """
        for _ in self._perceive(data, RECENT):
            if self._found:
                yield self._stretch(RECENT)
                self._watch.restart()
            else:
                yield None

    def rest(self) -> Generator[Findings | None, None, None]:
        """Nothing follows: say what is in the last stretch of what was watched."""
        self._watch = Stopwatch()
        with contextlib.suppress(MalformedSegment):  # cut short, which is how live streams end
            self._perceiver.finish(self._watch)
        self._notices += self._perceiver.notices
        if self.position > self._judged:
            self._judge(self.position, RECENT)
            yield self._stretch(RECENT)

    def take(self, data: bytes) -> Generator[None, None, None]:
        """Analyse bytes of the stream for which nobody wants an answer.

        What is in them counts to the end of the stream (``finish``), and of what follows only what is understood late.
        """
        yield from self._perceive(data)
        self._unasked = self.position

    def _perceive(self, data: bytes, back: float = 0.0) -> Generator[None, None, None]:
        self._watch = Stopwatch()
        try:
            for reached in self._perceiver.feed(data, self._watch):
                if reached - self._judged >= self._every - INSTANT:
                    self._judge(reached, back)
                self._watch.pause()
                yield
                self._watch.go()
        except MalformedSegment:
            self._begin = self._judged = self.position
            self._found = []
            raise
        finally:
            self._notices += self._perceiver.notices

    def whole(self, data: bytes) -> Generator[None, None, Findings]:
        """Analyse a file after which nothing comes, in steps."""
        yield from self.take(data)
        return self.finish()

    def finish(self) -> Findings:
        """Nothing follows: what waited for more is judged as it is, with all that was not asked for yet."""
        self._perceiver.finish(self._watch)
        self._notices += self._perceiver.notices
        return self._answer()

    def close(self) -> None:
        """End the decoder and forget the person."""
        self._perceiver.close()

    def _answer(self) -> Findings:
        if self.position - self._judged >= LEAST_JUDGED or self._found:
            self._judge(self.position)
        return self._stretch()

    def _stretch(self, back: float = 0.0) -> Findings:
        """What has been judged since the last time; its signals begin so many seconds before that at the earliest."""
        begin, end = self._begin, max(self._begin, self._judged)
        found, self._found = self._found, []
        said, self._said = self._said, []
        notices, self._notices = self._notices, Counter()
        signals, cues = _within(_joined_signals(found), begin - back, end), _joined_cues(found)
        extent = self._perceiver.extent
        self._begin = end
        return Findings(
            start=begin,
            end=end,
            signals=signals,
            engagement=engagement(signals, cues, Span(max(0.0, begin - min(back, LATE)), end)) if end > begin else (),
            quality=quality(signals, begin, end),
            has_video=extent.has_video or _any(found, Limit.NO_PICTURE),
            has_audio=extent.has_audio or _any(found, Limit.NO_SOUND),
            perceived=added([each.perceived for each in found]),
            cues=cues,
            words=tuple(word for word in said if word.end > begin),
            notices=dict(notices),
            stages=self._watch.stages,
            spent=self._watch.spent,
        )

    def _judge(self, until: float, back: float = 0.0) -> None:
        """Judge what has come since the last time; what is understood late may be said so many seconds before that."""
        if self._judged < self._perceiver.resumed < until:
            self._judged = self._perceiver.resumed
            self._begin = self._begin if self._found else max(self._begin, self._judged)
        span = Span(self._judged, max(until, self._judged))
        self._perceiver.understand(span.length, self._watch)
        tracks = self._perceiver.tracks(span.start - LOOK_BACK)
        with self._watch.stage("judge"):
            usual, floor = self._perceiver.usual(usual_for(span)), max(0.0, self._begin - back)
            judgement = judge(tracks, usual, span, self._told, floor, self._heard if back else None)
        self._found.append(judgement)
        # Words may be heard again, and better, with what follows them.
        first = tracks.words[0].start if tracks.words else span.end
        self._said = [word for word in self._said if word.start < first] + list(tracks.words)
        self._told = judgement.told
        self._heard = max([self._heard, *(word.end for word in tracks.words if word.start < span.end)])
        self._judged = span.end
        self._perceiver.forget(span.end - LOOK_BACK)


class Steps(Generic[T]):
    """Takes the steps of an analysis, one an iteration, and keeps what they give in the end.

    Attributes:
        result: What was found; there once the last step was taken.
    """

    def __init__(self, steps: Generator[None, None, T]) -> None:
        self._steps = steps
        self.result: T

    def __iter__(self) -> Iterator[None]:
        self.result = yield from self._steps


def result(steps: Generator[None, None, T]) -> T:
    """Take all the steps at once, and give what they return."""
    taking = Steps(steps)
    for _ in taking:
        pass
    return taking.result


def _joined_signals(found: Iterable[Judgement]) -> tuple[Signal, ...]:
    """The signals of consecutive stretches: what goes on from one to the next is one."""
    joined: list[Signal] = []
    for signal in sorted((each for judgement in found for each in judgement.signals), key=lambda each: each.start):
        before = next((each for each in reversed(joined) if each.type is signal.type), None)
        if before is None or signal.start - before.end >= LONGEST_GAP:
            joined.append(signal)
        else:
            both = before.carried_on(signal)
            joined[joined.index(before)] = replace(both, because=both.because[:MOST_REASONS])
    return tuple(joined)


def _within(signals: Iterable[Signal], begin: float, end: float) -> tuple[Signal, ...]:
    """The signals as they are said of a piece: what was over before it is said where it begins, if that is not long."""
    said = []
    for signal in signals:
        if signal.end - begin >= ONE_FRAME:
            said.append(replace(signal, start=max(signal.start, begin)))
        elif signal.end > begin - LATE and end > begin:
            said.append(replace(signal, start=begin, end=min(end, begin + signal.end - signal.start)))
    return tuple(said)


def _joined_cues(found: Iterable[Judgement]) -> tuple[Cue, ...]:
    """The cues of consecutive stretches; of one that was seen with both, as the later saw it."""
    joined: list[Cue] = []
    for judgement in found:
        fresh = list(judgement.cues)
        for at, cue in enumerate(fresh):
            for old in [each for each in joined if each.name == cue.name and _overlap(each, cue)]:
                fresh[at] = replace(fresh[at], start=min(old.start, fresh[at].start))
                joined.remove(old)
        joined += fresh
    return tuple(sorted(joined, key=lambda each: (each.start, each.name)))


def _any(found: Iterable[Judgement], lack: Limit) -> bool:
    """Whether in any of the stretches there was that of which ``lack`` is the lack."""
    return any(all(each.why is not lack for each in judgement.perceived.limits) for judgement in found)


def _overlap(one: Cue, other: Cue) -> bool:
    return one.start < other.end and other.start < one.end
