"""The official SDK and credentials: key pairs that it exchanges and renews, API keys, the life of a client token."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.protocol.limits import DEEP_SCOPE, KNOWN_SCOPES, SCOPES, STREAM_SCOPE, UPLOAD_SCOPE

if TYPE_CHECKING:
    from interhuman_stream.service.access.store import NewKey
    from tests.conftest import Running

interhumanai = pytest.importorskip("interhumanai", reason="the official SDK is not installed (requirements/dev.txt)")


@pytest.fixture(scope="module")
def key(running: Running) -> NewKey:
    return running.service.store.create(KNOWN_SCOPES)


async def refused(awaited: object) -> tuple[int, str]:
    """The status and id that the SDK raises."""
    with pytest.raises(interhumanai.InterhumanAPIError) as told:
        await awaited  # type: ignore[misc] # of any call
    assert told.value.link.startswith(f"https://docs.interhuman.ai/api-reference/error-handling#{told.value.error_id}-")
    assert told.value.correlation_id
    assert {*told.value.body} == {"error_id", "correlation_id", "link", "message"}
    return told.value.status, told.value.error_id


async def test_a_key_pair_is_exchanged_and_used(running: Running, key: NewKey, sample_segments: list[bytes]) -> None:
    client = interhumanai.InterhumanClient(key_id=key.key_id, key_secret=key.key_secret, base_url=running.url)
    result = await client.upload.analyze(sample_segments[0])
    assert result.signals
    assert await client.get_token() == await client.get_token()
    granted = await client.auth.create_token(
        key_id=key.key_id, key_secret=key.key_secret, scopes=["interhumanai.upload.inter-2", DEEP_SCOPE]
    )
    assert (granted.token_type, granted.expires_in, granted.scope) == ("Bearer", 900, f"{UPLOAD_SCOPE} {DEEP_SCOPE}")


async def test_tokens_are_renewed_before_they_end(running: Running, key: NewKey) -> None:
    now = 0.0
    auth = interhumanai.AuthClient(base_url=running.url)
    manager = interhumanai.TokenManager(
        auth_client=auth, key_id=key.key_id, key_secret=key.key_secret, clock=lambda: now
    )
    await manager.get_token()
    minted = manager._refresh_at  # the SDK says it nowhere else
    assert minted == 870
    now = 869.0
    await manager.get_token()
    assert manager._refresh_at == minted
    now = 871.0
    await manager.get_token()
    assert manager._refresh_at == 871 + 870


async def test_what_is_wrong_with_a_key_pair_is_raised(running: Running, key: NewKey) -> None:
    auth = interhumanai.AuthClient(base_url=running.url)
    wrong = auth.create_token(key_id=key.key_id, key_secret="wrong", scopes=[STREAM_SCOPE])
    assert await refused(wrong) == (401, "ih2002")
    narrow = running.service.store.create([STREAM_SCOPE])
    wide = auth.create_token(key_id=narrow.key_id, key_secret=narrow.key_secret, scopes=list(SCOPES))
    assert await refused(wide) == (403, "ih2003")


async def test_an_api_key_is_a_credential(running: Running, key: NewKey, sample_segments: list[bytes]) -> None:
    client = interhumanai.InterhumanClient(access_token=key.api_key, base_url=running.url)
    assert (await client.upload.analyze(sample_segments[0])).signals


async def test_the_life_of_a_client_token(running: Running, key: NewKey, sample_segments: list[bytes]) -> None:
    auth = interhumanai.AuthClient(base_url=running.url)
    plain = await auth.create_client_token(api_key=key.api_key)
    assert (plain.scope, plain.expires_in, plain.max_concurrent) == (STREAM_SCOPE, 300, 1)
    assert (plain.max_bytes, plain.max_duration_seconds, plain.max_video_seconds) == (None, None, None)
    assert plain.allowed_origins is None
    token = await auth.create_client_token(
        api_key=key.api_key,
        scopes=[interhumanai.Scope.UPLOAD],
        expires_in=7200,
        max_duration_seconds=60,
        max_bytes=2 * len(sample_segments[0]) - 1,
        max_concurrent=2,
        max_video_seconds=600,
        allowed_origins=["https://app.example.com"],
    )
    assert (token.expires_in, token.max_duration_seconds, token.max_concurrent) == (3600, 60, 2)
    assert token.allowed_origins == ["https://app.example.com"]
    client = interhumanai.InterhumanClient(access_token=token.access_token, base_url=running.url)
    assert (await client.upload.analyze(sample_segments[0])).signals
    assert await refused(client.upload.analyze(sample_segments[0])) == (429, "ih3006")
    await auth.revoke_client_token(api_key=key.api_key, token=token.access_token)
    await auth.revoke_client_token(api_key=key.api_key, token=token.access_token)
    assert await refused(client.upload.analyze(sample_segments[0])) == (401, "ih2014")
    unknown = interhumanai.InterhumanClient(access_token="ih_client_nothing", base_url=running.url)
    assert await refused(unknown.upload.analyze(sample_segments[0])) == (401, "ih2011")
    other = interhumanai.InterhumanClient(access_token=plain.access_token, base_url=running.url)
    assert await refused(other.upload.analyze(sample_segments[0])) == (403, "ih2003")


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_client_token_streams_until_its_video_is_used_up(
    running: Running, key: NewKey, sample_segments: list[bytes], version: str
) -> None:
    auth = interhumanai.AuthClient(base_url=running.url)
    token = await auth.create_client_token(api_key=key.api_key, max_video_seconds=4, max_duration_seconds=90)
    client = interhumanai.InterhumanClient(access_token=token.access_token, base_url=running.url)
    stream = client.stream(api_version=version)
    async with stream:
        ready = await stream.wait_for_session_ready()
        assert ready.data.session_max_duration_seconds == 90
        await stream.send_video(sample_segments[0])
        async for event in stream:
            if event.type == "engagement.updated":
                break
        # What is in the first five seconds is told as it is analysed; then the token has none left.
        sending = asyncio.create_task(_sent_until_closed(stream, sample_segments[0]))
        code = [event.data.code async for event in stream if event.type == "error"][-1]
        await sending
    assert code == "ih3006"
    assert stream.close_info.code == 1008


async def _sent_until_closed(stream: object, data: bytes) -> None:
    """Send the file again and again, as long as there is somebody to send it to."""
    for _ in range(50):
        if not stream.is_open:  # type: ignore[attr-defined] # the SDK is not there for the type checker
            return
        with contextlib.suppress(interhumanai.InterhumanError):
            await stream.send_video(data)  # type: ignore[attr-defined] # likewise
        await asyncio.sleep(0.2)


async def test_a_revoked_client_token_ends_its_session(
    running: Running, key: NewKey, sample_segments: list[bytes]
) -> None:
    auth = interhumanai.AuthClient(base_url=running.url)
    token = await auth.create_client_token(api_key=key.api_key)
    client = interhumanai.InterhumanClient(access_token=token.access_token, base_url=running.url)
    async with client.stream(api_version="v1") as stream:
        await stream.wait_for_session_ready()
        await auth.revoke_client_token(api_key=key.api_key, token=token.access_token)
        await stream.send_video(sample_segments[0])
        (error,) = [event async for event in stream if event.type == "error"]
        assert error.data.code == "ih2014"
        assert stream.close_info.code == 1008
    with pytest.raises(interhumanai.InterhumanError, match="credentials"):
        await client.stream(api_version="v1").connect()
