"""A real Firefox as a fixture, driven by what it speaks itself (WebDriver BiDi): its camera and microphone are made up.

Playwright drives a Firefox of its own making alone; this is the one that people have.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest
from websockets.sync.client import ClientConnection, connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIREFOX: Final = shutil.which("firefox-esr") or shutil.which("firefox")
ADDRESS: Final = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PREFERENCES: Final = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
}
PATIENCE: Final = 90.0


class Page:
    """A tab (https://www.w3.org/TR/webdriver-bidi/)."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._ask("session.new", capabilities={})
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def goto(self, url: str) -> None:
        """Load a page."""
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, function: str, argument: Any) -> Any:
        """Call a function, given as text, with what JSON can say; give what it gives, likewise."""
        declaration = f"async (text) => JSON.stringify(await ({function})(JSON.parse(text)))"
        given = {"type": "string", "value": json.dumps(argument)}
        answer = self._ask(
            "script.callFunction",
            functionDeclaration=declaration,
            arguments=[given],
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def _ask(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._socket.recv(PATIENCE))
            if said.get("id") == number:
                assert said["type"] == "success", said
                return said["result"]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if not FIREFOX:
        pytest.skip("no Firefox is installed (Debian: apt-get install firefox-esr)")
    profile = tmp_path_factory.mktemp("firefox")
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    with _running(FIREFOX, profile) as address, connect(f"{address}/session", max_size=None, proxy=None) as socket:
        yield Page(socket)


@contextmanager
def _running(program: str, profile: Path) -> Iterator[str]:
    """Start it, and give the address at which it is driven."""
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        said = iter(started.stderr)
        # What it says later nobody needs, but it would wait if nobody read it.
        rest = threading.Thread(target=lambda: [None for _ in said], daemon=True)
        try:
            found = next((found for line in said if (found := ADDRESS.search(line))), None)
            assert found, "Firefox ended without saying where it is driven"
            rest.start()
            yield found[1]
        finally:
            started.kill()
            if rest.is_alive():
                rest.join(10)
