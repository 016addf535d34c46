"""How the service's own page comes by a token, and who does not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from interhuman_stream.service.access.audit import Audit
from interhuman_stream.service.access.auth import Guard, Refused
from interhuman_stream.service.access.page import CODE_SECONDS, PAGE_KEY, RENEWAL_SECONDS, PageAccess, is_loopback
from interhuman_stream.service.access.store import Store
from interhuman_stream.service.access.throttle import Throttle
from tests.service.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request

    from tests.conftest import Running


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("data"), host="0.0.0.0") as running:  # noqa: S104 - what is tested
        yield running


def ask(running: Running, body: object = None, **headers: str) -> httpx.Response:
    """Ask as the page does, but for the headers that are given; an empty one is left out."""
    url = urlsplit(running.url)
    told = {"Host": url.netloc, "Origin": f"http://{url.netloc}", "Sec-Fetch-Site": "same-origin"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in told.items() if value}
    return httpx.post(f"{running.url}/web/token", json={} if body is None else body, headers=sent)


def test_the_page_of_this_machine_gets_a_token_that_opens_streams(here: Running) -> None:
    granted = ask(here)
    assert granted.status_code == 200
    assert granted.headers["Cache-Control"] == "no-store"
    body = granted.json()
    assert body["expires_in"] == 900
    known = {"Authorization": f"Bearer {body['access_token']}"}
    assert httpx.get(f"{here.url}/v2/upload/jobs/{'0' * 32}", headers=known).status_code == 404
    assert httpx.get(f"{here.url}/v2/upload/jobs/{'0' * 32}").status_code == 401
    again = ask(here, {"renew": body["renew"]})
    assert again.status_code == 200
    assert ask(here, {"renew": body["renew"]}).status_code == 401
    ours = [key for key in here.service.store.keys() if key.name == PAGE_KEY]  # noqa: SIM118 - no dict
    assert len(ours) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"},  # a name pointed at this machine
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example", "Origin": "http://localhost.evil.example"},
        {"Host": "127.0.0.1.nip.io", "Origin": "http://127.0.0.1.nip.io"},
        {"Origin": "http://localhost:3000"},  # another page of this machine
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},  # no page at all
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"X_Forwarded_For": "127.0.0.1"},  # through a proxy, whoever it is
        {"X_Forwarded_For": "203.0.113.9"},
        {"X_Forwarded_Host": "stream.example.com"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
        {"X_Real_IP": "203.0.113.9"},
    ],
)
def test_nobody_else_does(here: Running, headers: dict[str, str]) -> None:
    refused = ask(here, **headers)
    assert refused.status_code in {401, 403}
    assert "access_token" not in refused.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "[::1]", "127.0.0.1"])
def test_this_machine_by_its_names_and_through_a_tunnel(here: Running, host: str) -> None:
    assert ask(here, Host=f"{host}:9000", Origin=f"http://{host}:9000").status_code == 200


def test_who_listens_everywhere_gives_none_but_for_the_printed_code(everywhere: Running) -> None:
    assert ask(everywhere).status_code == 401
    code = everywhere.service.page.invite()
    assert code
    granted = ask(everywhere, {"once": code}, Host="stream.example.com", Origin="http://stream.example.com")
    assert granted.status_code == 200
    assert ask(everywhere, {"once": code}).status_code == 401
    assert ask(everywhere, {"renew": granted.json()["renew"]}).status_code == 200


@pytest.mark.parametrize("body", [{"once": 1}, {"once": ""}, {"renew": []}, [], "x"])
def test_what_is_no_code_is_refused(here: Running, body: object) -> None:
    assert ask(here, body).status_code in {401, 422}


def test_without_page_tokens_there_are_none(tmp_path: Path) -> None:
    with serving(tmp_path, page_tokens=False) as running:
        assert ask(running).status_code == 401
        assert running.service.page.invite() is None


def test_revoking_the_pages_key_ends_it(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        assert ask(running).status_code == 200
        key = next(key for key in running.service.store.keys() if key.name == PAGE_KEY)  # noqa: SIM118 - no dict
        running.service.store.revoke(key.key_id)
        refused = ask(running)
    assert refused.status_code == 401
    assert "revoked" in refused.json()["message"]


def test_codes_and_renewals_end(tmp_path: Path) -> None:
    now = 0.0
    guard = Guard(store := Store(tmp_path), Throttle(60), Audit(store, 90))
    page = PageAccess(guard, "0.0.0.0", offered=True, clock=lambda: now)  # noqa: S104 - what is tested
    code, other = page.invite(), page.invite()
    now = CODE_SECONDS - 1
    granted = page.token(_nobody(), code, None)
    now = CODE_SECONDS
    with pytest.raises(Refused, match="ten minutes"):
        page.token(_nobody(), other, None)
    now += RENEWAL_SECONDS
    with pytest.raises(Refused, match="too long ago"):
        page.token(_nobody(), None, str(granted["renew"]))
    guard.audit.close()
    store.close()


def test_which_addresses_are_this_machine_alone() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.0.1", "localhost.example", "", "example.com")))  # noqa: S104


def _nobody() -> Request:
    from starlette.requests import Request  # noqa: PLC0415 - the module needs the type alone

    return Request({"type": "http", "headers": [], "client": ("203.0.113.9", 1)})
