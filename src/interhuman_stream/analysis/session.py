"""One person's stream from bytes to signals, with the memory that carries across segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interhuman_stream.analysis.beside import Beside
from interhuman_stream.analysis.cues import find_cues
from interhuman_stream.analysis.fusion import engagement, fuse
from interhuman_stream.analysis.media.stream import MediaStream, Picture, Sound
from interhuman_stream.analysis.perception.baseline import BaselineMemory
from interhuman_stream.analysis.perception.face import FaceTracker
from interhuman_stream.analysis.perception.sound import Waveform, assemble
from interhuman_stream.analysis.perception.tracks import Span, Tracks
from interhuman_stream.analysis.perception.voice import VoiceTracker, speech_spans
from interhuman_stream.analysis.perception.words import recognise
from interhuman_stream.analysis.quality import quality
from interhuman_stream.analysis.stopwatch import Stopwatch
from interhuman_stream.findings import Findings

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.findings import Word

# What is looked at again before a segment's beginning: a nod, a phrase, a look away may have begun there.
MEMORY = 8.0
# Speech that runs over the border is heard again from its last pause, at most so far, so that no word is cut in two.
WORD_MEMORY = 3.0
WORD_PAUSE = 0.15
# Segments may be short: words are recognised once this much is new, and belong to the segment that completes it.
LEAST_NEW = 1.0
# Pictures that may be decoded before their face is looked at: those of some six seconds, 60 MB at 640×480, so that a
# segment's sound is decoded, and heard on another core, while its faces still wait.
MOST_PICTURES = 64


class AnalysisSession:
    """One byte stream and the person in it.

    Attributes:
        tracks: What the last segment's cues were found in; None before the first.
    """

    def __init__(self, models: Models) -> None:
        self._models = models
        self._media = MediaStream()
        self._face = FaceTracker(models.face)
        self._voice = VoiceTracker(models.voice)
        self._usual = BaselineMemory()
        self._heard: Waveform | None = None
        self._words: list[Word] = []
        self.tracks: Tracks | None = None
        self._until = 0.0  # how far the baseline knows the tracks
        self._recognised = 0.0  # how far the words are known

    @property
    def video_frames(self) -> int:
        """Video frames decoded so far."""
        return self._media.video_frames

    def prime(self, header: bytes) -> None:
        """Open the stream with a container header that came alone; anything else is ignored."""
        self._media.prime(header)

    def feed(self, data: bytes) -> Findings:
        """Analyse the next segment.

        Args:
            data: A complete file, or the next bytes of the stream the session is in.

        Raises:
            MalformedSegment: Nothing in ``data`` decodes; the session goes on.
        """
        watch = Stopwatch()

        def look(picture: Picture) -> None:
            with watch.stage("face"):
                self._face.observe(picture)

        with Beside(look, MOST_PICTURES) as faces:
            sounds: list[Sound] = []
            with watch.stage("media"):
                for item in self._media.feed(data):
                    if isinstance(item, Sound):
                        sounds.append(item)
                    else:
                        faces.give(item)
            extent = self._media.extent
            segment = Span(extent.start, extent.end)
            with watch.stage("voice"):
                speech = self._listen(sounds, segment)
            with watch.stage("words"):
                self._recognise(speech, segment)
        with watch.stage("cues"):
            self.tracks = self._tracks(segment, speech)
            cues = find_cues(self.tracks, self._usual.baseline())
        with watch.stage("evidence"):
            signals = fuse(cues, segment)
        analysis = Findings(
            start=segment.start,
            end=segment.end,
            signals=tuple(signals),
            engagement=engagement(signals, segment),
            quality=quality(signals, segment.start, segment.end),
            has_video=extent.has_video,
            has_audio=extent.has_audio,
            cues=tuple(cues),
            words=tuple(word for word in self._words if word.end > segment.start),
            stages=watch.stages,
            spent=watch.spent,
        )
        self._forget(segment.end - MEMORY)
        return analysis

    def close(self) -> None:
        """End the decoder."""
        self._media.close()

    def _listen(self, sounds: list[Sound], segment: Span) -> list[Span]:
        waveform = assemble(sounds, segment.start)
        if waveform is None:
            self._heard = None
            return []
        self._voice.hear(waveform.samples, waveform.start)
        self._heard = self._heard.followed_by(waveform) if self._heard else waveform
        voice = self._voice.track()
        return speech_spans(voice) if voice else []

    def _recognise(self, speech: list[Span], segment: Span) -> None:
        """Recognise what is new, once it is long enough to be worth it."""
        if self._heard is None or segment.end - self._recognised < LEAST_NEW:
            return
        start = max(self._heard.start, _last_pause(speech, self._recognised))
        heard = self._heard.since(start)
        new = [Span(max(span.start, start), span.end) for span in speech if span.end > max(start, self._recognised)]
        words = recognise(self._models.words, heard.samples, heard.start, new)
        kept = [word for word in self._words if word.start < start]
        # Where speech ran on for longer than is heard again, its first word was cut, and known whole before.
        known = max((word.end for word in kept), default=start)
        self._words = kept + [word for word in words if (word.start + word.end) / 2 >= known]
        self._heard = self._heard.since(segment.end - WORD_MEMORY)
        self._recognised = segment.end

    def _tracks(self, segment: Span, speech: list[Span]) -> Tracks:
        face, voice = self._face.track(), self._voice.track()
        if face:
            self._usual.add_face(face.since(self._until))
        if voice:
            self._usual.add_voice(voice.since(self._until))
        self._until = segment.end
        return Tracks(segment, face, voice, tuple(speech), tuple(self._words))

    def _forget(self, before: float) -> None:
        self._face.forget(before)
        self._voice.forget(before)
        self._words = [word for word in self._words if word.end >= before]


def _last_pause(speech: list[Span], border: float) -> float:
    """Where to begin recognising so that no word is cut at ``border``: the last pause before, if speech crosses it."""
    crossing = [span for span in speech if span.start < border < span.end + WORD_PAUSE]
    return max(border - WORD_MEMORY, crossing[0].start) if crossing else border
