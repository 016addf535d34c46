"""Words of strangers (a server's, a client's, a file's name) as they may be shown: on one line, steering nothing."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 2_000
"""Characters that are shown of a text; nobody reads more, and a terminal takes long for them."""
STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's general categories of controls (ECMA-48's escapes, line feeds, C1), of formats that turn the direction of a
line or are invisible (UAX 9), of lone surrogates, and of separators of lines and paragraphs."""


def sentence(text: object, longest: int = LONGEST) -> str:
    """Give a text on one line, with what could steer a terminal or forge a line of ours written as an escape.

    What comes out is not changed by a second time, and holds nothing that an encoding of Unicode refuses.

    Args:
        text: Anything; it is taken as a text.
        longest: Characters to give at most; a longer text ends in an ellipsis.
    """
    begun = str(text)[: longest + 1]
    shown = begun if begun.isprintable() else "".join(map(_escaped, begun))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in STEERING:
        return character
    return character.encode("unicode_escape").decode("ascii")
