"""The database: SQLite in the data directory, or a PostgreSQL by its URL; opened, and migrated under a lock."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from interhuman_stream.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATABASE: Final = "interhuman.sqlite3"
BUSY_SECONDS: Final = 3
CONNECT_SECONDS: Final = 3
STATEMENT_SECONDS: Final = 3.0
"""For which an answer of PostgreSQL is waited for; ours take milliseconds."""
START_SECONDS: Final = 60.0
"""The same while tables are brought up to date, for which several services wait for each other."""
CLOCK_LEEWAY: Final = 30
"""Seconds by which clocks of services that share a database may differ (RFC 7519, 4.1.4: no more than minutes)."""
FIRST_REVISION: Final = "0001"
"""What a database has that was made before there were migrations."""
LOCK: Final = 0x696E7468756D616E
"""PostgreSQL knows its advisory locks by number; this one is ours ("inthuman")."""
IMMEDIATE: Final = "immediate"
LOOKED_UP: Final = ("keys", "signing_keys")
"""The tables without which nobody gets in."""


class StoreError(Fault):
    """The database cannot be used; the message says why, and no secret."""


def open_database(data_dir: Path, url: str | None) -> Engine:
    """Open the database, made or migrated to what this program needs.

    Raises:
        StoreError: It cannot be reached, is newer than the program, or its URL is none.
        OSError: The data directory cannot be used.
    """
    address = _address(data_dir, url)
    try:
        engine, starting = _engine(address, STATEMENT_SECONDS), _engine(address, START_SECONDS)
    except ImportError as error:
        raise StoreError(
            "PostgreSQL's driver is not installed; run: pip install 'interhuman-stream[postgres]'"
        ) from error
    try:
        with changing(starting) as connection:
            _migrate(connection)
    except DBAPIError as error:
        # The driver's first line: what it adds, and SQLAlchemy's own words, say more than an operator needs.
        why = str(error.orig).strip().partition("\n")[0]
        raise StoreError(f"The database {address.render_as_string()} cannot be used: {why}.") from None
    finally:
        starting.dispose()
    return engine


def look(engine: Engine) -> None:
    """See that the database is there, and holds what credentials are checked against.

    Raises:
        SQLAlchemyError: It does not.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            _look_up(connection)
        return
    # By a connection of its own: others may hold pages in memory of a file that is damaged or gone.
    with create_engine(engine.url, poolclass=NullPool, hide_parameters=True).connect() as connection:
        for table in LOOKED_UP:
            said = connection.exec_driver_sql(f"PRAGMA quick_check({table})").scalar()
            if said != "ok":
                raise DatabaseDamaged(f"the table {table} is damaged")
        _look_up(connection)


class DatabaseDamaged(SQLAlchemyError):  # noqa: N818 - reads as what happened
    """The file of a database is not whole any more."""


def _look_up(connection: Connection) -> None:
    for table in LOOKED_UP:
        connection.execute(text(f"SELECT * FROM {table} LIMIT 1"))  # noqa: S608 - names of ours


@contextlib.contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """Be the only one, of all processes, that changes keys or tables; what is done counts at the end, or not at all."""
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield connection


def utc_now() -> datetime:
    """The time as the database keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _address(data_dir: Path, url: str | None) -> URL:
    if url is None:
        file = data_dir / DATABASE
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The keys that sign tokens are in it: its owner's alone, whatever the directory allows. SQLite gives the files
        # beside it the same mode.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.suppress(PermissionError):
            file.chmod(0o600)
        return URL.create("sqlite", database=str(file))
    expected = "expected is postgresql://USER:PASSWORD@HOST/DATABASE, or sqlite:///FILE"
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(f"The database URL cannot be read; {expected}.") from None
    if address.drivername in {"postgres", "postgresql"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in {"postgresql+psycopg", "sqlite"}:
        raise StoreError(f"The database URL is for {address.drivername}; {expected}.")
    return address


def _engine(address: URL, seconds: float) -> Engine:
    # Parameters are hidden: an error's words end up in logs, and what was to be written may be a secret.
    if address.get_backend_name() == "postgresql":
        # A connection that a restarted PostgreSQL has dropped is found before it is used; one to a host that is gone
        # without a word is given up, where it would hold its thread for a quarter of an hour (tcp(7)).
        from interhuman_stream.service.access.postgresql import connect  # noqa: PLC0415 - its driver may not be there

        waits = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": CONNECT_SECONDS * 1000}
        engine = create_engine(
            address, pool_pre_ping=True, pool_timeout=CONNECT_SECONDS, connect_args=waits, hide_parameters=True
        )

        @event.listens_for(engine, "do_connect")
        def _(_dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]) -> object:
            return connect(seconds, *arguments, **named)

        return engine
    waits = {"timeout": BUSY_SECONDS}
    engine = create_engine(address, pool_timeout=CONNECT_SECONDS, connect_args=waits, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:
        # The driver begins no transactions of its own: it would leave changes of tables outside of them.
        connection.isolation_level = None
        cursor = connection.cursor()
        # Readers and a writer beside each other: `keys revoke` while the service runs.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        # Who reads first and writes later would be refused, not made to wait, if another has written in between.
        immediate = connection.get_execution_options().get(IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "interhuman_stream.service.access:migrations")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"The database is at revision {current}, newer than this version of interhuman-stream knows "
            f"({scripts.get_current_head()}); install the version that it was last used with, or a newer one."
        )
    if current == scripts.get_current_head():
        return
    if current is None and inspect(connection).has_table("keys"):
        command.stamp(config, FIRST_REVISION)
    command.upgrade(config, "head")
