"""HTTPS and wss by the service itself, with a certificate made for the test and this project's own client."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from interhuman_stream.client import AuthClient, KeyPair, StreamClient, StreamOptions
from interhuman_stream.client.http import HttpOptions
from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.service.access.store import Store
from interhuman_stream.service.settings import SettingError, Settings
from interhuman_stream.service.tls import tls_context
from tests.service.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    from trustme import CA

    from interhuman_stream.service.access.store import NewKey

trustme = pytest.importorskip("trustme")


def certificate(folder: Path, authority: CA, name: str = "127.0.0.1") -> dict[str, Any]:
    """Write a certificate and its key; give the settings that name them."""
    made = authority.issue_cert(name)
    files = {"tls_cert": folder / "cert.pem", "tls_key": folder / "key.pem"}
    files["tls_cert"].write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
    made.private_key_pem.write_to_path(files["tls_key"])
    return files


def trusting(authority: CA) -> ssl.SSLContext:
    """Make a client's context that trusts the test's authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


async def streamed(url: str, key: NewKey, tls: ssl.SSLContext, segment: bytes) -> list[str]:
    """Stream a segment; give the status of each message."""
    pair = KeyPair(AuthClient(url, options=HttpOptions(tls=tls)), key.key_id, key.key_secret)
    async with StreamClient(url, token=pair, options=StreamOptions(tls=tls)) as stream:
        assert stream.address.startswith("wss://")
        await stream.send(segment)
        await stream.finish()
        return [json.loads(message.text)["status"] async for message in stream]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_nothing_older_than_tls_1_2_is_spoken(tmp_path: Path) -> None:
    authority = trustme.CA()
    with serving(tmp_path, **certificate(tmp_path, authority)) as running:
        address = ("127.0.0.1", urlsplit(running.url).port or 0)
        for version, spoken in [(ssl.TLSVersion.TLSv1_1, None), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")]:
            client = trusting(authority)
            client.minimum_version = client.maximum_version = version
            client.set_ciphers("ALL:@SECLEVEL=0")  # or OpenSSL itself refuses what is old
            with socket.create_connection(address) as plain:
                if spoken is None:
                    with pytest.raises((ssl.SSLError, ConnectionError)):
                        client.wrap_socket(plain, server_hostname="127.0.0.1")
                else:
                    with client.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
                        assert secure.version() == spoken


def test_a_certificate_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    files = certificate(tmp_path, trustme.CA())
    with pytest.raises(SettingError, match=r"tls_cert cannot be read: No such file.*none\.pem"):
        tls_context(Settings(tls_cert=tmp_path / "none.pem"))
    with pytest.raises(SettingError, match="no certificate and its private key"):
        tls_context(Settings(tls_cert=files["tls_cert"]))
    other = trustme.CA().issue_cert("127.0.0.1")
    other.private_key_pem.write_to_path(tmp_path / "other.pem")
    with pytest.raises(SettingError, match="no certificate and its private key"):
        tls_context(Settings(tls_cert=files["tls_cert"], tls_key=tmp_path / "other.pem"))
    with pytest.raises(SettingError, match="tls_key is given without tls_cert"):
        Settings(tls_key=files["tls_key"])


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_our_client_streams_over_tls_and_a_new_certificate_is_taken_up_on_sighup(
    tmp_path: Path, sample_segments: list[bytes]
) -> None:
    first, second = trustme.CA(), trustme.CA()
    files = certificate(tmp_path, first)
    key = Store(tmp_path).create([STREAM_SCOPE])
    options = [f"--{name.replace('_', '-')}={path}" for name, path in files.items()]
    command = [sys.executable, "-m", "interhuman_stream", "serve", "--port=0", "--workers=1", f"--data-dir={tmp_path}"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    server = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, env=clean)

    def heard(words: str) -> str:
        assert server.stderr is not None
        return next(line for line in server.stderr if words in line)

    try:
        found = re.search(r"https://127\.0\.0\.1:\d+", heard("ready"))
        assert found
        url = found[0]
        tls = trusting(first)
        statuses = asyncio.run(streamed(url, key, tls, sample_segments[0]))
        assert statuses == ["processing", "result", "completed"]
        page = httpx.get(url, verify=tls)
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        files["tls_key"].write_text("nonsense")
        server.send_signal(signal.SIGHUP)
        assert "no certificate" in heard("certificate not renewed")
        assert httpx.get(url, verify=trusting(first)).status_code == 200
        certificate(tmp_path, second)
        server.send_signal(signal.SIGHUP)
        heard("certificate renewed")
        assert httpx.get(url, verify=trusting(second)).status_code == 200
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert server.returncode == 0
