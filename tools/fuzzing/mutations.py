"""What is done to a file: damage anywhere, and damage where a container's own structure is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

LEAST, MOST = 10_000, 60_000
TS_PACKET = 188
EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 2**64 - 1)
BOXES = re.compile(
    rb"ftyp|moov|mvhd|trak|tkhd|edts|elst|mdia|mdhd|hdlr|minf|dinf|dref|stbl|stsd|stts|stsc|stsz|stco|co64|stss|ctts"
    rb"|avc1|avcC|mp4a|esds|jpeg|sowt|mvex|trex|moof|mfhd|traf|tfhd|tfdt|trun|mdat|mfra|udta|meta|ilst"
)
CHUNKS = re.compile(rb"RIFF|LIST|avih|strh|strf|idx1|00dc|01wb|JUNK|movi")
# EBML elements whose size or value is worth lying about (RFC 9559).
ELEMENTS = re.compile(
    rb"\x1a\x45\xdf\xa3|\x18\x53\x80\x67|\x15\x49\xa9\x66|\x16\x54\xae\x6b|\x1f\x43\xb6\x75|\xae|\xe0|\xe1|\xb0|\xba"
    rb"|\x63\xa2|\x86|\x2a\xd7\xb1|\xe7|\xa3|\xa0|\xa1|\x44\x89|\x1c\x53\xbb\x6b|\x12\x54\xc3\x67|\x23\xe3\x83"
)
STARTS = re.compile(rb"\x00\x00\x01[\xb3\xb8\xba\xbb\xbe\xc0-\xef\x00\x67\x68\x65\x61\x09\x06]")


def filled(rng: random.Random, data: bytes) -> bytes:
    """At least the smallest segment: the rest is zeros, noise, or the file once more."""
    lacking = LEAST - len(data)
    if lacking <= 0:
        return data
    again = (data * (lacking // max(1, len(data)) + 1))[:lacking]
    return data + rng.choice([bytes(lacking), rng.randbytes(lacking), again])


def flip_bits(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """One to a hundred bits, anywhere."""
    for _ in range(rng.choice([1, 3, 10, 100])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def flip_header(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """A few bytes of the first kilobyte, where the tracks and codecs are described."""
    for _ in range(rng.choice([1, 2, 5, 20])):
        data[rng.randrange(min(len(data), 1024))] = rng.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF, rng.randrange(256)])
    return data


def edge_number(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """A number at the edge of what fits, in either byte order."""
    for _ in range(rng.choice([1, 2, 8])):
        width = rng.choice([1, 2, 4, 8])
        value = rng.choice(EDGES) & ((1 << 8 * width) - 1)
        at = rng.randrange(max(1, rng.choice([len(data), min(2048, len(data))]) - width))
        data[at : at + width] = value.to_bytes(width, rng.choice(["big", "little"]))
    return data


def cut(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """The end is missing."""
    return data[: rng.randrange(1, len(data) + 1)]


def behead(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """The beginning is missing."""
    return data[rng.randrange(len(data)) :]


def copy_block(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """A stretch comes twice."""
    start = rng.randrange(len(data))
    block = data[start : start + rng.choice([4, 64, 1000, 8000])]
    at = rng.randrange(len(data) + 1)
    return data[:at] + block + data[at:]


def drop_block(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """A stretch is missing."""
    start = rng.randrange(len(data))
    del data[start : start + rng.choice([1, 4, 64, 1000, 8000])]
    return data


def insert_block(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """Noise or zeros in between."""
    size, at = rng.choice([1, 4, 64, 1000, 8000]), rng.randrange(len(data) + 1)
    return data[:at] + rng.choice([bytes(size), rng.randbytes(size)]) + data[at:]


def blank_block(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """A stretch is zeros, ones or noise."""
    size = min(rng.choice([4, 64, 1000, 8000]), len(data))
    start = rng.randrange(len(data) - size + 1)
    data[start : start + size] = rng.choice([bytes(size), b"\xff" * size, rng.randbytes(size)])
    return data


def shuffle(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """Chunks in another order; the first stays, so that the container is still known."""
    size = rng.choice([188, 512, 2048])
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    head, rest = chunks[:1], chunks[1:]
    rng.shuffle(rest)
    return bytearray().join(head + rest)


def splice(rng: random.Random, data: bytearray, others: Sequence[bytes]) -> bytearray:
    """The beginning of this file and the end of another."""
    other = rng.choice(others)
    return data[: rng.randrange(1, len(data) + 1)] + other[rng.randrange(len(other)) :]


def nest(rng: random.Random, data: bytearray, others: Sequence[bytes]) -> bytearray:
    """A whole file in the middle of this one."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(others) + data[at:]


