"""Bytes into tracks, in bounded steps: what was perceived does not depend on where the bytes were cut."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.media.excess import STRANGERS
from interhuman_stream.analysis.media.pcm import PcmStream
from interhuman_stream.analysis.media.stream import HOLE, MediaStream, Picture
from interhuman_stream.analysis.perception.baseline import BaselineMemory
from interhuman_stream.analysis.perception.face import FaceTracker
from interhuman_stream.analysis.perception.sound import following
from interhuman_stream.analysis.perception.tracks import Tracks
from interhuman_stream.analysis.perception.transcript import Transcript
from interhuman_stream.analysis.perception.voice import VoiceTracker
from interhuman_stream.medium import TALKING_FACE

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from concurrent.futures import Future

    from interhuman_stream.analysis.media.excess import Bounds
    from interhuman_stream.analysis.media.stream import Extent, Sound
    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.analysis.perception.tracks import FaceTrack, VoiceTrack
    from interhuman_stream.analysis.stopwatch import Stopwatch
    from interhuman_stream.findings import Note
    from interhuman_stream.medium import Medium

STEP: Final = 1.0
"""Seconds of media after which whoever feeds a stream is asked whether to go on. Steps end at whole seconds of the
session, so that what is known at the end of one is the same however the bytes came."""
MOST_UNHEARD: Final = 2.5
"""Seconds of sound that wait at most for an answer for which they are measured: the pitch model hears a third of a
second around whatever it is given as well, which is a third more where that is a second."""
INSTANT: Final = 1e-6
MOST_PICTURES: Final = 32
"""Pictures that may wait for their face to be looked at: those of some three seconds, 30 MB at 640×480, so that what is
said in them is recognised on another core meanwhile."""


class Perceiver:
    """One stream of bytes, and what has been seen and heard in it lately.

    Args:
        models: The loaded models.
        header: The container's header, where a stream is taken up again in the middle.
        position: Seconds of the session at which it is.
        medium: What the bytes are, and what of them is to be perceived.
        step: Seconds of media that a step has.
        bounds: The most that one piece of it may hold.
    """

    def __init__(
        self,
        models: Models,
        header: bytes = b"",
        position: float = 0.0,
        medium: Medium = TALKING_FACE,
        step: float = STEP,
        bounds: Bounds = STRANGERS,
    ) -> None:
        self._media: MediaStream | PcmStream = (
            MediaStream(position, medium, bounds) if medium.pcm_rate is None else PcmStream(medium.pcm_rate, position)
        )
        self._face = FaceTracker(models.face)
        self._voice = VoiceTracker(models.voice)
        self._transcript = Transcript(models.words, models.larger)
        self._memory = BaselineMemory()
        self._looking = models.looking
        self._looks: deque[Future[None]] = deque()
        self._heard_until: float | None = None
        self._remembered_face = self._remembered_voice = -1.0
        self._position = self._resumed = position
        self._step = step
        self._answers_briefly = step < STEP
        self._step_end = math.floor(position / step + 1) * step
        if header:
            for _ in self._media.feed(header):
                pass

    @property
    def position(self) -> float:
        """How far the stream has come, in seconds of the session."""
        return self._position

    @property
    def header(self) -> bytes:
        """What another perceiver must be given first to take the stream up in the middle."""
        return self._media.header

    @property
    def extent(self) -> Extent:
        """What the last piece turned out to be, once it has been fed."""
        return self._media.extent

    @property
    def notices(self) -> Counter[Note]:
        """What was left out of what was fed last, or put right in it; once it was finished, of what that gave."""
        return self._media.notices

    @property
    def resumed(self) -> float:
        """Where the media went on after the last hole between two pieces, in seconds of the session."""
        return self._resumed

    @property
    def video_frames(self) -> int:
        """Video frames decoded so far."""
        return self._media.video_frames

    @property
    def voice_frames(self) -> int:
        """Frames of 16 ms of voice measured so far."""
        return self._voice.measured

    def feed(self, data: bytes, watch: Stopwatch) -> Iterator[float]:
        """Perceive the next bytes of the stream, any number of them, in steps.

        Yields:
            After each step, how far everything has been perceived: a whole number of steps into the session.

        Raises:
            MalformedSegment: Nothing in them decodes; the stream goes on.
        """
        begins = self._position + HOLE
        for item in watch.each("media", self._media.feed(data)):
            if item is None:
                yield self._step_end - self._step
                continue
            if item.time >= self._step_end:
                self._settle(watch)
                yield self._step_end
                self._step_end = math.floor(item.time / self._step + 1) * self._step
            if item.time > begins:
                self._resumed = item.time
            begins = math.inf
            self._take(item, watch)
        self._position = max(self._position, self._media.extent.end)

    def finish(self, watch: Stopwatch) -> None:
        """Nothing follows: perceive what waited for more."""
        for item in watch.each("media", self._media.finish()):
            if item:
                self._take(item, watch)
        with watch.stage("voice"):
            self._voice.flush()
        with watch.stage("words"):
            self._transcript.finish(self._voice.speech(), self._voice.end)

    def understand(self, answering: float, watch: Stopwatch) -> None:
        """Make of what was heard what can be made of it, for an answer that covers ``answering`` seconds."""
        # For less than a step, the voice waits for the end of the step: its models hear around what is new.
        self._answers_briefly = answering < STEP
        if not self._answers_briefly:
            with watch.stage("voice"):
                self._voice.measure()
        with watch.stage("words"):
            self._transcript.understand(self._voice.speech(), self._voice.end, answering)

    def tracks(self, since: float) -> Tracks:
        """What was perceived from ``since`` seconds of the session on, once every face has been looked at."""
        self._look_until(0)
        face, voice = self._face.track(), self._voice.track()
        self._remember(face, voice)
        return Tracks(
            self._position,
            face.since(since) if face else None,
            voice.since(since) if voice else None,
            tuple(span for span in self._voice.speech() if span.end > since),
            tuple(word for word in self._transcript.words if word.end > since),
            tuple(each for each in self._transcript.foreign if each.span.end > since),
        )

    def usual(self, at: float) -> Baseline:
        """What was usual for the person by ``at`` seconds of the session."""
        return self._memory.baseline(at)

    def forget(self, before: float) -> None:
        """Drop what was perceived earlier than ``before`` seconds of the session; what is usual stays known."""
        self._face.forget(before)
        self._voice.forget(before)
        self._transcript.forget(before)

    def close(self) -> None:
        """End the decoder and forget the person."""
        self._media.close()
        for look in self._looks:
            look.cancel()

    def _take(self, item: Picture | Sound, watch: Stopwatch) -> None:
        if isinstance(item, Picture):
            self._position = max(self._position, item.time)
            self._look_until(MOST_PICTURES - 1)
            self._looks.append(self._looking.submit(self._look, item, watch))
            return
        heard = following(item, self._heard_until)
        self._heard_until = heard.end
        self._position = max(self._position, heard.end)
        self._voice.hear(heard.samples, heard.start)
        self._transcript.hear(heard)

    def _look(self, picture: Picture, watch: Stopwatch) -> None:
        with watch.stage("face"):
            self._face.observe(picture)

    def _look_until(self, left: int) -> None:
        """Wait until no more than so many pictures wait to be looked at."""
        while len(self._looks) > left:
            self._looks.popleft().result()

    def _settle(self, watch: Stopwatch) -> None:
        """End a step: hear what came in it, unless an answer soon will. Its faces may be looked at beside the next."""
        if not self._answers_briefly and self._voice.waiting < MOST_UNHEARD:
            return
        with watch.stage("voice"):
            self._voice.measure()
        with watch.stage("words"):
            self._transcript.understand(self._voice.speech(), self._voice.end)

    def _remember(self, face: FaceTrack | None, voice: VoiceTrack | None) -> None:
        """Let what is new count as usual from now on."""
        if face and face.time[-1] > self._remembered_face:
            self._memory.add_face(face.since(self._remembered_face + INSTANT))
            self._remembered_face = float(face.time[-1])
        if voice and voice.time[-1] > self._remembered_voice:
            self._memory.add_voice(voice.since(self._remembered_voice + INSTANT))
            self._remembered_voice = float(voice.time[-1])
