"""What every route of one service shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interhuman_stream.protocol.errors import FULL
from interhuman_stream.service.access.auth import Refused, look_for_credential
from interhuman_stream.service.access.quota import Allowance
from interhuman_stream.service.live.sessions import NoEntry

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from interhuman_stream.engine.pool import Engine
    from interhuman_stream.findings import Findings
    from interhuman_stream.service.access.auth import Caller, Guard
    from interhuman_stream.service.access.executors import Database
    from interhuman_stream.service.access.page import PageAccess
    from interhuman_stream.service.access.quota import Quota
    from interhuman_stream.service.access.store import Key, Store
    from interhuman_stream.service.jobs.queue import JobQueue
    from interhuman_stream.service.live.capacity import StreamCapacity
    from interhuman_stream.service.live.sessions import Sessions
    from interhuman_stream.service.live.waits import Waits
    from interhuman_stream.service.settings import Settings
    from interhuman_stream.service.watch.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Service:
    """One service: how it was set, who analyses, who may use it, what is open, waits and is used, and who checks.

    ``sessions`` is the door; it knows ``capacity``, ``waits`` and ``quota``, which learn here what was analysed.
    ``store`` and ``guard`` block: from the event loop they are asked through ``database``.
    """

    settings: Settings
    engine: Engine
    store: Store
    capacity: StreamCapacity
    waits: Waits
    quota: Quota
    sessions: Sessions
    jobs: JobQueue
    metrics: Metrics
    guard: Guard
    page: PageAccess
    database: Database

    def allowance(self, key: Key | Caller) -> Allowance:
        """What a key may use: what was set for it when it was made, or else for all."""
        own, settings = key.allowance, self.settings
        return Allowance(
            settings.key_sessions if own.sessions is None else own.sessions,
            settings.key_bytes_per_hour if own.bytes_an_hour is None else own.bytes_an_hour,
            settings.key_video_seconds_per_hour if own.video_seconds_an_hour is None else own.video_seconds_an_hour,
        )

    def let_in(self, key: Caller) -> None:
        """Let a key open a stream or an upload, as far as is known here; enter it without waiting in between.

        Raises:
            Refused: The service is full or about to stop, or the key has used what it may.
        """
        if why := self.sessions.refusal(key.key_id, self.allowance(key)):
            raise self.refused(why)

    def let_job_in(self, key: Caller) -> None:
        """Let a key leave a file as a job.

        Raises:
            Refused: The service is about to stop, or the key has used what it may.
        """
        if why := self.sessions.job_refusal(key.key_id, self.allowance(key)):
            raise self.refused(why)

    def look_for_room(self, connection: HTTPConnection) -> None:
        """Turn away who shows nothing, and everybody while there is no place, before the database is asked who it is.

        Raises:
            Refused: There is no credential, or no place.
        """
        look_for_credential(connection)
        state = self.sessions.state
        if state != "ready":
            raise self.refused(NoEntry(state, FULL))

    def look_for_job_room(self, connection: HTTPConnection, size: int) -> None:
        """Do the same for a file of so many bytes that is to be left as a job.

        Raises:
            Refused: There is no credential, or no place.
        """
        look_for_credential(connection)
        if self.sessions.draining.is_set():
            raise self.refused(NoEntry("draining", FULL))
        self.jobs.look_for_room(size)

    def refused(self, why: NoEntry) -> Refused:
        """Count somebody who is not let in, and say what to answer."""
        self.metrics.refused.labels(why.reason).inc()
        return Refused(why.error, why.message, why.retry_after, why.reason)

    def analysed(self, key: Caller, found: Findings) -> None:
        """Count what was analysed for a key."""
        self.quota.used(key.key_id, seconds=found.end - found.start)
        self.metrics.analysed(found)


def service_of(connection: HTTPConnection) -> Service:
    """The service that a request or a socket has come to."""
    service: Service = connection.app.state.service
    return service