def header_and_noise(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """A true beginning, and nothing true behind it."""
    return data[: rng.choice([16, 64, 300, 700, 1500])] + rng.randbytes(LEAST)


def box_size(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """An ISO BMFF or RIFF size that is not true, or a count behind it."""
    found = [match.start() for match in BOXES.finditer(data)] + [match.end() + 4 for match in CHUNKS.finditer(data)]
    for at in rng.sample(found, min(len(found), rng.choice([1, 1, 3]))):
        place = max(0, at - 4 if rng.random() < 0.6 else at + 4 + 4 * rng.randrange(6))
        value = rng.choice([*EDGES[:10], len(data), rng.randrange(1 << 32)]) & 0xFFFFFFFF
        data[place : place + 4] = value.to_bytes(4, rng.choice(["big", "big", "little"]))
    return data


def element_size(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """An EBML size (RFC 8794, 4) that is not true, unknown, or wider than it need be; or another value."""
    found = [match.end() for match in ELEMENTS.finditer(data[:4096])]
    for at in rng.sample(found, min(len(found), rng.choice([1, 1, 3]))):
        width = rng.randint(1, 8)
        value = rng.choice([0, 1, (1 << 7 * width) - 1, (1 << 7 * width) - 2, rng.getrandbits(7 * width)])
        size = ((1 << 7 * width) | value).to_bytes(width, "big")
        if rng.random() < 0.5:
            data[at : at + width] = size
        else:
            data[at : at + 1] = size
    return data


def packet_fields(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """MPEG-TS: other identifiers, flags, adaptation lengths, packets swapped (ISO/IEC 13818-1, 2.4.3)."""
    packets = len(data) // TS_PACKET
    if packets < 2:
        return data
    for _ in range(rng.choice([1, 4, 20])):
        at = rng.randrange(packets) * TS_PACKET
        what = rng.randrange(4)
        if what == 0:
            other = rng.randrange(packets) * TS_PACKET
            one, two = data[at : at + TS_PACKET], data[other : other + TS_PACKET]
            data[at : at + TS_PACKET], data[other : other + TS_PACKET] = two, one
        else:
            data[at + (1, 3, 4)[what - 1] + (what == 1) * rng.randrange(2)] = rng.randrange(256)
    return data


def start_codes(rng: random.Random, data: bytearray, _others: Sequence[bytes]) -> bytearray:
    """MPEG start codes and NAL units: another kind, or another size or header behind them."""
    found = [match.start() for match in STARTS.finditer(data)]
    for at in rng.sample(found, min(len(found), rng.choice([1, 3, 10]))):
        place = at + 3 + rng.randrange(8)
        if place < len(data):
            data[place] = rng.randrange(256)
    return data


MUTATIONS: dict[str, Callable[[random.Random, bytearray, Sequence[bytes]], bytearray]] = {
    mutation.__name__: mutation
    for mutation in (
        flip_bits,
        flip_header,
        edge_number,
        cut,
        behead,
        copy_block,
        drop_block,
        insert_block,
        blank_block,
        shuffle,
        splice,
        nest,
        header_and_noise,
        box_size,
        element_size,
        packet_fields,
        start_codes,
    )
}
"""By name, what may be done to a file; others may give a part."""
