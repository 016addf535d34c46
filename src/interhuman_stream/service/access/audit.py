"""What happened with credentials, written down beside the requests: alike together, and of refusals only so many."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from interhuman_stream.service.access.database import utc_now
from interhuman_stream.service.access.store import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.service.access.store import Store

TOGETHER_SECONDS: Final = 1.0
"""What happens within it is written in one transaction, and what is alike as one entry."""
MINUTE: Final = 60.0
REFUSALS_A_MINUTE: Final = 20
"""Different ones that are written; all others of the minute are one entry."""
MOST_WAITING: Final = 1000
"""Different entries that wait to be written; only a database that hangs lets so many gather."""
FORGET_EVERY: Final = 3600.0
KEY_ID: Final = re.compile(r"ihk_[0-9a-f]{16}")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _What:
    event: str
    key_id: str | None
    client: str | None
    detail: str | None


class Audit:
    """The audit log of a running service. Whoever notes something does not wait for the database."""

    def __init__(self, store: Store, days: int) -> None:
        self._store = store
        self._days = days
        self._waiting: Counter[_What] = Counter()
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._refusals: set[_What] = set()
        self._minute = time.monotonic()
        self._thread = threading.Thread(target=self._write_all, name="audit", daemon=True)
        self._thread.start()

    def happened(self, event: str, key_id: str, client: str, detail: str | None = None) -> None:
        """Note what was done with a key. Addresses are in the database alone, and for so many days."""
        log.info(event, key_id=key_id)
        self._note(_What(event, key_id, client, detail))

    def refused(self, key_id: str | None, client: str, why: str) -> None:
        """Note that a credential was refused. What is no key's id is not written: it may be a secret, misplaced."""
        what = _What("refused", key_id if key_id and KEY_ID.fullmatch(key_id) else None, client, why)
        with self._changed:
            if time.monotonic() - self._minute >= MINUTE:
                self._refusals.clear()
                self._minute = time.monotonic()
            first = what not in self._refusals
            if first and len(self._refusals) < REFUSALS_A_MINUTE:
                self._refusals.add(what)
            elif first:
                what, first = _What("refused", None, None, "and others"), False
        if first:
            log.warning("credential refused", key_id=what.key_id, why=why)
        self._note(what)

    def close(self) -> None:
        """Write what waits, and stop."""
        with self._changed:
            self._closed.set()
            self._changed.notify()
        self._thread.join(timeout=10)

    def _note(self, what: _What) -> None:
        with self._changed:
            if what in self._waiting or len(self._waiting) < MOST_WAITING:
                self._waiting[what] += 1
                self._changed.notify()

    def _write_all(self) -> None:
        forget_at = time.monotonic()
        while not self._closed.is_set():
            if time.monotonic() >= forget_at:
                forget_at = time.monotonic() + FORGET_EVERY
                with _told():
                    self._store.forget(timedelta(days=self._days))
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed.is_set(), forget_at - time.monotonic())
            self._closed.wait(TOGETHER_SECONDS)
            self._write()
        self._write()

    def _write(self) -> None:
        with self._changed:
            waiting, self._waiting = self._waiting, Counter()
        if not waiting:
            return
        now = utc_now()
        entries = [Entry(now, each.event, each.key_id, each.client, each.detail, n) for each, n in waiting.items()]
        with _told():
            self._store.record(entries)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Go on where the database fails, and say so: what it does not take is in the log alone."""
    try:
        yield
    except SQLAlchemyError as error:
        # Its class alone: what it says may hold what was to be written.
        log.error("the audit log cannot be written", error=type(error).__name__)  # noqa: TRY400 - as above
