"""Which streams of a source are sent, and in which container their codecs can travel as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.sources.batches import Why
from interhuman_stream.display import SQUARE, UPRIGHT, Turn
from interhuman_stream.medium import MOST_SOUND_TRACKS

if TYPE_CHECKING:
    from fractions import Fraction

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream


@dataclass(frozen=True, slots=True)
class Tracks:
    """The picture, and the sound of one or more tracks; either may be absent."""

    video: VideoStream | None
    audio: tuple[AudioStream, ...]

    @property
    def sent(self) -> list[VideoStream | AudioStream]:
        """The streams whose packets are sent, the picture first: all sound goes under its first track's number."""
        return [stream for stream in (self.video, *self.audio[:1]) if stream is not None]

    @property
    def read(self) -> list[VideoStream | AudioStream]:
        """The streams that are read."""
        return [*([] if self.video is None else [self.video]), *self.audio]


@dataclass(frozen=True, slots=True)
class Look:
    """How the picture is meant to be shown.

    Attributes:
        turn: How it is turned.
        pixel: The width of its pixels over their height.
        coded: Whether the codec itself says all that, so that any container carries it.
    """

    turn: Turn = UPRIGHT
    pixel: Fraction = SQUARE
    coded: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is shown as it is stored."""
        return self.turn == UPRIGHT and self.pixel == SQUARE


@dataclass(frozen=True, slots=True)
class Packaging:
    """A container and the codecs it is used for, by FFmpeg's names.

    Attributes:
        carries: Whether it has a place for a display matrix and a pixel's shape that every demuxer reads.
    """

    container: str
    video: frozenset[str]
    audio: frozenset[str]
    carries: bool = False


WEBM: Final = Packaging("webm", frozenset({"vp8", "vp9", "av1"}), frozenset({"opus", "vorbis"}))
MP4: Final = Packaging(
    "mp4", frozenset({"h264", "hevc", "vp9", "av1"}), frozenset({"aac", "mp3", "opus"}), carries=True
)
MPEG_TS: Final = Packaging(
    "mpegts",
    frozenset({"mpeg1video", "mpeg2video", "h264", "hevc"}),
    frozenset({"mp2", "mp3", "aac", "ac3", "eac3"}),
)
ANEW: Final = "opus"
"""The codec sound is encoded in where its own does not fit."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How tracks travel: in which container, and which of them as they are."""

    container: str
    copies_video: bool
    copies_audio: bool


def best_tracks(source: InputContainer) -> Tracks:
    """Take the picture FFmpeg takes for the best, no cover picture, and the sound, that beside it first.

    Raises:
        SourceError: There is neither picture nor sound.
    """
    from av.audio.stream import AudioStream  # noqa: PLC0415 - PyAV is an extra, and loads for a tenth of a second
    from av.stream import Disposition  # noqa: PLC0415
    from av.video.stream import VideoStream  # noqa: PLC0415

    video = source.streams.best("video")
    # A stream whose codec is not known has no context, and would not decode.
    if not isinstance(video, VideoStream) or not video.codec_context or Disposition.attached_pic & video.disposition:
        video = None
    first = source.streams.best("audio", related=video)
    audio = [stream for stream in source.streams.audio if stream.codec_context]
    if isinstance(first, AudioStream) and first in audio:
        audio.remove(first)
        audio.insert(0, first)
    if video is None and not audio:
        raise SourceError(f"{source.name} holds neither picture nor sound that can be read; give a video or audio file")
    return Tracks(video, tuple(audio[:MOST_SOUND_TRACKS]))


def plan(tracks: Tracks, look: Look) -> Plan:
    """Choose the container that takes the most as it is: all, or the picture, or the sound, or nothing.

    Several tracks of sound are laid on each other, and so made anew.
    """
    video, audio = _codec(tracks.video), _codec(tracks.audio[0] if tracks.audio else None)
    if len(tracks.audio) <= 1:
        for option in (WEBM, MP4, MPEG_TS):
            if _shows(option, look) and fits(video, option.video) and fits(audio, option.audio):
                return Plan(option.container, copies_video=True, copies_audio=True)
    return _with_new_sound(tracks, look)


def instead(tracks: Tracks, look: Look, before: Plan, why: Why) -> Plan:
    """Choose how the rest travels where it cannot go on as before."""
    if why is Why.SOUND and before.copies_video:
        return _with_new_sound(tracks, look)
    copies_audio = before.copies_audio and why not in {Why.SOUND, Why.FRAMES}
    return replace(_anew(tracks), copies_audio=copies_audio and _anew(tracks).copies_audio)


def _with_new_sound(tracks: Tracks, look: Look) -> Plan:
    for option in (WEBM, MP4):
        if tracks.video is not None and _shows(option, look) and fits(_codec(tracks.video), option.video):
            return Plan(option.container, copies_video=True, copies_audio=False)
    return replace(_anew(tracks), copies_audio=False)


def _anew(tracks: Tracks) -> Plan:
    """Give the plan that encodes the picture anew, and the sound where it does not fit beside it."""
    audio = tracks.audio
    copies_audio = len(audio) <= 1 and fits(_codec(audio[0] if audio else None), WEBM.audio)
    return Plan(WEBM.container, copies_video=False, copies_audio=copies_audio)


def _shows(option: Packaging, look: Look) -> bool:
    return option.carries or look.plain or (look.coded and option is MPEG_TS)


def fits(codec: str | None, codecs: frozenset[str]) -> bool:
    """Whether a track can travel as it is; one that is absent always can."""
    return codec is None or codec in codecs


def _codec(stream: VideoStream | AudioStream | None) -> str | None:
    return None if stream is None else stream.codec_context.codec.canonical_name
