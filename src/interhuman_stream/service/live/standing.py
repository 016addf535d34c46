"""Whether a stream may go on: its key is still good and has not used up its hour, and the service is not to stop."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError

from interhuman_stream.protocol import errors
from interhuman_stream.service.live.sessions import NoEntry

if TYPE_CHECKING:
    import structlog

    from interhuman_stream.findings import Note
    from interhuman_stream.protocol.dialect import End
    from interhuman_stream.service.access.auth import Caller
    from interhuman_stream.service.access.store import Key
    from interhuman_stream.service.context import Service

KEY_LOOK_SECONDS: Final = 2.0
"""How often the key of a stream that sends nothing is looked at; before a segment is taken it is looked at anyway."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one stream: its service, its key, where it logs, and what was put right in it as far as the log has it."""

    service: Service
    caller: Caller
    log: structlog.stdlib.BoundLogger
    noted: set[Note] = field(default_factory=set)

    async def lost(self) -> End:
        """Wait until the service is to stop, or the key is good no longer."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KEY_LOOK_SECONDS):
                    await self.service.sessions.draining.wait()
                    return "stopping"
            if await self._key() is None:
                return "revoked"

    async def denied(self) -> NoEntry | None:
        """Why the key may not send another segment, though it could open the stream; None where it may."""
        key = await self._key()
        if key is None:
            return NoEntry("revoked", errors.KEY_REVOKED)
        return self.service.sessions.used_up(key.key_id, self.service.allowance(key))

    async def _key(self) -> Key | Caller | None:
        """What the key may do now; None where it was revoked or rotated, or has expired."""
        try:
            return await asyncio.to_thread(self.service.store.live, self.caller.key_id, self.caller.generation)
        except DBAPIError as error:
            # Who was let in stays in while the database is away: a restart of it must not end every conversation.
            self.log.error("the database fails", error=type(error).__name__)  # noqa: TRY400 - what it says may be secret
            return self.caller
