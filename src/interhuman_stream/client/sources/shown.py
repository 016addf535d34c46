"""A source's name as it may be printed: without the password a URL may carry."""

from __future__ import annotations

import re
from typing import Final

PASSWORD: Final = re.compile(r"(?<=://)[^/?#\s]*@")
"""The user and the password of a URL (RFC 3986, 3.2.1)."""


def shown(name: str) -> str:
    """Give the name without user and password."""
    return PASSWORD.sub("", name)
