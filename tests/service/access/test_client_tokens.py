"""Client tokens on both databases: made, found, revoked, forgotten, and what is counted of them from many sides."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.service.access import client_tokens as module
from interhuman_stream.service.access.client_tokens import GRANT, PLACE_SECONDS, Caps, ClientToken, ClientTokens
from interhuman_stream.service.access.database import CLOCK_LEEWAY, utc_now
from interhuman_stream.service.access.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

KEY = "ihk_0123456789abcdef"
SENDER = """
import json, sys
from pathlib import Path
from interhuman_stream.service.access.store import Store
from tests.service.access.test_client_tokens import granted_until_refused
store = Store(Path(sys.argv[1]), sys.argv[2])
sys.stdin.readline()
entered = store.client_tokens.enter(sys.argv[3], sys.argv[4])
print(json.dumps([entered, granted_until_refused(store.client_tokens, sys.argv[3], 1000)]))
"""


def made(store: Store, seconds: int = 300, **caps: int | tuple[str, ...] | None) -> tuple[str, ClientToken]:
    """A token of a key that need not be there."""
    new = store.client_tokens.create(KEY, 1, [STREAM_SCOPE], seconds, Caps(**caps))  # type: ignore[arg-type]
    assert new is not None
    return new


def granted_until_refused(tokens: ClientTokens, token_id: str, size: int) -> int:
    """Take as many bytes as there are, so many at a time, and tell how many there were."""
    total = 0
    while isinstance(granted := tokens.grant(token_id, size), int):
        total += granted
    return total


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let so many seconds go by."""
    then = utc_now() + timedelta(seconds=seconds)
    monkeypatch.setattr(module, "utc_now", lambda: then)


def test_a_token_is_found_with_all_that_is_known_of_it(store: Store) -> None:
    secret, token = made(
        store, max_duration_seconds=60, max_bytes=2**40, max_concurrent=2, max_video_seconds=9, allowed_origins=()
    )
    assert store.client_tokens.find(secret) == token
    assert (token.key_id, token.generation, token.scopes) == (KEY, 1, (STREAM_SCOPE,))
    assert token.allowed_origins == ()
    other = made(store, allowed_origins=("https://b.example", "https://a.example"))[0]
    found = store.client_tokens.find(other)
    assert isinstance(found, ClientToken)
    assert {*(found.allowed_origins or ())} == {"https://a.example", "https://b.example"}
    assert (found.max_concurrent, found.max_bytes) == (1, None)
    assert store.client_tokens.named("https://a.example")
    assert not store.client_tokens.named("https://c.example")


