"""The jobs in the database: their state, and their results, for an hour. The video is never in it.

Whoever holds a job's video, a service, says again and again that it is still there. Where it does not any more, it was
ended without a word, and the video with it: whoever asks next finds the job interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from interhuman_stream.protocol.errors import INTERRUPTED
from interhuman_stream.protocol.limits import JOB_SECONDS
from interhuman_stream.service.access.database import changing
from interhuman_stream.service.access.tables import JobRow
from interhuman_stream.service.jobs import sealed

if TYPE_CHECKING:
    from sqlalchemy import Engine, Executable, Update

    from interhuman_stream.protocol.jobs import Status

HOLD: Final = timedelta(seconds=20)
"""For which a holder is believed to be there; it says so every quarter of it."""
STAY_SECONDS: Final = HOLD.total_seconds() / 4
UNFINISHED: Final = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: an id of the catalogue, and words."""

    error_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Job:
    """What is known of a job.

    Attributes:
        correlation_id: Of the request that submitted it.
        result: The JSON of a job that is completed.
        failure: Of one that has failed.
    """

    job_id: str
    key_id: str
    model: str
    status: Status
    created_at: datetime
    expires_at: datetime
    correlation_id: str
    result: str | None = None
    failure: Failure | None = None


class JobStore:
    """The table of jobs, as one service uses it. Safe to use from several threads.

    Args:
        database: In which the table is.
        holder: The name of this service among those that use the database; another each time it is started.
    """

    def __init__(self, database: Engine, holder: str) -> None:
        self._database = database
        self._holder = holder

    def add(self, job_id: str, key_id: str, model: str, correlation_id: str) -> Job:
        """Take up a job whose video this service holds."""
        created = _now().replace(microsecond=0)
        job = Job(job_id, key_id, model, "queued", created, created + timedelta(seconds=JOB_SECONDS), correlation_id)
        new = insert(JobRow).values(
            job_hash=sealed.name(job_id),
            key_id=key_id,
            model=model,
            status=job.status,
            created_at=job.created_at,
            expires_at=job.expires_at,
            correlation_id=correlation_id,
            holder=self._holder,
            held_until=_now() + HOLD,
        )
        self._do(new)
        return job

    def find(self, job_id: str, key_id: str) -> Job | None:
        """The job of a key; None where there is none, or not any more."""
        now = _now()
        with Session(self._database) as session:
            row = session.get(JobRow, sealed.name(job_id))
            if row is None or row.key_id != key_id or row.expires_at <= now:
                return None
            job = _job(row, job_id)
            left = row.status in UNFINISHED and row.held_until <= now
        if not left:
            return job
        self._do(_interrupted().where(JobRow.job_hash == sealed.name(job_id), JobRow.held_until <= now))
        return self.find(job_id, key_id)

    def runs(self, job_id: str) -> None:
        """Note that a job is being analysed."""
        self._settle(job_id, status="running")

    def completed(self, job_id: str, result: str) -> None:
        """Note the JSON that a job has come to."""
        self._settle(job_id, status="completed", result=sealed.seal(result, job_id))

    def failed(self, job_id: str, failure: Failure) -> None:
        """Note why a job has come to nothing."""
        self._settle(job_id, status="failed", error_id=failure.error_id, error_message=failure.message)

    def stay(self) -> None:
        """Say that this service is there and holds its jobs."""
        held = update(JobRow).where(JobRow.holder == self._holder, JobRow.status.in_(UNFINISHED))
        self._do(held.values(held_until=_now() + HOLD))

    def leave(self) -> None:
        """Say that this service holds no video any more: what it has not finished is interrupted."""
        self._do(_interrupted().where(JobRow.holder == self._holder))

    def forget(self) -> None:
        """Drop what has expired."""
        self._do(delete(JobRow).where(JobRow.expires_at <= _now()))

    def _settle(self, job_id: str, **values: object) -> None:
        mine = (JobRow.job_hash == sealed.name(job_id), JobRow.holder == self._holder, JobRow.status.in_(UNFINISHED))
        self._do(update(JobRow).where(*mine).values(**values))

    def _do(self, change: Executable) -> None:
        with changing(self._database) as connection:
            connection.execute(change)


def _interrupted() -> Update:
    values = {"status": "failed", "error_id": INTERRUPTED.id, "error_message": INTERRUPTED.message}
    return update(JobRow).where(JobRow.status.in_(UNFINISHED)).values(**values)


def _job(row: JobRow, job_id: str) -> Job:
    status: Status = row.status  # type: ignore[assignment] # nothing else is written
    return Job(
        job_id,
        row.key_id,
        row.model,
        status,
        row.created_at,
        row.expires_at,
        row.correlation_id,
        None if row.result is None else sealed.unseal(row.result, job_id),
        None if row.error_id is None else Failure(row.error_id, row.error_message or ""),
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
