"""A check: one sentence of the contract and the function that tries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from interhuman_stream.conformance.target import Target

AN_ANSWER: Final = 30.0
"""Seconds for requests that need no analysis."""
AN_ANALYSIS: Final = 120.0
"""Seconds where segments or files are analysed: a small server may take longer than they last."""
MANY_BYTES: Final = 300.0
"""Seconds where tens of megabytes are sent, which a home connection takes minutes for."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: What it is called on the command line.
        section: The part of the contract it belongs to.
        contract: The sentence that it verifies.
        run: Tries it; raises ``Failed`` where the server does otherwise, ``Skipped`` where it cannot be tried.
        seconds: How long it may take.
    """

    name: str
    section: str
    contract: str
    run: Callable[[Target], Awaitable[None]]
    seconds: float = AN_ANSWER
