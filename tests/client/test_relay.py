"""Bytes in, bytes out: whatever a server says reaches the sink unchanged, through a real WebSocket."""

from __future__ import annotations

import asyncio
import io
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interhuman_stream.client import FileSink, Message, SinkClosed, StreamClient
from tests.client import far_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.asyncio.server import ServerConnection

scalars = st.one_of(
    st.sampled_from(["3", "3.0", "3e0", "3E+00", "-0", "-0.0", "0.1e-7", "123456789012345678901234567890", "1e400"]),
    st.sampled_from(
        ["true", "false", "null", '"é"', r'"\u00e9"', r'"\u00E9"', r'"\/"', '"/"', r'"\ud83d\ude00"', '"😀"']
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), max_size=8).map(
        '"{}"'.format
    ),
)
names = st.sampled_from(
    ['"status"', '"segment"', '"signals"', '"type"', '"a field nobody knows"', r'"t\u0079pe"', '""']
)
blanks = st.sampled_from(["", " ", "  ", "\t"])


@st.composite
def objects(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    """Give the text of a JSON object in any spelling: names may come twice, in any order, with any blanks."""
    space = draw(blanks)
    pairs = draw(st.lists(st.tuples(names, values), max_size=5))
    return "{" + space + f",{space}".join(f"{name}{space}:{value}" for name, value in pairs) + space + "}"


json_texts = st.recursive(
    scalars, lambda inner: st.one_of(objects(inner), st.lists(inner).map(lambda v: f"[{','.join(v)}]"))
)
texts = st.one_of(json_texts, st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))


def relayed(frames: Sequence[str | bytes]) -> bytes:
    """Send frames from a server, relay them with the client, give what the sink got."""

    async def handler(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame, text=True)

    async def main() -> bytes:
        file = io.BytesIO()
        sink = FileSink(file)
        async with far_end.websocket(handler) as url, StreamClient(url) as client:
            async for message in client:
                await sink.write(message)
        return file.getvalue()

    return asyncio.run(main())


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, max_size=6))
@example(['{"status":"result","segment":3,"x":3.0,"y":3e0}', '{"segment":1,"status":"completed"}'])
@example(['{"type":"a type nobody knows","z":1,"a":2}', "not json at all", "", "{", '"\\u0000"'])
@example(['{"a":1,"a":2}', "NaN", "﻿{}"])
def test_every_text_frame_comes_out_as_it_went_in(frames: list[str]) -> None:
    assert relayed(frames) == b"".join(frame.encode() + b"\n" for frame in frames)


def test_messages_of_5_mb() -> None:
    frames = ['{"pad":"' + character * 5_000_000 + '"}' for character in "xy"]
    assert relayed(frames) == "".join(f"{frame}\n" for frame in frames).encode()


def test_bytes_that_are_no_utf_8() -> None:
    assert relayed([b'{"a":"\xff\xfe"}']) == b'{"a":"\xff\xfe"}\n'


def test_a_frame_in_fragments_is_one_message() -> None:
    async def main() -> list[bytes]:
        async def handler(connection: ServerConnection) -> None:
            await connection.send(['{"status":', '"completed",', '"segment":1}'])

        async with far_end.websocket(handler) as url, StreamClient(url) as client:
            return [message.data async for message in client]

    assert asyncio.run(main()) == [b'{"status":"completed","segment":1}']


async def test_each_message_is_flushed_at_once() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        await FileSink(file).write(Message(b'{"a":1}'))
        assert os.read(reading, 100) == b'{"a":1}\n'
    os.close(reading)


async def test_a_closed_pipe_is_an_end() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    file = os.fdopen(writing, "wb", buffering=0)
    with pytest.raises(SinkClosed):
        await FileSink(file).write(Message(b"{}"))
    file.close()