def test_why_a_token_is_no_credential(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, _ = made(store)
    revoked, _ = made(store)
    assert store.client_tokens.find(secret[:-1]) == "invalid"
    assert store.client_tokens.find("ih_client_\ud800") == "invalid"
    assert not store.client_tokens.revoke(revoked, "ihk_another")
    assert isinstance(store.client_tokens.find(revoked), ClientToken)
    assert store.client_tokens.revoke(revoked, KEY)
    assert store.client_tokens.revoke(revoked, KEY)
    assert store.client_tokens.find(revoked) == "revoked"
    later(monkeypatch, 299 + CLOCK_LEEWAY)  # for a service whose clock is ahead
    assert isinstance(store.client_tokens.find(secret), ClientToken)
    later(monkeypatch, 301 + CLOCK_LEEWAY)
    assert store.client_tokens.find(secret) == "expired"
    assert store.client_tokens.revoke(secret, KEY)


def test_only_the_hash_of_a_token_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    secret, token = made(store)
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert token.token_id.encode() in kept
    assert secret.encode() not in kept
    assert secret not in repr(token)


def test_long_after_its_end_a_token_is_forgotten_but_not_while_it_is_used(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gone, _), (used, token) = made(store, allowed_origins=("https://a.example",)), made(store)
    later(monkeypatch, 86_400 + 300 - 10)
    store.client_tokens.enter(token.token_id, "place")
    store.forget(timedelta(days=90))
    assert store.client_tokens.find(gone) == "expired"
    later(monkeypatch, 86_400 + 300 + 10)
    store.forget(timedelta(days=90))
    assert store.client_tokens.find(gone) == "invalid"
    assert not store.client_tokens.named("https://a.example")
    assert store.client_tokens.revoke(gone, KEY)  # as good for nothing as it is
    assert store.client_tokens.find(used) == "expired"
    assert store.client_tokens.look(token.token_id) is None
    later(monkeypatch, 86_400 + 400)
    store.forget(timedelta(days=90))
    assert store.client_tokens.find(used) == "invalid"


def test_a_signing_key_that_is_dropped_at_once_ends_client_tokens_too(store: Store) -> None:
    secret, _ = made(store)
    store.rotate_signing()
    assert isinstance(store.client_tokens.find(secret), ClientToken)
    store.rotate_signing(at_once=True)
    assert store.client_tokens.find(secret) == "revoked"


def test_a_key_makes_no_end_of_tokens(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_A_KEY", 2)
    made(store)
    made(store)
    assert store.client_tokens.create(KEY, 1, [STREAM_SCOPE], 60, Caps()) is None
    assert store.client_tokens.create("ihk_another", 1, [STREAM_SCOPE], 60, Caps()) is not None


def test_places_are_held_given_back_and_lost(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, token = store.client_tokens, made(store, max_concurrent=2)[1].token_id
    assert [tokens.enter(token, each) for each in ("a", "b", "c")] == [None, None, "sessions"]
    tokens.leave(token, "a")
    assert tokens.enter(token, "c") is None
    # A killed process says nothing more; who is still there does.
    later(monkeypatch, PLACE_SECONDS - 1)
    tokens.stay(token, "b")
    assert tokens.enter(token, "d") == "sessions"
    later(monkeypatch, PLACE_SECONDS + 1)
    assert tokens.enter(token, "d") is None
    assert tokens.enter(token, "e") == "sessions"
    tokens.stay(token, "c")  # its service was without the database for so long: it is here, and is counted
    tokens.leave(token, "b")
    assert tokens.enter(token, "e") == "sessions"
    assert tokens.enter("iht_nobody", "f") == "revoked"
    tokens.stay("iht_nobody", "f")


def test_bytes_are_granted_up_to_the_last_and_given_back(store: Store) -> None:
    tokens, token = store.client_tokens, made(store, max_bytes=1_000_000)[1].token_id
    assert tokens.grant(token, 10) == 125_000  # more than asked for, but no more than a part of what is left
    assert tokens.grant(token, 500_000) == 500_000
    assert tokens.grant(token, 375_001) == "bytes"
    assert tokens.enter(token, "a") is None
    tokens.leave(token, "a", unused=124_990)
    assert tokens.grant(token, 499_990) == 499_990
    assert tokens.grant(token, 1) == "bytes"
    assert tokens.look(token) == "bytes"
    assert tokens.enter(token, "b") == "bytes"
    plenty = made(store, max_bytes=10**15)[1].token_id
    assert tokens.grant(plenty, 1) == GRANT
    assert tokens.grant(made(store)[1].token_id, 7) == 7


def test_seconds_of_video_are_counted_before_or_after(store: Store) -> None:
    tokens, token = store.client_tokens, made(store, max_video_seconds=10)[1].token_id
    assert tokens.grant(token, 0, 10.5) == "video"
    assert tokens.grant(token, 0, 4.0) == 0
    tokens.analysed(token, 5.5)
    assert tokens.look(token) is None
    tokens.analysed(token, 0.5)
    assert tokens.look(token) == "video"
    assert tokens.enter(token, "a") == "video"
    tokens.analysed("iht_nobody", 1)


def test_what_is_revoked_may_nothing_more(store: Store) -> None:
    tokens, (secret, token) = store.client_tokens, made(store, max_bytes=1_000_000)
    assert tokens.enter(token.token_id, "a") is None
    tokens.revoke(secret, KEY)
    assert tokens.look(token.token_id) == "revoked"
    assert tokens.grant(token.token_id, 1) == "revoked"
    assert tokens.enter(token.token_id, "b") == "revoked"


def test_many_threads_together_get_no_more_than_there_is(store: Store) -> None:
    tokens, token = store.client_tokens, made(store, max_concurrent=3, max_bytes=100_000)[1].token_id
    with ThreadPoolExecutor(8) as pool:
        entered = list(pool.map(lambda number: tokens.enter(token, str(number)), range(12)))
        granted = sum(pool.map(lambda _: granted_until_refused(tokens, token, 1000), range(8)))
    assert entered.count(None) == 3
    assert entered.count("sessions") == 9
    assert 99_000 < granted <= 100_000


def test_two_processes_together_get_no_more_than_there_is(store: Store, database_url: str, tmp_path: Path) -> None:
    token = made(store, max_concurrent=1, max_bytes=60_000)[1].token_id
    command = [sys.executable, "-c", SENDER, str(tmp_path), database_url, token]
    both = [
        subprocess.Popen([*command, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for place in ("one", "other")
    ]
    said = [json.loads(each.communicate("go\n", timeout=60)[0]) for each in both]
    assert {entered for entered, _ in said} == {None, "sessions"}
    assert 59_000 < sum(granted for _, granted in said) <= 60_000
