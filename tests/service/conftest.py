"""Both databases: SQLite, and a PostgreSQL of this machine's packages that lives as long as the tests."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from interhuman_stream.service.access.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "interhuman"
PASSWORD = "opensesame"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL, up to the database's name, of a PostgreSQL server of our own that asks for a password."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed (the extra `postgres`)")
    binaries = programs[-1].parent
    # It refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    home = Path(tempfile.mkdtemp(prefix="interhuman-postgresql-"))
    data, password = home / "data", home / "password"
    password.write_text(PASSWORD)
    if as_user:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
        os.chown(password, owner.pw_uid, owner.pw_gid)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
    fast = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=16MB"
    control = [*as_user, str(binaries / "pg_ctl"), "--pgdata", str(data), "--silent", "--wait"]
    try:
        subprocess.run(
            [
                *as_user,
                str(binaries / "initdb"),
                *("--pgdata", str(data), "--username", USER, "--pwfile", str(password)),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            cwd=home,
        )
        log = str(home / "log")
        subprocess.run([*control, "--log", log, "--options", f"{options} {fast}", "start"], check=True, cwd=home)
        yield f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "--mode", "immediate", "stop"], check=False, capture_output=True, cwd=home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgresql_database(postgresql: str) -> str:
    """The URL of a new, empty database."""
    return new_database(postgresql)


def new_database(postgresql: str) -> str:
    """Make an empty database on a server, and give its URL."""
    name = f"test_{secrets.token_hex(6)}"
    engine = create_engine(
        postgresql.replace("postgresql:", "postgresql+psycopg:") + "/postgres", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} STRATEGY file_copy"))
    engine.dispose()
    return f"{postgresql}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new, empty database of either kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql_database")
        return url
    return f"sqlite:///{tmp_path / 'keys.sqlite3'}"


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open store."""
    store = Store(tmp_path, database_url)
    yield store
    store.close()
