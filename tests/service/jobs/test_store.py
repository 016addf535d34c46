"""The jobs in both databases: whose they are, how they end, what can be read of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from interhuman_stream.service.access.store import Store
from interhuman_stream.service.jobs import sealed
from interhuman_stream.service.jobs import store as job_store
from interhuman_stream.service.jobs.store import Failure

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

JOB = "0123456789abcdef0123456789abcdef"
SAID = '{"rationale":"Said “exactly” (1.0–1.4 s)."}'


class Clock:
    """The time of the store, which a test moves on."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._now = job_store._now

    def __call__(self) -> datetime:
        """Tell it."""
        return self._now() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(job_store, "_now", clock)
    return clock


def test_a_job_goes_its_way_and_is_known_to_its_key_alone(store: Store) -> None:
    jobs = store.jobs("one")
    new = jobs.add(JOB, "ihk_1", "inter-2", "c1")
    assert (new.status, new.expires_at - new.created_at, new.created_at.microsecond) == (
        "queued",
        timedelta(hours=1),
        0,
    )
    assert jobs.find(JOB, "ihk_1") == new
    assert jobs.find(JOB, "ihk_2") is None
    assert jobs.find("f" * 32, "ihk_1") is None
    jobs.runs(JOB)
    jobs.completed(JOB, SAID)
    jobs.failed(JOB, Failure("ih1001", "too late"))  # what is finished stays as it is
    found = store.jobs("another").find(JOB, "ihk_1")
    assert found is not None
    assert (found.status, found.result, found.failure, found.correlation_id) == ("completed", SAID, None, "c1")


def test_a_failed_job_says_why(store: Store) -> None:
    jobs = store.jobs("one")
    jobs.add(JOB, "ihk_1", "inter-2", "c1")
    jobs.failed(JOB, Failure("ih5002", "It cannot be read."))
    found = jobs.find(JOB, "ihk_1")
    assert found is not None
    assert (found.status, found.result, found.failure) == ("failed", None, Failure("ih5002", "It cannot be read."))


def test_a_job_expires(store: Store, clock: Clock) -> None:
    jobs = store.jobs("one")
    jobs.add(JOB, "ihk_1", "inter-2", "c1")
    jobs.completed(JOB, SAID)
    clock.ahead = timedelta(minutes=59)
    jobs.forget()
    assert jobs.find(JOB, "ihk_1") is not None
    clock.ahead = timedelta(minutes=61)
    assert jobs.find(JOB, "ihk_1") is None
    jobs.forget()
    clock.ahead = timedelta()
    assert jobs.find(JOB, "ihk_1") is None


def test_a_job_whose_holder_is_gone_without_a_word_is_interrupted(store: Store, clock: Clock) -> None:
    one, other = store.jobs("one"), store.jobs("other")
    one.add(JOB, "ihk_1", "inter-2", "c1")
    one.runs(JOB)
    clock.ahead = job_store.HOLD - timedelta(seconds=1)
    one.stay()
    clock.ahead = job_store.HOLD + timedelta(seconds=1)
    found = other.find(JOB, "ihk_1")
    assert found is not None
    assert found.status == "running"
    clock.ahead = 3 * job_store.HOLD
    found = other.find(JOB, "ihk_1")
    assert found is not None
    assert found.failure is not None
    assert (found.status, found.failure.error_id) == ("failed", "ih1004")
    one.completed(JOB, SAID)
    found = other.find(JOB, "ihk_1")
    assert found is not None
    assert found.status == "failed"  # who was told so was told so for good


def test_who_stops_says_so_of_its_own_jobs(store: Store) -> None:
    one, other = store.jobs("one"), store.jobs("other")
    one.add(JOB, "ihk_1", "inter-2", "c1")
    other.add(JOB[::-1], "ihk_1", "inter-2", "c2")
    one.leave()
    assert [each.status for job in (JOB, JOB[::-1]) if (each := other.find(job, "ihk_1"))] == ["failed", "queued"]


def test_neither_the_id_nor_the_words_are_in_the_database(tmp_path: Path) -> None:
    store = Store(tmp_path)
    jobs = store.jobs("one")
    jobs.add(JOB, "ihk_1", "inter-2", "c1")
    jobs.completed(JOB, SAID)
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"jobs" in kept
    assert b"exactly" not in kept
    assert JOB.encode() not in kept


@pytest.mark.parametrize("said", ["", SAID, "x" * 300_000])
def test_what_is_sealed_opens_with_its_own_id(said: str) -> None:
    kept = sealed.seal(said, JOB)
    assert sealed.unseal(kept, JOB) == said
    assert sealed.seal(said, "f" * 32) != kept
    assert sealed.name(JOB) != sealed.name("f" * 32)


def test_a_database_of_the_version_before_gets_the_table(database_url: str, tmp_path: Path) -> None:
    Store(tmp_path, database_url).close()
    address = database_url.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE jobs"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    engine.dispose()
    store = Store(tmp_path, database_url)
    assert store.jobs("one").find(JOB, "ihk_1") is None
    store.close()
