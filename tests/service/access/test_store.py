"""The store, on both databases: keys and their secrets, the keys that sign, the audit log, and where it comes from."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from interhuman_stream.protocol.limits import SCOPES, STREAM_SCOPE
from interhuman_stream.service.access import store as store_module
from interhuman_stream.service.access.audit import REFUSALS_A_MINUTE, Audit
from interhuman_stream.service.access.database import StoreError, utc_now
from interhuman_stream.service.access.quota import Allowance
from interhuman_stream.service.access.store import Entry, Store
from interhuman_stream.service.access.tables import hashed

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

OLD_KEYS = """CREATE TABLE keys (
    key_id VARCHAR NOT NULL, secret_hash VARCHAR NOT NULL, api_key_hash VARCHAR NOT NULL, scopes VARCHAR NOT NULL,
    created_at {time} NOT NULL, revoked_at {time}, PRIMARY KEY (key_id), UNIQUE (api_key_hash))"""


def raw(url: str) -> Engine:
    return create_engine(make_url(url.replace("postgresql:", "postgresql+psycopg:")))


def test_a_key_is_known_by_both_of_its_secrets_and_by_no_other(store: Store) -> None:
    allowance = Allowance(2, 5_000_000_000, 1.5)
    new = store.create(SCOPES, name="ward 3", allowance=allowance)
    for key in (store.by_secret(new.key_id, new.key_secret), store.by_api_key(new.api_key), store.live(new.key_id)):
        assert key is not None
        assert (key.key_id, key.scopes, key.name, key.allowance) == (new.key_id, SCOPES, "ward 3", allowance)
    other = store.create([STREAM_SCOPE])
    assert store.by_secret(new.key_id, other.key_secret) is None
    assert store.by_secret(new.key_id, "") is None
    assert store.by_secret("ihk_nobody", new.key_secret) is None
    assert store.by_secret("ihk_nobody", "") is None
    assert store.by_api_key(new.api_key[:-1]) is None
    assert store.by_api_key("\ud800") is None
    assert [key.key_id for key in store.keys()] == [new.key_id, other.key_id]  # noqa: SIM118 - no dict
    assert store.keys()[1].allowance == Allowance()


def test_a_rotated_key_has_new_secrets_and_the_old_ones_end_at_once(store: Store) -> None:
    old = store.create([STREAM_SCOPE])
    shown = store.by_secret(old.key_id, old.key_secret)
    assert shown is not None
    new = store.rotate(old.key_id)
    assert new is not None
    assert new.key_id == old.key_id
    assert store.by_secret(old.key_id, old.key_secret) is None
    assert store.by_api_key(old.api_key) is None
    assert store.live(old.key_id, shown.generation) is None
    fresh = store.by_api_key(new.api_key)
    assert fresh is not None
    assert store.live(new.key_id, fresh.generation) == fresh


def test_during_an_overlap_both_work_and_of_three_the_newest_two(store: Store) -> None:
    first = store.create([STREAM_SCOPE])
    second = store.rotate(first.key_id, timedelta(hours=1))
    assert second is not None
    old, new = store.by_secret(first.key_id, first.key_secret), store.by_secret(first.key_id, second.key_secret)
    assert old is not None
    assert new is not None
    assert old.generation + 1 == new.generation
    assert store.by_api_key(first.api_key) == old
    assert store.live(first.key_id, old.generation) == old
    third = store.rotate(first.key_id, timedelta(hours=1))
    assert third is not None
    assert store.by_secret(first.key_id, first.key_secret) is None
    assert store.live(first.key_id, old.generation) is None
    assert store.by_api_key(second.api_key) == new
    store.rotate(first.key_id)  # no overlap: this ends the one before, too
    assert store.by_api_key(second.api_key) is None
    assert store.by_api_key(third.api_key) is None


def test_an_overlap_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    old = store.create([STREAM_SCOPE])
    assert store.rotate(old.key_id, timedelta(seconds=100)) is not None
    later = utc_now() + timedelta(seconds=100)
    monkeypatch.setattr(store_module, "utc_now", lambda: later)
    assert store.by_api_key(old.api_key) is None
    assert store.by_secret(old.key_id, old.key_secret) is None
    assert store.live(old.key_id, 1) is None
    assert store.live(old.key_id, 2) is not None


def test_revoked_and_expired_keys_are_good_for_nothing(store: Store) -> None:
    revoked = store.create([STREAM_SCOPE])
    expired = store.create([STREAM_SCOPE], lifetime=timedelta())
    lasting = store.create([STREAM_SCOPE], lifetime=timedelta(days=1))
    assert store.revoke(revoked.key_id)
    assert store.revoke(revoked.key_id)  # again changes nothing
    assert not store.revoke("ihk_nobody")
    for key in (revoked, expired):
        assert store.live(key.key_id) is None
        assert store.by_api_key(key.api_key) is None
        assert store.by_secret(key.key_id, key.key_secret) is None
        assert store.rotate(key.key_id) is None
    assert store.live(lasting.key_id) is not None
    assert store.rotate("ihk_nobody") is None


def test_what_one_process_changes_counts_for_the_other_at_once(store: Store, database_url: str, tmp_path: Path) -> None:
    other = Store(tmp_path, database_url)
    new = other.create([STREAM_SCOPE])
    assert store.live(new.key_id) is not None
    other.revoke(new.key_id)
    assert store.live(new.key_id) is None
    assert other.signing() == store.signing()
    kid = other.rotate_signing()
    assert store.signing().kid == kid
    other.close()


def test_many_change_a_key_at_once_and_nothing_is_lost(store: Store) -> None:
    new = store.create([STREAM_SCOPE])
    with ThreadPoolExecutor(8) as pool:
        rotated = list(pool.map(lambda _: store.rotate(new.key_id), range(16)))
    assert store.keys()[0].generation == 17
    assert sum(store.by_api_key(each.api_key) is not None for each in rotated if each) == 1


def test_signing_keys_overlap_and_are_dropped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store.signing()
    assert len(first.secret) == 32
    assert str(first.secret) not in repr(first)
    second = store.rotate_signing()
    assert store.signing().kid == second != first.kid
    assert store.verifying(first.kid) == first
    # Until the last token it can have signed has expired.
    start = utc_now()
    monkeypatch.setattr(store_module, "utc_now", lambda: start + timedelta(seconds=900))
    assert store.verifying(first.kid) == first
    monkeypatch.setattr(store_module, "utc_now", lambda: start + timedelta(seconds=961))
    dropped = store.verifying(first.kid)
    assert dropped is not None
    assert dropped.dropped
    assert store.verifying("sig_unknown") is None
    third = store.rotate_signing(at_once=True)
    dropped = store.verifying(second)
    assert dropped is not None
    assert dropped.dropped
    assert store.signing().kid == third


def test_the_signing_key_of_an_older_version_is_taken_over(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "signing.key").write_bytes(b"s" * 32)
    store = Store(tmp_path, database_url)
    assert store.signing().secret == b"s" * 32
    assert not (tmp_path / "signing.key").exists()
    store.close()
    again = Store(tmp_path, database_url)
    assert again.signing() == store.signing()
    again.close()


def test_a_database_from_before_migrations_is_taken_over_without_loss(database_url: str, tmp_path: Path) -> None:
    engine = raw(database_url)
    time = "DATETIME" if engine.dialect.name == "sqlite" else "TIMESTAMP"
    with engine.begin() as connection:
        connection.execute(text(OLD_KEYS.format(time=time)))
        for key_id, secret, revoked in (("ihk_a", "one", None), ("ihk_b", "two", "2026-01-03 00:00:00.000000")):
            values = {
                "id": key_id,
                "secret": hashed(secret),
                "api": hashed(f"ih_live_{secret}"),
                "scope": STREAM_SCOPE,
                "made": "2026-01-02 00:00:00.000000",
                "revoked": revoked,
            }
            connection.execute(text("INSERT INTO keys VALUES (:id, :secret, :api, :scope, :made, :revoked)"), values)
    engine.dispose()
    store = Store(tmp_path, database_url)
    one = store.by_secret("ihk_a", "one")
    assert one is not None
    assert (one.scopes, one.created_at.year, one.generation, one.expires_at) == ((STREAM_SCOPE,), 2026, 1, None)
    assert store.by_api_key("ih_live_one") == one
    assert store.by_secret("ihk_b", "two") is None
    assert [key.revoked_at is None for key in store.keys()] == [True, False]  # noqa: SIM118 - no dict
    assert store.rotate("ihk_a") is not None
    store.close()


def test_services_that_start_at_once_make_one_database(database_url: str, tmp_path: Path) -> None:
    together = threading.Barrier(4)

    def start(_: int) -> str:
        together.wait()
        store = Store(tmp_path, database_url)
        kid = store.signing().kid
        store.close()
        return kid

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


def test_a_database_newer_than_the_program_says_so(database_url: str, tmp_path: Path) -> None:
    Store(tmp_path, database_url).close()
    engine = raw(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"at revision 9999, newer than this version of interhuman-stream knows"):
        Store(tmp_path, database_url)


def test_the_audit_log_tells_what_happened_and_no_secret(store: Store) -> None:
    new = store.create([STREAM_SCOPE])
    rotated = store.rotate(new.key_id, timedelta(seconds=5))
    assert rotated is not None
    store.revoke(new.key_id)
    kid = store.rotate_signing()
    log = store.audit()
    assert [(each.event, each.key_id, each.detail) for each in log] == [
        ("key created", new.key_id, STREAM_SCOPE),
        ("key rotated", new.key_id, "overlap 5 s"),
        ("key revoked", new.key_id, None),
        ("signing key rotated", None, kid),
    ]
    for secret in (new.key_secret, new.api_key, rotated.key_secret, store.signing().secret.hex()):
        assert secret not in str(log)
    assert [each.event for each in store.audit(1)] == ["signing key rotated"]


def test_the_audit_log_forgets_by_age_and_refusals_by_number(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MOST_REFUSALS", 5)
    now = utc_now()
    store.record([Entry(now - timedelta(days=91), "key created"), Entry(now - timedelta(days=89), "key revoked")])
    store.record([Entry(now, "refused", detail=str(number)) for number in range(9)])
    store.forget(timedelta(days=90))
    assert [each.detail or each.event for each in store.audit()] == ["key revoked", "4", "5", "6", "7", "8"]


def test_a_flood_of_refusals_fills_no_disk(store: Store) -> None:
    audit = Audit(store, 90)
    for number in range(5000):
        audit.refused(f"ihk_{number:016x}", f"203.0.113.{number % 250}", "wrong")
    audit.refused("my password, typed into the wrong field", "203.0.113.1", "wrong")
    audit.happened("token issued", "ihk_0", "198.51.100.1", STREAM_SCOPE)
    audit.close()
    log = store.audit()
    # The writer may have taken what there was in the middle of it: "others" may be in two or three pieces.
    assert len([each for each in log if each.detail == "wrong"]) == REFUSALS_A_MINUTE
    assert len(log) < REFUSALS_A_MINUTE + 10
    assert sum(each.count for each in log if each.event == "refused") == 5001
    assert sum(each.event == "token issued" for each in log) == 1
    assert "password" not in str(log)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:hush@localhost/x", "is for mysql; expected is postgresql://USER"),
        ("hush", "cannot be read; expected is"),
        ("postgresql://u:hush@localhost:port/x", "cannot be read; expected is"),
        ("postgresql://u:hush@127.0.0.1:1/x", r"postgresql\+psycopg://u:\*\*\*@127.0.0.1:1/x cannot be used: "),
        ("sqlite:////proc/nowhere/hush2.sqlite3", "cannot be used: unable to open database file"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as told:
        Store(tmp_path, url)
    assert "hush@" not in str(told.value)
    assert "hush." not in str(told.value)


def test_what_the_database_cannot_do_is_told_without_what_it_was_about(store: Store, database_url: str) -> None:
    new = store.create([STREAM_SCOPE])
    engine = raw(database_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE keys"))
    engine.dispose()
    with pytest.raises(DBAPIError) as told:
        store.by_api_key(new.api_key)
    assert hashed(new.api_key) not in str(told.value)


def test_a_wrong_password_is_told_and_not_shown(postgresql: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="password authentication failed") as told:
        Store(tmp_path, postgresql.replace("opensesame", "closesesame") + "/postgres")
    assert "closesesame" not in str(told.value)


def test_the_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    older = sqlite3.connect(tmp_path / "interhuman.sqlite3")
    older.execute(OLD_KEYS.format(time="DATETIME"))
    older.close()
    (tmp_path / "interhuman.sqlite3").chmod(0o644)
    store = Store(tmp_path)
    store.create([STREAM_SCOPE])
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    store.close()


@pytest.mark.slow
def test_the_commands_take_a_database_and_hide_its_password(database_url: str, tmp_path: Path) -> None:
    def run(*arguments: str, code: int = 0, url: str = database_url) -> str:
        command = [sys.executable, "-m", "interhuman_stream", "keys", *arguments, "--database-url", url]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    run("create", "--scope", STREAM_SCOPE, "--name", "lab", "--max-sessions", "3", "--expires-days", "1")
    assert "lab" in run("list", "--json")
    if database_url.startswith("postgresql"):
        wrong = run("list", code=1, url=database_url.replace("opensesame", "closesesame"))
        assert "password authentication failed" in wrong
        assert "closesesame" not in wrong
        assert not list(tmp_path.iterdir())


def test_the_password_is_off_the_command_line() -> None:
    from interhuman_stream.__main__ import concealed  # noqa: PLC0415 - beside what it tests

    for typed in (["--database-url", "postgresql://u:hush@h/d"], ["--database-url=postgresql://u:hush@h/d"]):
        for command in (["serve"], ["keys", "list"]):
            arguments, environment = concealed([*command, *typed], dict(os.environ))
            assert arguments == command
            assert environment["INTERHUMAN_DATABASE_URL"] == "postgresql://u:hush@h/d"
