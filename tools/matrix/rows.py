"""The lines of the matrix: each container with the codecs people put into it, and what else may be the matter."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from tools.matrix.media import HALF, MIRRORED, QUARTER, Row

H264, H265, VP8, VP9, AV1 = "libx264", "libx265", "libvpx", "libvpx-vp9", "libsvtav1"
OPUS, MP3 = "libopus", "libmp3lame"
B_FRAMES: Final = {"bf": "3", "b_strategy": "0"}
WIDE: Final = Fraction(4, 3)
PAUSE: Final = ((4.8, 20.0),)
LONG_PAUSE: Final = ((4.8, 600.0),)
QUIET: Final = (4.3, 5.3)
"""Seconds in which nobody speaks."""

PLAIN: Final = (
    Row("mp4", H264, "aac"),
    Row("mp4", H265, "aac"),
    Row("mp4", AV1, OPUS),
    Row("mp4", "mpeg4", MP3),
    Row("fragmented mp4", H264, "aac"),
    Row("fragmented mp4", VP9, OPUS),
    Row("mov", H264, "aac"),
    Row("mov", "mjpeg", "pcm_s16le"),
    Row("mkv", H264, "aac"),
    Row("mkv", H265, "flac"),
    Row("mkv", VP8, OPUS),
    Row("webm", VP8, OPUS),
    Row("webm", AV1, OPUS),
    Row("live webm", VP9, OPUS),
    Row("avi", "mpeg4", MP3),
    Row("avi", "mjpeg", "pcm_s16le"),
    Row("mpegts", H264, "aac"),
    Row("mpegts", H265, "ac3"),
    Row("mpegts", "mpeg2video", "mp2"),
    Row("m2ts", H264, "ac3"),
    Row("m2ts", "mpeg2video", "mp2"),
    Row("mpg", "mpeg2video", "mp2"),
    Row("mpg", "mpeg1video", "ac3"),
    Row("flv", H264, "aac"),
    Row("flv", "flv", MP3, rate=44_100),
)
MEANT: Final = (
    Row("mp4", H264, "aac", "turned by 90°", matrix=QUARTER),
    Row("fragmented mp4", H264, "aac", "turned by 180°", matrix=HALF),
    Row("mov", H264, "aac", "mirrored", matrix=MIRRORED),
    Row("mkv", H264, "aac", "turned by 90°", matrix=QUARTER),
    Row("mp4", H264, "aac", "pixels 4:3", shape=WIDE),
    Row("mkv", H264, OPUS, "pixels 4:3", shape=WIDE),
    Row("avi", "mpeg4", MP3, "pixels 4:3", shape=WIDE),
    Row("mpegts", H264, "aac", "pixels 4:3", shape=WIDE),
    Row("mpg", "mpeg2video", "mp2", "pixels 4:3", shape=WIDE),
    Row("mp4", H264, "aac", "B-frames", coding=B_FRAMES),
    Row("mkv", H264, "aac", "B-frames", coding=B_FRAMES),
    Row("mpegts", H264, "aac", "B-frames", coding=B_FRAMES),
    Row("m2ts", H264, "ac3", "B-frames", coding=B_FRAMES),
    Row("flv", H264, "aac", "B-frames", coding=B_FRAMES),
    Row("mpg", "mpeg2video", "mp2", "B-frames", coding={"bf": "2"}),
    Row("avi", "mpeg4", MP3, "B-frames", coding={"bf": "2"}),
    Row("mp4", AV1, OPUS, "key frames 6 s apart", coding={"g": "161"}),
)
HEARD: Final = (
    Row("mp4", H264, "aac", "44.1 kHz, stereo", rate=44_100, layout="stereo", channels=(1, 1)),
    Row("avi", "mjpeg", "pcm_s16le", "16 kHz", rate=16_000),
    Row("mov", H264, "pcm_s16le", "channels opposite", layout="stereo", channels=(1, -1)),
    Row("mkv", VP8, OPUS, "the right channel alone", layout="stereo", channels=(0, 1)),
    Row("mpegts", H264, "ac3", "5.1, the centre alone", layout="5.1", channels=(0, 0, 1, 0, 0, 0)),
    Row("flv", H264, MP3, "22.05 kHz, opposite", rate=22_050, layout="stereo", channels=(1, -1)),
)
GAPS: Final = (
    Row("webm", VP8, OPUS, "microphone off for 1 s", muted=QUIET),
    Row("mp4", H264, "aac", "microphone off for 1 s", muted=QUIET),
    Row("mpegts", H264, "aac", "microphone off for 1 s", muted=QUIET),
    Row("live webm", VP8, OPUS, "paused for 20 s", pauses=PAUSE),
    Row("fragmented mp4", H264, "aac", "paused for 20 s", pauses=PAUSE),
    Row("mkv", H264, "aac", "asleep for 10 min", pauses=LONG_PAUSE),
    Row("mpegts", H264, "aac", "paused for 20 s", pauses=PAUSE),
    Row("flv", H264, "aac", "paused for 20 s", pauses=PAUSE),
)
ROWS: Final = (*PLAIN, *MEANT, *HEARD, *GAPS)
