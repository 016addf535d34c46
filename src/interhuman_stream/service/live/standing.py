"""Who is let in, and whether it may go on: credential, quota and caps hold, and the service is not to stop."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from interhuman_stream.protocol import errors
from interhuman_stream.service.live import place
from interhuman_stream.service.live.sessions import NoEntry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import structlog

    from interhuman_stream.findings import Findings, Note
    from interhuman_stream.protocol.dialect import End
    from interhuman_stream.service.access.auth import Caller
    from interhuman_stream.service.access.store import Key
    from interhuman_stream.service.context import Service
    from interhuman_stream.service.live.place import Place

KEY_LOOK_SECONDS: Final = 2.0
"""How often the credential of a stream that sends nothing is looked at; before a segment is taken it is anyway."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one stream: its service, its key, where it logs, and what was put right in it as far as the log has it.

    Attributes:
        place: Of the client token it was opened with, if it was one.
    """

    service: Service
    caller: Caller
    log: structlog.stdlib.BoundLogger
    place: Place | None = None
    noted: set[Note] = field(default_factory=set)

    @property
    def session_seconds(self) -> float:
        """How long the stream may last: what is set for all, or less if its client token says so."""
        most = self.service.settings.session_seconds
        token = self.caller.token
        return most if token is None or token.max_duration_seconds is None else min(most, token.max_duration_seconds)

    async def lost(self) -> End:
        """Wait until the service is to stop, or the credential is good no longer."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KEY_LOOK_SECONDS):
                    await self.service.sessions.draining.wait()
                    return "stopping"
            if await self._key() is None:
                return "revoked"
            if self.place and (why := await self.place.denied(0, 0.0)) and why.reason == "revoked":
                return "revoked"

    async def denied(self, size: int = 0, seconds: float = 0.0) -> NoEntry | None:
        """Why so many bytes may not be sent, though the stream could be opened; None where they may.

        Args:
            size: Bytes; they are counted here where a client token's are capped.
            seconds: Of video, where that is known already; it is counted here, and not to be told ``analysed``.
        """
        key = await self._key()
        if key is None:
            return NoEntry("revoked", errors.KEY_REVOKED)
        if why := self.service.sessions.used_up(key.key_id, self.service.allowance(key)):
            return why
        return await self.place.denied(size, seconds) if self.place else None

    async def analysed(self, found: Findings, seconds: float | None = None) -> None:
        """Count what was analysed.

        Args:
            found: What came of it.
            seconds: Of the client token's video, where that is not all that ``found`` spans: what overlaps an earlier
                analysis, or was counted before, is not used again.
        """
        self.service.analysed(self.caller, found)
        if self.place:
            await self.place.analysed(found.end - found.start if seconds is None else seconds)

    def learn(self, found: Findings, waited: float) -> None:
        """Learn what live video cost, and how many seconds it waited for the engine by the clock here."""
        token, service = self.caller.token, self.service
        service.capacity.analysed(found, token.token_id if token else self.caller.key_id)
        service.waits.told(id(self), waited)

    def forget(self) -> None:
        """The stream has ended."""
        self.service.waits.forget(id(self))

    async def _key(self) -> Key | Caller | None:
        """What the key may do now; None where it was revoked or rotated, or has expired."""
        try:
            ask, live = self.service.database.live, self.service.store.live
            return await ask(live, self.caller.key_id, self.caller.generation)
        except SQLAlchemyError:
            # Who was let in stays in while the database is away: a restart of it must not end every conversation.
            return self.caller


@contextlib.asynccontextmanager
async def admitted(service: Service, caller: Caller, log: structlog.stdlib.BoundLogger) -> AsyncIterator[Standing]:
    """Let a caller open a stream or an upload, which is open for as long as the context is.

    Raises:
        Refused: The service is full or about to stop, or the key or the client token has used what it may.
    """
    service.let_in(caller)
    # Before the database is asked: nobody else gets this place meanwhile.
    with service.sessions.entered(caller.key_id):
        async with capped(service, caller, log) as standing:
            yield standing


@contextlib.asynccontextmanager
async def capped(service: Service, caller: Caller, log: structlog.stdlib.BoundLogger) -> AsyncIterator[Standing]:
    """Hold a place of the caller's client token, if it is one, for as long as the context is open.

    Raises:
        Refused: The client token has used what it may.
    """
    if caller.token is None:
        yield Standing(service, caller, log)
        return
    async with place.entered(service.database, service.store.client_tokens, caller.token) as own:
        if isinstance(own, NoEntry):
            raise service.refused(own)
        yield Standing(service, caller, log, own)
