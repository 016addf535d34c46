"""Which streams of a source are sent, and in which container their codecs can travel as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from interhuman_stream.client.errors import SourceError

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream


@dataclass(frozen=True, slots=True)
class Tracks:
    """The picture and the sound that are sent; one of them may be absent."""

    video: VideoStream | None
    audio: AudioStream | None

    @property
    def streams(self) -> list[VideoStream | AudioStream]:
        """Those that are there, the picture first."""
        return [stream for stream in (self.video, self.audio) if stream is not None]


@dataclass(frozen=True, slots=True)
class Packaging:
    """A container and the codecs it is used for, by FFmpeg's names."""

    container: str
    video: frozenset[str]
    audio: frozenset[str]


WEBM: Final = Packaging("webm", frozenset({"vp8", "vp9", "av1"}), frozenset({"opus", "vorbis"}))
MP4: Final = Packaging("mp4", frozenset({"h264", "hevc", "vp9", "av1"}), frozenset({"aac", "mp3", "opus"}))
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
    """Take the streams FFmpeg takes for the best, and no cover picture.

    Raises:
        SourceError: There is neither picture nor sound.
    """
    from av.stream import Disposition  # noqa: PLC0415 - PyAV is an extra, and loads for a tenth of a second

    video = source.streams.best("video")
    if video is not None and Disposition.attached_pic & video.disposition:
        video = None
    audio = source.streams.best("audio", related=video)
    if video is None and audio is None:
        raise SourceError(f"{source.name} holds neither picture nor sound that can be read; give a video or audio file")
    return Tracks(video, audio)  # type: ignore[arg-type]  # best() says Stream, whatever kind was asked for


def plan(tracks: Tracks) -> Plan:
    """Choose the container that takes the most as it is: all, or the picture, or the sound, or nothing."""
    video, audio = _codec(tracks.video), _codec(tracks.audio)
    for option in (WEBM, MP4, MPEG_TS):
        if fits(video, option.video) and fits(audio, option.audio):
            return Plan(option.container, copies_video=True, copies_audio=True)
    for option in (WEBM, MP4):
        if video in option.video and ANEW in option.audio:
            return Plan(option.container, copies_video=True, copies_audio=False)
    return anew(tracks)


def anew(tracks: Tracks) -> Plan:
    """Give the plan that encodes the picture anew, and the sound where it does not fit beside it."""
    return Plan(WEBM.container, copies_video=False, copies_audio=fits(_codec(tracks.audio), WEBM.audio))


def fits(codec: str | None, codecs: frozenset[str]) -> bool:
    """Whether a track can travel as it is; one that is absent always can."""
    return codec is None or codec in codecs


def _codec(stream: VideoStream | AudioStream | None) -> str | None:
    return None if stream is None else stream.codec_context.codec.canonical_name
