"""What the endpoints that make tokens read and answer, whatever the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.protocol.limits import KNOWN_SCOPES, LEGACY_SCOPES, TOKEN_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CAPS: Final = ("max_duration_seconds", "max_bytes", "max_concurrent", "max_video_seconds")
"""The caps of a client token that are numbers."""
LARGEST_CAP: Final = 2**53 - 1
"""The largest whole number that every reader of JSON takes for what it is (RFC 8259, 6)."""
MOST_ORIGINS: Final = 64


def granted_scopes(asked: Iterable[str]) -> tuple[str, ...]:
    """The scopes to grant for those that were asked for: each once, by the names they have now.

    Raises:
        ValueError: One is not known.
    """
    names = tuple(dict.fromkeys(LEGACY_SCOPES.get(scope, scope) for scope in asked))
    if unknown := [name for name in names if name not in KNOWN_SCOPES]:
        raise ValueError(f"The scope {unknown[0]!r} is not known; use one of: {', '.join(KNOWN_SCOPES)}.")
    return names


def token(access_token: str, scopes: Sequence[str], seconds: int = TOKEN_SECONDS) -> dict[str, Any]:
    """The body of a granted `POST /v0/auth` or `/v1/auth`."""
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": " ".join(scopes),
    }


def client_token(access_token: str, scopes: Sequence[str], seconds: int, caps: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a granted `POST /v1/client_tokens`: with the caps that are in force, and no others."""
    return token(access_token, scopes, seconds) | {name: cap for name, cap in caps.items() if cap is not None}
