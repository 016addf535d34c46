"""Who gets in, on both databases: tokens through rotations, guesses, what is written of them; and a whole service."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import jwt
import pytest
from starlette.requests import HTTPConnection

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, WHISPER, locate
from interhuman_stream.faults import ModelMissing
from interhuman_stream.protocol.limits import SCOPES, STREAM_SCOPE, UPLOAD_SCOPE
from interhuman_stream.service.access.audit import Audit
from interhuman_stream.service.access.auth import Caller, Guard, Refused, authorize, exchange
from interhuman_stream.service.access.quota import Allowance
from interhuman_stream.service.access.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.service.access.store import NewKey, Store

HOME, ELSEWHERE = "198.51.100.1", "203.0.113.1"


@pytest.fixture
def guard(store: Store) -> Iterator[Guard]:
    # Guesses run out by the second; how long the tests take is none of what they ask.
    guard = Guard(store, Throttle(60, lambda: 0.0), Audit(store, 90))
    yield guard
    guard.audit.close()


def come(address: str, credential: str | None = None) -> HTTPConnection:
    headers = [(b"authorization", f"Bearer {credential}".encode())] if credential else []
    return HTTPConnection({"type": "http", "headers": headers, "client": (address, 4711)})


def enter(guard: Guard, credential: str, address: str = HOME, scope: str = STREAM_SCOPE) -> Caller:
    return authorize(come(address, credential), scope, guard)


def token_of(guard: Guard, key: NewKey, address: str = HOME) -> str:
    return exchange(come(address), key.key_id, key.key_secret, [STREAM_SCOPE], guard)


def status(guard: Guard, credential: str, address: str = HOME) -> int:
    try:
        enter(guard, credential, address)
    except Refused as refused:
        return refused.error.status
    return 200


def test_it_tells_who_came_and_what_they_may(guard: Guard) -> None:
    key = guard.store.create(SCOPES, allowance=Allowance(sessions=2))
    expected = Caller(key.key_id, SCOPES, Allowance(sessions=2), 1)
    assert enter(guard, key.api_key) == expected
    # A token may be for less than its key.
    assert enter(guard, token_of(guard, key)) == Caller(key.key_id, (STREAM_SCOPE,), Allowance(sessions=2), 1)
    with pytest.raises(Refused, match="does not have the scope") as refused:
        enter(guard, token_of(guard, key), scope=UPLOAD_SCOPE)
    assert refused.value.error.id == "ih2003"


def test_a_rotated_key_ends_its_tokens_at_once_or_after_the_overlap(guard: Guard) -> None:
    first = guard.store.create([STREAM_SCOPE])
    old = token_of(guard, first)
    second = guard.store.rotate(first.key_id, timedelta(hours=1))
    assert second is not None
    assert [status(guard, each) for each in (old, first.api_key, token_of(guard, first), second.api_key)] == [200] * 4
    new = token_of(guard, second)
    guard.store.rotate(first.key_id)
    assert [status(guard, each) for each in (old, first.api_key, new, second.api_key)] == [401] * 4


def test_tokens_outlive_a_rotation_of_the_signing_key_but_not_one_at_once(guard: Guard) -> None:
    key = guard.store.create([STREAM_SCOPE])
    old = token_of(guard, key)
    guard.store.rotate_signing()
    new = token_of(guard, key)
    assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
    assert [status(guard, old), status(guard, new)] == [200, 200]
    guard.store.rotate_signing(at_once=True)
    assert [status(guard, old), status(guard, new), status(guard, token_of(guard, key))] == [401, 401, 200]


def test_guesses_are_held_up_and_whose_key_it_is_gets_in(guard: Guard) -> None:
    key = guard.store.create([STREAM_SCOPE])
    told = []
    for number in range(65):
        with pytest.raises(Refused) as refused:
            exchange(come(ELSEWHERE), key.key_id, f"guess {number}", [STREAM_SCOPE], guard)
        told.append((refused.value.error.status, refused.value.error.id))
    assert told == [(401, "ih2002")] * 60 + [(429, "ih3003")] * 5
    # Where so much was guessed, not even the right one does for now: that would tell the guesser.
    with pytest.raises(Refused, match=r"Too many wrong credentials .* in \d+ s\.") as refused:
        token_of(guard, key, ELSEWHERE)
    assert refused.value.retry_after
    assert token_of(guard, key, HOME)
    assert {status(guard, f"ih_live_{number}", ELSEWHERE) for number in range(5)} == {429}
    assert status(guard, key.api_key) == 200


def test_stale_tokens_are_no_guesses(guard: Guard) -> None:
    key = guard.store.create([STREAM_SCOPE])
    signing = guard.store.signing()
    claims = {"sub": key.key_id, "gen": 1, "scope": STREAM_SCOPE, "iat": 1, "exp": 2}
    for number in range(100):
        stale = jwt.encode(claims | {"iat": number}, signing.secret, headers={"kid": signing.kid})
        assert status(guard, stale) == 401
    assert status(guard, key.api_key) == 200


def test_what_is_written_says_who_and_why_and_no_secret(guard: Guard) -> None:
    key = guard.store.create([STREAM_SCOPE])
    token = token_of(guard, key)
    with pytest.raises(Refused):
        exchange(come(ELSEWHERE), key.key_id, "a wrong secret", [STREAM_SCOPE], guard)
    with pytest.raises(Refused):
        exchange(come(ELSEWHERE), key.key_secret, key.key_id, [STREAM_SCOPE], guard)  # the wrong way round
    status(guard, "ih_live_wrong", ELSEWHERE)
    guard.store.revoke(key.key_id)
    status(guard, token)
    guard.audit.close()
    log = {(each.event, each.key_id, each.client, each.detail) for each in guard.store.audit()}
    wrong = "key_id or key_secret wrong, or the key revoked or expired"
    assert log == {
        ("key created", key.key_id, None, STREAM_SCOPE),
        ("key revoked", key.key_id, None, None),
        ("token issued", key.key_id, HOME, STREAM_SCOPE),
        ("refused", key.key_id, ELSEWHERE, wrong),
        ("refused", None, ELSEWHERE, wrong),
        ("refused", None, ELSEWHERE, "API key wrong, or the key revoked or expired"),
        ("refused", key.key_id, HOME, "token of a key that was revoked, rotated or has expired"),
    }


@pytest.mark.slow
def test_a_whole_service_on_postgresql(postgresql_database: str, tmp_path: Path) -> None:
    try:
        for name in (FACE_LANDMARKER, WHISPER):
            locate(name)
    except ModelMissing as error:
        pytest.skip(str(error))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    program = [sys.executable, "-m", "interhuman_stream"]

    def keys(*arguments: str) -> str:
        with_url = {**environment, "INTERHUMAN_DATABASE_URL": postgresql_database}
        done = subprocess.run(
            [*program, "keys", *arguments], capture_output=True, text=True, check=False, timeout=60, env=with_url
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    log = tmp_path / "log"
    options = ["--data-dir", tmp_path / "data", "--port", "0", "--workers", "1", "--wrong-credentials", "12"]
    with log.open("w") as stderr:
        command = [*program, "serve", "--database-url", postgresql_database, *map(str, options)]
        service = subprocess.Popen(command, stderr=stderr, env=environment)
    try:
        while "page=" not in (said := log.read_text()):
            assert service.poll() is None, said
            time.sleep(0.1)
        url = re.findall(r"http://127\.0\.0\.1:\d+", said)[0]
        pair = dict(re.findall(r"(key_id|key_secret) +(\S+)", said)) | {"scopes": [UPLOAD_SCOPE]}
        if Path("/proc/self/cmdline").exists():
            assert b"opensesame" not in Path(f"/proc/{service.pid}/cmdline").read_bytes()
            workers = [path for path in Path("/proc").glob("[0-9]*/environ") if _is_worker_of(service.pid, path)]
            assert workers
            assert not any(b"opensesame" in path.read_bytes() for path in workers)

        def upload(token: str) -> int:
            return httpx.post(f"{url}/v0/upload/analyze", headers={"Authorization": f"Bearer {token}"}).status_code

        token = httpx.post(f"{url}/v0/auth", json=pair).json()["access_token"]
        assert upload(token) == 400  # let in, and told that there is no file
        keys("rotate-signing", "--now")
        assert upload(token) == 401
        token = httpx.post(f"{url}/v0/auth", json=pair).json()["access_token"]
        assert upload(token) == 400
        keys("revoke", pair["key_id"])
        assert upload(token) == 401
        answers = [httpx.post(f"{url}/v0/auth", json=pair | {"key_secret": "old"}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert answers[-1].json()["error_id"] == "ih3003"
        assert answers[-1].json()["status_code"] == 429
    finally:
        service.terminate()
        code = service.wait(60)
    assert code == 0
    assert "opensesame" not in log.read_text()
    happened = [each["event"] for each in json.loads(keys("audit", "--json"))]
    assert {"key created", "token issued", "signing key rotated", "key revoked", "refused"} <= {*happened}
    assert not [*(tmp_path / "data").glob("*")]


def _is_worker_of(server: int, environ: Path) -> bool:
    """Whether it is the environment of a process that the server has started, or one of those has."""
    pid = int(environ.parent.name)
    for _ in range(2):
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
        if pid == server:
            return True
    return False
