"""What a worker says of a stream is believed only where it can be true."""

from __future__ import annotations

import math

import pytest

from interhuman_stream.analysis.media.structure import LARGEST_HEADER
from interhuman_stream.engine.resume import Resume


def test_what_can_be_true_is_taken() -> None:
    assert Resume(bytes(LARGEST_HEADER), 86_400.5).position == 86_400.5
    assert Resume() == Resume(b"", 0.0)


@pytest.mark.parametrize("position", [-1.0, math.nan, math.inf])
def test_what_is_no_time_is_refused(position: float) -> None:
    with pytest.raises(ValueError, match="finite number of seconds"):
        Resume(b"", position)


def test_a_header_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is the most"):
        Resume(bytes(LARGEST_HEADER + 1))
