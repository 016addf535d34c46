"""Sources that are recorded just now, as FFmpeg opens them: camera, screen, network, pipe."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from interhuman_stream.client.errors import MediaSupportMissing, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.container import InputContainer

OPENING: Final = 15.0
"""Seconds a source on the network may take to answer."""
READING: Final = 30.0
"""Seconds a source on the network may say nothing."""
RATE: Final = "25"
"""Frames a second asked of a camera or a screen; a camera that has not got it gives the nearest it has."""
SIZE: Final = "640x480"
"""Pixels asked of a camera: every one has them, and more tells nothing more about a face in front of it."""
NO_SOUND: Final = "none"
"""The name of the microphone that is not there."""
PASSWORD: Final = re.compile(r"(?<=://)[^/?#\s]*@")
"""The user and the password of a URL (RFC 3986, 3.2.1)."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something FFmpeg can open.

    Attributes:
        name: What to call it to people.
        address: FFmpeg's name for it, or a file that is read as it comes.
        format: FFmpeg's name of the device or container; None lets it find out.
        options: FFmpeg's options for it.
        advice: What to do where it cannot be opened.
    """

    name: str
    address: str | IO[bytes] = field(repr=False)
    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    advice: str = "check the name, and that nothing else is using it"


def opened(given: Input) -> InputContainer:
    """Open an input.

    Raises:
        SourceError: It cannot be opened.
        MediaSupportMissing: PyAV is not installed.
    """
    try:
        import av  # noqa: PLC0415 - PyAV is an extra, and loads for a tenth of a second
    except ImportError:
        raise MediaSupportMissing from None
    try:
        return av.open(  # type: ignore[return-value]  # an input: no mode but the usual one is given
            given.address, format=given.format, options=dict(given.options), timeout=(OPENING, READING)
        )
    except (av.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{given.name} cannot be opened ({shown(reason)}); {given.advice}") from None
    except ValueError:
        raise SourceError(
            f"this build of PyAV has no {given.format} device, which {given.name} needs; install PyAV with it, or let "
            "FFmpeg record: ffmpeg … -f matroska - | interhuman-stream stream -"
        ) from None


def pipe(file: IO[bytes]) -> Input:
    """Media that comes through a pipe."""
    return Input(
        "standard input",
        file,
        advice="send WebM, Matroska, MPEG-TS or fragmented MP4 (an MP4 with its index at the end is no stream)",
    )


def network(url: str) -> Input:
    """A camera or a recording on the network: rtsp, rtsps, http or https."""
    options: dict[str, str] = {}
    if url.startswith("rtsp"):
        options["rtsp_flags"] = "prefer_tcp"  # what UDP loses would be missing from the picture
    if url.startswith(("https:", "rtsps:")):
        import certifi  # noqa: PLC0415 - comes with httpx, and is wanted here alone

        options |= {"tls_verify": "1", "ca_file": certifi.where()}  # FFmpeg on its own trusts everybody
    return Input(shown(url), url, options=options, advice="check the address, the credentials in it and the network")


def device(text: str) -> Input:
    """Any device of FFmpeg's, as ``FORMAT:NAME``: ``v4l2:/dev/video2``, ``lavfi:testsrc2[out0];sine[out1]``.

    Raises:
        SourceError: The text names none.
    """
    format_name, colon, address = text.partition(":")
    if not (format_name and colon and address):
        raise SourceError(f"device:{text} names no device; write device:FORMAT:NAME, such as device:v4l2:/dev/video2")
    return Input(f"device:{text}", address, format_name)


def shown(name: str) -> str:
    """Give a source's name as it may be printed: without the user and the password a URL may carry."""
    return PASSWORD.sub("", name)


@dataclass(frozen=True, slots=True)
class Device:
    """One of FFmpeg's devices: its kind, the name it is opened by, and what is asked of it."""

    kind: str
    address: str
    asked: Mapping[str, str] = field(default_factory=dict)


def camera(which: str, microphone: str, platform: str = sys.platform) -> Input:
    """A camera by its number or name, with a microphone.

    Args:
        which: A number from 0, or the system's name for it.
        microphone: The system's name for it; empty takes the usual one, ``none`` no sound.
        platform: As ``sys.platform`` says.

    Raises:
        SourceError: There is no such camera.
    """
    name, asked = f"camera {which}", {"framerate": RATE, "video_size": SIZE}
    if platform == "darwin":
        return Input(name, _with_mac_sound(which, microphone), "avfoundation", asked, _ALLOW)
    if platform == "win32":
        return Input(name, _windows(which, microphone), "dshow", asked)
    picture = Device("v4l2", f"/dev/video{which}" if which.isdigit() else which, asked)
    return _with_alsa(name, picture, microphone, "check the name, and that you may read it (Debian: group `video`)")


def screen(which: str, microphone: str, platform: str = sys.platform) -> Input:
    """The screen, with a microphone; see ``camera``.

    Raises:
        SourceError: There is no screen.
    """
    name, asked = "the screen", {"framerate": "15"}
    if platform == "darwin":
        picture = f"Capture screen {which or 0}"
        return Input(name, _with_mac_sound(picture, microphone), "avfoundation", asked, _ALLOW)
    if platform == "win32":
        return Input(name, which or "desktop", "gdigrab", asked)
    display = which or os.environ.get("DISPLAY", "")
    if not display:
        raise SourceError("there is no X display to record: set DISPLAY, or name one, as in screen::0")
    return _with_alsa(name, Device("x11grab", display, asked), microphone, "check the display's name")


def _with_mac_sound(picture: str, microphone: str) -> str:
    return f"{picture}:{microphone or 'default'}"  # AVFoundation, too, calls the absent one "none"


def _windows(which: str, microphone: str) -> str:
    from av.device import enumerate_input_devices  # noqa: PLC0415 - PyAV is an extra

    names = {
        kind: [d.name for d in enumerate_input_devices("dshow") if kind in d.media_types] for kind in ("video", "audio")
    }
    if which.isdigit():
        if int(which) >= len(names["video"]):
            raise SourceError(f"there is no camera {which}; there are: {', '.join(names['video']) or 'none'}")
        which = names["video"][int(which)]
    sound = microphone or next(iter(names["audio"]), NO_SOUND)
    return f"video={which}" + ("" if sound == NO_SOUND else f":audio={sound}")


def _with_alsa(name: str, picture: Device, microphone: str, advice: str) -> Input:
    if microphone == NO_SOUND:
        return Input(name, picture.address, picture.kind, picture.asked, advice)
    graph = together(picture, Device("alsa", microphone or "default"))
    return Input(name, graph, "lavfi", {}, f"{advice}, or leave the microphone out: --microphone none")


def together(picture: Device, sound: Device) -> str:
    """Give the filter graph that makes one source of two devices: FFmpeg's own filters read both, in step."""
    return f"{_movie('movie', picture)}[out0];{_movie('amovie', sound)}[out1]"


def _movie(source: str, device: Device) -> str:
    asked = ":".join(f"{key}={value}" for key, value in device.asked.items())
    options = f":format_opts={_quoted(asked)}" if asked else ""
    return f"{source}=filename={_quoted(device.address)}:f={device.kind}{options}"


def _quoted(text: str) -> str:
    """Quote an option's value for a filter, and that for the graph (FFmpeg's manual, "Quoting and escaping")."""
    for special in "\\':":
        text = text.replace(special, "\\" + special)
    return "'" + text.replace("'", "'\\''") + "'"


_ALLOW: Final = "check its number, and allow the terminal to use it in the system's privacy settings"
