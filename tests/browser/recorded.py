"""What a page records and sends, blob by blob, as it comes; and what became of it."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import av
import pytest

from interhuman_stream.analysis.media.stream import MediaStream
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Running

# Records for some seconds, pauses where it is told to, sends every blob, and waits until each has its last message.
RECORD: Final = """
async ({ url, token, options, slice, seconds, paused }) => {
  const media = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true });
  const socket = new WebSocket(url, ["access_token", token]);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onclose = (event) => reject(new Error("closed " + event.code));
  });
  const recorder = new MediaRecorder(media, options);
  const messages = [], blobs = [];
  let last = false, sending = Promise.resolve();
  const answered = new Promise((resolve) => {
    const look = () => {
      const done = messages.filter((m) => /"status":"(completed|error)"/.test(m)).length;
      if (last && done >= blobs.length) resolve();
    };
    socket.onclose = resolve;
    socket.onmessage = (event) => { messages.push(event.data); look(); };
    recorder.onstop = () => { sending = sending.then(() => { last = true; look(); }); };
  });
  const text = (bytes) => {
    let all = "";
    for (let at = 0; at < bytes.length; at += 32768) all += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(all);
  };
  recorder.ondataavailable = (event) => {
    sending = sending.then(async () => {
      const bytes = new Uint8Array(await event.data.arrayBuffer());
      if (!bytes.length) return;
      blobs.push(text(bytes));
      socket.send(bytes);
    });
  };
  const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  recorder.start(slice);
  if (paused) {
    await after(seconds * 500);
    recorder.pause();
    await after(paused * 1000);
    recorder.resume();
    await after(seconds * 500);
  } else {
    await after(seconds * 1000);
  }
  recorder.stop();
  await answered;
  socket.onclose = null;
  socket.close();
  media.getTracks().forEach((track) => track.stop());
  return { messages, blobs };
}
"""


@dataclass(frozen=True)
class Recorded:
    """The blobs in order, and what the service said of each."""

    blobs: list[bytes]
    messages: list[dict[str, Any]]

    @property
    def legal(self) -> list[int]:
        """The numbers of the blobs that are neither too small nor too large."""
        return [at for at, blob in enumerate(self.blobs, 1) if SMALLEST_SEGMENT <= len(blob) <= LARGEST_SEGMENT]

    @property
    def completed(self) -> list[int]:
        """The numbers of those that were."""
        return [message["segment"] for message in self.messages if message["status"] == "completed"]

    def read(self) -> tuple[int, float]:
        """Pictures in the whole recording, and the seconds it covers, as FFmpeg reads it."""
        pictures, times = 0, []
        with av.open(io.BytesIO(b"".join(self.blobs)), "r") as file:
            for packet in file.demux():
                times += [float(packet.pts * packet.time_base)] if packet.pts is not None else []
                pictures += len(packet.decode()) if packet.stream.type == "video" else 0
        return pictures, max(times) - min(times)

    def fed(self) -> tuple[int, float]:
        """Pictures that come out of the blobs, fed one by one; and the seconds they cover."""
        stream = MediaStream()
        for blob in self.blobs:
            for _ in stream.feed(blob):
                pass
        for _ in stream.finish():
            pass
        stream.close()
        return stream.video_frames, stream.extent.end


def record(
    evaluate: Callable[[str, Any], Any],
    running: Running,
    options: dict[str, Any],
    *,
    slice_ms: int,
    seconds: float = 4.0,
    paused: float = 0.0,
) -> Recorded:
    """Have the page that ``evaluate`` evaluates in record and send."""
    told = {"url": running.socket_url, "token": running.token(), "options": options}
    got = evaluate(RECORD, told | {"slice": slice_ms, "seconds": seconds, "paused": paused})
    blobs = [base64.b64decode(text) for text in got["blobs"]]
    return Recorded(blobs, [json.loads(text) for text in got["messages"]])


def is_whole(recorded: Recorded) -> None:
    """See that every legal blob was completed, every other one refused for its size, and no picture lost.

    How much there is depends on how busy the machine was; that it is all there does not.
    """
    print(f"{len(recorded.blobs)} blobs of {[len(blob) for blob in recorded.blobs]} bytes")  # noqa: T201 - what came
    assert recorded.legal
    assert recorded.completed == recorded.legal
    refused = [message for message in recorded.messages if message["status"] == "error"]
    assert all("too small" in message["error"] for message in refused)
    assert len(refused) + len(recorded.legal) == len(recorded.blobs)
    (pictures, end), (there, length) = recorded.fed(), recorded.read()
    assert pictures == there > 0
    assert end == pytest.approx(length, abs=0.5)
