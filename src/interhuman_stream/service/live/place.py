"""A client token's session: its place among those that the token may have open, and what it may still send.

The database is asked, for other sessions of the token may be anywhere. While it is away, who was let in stays in.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING, Final, Never

from sqlalchemy.exc import SQLAlchemyError

from interhuman_stream.protocol import errors
from interhuman_stream.service.access.client_tokens import PLACE_SECONDS
from interhuman_stream.service.live.sessions import RETRY_AFTER, NoEntry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from interhuman_stream.service.access.client_tokens import ClientToken, ClientTokens, Lack
    from interhuman_stream.service.access.executors import Database

STAY_SECONDS: Final = PLACE_SECONDS / 3
"""How often a session says that it is still there: twice more before its place is anybody's."""


class Place:
    """An open session of a client token.

    Args:
        database: By which ``tokens`` are asked.
        tokens: Where it is counted.
        token: With which it is opened.
    """

    def __init__(self, database: Database, tokens: ClientTokens, token: ClientToken) -> None:
        self._database = database
        self._tokens = tokens
        self._token = token
        self._place_id = f"ihp_{secrets.token_hex(8)}"
        self._granted = 0
        """Bytes counted already and not sent yet."""

    async def enter(self) -> Lack | None:
        """Take the place; or tell why there is none."""
        return await self._database.door(self._tokens.enter, self._token.token_id, self._place_id)

    async def denied(self, size: int, seconds: float) -> NoEntry | None:
        """Why so many bytes may not be sent; None where they may, and are counted."""
        try:
            lack = await self._database.live(self._lack, size, seconds)
        except SQLAlchemyError:
            return None
        return None if lack is None else no_entry(lack, self._token)

    async def analysed(self, seconds: float) -> None:
        """Count video that was analysed, where it is capped."""
        if self._token.max_video_seconds is None or seconds <= 0:
            return
        with contextlib.suppress(SQLAlchemyError):
            await self._database.live(self._tokens.analysed, self._token.token_id, seconds)

    async def stay(self) -> Never:
        """Hold the place until this is cancelled."""
        while True:
            await asyncio.sleep(STAY_SECONDS)
            with contextlib.suppress(SQLAlchemyError):
                await self._database.live(self._tokens.stay, self._token.token_id, self._place_id)

    async def leave(self) -> None:
        """Give it back. If that fails, it is forgotten when it is not put off any more."""
        with contextlib.suppress(SQLAlchemyError):
            await self._database.door(self._tokens.leave, self._token.token_id, self._place_id, self._granted)

    def _lack(self, size: int, seconds: float) -> Lack | None:
        needed = max(0, size - self._granted) if self._token.max_bytes is not None else 0
        if needed or seconds:
            granted = self._tokens.grant(self._token.token_id, needed, seconds)
            if isinstance(granted, str):
                return granted
            self._granted += granted
        elif (lack := self._tokens.look(self._token.token_id)) not in {None, "bytes"}:  # of bytes enough are granted
            return lack
        self._granted = max(0, self._granted - size)
        return None


def no_entry(lack: Lack, token: ClientToken) -> NoEntry:
    """What to answer where a client token may not."""
    if lack == "revoked":
        return NoEntry("revoked", errors.CLIENT_TOKEN_REVOKED, retry_after=None)
    if lack == "sessions":
        message = f"This client token may have {token.max_concurrent} open at once."
        return NoEntry("token_sessions", errors.CLIENT_TOKEN_SESSIONS, message, RETRY_AFTER)
    error = errors.CLIENT_TOKEN_BYTES if lack == "bytes" else errors.CLIENT_TOKEN_VIDEO
    return NoEntry("token_use", error, retry_after=None)


@contextlib.asynccontextmanager
async def entered(database: Database, tokens: ClientTokens, token: ClientToken) -> AsyncIterator[Place | NoEntry]:
    """Hold a place while the context is open; or tell why there is none."""
    place = Place(database, tokens, token)
    try:
        lack = await place.enter()
        if lack is not None:
            yield no_entry(lack, token)
            return
        staying = asyncio.create_task(place.stay())
        try:
            yield place
        finally:
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)
    finally:
        # Also where the wait for it was given up: the database may have counted it by then.
        await asyncio.shield(place.leave())
