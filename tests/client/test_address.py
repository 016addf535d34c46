"""Addresses as users give them."""

from __future__ import annotations

import pytest

from interhuman_stream.client import InvalidAddress
from interhuman_stream.client.address import http_address, stream_address


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/v0/stream/analyze"),
        ("http://127.0.0.1:8000/", "ws://127.0.0.1:8000/v0/stream/analyze"),
        ("https://api.example.com", "wss://api.example.com/v0/stream/analyze"),
        (" https://api.example.com\n", "wss://api.example.com/v0/stream/analyze"),
        ("https://example.com/interhuman", "wss://example.com/interhuman/v0/stream/analyze"),
        ("ws://h:1/v0/stream/analyze", "ws://h:1/v0/stream/analyze"),
        ("wss://h/v0/stream/analyze?x=1", "wss://h/v0/stream/analyze?x=1"),
        ("http://[::1]:8000", "ws://[::1]:8000/v0/stream/analyze"),
    ],
)
def test_a_base_url_becomes_the_streams(given: str, used: str) -> None:
    assert stream_address(given) == used


def test_what_is_asked_for_goes_into_the_query() -> None:
    address = stream_address("https://h", ["conversation_quality_overall", "a b&c"])
    assert address == "wss://h/v0/stream/analyze?include[]=conversation_quality_overall&include[]=a%20b%26c"


@pytest.mark.parametrize(
    ("given", "used"), [("ws://h:1", "http://h:1/v0/auth"), ("https://h/v0/auth", "https://h/v0/auth")]
)
def test_http_addresses(given: str, used: str) -> None:
    assert http_address(given, "/v0/auth") == used


@pytest.mark.parametrize(
    "given", ["", "127.0.0.1:8000", "ftp://h", "http://", "http://h:port", "http://h:0", "http://["]
)
def test_what_is_no_address_is_refused_with_one_that_is(given: str) -> None:
    with pytest.raises(InvalidAddress, match=r"http://127\.0\.0\.1:8000"):
        stream_address(given)
